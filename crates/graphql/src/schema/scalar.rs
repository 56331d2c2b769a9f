//! Scalars.
//!
//! Scalars of mutation inputs are kept as text here. The domain parses them, so that an invalid one
//! is reported with its path together with all other errors of the input.

use super::api_error::ApiError;
use async_graphql::{InputType, InputValueError, InputValueResult, Scalar, ScalarType, Value};
use caunoi_domain::cursor::{InstallationKey, Positions};
use caunoi_domain::date::{self, Day};
use caunoi_domain::locale::Locale;
use caunoi_domain::statistics::CalendarPeriod;
use caunoi_domain::validation::{Format, Reason};
use chrono::{DateTime as Instant, SecondsFormat, Utc};
use rust_decimal::Decimal as Exact;

fn text<T: InputType>(value: Value) -> Result<String, InputValueError<T>> {
    if let Value::String(text) = value { Ok(text) } else { Err(InputValueError::expected_type(value)) }
}

/// A calendar day without a time zone, `YYYY-MM-DD`, in the years 0001 to 9999: `2025-07-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocalDate(pub(crate) Day);

/// A calendar day without a time zone, `YYYY-MM-DD`, in the years 0001 to 9999: `2025-07-01`.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for LocalDate {
    fn parse(value: Value) -> InputValueResult<Self> {
        let text = text(value)?;
        // The engine adds the type in English, and knows no language.
        let parsed = date::parse_day(&text).map(Self);
        parsed.map_err(|reason| InputValueError::custom(caunoi_texts::message(&reason, Locale::En)))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.format("%Y-%m-%d").to_string())
    }
}

/// A date or interval that may be partial, in EDTF (levels 0 and 1): the year `1996`, the month
/// `1996-05`, the approximate year `1996~`, the open interval `2021-07/..`. Inputs also take dates as
/// people write them, day first: `20/05/2024`, `tháng 5 năm 2024`; one with two readings is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edtf(pub(crate) String);

/// A date or interval that may be partial, in EDTF (levels 0 and 1): the year `1996`, the month
/// `1996-05`, the approximate year `1996~`, the open interval `2021-07/..`. Inputs also take dates as
/// people write them, day first: `20/05/2024`, `tháng 5 năm 2024`; one with two readings is refused.
#[Scalar(name = "EDTF", specified_by_url = "https://www.loc.gov/standards/datetime/")]
impl ScalarType for Edtf {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A period of the calendar: a year `2025`, a quarter `2025-Q4`, a month `2025-11`, a decade
/// `2020s`, a day `2025-11-03`, or a first and a last day `2025-01-01/2025-06-15`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Period(pub(crate) String);

impl Period {
    /// Parses the period. Returns `BAD_INPUT` with the path of the argument if it is invalid.
    pub(crate) fn to_calendar_period(&self, argument: &str) -> Result<CalendarPeriod, ApiError> {
        CalendarPeriod::parse(&self.0).map_err(|reason| ApiError::argument(argument, reason))
    }
}

/// A period of the calendar: a year `2025`, a quarter `2025-Q4`, a month `2025-11`, a decade
/// `2020s`, a day `2025-11-03`, or a first and a last day `2025-01-01/2025-06-15`.
#[Scalar(specified_by_url = "/docs/scalars.md#period")]
impl ScalarType for Period {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// A point in time in RFC 3339 format: `2026-11-22T03:04:05.678Z`. Returned in UTC; any offset is
/// accepted as input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) String);

impl DateTime {
    /// Converts from microseconds since 1970.
    pub(crate) fn from_us(at_us: i64) -> Self {
        let instant = Instant::<Utc>::from_timestamp_micros(at_us).unwrap_or_default();
        Self(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    /// Converts to microseconds since 1970. Returns `BAD_INPUT` at `argument` for anything but a
    /// time.
    pub(crate) fn to_us(&self, argument: &str) -> Result<i64, ApiError> {
        let text = self.0.trim();
        let malformed = |_| ApiError::argument(argument, Reason::malformed(Format::Instant, text));
        Ok(Instant::parse_from_rfc3339(text).map_err(malformed)?.timestamp_micros())
    }
}

/// A point in time in RFC 3339 format: `2026-11-22T03:04:05.678Z`. Returned in UTC; any offset is
/// accepted as input.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// The point up to which the register had recorded something: a `Cursor` that the API returned, or
/// a point in time in RFC 3339 format such as `2026-01-15T00:00:00Z`. Only a cursor is exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownAt(pub(crate) String);

impl KnownAt {
    /// Parses the point. Returns `BAD_INPUT` for anything but a cursor of this register or a time.
    pub(crate) fn to_domain(&self, key: &InstallationKey) -> Result<caunoi_register::KnownAt, ApiError> {
        let text = self.0.trim();
        if let Ok(instant) = Instant::parse_from_rfc3339(text) {
            return Ok(caunoi_register::KnownAt::Instant(instant.timestamp_micros()));
        }
        let positions = Positions::from_cursor(key, text);
        let malformed = |_| ApiError::argument("knownAt", Reason::malformed(Format::CursorOrInstant, text));
        positions.map(caunoi_register::KnownAt::Positions).map_err(malformed)
    }
}

/// The point up to which the register had recorded something: a `Cursor` that the API returned, or
/// a point in time in RFC 3339 format such as `2026-01-15T00:00:00Z`. Only a cursor is exact.
#[Scalar(specified_by_url = "/docs/scalars.md#knownat")]
impl ScalarType for KnownAt {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An exact decimal number as a JSON string: `"231.7"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) String);

impl From<Exact> for Decimal {
    fn from(exact: Exact) -> Self {
        Self(exact.normalize().to_string())
    }
}

/// An exact decimal number as a JSON string: `"231.7"`.
#[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema11-2/")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// The ISO 3166-1 alpha-2 code of a country or territory: `JP`. Inputs also take lower case, the
/// alpha-3 code `JPN` and the name in either language: `Nhật Bản`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountryCode(pub(crate) String);

/// The ISO 3166-1 alpha-2 code of a country or territory: `JP`. Inputs also take lower case, the
/// alpha-3 code `JPN` and the name in either language: `Nhật Bản`.
#[Scalar(specified_by_url = "https://www.iso.org/iso-3166-country-codes.html")]
impl ScalarType for CountryCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        text(value).map(Self)
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// The ISO 4217 code of a currency: `USD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyCode(pub(crate) String);

/// The ISO 4217 code of a currency: `USD`.
#[Scalar(specified_by_url = "https://www.iso.org/iso-4217-currency-codes.html")]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(value)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

/// An opaque position in the logs of all provinces and the ministry. It identifies a state of the
/// data and is valid only in this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cursor(pub(crate) String);

impl Cursor {
    /// Signs the cursor of these positions.
    pub(crate) fn at(positions: &Positions, key: &InstallationKey) -> Self {
        Self(positions.to_cursor(key))
    }

    /// Verifies the cursor of a caller. Returns `BAD_INPUT` if it was not signed with this key.
    pub(crate) fn to_positions(&self, key: &InstallationKey) -> Result<Positions, ApiError> {
        let opened = Positions::from_cursor(key, &self.0);
        opened.map_err(|reason| ApiError::argument("after", reason))
    }
}

/// An opaque position in the logs of all provinces and the ministry. It identifies a state of the
/// data and is valid only in this installation.
#[Scalar(specified_by_url = "/docs/scalars.md#cursor")]
impl ScalarType for Cursor {
    fn parse(value: Value) -> InputValueResult<Self> {
        Ok(Self(text(value)?))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
