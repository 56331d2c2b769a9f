//! The headers `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): the quota
//! of the caller, and what is left of it.

use axum::{
    http::{HeaderName, HeaderValue},
    response::Response,
};
use caunoi_domain::rate_limit::{RateStatus, WINDOW_SECONDS};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEVEL: HeaderName = HeaderName::from_static("ratelimit");

/// Adds the headers to the response of a request that was charged; none if no limit applies.
pub(super) fn attach(response: &mut Response, status: Option<RateStatus>) {
    let Some(status) = status else { return };
    let [policy, level] = write(status);
    let headers = response.headers_mut();
    // Written from digits and names of the program: always valid.
    if let (Ok(policy), Ok(level)) = (HeaderValue::try_from(policy), HeaderValue::try_from(level)) {
        headers.insert(POLICY, policy);
        headers.insert(LEVEL, level);
    }
}

/// Returns the values as structured fields: lists of strings with parameters. `qu` names the unit,
/// which is the cost of the schema's `@cost`; `t` is the time until the quota is whole again.
fn write(status: RateStatus) -> [String; 2] {
    let (name, RateStatus { limit, remaining, reset_seconds, .. }) = (status.policy(), status);
    [
        format!("\"{name}\";q={limit};qu=\"cost\";w={WINDOW_SECONDS}"),
        format!("\"{name}\";r={remaining};t={reset_seconds}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::rate_limit::RateClass;

    #[test]
    fn values_are_those_of_the_draft() {
        let status = RateStatus {
            class: RateClass::Province,
            limit: 600_000,
            remaining: 593_000,
            reset_seconds: 1,
            is_of_subnet: false,
        };
        let expected = ["\"province\";q=600000;qu=\"cost\";w=60", "\"province\";r=593000;t=1"];
        assert_eq!(write(status), expected);
    }
}
