//! From the draft to the public and back.

use serde_json::{Value, json};

use super::{agreement, drafts, event, go, organization, relation, seen, write};
use crate::harness::{Server, on_both_engines};

const EVERYBODY: [&str; 7] =
    ["public", "partner", "clerk:DONG_NAI", "publisher:DONG_NAI", "clerk:NGHE_AN", "analyst", "steward"];

async fn assert_seen_by(server: &Server, entry: &Value, some: &[&str]) {
    for who in EVERYBODY {
        let shown = seen(server, who, entry, "id").await;
        assert_eq!(shown.is_null(), !some.contains(&who), "{who}");
    }
}

#[tokio::test]
async fn a_draft_is_its_provinces_a_submitted_one_the_ministrys_too_a_published_one_everybodys() {
    on_both_engines(|server| async move {
        let own = ["clerk:DONG_NAI", "publisher:DONG_NAI"];
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", event("On its way")).await.done();
        assert_eq!(draft["publication"], "DRAFT");
        assert!(draft["code"].as_str().is_some_and(|code| code.starts_with("EVT-DONG_NAI-")), "{draft}");
        assert_seen_by(&server, &draft, &own).await;

        let submitted = go(&server, "clerk:DONG_NAI", "submitEntry", &draft).await.done();
        assert_eq!(submitted["publication"], "SUBMITTED");
        assert_seen_by(&server, &draft, &[&own[..], &["analyst", "steward"]].concat()).await;

        let returned = go(&server, "steward", "returnEntry", &submitted).await.done();
        assert_eq!(returned["publication"], "DRAFT");
        assert_seen_by(&server, &draft, &own).await;

        let published = go(&server, "publisher:DONG_NAI", "publishEntry", &returned).await.done();
        assert_eq!((&published["publication"], &published["version"]), (&json!("PUBLISHED"), &json!(4)));
        assert_seen_by(&server, &draft, &EVERYBODY).await;

        let withdrawn = go(&server, "steward", "withdrawEntry", &published).await.done();
        assert_eq!(withdrawn["publication"], "WITHDRAWN");
        for who in ["public", "partner", "clerk:NGHE_AN"] {
            assert!(seen(&server, who, &draft, "id").await.is_null(), "{who}");
        }
        let final_ = go(&server, "publisher:DONG_NAI", "publishEntry", &withdrawn).await;
        assert_eq!(final_.refused(), [("INVALID_TRANSITION".to_owned(), "id".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn every_kind_goes_the_same_way() {
    on_both_engines(|server| async move {
        for (create, input) in drafts("Đường đi") {
            let draft = write(&server, "clerk:DONG_NAI", create, input).await.done();
            let update = create.replace("create", "update");
            let change = json!({"id": draft["id"], "expectedVersion": 1, "sources": ["seed-001"]});
            let draft = write(&server, "clerk:DONG_NAI", &update, change).await.done();
            assert_seen_by(&server, &draft, &EVERYBODY[2..4]).await;
            let submitted = go(&server, "clerk:DONG_NAI", "submitEntry", &draft).await.done();
            assert!(!seen(&server, "analyst", &draft, "id").await.is_null(), "{create}");
            let returned = go(&server, "steward", "returnEntry", &submitted).await.done();
            let published = go(&server, "publisher:DONG_NAI", "publishEntry", &returned).await.done();
            assert_seen_by(&server, &draft, &EVERYBODY).await;
            let fields = "publication pending code version history { nodes { operation entry { code } } }
                may: viewerCan(action: UPDATE) never: viewerCan(action: SUBMIT)";
            let shown = seen(&server, "clerk:DONG_NAI", &draft, fields).await;
            let told: Vec<&str> = shown["history"]["nodes"]
                .as_array()
                .expect("changes")
                .iter()
                .map(|change| change["operation"].as_str().expect("a word"))
                .collect();
            assert_eq!(told, ["CREATED", "UPDATED", "SUBMITTED", "RETURNED", "PUBLISHED"], "{create}");
            assert_eq!(shown["history"]["nodes"][4]["entry"]["code"], draft["code"], "{create}");
            assert_eq!((&shown["may"], &shown["never"]), (&json!(true), &json!(false)));
            let public = seen(&server, "public", &draft, fields).await;
            assert_eq!(public["history"]["nodes"].as_array().map(Vec::len), Some(1), "{create}");

            let change = json!({"id": draft["id"], "expectedVersion": published["version"], "sources": []});
            let edited = write(&server, "clerk:DONG_NAI", &update, change).await.done();
            let own = seen(&server, "publisher:DONG_NAI", &draft, "publication pending").await;
            assert_eq!(own, json!({"publication": "DRAFT", "pending": "DRAFT"}), "{create}");
            let public = seen(&server, "public", &draft, "publication pending").await;
            assert_eq!(public, json!({"publication": "PUBLISHED", "pending": null}), "{create}");
            let again = go(&server, "publisher:DONG_NAI", "publishEntry", &edited).await.done();
            let gone = go(&server, "publisher:DONG_NAI", "withdrawEntry", &again).await.done();
            assert_eq!(gone["publication"], "WITHDRAWN", "{create}");
            assert!(seen(&server, "public", &draft, "id").await.is_null(), "{create}");
        }
    })
    .await;
}

#[tokio::test]
async fn organizations_and_programmes_are_listed_as_far_as_they_are_seen() {
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
        for (create, input) in &drafts("Everest")[3..] {
            written.push(write(&server, publisher, create, input.clone()).await.done());
        }
        let sees = async |who: &str| {
            let answer = match who {
                "public" => server.ask(document, Value::Null).await,
                who => server.ask_as(who, document, Value::Null).await,
            };
            assert!(answer["errors"].is_null(), "{answer}");
            let count = |list: &str| answer["data"][list]["totalCount"]["value"].as_i64().expect("a count");
            (count("organizations"), count("programmes"), answer)
        };
        for (who, count) in [("clerk:DONG_NAI", 1), ("public", 0), ("clerk:NGHE_AN", 0), ("steward", 0)] {
            let (organizations, programmes, answer) = sees(who).await;
            assert_eq!((organizations, programmes), (count, count), "{who}: {answer}");
        }
        let mut before = server.ask("{ statistics { cursor } }", Value::Null).await;
        for entry in &written {
            go(&server, publisher, "publishEntry", entry).await.done();
        }
        // The feed tells them by their countries.
        let feed = "query($after: Cursor, $country: CountryCode!) {
            changes(after: $after, filter: {country: {in: [$country]}}) { nodes { entry { code } } }
        }";
        let after = before["data"]["statistics"]["cursor"].take();
        for (entry, country) in written.iter().zip(["JP", "LA"]) {
            let answer = server.ask(feed, json!({"after": after, "country": country})).await;
            assert_eq!(
                answer["data"]["changes"]["nodes"],
                json!([{"entry": {"code": entry["code"]}}]),
                "{answer}"
            );
        }
        for who in ["clerk:DONG_NAI", "public", "steward"] {
            let (organizations, programmes, answer) = sees(who).await;
            assert_eq!((organizations, programmes), (1, 1), "{who}: {answer}");
            assert_eq!(answer["data"]["search"]["totalCount"]["value"], 1, "{who}: {answer}");
            assert_eq!(answer["data"]["organizations"]["groups"]["nodes"], json!([{"aggregate": {"count": 1}}]), "{answer}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_renamed_renames_what_its_agreements_are_found_by() {
    on_both_engines(|server| async move {
        let publisher = "publisher:DONG_NAI";
        let body = write(&server, publisher, "createOrganization", organization("Everest")).await.done();
        let body = go(&server, publisher, "publishEntry", &body).await.done();
        let mut input = agreement("Với tổ chức");
        (input["partner"], input["partnerOrganization"]) = (Value::Null, body["code"].clone());
        write(&server, publisher, "createAgreement", input).await.done();
        let document = "query($word: String!) { agreements(filter: {search: $word}) { nodes { version } } }";
        let found = async |word: &str| {
            server.ask_as(publisher, document, json!({ "word": word })).await["data"]["agreements"]["nodes"]
                .take()
        };
        assert_eq!(found("Everest").await, json!([{"version": 1}]));
        let change =
            json!({"id": body["id"], "expectedVersion": body["version"], "name": {"vi": "Kilimanjaro"}});
        let renamed = write(&server, publisher, "updateOrganization", change).await.done();
        assert_eq!(found("Everest").await, json!([{"version": 1}]), "a draft renames nothing");
        go(&server, publisher, "publishEntry", &renamed).await.done();
        assert_eq!(
            (found("Everest").await, found("Kilimanjaro").await),
            (json!([]), json!([{"version": 1}]))
        );
    })
    .await;
}

#[tokio::test]
async fn the_public_goes_on_seeing_what_was_published_until_the_edit_is() {
    on_both_engines(|server| async move {
        let fields = "version publication pending place title(locale: EN)";
        let draft = write(&server, "publisher:DONG_NAI", "createEvent", event("Shown")).await.done();
        let published = go(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.done();
        let before = seen(&server, "public", &draft, fields).await;
        let change = json!({"id": draft["id"], "expectedVersion": published["version"], "place": "Biên Hòa"});
        let edited = write(&server, "clerk:DONG_NAI", "updateEvent", change).await.done();
        assert_eq!((&edited["publication"], &edited["pending"]), (&json!("DRAFT"), &json!("DRAFT")));
        assert_eq!(seen(&server, "public", &draft, fields).await, before);
        assert_eq!(seen(&server, "analyst", &draft, fields).await, before);
        let own = seen(&server, "clerk:DONG_NAI", &draft, fields).await;
        assert_eq!(
            own,
            json!({"version": 3, "publication": "DRAFT", "pending": "DRAFT", "place": "Biên Hòa", "title": "Shown"})
        );

        let discarded = go(&server, "publisher:DONG_NAI", "withdrawEntry", &edited).await.done();
        assert_eq!((&discarded["publication"], &discarded["pending"]), (&json!("PUBLISHED"), &Value::Null));
        let change = json!({"id": draft["id"], "expectedVersion": discarded["version"], "place": "Hà Nội", "title": {"vi": "Đã sửa"}});
        let edited = write(&server, "clerk:DONG_NAI", "updateEvent", change).await.done();
        go(&server, "publisher:DONG_NAI", "publishEntry", &edited).await.done();
        let after = seen(&server, "public", &draft, "place titles { value }").await;
        assert_eq!(after, json!({"place": "Hà Nội", "titles": [{"value": "Đã sửa"}, {"value": "Shown"}]}));
    })
    .await;
}

#[tokio::test]
async fn absent_stays_and_null_takes_away() {
    on_both_engines(|server| async move {
        let mut input = event("Whole");
        input["place"] = json!("Vinh");
        input["series"] = json!("Weeks");
        input["delegates"] = json!({"value": "40", "unit": "person", "qualifier": "ABOUT"});
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", input).await.done();
        let change = json!({"id": draft["id"], "expectedVersion": 1, "place": null, "delegates": null, "title": {"en": null, "vi": "Tuần"}});
        write(&server, "clerk:DONG_NAI", "updateEvent", change).await.done();
        let fields = "place series delegates { value } titles { value } partners { slug }";
        assert_eq!(
            seen(&server, "clerk:DONG_NAI", &draft, fields).await,
            json!({"place": null, "series": "Weeks", "delegates": null, "titles": [{"value": "Tuần"}], "partners": [{"slug": "kr-gyeongsangnam"}]})
        );
        let bare = json!({"id": draft["id"], "expectedVersion": 2, "title": null, "kind": null});
        let refused = write(&server, "clerk:DONG_NAI", "updateEvent", bare).await.refused();
        assert_eq!(refused, [("REQUIRED".to_owned(), "title".to_owned()), ("REQUIRED".to_owned(), "kind".to_owned())]);
    })
    .await;
}

#[tokio::test]
async fn a_province_counts_its_drafts_and_nobody_else_does() {
    on_both_engines(|server| async move {
        let document = "{ events(first: 5, filter: {search: \"Kilimanjaro\"}) {
            totalCount { value } aggregate { count } nodes { publication }
        } }";
        let draft = write(&server, "clerk:DONG_NAI", "createEvent", event("Kilimanjaro")).await.done();
        for (who, count) in
            [("clerk:DONG_NAI", 1), ("publisher:DONG_NAI", 1), ("clerk:NGHE_AN", 0), ("analyst", 0)]
        {
            let answer = server.ask_as(who, document, Value::Null).await;
            let events = &answer["data"]["events"];
            assert_eq!(events["totalCount"]["value"], count, "{who}: {answer}");
            assert_eq!(events["aggregate"]["count"], count, "{who}");
            assert_eq!(events["nodes"].as_array().map(Vec::len), Some(count), "{who}");
        }
        // What the payload asks further is answered from the state with the write.
        let further = format!(
            "mutation($input: MoveEntryInput!) {{ publishEntry(input: $input) {{ query {document} }} }}"
        );
        let input = json!({"input": {"id": draft["id"], "expectedVersion": 1}});
        let answer = server.ask_as("publisher:DONG_NAI", &further, input).await;
        let events = &answer["data"]["publishEntry"]["query"]["events"];
        assert_eq!(events["totalCount"]["value"], 1, "{answer}");
        assert_eq!(events["nodes"], json!([{"publication": "PUBLISHED"}]));
        let answer = server.ask(document, Value::Null).await;
        assert_eq!(answer["data"]["events"]["totalCount"]["value"], 1, "{answer}");
    })
    .await;
}

#[tokio::test]
async fn an_event_wakes_a_dormant_relation_once_it_is_published() {
    on_both_engines(|server| async move {
        let publisher = "publisher:DONG_NAI";
        let tie = write(&server, publisher, "createRelation", relation()).await.done();
        let tie = go(&server, publisher, "publishEntry", &tie).await.done();
        let life = "status(asOf: \"2023-01-01\") lastActivityOn";
        for (when, status, has_status_before) in
            [("2019-05-01", "DORMANT", "ACTIVE"), ("2022-10-05", "ACTIVE", "DORMANT")]
        {
            let mut visit = event(&format!("Visit of {when}"));
            visit["partners"] = json!(["jp-yamanashi"]);
            visit["when"] = json!(when);
            let draft = write(&server, publisher, "createEvent", visit).await.done();
            let before = seen(&server, "public", &tie, life).await;
            assert_eq!(before["status"], has_status_before, "a draft wakes nothing");
            go(&server, publisher, "publishEntry", &draft).await.done();
            let after = seen(&server, "public", &tie, life).await;
            assert_eq!(after, json!({"status": status, "lastActivityOn": when}));
        }
    })
    .await;
}
