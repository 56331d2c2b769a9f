//! The URI parameters of a feed.

use std::collections::BTreeMap;

use axum::{extract::Query, http::Uri};
use caunoi_domain::locale::Locale;
use caunoi_graphql::{execution::ErrorCode, parse_entry_type};
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use crate::http::error_response::ErrorResponse;
use caunoi_texts::HttpText;

/// The filter parameters: the fields of `ChangeFilter`.
const FILTERS: [&str; 5] = ["country", ENTRY_TYPE, "field", "locality", "province"];

/// The parameter for types of entries.
const ENTRY_TYPE: &str = "entryType";

/// The parameters of a feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FeedParams {
    /// Return changes after this cursor.
    pub(super) after: Option<String>,
    /// Maximum number of messages.
    pub(super) first: Option<i64>,
    /// The language of titles and names. Only a parameter selects it, so that a URI has one
    /// response.
    pub(super) locale: Locale,
    /// The values of each given filter.
    filters: BTreeMap<&'static str, Vec<String>>,
}

impl FeedParams {
    /// Parses a URI. The values of a filter are comma-separated or in repeated parameters.
    ///
    /// # Errors
    /// Returns 400 and the name of the parameter if one is unknown, repeated or invalid.
    pub(super) fn read(uri: &Uri) -> Result<Self, ErrorResponse> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| ErrorResponse::parameters(HttpText::UriInvalid))?;
        let mut params = Self::default();
        let mut once = Vec::new();
        for (name, value) in pairs {
            if let Some(filter) = FILTERS.into_iter().find(|filter| *filter == name) {
                let members: Vec<String> = value.split(',').map(|member| member.trim().to_owned()).collect();
                if members.iter().any(String::is_empty) {
                    return Err(ErrorResponse::parameters(HttpText::FeedValueEmpty {
                        name: filter.to_owned(),
                    }));
                }
                params.filters.entry(filter).or_default().extend(members);
                continue;
            }
            match name.as_str() {
                "after" => params.after = Some(value),
                "first" => params.first = Some(read_number(&value)?),
                "locale" => params.locale = read_locale(&value)?,
                _ => return Err(unknown(&name)),
            }
            if once.contains(&name) {
                return Err(ErrorResponse::parameters(HttpText::FeedParameterTwice { name }));
            }
            once.push(name);
        }
        if let Some(given) = params.filters.get_mut(ENTRY_TYPE) {
            *given = read_entry_types(given, params.locale)?;
        }
        Ok(params)
    }

    /// Returns the filter as a `ChangeFilter` of the schema.
    pub(super) fn filter(&self) -> Value {
        let fields = self.filters.iter().map(|(name, members)| {
            let field = if *name == ENTRY_TYPE { json!(members) } else { json!({ "in": members }) };
            ((*name).to_owned(), field)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }

    /// Returns the query part of a URI with these parameters and another cursor.
    pub(super) fn to_query(&self, after: Option<&str>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, members) in &self.filters {
            query.append_pair(name, &members.join(","));
        }
        if self.locale != Locale::default() {
            query.append_pair("locale", tag(self.locale));
        }
        if let Some(first) = self.first {
            query.append_pair("first", &first.to_string());
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        query.finish()
    }

    /// Returns the parameters that identify the feed: filters and language, without the position.
    pub(super) fn subject(&self) -> String {
        Self { filters: self.filters.clone(), locale: self.locale, ..Self::default() }.to_query(None)
    }

    /// Returns the values of all filters, for the title.
    pub(super) fn members(&self) -> String {
        let all: Vec<&str> = self.filters.values().flatten().map(String::as_str).collect();
        all.join(", ")
    }
}

/// Returns the language tag (BCP 47).
pub(super) fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "vi",
        Locale::En => "en",
    }
}

fn read_locale(value: &str) -> Result<Locale, ErrorResponse> {
    let known = Locale::ALL.into_iter().find(|locale| tag(*locale).eq_ignore_ascii_case(value));
    known.ok_or_else(|| ErrorResponse::parameters(HttpText::FeedLocale))
}

/// Converts types of entries to the words of the schema.
fn read_entry_types(given: &[String], locale: Locale) -> Result<Vec<String>, ErrorResponse> {
    let kinds = given.iter().map(|text| match parse_entry_type(text) {
        Ok(kind) => Ok(kind.to_string()),
        Err(reason) => {
            let why = caunoi_texts::message(&reason, locale);
            Err(ErrorResponse::from_api(ErrorCode::BadInput, format!("{ENTRY_TYPE}: {why}")))
        }
    });
    kinds.collect()
}

/// Parses an `Int` of the schema, which has 32 bits.
fn read_number(value: &str) -> Result<i64, ErrorResponse> {
    let number = value.parse::<i32>().ok().map(i64::from);
    number.ok_or_else(|| ErrorResponse::parameters(HttpText::FeedSize))
}

fn unknown(name: &str) -> ErrorResponse {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
    let known = ["after", "first", "locale"].into_iter().chain(FILTERS).collect::<Vec<_>>().join(", ");
    ErrorResponse::parameters(HttpText::FeedParameterUnknown { name, known })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<FeedParams, ErrorResponse> {
        FeedParams::read(&format!("/changes.jsonl?{query}").parse().unwrap())
    }

    #[test]
    fn filter_values_are_in_one_parameter_or_several() {
        let one = read("province=DONG_NAI,NGHE_AN&entryType=Event&locale=EN&first=7&after=A").unwrap();
        let other =
            read("after=A&entryType=EVENT&province=DONG_NAI&locale=en&first=7&province=NGHE_AN").unwrap();
        assert_eq!(one, other);
        let filter = json!({"province": {"in": ["DONG_NAI", "NGHE_AN"]}, "entryType": ["EVENT"]});
        assert_eq!(one.filter(), filter);
        let query = "entryType=EVENT&province=DONG_NAI%2CNGHE_AN&locale=en&first=7&after=B";
        assert_eq!(one.to_query(Some("B")), query);
        assert_eq!(one.subject(), "entryType=EVENT&province=DONG_NAI%2CNGHE_AN&locale=en");
        assert_eq!(read("").unwrap(), FeedParams::default());
    }

    #[test]
    fn errors_name_the_parameter() {
        for (query, name) in [
            ("limit=5", "limit: "),
            ("First=5", "First: "),
            ("first=many", "first: "),
            ("first=99999999999", "first: "),
            ("first=1&first=2", "first: "),
            ("after=a&after=b", "after: "),
            ("locale=fr", "locale: "),
            ("province=", "province: "),
            ("province=DONG_NAI,,NGHE_AN", "province: "),
            ("entryType=Event,agreements&locale=en", "entryType: No "),
        ] {
            let message = read(query).unwrap_err().message(Locale::En);
            assert!(message.starts_with(name), "{query}: {message}");
        }
    }

    #[test]
    fn parameters_are_read_as_they_were_written() {
        caunoi_fuzz::run_text("feed", |query| {
            let Ok(uri) = format!("/changes.jsonl?{query}").parse() else { return };
            let Ok(params) = FeedParams::read(&uri) else { return };
            assert_eq!(read(&params.to_query(params.after.as_deref())).unwrap(), params);
        });
    }
}
