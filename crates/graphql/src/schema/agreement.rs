//! Agreements, their parties and acts.

use super::act::{ActObject, RenewalDeadlineObject};
use super::api_error::ApiError;
use super::connection::GraphqlEntry;
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::country::CountryObject;
use super::document::{FileObject, SignatoryObject};
use super::entry_fields::{EntryFields, EntryObject, TitleFields};
use super::enums::{AgreementStatus, EntryIntoForce, SigningLevel};
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::participant::{ParticipantObject, VietnamesePartyObject};
use super::province::ProvinceObject;
use super::relation::{RelationObject, find_relation_of};
use super::request_context::RequestContext;
use super::scalar::LocalDate;
use super::term::TermObject;
use super::unit::UnitObject;
use super::value::FuzzyDate;
use async_graphql::{Context, Object, Union};
use caunoi_domain::agreement::{Agreement, AgreementLink};
use caunoi_domain::entry::{Entry, UnitId};
use caunoi_domain::party::{AgreementParty, Participant, PartyRef, VietnameseParty};
use caunoi_domain::relation::Relation;
use caunoi_domain::status;

/// The GraphQL object of an agreement.
pub(crate) type AgreementObject = EntryObject<Agreement>;

impl GraphqlEntry for Agreement {
    const NAME: &'static str = "Agreement";
    type GraphqlObject = AgreementObject;

    fn into_object(entry: Entry<Self>) -> AgreementObject {
        EntryObject::new(entry)
    }
}

impl AgreementObject {
    async fn find_relation(&self, ctx: &Context<'_>) -> Result<Option<Entry<Relation>>, ApiError> {
        let agreement = &self.entry.content;
        if let Some(code) = &agreement.relation {
            return ctx.data_unchecked::<Loaders>().find_by_code(code).await;
        }
        find_relation_of(ctx, &self.entry, agreement.localities()).await
    }

    /// Returns the agreement with this code; `None` without a code.
    async fn find_named(&self, ctx: &Context<'_>, code: Option<&str>) -> Option<Result<Self, ApiError>> {
        let found = ctx.data_unchecked::<Loaders>().find_by_code::<Agreement>(code?).await;
        found.transpose().map(|found| found.map(Agreement::into_object))
    }

    /// Returns the agreements that link to this one, the newest first.
    async fn list_linked(&self, ctx: &Context<'_>, link: AgreementLink) -> Result<Vec<Self>, ApiError> {
        let linked = ctx.data_unchecked::<Loaders>().list_linked(link, &self.entry).await?;
        Ok(linked.into_iter().map(Agreement::into_object).collect())
    }

    fn organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        self.entry.content.parties.iter().find_map(|party| match &party.party {
            PartyRef::Organization(code) => OrganizationObject::of_code(RequestContext::of(ctx), code),
            PartyRef::Locality(_) | PartyRef::Named(_) => None,
        })
    }
}

/// An agreement that a province or one of its bodies signed with partners abroad (thỏa thuận quốc
/// tế).
#[Object(name = "Agreement")]
impl AgreementObject {
    #[graphql(flatten)]
    async fn entry_fields(&self) -> &EntryFields<Agreement> {
        self
    }

