//! Localities that provinces miss and ask the ministry for.

use super::asking::{Asking, View};
use super::connection::{PageInfo, Slice};
use super::country::CountryObject;
use super::enums::{Locale, ProposalState};
use super::fault::Fault;
use super::global_id::GlobalId;
use super::locality::LocalityObject;
use super::province::ProvinceObject;
use super::scalar::DateTime;
use super::term::TermObject;
use async_graphql::{Context, ID, Object, SimpleObject};
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::proposal::{ProposalKey, Settlement};
use caunoi_register::{ProposalList, Proposed};

/// A locality that a province misses.
pub(crate) struct ProposalObject(pub(crate) Proposed);

impl ProposalObject {
    fn settled(&self) -> Option<&(Settlement, i64)> {
        self.0.proposal.settled.as_ref()
    }
}

/// A locality abroad that a province misses, and what the ministry says of it. The province and the
/// ministry see it, nobody else.
#[Object(name = "LocalityProposal")]
impl ProposalObject {
    /// What names it in `settleLocalityProposal`; it is no node.
    async fn id(&self) -> ID {
        GlobalId::Proposal(self.0.key).encode()
    }

    /// The province that misses it.
    async fn province(&self, ctx: &Context<'_>) -> Option<ProvinceObject> {
        ProvinceObject::of_log(Asking::of(ctx), self.0.key.log, View::NOW)
    }

    /// Where it lies.
    async fn country(&self, ctx: &Context<'_>) -> Option<CountryObject> {
        let country = Asking::of(ctx).directory().country(self.0.proposal.wish.country);
        country.map(|country| CountryObject::new(country, View::NOW))
    }

    /// What it is called.
    async fn name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> String {
        self.0.proposal.wish.name.in_locale(Asking::of(ctx).locale(locale)).to_owned()
    }

    /// Its name in the language of the place.
    async fn native_name(&self) -> Option<&str> {
        self.0.proposal.wish.native_name.as_deref()
    }

    /// Its level.
    async fn level(&self, ctx: &Context<'_>) -> Option<TermObject> {
        let level = self.0.proposal.wish.level?;
        Asking::of(ctx).directory().term(level).cloned().map(TermObject)
    }

    /// ISO 3166-2.
    async fn iso_code(&self) -> Option<&str> {
        self.0.proposal.wish.iso_3166_2.as_deref()
    }

    /// Its item in Wikidata.
    async fn wikidata_id(&self) -> Option<&str> {
        self.0.proposal.wish.wikidata_id.as_deref()
    }

    /// What it is needed for, and where it can be read of.
    async fn note(&self) -> Option<&str> {
        self.0.proposal.wish.note.as_deref()
    }

    /// Localities of that country that bear one of its names already, aliases among them: perhaps
    /// nothing is missing.
    async fn alike(&self, ctx: &Context<'_>) -> Vec<LocalityObject> {
        let alike = self.0.proposal.wish.alike(Asking::of(ctx).directory());
        alike
            .take(caunoi_domain::draft::MOST_MEMBERS)
            .map(|found| LocalityObject::new(found, View::NOW))
            .collect()
    }

    /// How far it has come.
    async fn state(&self) -> ProposalState {
        self.0.proposal.state().into()
    }

    /// Who proposed it, as `ROLE:name`.
    async fn author(&self) -> &str {
        &self.0.proposal.author
    }

    /// When it was proposed.
    async fn proposed_at(&self) -> DateTime {
        DateTime::from_us(self.0.proposal.proposed_at_us)
    }

    /// When the ministry spoke; null where it has not yet.
    async fn settled_at(&self) -> Option<DateTime> {
        self.settled().map(|(_, at_us)| DateTime::from_us(*at_us))
    }

    /// The locality that stands for it; null where it was not accepted.
    async fn locality(&self, ctx: &Context<'_>) -> Option<LocalityObject> {
        match self.settled()? {
            (Settlement::Accepted(locality), _) => {
                LocalityObject::find(Asking::of(ctx), *locality, View::NOW)
            }
            (Settlement::Declined(_), _) => None,
        }
    }

    /// Why there will be none; null where it was not declined.
    async fn reason(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's own where absent.")] locale: Option<Locale>,
    ) -> Option<String> {
        match self.settled()? {
            (Settlement::Declined(reason), _) => Some(in_words(reason, ctx, locale)),
            (Settlement::Accepted(_), _) => None,
        }
    }
}

fn in_words(text: &Bilingual, ctx: &Context<'_>, locale: Option<Locale>) -> String {
    text.in_locale(Asking::of(ctx).locale(locale)).to_owned()
}

/// Proposals, one page of them.
#[derive(SimpleObject)]
#[graphql(name = "LocalityProposalConnection")]
pub(crate) struct ProposalConnection {
    /// The proposals of the page.
    nodes: Vec<ProposalObject>,
    /// Where the page stands in the list.
    page_info: PageInfo,
}

impl ProposalConnection {
    /// One page of those in a state, the oldest first.
    pub(crate) async fn read(
        ctx: &Context<'_>,
        state: ProposalState,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Self, Fault> {
        let asking = Asking::of(ctx);
        let state = caunoi_domain::proposal::ProposalState::from(state);
        let window = Slice::forwards(first, after).window()?;
        let (purpose, size) = (format!("proposals {state} {:?}", asking.scope), usize::from(window.size));
        let key = asking.sealing_key();
        let after =
            window.cursor.as_deref().map(|cursor| key.open(purpose.as_bytes(), cursor)).transpose()?;
        let after = after.as_deref().and_then(read_place);
        let has_previous_page = after.is_some();
        // One more tells whether the list goes on.
        let list = ProposalList { state, after, most: size as u64 + 1 };
        let mut found = asking.reading.proposals(&list).await?;
        let has_next_page = found.len() > size;
        found.truncate(size);
        let cursor = |proposed: &Proposed| key.seal(purpose.as_bytes(), &place(proposed));
        let page_info = PageInfo {
            has_next_page,
            has_previous_page,
            start_cursor: found.first().map(cursor),
            end_cursor: found.last().map(cursor),
        };
        Ok(Self { nodes: found.into_iter().map(ProposalObject).collect(), page_info })
    }
}

/// The place of a proposal in the list: time, log, number.
fn place(proposed: &Proposed) -> Vec<u8> {
    let Proposed { key, proposal } = proposed;
    let mut place = proposal.proposed_at_us.to_be_bytes().to_vec();
    place.extend(key.log.number().to_be_bytes());
    place.extend(key.number.to_be_bytes());
    place
}

fn read_place(place: &[u8]) -> Option<(i64, ProposalKey)> {
    let (at_us, rest) = place.split_first_chunk()?;
    let (log, rest) = rest.split_first_chunk()?;
    let (number, []) = rest.split_first_chunk()? else { return None };
    let log = Log::new(i16::from_be_bytes(*log));
    Some((i64::from_be_bytes(*at_us), ProposalKey { log, number: i32::from_be_bytes(*number) }))
}
