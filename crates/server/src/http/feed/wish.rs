//! What the address of a feed asks for.

use std::collections::BTreeMap;

use axum::{extract::Query, http::Uri};
use caunoi_domain::locale::Locale;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use crate::http::problem::Problem;

/// The parameters that filter: the fields of `ChangeFilter`.
const FILTERS: [&str; 5] = ["country", "entryType", "field", "locality", "province"];

/// The parameters of a feed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    /// The cursor to go on after.
    pub(super) after: Option<String>,
    /// How many.
    pub(super) first: Option<i64>,
    /// The language of titles and names. A parameter alone says it, so that an address has one
    /// answer.
    pub(super) locale: Locale,
    /// The members of each filter that is given.
    filters: BTreeMap<&'static str, Vec<String>>,
}

impl Wish {
    /// Reads an address. Members of a filter stand in one parameter with commas, or in several.
    pub(super) fn read(uri: &Uri) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Problem::parameters("The address cannot be read."))?;
        let mut wish = Self::default();
        let mut once = Vec::new();
        for (name, value) in pairs {
            if let Some(filter) = FILTERS.into_iter().find(|filter| *filter == name) {
                let members: Vec<String> = value.split(',').map(|member| member.trim().to_owned()).collect();
                if members.iter().any(String::is_empty) {
                    return Err(Problem::parameter(format!("{filter}: a value is empty.")));
                }
                wish.filters.entry(filter).or_default().extend(members);
                continue;
            }
            match name.as_str() {
                "after" => wish.after = Some(value),
                "first" => wish.first = Some(read_number(&value)?),
                "locale" => wish.locale = read_locale(&value)?,
                _ => return Err(unknown(&name)),
            }
            if once.contains(&name) {
                return Err(Problem::parameter(format!("{name}: stands twice in the address.")));
            }
            once.push(name);
        }
        Ok(wish)
    }

    /// As the schema takes it.
    pub(super) fn filter(&self) -> Value {
        let fields = self.filters.iter().map(|(name, members)| {
            let field = if *name == "entryType" { json!(members) } else { json!({ "in": members }) };
            ((*name).to_owned(), field)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }

    /// The same for an address, after another cursor.
    pub(super) fn words(&self, after: Option<&str>) -> String {
        let mut words = Serializer::new(String::new());
        for (name, members) in &self.filters {
            words.append_pair(name, &members.join(","));
        }
        if self.locale != Locale::default() {
            words.append_pair("locale", tag(self.locale));
        }
        if let Some(first) = self.first {
            words.append_pair("first", &first.to_string());
        }
        if let Some(after) = after {
            words.append_pair("after", after);
        }
        words.finish()
    }

    /// What tells the feed apart from others, however far somebody has read.
    pub(super) fn subject(&self) -> String {
        Self { filters: self.filters.clone(), locale: self.locale, ..Self::default() }.words(None)
    }

    /// The members of all filters, for people.
    pub(super) fn members(&self) -> String {
        let all: Vec<&str> = self.filters.values().flatten().map(String::as_str).collect();
        all.join(", ")
    }
}

/// The tag of a language (BCP 47).
pub(super) fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::Vi => "vi",
        Locale::En => "en",
    }
}

fn read_locale(value: &str) -> Result<Locale, Problem> {
    let known = Locale::ALL.into_iter().find(|locale| tag(*locale).eq_ignore_ascii_case(value));
    known.ok_or_else(|| Problem::parameter("locale: is `vi` or `en`.".to_owned()))
}

/// Whatever the page may be, it fits the numbers of the schema.
fn read_number(value: &str) -> Result<i64, Problem> {
    let number = value.parse::<i32>().ok().map(i64::from);
    number.ok_or_else(|| Problem::parameter("first: is a whole number from 1 to 100.".to_owned()))
}

fn unknown(name: &str) -> Problem {
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(40).collect();
    let known = FILTERS.join(", ");
    Problem::parameter(format!("{name}: is no parameter here. There are after, first, locale, {known}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Result<Wish, Problem> {
        Wish::read(&format!("/changes.jsonl?{query}").parse().unwrap())
    }

    #[test]
    fn members_stand_in_one_parameter_or_in_several() {
        let one = read("province=DONG_NAI,NGHE_AN&entryType=Event&locale=EN&first=7&after=A").unwrap();
        let other =
            read("after=A&entryType=Event&province=DONG_NAI&locale=en&first=7&province=NGHE_AN").unwrap();
        assert_eq!(one, other);
        let filter = json!({"province": {"in": ["DONG_NAI", "NGHE_AN"]}, "entryType": ["Event"]});
        assert_eq!(one.filter(), filter);
        let words = "entryType=Event&province=DONG_NAI%2CNGHE_AN&locale=en&first=7&after=B";
        assert_eq!(one.words(Some("B")), words);
        assert_eq!(one.subject(), "entryType=Event&province=DONG_NAI%2CNGHE_AN&locale=en");
        assert_eq!(read("").unwrap(), Wish::default());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_name() {
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
        ] {
            let message = read(query).unwrap_err().into_message();
            assert!(message.starts_with(name), "{query}: {message}");
        }
    }
}
