//! Errors in payloads: they have paths, and nothing is written.

use serde_json::{Value, json};

use super::{agreement, create_inputs, event, organization, programme, read_entry, transition, write};
use crate::harness::on_both_engines;

const CLERK: &str = "clerk:DONG_NAI";

fn expected_error(code: &str, path: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), path.to_owned())]
}

#[tokio::test]
async fn stale_version_is_a_conflict_with_current_entry() {
    on_both_engines(|server| async move {
        let draft = write(&server, CLERK, "createEvent", event("Twice")).await.expect_entry();
        let change = |place: &str| json!({"id": draft["id"], "expectedVersion": 1, "place": place});
        write(&server, CLERK, "updateEvent", change("Huế")).await.expect_entry();
        let late = write(&server, CLERK, "updateEvent", change("Vinh")).await;
        assert_eq!(late.refused(), expected_error("VERSION_CONFLICT", "expectedVersion"));
        let conflict = &late.errors[0];
        assert_eq!(conflict["__typename"], "VersionConflict");
        assert_eq!((&conflict["currentVersion"], &conflict["current"]["version"]), (&json!(2), &json!(2)));
        let moved = transition(&server, CLERK, "submitEntry", &draft).await;
        assert_eq!(moved.refused(), expected_error("VERSION_CONFLICT", "expectedVersion"));
        assert_eq!(read_entry(&server, CLERK, &draft, "place").await["place"], "Huế");
    })
    .await;
}

#[tokio::test]
async fn suspected_duplicate_needs_confirmation() {
    on_both_engines(|server| async move {
        for (mutation, input) in create_inputs("Số 7") {
            let first = write(&server, CLERK, mutation, input.clone()).await.expect_entry();
            let second = write(&server, CLERK, mutation, input.clone()).await;
            assert_eq!(second.refused(), expected_error("DUPLICATE_SUSPECTED", ""), "{mutation}");
            assert_eq!(second.errors[0]["candidates"], json!([{"code": first["code"]}]));
            let mut sure = input;
            sure["allowDuplicate"] = json!(true);
            write(&server, CLERK, mutation, sure).await.expect_entry();
        }
    })
    .await;
}

#[tokio::test]
async fn districts_sign_nothing_since_july_2025() {
    on_both_engines(|server| async move {
        let mut late = agreement("Của huyện");
        late["signingLevel"] = json!("DISTRICT");
        late["acts"] = json!([{"kind": "SIGN", "on": "2025-07-01"}]);
        let refused = write(&server, CLERK, "createAgreement", late).await.refused();
        assert_eq!(refused, expected_error("INVALID", "signingLevel"));
        let mut early = agreement("Của huyện");
        early["signingLevel"] = json!("DISTRICT");
        let draft = write(&server, CLERK, "createAgreement", early).await.expect_entry();
        let act = |kind: &str, on: &str| {
            json!({"id": draft["id"], "expectedVersion": 1, "act": {"kind": kind, "on": on}})
        };
        for (kind, on, code, path) in [
            ("EXTEND", "2025-08-01", "INVALID", "act.on"),
            ("AMEND", "2025-13", "INVALID", "act.on"),
            ("AMEND", "", "REQUIRED", "act.on"),
        ] {
            let refused = write(&server, CLERK, "recordAct", act(kind, on)).await.refused();
            assert_eq!(refused, expected_error(code, path), "{kind} on {on}");
        }
        // It was signed before, and a district signs nothing any more.
        let again = write(&server, CLERK, "recordAct", act("SIGN", "2025-08-01")).await.refused();
        assert_eq!(again, ["act.kind", "act.on"].map(|path| expected_error("INVALID", path)).concat());
        write(&server, CLERK, "recordAct", act("TERMINATE", "2025-08-01")).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, "status acts { kind }").await;
        assert_eq!(shown, json!({"status": "TERMINATED", "acts": [{"kind": "SIGN"}, {"kind": "TERMINATE"}]}));
    })
    .await;
}

