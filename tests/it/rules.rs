//! The rules of published entries: refused at publishing, warnings in drafts, and the list of what
//! is published and breaks them.

mod days;
mod random_mutations;

use serde_json::{Value, json};

use crate::contract::matcher::walk;
use crate::harness::{Server, on_both_engines};
use crate::mutations::{
    SOURCE, agreement, create_inputs, event, organization, programme, read_entry, relation, transition, write,
};

const CLERK: &str = "clerk:DONG_NAI";
const PUBLISHER: &str = "publisher:DONG_NAI";

/// Returns the rule and path of each violation in a list of a payload.
fn violations(list: &Value) -> Vec<String> {
    let text = |violation: &Value| {
        let path = violation["path"].as_array().into_iter().flatten().filter_map(Value::as_str);
        format!("{} {}", violation["rule"].as_str().unwrap_or("-"), path.collect::<Vec<_>>().join("."))
    };
    list.as_array().into_iter().flatten().map(text).collect()
}

/// Writes as a role; returns the warnings and the errors, each as rule and path.
async fn write_violations(
    server: &Server,
    caller: &str,
    mutation: &str,
    input: Value,
) -> (Vec<String>, Vec<String>) {
    let written = write(server, caller, mutation, input).await;
    let payload = &written.answer["data"][mutation];
    (violations(&payload["warnings"]), violations(&payload["errors"]))
}

fn target(entry: &Value) -> Value {
    json!({"id": entry["id"], "expectedVersion": entry["version"]})
}

#[tokio::test]
async fn agreement_is_published_with_foreign_party_and_sign_act() {
    on_both_engines(|server| async move {
        let mut input = agreement("Bản ghi nhớ chưa đủ");
        input["partnerLocality"] = Value::Null;
        input["acts"] = json!([]);
        let created = write(&server, CLERK, "createAgreement", input).await;
        let warnings = &created.answer["data"]["createAgreement"]["warnings"];
        let missing = ["FOREIGN_PARTY partnerLocality", "SIGN_ACT acts"];
        assert_eq!(violations(warnings), missing);
        assert!(warnings[1]["message"].as_str().is_some_and(|text| text.contains("../2019")), "{warnings}");
        let draft = created.expect_entry();

        let published = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
        assert_eq!(violations(&published.errors), missing);
        assert_eq!(published.errors[0]["code"], "RULE_BROKEN");

        let mut change = target(&draft);
        change["partnerOrganization"] = json!("Kansai Bureau");
        let draft = write(&server, CLERK, "updateAgreement", change).await.expect_entry();
        let without_country = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
        assert_eq!(violations(&without_country.errors), missing);

        let mut change = target(&draft);
        change["country"] = json!("JP");
        let draft = write(&server, CLERK, "updateAgreement", change).await.expect_entry();
        let mut act = target(&draft);
        act["act"] = json!({"kind": "SIGN", "on": "../2019"});
        let signed = write(&server, CLERK, "recordAct", act).await;
        assert_eq!(violations(&signed.answer["data"]["recordAct"]["warnings"]), [""; 0]);
        transition(&server, PUBLISHER, "publishEntry", &signed.expect_entry()).await.expect_entry();
    })
    .await;
}

#[tokio::test]
async fn entries_of_every_kind_are_published_with_a_source_or_the_reason_why_none() {
    on_both_engines(|server| async move {
        for (create, mut input) in create_inputs("Không nguồn") {
            input["sources"] = json!([]);
            let created = write(&server, CLERK, create, input).await;
            assert_eq!(
                violations(&created.answer["data"][create]["warnings"]),
                ["SOURCE sources"],
                "{create}"
            );
            let draft = created.expect_entry();
            let refused = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
            assert_eq!(violations(&refused.errors), ["SOURCE sources"], "{create}");
            let mut change = target(&draft);
            change["noSourceReason"] =
                json!({"vi": "Tỉnh tự ghi nhận", "en": "Recorded by the province itself"});
            let update = create.replace("create", "update");
            let draft = write(&server, CLERK, &update, change).await.expect_entry();
            let mut both = target(&draft);
            both["sources"] = json!([SOURCE]);
            let refused = write(&server, CLERK, &update, both).await.refused();
            assert_eq!(refused, [("INVALID".to_owned(), "noSourceReason".to_owned())], "{create}");
            transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
            let fields = "sources { code } vi: noSourceReason(locale: VI) en: noSourceReason(locale: EN)";
            let shown = read_entry(&server, "public", &draft, fields).await;
            let reason = ("Tỉnh tự ghi nhận", "Recorded by the province itself");
            assert_eq!(shown, json!({"sources": [], "vi": reason.0, "en": reason.1}), "{create}");
        }
    })
    .await;
}

