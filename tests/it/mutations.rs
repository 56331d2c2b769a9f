//! Mutations on both engines: visibility, permissions, errors, idempotency.

mod acts;
mod hidden_characters;
mod idempotency;
mod idempotency_storage;
mod lifecycle;
mod permissions;
mod proposals;
mod reference_data;
mod roots;
mod sources;
mod summaries;
mod user_errors;
mod withdrawals;

use serde_json::{Value, json};

use crate::harness::Server;

/// A source of the shipped data; what is published names one.
pub(crate) const SOURCE: &str = "seed-000";

/// The result of a mutation.
pub(crate) struct MutationResult {
    /// The whole response.
    pub(crate) answer: Value,
    /// The entry in the payload.
    pub(crate) entry: Value,
    /// The errors in the payload.
    pub(crate) errors: Value,
}

impl MutationResult {
    /// Returns the entry, after checking that there are no errors.
    pub(crate) fn expect_entry(self) -> Value {
        assert!(self.answer["errors"].is_null(), "{}", self.answer);
        assert_eq!(self.errors, json!([]), "{}", self.answer);
        assert!(self.entry["id"].is_string(), "{}", self.answer);
        self.entry
    }

    /// Returns the codes and paths of the errors, after checking that there is no entry.
    pub(crate) fn refused(&self) -> Vec<(String, String)> {
        assert!(self.answer["errors"].is_null(), "{}", self.answer);
        assert!(self.entry.is_null(), "{}", self.answer);
        let received = |error: &Value| {
            let path = error["path"].as_array().expect("a path").iter();
            let path: Vec<&str> = path.filter_map(Value::as_str).collect();
            (error["code"].as_str().unwrap_or_default().to_owned(), path.join("."))
        };
        self.errors.as_array().expect("errors").iter().map(received).collect()
    }

    /// Returns the code of the only top-level error, if there is one.
    pub(crate) fn error_code(&self) -> Option<&str> {
        self.answer["errors"][0]["extensions"]["code"].as_str()
    }
}

/// Returns the field name of the entry in the payload of a mutation.
fn subject(mutation: &str) -> &'static str {
    match mutation {
        "createRelation" | "updateRelation" => "relation",
        "createAgreement" | "updateAgreement" | "recordAct" | "amendAct" | "voidAct" => "agreement",
        "createEvent" | "updateEvent" => "event",
        "createOrganization" | "updateOrganization" => "organization",
        "createProgramme" | "updateProgramme" => "programme",
        _ => "entry",
    }
}

/// Returns the document of a mutation with the variable `$input`.
pub(crate) fn document(mutation: &str, key: &str) -> String {
    let kind = match (subject(mutation), mutation.split_at(1)) {
        ("entry", _) if !mutation.contains("merge") => "MoveEntryInput".to_owned(),
        (_, (first, rest)) => format!("{}{rest}Input", first.to_uppercase()),
    };
    let directive = if key.is_empty() { String::new() } else { format!("@idempotent(key: {key})") };
    let errors = "__typename code path message ... on VersionConflict { currentVersion current { version } }
        ... on DuplicateSuspected { candidates { code } } ... on RuleViolation { rule }";
    format!(
        "mutation($input: {kind}!) {{ {mutation}(input: $input) {directive} {{
            {} {{ __typename id code version publication pending }} errors {{ {errors} }}
            warnings {{ code rule path message }} cursor
        }} }}",
        subject(mutation)
    )
}

/// Executes a mutation with this input as a role.
pub(crate) async fn write(server: &Server, caller: &str, mutation: &str, input: Value) -> MutationResult {
    write_under(server, caller, mutation, "", input).await
}

/// Executes a mutation with an idempotency key, written as GraphQL. A new entry names a source, as
/// published ones do, unless the input says otherwise.
pub(crate) async fn write_under(
    server: &Server,
    caller: &str,
    mutation: &str,
    key: &str,
    mut input: Value,
) -> MutationResult {
    if mutation.starts_with("create") && input.get("sources").is_none() {
        input["sources"] = json!([SOURCE]);
    }
    let (document, variables) = (document(mutation, key), json!({ "input": input }));
    let answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload[subject(mutation)].clone(), payload["errors"].clone());
    MutationResult { answer, entry, errors }
}

/// Executes a transition of an entry with its version, a withdrawal with a reason.
pub(crate) async fn transition(
    server: &Server,
    caller: &str,
    mutation: &str,
    entry: &Value,
) -> MutationResult {
    let mut input = json!({"id": entry["id"], "expectedVersion": entry["version"]});
    if mutation == "withdrawEntry" {
        input["reason"] = json!({"vi": "Nhập trùng", "en": "Entered twice"});
    }
    write(server, caller, mutation, input).await
}

/// Returns the input of an event of Đồng Nai with a partner in Korea.
pub(crate) fn event(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"en": title}, "kind": "CONFERENCE", "pillar": "STATE",
        "heldOn": "2026-10-05", "partnerLocalities": ["kr-gyeongsangnam"],
    })
}

/// Returns the input of a signed agreement of Đồng Nai.
pub(crate) fn agreement(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": title}, "form": "MOU", "pillar": "STATE",
        "partnerLocality": "kr-gyeongsangnam", "acts": [{"kind": "SIGN", "on": "2024-05-06"}],
    })
}

/// Returns the input of a relation of Đồng Nai.
pub(crate) fn relation() -> Value {
    json!({
        "province": "DONG_NAI", "partnerLocality": "jp-yamanashi", "tier": "COOPERATION", "pillar": "STATE",
        "established": "2015-03",
    })
}

/// Returns the input of a friendship association of Đồng Nai with Japan.
pub(crate) fn organization(name: &str) -> Value {
    json!({
        "province": "DONG_NAI", "name": {"vi": name}, "kind": "ASSOCIATION", "targetCountry": "JP",
        "founded": "2012-05", "members": {"value": "120", "unit": "person"}, "asOf": "2026-01",
    })
}

/// Returns the input of a programme of Đồng Nai for Laos.
pub(crate) fn programme(title: &str) -> Value {
    json!({
        "province": "DONG_NAI", "title": {"vi": title}, "kind": "SCHOLARSHIP", "direction": "IN",
        "countries": ["LA"], "period": "2025/2027", "seatsPerYear": {"value": "5", "unit": "seat"},
    })
}

/// Returns the create mutation of each kind of entry, with an input that has this title or name.
pub(crate) fn create_inputs(title: &str) -> [(&'static str, Value); 5] {
    [
        ("createRelation", relation()),
        ("createAgreement", agreement(title)),
        ("createEvent", event(title)),
        ("createOrganization", organization(title)),
        ("createProgramme", programme(title)),
    ]
}

/// Returns the fields of an entry that a role sees; null where it sees none, or only a tombstone.
pub(crate) async fn read_entry(server: &Server, caller: &str, entry: &Value, fields: &str) -> Value {
    let kind = entry["__typename"].as_str().expect("an entry");
    let document = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ {fields} }} }} }}");
    let variables = json!({ "id": entry["id"] });
    let mut answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    let node = answer["data"]["node"].take();
    if node == json!({}) { Value::Null } else { node }
}
