//! Proposals of provinces for new localities.

use super::api_error::ApiError;
use super::connection::{Count, PageArgs, PageInfo};
use super::cost_directives::{AssumedSize, TextSize, Weight};
use super::country::CountryObject;
use super::enums::{Locale, ProposalState};
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::province::ProvinceObject;
use super::request_context::RequestContext;
use super::scalar::DateTime;
use super::term::TermObject;
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::cursor::{CursorSigner, RowCursor};
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::proposal::{self, ProposalKey, ProposalList, Settlement, StoredProposal};

/// The GraphQL object of a proposal for a locality.
pub(crate) struct ProposalObject(pub(crate) StoredProposal);

impl ProposalObject {
    fn settled(&self) -> Option<&(Settlement, i64)> {
        self.0.proposal.settled.as_ref()
    }
}

/// A request of a province to add a locality abroad to the register, and the decision of the
/// ministry. Only that province and the ministry can see it.
#[Object(name = "LocalityProposal")]
impl ProposalObject {
    /// The global id, opaque; `settleLocalityProposal` takes it. `node(id:)` returns the proposal for
    /// it.
    pub(crate) async fn id(&self) -> ID {
        GlobalId::Proposal(self.0.key).encode()
    }

    /// The province that proposed it.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(RequestContext::of(ctx), self.0.key.log)
    }

    /// The country of the proposed locality.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        let country = RequestContext::of(ctx).directory().country(self.0.proposal.locality.country);
        country.map(CountryObject::new)
    }

    /// The proposed name in the given language. If it does not exist in that language, the name in
    /// the other one.
    #[graphql(directive = TextSize::apply(40))]
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> String {
        self.0.proposal.locality.name.in_locale(RequestContext::of(ctx).locale(locale)).to_owned()
    }

    /// The name in the local language. Null if not given.
    async fn native_name(&self) -> Option<&str> {
        self.0.proposal.locality.native_name.as_deref()
    }

    /// The administrative level, a term of the vocabulary `PARTNER_LEVEL`. Null if not given.
    async fn level(&self, ctx: &Context<'_>) -> Option<TermObject> {
        let level = self.0.proposal.locality.level?;
        RequestContext::of(ctx).directory().term(level).cloned().map(TermObject)
    }

    /// The ISO 3166-2 code, for example `KR-48`. Null if not given.
    async fn iso_code(&self) -> Option<&str> {
        self.0.proposal.locality.iso_3166_2.as_deref()
    }

    /// The Wikidata item, for example `Q9248`. Null if not given.
    async fn wikidata_id(&self) -> Option<&str> {
        self.0.proposal.locality.wikidata_id.as_deref()
    }

    /// The purpose of the proposal and references, as free text. Null if not given.
    #[graphql(directive = TextSize::apply(150))]
    async fn note(&self) -> Option<&str> {
        self.0.proposal.locality.note.as_deref()
    }

    /// Localities of the same country that already have one of the proposed names, as a name or an
    /// alias; at most 50. One of them may be the proposed locality.
    #[graphql(directive = AssumedSize::apply(2))]
    async fn alike(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let alike = self.0.proposal.locality.similar_localities(RequestContext::of(ctx).directory());
        alike.take(caunoi_domain::draft::MOST_MEMBERS).map(LocalityObject::new).collect()
    }

    /// The state of the proposal.
    async fn state(&self) -> ProposalState {
        self.0.proposal.state().into()
    }

    /// The person who made the proposal, as `ROLE:name`.
    async fn author(&self) -> &str {
        &self.0.proposal.author
    }

    /// The time of the proposal.
    async fn proposed_at(&self) -> DateTime {
        DateTime::from_us(self.0.proposal.proposed_at_us)
    }

    /// The time of the decision of the ministry. Null while the proposal is open.
    async fn settled_at(&self) -> Option<DateTime> {
        self.settled().map(|(_, at_us)| DateTime::from_us(*at_us))
    }

    /// The locality that the ministry assigned to the proposal. Null unless it was accepted.
    async fn locality(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        match self.settled()? {
            (Settlement::Accepted(locality), _) => LocalityObject::find(RequestContext::of(ctx), *locality),
            (Settlement::Declined(_), _) => None,
        }
    }

    /// The reason of the ministry for declining. Null unless it was declined.
    #[graphql(directive = TextSize::apply(150))]
    async fn reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The language of the text. The default is the language of the request (header `Accept-Language`), else Vietnamese."
        )]
        locale: Option<Locale>,
    ) -> Option<String> {
        match self.settled()? {
            (Settlement::Declined(reason), _) => Some(text_in_locale(reason, ctx, locale)),
            (Settlement::Accepted(_), _) => None,
        }
    }
}