#[tokio::test]
async fn event_is_published_with_date_and_place_or_partner() {
    on_both_engines(|server| async move {
        let mut input = event("Nowhere");
        input["heldOn"] = json!("../2026");
        input["partnerLocalities"] = json!([]);
        let draft = write(&server, CLERK, "createEvent", input).await.expect_entry();
        let refused = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
        assert_eq!(violations(&refused.errors), ["EVENT_DAY heldOn", "EVENT_PLACE_OR_PARTNER place"]);
        assert_eq!(read_entry(&server, CLERK, &draft, "publication").await["publication"], "DRAFT");
        let mut change = target(&draft);
        change["heldOn"] = json!("2026-10");
        change["mode"] = json!("ONLINE");
        let draft = write(&server, CLERK, "updateEvent", change).await.expect_entry();
        transition(&server, PUBLISHER, "publishEntry", &draft).await.expect_entry();
    })
    .await;
}

#[tokio::test]
async fn usual_words_for_units_are_resolved_and_others_refused() {
    on_both_engines(|server| async move {
        for (number, word) in ["người", "people", "Đại biểu"].into_iter().enumerate() {
            let mut input = event(&format!("Counted {number}"));
            input["delegates"] = json!({"value": "5", "unit": word});
            input["allowDuplicate"] = json!(true);
            let draft = write(&server, CLERK, "createEvent", input).await.expect_entry();
            let shown = read_entry(&server, CLERK, &draft, "delegates { unit }").await;
            assert_eq!(shown["delegates"]["unit"], "person", "{word}");
        }
        for (delegates, violation) in [
            (json!({"value": "5", "unit": "con voi"}), "UNIT_OF_QUANTITY delegates.unit"),
            (json!({"value": "-5", "unit": "person"}), "WHOLE_NUMBER delegates"),
            (json!({"value": "2.5", "unit": "person"}), "WHOLE_NUMBER delegates"),
            (json!({"value": "5", "unit": "person", "currency": "USD"}), "CURRENCY delegates.currency"),
        ] {
            let mut input = event("Uncounted");
            input["delegates"] = delegates;
            assert_eq!(write_violations(&server, CLERK, "createEvent", input).await.1, [violation]);
        }
        let mut input = organization("Hội đếm");
        input["members"] = json!({"value": "120", "unit": "hội viên"});
        let draft = write(&server, CLERK, "createOrganization", input).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, "members { unit }").await;
        assert_eq!(shown["members"]["unit"], "members");
        let mut input = programme("Học bổng");
        input["amount"] = json!({"value": "3", "unit": "triệu đồng", "currency": "VND"});
        assert_eq!(
            write_violations(&server, CLERK, "createProgramme", input).await.1,
            ["UNIT_OF_QUANTITY amount.unit"]
        );
    })
    .await;
}

