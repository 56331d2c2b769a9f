//! Scalars: one word of JSON each, with its form in the description.
//!
//! Those that mutations take are texts here: the domain reads them, beside all else that is
//! wrong with the input, and names their path.

use super::fault::Fault;
use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use caunoi_domain::cursor::{Positions, SealingKey};
use caunoi_domain::date::{self, Day};
use caunoi_domain::statistics::CalendarPeriod;
use chrono::{DateTime as Instant, SecondsFormat, Utc};
use rust_decimal::Decimal as Exact;

fn text<T: InputType>(value: Value) -> Result<String, InputValueError<T>> {
    if let Value::String(text) = value { Ok(text) } else { Err(InputValueError::expected_type(value)) }
}

/// A calendar day as a document writes it, without a zone: `2025-07-01`. Years 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalDate(pub(crate) Day);

/// A calendar day as a document writes it, without a zone: `2025-07-01`. Years 0001 to 9999.
#[Scalar]
impl ScalarType for LocalDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        date::parse_day(&text).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A date that may be partial, in EDTF levels 0 and 1: `1996`, `1996-05`, `1996~`, `2021-07/..`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edtf(pub(crate) String);

/// A date that may be partial, in EDTF levels 0 and 1: `1996`, `1996-05`, `1996~`, `2021-07/..`
#[Scalar(name = "EDTF")]
impl ScalarType for Edtf {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A period of the calendar: a year `2025`, a quarter `2025-Q4`, a month `2025-11`, a decade `2020s`,
/// a day, or two days with a slash between, both included: `2025-01-01/2025-06-15`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) String);

impl Period {
    /// The days that the period of this argument has.
    pub(crate) fn read(&self, argument: &str) -> Result<CalendarPeriod, Fault> {
        CalendarPeriod::parse(&self.0).map_err(|refusal| Fault::argument(argument, &refusal))
    }
}

/// A period of the calendar: a year `2025`, a quarter `2025-Q4`, a month `2025-11`, a decade `2020s`,
/// a day, or two days with a slash between, both included: `2025-01-01/2025-06-15`.
#[Scalar]
impl ScalarType for Period {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An instant, RFC 3339: `2026-11-22T03:04:05.678Z`. Told in UTC, taken in any offset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) String);

impl DateTime {
    /// The instant this many microseconds after 1970.
    pub(crate) fn from_us(at_us: i64) -> Self {
        let instant = Instant::<Utc>::from_timestamp_micros(at_us).unwrap_or_default();
        Self(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// An instant, RFC 3339: `2026-11-22T03:04:05.678Z`. Told in UTC, taken in any offset.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An exact decimal number, always a JSON string: `"231.7"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) String);

impl From<Exact> for Decimal {
    fn from(exact: Exact) -> Self {
        Self(exact.normalize().to_string())
    }
}

/// An exact decimal number, always a JSON string: `"231.7"`.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A country or territory, ISO 3166-1 alpha-2: `JP`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountryCode(pub(crate) String);

/// A country or territory, ISO 3166-1 alpha-2: `JP`.
#[Scalar]
impl ScalarType for CountryCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(value)?.to_ascii_uppercase()))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A currency, ISO 4217: `USD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyCode(pub(crate) String);

/// A currency, ISO 4217: `USD`.
#[Scalar]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(value)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A place in the logs of all provinces, opaque and sealed: the state that an answer was
/// computed from. It means something to this installation alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) String);

impl Cursor {
    /// The cursor of these positions.
    pub(crate) fn at(positions: &Positions, key: &SealingKey) -> Self {
        Self(positions.seal(key))
    }

    /// The positions that a caller’s cursor stands for.
    pub(crate) fn open(&self, key: &SealingKey) -> Result<Positions, Fault> {
        let opened = Positions::open(key, &self.0);
        opened.map_err(|refusal| Fault::argument("after", &refusal))
    }
}

/// A place in the logs of all provinces, opaque and sealed: the state that an answer was
/// computed from. It means something to this installation alone.
#[Scalar]
impl ScalarType for Cursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(value)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
