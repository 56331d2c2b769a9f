//! Mutations on the names of countries and territories, for stewards.

use super::super::api_error::ApiError;
use super::super::country::CountryObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::{CountryCode, Cursor};
use super::context::MutationContext;
use super::draft_value::TextInput;
use super::payload::PayloadParts;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_domain::draft::CountryNameDraft;
use caunoi_register::ReferenceTarget;

/// The name that the ministry uses for a country or territory.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct SetCountryNameInput {
    /// The country or territory.
    country: CountryCode,
    /// The `revision` of the country that the caller last read. If its name was changed since, the
    /// mutation fails with `VERSION_CONFLICT`.
    expected_revision: String,
    /// The name, at most 500 characters in each language. An absent language keeps its value; null
    /// is refused.
    name: TextInput,
}

/// The result of `setCountryName`.
#[derive(SimpleObject)]
pub(crate) struct CountryPayload {
    /// The country with its new name; null if nothing was written.
    country: Option<CountryObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

pub(super) async fn set_name(
    ctx: &Context<'_>,
    input: SetCountryNameInput,
) -> Result<CountryPayload, ApiError> {
    let SetCountryNameInput { country, expected_revision, name } = input;
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let request = RequestContext::of(ctx);
    let id = request.directory().find_country(&country.0).map(|country| country.id);
    let read = ReferenceTarget { id, given: &country.0, revision: &expected_revision };
    let amend = |draft: &mut CountryNameDraft| {
        name.fill(&mut draft.name);
        draft.prior_errors = problems;
    };
    let outcome = request.register().set_country_name(command, read, amend).await?;
    let PayloadParts { entry, errors, cursor, .. } =
        PayloadParts::from_reference_command(ctx, outcome, |country| CountryObject::new(&country));
    Ok(CountryPayload { country: entry, errors, cursor, query: Query::ROOT })
}
