//! Framework agreements that nothing came of.

use serde_json::{Value, json};

use super::data;
use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};
use crate::writing::{agreement, event, go, write};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

/// A framework agreement of Đồng Nai, in force from its signature.
fn framework(title: &str, on: &str) -> Value {
    let mut framework = agreement(title);
    framework["form"] = json!("FRAMEWORK");
    framework["entryIntoForce"] = json!("ON_SIGNATURE");
    framework["acts"] = json!([{"kind": "SIGN", "on": on}, {"kind": "ENTER_INTO_FORCE", "on": on}]);
    framework
}

async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, CLERK, mutation, input).await.done();
    go(server, PUBLISHER, "publishEntry", &draft).await.done()
}

/// The codes of those of Đồng Nai on a day.
async fn told(server: &Server, day: &str) -> Vec<String> {
    let document = format!(
        r#"{{ statistics(asOf: "{day}") {{ frameworkOnly(first: 100) {{
            nodes {{ code province {{ slug }} form {{ code }} status }} }} }} }}"#
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

async fn is_told_to(server: &Server, who: &str, framework: &Value) -> bool {
    let document = r#"{ statistics(asOf: "2026-11-28") { frameworkOnly(first: 100) { nodes { code } } } }"#;
    let answer = server.ask_as(who, document, Value::Null).await;
    let codes = walk(&answer, "data.statistics.frameworkOnly.nodes[*].code");
    codes.as_array().expect("a list").contains(&framework["code"])
}

#[tokio::test]
async fn a_framework_stands_alone_until_something_comes_of_it() {
    on_both_engines(|server| async move {
        let of = |entry: &Value| entry["code"].as_str().expect("a code").to_owned();
        let older = publish(&server, "createAgreement", framework("Khung một", "2026-03-01")).await;
        let newer = publish(&server, "createAgreement", framework("Khung hai", "2026-04-01")).await;
        // A later framework is none of what an earlier one is for.
        assert_eq!(told(&server, "2026-11-28").await, [of(&older), of(&newer)]);
        assert_eq!(told(&server, "2026-03-15").await, [of(&older)]);
        assert_eq!(told(&server, "2026-02-28").await, Vec::<String>::new());
        // A document under it fills it for those alone who see the document.
        let mut under = agreement("Văn bản kèm theo");
        under["partner"] = json!("jp-yamanashi");
        under["parent"] = newer["id"].clone();
        under["acts"] = json!([{"kind": "SIGN", "on": "2026-05-01"}]);
        let draft = write(&server, CLERK, "createAgreement", under).await.done();
        assert_eq!(told(&server, "2026-11-28").await, [of(&older), of(&newer)]);
        for (who, sees) in
            [(CLERK, true), (PUBLISHER, true), ("publisher:NGHE_AN", false), ("analyst", false)]
        {
            assert_eq!(is_told_to(&server, who, &newer).await, !sees, "{who}, of a draft");
        }
        let submitted = go(&server, CLERK, "submitEntry", &draft).await.done();
        for (who, sees) in [(CLERK, true), ("clerk:NGHE_AN", false), ("partner", false), ("analyst", true)] {
            assert_eq!(is_told_to(&server, who, &newer).await, !sees, "{who}, of what was submitted");
        }
        let under = go(&server, PUBLISHER, "publishEntry", &submitted).await.done();
        assert_eq!(told(&server, "2026-11-28").await, [of(&older)]);
        assert_eq!(told(&server, "2026-04-30").await, [of(&older), of(&newer)]);
        // An event with the partner is what a framework is for; it was held in October.
        let held = publish(&server, "createEvent", event("Gặp gỡ")).await;
        assert_eq!(told(&server, "2026-11-28").await, Vec::<String>::new());
        assert_eq!(told(&server, "2026-10-04").await, [of(&older)]);
        go(&server, PUBLISHER, "withdrawEntry", &held).await.done();
        assert_eq!(told(&server, "2026-11-28").await, [of(&older)]);
        go(&server, PUBLISHER, "withdrawEntry", &under).await.done();
        assert_eq!(told(&server, "2026-11-28").await, [of(&older), of(&newer)]);
    })
    .await;
}
