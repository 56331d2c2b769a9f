//! Proposing localities, and saying what becomes of them.

use super::super::asking::Asking;
use super::super::fault::Fault;
use super::super::global_id::GlobalId;
use super::super::proposal::ProposalObject;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor};
use super::beginning::Beginning;
use super::filling::{Drafted, TextInput};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, SimpleObject};
use caunoi_domain::draft::{SettlementDraft, WishDraft};
use caunoi_domain::id::Id;
use caunoi_register::Proposing;

/// A locality abroad that a province misses.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ProposeLocalityInput {
    /// The slug of the province that misses it.
    province: String,
    /// Where it lies.
    country: CountryCode,
    /// The name, in at least one language.
    name: TextInput,
    /// Its name in the language of the place.
    native_name: Option<String>,
    /// Its level, a code of `PARTNER_LEVEL`.
    level: Option<String>,
    /// ISO 3166-2, where it has one.
    iso_code: Option<String>,
    /// Its item in Wikidata: `Q41151`.
    wikidata_id: Option<String>,
    /// What it is needed for, and where it can be read of.
    note: Option<String>,
}

/// What becomes of a proposal: `locality` accepts it, `reason` declines it; one of both.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SettleLocalityProposalInput {
    /// Which proposal.
    id: ID,
    /// The locality that stands for it: made for it by `createLocality`, or known before under another name.
    locality: Option<ID>,
    /// Why there will be none.
    reason: Option<TextInput>,
}

/// A proposal as it stands now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct LocalityProposalPayload {
    /// The proposal; null where nothing was written.
    proposal: Option<ProposalObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

impl LocalityProposalPayload {
    fn of(asking: &Asking, proposing: Proposing) -> Self {
        asking.move_on();
        match proposing {
            Ok(handed) => Self {
                proposal: Some(ProposalObject(handed.proposed)),
                errors: Vec::new(),
                cursor: Some(Cursor(handed.cursor)),
                query: Query,
            },
            Err(hindrance) => {
                Self { proposal: None, errors: UserError::hindering(hindrance), cursor: None, query: Query }
            }
        }
    }
}

pub(super) async fn propose(
    ctx: &Context<'_>,
    input: ProposeLocalityInput,
) -> Result<LocalityProposalPayload, Fault> {
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let draft = WishDraft {
        country: input.country.drafted(),
        name: input.name.drafted(),
        native_name: input.native_name.unwrap_or_default(),
        level: input.level.unwrap_or_default(),
        iso_3166_2: input.iso_code.unwrap_or_default(),
        wikidata_id: input.wikidata_id.unwrap_or_default(),
        note: input.note.unwrap_or_default(),
        noted: problems,
    };
    let asking = Asking::of(ctx);
    let proposing = asking.register().propose(asked, &input.province, &draft).await?;
    Ok(LocalityProposalPayload::of(asking, proposing))
}

pub(super) async fn settle(
    ctx: &Context<'_>,
    input: SettleLocalityProposalInput,
) -> Result<LocalityProposalPayload, Fault> {
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let asking = Asking::of(ctx);
    let key = match GlobalId::decode(&input.id) {
        Some(GlobalId::Proposal(key)) => Some(key),
        _ => None,
    };
    let draft = SettlementDraft {
        locality: input.locality.map(|id| slug_of(asking, &id)).unwrap_or_default(),
        reason: input.reason.map(Drafted::drafted).unwrap_or_default(),
        noted: problems,
    };
    let proposing = asking.register().settle(asked, key, &draft).await?;
    Ok(LocalityProposalPayload::of(asking, proposing))
}

/// The slug of the locality that an id names; the id itself where it names none, to be told as such.
fn slug_of(asking: &Asking, id: &ID) -> String {
    let locality = match GlobalId::decode(id) {
        Some(GlobalId::Locality(number)) => asking.directory().locality(Id::new(number)),
        _ => None,
    };
    locality.map_or_else(|| id.to_string(), |locality| locality.slug.clone())
}