#[tokio::test]
async fn state_secret_is_refused_with_other_errors_too() {
    on_both_engines(|server| async move {
        for class in ["CONFIDENTIAL", "SECRET", "TOP_SECRET"] {
            for (mutation, mut input) in create_inputs("Kín") {
                input["secrecy"] = json!(class);
                let refused = write(&server, CLERK, mutation, input).await.refused();
                assert_eq!(refused, expected_error("SECRET_MATTER", "secrecy"), "{mutation}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn ids_must_be_visible_and_of_the_expected_kind() {
    on_both_engines(|server| async move {
        let foreign = json!({
            "province": "NGHE_AN", "title": {"en": "Hidden"}, "form": "MOU", "pillar": "STATE",
            "acts": [{"kind": "SIGN", "on": "2024"}],
        });
        let foreign = write(&server, "clerk:NGHE_AN", "createAgreement", foreign).await.expect_entry();
        let meeting = write(&server, CLERK, "createEvent", event("Of another kind")).await.expect_entry();
        let own = write(&server, CLERK, "createAgreement", agreement("Cha")).await.expect_entry();
        for bad in [&foreign["id"], &meeting["id"], &json!("nope"), &json!("")] {
            let mut input = agreement("Con");
            input["parent"] = bad.clone();
            input["form"] = json!("NO_SUCH_FORM");
            let refused = write(&server, CLERK, "createAgreement", input).await.refused();
            assert_eq!(refused.len(), 2, "what else is wrong is told too: {refused:?}");
            assert!(refused.contains(&expected_error("NOT_FOUND", "parent")[0]), "{refused:?}");
            let mut input = event("Kết quả");
            input["outcomes"] = json!([own["id"], bad]);
            let refused = write(&server, CLERK, "createEvent", input).await.refused();
            assert_eq!(refused, expected_error("NOT_FOUND", "outcomes.1"));
        }
        let itself = json!({"id": own["id"], "expectedVersion": 1, "renews": own["id"]});
        assert_eq!(
            write(&server, CLERK, "updateAgreement", itself).await.refused(),
            expected_error("INVALID", "renews")
        );
        let mut child = agreement("Con");
        child["parent"] = own["id"].clone();
        let child = write(&server, CLERK, "createAgreement", child).await.expect_entry();
        let shown = read_entry(&server, CLERK, &child, "parent { code }").await;
        assert_eq!(shown["parent"]["code"], own["code"]);
    })
    .await;
}

#[tokio::test]
async fn entry_with_no_or_another_partner_is_no_duplicate() {
    on_both_engines(|server| async move {
        write(&server, CLERK, "createOrganization", organization("Hội hữu nghị")).await.expect_entry();
        write(&server, CLERK, "createProgramme", programme("Học bổng")).await.expect_entry();
        for other in [json!("KR"), Value::Null] {
            let mut input = organization("Hội hữu nghị");
            input["targetCountry"] = other.clone();
            write(&server, CLERK, "createOrganization", input).await.expect_entry();
            let mut input = programme("Học bổng");
            input["countries"] = if other.is_null() { other } else { json!([other]) };
            write(&server, CLERK, "createProgramme", input).await.expect_entry();
        }
        let mut input = programme("học bổng");
        (input["countries"], input["partnerName"]) = (json!(["LA", "KR"]), json!("JICA"));
        let refused = write(&server, CLERK, "createProgramme", input.clone()).await;
        assert_eq!(refused.refused(), expected_error("DUPLICATE_SUSPECTED", ""));
        assert_eq!(refused.errors[0]["candidates"].as_array().map(Vec::len), Some(2));
        input["period"] = json!("2028");
        write(&server, CLERK, "createProgramme", input).await.expect_entry();
    })
    .await;
}

#[tokio::test]
async fn stages_amounts_and_parents_are_validated() {
    on_both_engines(|server| async move {
        let stages =
            json!([{"stage": "COMMITTEE", "from": "2019"}, {"stage": "ESTABLISHED", "from": "2022-05"}]);
        let mut input = organization("Hội");
        (input["stages"], input["stage"]) = (stages.clone(), json!("DISSOLVED"));
        let refused = write(&server, CLERK, "createOrganization", input.clone()).await.refused();
        assert_eq!(refused, expected_error("INVALID", "stage"));
        input["stage"] = Value::Null;
        let draft = write(&server, CLERK, "createOrganization", input).await.expect_entry();
        let shown = "stage(asOf: \"2020-06-01\") stages { stage } members { value } kind { code }";
        let before = read_entry(&server, CLERK, &draft, shown).await;
        assert_eq!(
            before,
            json!({"stage": "COMMITTEE", "stages": [{"stage": "COMMITTEE"}, {"stage": "ESTABLISHED"}],
                "members": {"value": "120"}, "kind": {"code": "ASSOCIATION"}})
        );
        // Without `stage`, the last dated stage is the current one.
        let mut more = stages.as_array().expect("stages").clone();
        more.push(json!({"stage": "SUSPENDED", "from": "2026-01-01"}));
        let change = json!({"id": draft["id"], "expectedVersion": 1, "stages": more});
        write(&server, CLERK, "updateOrganization", change).await.expect_entry();
        assert_eq!(read_entry(&server, CLERK, &draft, "stage").await["stage"], "SUSPENDED");
        let own = json!({"id": draft["id"], "expectedVersion": 2, "parent": draft["id"]});
        assert_eq!(
            write(&server, CLERK, "updateOrganization", own).await.refused(),
            expected_error("INVALID", "parent")
        );
        let mut child = organization("Chi hội");
        child["parent"] = draft["id"].clone();
        let child = write(&server, CLERK, "createOrganization", child).await.expect_entry();
        assert_eq!(
            read_entry(&server, CLERK, &child, "parent { code }").await["parent"]["code"],
            draft["code"]
        );

        let mut input = programme("Viện trợ");
        input["amount"] = json!({"value": "1000", "unit": "USD"});
        let refused = write(&server, CLERK, "createProgramme", input.clone()).await.refused();
        assert_eq!(refused, expected_error("REQUIRED", "amount.currency"));
        input["amount"]["currency"] = json!("USD");
        let draft = write(&server, CLERK, "createProgramme", input).await.expect_entry();
        let shown = read_entry(&server, CLERK, &draft, "amount { amount currency } countries { code }").await;
        assert_eq!(
            shown,
            json!({"amount": {"amount": "1000", "currency": "USD"}, "countries": [{"code": "LA"}]})
        );
    })
    .await;
}

#[tokio::test]
async fn messages_are_in_the_requested_language() {
    on_both_engines(|server| async move {
        let document = "mutation($input: CreateEventInput!) { createEvent(input: $input) { errors {
            own: message vi: message(locale: VI) en: message(locale: EN)
        } } }";
        let mut input = event("x");
        input["kind"] = json!("NO_SUCH_KIND");
        let answer = server.execute_as(CLERK, document, json!({ "input": input })).await;
        let error = &answer["data"]["createEvent"]["errors"][0];
        assert_eq!(error["en"], "No term of EVENT_KIND is known as \"NO_SUCH_KIND\".", "{answer}");
        assert_eq!(error["vi"], "Không tìm thấy loại hoạt động đối ngoại \"NO_SUCH_KIND\".");
        assert!(error["own"] != Value::Null);
    })
    .await;
}
