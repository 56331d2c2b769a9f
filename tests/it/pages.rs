//! Pages of every connection in both directions, with writes between them: no row is missing, and
//! none is repeated.

mod lists;
mod reading;
mod schema;

use serde_json::{Value, json};

use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, event, organization, programme, relation, transition, write};
use lists::{EXPIRING, FIGURES, FRAMEWORKS, NAMED, PROPOSED, SEARCHED, SILENT, SOURCED};
use reading::{Begin, assert_pages_are_complete, read, read_whole};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, CLERK, mutation, input).await.expect_entry();
    transition(server, PUBLISHER, "publishEntry", &draft).await.expect_entry()
}

/// Withdraws an entry, with the version that it has now: a relation is written with its entries.
async fn withdraw(server: &Server, entry: &Value) {
    let document = "query($id: ID!) { node(id: $id) { ... on Entry { version } } }";
    let answer = server.execute(document, json!({"id": entry["id"]})).await;
    let mut entry = entry.clone();
    entry["version"] = answer["data"]["node"]["version"].clone();
    transition(server, PUBLISHER, "withdrawEntry", &entry).await.expect_entry();
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
            withdraw(&server, &ties[0]).await;
            withdraw(&server, &ties[2]).await;
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
            let name = json!({"vi": format!("0 lĩnh vực {number}"), "en": format!("0 field {number}")});
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

/// Publishes an entry of each kind that callers write, all with one partner: the greater the number,
/// the earlier the dates and the later the names.
async fn publish_dated(server: &Server, number: usize) -> Vec<Value> {
    let (title, day) = (format!("0 Trang {number}"), format!("2026-0{}-01", 8 - number));
    let partner = "kr-trang-1";
    let (mut relation, mut agreement, mut visit) = (relation(), agreement(&title), event(&title));
    (relation["partnerLocality"], relation["established"]) = (json!(partner), json!(day));
    agreement["partnerLocality"] = json!(partner);
    agreement["acts"] = json!([{"kind": "SIGN", "on": day}]);
    (visit["partnerLocalities"], visit["heldOn"]) = (json!([partner]), json!(day));
    let mut entries = Vec::new();
    for (mutation, input) in [
        ("createRelation", relation),
        ("createAgreement", agreement),
        ("createEvent", visit),
        ("createOrganization", organization(&title)),
        ("createProgramme", programme(&title)),
    ] {
        entries.push(publish(server, mutation, input).await);
    }
    entries
}

#[tokio::test]
async fn entry_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        add_locality(&server, 1, "Trang").await;
        let mut entries = Vec::new();
        for number in 2..7 {
            entries.push(publish_dated(&server, number).await);
        }
        server.register().catch_up().await.expect("the database answers");
        assert_pages_are_complete(&server, &lists::entries(), async {
            for entry in entries[0].iter().chain(&entries[2]) {
                withdraw(&server, entry).await;
            }
            publish_dated(&server, 1).await;
        })
        .await;
    })
    .await;
}

/// Executes a mutation on proposals, and returns the id of the proposal.
async fn write_proposal(server: &Server, caller: &str, mutation: &str, input: Value) -> Value {
    let (first, rest) = mutation.split_at(1);
    let document = format!(
        "mutation($input: {}{rest}Input!) {{ {mutation}(input: $input) {{ proposal {{ id }} errors {{ message path }} }} }}",
        first.to_uppercase()
    );
    let mut answer = server.execute_as(caller, &document, json!({ "input": input })).await;
    assert_eq!(answer["data"][mutation]["errors"], json!([]), "{answer}");
    answer["data"][mutation]["proposal"]["id"].take()
}

async fn propose(server: &Server, number: usize) -> Value {
    let name = format!("Trang {number}");
    let input = json!({"province": "DONG_NAI", "country": "KR", "name": {"vi": name, "en": name}});
    write_proposal(server, CLERK, "proposeLocality", input).await
}

#[tokio::test]
async fn proposal_pages_return_each_row_once() {
    on_both_engines(|server| async move {
        let mut proposals = Vec::new();
        for number in 2..7 {
            proposals.push(propose(&server, number).await);
        }
        assert_pages_are_complete(&server, &[PROPOSED], async {
            for id in [&proposals[0], &proposals[2]] {
                let input = json!({"id": id, "reason": {"vi": "Đã có", "en": "Known"}});
                write_proposal(&server, "steward", "settleLocalityProposal", input).await;
            }
            propose(&server, 1).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn figure_pages_are_the_same_from_both_ends() {
    on_both_engines(|server| async move {
        for list in FIGURES {
            let rows = read_whole(&server, &list).await;
            let page = read(&server, &list, Begin::Start, 1, &Value::Null).await;
            assert_eq!(page.total, rows.len(), "{}", list.name);
        }
    })
    .await;
}
