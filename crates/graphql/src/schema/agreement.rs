//! Agreements.

use super::asking::{Asking, View};
use super::change::ChangeConnection;
use super::connection::Kind;
use super::country::CountryObject;
use super::document::{FileObject, SignatoryObject};
use super::entry;
use super::enums::{
    ActKind, Action, AgreementLevel, AgreementStatus, EntryIntoForce, Locale, Pillar, Publication,
};
use super::fault::Fault;
use super::loader::Loaders;
use super::locality::LocalityObject;
use super::organization::OrganizationObject;
use super::province::ProvinceObject;
use super::relation::RelationObject;
use super::scalar::{DateTime, LocalDate};
use super::term::{SourceObject, TermObject};
use super::unit::UnitObject;
use super::value::{FuzzyDate, Text, texts};
use async_graphql::{Context, ID, Object, Union};
use caunoi_domain::agreement::{Act, Agreement, AgreementLink, AgreementParty, PartyRef};
use caunoi_domain::entry::Entry;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::watch;
use caunoi_domain::status;
use std::sync::Arc;

/// A signed document.
#[derive(Clone)]
pub(crate) struct AgreementObject {
    pub(crate) entry: Arc<Entry<Agreement>>,
    pub(crate) view: View,
}

impl Kind for Agreement {
    const NAME: &'static str = "Agreement";
    type Object = AgreementObject;

    fn object(entry: Entry<Self>, view: View) -> AgreementObject {
        AgreementObject { entry: Arc::new(entry), view }
    }
}

impl AgreementObject {
    async fn find_relation(&self, loaders: &Loaders) -> Result<Option<Entry<Relation>>, Fault> {
        let agreement = &self.entry.content;
        if let Some(code) = &agreement.relation {
            return loaders.by_code(code).await;
        }
        let Some(partner) = agreement.partner() else { return Ok(None) };
        let ties = loaders.ties(self.entry.stamp.log, partner).await?;
        Ok(ties.into_iter().find(|tie| agreement.belongs_to(&tie.content)))
    }

    /// The agreement with this code, where one is named.
    async fn named(&self, ctx: &Context<'_>, code: Option<&str>) -> Option<Result<Self, Fault>> {
        let found = ctx.data_unchecked::<Loaders>().by_code::<Agreement>(code?).await;
        found.transpose().map(|found| found.map(|entry| Agreement::object(entry, self.view)))
    }

    /// The agreements that name this one, the newest first.
    async fn linked(&self, ctx: &Context<'_>, link: AgreementLink) -> Result<Vec<Self>, Fault> {
        let linked = ctx.data_unchecked::<Loaders>().linked(link, &self.entry.stamp.code).await?;
        Ok(linked.into_iter().map(|entry| Agreement::object(entry, self.view)).collect())
    }

    fn organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        self.entry.content.parties.iter().find_map(|party| match &party.party {
            PartyRef::Organization(code) => OrganizationObject::of_code(Asking::of(ctx), code, self.view),
            PartyRef::Locality(_) | PartyRef::Named(_) => None,
        })
    }
}

/// A document that a province signed with partners abroad (thỏa thuận quốc tế).
#[Object(name = "Agreement")]
impl AgreementObject {
    /// The global id.
    pub(crate) async fn id(&self) -> ID {
        entry::id(&self.entry)
    }

    /// The printable code; it never changes.
    pub(crate) async fn code(&self) -> String {
        self.entry.stamp.code.clone()
    }

    /// How many times it has been written.
    pub(crate) async fn version(&self) -> i32 {
        self.entry.stamp.version
    }

