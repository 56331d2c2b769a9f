//! Pages of lists in memory with writes between them: no row is missing, and none is repeated.

mod lists;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, event, organization, relation, transition, write};
use lists::{EXPIRING, FRAMEWORKS, LISTS, NAMED, PagedList, SEARCHED, SILENT, SOURCED, is_moved};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";
/// The size of the first page.
const PAGE: usize = 3;

/// A page with its rows as JSON texts.
struct ListPage {
    rows: Vec<String>,
    info: Value,
}

async fn read(server: &Server, list: &PagedList, size: usize, after: &Value) -> ListPage {
    let document = list.document();
    let mut answer = server.execute(&document, json!({"n": size, "c": after})).await;
    assert!(answer["errors"].is_null(), "{document}: {answer}");
    let mut page = answer["data"].pointer_mut(list.pointer).map(Value::take).expect("a connection");
    let rows = page["nodes"].as_array().expect("rows").iter().map(ToString::to_string).collect();
    ListPage { rows, info: page["pageInfo"].take() }
}

/// Reads all rows after a cursor, in small pages.
async fn read_rest(server: &Server, list: &PagedList, after: &Value) -> Vec<String> {
    let (mut rows, mut after) = (Vec::new(), after.clone());
    loop {
        let page = read(server, list, if rows.len() < 10 { 2 } else { 100 }, &after).await;
        let is_behind_a_row = !after.is_null();
        assert_eq!(page.info["hasPreviousPage"], is_behind_a_row, "{}", list.name);
        rows.extend(page.rows);
        if page.info["hasNextPage"] == false {
            return rows;
        }
        after = page.info["endCursor"].clone();
    }
}

/// Reads the first page of each list, writes, and asserts that the following pages contain the
/// earlier rows.
async fn assert_pages_are_complete<Writes: Future<Output = ()>>(
    server: &Server,
    lists: &[PagedList],
    writes: Writes,
) {
    let mut read_before = Vec::new();
    for list in lists {
        let first = read(server, list, PAGE, &Value::Null).await;
        assert_eq!(
            (first.rows.len(), &first.info["hasPreviousPage"]),
            (PAGE, &json!(false)),
            "{}",
            list.name
        );
        read_before.push((first, read_rest(server, list, &Value::Null).await));
    }
    writes.await;
    server.register().catch_up().await.expect("the database answers");
    for (list, (first, before)) in lists.iter().zip(read_before) {
        assert_eq!(first.rows, before[..PAGE], "{}", list.name);
        let mut rest = read_rest(server, list, &first.info["endCursor"]).await;
        // A renamed row moves to the end of the list.
        rest.retain(|row| !is_moved(row));
        assert_eq!(rest, before[PAGE..], "{}", list.name);
        let now = read(server, list, PAGE, &Value::Null).await.rows;
        assert!(!before.contains(&now[0]), "{}: nothing came before the cursor", list.name);
        assert!(!now.contains(&before[0]) && !now.contains(&before[PAGE - 1]), "{}: {now:?}", list.name);
    }
}

async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, CLERK, mutation, input).await.expect_entry();
    transition(server, PUBLISHER, "publishEntry", &draft).await.expect_entry()
}

async fn withdraw(server: &Server, entry: &Value) {
    transition(server, PUBLISHER, "withdrawEntry", entry).await.expect_entry();
}

/// Executes a mutation as a steward, and returns the row of the payload.
async fn update_reference_data(server: &Server, mutation: &str, input: Value) -> Value {
    let (first, rest) = mutation.split_at(1);
    let shown = if mutation == "createTerm" { "term { id }" } else { "locality { id revision }" };
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {{ {shown} errors {{ message path }} }} }}",
        first.to_uppercase()
    );
    let mut answer = server.execute_as("steward", &document, json!({ "input": input })).await;
    assert_eq!(answer["data"][mutation]["errors"], json!([]), "{answer}");
    server.register().catch_up().await.expect("the database answers");
    answer["data"][mutation]["locality"].take()
}

async fn add_locality(server: &Server, number: usize, name: &str) -> Value {
    let input =
        json!({"slug": format!("kr-trang-{number}"), "country": "KR", "name": {"vi": name, "en": name}});
    update_reference_data(server, "createLocality", input).await
}