    #[graphql(flatten)]
    async fn title_fields(&self) -> TitleFields<'_> {
        TitleFields(&self.entry.content.title)
    }

    /// The form of the agreement, a term of the vocabulary `AGREEMENT_FORM`, for example `MOU`.
    async fn form(&self, ctx: &Context<'_>) -> Result<TermObject, ApiError> {
        let found = TermObject::find(RequestContext::of(ctx), self.entry.content.form);
        found.ok_or_else(|| ApiError::missing("term"))
    }

    /// The level of government or the body that concluded it (cấp ký kết). Null if the source does
    /// not state it.
    async fn signing_level(&self) -> Option<SigningLevel> {
        self.entry.content.level.map(Into::into)
    }

    /// The law or plan that it is based on (căn cứ pháp lý), as free text. Null if not recorded.
    #[graphql(directive = TextSize::apply(80))]
    async fn legal_basis(&self) -> Option<&str> {
        self.entry.content.legal_basis.as_deref()
    }

    /// The languages in which it is written, as ISO 639 codes: `vi`, `en`, `ja`. Empty if not
    /// recorded.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn languages(&self) -> &[String] {
        &self.entry.content.languages
    }

    /// Its files, at most 50: stored ones, which have a `url`, and descriptions of others.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn files(&self) -> Vec<FileObject> {
        self.entry.content.files.iter().cloned().map(FileObject).collect()
    }

    /// The Vietnamese parties, in the order of the source. Empty if the province alone is the party.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn vietnamese_parties(&self) -> Vec<VietnamesePartyObject> {
        VietnamesePartyObject::list(&self.entry.content.own_parties)
    }

    /// All parties. Those of the Vietnamese side come first: `vietnameseParties`, else the unit that
    /// signed, which is the owning province itself or a former unit (`AdminUnit`), never its
    /// successor.
    #[graphql(directive = AssumedSize::apply(3))]
    async fn parties(&self, ctx: &Context<'_>) -> Vec<PartyObject> {
        let agreement = &self.entry.content;
        let origin = agreement.common.origin_unit.filter(|_| agreement.own_parties.is_empty());
        let signing = origin.map(|unit| PartyObject::of_unit(ctx, unit));
        let own = agreement.own_parties.iter().map(|own| PartyObject::of_vietnamese(ctx, own));
        let others = agreement.parties.iter().map(|other| PartyObject::of_other(ctx, other));
        signing.into_iter().chain(own).chain(others).collect()
    }

    /// The first party that is a locality abroad. Null if there is none.
    async fn partner_locality(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        LocalityObject::find(RequestContext::of(ctx), self.entry.content.partner()?)
    }

    /// The first party that is an organization in the register. Null if there is none.
    async fn partner_organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        self.organization(ctx)
    }

    /// The country of the partner. Null if not recorded.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(RequestContext::of(ctx), self.entry.content.country?)
    }

    /// The relation that it belongs to: the one that its source names, else that of the same unit
    /// with a partner locality, or of what that unit became; an agreement of a merged unit may belong
    /// to a relation that the unit inherited. Agreements of the Party (`pillar: PARTY`) belong to
    /// relations of tier `PARTY_TO_PARTY` and others do not. Null if there is no such relation, or if
    /// relations of several former units could be meant.
    async fn relation(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, ApiError>> {
        let found = self.find_relation(ctx).await;
        found.transpose().map(|found| found.map(Relation::into_object))
    }

    /// The date of signing, possibly partial: `2021-07`. Null if not recorded.
    async fn signed_on(&self) -> Option<FuzzyDate> {
        self.entry.content.signed.clone().map(FuzzyDate)
    }

    /// The place of signing (nơi ký), for example a town. Null if not recorded.
    async fn signing_place(&self) -> Option<&str> {
        self.entry.content.signed_at.as_deref()
    }

    /// The persons who signed for the Vietnamese side (người ký), at most 50. `parties` contains
    /// the signatories of the other sides.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn signed_by(&self) -> Vec<SignatoryObject> {
        self.entry.content.signed_by.iter().cloned().map(SignatoryObject).collect()
    }

    /// The way in which it takes effect (hình thức có hiệu lực). Null if not recorded.
    async fn entry_into_force(&self) -> Option<EntryIntoForce> {
        self.entry.content.entry_into_force.map(Into::into)
    }

    /// The last day of its term (thời hạn hiệu lực), possibly partial: `2026`. The last extension or
    /// renewal determines it; with `asOf`, the last one until that day. Null if it has no fixed term,
    /// if none is recorded, or if the extension states no end. Filters, orders and groups by
    /// `expires` use the term after all recorded acts.
    async fn expires(
        &self,
        #[graphql(
            desc = "The day to report on, for example `2025-06-30`. The default is the term after all recorded acts."
        )]
        as_of: Option<LocalDate>,
    ) -> Option<FuzzyDate> {
        let agreement = &self.entry.content;
        let term = as_of.map_or_else(|| agreement.term(), |day| agreement.term_on(day.0));
        term.cloned().map(FuzzyDate)
    }

    /// The last day of its term as first agreed, before extensions and renewals, possibly partial:
    /// `2021`. Null if it had no fixed term or none is recorded.
    async fn first_term_expires(&self) -> Option<FuzzyDate> {
        self.entry.content.expires.clone().map(FuzzyDate)
    }

    /// Whether it is renewed automatically at the end of its term (tự động gia hạn).
    async fn renews_automatically(&self) -> bool {
        self.entry.content.renews_automatically
    }

    /// The period of notice before the end of its term, in days (thời hạn thông báo). Null if not
    /// recorded.
    async fn notice_days(&self) -> Option<i32> {
        self.entry.content.notice_days
    }

    /// The status on a day. It is computed from the acts and the term. If a source only states a
    /// status, the status is `UNKNOWN` before the day of that statement.
    async fn status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> AgreementStatus {
        let day = RequestContext::of(ctx).day(as_of);
        let status = status::on(&self.entry.content.spans, day);
        status.unwrap_or(status::AgreementStatus::Unknown).into()
    }

    /// The last day in force of an agreement that is in force on `asOf` and expires at the end of
    /// its term, by the acts until that day. Null if it is not in force on that day or is renewed
    /// automatically.
    async fn lapses_after(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Option<LocalDate> {
        let day = RequestContext::of(ctx).day(as_of);
        self.entry.content.lapses_after(day).map(LocalDate)
    }

    /// The last day on which notice of renewal is in time, and what it was computed from. Null if
    /// `lapsesAfter` is null, or if the notice period is not recorded or the term is a month or a
    /// year: `lapsesAfter` is then all that is known.
    async fn renew_by(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day to report on, for example `2025-06-30`. The default is today in Vietnam.")]
        as_of: Option<LocalDate>,
    ) -> Option<RenewalDeadlineObject> {
        let day = RequestContext::of(ctx).day(as_of);
        self.entry.content.renewal_deadline(day).map(RenewalDeadlineObject)
    }

    /// The dated acts that changed the agreement, the oldest first.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn acts(&self) -> Vec<ActObject> {
        self.entry.content.acts.iter().cloned().map(ActObject).collect()
    }

    /// The number of this edition in a chain of renewals, for example 4 for the fourth framework
    /// agreement. Null if not recorded.
    async fn edition_no(&self) -> Option<i32> {
        self.entry.content.edition_no
    }

    /// The earlier agreement that this one renews. Null if there is none visible to the caller.
    async fn renews(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, ApiError>> {
        self.find_named(ctx, self.entry.content.renews.as_deref()).await
    }

    /// The numbers of the earlier editions that are not in the register, ascending: `[1, 2, 3]` for
    /// the fourth framework agreement of a chain of which only the fourth is recorded. Earlier editions
    /// are found by `renews`. Empty if none is missing or `editionNo` is null.
    #[graphql(directive = Weight::apply(5), directive = AssumedSize::apply(4))]
    async fn missing_editions(&self, ctx: &Context<'_>) -> Result<Vec<i32>, ApiError> {
        let loaders = ctx.data_unchecked::<Loaders>();
        let mut recorded = Vec::new();
        let mut renews = self.entry.content.renews.clone();
        // A chain has no more links than its last edition number says, even if its links are wrong.
        for _ in 1..self.entry.content.edition_no.unwrap_or(1) {
            let Some(code) = renews else { break };
            let Some(earlier) = loaders.find_by_code::<Agreement>(&code).await? else { break };
            recorded.extend(earlier.content.edition_no);
            renews = earlier.content.renews;
        }
        Ok(self.entry.content.missing_editions(&recorded))
    }

    /// The newest agreement that renews this one. Null if there is none visible to the caller.
    async fn renewed_by(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, ApiError>> {
        let renewals = self.list_linked(ctx, AgreementLink::Renews).await;
        renewals.map(|renewals| renewals.into_iter().next()).transpose()
    }

    /// The main agreement of this subsidiary document (văn bản chính). Null if it is not a
    /// subsidiary document.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, ApiError>> {
        self.find_named(ctx, self.entry.content.parent.as_deref()).await
    }

    /// Its subsidiary documents (văn bản kèm theo): the newest 100, the newest first.
    #[graphql(directive = AssumedSize::apply(4))]
    async fn subsidiaries(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, ApiError> {
        self.list_linked(ctx, AgreementLink::Parent).await
    }
}

/// A party in the register: a province, a former unit of Vietnam, a locality abroad, an organization
/// or a country.
#[derive(Union)]
pub(crate) enum Party {
    /// A province or centrally run city of Vietnam.
    Province(ProvinceObject),
    /// A former province or centrally run city of Vietnam, or a province before a merger.
    Unit(UnitObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// An organization.
    Organization(OrganizationObject),
    /// A country.
    Country(CountryObject),
}

impl Party {
    /// Returns a unit as a party: the province if it is its unit of today.
    fn of_unit(request: &RequestContext, unit: UnitId) -> Option<Self> {
        match request.directory().province_of(unit).filter(|province| province.unit == unit) {
            Some(province) => Some(Self::Province(ProvinceObject::new(province))),
            None => UnitObject::find(request, unit).map(Self::Unit),
        }
    }

    fn of(request: &RequestContext, party: &PartyRef) -> Option<Self> {
        match party {
            PartyRef::Locality(id) => LocalityObject::find(request, *id).map(Self::Locality),
            PartyRef::Organization(code) => {
                OrganizationObject::of_code(request, code).map(Self::Organization)
            }
            PartyRef::Named(_) => None,
        }
    }
}

/// A party and its signatory.
pub(crate) struct PartyObject {
    party: Option<Party>,
    printed_name: Option<String>,
    signatory: Option<String>,
}

impl PartyObject {
    fn of_unit(ctx: &Context<'_>, unit: UnitId) -> Self {
        let party = Party::of_unit(RequestContext::of(ctx), unit);
        Self { party, printed_name: None, signatory: None }
    }

    fn of_vietnamese(ctx: &Context<'_>, own: &VietnameseParty) -> Self {
        let participant = ParticipantObject(own.party.clone());
        let party = match own.party {
            Participant::Unit(unit) => Party::of_unit(RequestContext::of(ctx), unit),
            Participant::Organization(_) => participant.find_organization(ctx).map(Party::Organization),
        };
        let printed_name = participant.name().map(str::to_owned);
        Self { party, printed_name, signatory: own.signatory.clone() }
    }

    fn of_other(ctx: &Context<'_>, other: &AgreementParty) -> Self {
        let printed_name = match &other.party {
            PartyRef::Named(name) => Some(name.clone()),
            PartyRef::Locality(_) | PartyRef::Organization(_) => None,
        };
        let party = Party::of(RequestContext::of(ctx), &other.party);
        Self { party, printed_name, signatory: other.signatory.clone() }
    }
}

/// A party to an agreement.
#[Object(name = "AgreementParty")]
impl PartyObject {
    /// The party. Null if the register knows only its printed name.
    async fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// The printed name of a party that is not an object of the register. Null if `party` is
    /// present.
    async fn printed_name(&self) -> Option<&str> {
        self.printed_name.as_deref()
    }

    /// The person who signed for this party. Null if not recorded.
    async fn signatory(&self) -> Option<&str> {
        self.signatory.as_deref()
    }
}
