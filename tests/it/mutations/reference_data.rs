//! Mutations of stewards on reference data: visible to all at once, and refused for other roles.

use serde_json::{Value, json};

use super::{MutationResult, read_entry, relation, write};
use crate::bad_input::assert_nothing_leaks;
use crate::harness::{Server, on_both_engines};

const STEWARD: &str = "steward";
const CLERK: &str = "clerk:DONG_NAI";

/// Executes a mutation on reference data with this input as a role.
async fn update_reference_data(
    server: &Server,
    caller: &str,
    mutation: &str,
    key: &str,
    input: Value,
) -> MutationResult {
    let subject = match mutation {
        "createTerm" => "term",
        "setCountryName" => "country",
        _ => "locality",
    };
    let (first, rest) = mutation.split_at(1);
    let directive = if key.is_empty() { String::new() } else { format!("@idempotent(key: \"{key}\")") };
    let shown = if subject == "term" { "id code" } else { "id revision name(locale: EN)" };
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {directive} {{
            {subject} {{ {shown} }} errors {{ code path message }} cursor
        }} }}",
        first.to_uppercase()
    );
    let variables = json!({ "input": input });
    let answer = match caller {
        "public" => server.execute(&document, variables).await,
        caller => server.execute_as(caller, &document, variables).await,
    };
    // Makes the next query see the write, however busy the machine is.
    server.register().catch_up().await.expect("the database answers");
    let payload = &answer["data"][mutation];
    let (entry, errors) = (payload[subject].clone(), payload["errors"].clone());
    MutationResult { answer, entry, errors }
}

fn everest() -> Value {
    json!({
        "slug": "kr-everest", "country": "KR", "name": {"vi": "Ê-vơ-rét", "en": "Everest"}, "nativeName": "에베레스트",
        "aliases": [{"name": "Everst", "language": "en", "kind": "SPELLING"}], "level": "CITY",
        "location": {"latitude": 35.2285, "longitude": 128.8894}, "wikidataId": "Q1", "note": "Made up.",
    })
}

fn term() -> Value {
    json!({"vocabulary": "FIELD", "code": "SEMICONDUCTORS", "name": {"vi": "Bán dẫn", "en": "Semiconductors"}})
}

async fn locality(server: &Server, slug: &str) -> Value {
    let document = "query($slug: String!) { locality(slug: $slug) {
        id revision slug name(locale: EN) nativeName aliases otherNames { name language kind } country { code }
        level { code } location { latitude longitude } wikidataId note
    } }";
    let mut answer = server.execute(document, json!({ "slug": slug })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["locality"].take()
}

async fn country(server: &Server, code: &str) -> Value {
    let document = "query($code: CountryCode!) { country(code: $code) { revision vi: name(locale: VI) en: name(locale: EN) } }";
    let mut answer = server.execute(document, json!({ "code": code })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["country"].take()
}

/// Returns the position of every log, with unpublished changes.
async fn heads(server: &Server) -> Vec<i64> {
    server.register().catch_up().await.expect("the database answers");
    server.register().read_model().heads.values().copied().collect()
}

/// Returns the number of relations and of localities that a search finds.
async fn count_found(server: &Server, caller: &str, word: &str) -> (usize, usize) {
    let document = "query($word: String!) {
        relations(filter: {search: $word}) { nodes { id } }
        localities(search: $word) { nodes { id } }
    }";
    let variables = json!({ "word": word });
    let answer = match caller {
        "public" => server.execute(document, variables).await,
        caller => server.execute_as(caller, document, variables).await,
    };
    let count = |list: &str| answer["data"][list]["nodes"].as_array().map_or(usize::MAX, Vec::len);
    (count("relations"), count("localities"))
}