    /// The province that owns it today; null for the ministry's own.
    pub(crate) async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        entry::province(ctx, &self.entry, self.view)
    }

    /// The unit that it came from; null for the ministry's own.
    pub(crate) async fn origin_unit(&self, ctx: &Context<'_>) -> Option<UnitObject> {
        entry::origin_unit(ctx, &self.entry, self.view)
    }

    /// How far this version has come.
    pub(crate) async fn publication(&self) -> Publication {
        self.entry.stamp.publication.into()
    }

    /// The state of a working version beside the published one; null where there is none or the
    /// caller may not know.
    pub(crate) async fn pending(&self, ctx: &Context<'_>) -> Option<Publication> {
        entry::pending(ctx, &self.entry)
    }

    /// When it was first published.
    pub(crate) async fn published_at(&self) -> Option<DateTime> {
        entry::published_at(&self.entry)
    }

    /// When this version was written.
    pub(crate) async fn updated_at(&self) -> DateTime {
        DateTime::from_us(self.entry.stamp.updated_at_us)
    }

    /// The pillar of diplomacy, where its source says one.
    pub(crate) async fn pillar(&self) -> Option<Pillar> {
        self.entry.content.common.pillar.map(Into::into)
    }

    /// Fields of cooperation.
    pub(crate) async fn fields(&self, ctx: &Context<'_>) -> Vec<TermObject> {
        entry::fields(ctx, &self.entry)
    }

    /// Where it was read.
    pub(crate) async fn sources(&self, ctx: &Context<'_>) -> Vec<SourceObject> {
        entry::sources(ctx, &self.entry)
    }

    /// Whether the caller may do this to the version shown, and it may begin from its state.
    pub(crate) async fn viewer_can(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What would be done.")] action: Action,
    ) -> bool {
        entry::viewer_can(ctx, &self.entry, action)
    }

    /// What changed of it in the caller’s sight, the oldest first.
    pub(crate) async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many changes, 1 to 100; absent means 20.")] first: Option<i32>,
        #[graphql(desc = "The cursor to go on after; absent begins at the beginning.")] after: Option<String>,
    ) -> Result<ChangeConnection, Fault> {
        ChangeConnection::of_entry(ctx, &self.entry, first, after).await
    }

    /// Its title, in the other language where it has none in this one.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> &str {
        self.entry.content.title.in_locale(Asking::of(ctx).locale(locale))
    }

    /// The language versions that its title has.
    async fn titles(&self) -> Vec<Text> {
        texts(&self.entry.content.title)
    }

    /// Its form, a term of `AGREEMENT_FORM`.
    async fn form(&self, ctx: &Context<'_>) -> Result<TermObject, Fault> {
        let found = TermObject::find(Asking::of(ctx), self.entry.content.form);
        found.ok_or_else(|| Fault::missing("term"))
    }

    /// Its level, where its source says one (cấp ký kết).
    async fn level(&self) -> Option<AgreementLevel> {
        self.entry.content.level.map(Into::into)
    }

    /// What law or plan it rests on (căn cứ pháp lý).
    async fn legal_basis(&self) -> Option<&str> {
        self.entry.content.legal_basis.as_deref()
    }

    /// The languages that it is written in, ISO 639: `vi`, `en`, `ja`.
    async fn languages(&self) -> &[String] {
        &self.entry.content.languages
    }

    /// Its files, at most 50. The register knows what they are; it does not hold them.
    async fn files(&self) -> Vec<FileObject> {
        self.entry.content.files.iter().cloned().map(FileObject).collect()
    }

    /// All parties, the province first.
    async fn parties(&self, ctx: &Context<'_>) -> Vec<PartyObject> {
        let own = entry::province(ctx, &self.entry, self.view);
        let own = own.map(|province| PartyObject { party: Some(Party::Province(province)), given: None });
        let others = self.entry.content.parties.iter().map(|given| PartyObject {
            party: Party::of(Asking::of(ctx), &given.party, self.view),
            given: Some(given.clone()),
        });
        own.into_iter().chain(others).collect()
    }

    /// The partner locality, where a locality is the partner.
    async fn partner(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        LocalityObject::find(Asking::of(ctx), self.entry.content.partner()?, self.view)
    }

    /// The partner organization, where a body is the partner.
    async fn partner_organization(&self, ctx: &Context<'_>) -> Option<OrganizationObject> {
        self.organization(ctx)
    }

    /// The partner's country.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        CountryObject::find(Asking::of(ctx), self.entry.content.country?, self.view)
    }

    /// The relation that it serves: the one that its source names, else that of the same province
    /// with the same partner; Party agreements serve ties of the Party.
    async fn relation(&self, ctx: &Context<'_>) -> Option<Result<RelationObject, Fault>> {
        let found = self.find_relation(ctx.data_unchecked::<Loaders>()).await;
        found.transpose().map(|found| found.map(|entry| Relation::object(entry, self.view)))
    }

    /// When it was signed.
    async fn signed(&self) -> Option<FuzzyDate> {
        self.entry.content.signed.clone().map(FuzzyDate)
    }

    /// Where it was signed (nơi ký).
    async fn signed_at(&self) -> Option<&str> {
        self.entry.content.signed_at.as_deref()
    }

    /// Who signed for the own side (người ký), at most 50; `parties` tell who signed for the others.
    async fn signed_by(&self) -> Vec<SignatoryObject> {
        self.entry.content.signed_by.iter().cloned().map(SignatoryObject).collect()
    }

    /// How it takes effect (hình thức có hiệu lực).
    async fn entry_into_force(&self) -> Option<EntryIntoForce> {
        self.entry.content.entry_into_force.map(Into::into)
    }

    /// The last day of its term (thời hạn hiệu lực).
    async fn expires(&self) -> Option<FuzzyDate> {
        self.entry.content.expires.clone().map(FuzzyDate)
    }

    /// Whether it renews itself at the end of its term (tự động gia hạn).
    async fn renews_automatically(&self) -> bool {
        self.entry.content.renews_automatically
    }

    /// How many days before the end of its term notice must be given (thời hạn thông báo).
    async fn notice_days(&self) -> Option<i32> {
        self.entry.content.notice_days
    }

    /// Its state on a day. It follows from the acts and the term; where a source only states it,
    /// it is `UNKNOWN` before the day of that statement.
    async fn status(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> AgreementStatus {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        let status = status::on(&self.entry.content.spans, day);
        status.map_or(AgreementStatus::Unknown, Into::into)
    }

    /// The last day on which it is in force, where it is in force on a day and then lapses by
    /// itself; null where it renews itself, or ends in another way.
    async fn lapses_after(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> Option<LocalDate> {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        watch::runs_until(&self.entry.content.spans, day).map(LocalDate)
    }

    /// The last day on which it is safe to begin its renewal: notice before it lapses is still in
    /// time then. Null where it does not lapse by itself.
    async fn renew_by(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; that of the question where absent.")] as_of: Option<LocalDate>,
    ) -> Option<LocalDate> {
        let day = self.view.day(ctx, as_of.map(|day| day.0));
        let last = watch::runs_until(&self.entry.content.spans, day)?;
        watch::renew_by(last, self.entry.content.notice_days).map(LocalDate)
    }

    /// What happened to it, in order of time.
    async fn acts(&self) -> Vec<ActObject> {
        self.entry.content.acts.iter().cloned().map(ActObject).collect()
    }

    /// Which edition it is in a chain of renewals: 4 for "the 4th framework agreement".
    async fn edition_no(&self) -> Option<i32> {
        self.entry.content.edition_no
    }

    /// The agreement that it renews.
    async fn renews(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, Fault>> {
        self.named(ctx, self.entry.content.renews.as_deref()).await
    }

    /// The agreement that renews it; of several the newest.
    async fn renewed_by(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, Fault>> {
        let renewals = self.linked(ctx, AgreementLink::Renews).await;
        renewals.map(|renewals| renewals.into_iter().next()).transpose()
    }

    /// The agreement that it is a subsidiary document of (văn bản chính).
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject, Fault>> {
        self.named(ctx, self.entry.content.parent.as_deref()).await
    }

    /// Its subsidiary documents (văn bản kèm theo), the newest 100, the newest first.
    async fn subsidiaries(&self, ctx: &Context<'_>) -> Result<Vec<AgreementObject>, Fault> {
        self.linked(ctx, AgreementLink::Parent).await
    }
}

/// Who can be a party.
#[derive(Union)]
pub(crate) enum Party {
    /// A province.
    Province(ProvinceObject),
    /// A locality abroad.
    Locality(LocalityObject),
    /// A body.
    Organization(OrganizationObject),
    /// A country.
    Country(CountryObject),
}

impl Party {
    fn of(asking: &Asking, party: &PartyRef, view: View) -> Option<Self> {
        match party {
            PartyRef::Locality(id) => LocalityObject::find(asking, *id, view).map(Self::Locality),
            PartyRef::Organization(code) => {
                OrganizationObject::of_code(asking, code, view).map(Self::Organization)
            }
            PartyRef::Named(_) => None,
        }
    }
}

/// A party and who signed for it.
pub(crate) struct PartyObject {
    pub(crate) party: Option<Party>,
    given: Option<AgreementParty>,
}

/// A party to an agreement.
#[Object(name = "AgreementParty")]
impl PartyObject {
    /// The party; null where the register knows its printed name alone.
    async fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// The printed name of a party that is nothing else in the register.
    async fn printed_name(&self) -> Option<&str> {
        self.given.as_ref().and_then(|given| match &given.party {
            PartyRef::Named(name) => Some(name.as_str()),
            PartyRef::Locality(_) | PartyRef::Organization(_) => None,
        })
    }

    /// Who signed for it.
    async fn signatory(&self) -> Option<&str> {
        self.given.as_ref().and_then(|given| given.signatory.as_deref())
    }
}

/// One dated act.
pub(crate) struct ActObject(Act);

/// One thing that happened to an agreement.
#[Object(name = "Act")]
impl ActObject {
    /// What happened.
    async fn kind(&self) -> ActKind {
        self.0.kind.into()
    }

    /// When.
    async fn on(&self) -> FuzzyDate {
        FuzzyDate(self.0.on.clone())
    }

    /// The last day of the new term; only of an extension or renewal.
    async fn until(&self) -> Option<FuzzyDate> {
        self.0.until.clone().map(FuzzyDate)
    }

    /// A remark.
    async fn note(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> Option<&str> {
        Some(self.0.note.in_locale(Asking::of(ctx).locale(locale))).filter(|note| !note.is_empty())
    }

    /// Where it was read.
    async fn source(&self, ctx: &Context<'_>) -> Option<SourceObject> {
        self.0.source.and_then(|source| SourceObject::find(Asking::of(ctx), source))
    }
}
