//! The confirmation that the records of a province for a period are complete.

use super::super::api_error::ApiError;
use super::super::province::ProvinceObject;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::{Cursor, Period};
use super::super::statistics::coverage::PeriodObject;
use super::context::MutationContext;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_register::CommandRefusal;

/// The province and the period to confirm.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ConfirmPeriodInput {
    /// The slug of the province, for example `DONG_NAI`.
    province: String,
    /// A month, quarter or year that has begun, for example `2025-11`, `2025-Q4` or `2025`.
    period: Period,
}

/// The result of `confirmPeriod`.
#[derive(SimpleObject)]
pub(crate) struct ConfirmPeriodPayload {
    /// The province; null if the period was not confirmed.
    province: Option<ProvinceObject>,
    /// The confirmed period; null if it was not confirmed.
    period: Option<PeriodObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

/// Executes `confirmPeriod`. A period that is confirmed already is not written again.
pub(super) async fn confirm(
    ctx: &Context<'_>,
    input: ConfirmPeriodInput,
) -> Result<ConfirmPeriodPayload, ApiError> {
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let request = RequestContext::of(ctx);
    let confirmed = if problems.is_empty() {
        request.register().confirm(command, &input.province, &input.period.0).await?
    } else {
        Err(CommandRefusal::Invalid(problems))
    };
    request.advance_state();
    Ok(match confirmed {
        Ok(receipt) => ConfirmPeriodPayload {
            province: ProvinceObject::of_log(request, receipt.value.log),
            period: Some(receipt.value.period.into()),
            errors: Vec::new(),
            cursor: Some(Cursor(receipt.cursor)),
            query: Query::ROOT,
        },
        Err(refusal) => ConfirmPeriodPayload {
            province: None,
            period: None,
            errors: UserError::from_reference_refusal(refusal),
            cursor: None,
            query: Query::ROOT,
        },
    })
}