#[tokio::test]
async fn correction_of_a_shipped_entry_demands_no_more_than_it_had() {
    on_both_engines(|server| async move {
        let document = "{ agreements(first: 100, filter: {signedOn: {isNull: true}}) {
            nodes { id __typename version province { slug } } } }";
        let answer = server.execute(document, Value::Null).await;
        let unsigned = &answer["data"]["agreements"]["nodes"][0];
        let slug = unsigned["province"]["slug"].as_str().unwrap_or_else(|| panic!("{answer}"));
        let (clerk, publisher) = (format!("clerk:{slug}"), format!("publisher:{slug}"));
        let mut change = target(unsigned);
        change["title"] = json!({"vi": "Bản ghi nhớ đã đính chính"});
        let draft = write(&server, &clerk, "updateAgreement", change).await.expect_entry();
        let outcome = write(&server, &publisher, "publishEntry", target(&draft)).await;
        let warnings = violations(&outcome.answer["data"]["publishEntry"]["warnings"]);
        assert_eq!(warnings, ["SIGN_ACT acts"]);
        let mut change = target(&outcome.expect_entry());
        change["partnerLocality"] = Value::Null;
        change["partnerOrganization"] = Value::Null;
        let draft = write(&server, &clerk, "updateAgreement", change).await.expect_entry();
        let refused = write(&server, &publisher, "publishEntry", target(&draft)).await;
        assert_eq!(violations(&refused.errors), ["FOREIGN_PARTY partnerLocality"]);
    })
    .await;
}

/// Reads all pages of `ruleViolations`; returns code and rules of each entry.
pub(super) async fn broken(server: &Server, caller: &str, size: usize) -> Vec<(String, Vec<String>)> {
    let document = "query($n: Int!, $c: String) { ruleViolations(first: $n, after: $c) {
        nodes { code entryType entry { code } violations { rule path } } cursor hasMore } }";
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({"n": size, "c": after});
        let answer = match caller {
            "public" => server.execute(document, variables).await,
            caller => server.execute_as(caller, document, variables).await,
        };
        assert!(answer["errors"].is_null(), "{answer}");
        let page = &answer["data"]["ruleViolations"];
        for node in page["nodes"].as_array().expect("a list") {
            assert_eq!(node["entry"]["code"], node["code"], "{node}");
            let code = node["code"].as_str().expect("a code").to_owned();
            all.push((code, violations(&node["violations"])));
        }
        if page["hasMore"] == false {
            return all;
        }
        after = page["cursor"].clone();
    }
}

#[tokio::test]
async fn published_violations_are_listed_for_the_ministry_and_their_province() {
    on_both_engines(|server| async move {
        let all = broken(&server, "steward", 100).await;
        let with = |rule: &str| {
            all.iter().filter(|(_, rules)| rules.iter().any(|known| known.starts_with(rule))).count()
        };
        assert_eq!((with("SIGN_ACT"), with("EVENT_DAY"), with("EVENT_PLACE_OR_PARTNER")), (19, 25, 3));
        assert_eq!(broken(&server, "steward", 7).await, all);
        let own = broken(&server, CLERK, 100).await;
        assert!(!own.is_empty() && own.len() < all.len() && own.iter().all(|entry| all.contains(entry)));
        assert_eq!(broken(&server, "public", 100).await, []);
    })
    .await;
}

#[tokio::test]
async fn partner_locality_in_vietnam_is_refused() {
    on_both_engines(|server| async move {
        let locality = json!({"slug": "vn-moc-chau", "name": {"vi": "Mộc Châu"}, "country": "VN"});
        let created = server
            .execute_as(
                "steward",
                "mutation($input: CreateLocalityInput!) { createLocality(input: $input) {
                    locality { slug } errors { code path message } } }",
                json!({ "input": locality }),
            )
            .await;
        let slug = walk(&created, "data.createLocality.locality.slug");
        assert_eq!(slug, json!("vn-moc-chau"), "{created}");
        let mut input = event("At home");
        input["partnerLocalities"] = json!(["kr-gyeongsangnam", "vn-moc-chau"]);
        let (_, errors) = write_violations(&server, CLERK, "createEvent", input).await;
        assert_eq!(errors, ["FOREIGN_LOCALITY partnerLocalities.1"]);
        let mut input = agreement("Trong nước");
        input["partnerLocality"] = json!("vn-moc-chau");
        let draft = write(&server, CLERK, "createAgreement", input).await.expect_entry();
        let refused = write(&server, PUBLISHER, "publishEntry", target(&draft)).await;
        assert_eq!(violations(&refused.errors), ["FOREIGN_PARTY partnerLocality"]);
    })
    .await;
}

