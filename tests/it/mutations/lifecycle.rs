//! Entries from draft to publication and withdrawal.

use serde_json::{Value, json};

use super::{agreement, create_inputs, event, organization, read_entry, relation, transition, write};
use crate::harness::{Server, on_both_engines};

const EVERYBODY: [&str; 7] =
    ["public", "partner", "clerk:DONG_NAI", "publisher:DONG_NAI", "clerk:NGHE_AN", "analyst", "steward"];

async fn assert_seen_by(server: &Server, entry: &Value, some: &[&str]) {
    for caller in EVERYBODY {
        let shown = read_entry(server, caller, entry, "id").await;
        assert_eq!(shown.is_null(), !some.contains(&caller), "{caller}");
    }
}

#[tokio::test]
async fn visibility_follows_the_publication_state() {
    on_both_engines(|server| async move {
        let own = ["clerk:DONG_NAI", "publisher:DONG_NAI"];
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", event("On its way")).await.expect_entry();
        assert_eq!(draft["publication"], "DRAFT");
        assert!(draft["code"].as_str().is_some_and(|code| code.starts_with("EVT-DONG_NAI-")), "{draft}");
        assert_seen_by(&server, &draft, &own).await;

        let submitted = transition(&server, "clerk:DONG_NAI", "submitEntry", &draft).await.expect_entry();
        assert_eq!(submitted["publication"], "SUBMITTED");
        assert_seen_by(&server, &draft, &[&own[..], &["analyst", "steward"]].concat()).await;

        let returned = transition(&server, "steward", "returnEntry", &submitted).await.expect_entry();
        assert_eq!(returned["publication"], "DRAFT");
        assert_seen_by(&server, &draft, &own).await;

        let published =
            transition(&server, "publisher:DONG_NAI", "publishEntry", &returned).await.expect_entry();
        assert_eq!((&published["publication"], &published["version"]), (&json!("PUBLISHED"), &json!(4)));
        assert_seen_by(&server, &draft, &EVERYBODY).await;

        let withdrawn = transition(&server, "steward", "withdrawEntry", &published).await.expect_entry();
        assert_eq!(withdrawn["publication"], "WITHDRAWN");
        for caller in ["public", "partner", "clerk:NGHE_AN"] {
            assert!(read_entry(&server, caller, &draft, "id").await.is_null(), "{caller}");
        }
        let final_ = transition(&server, "publisher:DONG_NAI", "publishEntry", &withdrawn).await;
        assert_eq!(final_.refused(), [("INVALID_TRANSITION".to_owned(), "id".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn every_kind_has_the_same_transitions() {
    on_both_engines(|server| async move {
        for (create, input) in create_inputs("Đường đi") {
            let draft = write(&server, "clerk:DONG_NAI", create, input).await.expect_entry();
            let update = create.replace("create", "update");
            let change = json!({"id": draft["id"], "expectedVersion": 1, "sources": ["seed-001"]});
            let draft = write(&server, "clerk:DONG_NAI", &update, change).await.expect_entry();
            assert_seen_by(&server, &draft, &EVERYBODY[2..4]).await;
            let submitted = transition(&server, "clerk:DONG_NAI", "submitEntry", &draft).await.expect_entry();
            assert!(!read_entry(&server, "analyst", &draft, "id").await.is_null(), "{create}");
            let returned = transition(&server, "steward", "returnEntry", &submitted).await.expect_entry();
            let published =
                transition(&server, "publisher:DONG_NAI", "publishEntry", &returned).await.expect_entry();
            assert_seen_by(&server, &draft, &EVERYBODY).await;
            let fields = "publication pending code version history { nodes { operation entry { code } } }
                may: viewerCan(action: UPDATE) never: viewerCan(action: SUBMIT)";
            let shown = read_entry(&server, "clerk:DONG_NAI", &draft, fields).await;
            let received: Vec<&str> = shown["history"]["nodes"]
                .as_array()
                .expect("changes")
                .iter()
                .map(|change| change["operation"].as_str().expect("a word"))
                .collect();
            assert_eq!(received, ["CREATED", "UPDATED", "SUBMITTED", "RETURNED", "PUBLISHED"], "{create}");
            assert_eq!(shown["history"]["nodes"][4]["entry"]["code"], draft["code"], "{create}");
            assert_eq!((&shown["may"], &shown["never"]), (&json!(true), &json!(false)));
            let public = read_entry(&server, "public", &draft, fields).await;
            assert_eq!(public["history"]["nodes"].as_array().map(Vec::len), Some(1), "{create}");

            let change =
                json!({"id": draft["id"], "expectedVersion": published["version"], "sources": ["seed-002"]});
            let edited = write(&server, "clerk:DONG_NAI", &update, change).await.expect_entry();
            let own = read_entry(&server, "publisher:DONG_NAI", &draft, "publication pending").await;
            assert_eq!(own, json!({"publication": "DRAFT", "pending": "DRAFT"}), "{create}");
            let public = read_entry(&server, "public", &draft, "publication pending").await;
            assert_eq!(public, json!({"publication": "PUBLISHED", "pending": null}), "{create}");
            let again =
                transition(&server, "publisher:DONG_NAI", "publishEntry", &edited).await.expect_entry();
            let gone =
                transition(&server, "publisher:DONG_NAI", "withdrawEntry", &again).await.expect_entry();
            assert_eq!(gone["publication"], "WITHDRAWN", "{create}");
            assert!(read_entry(&server, "public", &draft, "id").await.is_null(), "{create}");
        }
    })
    .await;
}

#[tokio::test]
async fn organization_and_programme_lists_respect_visibility() {
    on_both_engines(|server| async move {
        let publisher = "publisher:DONG_NAI";
        let document = "{
            organizations(filter: {search: \"Everest\"}) {
                totalCount { value } nodes { publication } groups(by: [{key: KIND}]) { nodes { aggregate { count } } }
            }
            programmes(filter: {search: \"Everest\"}) { totalCount { value } nodes { publication } }
            search(query: \"Everest\") { totalCount { value } }
        }";
        let mut written = Vec::new();
        for (create, input) in &create_inputs("Everest")[3..] {
            written.push(write(&server, publisher, create, input.clone()).await.expect_entry());
        }
        let sees = async |caller: &str| {
            let answer = match caller {
                "public" => server.execute(document, Value::Null).await,
                caller => server.execute_as(caller, document, Value::Null).await,
            };
            assert!(answer["errors"].is_null(), "{answer}");
            let count = |list: &str| answer["data"][list]["totalCount"]["value"].as_i64().expect("a count");
            (count("organizations"), count("programmes"), answer)
        };
        for (caller, count) in [("clerk:DONG_NAI", 1), ("public", 0), ("clerk:NGHE_AN", 0), ("steward", 0)] {
            let (organizations, programmes, answer) = sees(caller).await;
            assert_eq!((organizations, programmes), (count, count), "{caller}: {answer}");
        }
        let mut before = server.execute("{ statistics { cursor } }", Value::Null).await;
        for entry in &written {
            transition(&server, publisher, "publishEntry", entry).await.expect_entry();
        }
        // The feed filters them by country.
        let feed = "query($after: Cursor, $country: CountryCode!) {
            changes(after: $after, filter: {country: {in: [$country]}}) { nodes { entry { code } } }
        }";
        let after = before["data"]["statistics"]["cursor"].take();
        for (entry, country) in written.iter().zip(["JP", "LA"]) {
            let answer = server.execute(feed, json!({"after": after, "country": country})).await;
            assert_eq!(
                answer["data"]["changes"]["nodes"],
                json!([{"entry": {"code": entry["code"]}}]),
                "{answer}"
            );
        }
        for caller in ["clerk:DONG_NAI", "public", "steward"] {
            let (organizations, programmes, answer) = sees(caller).await;
            assert_eq!((organizations, programmes), (1, 1), "{caller}: {answer}");
            // The organization and the programme.
            assert_eq!(answer["data"]["search"]["totalCount"]["value"], 2, "{caller}: {answer}");
            assert_eq!(answer["data"]["organizations"]["groups"]["nodes"], json!([{"aggregate": {"count": 1}}]), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn renamed_organization_updates_search_of_agreements() {
    on_both_engines(|server| async move {
        let publisher = "publisher:DONG_NAI";
        let body = write(&server, publisher, "createOrganization", organization("Everest")).await.expect_entry();
        let body = transition(&server, publisher, "publishEntry", &body).await.expect_entry();
        let mut input = agreement("Với tổ chức");
        (input["partnerLocality"], input["partnerOrganization"]) = (Value::Null, body["code"].clone());
        write(&server, publisher, "createAgreement", input).await.expect_entry();
        let document = "query($word: String!) { agreements(filter: {search: $word}) { nodes { version } } }";
        let found = async |word: &str| {
            server.execute_as(publisher, document, json!({ "word": word })).await["data"]["agreements"]["nodes"]
                .take()
        };
        assert_eq!(found("Everest").await, json!([{"version": 1}]));
        let change =
            json!({"id": body["id"], "expectedVersion": body["version"], "name": {"vi": "Kilimanjaro"}});
        let renamed = write(&server, publisher, "updateOrganization", change).await.expect_entry();
        assert_eq!(found("Everest").await, json!([{"version": 1}]), "a draft renames nothing");
        transition(&server, publisher, "publishEntry", &renamed).await.expect_entry();
        // A busy machine may acknowledge the write before its read model has it.
        server.register().catch_up().await.expect("the database answers");
        assert_eq!(
            (found("Everest").await, found("Kilimanjaro").await),
            (json!([]), json!([{"version": 1}]))
        );
    })
    .await;
}

#[tokio::test]
async fn public_sees_published_version_until_edit_is_published() {
    on_both_engines(|server| async move {
        let fields = "version publication pending place title(locale: EN)";
        let draft = write(&server, "publisher:DONG_NAI", "createEvent", event("Shown")).await.expect_entry();
        let published = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let before = read_entry(&server, "public", &draft, fields).await;
        let change = json!({"id": draft["id"], "expectedVersion": published["version"], "place": "Biên Hòa"});
        let edited = write(&server, "clerk:DONG_NAI", "updateEvent", change).await.expect_entry();
        assert_eq!((&edited["publication"], &edited["pending"]), (&json!("DRAFT"), &json!("DRAFT")));
        assert_eq!(read_entry(&server, "public", &draft, fields).await, before);
        assert_eq!(read_entry(&server, "analyst", &draft, fields).await, before);
        let own = read_entry(&server, "clerk:DONG_NAI", &draft, fields).await;
        assert_eq!(
            own,
            json!({"version": 3, "publication": "DRAFT", "pending": "DRAFT", "place": "Biên Hòa", "title": "Shown"})
        );

        let discarded = transition(&server, "publisher:DONG_NAI", "withdrawEntry", &edited).await.expect_entry();
        assert_eq!((&discarded["publication"], &discarded["pending"]), (&json!("PUBLISHED"), &Value::Null));
        let change = json!({"id": draft["id"], "expectedVersion": discarded["version"], "place": "Hà Nội", "title": {"vi": "Đã sửa"}});
        let edited = write(&server, "clerk:DONG_NAI", "updateEvent", change).await.expect_entry();
        transition(&server, "publisher:DONG_NAI", "publishEntry", &edited).await.expect_entry();
        let after = read_entry(&server, "public", &draft, "place titles { value }").await;
        assert_eq!(after, json!({"place": "Hà Nội", "titles": [{"value": "Đã sửa"}, {"value": "Shown"}]}));
    })
    .await;
}

#[tokio::test]
async fn absent_field_stays_and_null_clears() {
    on_both_engines(|server| async move {
        let mut input = event("Whole");
        input["place"] = json!("Vinh");
        input["series"] = json!("Weeks");
        input["delegates"] = json!({"value": "40", "unit": "person", "qualifier": "ABOUT"});
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", input).await.expect_entry();
        let change = json!({"id": draft["id"], "expectedVersion": 1, "place": null, "delegates": null, "title": {"en": null, "vi": "Tuần"}});
        write(&server, "clerk:DONG_NAI", "updateEvent", change).await.expect_entry();
        let fields = "place series delegates { value } titles { value } partnerLocalities { slug }";
        assert_eq!(
            read_entry(&server, "clerk:DONG_NAI", &draft, fields).await,
            json!({"place": null, "series": "Weeks", "delegates": null, "titles": [{"value": "Tuần"}], "partnerLocalities": [{"slug": "kr-gyeongsangnam"}]})
        );
        let bare = json!({"id": draft["id"], "expectedVersion": 2, "title": null, "kind": null});
        let refused = write(&server, "clerk:DONG_NAI", "updateEvent", bare).await.refused();
        assert_eq!(refused, [("REQUIRED".to_owned(), "title".to_owned()), ("REQUIRED".to_owned(), "kind".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn only_own_province_counts_its_drafts() {
    on_both_engines(|server| async move {
        let document = "{ events(first: 5, filter: {search: \"Kilimanjaro\"}) {
            totalCount { value } aggregate { count } nodes { publication }
        } }";
        let draft =
            write(&server, "clerk:DONG_NAI", "createEvent", event("Kilimanjaro")).await.expect_entry();
        for (caller, count) in
            [("clerk:DONG_NAI", 1), ("publisher:DONG_NAI", 1), ("clerk:NGHE_AN", 0), ("analyst", 0)]
        {
            let answer = server.execute_as(caller, document, Value::Null).await;
            let events = &answer["data"]["events"];
            assert_eq!(events["totalCount"]["value"], count, "{caller}: {answer}");
            assert_eq!(events["aggregate"]["count"], count, "{caller}");
            assert_eq!(events["nodes"].as_array().map(Vec::len), Some(count), "{caller}");
        }
        // The `query` field of a payload is evaluated after the write.
        let further = format!(
            "mutation($input: MoveEntryInput!) {{ publishEntry(input: $input) {{ query {document} }} }}"
        );
        let input = json!({"input": {"id": draft["id"], "expectedVersion": 1}});
        let answer = server.execute_as("publisher:DONG_NAI", &further, input).await;
        let events = &answer["data"]["publishEntry"]["query"]["events"];
        assert_eq!(events["totalCount"]["value"], 1, "{answer}");
        assert_eq!(events["nodes"], json!([{"publication": "PUBLISHED"}]));
        let answer = server.execute(document, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 1, "{answer}");
    })
    .await;
}

#[tokio::test]
async fn published_event_reactivates_dormant_relation() {
    on_both_engines(|server| async move {
        let publisher = "publisher:DONG_NAI";
        let tie = write(&server, publisher, "createRelation", relation()).await.expect_entry();
        let tie = transition(&server, publisher, "publishEntry", &tie).await.expect_entry();
        let life = "status(asOf: \"2023-01-01\") lastActivityOn";
        for (when, status, has_status_before) in
            [("2019-05-01", "DORMANT", "ACTIVE"), ("2022-10-05", "ACTIVE", "DORMANT")]
        {
            let mut visit = event(&format!("Visit of {when}"));
            visit["partnerLocalities"] = json!(["jp-yamanashi"]);
            visit["heldOn"] = json!(when);
            let draft = write(&server, publisher, "createEvent", visit).await.expect_entry();
            let before = read_entry(&server, "public", &tie, life).await;
            assert_eq!(before["status"], has_status_before, "a draft wakes nothing");
            transition(&server, publisher, "publishEntry", &draft).await.expect_entry();
            let after = read_entry(&server, "public", &tie, life).await;
            assert_eq!(after, json!({"status": status, "lastActivityOn": when}));
        }
    })
    .await;
}
