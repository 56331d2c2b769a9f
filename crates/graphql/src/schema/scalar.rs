//! Scalars: one word of JSON each, with its form in the description.

use super::fault::Fault;
use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use caunoi_domain::cursor::Positions;
use caunoi_domain::date::{self, Day, FuzzyDate};
use caunoi_register::Register;
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
pub(crate) struct Edtf(pub(crate) FuzzyDate);

/// A date that may be partial, in EDTF levels 0 and 1: `1996`, `1996-05`, `1996~`, `2021-07/..`
#[Scalar(name = "EDTF")]
impl ScalarType for Edtf {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        FuzzyDate::parse(&text).map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.edtf().to_owned())
    }
}

/// An instant in UTC, RFC 3339: `2026-11-22T03:04:05.678Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(i64);

impl DateTime {
    /// The instant this many microseconds after 1970.
    pub(crate) fn from_us(at_us: i64) -> Self {
        Self(at_us)
    }
}

/// An instant in UTC, RFC 3339: `2026-11-22T03:04:05.678Z`.
#[Scalar]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        let instant = Instant::parse_from_rfc3339(&text)
            .map_err(|_| InputValueError::custom("is not an instant like 2026-11-22T03:04:05Z"))?;
        Ok(Self(instant.timestamp_micros()))
    }

    fn to_value(&self) -> Value {
        let instant = Instant::<Utc>::from_timestamp_micros(self.0).unwrap_or_default();
        Value::String(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// An exact decimal number, always a JSON string: `"231.7"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) Exact);

/// An exact decimal number, always a JSON string: `"231.7"`.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        text.parse().map(Self).map_err(|_| InputValueError::custom("is not a decimal number in a string"))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.normalize().to_string())
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
    pub(crate) fn at(positions: &Positions, register: &Register) -> Self {
        Self(positions.seal(register.sealing_key()))
    }

    /// The positions that a caller’s cursor stands for.
    pub(crate) fn open(&self, register: &Register) -> Result<Positions, Fault> {
        let opened = Positions::open(register.sealing_key(), &self.0);
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