#[tokio::test]
async fn new_locality_is_visible_to_all() {
    on_both_engines(|server| async move {
        let mut input = relation();
        input["partnerLocality"] = json!("kr-everest");
        let early = write(&server, CLERK, "createRelation", input.clone()).await.refused();
        assert_eq!(early, [("NOT_FOUND".to_owned(), "partnerLocality".to_owned())]);

        let added = update_reference_data(&server, STEWARD, "createLocality", "", everest()).await;
        assert!(added.answer["data"]["createLocality"]["cursor"].is_string(), "{}", added.answer);
        let added = added.expect_entry();
        let shown = locality(&server, "kr-everest").await;
        assert_eq!(
            shown,
            json!({
                "id": added["id"], "revision": added["revision"], "slug": "kr-everest", "name": "Everest",
                "nativeName": "에베레스트", "aliases": ["Everst"],
                "otherNames": [{"name": "Everst", "language": "en", "kind": "SPELLING"}],
                "country": {"code": "KR"}, "level": {"code": "CITY"},
                "location": {"latitude": 35.2285, "longitude": 128.8894}, "wikidataId": "Q1", "note": "Made up.",
            })
        );
        assert_eq!(count_found(&server, "public", "everst").await, (0, 1));
        let draft = write(&server, CLERK, "createRelation", input).await.expect_entry();
        let partner = read_entry(&server, CLERK, &draft, "partnerLocality { name(locale: EN) }").await;
        assert_eq!(partner["partnerLocality"]["name"], "Everest");
        let taken = update_reference_data(&server, STEWARD, "createLocality", "", everest()).await.refused();
        assert_eq!(taken, [("TAKEN".to_owned(), "slug".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn renamed_locality_updates_search_without_entry_changes() {
    on_both_engines(|server| async move {
        let mut input = relation();
        input["partnerLocality"] = json!("jp-yamanashi");
        let draft = write(&server, CLERK, "createRelation", input).await.expect_entry();
        let names = ["Yamanashi", "Kilimanjaro"];
        let mut before = Vec::new();
        for caller in ["public", CLERK] {
            assert_eq!(count_found(&server, caller, names[1]).await, (0, 0), "{caller}");
            before.push(count_found(&server, caller, names[0]).await);
        }
        assert!(before[1].0 > before[0].0 && before[1].1 == 1, "{before:?}");
        let (heads_before, stored) = (heads(&server).await, locality(&server, "jp-yamanashi").await);
        let change = json!({
            "id": stored["id"], "expectedRevision": stored["revision"],
            "name": {"vi": "Kilimanjaro", "en": "Kilimanjaro"}, "nativeName": null, "aliases": null,
        });
        let renamed = update_reference_data(&server, STEWARD, "updateLocality", "", change.clone())
            .await
            .expect_entry();
        assert_eq!(renamed["name"], "Kilimanjaro");
        for (caller, before) in ["public", CLERK].into_iter().zip(before) {
            assert_eq!(count_found(&server, caller, names[1]).await, before, "{caller}");
            assert_eq!(count_found(&server, caller, names[0]).await, (0, 0), "{caller}");
        }
        let mut moved = heads_before;
        moved[0] += 1;
        assert_eq!(heads(&server).await, moved, "one change, in the ministry's log");
        let now = locality(&server, "jp-yamanashi").await;
        assert_eq!(
            (&now["aliases"], &now["nativeName"], &now["location"]),
            (&json!([]), &Value::Null, &stored["location"]),
            "what is absent stays, null takes it away"
        );
        assert_eq!(read_entry(&server, CLERK, &draft, "version").await["version"], 1);

        // A caller that read it before must read it again.
        let late = update_reference_data(&server, STEWARD, "updateLocality", "", change).await.refused();
        assert_eq!(late, [("VERSION_CONFLICT".to_owned(), "expectedRevision".to_owned())]);

        // Relations are sorted by the current name of the partner.
        let document = "query($after: String) {
            relations(orderBy: [{by: NAME, direction: ASC}], first: 100, after: $after) {
                nodes { partnerLocality { slug } } pageInfo { endCursor hasNextPage }
            }
        }";
        let (mut listed, mut after) = (Vec::new(), Value::Null);
        loop {
            let answer = server.execute_as(CLERK, document, json!({ "after": after })).await;
            let page = &answer["data"]["relations"];
            let nodes = page["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
            listed.extend(nodes.iter().map(|node| node["partnerLocality"]["slug"] == "jp-yamanashi"));
            if page["pageInfo"]["hasNextPage"] != true {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        let first = listed.iter().position(|is_it| *is_it).expect("it is listed");
        let count = listed.iter().filter(|is_it| **is_it).count();
        assert!(listed[first..first + count].iter().all(|is_it| *is_it), "they stand together");
    })
    .await;
}

#[tokio::test]
async fn country_name_of_the_ministry_is_used() {
    on_both_engines(|server| async move {
        let stored = country(&server, "KR").await;
        let set = |revision: &Value, name: Value| json!({"country": "KR", "expectedRevision": revision, "name": name});
        let input = set(&stored["revision"], json!({"vi": "Đại Hàn Dân Quốc"}));
        let named = update_reference_data(&server, STEWARD, "setCountryName", "", input.clone()).await.expect_entry();
        let now = country(&server, "KR").await;
        assert_eq!(
            now,
            json!({"revision": named["revision"], "vi": "Đại Hàn Dân Quốc", "en": stored["en"]})
        );
        let late = update_reference_data(&server, STEWARD, "setCountryName", "", input).await.refused();
        assert_eq!(late, [("VERSION_CONFLICT".to_owned(), "expectedRevision".to_owned())]);
        let bare = set(&now["revision"], json!({"en": null}));
        let bare = update_reference_data(&server, STEWARD, "setCountryName", "", bare).await.refused();
        assert_eq!(bare, [("REQUIRED".to_owned(), "name.en".to_owned())]);
        let partner = "{ locality(slug: \"kr-gyeongsangnam\") { country { name(locale: VI) } } }";
        let answer = server.execute(partner, Value::Null).await;
        assert_eq!(answer["data"]["locality"]["country"]["name"], "Đại Hàn Dân Quốc");
    })
    .await;
}

#[tokio::test]
async fn new_term_is_usable_at_once() {
    on_both_engines(|server| async move {
        let mut input = relation();
        input["fields"] = json!(["SEMICONDUCTORS"]);
        let early = write(&server, CLERK, "createRelation", input.clone()).await.refused();
        assert_eq!(early, [("NOT_FOUND".to_owned(), "fields.0".to_owned())]);
        update_reference_data(&server, STEWARD, "createTerm", "", term()).await.expect_entry();
        let mut narrower = term();
        (narrower["code"], narrower["parent"]) = (json!("CHIP_DESIGN"), json!("SEMICONDUCTORS"));
        update_reference_data(&server, STEWARD, "createTerm", "", narrower).await.expect_entry();
        let draft = write(&server, CLERK, "createRelation", input).await.expect_entry();
        let fields = read_entry(&server, CLERK, &draft, "fields { code name(locale: VI) }").await;
        assert_eq!(fields["fields"], json!([{"code": "SEMICONDUCTORS", "name": "Bán dẫn"}]));
        let taken = update_reference_data(&server, STEWARD, "createTerm", "", term()).await.refused();
        assert_eq!(taken, [("TAKEN".to_owned(), "code".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn only_steward_writes_reference_data() {
    on_both_engines(|server| async move {
        let stored = locality(&server, "kr-gyeongsangnam").await;
        let korea = country(&server, "KR").await;
        let before = heads(&server).await;
        for (mutation, input) in [
            ("createLocality", everest()),
            (
                "updateLocality",
                json!({"id": stored["id"], "expectedRevision": stored["revision"], "note": "x"}),
            ),
            (
                "setCountryName",
                json!({"country": "KR", "expectedRevision": korea["revision"], "name": {"en": "x"}}),
            ),
            ("createTerm", term()),
        ] {
            for (caller, error_code) in [
                ("public", "UNAUTHENTICATED"),
                ("partner", "FORBIDDEN"),
                (CLERK, "FORBIDDEN"),
                ("publisher:DONG_NAI", "FORBIDDEN"),
                ("analyst", "FORBIDDEN"),
            ] {
                let written = update_reference_data(&server, caller, mutation, "", input.clone()).await;
                assert_eq!(written.error_code(), Some(error_code), "{caller} {mutation}: {}", written.answer);
            }
        }
        assert_eq!(heads(&server).await, before);
    })
    .await;
}

#[tokio::test]
async fn reference_mutation_is_idempotent() {
    on_both_engines(|server| async move {
        let stored = locality(&server, "kr-gyeongsangnam").await;
        let update = json!({"id": stored["id"], "expectedRevision": stored["revision"], "note": "Made up."});
        for (mutation, input) in
            [("createLocality", everest()), ("createTerm", term()), ("updateLocality", update)]
        {
            let first = update_reference_data(&server, STEWARD, mutation, "k", input.clone()).await;
            let before = heads(&server).await;
            let again = update_reference_data(&server, STEWARD, mutation, "k", input.clone()).await;
            assert_eq!(again.answer, first.answer, "{mutation}");
            first.expect_entry();
            let mut other = input;
            other["source"] = json!("seed-001");
            let refused =
                update_reference_data(&server, STEWARD, mutation, "k", other.clone()).await.refused();
            assert_eq!(refused, [("IDEMPOTENCY_CONFLICT".to_owned(), "key".to_owned())], "{mutation}");
            if mutation == "updateLocality" {
                // The current revision: a stale one would be reported before other errors.
                other["expectedRevision"] = locality(&server, "kr-gyeongsangnam").await["revision"].clone();
            }
            let bad =
                update_reference_data(&server, STEWARD, mutation, &"k".repeat(256), other).await.refused();
            assert!(bad.contains(&("INVALID".to_owned(), "key".to_owned())), "{mutation}: {bad:?}");
            assert_eq!(heads(&server).await, before, "{mutation}");
        }
    })
    .await;
}

#[tokio::test]
async fn invalid_input_is_named_and_writes_nothing() {
    on_both_engines(|server| async move {
        let stored = locality(&server, "kr-gyeongsangnam").await;
        let update = json!({"id": stored["id"], "expectedRevision": stored["revision"]});
        let korea = json!({"country": "KR", "expectedRevision": country(&server, "KR").await["revision"], "name": {"en": "x"}});
        let long = "dài ".repeat(3_000);
        let before = heads(&server).await;
        for (mutation, good, field, bad) in [
            ("createLocality", everest(), "slug", json!("everest")),
            ("createLocality", everest(), "slug", Value::Null),
            ("createLocality", everest(), "country", json!("ZZ")),
            ("createLocality", everest(), "name", json!({"vi": "a\0b"})),
            ("createLocality", everest(), "name", json!({})),
            ("createLocality", everest(), "nativeName", json!(long)),
            ("createLocality", everest(), "level", json!("NO_SUCH_LEVEL")),
            ("createLocality", everest(), "location", json!({"latitude": 91, "longitude": 0})),
            ("createLocality", everest(), "location", json!({"latitude": "north", "longitude": 0})),
            ("createLocality", everest(), "isoCode", json!("JP-1")),
            ("createLocality", everest(), "wikidataId", json!("42")),
            ("createLocality", everest(), "validTo", json!("someday")),
            ("createLocality", everest(), "source", json!("no-such-source")),
            ("createLocality", everest(), "aliases", json!([{"name": "x", "language": "en", "kind": "PET_NAME"}])),
            ("createLocality", everest(), "aliases", json!(vec![json!({"name": "x", "language": "en", "kind": "NATIVE"}); 51])),
            ("updateLocality", update.clone(), "id", json!("nope")),
            ("updateLocality", update.clone(), "id", Value::Null),
            ("updateLocality", update.clone(), "expectedRevision", json!("nope")),
            ("updateLocality", update.clone(), "expectedRevision", json!(1)),
            ("updateLocality", update.clone(), "name", Value::Null),
            ("updateLocality", update, "note", json!("a\u{1}b")),
            ("setCountryName", korea.clone(), "country", json!("ZZ")),
            ("setCountryName", korea.clone(), "name", json!({"vi": long})),
            ("setCountryName", korea, "expectedRevision", json!("")),
            ("createTerm", term(), "vocabulary", json!("COLOUR")),
            ("createTerm", term(), "code", json!("chips")),
            ("createTerm", term(), "name", json!({"vi": " "})),
            ("createTerm", term(), "parent", json!("NO_SUCH_FIELD")),
            ("createTerm", term(), "validFrom", json!("soon")),
            ("createTerm", term(), "units", json!(["person"])),
            ("createTerm", term(), "isAdditive", json!(true)),
            ("createTerm", term(), "source", json!("no-such-source")),
        ] {
            let mut input = good;
            input[field] = bad;
            let written = update_reference_data(&server, STEWARD, mutation, "", input.clone()).await;
            assert_nothing_leaks(&written.answer);
            assert!(written.entry.is_null(), "{mutation} took {input}: {}", written.answer);
            let texts = written.answer["errors"].as_array().into_iter().flatten().map(|error| &error["message"]);
            let paths = written.errors.as_array().into_iter().flatten().map(|error| &error["path"]);
            assert!(
                texts.chain(paths).any(|received| received.to_string().contains(field)),
                "{mutation} of {input} does not name {field}: {}",
                written.answer
            );
        }
        assert_eq!(heads(&server).await, before);
    })
    .await;
}
