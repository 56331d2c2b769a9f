//! The cost in a response (`extensions.cost`), on request: as a report beside the data, or alone.

use super::rate_limiter::RateAccount;
use super::{CostLimits, GraphqlResponse, PreparedOperation, ResponseOutcome};
use caunoi_domain::policy::Role;
use serde::Serialize;

/// Whether a response reports its cost. Clients choose it by the header `GraphQL-Cost`, or by `cost`
/// in the `extensions` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CostMode {
    /// No report.
    #[default]
    None,
    /// Executes the operation and reports its cost: `report`.
    Report,
    /// Reports the estimate and executes nothing: `validate`.
    Validate,
}

impl CostMode {
    /// Returns the mode with this name; none if there is none.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        match word {
            "report" => Some(Self::Report),
            "validate" => Some(Self::Validate),
            _ => None,
        }
    }

    /// Returns this mode, or `other` if this one is `None`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == Self::None { other } else { self }
    }
}

/// The cost of a request, in units of the schema's `@cost`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CostReport {
    estimated: u64,
    /// The most that one request of the caller may cost.
    limit: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<MeasuredWork>,
    charged: u64,
    /// The amount that the caller can spend now; none without limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<u64>,
}

/// The measured work of an execution; all zero but the bytes if a cached response was returned.
#[derive(Serialize)]
struct MeasuredWork {
    rows: u64,
    statements: u64,
    bytes: u64,
}

/// The cost of an operation as it was before the execution.
#[derive(Clone, Copy)]
pub(super) struct EstimatedCost {
    mode: CostMode,
    estimated: u64,
    limit: u64,
}

impl EstimatedCost {
    /// Returns the cost of an operation of a caller with this role.
    pub(super) fn of(prepared: &PreparedOperation, limits: CostLimits, role: Role) -> Self {
        Self { mode: prepared.cost_mode, estimated: prepared.cost, limit: limits.of(role) }
    }

    /// Adds the report to a response if it was requested. The body is then that of one request and
    /// has no tag.
    pub(super) fn report(self, response: GraphqlResponse, account: &RateAccount) -> GraphqlResponse {
        if self.mode != CostMode::Report {
            return response;
        }
        let work = response.work.unwrap_or_default();
        let bytes = u64::try_from(response.body.len()).unwrap_or(u64::MAX);
        let measured = MeasuredWork { rows: work.rows, statements: work.statements, bytes };
        let report = self.to_json(Some(measured), account);
        let Some(body) = response.body.strip_suffix(b"}") else { return response };
        let body = [body, b",\"extensions\":", report.as_bytes(), b"}"].concat();
        GraphqlResponse { body: body.into(), tag: None, ..response }
    }

    /// Returns the response with the estimate alone, if that was requested.
    pub(super) fn estimate_only(self, account: &RateAccount) -> Option<GraphqlResponse> {
        (self.mode == CostMode::Validate).then(|| {
            let body = format!("{{\"extensions\":{}}}", self.to_json(None, account));
            GraphqlResponse::from_text(ResponseOutcome::Answered, body)
        })
    }

    fn to_json(self, measured: Option<MeasuredWork>, account: &RateAccount) -> String {
        let Self { estimated, limit, .. } = self;
        let remaining = account.status().map(|status| status.remaining);
        let cost = CostReport { estimated, limit, measured, charged: account.charged(), remaining };
        serde_json::json!({ "cost": cost }).to_string()
    }
}