/// Returns the input of an agreement that is in force from its signature.
fn in_force(title: &str, signed: &str) -> Value {
    let mut input = agreement(title);
    input["entryIntoForce"] = json!("ON_SIGNATURE");
    input["acts"] = json!([{"kind": "SIGN", "on": signed}, {"kind": "ENTER_INTO_FORCE", "on": signed}]);
    input
}

/// Publishes a relation whose last activity was in 1951.
async fn publish_silent(server: &Server, number: usize) -> Value {
    let partner = json!(format!("kr-trang-{number}"));
    let mut input = relation();
    input["partnerLocality"] = partner.clone();
    input["established"] = json!("1950-01");
    let relation = publish(server, "createRelation", input).await;
    let mut input = in_force(&format!("Văn bản {number}"), &format!("1951-01-0{number}"));
    input["partnerLocality"] = partner;
    publish(server, "createAgreement", input).await;
    relation
}

/// Withdraws a relation, with the version that it has after its agreement was written.
async fn withdraw_silent(server: &Server, relation: &Value) {
    let document = "query($id: ID!) { node(id: $id) { ... on Relation { version } } }";
    let answer = server.execute(document, json!({"id": relation["id"]})).await;
    let mut relation = relation.clone();
    relation["version"] = answer["data"]["node"]["version"].clone();
    withdraw(server, &relation).await;
}

/// Publishes an entry of each kind that has groups, in one field of cooperation.
async fn publish_all(server: &Server, number: usize) -> Vec<Value> {
    let title = format!("Trang {number}");
    let (mut relation, mut visit) = (relation(), event(&title));
    relation["partnerLocality"] = json!(format!("kr-trang-{number}"));
    visit["heldOn"] = json!("2024-10-05");
    let mut entries = Vec::new();
    for (mutation, mut input) in [
        ("createRelation", relation),
        ("createAgreement", agreement(&title)),
        ("createEvent", visit),
        ("createOrganization", organization(&title)),
    ] {
        input["fields"] = json!([format!("AA_{number}")]);
        entries.push(publish(server, mutation, input).await);
    }
    entries
}

async fn rename(server: &Server, locality: &Value, name: &str) {
    let name = json!({"vi": name, "en": name});
    let input = json!({"id": locality["id"], "expectedRevision": locality["revision"], "name": name});
    update_reference_data(server, "updateLocality", input).await;
}

