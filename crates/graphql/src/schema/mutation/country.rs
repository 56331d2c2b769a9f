//! How the ministry calls countries and territories: the steward's.

use super::super::asking::{Asking, View};
use super::super::country::CountryObject;
use super::super::fault::Fault;
use super::super::query::Query;
use super::super::scalar::{CountryCode, Cursor};
use super::beginning::Beginning;
use super::filling::TextInput;
use super::outcome::Outcome;
use super::user_error::UserError;
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_domain::draft::CountryNameDraft;
use caunoi_register::AsRead;

/// How a country or territory is called.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SetCountryNameInput {
    /// Which country.
    country: CountryCode,
    /// The `revision` that the caller read.
    expected_revision: String,
    /// The name; a language that is absent stays as it is.
    name: TextInput,
}

/// A country as it stands now, or why nothing was written.
#[derive(SimpleObject)]
pub(crate) struct CountryPayload {
    /// The country; null where nothing was written.
    country: Option<CountryObject>,
    /// Why nothing was written; empty where something was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

pub(super) async fn set_name(ctx: &Context<'_>, input: SetCountryNameInput) -> Result<CountryPayload, Fault> {
    let SetCountryNameInput { country, expected_revision, name } = input;
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let asking = Asking::of(ctx);
    let id = asking.directory().country_by_iso2(&country.0).map(|country| country.id);
    let read = AsRead { id, given: &country.0, revision: &expected_revision };
    let amend = |draft: &mut CountryNameDraft| {
        name.fill(&mut draft.name);
        draft.noted = problems;
    };
    let named = asking.register().set_country_name(asked, read, amend).await?;
    let Outcome { entry, errors, cursor } =
        Outcome::noted(ctx, named, |country| CountryObject::new(&country, View::NOW));
    Ok(CountryPayload { country: entry, errors, cursor, query: Query })
}
