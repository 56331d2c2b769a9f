//! Framework agreements without later documents or events.

use serde_json::{Value, json};

use super::data;
use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{agreement, event, transition, write};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

/// Returns the input of a framework agreement of Đồng Nai, in force from its signature.
fn framework(title: &str, on: &str) -> Value {
    let mut framework = agreement(title);
    framework["form"] = json!("FRAMEWORK");
    framework["entryIntoForce"] = json!("ON_SIGNATURE");
    framework["acts"] = json!([{"kind": "SIGN", "on": on}, {"kind": "ENTER_INTO_FORCE", "on": on}]);
    framework
}

async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, CLERK, mutation, input).await.expect_entry();
    transition(server, PUBLISHER, "publishEntry", &draft).await.expect_entry()
}

/// Returns the codes of the listed frameworks of Đồng Nai on a day.
async fn framework_codes(server: &Server, day: &str) -> Vec<String> {
    let document = format!(
        r#"{{ statistics(asOf: "{day}") {{ frameworkOnly(first: 100) {{
            nodes {{ code province {{ slug }} form {{ code }} status(asOf: "{day}") }} }} }} }}"#
    );
    let data = data(server, &document).await;
    let nodes = data["statistics"]["frameworkOnly"]["nodes"].as_array().expect("a list").iter();
    let nodes = nodes.inspect(|node| {
        assert_eq!(
            (&node["form"]["code"], &node["status"]),
            (&json!("FRAMEWORK"), &json!("IN_FORCE")),
            "{node}"
        );
    });
    let own = nodes.filter(|node| node["province"]["slug"] == "DONG_NAI");
    own.map(|node| node["code"].as_str().expect("a code").to_owned()).collect()
}

async fn is_listed_for(server: &Server, caller: &str, framework: &Value) -> bool {
    let document = r#"{ statistics(asOf: "2026-11-28") { frameworkOnly(first: 100) { nodes { code } } } }"#;
    let answer = server.execute_as(caller, document, Value::Null).await;
    let codes = walk(&answer, "data.statistics.frameworkOnly.nodes[*].code");
    codes.as_array().expect("a list").contains(&framework["code"])
}

#[tokio::test]
async fn framework_is_listed_until_something_follows_it() {
    on_both_engines(|server| async move {
        let of = |entry: &Value| entry["code"].as_str().expect("a code").to_owned();
        let older = publish(&server, "createAgreement", framework("Khung một", "2026-03-01")).await;
        let newer = publish(&server, "createAgreement", framework("Khung hai", "2026-04-01")).await;
        // A later framework does not fulfil an earlier one.
        assert_eq!(framework_codes(&server, "2026-11-28").await, [of(&older), of(&newer)]);
        assert_eq!(framework_codes(&server, "2026-03-15").await, [of(&older)]);
        assert_eq!(framework_codes(&server, "2026-02-28").await, Vec::<String>::new());
        // A subsidiary document removes it from the list only for callers that see the document.
        let mut under = agreement("Văn bản kèm theo");
        under["partnerLocality"] = json!("jp-yamanashi");
        under["parent"] = newer["id"].clone();
        under["acts"] = json!([{"kind": "SIGN", "on": "2026-05-01"}]);
        let draft = write(&server, CLERK, "createAgreement", under).await.expect_entry();
        assert_eq!(framework_codes(&server, "2026-11-28").await, [of(&older), of(&newer)]);
        for (caller, sees) in
            [(CLERK, true), (PUBLISHER, true), ("publisher:NGHE_AN", false), ("analyst", false)]
        {
            assert_eq!(is_listed_for(&server, caller, &newer).await, !sees, "{caller}, of a draft");
        }
        let submitted = transition(&server, CLERK, "submitEntry", &draft).await.expect_entry();
        for (caller, sees) in [(CLERK, true), ("clerk:NGHE_AN", false), ("partner", false), ("analyst", true)]
        {
            assert_eq!(
                is_listed_for(&server, caller, &newer).await,
                !sees,
                "{caller}, of what was submitted"
            );
        }
        let under = transition(&server, PUBLISHER, "publishEntry", &submitted).await.expect_entry();
        assert_eq!(framework_codes(&server, "2026-11-28").await, [of(&older)]);
        assert_eq!(framework_codes(&server, "2026-04-30").await, [of(&older), of(&newer)]);
        // An event with the partner fulfils the framework; it was held in October.
        let held = publish(&server, "createEvent", event("Gặp gỡ")).await;
        assert_eq!(framework_codes(&server, "2026-11-28").await, Vec::<String>::new());
        assert_eq!(framework_codes(&server, "2026-10-04").await, [of(&older)]);
        transition(&server, PUBLISHER, "withdrawEntry", &held).await.expect_entry();
        assert_eq!(framework_codes(&server, "2026-11-28").await, [of(&older)]);
        transition(&server, PUBLISHER, "withdrawEntry", &under).await.expect_entry();
        assert_eq!(framework_codes(&server, "2026-11-28").await, [of(&older), of(&newer)]);
    })
    .await;
}
