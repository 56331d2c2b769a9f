//! What a province says of a whole period.

use super::super::asking::{Asking, View};
use super::super::fault::Fault;
use super::super::province::ProvinceObject;
use super::super::query::Query;
use super::super::scalar::{Cursor, Period};
use super::super::statistics::coverage::PeriodObject;
use super::beginning::Beginning;
use super::user_error::UserError;
use async_graphql::{Context, InputObject, SimpleObject};
use caunoi_register::Unconfirmed;

/// A period of which nothing is missing.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ConfirmPeriodInput {
    /// The slug of the province.
    province: String,
    /// A month, quarter or year that has begun: `2025-11`, `2025-Q4`, `2025`.
    period: Period,
}

/// The period as it stands confirmed, or why it was not.
#[derive(SimpleObject)]
pub(crate) struct ConfirmPeriodPayload {
    /// The province; null where nothing was confirmed.
    province: Option<ProvinceObject>,
    /// The period; null where nothing was confirmed.
    period: Option<PeriodObject>,
    /// Why it was not confirmed; empty where it was.
    errors: Vec<UserError>,
    /// The state of the logs with what was written.
    cursor: Option<Cursor>,
    /// Further questions, answered from that state.
    query: Query,
}

/// Confirms the period.
pub(super) async fn confirm(
    ctx: &Context<'_>,
    input: ConfirmPeriodInput,
) -> Result<ConfirmPeriodPayload, Fault> {
    let Beginning { asked, problems, .. } = Beginning::of(ctx, None)?;
    let asking = Asking::of(ctx);
    let confirmed = if problems.is_empty() {
        asking.register().confirm(asked, &input.province, &input.period.0).await?
    } else {
        Err(Unconfirmed::Problems(problems))
    };
    asking.move_on();
    let refused =
        |errors| ConfirmPeriodPayload { province: None, period: None, errors, cursor: None, query: Query };
    Ok(match confirmed {
        Ok(confirmed) => ConfirmPeriodPayload {
            province: ProvinceObject::of_log(asking, confirmed.log, View::NOW),
            period: Some(confirmed.period.into()),
            errors: Vec::new(),
            cursor: Some(Cursor(confirmed.confirmation.cursor)),
            query: Query,
        },
        Err(Unconfirmed::OtherInput) => refused(vec![UserError::other_input()]),
        Err(Unconfirmed::Problems(problems)) => refused(problems.into_iter().map(Into::into).collect()),
    })
}
