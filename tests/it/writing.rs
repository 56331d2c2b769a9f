//! What people write, on both engines: who sees it when, who may, what is refused, what is done once.

mod lifecycle;
mod proposals;
mod reference;
mod refusals;
mod repeats;
mod rights;
mod roots;

use serde_json::{Value, json};

use crate::harness::Server;

/// What came of one mutation.
pub(crate) struct Written {
    /// All of the answer.
    pub(crate) answer: Value,
    /// The entry of the payload.
    pub(crate) entry: Value,
    /// What the caller can mend.
    pub(crate) errors: Value,
}

impl Written {
    /// The entry, where nothing was refused.
    pub(crate) fn done(self) -> Value {
        assert!(self.answer["errors"].is_null(), "{}", self.answer);
        assert_eq!(self.errors, json!([]), "{}", self.answer);
        assert!(self.entry["id"].is_string(), "{}", self.answer);
        self.entry
    }

    /// The codes and paths of what the caller can mend; then nothing is shown.
    pub(crate) fn refused(&self) -> Vec<(String, String)> {
        assert!(self.answer["errors"].is_null(), "{}", self.answer);
        assert!(self.entry.is_null(), "{}", self.answer);
        let told = |error: &Value| {
            let path = error["path"].as_array().expect("a path").iter();
            let path: Vec<&str> = path.filter_map(Value::as_str).collect();
            (error["code"].as_str().unwrap_or_default().to_owned(), path.join("."))
        };
        self.errors.as_array().expect("errors").iter().map(told).collect()
    }

    /// The code of the one fault, where the caller may not at all.
    pub(crate) fn fault(&self) -> Option<&str> {
        self.answer["errors"][0]["extensions"]["code"].as_str()
    }
}

/// What the payload of a mutation calls its entry.
fn subject(mutation: &str) -> &'static str {
    match mutation {
        "createRelation" | "updateRelation" => "relation",
        "createAgreement" | "updateAgreement" | "recordAct" => "agreement",
        "createEvent" | "updateEvent" => "event",
        "createOrganization" | "updateOrganization" => "organization",
        "createProgramme" | "updateProgramme" => "programme",
        _ => "entry",
    }
}

/// The document of a mutation, whose input is the variable `$input`.
pub(crate) fn document(mutation: &str, key: &str) -> String {
    let kind = match (subject(mutation), mutation.split_at(1)) {
        ("entry", _) => "MoveEntryInput".to_owned(),
        (_, (first, rest)) => format!("{}{rest}Input", first.to_uppercase()),
    };
    let directive = if key.is_empty() { String::new() } else { format!("@idempotent(key: {key})") };
    let errors = "__typename code path message ... on VersionConflict { currentVersion current { version } }
        ... on DuplicateSuspected { candidates { code } }";
    format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {directive} {{
            {} {{ __typename id code version publication pending }} errors {{ {errors} }} cursor
        }} }}",
        subject(mutation)
    )
}

/// Asks for a mutation with this input, as somebody.
pub(crate) async fn write(server: &Server, who: &str, mutation: &str, input: Value) -> Written {
    write_under(server, who, mutation, "", input).await
}

/// The same under a key, as GraphQL writes it.
pub(crate) async fn write_under(
    server: &Server,
    who: &str,
    mutation: &str,
    key: &str,
    input: Value,
) -> Written {
    let (document, variables) = (document(mutation, key), json!({ "input": input }));
    let answer = match who {
        "public" => server.ask(&document, variables).await,
        who => server.ask_as(who, &document, variables).await,
    };
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload[subject(mutation)].clone(), payload["errors"].clone());
    Written { answer, entry, errors }
}

/// Moves an entry, in the version that it was told in.
pub(crate) async fn go(server: &Server, who: &str, mutation: &str, entry: &Value) -> Written {
    write(server, who, mutation, json!({"id": entry["id"], "expectedVersion": entry["version"]})).await
}

/// An event of Đồng Nai with a partner in Korea.
pub(crate) fn event(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"en": title}, "kind": "CONFERENCE", "pillar": "STATE",
        "when": "2026-10-05", "partners": ["kr-gyeongsangnam"],
    })
}

/// An agreement of Đồng Nai, signed.
pub(crate) fn agreement(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": title}, "form": "MOU", "pillar": "STATE",
        "partner": "kr-gyeongsangnam", "acts": [{"kind": "SIGN", "on": "2024-05-06"}],
    })
}

/// A relation of Đồng Nai.
pub(crate) fn relation() -> Value {
    json!({
        "province": "DONG_NAI", "partner": "jp-yamanashi", "tier": "COOPERATION", "pillar": "STATE",
        "established": "2015-03",
    })
}

/// An organization of Đồng Nai that befriends Japan.
pub(crate) fn organization(name: &str) -> Value {
    json!({
        "province": "DONG_NAI", "name": {"vi": name}, "kind": "ASSOCIATION", "targetCountry": "JP",
        "founded": "2012-05", "members": {"value": "120", "unit": "person"}, "asOf": "2026-01",
    })
}

/// A programme of Đồng Nai for Laos.
pub(crate) fn programme(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": title}, "kind": "SCHOLARSHIP", "direction": "IN",
        "countries": ["LA"], "period": "2025/2027", "seatsPerYear": {"value": "5", "unit": "seat"},
    })
}

/// The mutation that drafts each kind of entry, and an input with this title or name.
pub(crate) fn drafts(title: &str) -> [(&'static str, Value); 5] {
    [
        ("createRelation", relation()),
        ("createAgreement", agreement(title)),
        ("createEvent", event(title)),
        ("createOrganization", organization(title)),
        ("createProgramme", programme(title)),
    ]
}

/// What somebody sees of an entry that was written.
pub(crate) async fn seen(server: &Server, who: &str, entry: &Value, fields: &str) -> Value {
    let kind = entry["__typename"].as_str().expect("an entry");
    let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    let variables = json!({ "id": entry["id"] });
    let mut answer = match who {
        "public" => server.ask(&document, variables).await,
        who => server.ask_as(who, &document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["node"].take()
}