fn text_in_locale(text: &Bilingual, ctx: &Context<'_>, locale: Option<Locale>) -> String {
    text.in_locale(RequestContext::of(ctx).locale(locale)).to_owned()
}

/// A row of a list of proposals with its cursor.
#[derive(SimpleObject)]
#[graphql(name = "LocalityProposalEdge")]
pub(crate) struct ProposalEdge {
    /// The cursor of this row: a page `after` it begins with the next row.
    #[graphql(directive = TextSize::apply(50))]
    cursor: String,
    /// The row.
    node: ProposalObject,
}

/// One page of a list of proposals.
pub(crate) struct ProposalConnection {
    state: proposal::ProposalState,
    rows: Vec<(RowCursor, StoredProposal)>,
    has_previous: bool,
    has_next: bool,
}

impl ProposalConnection {
    /// Reads one page of the proposals in a state, the oldest first.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        state: ProposalState,
        args: PageArgs,
    ) -> Result<Self, ApiError> {
        let request = RequestContext::of(ctx);
        let (state, window) = (proposal::ProposalState::from(state), args.into_window()?);
        let (purpose, size) = (format!("proposals {state} {:?}", request.scope), usize::from(window.size));
        let key = request.signing_key();
        let cursor =
            window.cursor.as_deref().map(|cursor| key.verify(purpose.as_bytes(), cursor)).transpose()?;
        let cursor = cursor.as_deref().and_then(parse_position);
        let began_at_cursor = cursor.is_some();
        // One row more than the page shows whether the list continues.
        let list = ProposalList { state, cursor, backwards: window.backwards, most: size as u64 + 1 };
        let mut found = request.reader.proposals(&list).await?;
        let is_more = found.len() > size;
        let (has_previous, has_next) = if window.backwards {
            found.drain(..found.len().saturating_sub(size));
            (is_more, began_at_cursor)
        } else {
            found.truncate(size);
            (began_at_cursor, is_more)
        };
        let signer = CursorSigner::new(key.clone(), purpose.into_bytes());
        let row = |proposed: StoredProposal| (RowCursor::new(&signer, position_bytes(&proposed)), proposed);
        Ok(Self { state, rows: found.into_iter().map(row).collect(), has_previous, has_next })
    }
}

/// One page of a list of proposals.
#[Object(name = "LocalityProposalConnection")]
impl ProposalConnection {
    /// The rows of the page, each with its cursor.
    async fn edges(&self) -> Vec<ProposalEdge> {
        let edge = |(cursor, proposed): &(RowCursor, StoredProposal)| ProposalEdge {
            cursor: cursor.sign(),
            node: ProposalObject(proposed.clone()),
        };
        self.rows.iter().map(edge).collect()
    }

    /// The rows of the page.
    async fn nodes(&self) -> Vec<ProposalObject> {
        self.rows.iter().map(|(_, proposed)| ProposalObject(proposed.clone())).collect()
    }

    /// The position of the page in the list.
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.has_next,
            has_previous_page: self.has_previous,
            start_cursor: self.rows.first().map(|(cursor, _)| cursor.sign()),
            end_cursor: self.rows.last().map(|(cursor, _)| cursor.sign()),
        }
    }

    /// The number of rows of the whole list.
    #[graphql(directive = Weight::apply(5))]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<Count, ApiError> {
        Ok(Count::exact(RequestContext::of(ctx).reader.count_proposals(self.state).await?))
    }
}

/// Encodes the position of a proposal in the list: time, log, number.
fn position_bytes(proposed: &StoredProposal) -> Vec<u8> {
    let StoredProposal { key, proposal } = proposed;
    let mut place = proposal.proposed_at_us.to_be_bytes().to_vec();
    place.extend(key.log.number().to_be_bytes());
    place.extend(key.number.to_be_bytes());
    place
}

fn parse_position(place: &[u8]) -> Option<(i64, ProposalKey)> {
    let (at_us, rest) = place.split_first_chunk()?;
    let (log, rest) = rest.split_first_chunk()?;
    let (number, []) = rest.split_first_chunk()? else { return None };
    let log = Log::new(i16::from_be_bytes(*log));
    Some((i64::from_be_bytes(*at_us), ProposalKey { log, number: i32::from_be_bytes(*number) }))
}