#[tokio::test]
async fn expiring_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        let lapsing = |number: usize| {
            let mut input = in_force(&format!("Văn bản {number}"), "2001-05-06");
            input["expires"] = json!(format!("2002-01-0{number}"));
            input
        };
        let mut entries = Vec::new();
        for number in 2..7 {
            entries.push(publish(&server, "createAgreement", lapsing(number)).await);
        }
        assert_pages_are_complete(&server, &[EXPIRING], async {
            withdraw(&server, &entries[0]).await;
            withdraw(&server, &entries[2]).await;
            publish(&server, "createAgreement", lapsing(1)).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn dormant_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        for number in 1..7 {
            add_locality(&server, number, &format!("Trang {number}")).await;
        }
        let mut ties = Vec::new();
        for number in 2..7 {
            ties.push(publish_silent(&server, number).await);
        }
        assert_pages_are_complete(&server, &[SILENT], async {
            withdraw_silent(&server, &ties[0]).await;
            withdraw_silent(&server, &ties[2]).await;
            publish_silent(&server, 1).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn framework_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        for number in 1..7 {
            add_locality(&server, number, &format!("Trang {number}")).await;
        }
        let framework = |number: usize| {
            let mut input = in_force(&format!("Khung {number}"), &format!("1996-04-0{number}"));
            input["form"] = json!("FRAMEWORK");
            input["partnerLocality"] = json!(format!("kr-trang-{number}"));
            input
        };
        let mut entries = Vec::new();
        for number in 2..7 {
            entries.push(publish(&server, "createAgreement", framework(number)).await);
        }
        assert_pages_are_complete(&server, &[FRAMEWORKS], async {
            withdraw(&server, &entries[0]).await;
            withdraw(&server, &entries[2]).await;
            publish(&server, "createAgreement", framework(1)).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn group_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        for number in 1..7 {
            add_locality(&server, number, &format!("Trang {number}")).await;
            let code = format!("AA_{number}");
            let name = json!({"vi": format!("Lĩnh vực {number}"), "en": format!("Field {number}")});
            update_reference_data(
                &server,
                "createTerm",
                json!({"vocabulary": "FIELD", "code": code, "name": name}),
            )
            .await;
        }
        let mut entries = Vec::new();
        for number in 2..7 {
            entries.push(publish_all(&server, number).await);
        }
        assert_pages_are_complete(&server, &lists::GROUPED, async {
            for entry in entries[0].iter().chain(&entries[2]) {
                withdraw(&server, entry).await;
            }
            publish_all(&server, 1).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn locality_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        let mut localities = Vec::new();
        for number in 2..7 {
            localities.push(add_locality(&server, number, &format!("0 trang {number}")).await);
        }
        assert_pages_are_complete(&server, &NAMED, async {
            rename(&server, &localities[0], "Zzz một").await;
            rename(&server, &localities[2], "Zzz hai").await;
            // This name sorts first and ranks first in the search.
            add_locality(&server, 1, "0 trang").await;
        })
        .await;
    })
    .await;
}

/// Writes a source as a steward, and returns it.
async fn write_source(server: &Server, mutation: &str, input: Value) -> Value {
    let (first, rest) = mutation.split_at(1);
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {{
            source {{ id revision }} errors {{ message path }}
        }} }}",
        first.to_uppercase()
    );
    let mut answer = server.execute_as("steward", &document, json!({ "input": input })).await;
    assert_eq!(answer["data"][mutation]["errors"], json!([]), "{answer}");
    answer["data"][mutation]["source"].take()
}

async fn add_source(server: &Server, title: &str) -> Value {
    let input = json!({"province": "MINISTRY", "title": {"vi": title}, "kind": "NEWS", "publisher": "x"});
    write_source(server, "createSource", input).await
}

async fn rename_source(server: &Server, source: &Value, title: &str) {
    let input = json!({"id": source["id"], "expectedRevision": source["revision"], "title": {"vi": title}});
    write_source(server, "updateSource", input).await;
}

#[tokio::test]
async fn source_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        let mut sources = Vec::new();
        for number in 2..7 {
            sources.push(add_source(&server, &format!("0 viet trang {number}")).await);
        }
        server.register().catch_up().await.expect("the database answers");
        assert_pages_are_complete(&server, &SOURCED, async {
            rename_source(&server, &sources[0], "Zzz một").await;
            rename_source(&server, &sources[2], "Zzz hai").await;
            // This title sorts first.
            add_source(&server, "0 viet trang").await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn search_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        let mut entries = Vec::new();
        for number in 2..7 {
            entries.push(publish(&server, "createEvent", event(&format!("Quokka page {number}"))).await);
        }
        assert_pages_are_complete(&server, &[SEARCHED], async {
            withdraw(&server, &entries[0]).await;
            withdraw(&server, &entries[2]).await;
            publish(&server, "createOrganization", organization("Quokka page")).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn every_paged_list_is_tested() {
    on_both_engines(|server| async move {
        let document = "{ __schema { types { name fields { name args { name } } } } }";
        let answer = server.execute(document, Value::Null).await;
        let mut found = BTreeSet::new();
        for kind in answer["data"]["__schema"]["types"].as_array().expect("types") {
            for field in kind["fields"].as_array().into_iter().flatten() {
                if field["args"].as_array().is_some_and(|all| all.iter().any(|arg| arg["name"] == "after")) {
                    let name = |value: &Value| value["name"].as_str().expect("a name").to_owned();
                    found.insert(format!("{}.{}", name(kind), name(field)));
                }
            }
        }
        let in_memory: Vec<&str> = lists::in_memory().map(|list| list.field).collect();
        let rows: BTreeSet<String> = LISTS.iter().copied().chain(in_memory).map(str::to_owned).collect();
        assert_eq!(found, rows, "a new list in pages is read from the database, or is walked here");
    })
    .await;
}
