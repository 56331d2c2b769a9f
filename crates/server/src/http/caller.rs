//! Who sends a request.

use axum::http::{HeaderMap, header};

use caunoi_metrics::{Stage, Timer};

use super::{State, problem::Problem};
use crate::identity::{Caller, Unrecognised};

/// Who sends a request with these headers; without `Authorization` it is the public.
pub(super) fn recognise(state: &State, headers: &HeaderMap) -> Result<Caller, Problem> {
    let _timer = Timer::begin(Stage::Recognise);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Unrecognised::NotBearer),
        (Some(_), Some(_)) => Err(Unrecognised::NotBearer),
    };
    value.and_then(|value| state.identity.recognise(value)).map_err(Problem::unrecognised)
}