#[tokio::test]
async fn printed_vietnamese_body_is_no_foreign_party() {
    on_both_engines(|server| async move {
        for (name, country, is_foreign) in [
            ("Sở Ngoại vụ tỉnh Đồng Nai", "KR", false),
            ("UBND Thừa Thiên Huế", "KR", false),
            ("People's Committee of Da Nang City", "JP", false),
            ("Trường Đại học Đồng Nai", "JP", false),
            ("Sở Ngoại vụ tỉnh Gyeonggi", "KR", true),
            ("Trường Đại học Kyungpook", "KR", true),
            ("Hiệp hội hữu nghị Hàn Quốc - Đồng Nai", "KR", true),
        ] {
            let mut input = agreement(&format!("Với {name}"));
            (input["partnerLocality"], input["partnerOrganization"]) = (Value::Null, json!(name));
            input["country"] = json!(country);
            let (warnings, errors) = write_violations(&server, CLERK, "createAgreement", input).await;
            let expected: &[&str] = if is_foreign { &[] } else { &["FOREIGN_PARTY partnerLocality"] };
            assert_eq!(warnings, expected, "{name}");
            assert!(errors.is_empty(), "{name}: {errors:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn repeated_partners_count_once() {
    on_both_engines(|server| async move {
        let mut input = event("Đối tác ghi hai lần");
        input["partnerLocalities"] = json!(["kr-gyeongsangnam", "Gyeongnam", "jp-hyogo"]);
        let entry = write(&server, CLERK, "createEvent", input).await.expect_entry();
        let read = read_entry(&server, CLERK, &entry, "partnerLocalities { slug }").await;
        assert_eq!(read["partnerLocalities"], json!([{"slug": "kr-gyeongsangnam"}, {"slug": "jp-hyogo"}]));
    })
    .await;
}

#[tokio::test]
async fn links_never_lead_back_to_the_entry() {
    on_both_engines(|server| async move {
        for (kind, field) in [("Agreement", "renews"), ("Agreement", "parent"), ("Relation", "continues")] {
            let (create, update) = (format!("create{kind}"), format!("update{kind}"));
            let mut chain: Vec<Value> = Vec::new();
            for _ in 0..3 {
                let mut input = if kind == "Agreement" { agreement(field) } else { relation() };
                input["allowDuplicate"] = json!(true);
                if let Some(before) = chain.last() {
                    input[field] = before["code"].clone();
                }
                let entry = write(&server, CLERK, &create, input).await.expect_entry();
                chain.push(transition(&server, PUBLISHER, "publishEntry", &entry).await.expect_entry());
            }
            for named in &chain {
                let mut change = target(&chain[0]);
                change[field] = named["code"].clone();
                let refused = write(&server, CLERK, &update, change).await;
                let error = &refused.errors[0];
                assert_eq!((&error["code"], &error["path"]), (&json!("INVALID"), &json!([field])), "{error}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn texts_without_letters_and_codes_of_no_money_are_refused() {
    on_both_engines(|server| async move {
        let errors = async |mutation, field: &str, value| {
            let mut input =
                if mutation == "createEvent" { event("Có chữ") } else { programme("Có chữ") };
            (input[field], input["allowDuplicate"]) = (value, json!(true));
            let written = write(&server, CLERK, mutation, input).await;
            let refused = written.errors.as_array().cloned().unwrap_or_default();
            refused.iter().map(|error| error["path"].to_string()).collect::<Vec<_>>()
        };
        for blank in ["-", "—", "...", "?!"] {
            assert_eq!(errors("createEvent", "place", json!(blank)).await, ["[\"place\"]"], "{blank}");
            let title = json!({ "vi": blank });
            assert_eq!(errors("createEvent", "title", title).await, ["[\"title\",\"vi\"]"], "{blank}");
        }
        for currency in ["ZZZ", "XXX", "XTS", "XAU"] {
            let amount = json!({"value": "5", "unit": "", "currency": currency});
            let path = ["[\"amount\",\"currency\"]"];
            assert_eq!(errors("createProgramme", "amount", amount).await, path, "{currency}");
        }
        for currency in ["USD", "VND", "LAK", "eur"] {
            let amount = json!({"value": "5", "unit": "", "currency": currency});
            assert!(errors("createProgramme", "amount", amount).await.is_empty(), "{currency}");
        }
    })
    .await;
}
