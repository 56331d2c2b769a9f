//! Entries of several owners: every list, count, feed and right, on both engines.

mod feed;

use futures_util::future::join;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use crate::harness::{Server, connect, database_location, on_both_databases, on_both_engines};
use crate::mutations::{agreement, event, transition, write};

/// Returns the input of an agreement that Đồng Nai registers and signed together with others.
fn shared_agreement(title: &str, others: &[&str]) -> Value {
    let mut input = agreement(title);
    let parties = std::iter::once(&"DONG_NAI").chain(others).map(|slug| json!({ "province": slug }));
    let department = json!({"organization": "Sở Ngoại vụ", "signatory": "Nguyễn Văn An"});
    input["vietnameseParties"] = parties.chain([department]).collect();
    input
}

/// Publishes a new entry of Đồng Nai and returns it.
async fn publish(server: &Server, mutation: &str, input: Value) -> Value {
    let draft = write(server, "clerk:DONG_NAI", mutation, input).await.expect_entry();
    transition(server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry()
}

/// Publishes agreements and events of several owners, and changes some of them without publishing.
pub(crate) async fn share_some(server: &Server) {
    let owners: [&[&str]; 5] = [
        &["HO_CHI_MINH"],
        &["BINH_DUONG", "HO_CHI_MINH"],
        &["QUANG_NAM", "DA_NANG", "HUE"],
        &["HA_NOI"],
        &["YEN_BAI", "CA_MAU"],
    ];
    for (number, owners) in owners.into_iter().enumerate() {
        let mut input = shared_agreement(&format!("Chung {number}"), owners);
        input["allowDuplicate"] = json!(true);
        let shown = publish(server, "createAgreement", input).await;
        let mut input = event(&format!("Joint {number}"));
        input["hosts"] = owners.iter().map(|slug| json!({ "province": slug })).collect();
        publish(server, "createEvent", input).await;
        if number % 2 == 0 {
            let update = json!({
                "id": shown["id"], "expectedVersion": shown["version"], "vietnameseParties": [{"province": "HUE"}],
            });
            write(server, "clerk:DONG_NAI", "updateAgreement", update).await.expect_entry();
        }
    }
}

async fn data(server: &Server, caller: &str, document: &str, variables: Value) -> Value {
    let mut answer = match caller {
        "public" => server.execute(document, variables).await,
        caller => server.execute_as(caller, document, variables).await,
    };
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"].take()
}

const LISTS: &str = "query($slug: String!, $boundaries: Boundaries, $asOf: LocalDate) {
    filtered: agreements(filter: { province: { in: [$slug] } }, boundaries: $boundaries, asOf: $asOf, first: 100) {
        totalCount { value } aggregate { count } nodes { code }
    }
    ofUnit: agreements(filter: { unit: { in: [$slug] } }, boundaries: $boundaries, asOf: $asOf, first: 100) {
        aggregate { count } nodes { code }
    }
    nested: province(slug: $slug) {
        agreements(first: 100) { totalCount { value } aggregate { count } nodes { code } }
    }
}";

/// Returns the numbers of entries with a code in the lists of a province: filtered by province, by
/// unit, and nested. Asserts that counts and rows agree.
async fn listed(server: &Server, caller: &str, slug: &str, code: &Value) -> [usize; 3] {
    let lists = data(server, caller, LISTS, json!({ "slug": slug })).await;
    ["filtered", "ofUnit", "nested"].map(|name| {
        let list = if name == "nested" { &lists[name]["agreements"] } else { &lists[name] };
        let nodes = list["nodes"].as_array().expect("rows");
        assert_eq!(list["aggregate"]["count"], nodes.len(), "{name} of {slug}: {list}");
        nodes.iter().filter(|node| node["code"] == *code).count()
    })
}

const SHARES: &str = "{ agreements {
    aggregate { count share }
    groups(by: [{ key: PROVINCE }], first: 100) { nodes { keys { value } aggregate { count share } } }
} }";

/// Returns the count of the nation, and count and share of some provinces.
async fn shares(server: &Server) -> (i64, Vec<(String, i64, f64)>) {
    let agreements = data(server, "public", SHARES, Value::Null).await["agreements"].take();
    let number = |aggregate: &Value| aggregate["count"].as_i64().expect("a number");
    let share = |aggregate: &Value| aggregate["share"].as_f64().expect("a number");
    let nation = &agreements["aggregate"];
    assert!((share(nation) - exact(number(nation))).abs() < 1e-9);
    let groups = agreements["groups"]["nodes"].as_array().expect("groups").iter();
    let groups = groups.map(|group| {
        let slug = group["keys"][0]["value"].as_str().expect("a slug").to_owned();
        (slug, number(&group["aggregate"]), share(&group["aggregate"]))
    });
    (number(nation), groups.collect())
}

/// Returns a count as a fraction.
fn exact(count: i64) -> f64 {
    f64::from(i32::try_from(count).expect("a small count"))
}

fn of<'a>(groups: &'a [(String, i64, f64)], slug: &str) -> &'a (String, i64, f64) {
    groups.iter().find(|(of, _, _)| of == slug).expect("a group")
}

#[tokio::test]
async fn shared_entry_is_activity_of_the_relations_of_all_owners() {
    on_both_engines(|server| async move {
        // REL-0001 is of An Giang with Kandal.
        let state = async || {
            let document =
                "{ relation(by: { code: \"REL-0001\" }) { id lastActivityOn history { nodes { author } } }
                statistics { coverage(period: \"2026\") { filed } } }";
            data(&server, "clerk:AN_GIANG", document, Value::Null).await
        };
        let before = state().await;
        let mut input = event("Joint visit");
        input["partnerLocalities"] = json!(["kh-kandal"]);
        input["hosts"] = json!([{"province": "AN_GIANG"}, {"province": "DONG_NAI"}]);
        let shown = publish(&server, "createEvent", input).await;
        let after = state().await;
        assert_eq!(after["relation"]["lastActivityOn"], "2026-10-05");
        let authors = after["relation"]["history"]["nodes"].as_array().expect("changes");
        let author = format!("shared:{}", shown["code"].as_str().expect("a code"));
        assert_eq!(authors.last().expect("a change")["author"], author.as_str());
        assert_eq!(after["statistics"]["coverage"]["filed"], 1, "An Giang itself has not filed");
        transition(&server, "publisher:DONG_NAI", "withdrawEntry", &shown).await.expect_entry();
        assert_eq!(state().await["relation"]["lastActivityOn"], before["relation"]["lastActivityOn"]);
    })
    .await;
}

#[tokio::test]
async fn shared_agreement_is_in_the_lists_of_its_owners_and_once_in_the_nation() {
    on_both_engines(|server| async move {
        let (nation, before) = shares(&server).await;
        let input = shared_agreement("Bản ghi nhớ chung", &["HO_CHI_MINH"]);
        let draft = write(&server, "clerk:DONG_NAI", "createAgreement", input).await.expect_entry();
        let code = &draft["code"];
        assert_eq!(listed(&server, "clerk:DONG_NAI", "DONG_NAI", code).await, [1, 1, 1]);
        for caller in ["public", "clerk:HO_CHI_MINH", "analyst"] {
            assert_eq!(listed(&server, caller, "HO_CHI_MINH", code).await, [0, 0, 0], "{caller}: a draft");
        }
        let shown = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        for caller in ["public", "clerk:DONG_NAI", "clerk:HO_CHI_MINH", "analyst"] {
            for slug in ["DONG_NAI", "HO_CHI_MINH"] {
                assert_eq!(listed(&server, caller, slug, code).await, [1, 1, 1], "{caller}: {slug}");
            }
            assert_eq!(listed(&server, caller, "DA_NANG", code).await, [0, 0, 0], "{caller}");
        }
        let (nation_after, after) = shares(&server).await;
        assert_eq!(nation_after, nation + 1);
        for slug in ["DONG_NAI", "HO_CHI_MINH"] {
            let ((_, count, share), (_, count_after, share_after)) = (of(&before, slug), of(&after, slug));
            assert_eq!(*count_after, count + 1, "{slug}");
            assert!((share_after - share - 0.5).abs() < 1e-9, "{slug}");
        }
        let sum: f64 = after.iter().map(|(_, _, share)| share).sum();
        assert!((sum - exact(nation_after)).abs() < 1e-9, "{sum} of {nation_after}");
        transition(&server, "publisher:DONG_NAI", "withdrawEntry", &shown).await.expect_entry();
        for slug in ["DONG_NAI", "HO_CHI_MINH"] {
            assert_eq!(listed(&server, "public", slug, code).await, [0, 0, 0], "{slug}: withdrawn");
        }
        assert_eq!(shares(&server).await, (nation, before));
    })
    .await;
}

#[tokio::test]
async fn shared_agreement_names_its_parties_and_owners() {
    on_both_engines(|server| async move {
        let input = shared_agreement("Bản ghi nhớ chung", &["HO_CHI_MINH"]);
        let shown = publish(&server, "createAgreement", input).await;
        let document = "query($id: ID!) { node(id: $id) { ... on Agreement {
            isShared province { slug } owners { slug }
            vietnameseParties { signatory participant { printedName province { slug } unit { slug } organization { code } } }
            parties { printedName party { __typename ... on AdminUnit { slug } ... on Locality { slug } } }
        } } }";
        let node = data(&server, "public", document, json!({ "id": shown["id"] })).await["node"].take();
        assert_eq!(node["isShared"], true);
        assert_eq!(node["province"]["slug"], "DONG_NAI");
        assert_eq!(node["owners"], json!([{"slug": "DONG_NAI"}, {"slug": "HO_CHI_MINH"}]));
        // In 2024, the city within its boundaries of then.
        let city = json!({"slug": "HO_CHI_MINH"});
        assert_eq!(
            node["vietnameseParties"][1]["participant"],
            json!({"printedName": null, "province": city, "unit": city, "organization": null})
        );
        assert_eq!(node["vietnameseParties"][2]["signatory"], "Nguyễn Văn An");
        let names: Vec<&Value> =
            node["parties"].as_array().expect("parties").iter().map(|party| &party["party"]["slug"]).collect();
        assert_eq!(names, ["DONG_NAI", "HO_CHI_MINH", "", "kr-gyeongsangnam"].map(|slug| {
            if slug.is_empty() { Value::Null } else { json!(slug) }
        }).iter().collect::<Vec<_>>());
        assert_eq!(node["parties"][2]["printedName"], "Sở Ngoại vụ");
    })
    .await;
}

#[tokio::test]
async fn former_unit_owns_an_agreement_under_the_boundaries_of_its_time() {
    on_both_engines(|server| async move {
        let input = shared_agreement("Ba tỉnh", &["BINH_DUONG", "HO_CHI_MINH"]);
        let shown = publish(&server, "createAgreement", input).await;
        for (slug, boundaries, as_of, expected) in [
            ("BINH_DUONG", "TODAY", Value::Null, 1),
            ("BINH_DUONG", "AT_THE_TIME", json!("2025-06-30"), 1),
            ("BINH_DUONG", "AT_THE_TIME", json!("2025-07-01"), 0),
            ("HO_CHI_MINH", "TODAY", Value::Null, 1),
            ("HO_CHI_MINH", "AT_THE_TIME", json!("2025-06-30"), 1),
            ("HO_CHI_MINH", "AT_THE_TIME", json!("2025-07-01"), 1),
        ] {
            let document = "query($slug: String!, $boundaries: Boundaries, $asOf: LocalDate) {
                agreements(filter: { province: { in: [$slug] } }, boundaries: $boundaries, asOf: $asOf, first: 100) {
                    aggregate { count } nodes { code }
                }
            }";
            let variables = json!({ "slug": slug, "boundaries": boundaries, "asOf": as_of });
            let list = data(&server, "public", document, variables).await["agreements"].take();
            let nodes = list["nodes"].as_array().expect("rows");
            let found = nodes.iter().filter(|node| node["code"] == shown["code"]).count();
            assert_eq!(found, expected, "{slug} {boundaries} {as_of}");
            assert_eq!(list["aggregate"]["count"], nodes.len());
        }
        // Two of the three units are one province today.
        let (_, groups) = shares(&server).await;
        assert!(of(&groups, "HO_CHI_MINH").2.fract() > 0.4);
        assert_eq!(listed(&server, "public", "HO_CHI_MINH", &shown["code"]).await, [1, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn further_owner_cannot_change_a_shared_entry() {
    on_both_engines(|server| async move {
        let input = shared_agreement("Bản ghi nhớ chung", &["HO_CHI_MINH"]);
        let shown = publish(&server, "createAgreement", input).await;
        let update = json!({"id": shown["id"], "expectedVersion": shown["version"], "title": {"vi": "Khác"}});
        let refused = write(&server, "clerk:HO_CHI_MINH", "updateAgreement", update).await;
        assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{}", refused.answer);
        let refused = transition(&server, "publisher:HO_CHI_MINH", "withdrawEntry", &shown).await;
        assert_eq!(refused.error_code(), Some("FORBIDDEN"), "{}", refused.answer);
    })
    .await;
}

#[tokio::test]
async fn cached_list_of_a_further_owner_is_renewed() {
    on_both_engines(|server| async move {
        let events = "query($slug: String!) { events(filter: { province: { in: [$slug] } }, first: 100) { nodes { code } } }";
        let ask = async |slug: &str| {
            let before = server.statements();
            let answer = data(&server, "public", events, json!({ "slug": slug })).await;
            (answer.to_string(), server.statements() - before)
        };
        for slug in ["HO_CHI_MINH", "DA_NANG"] {
            ask(slug).await;
            assert_eq!(ask(slug).await.1, 0, "cached");
        }
        let mut input = event("Joint conference");
        input["hosts"] = json!([{"province": "DONG_NAI"}]);
        input["coOrganizers"] = json!([{"province": "HO_CHI_MINH"}, {"organization": "VCCI"}]);
        let shown = publish(&server, "createEvent", input).await;
        let code = shown["code"].as_str().expect("a code");
        let (answer, _) = ask("HO_CHI_MINH").await;
        assert!(answer.contains(code), "{answer}");
        assert_eq!(ask("DA_NANG").await.1, 0, "still cached");
        // The event is no longer shared: the list of its former owner is renewed too.
        let update = json!({"id": shown["id"], "expectedVersion": shown["version"], "coOrganizers": null});
        let draft = write(&server, "clerk:DONG_NAI", "updateEvent", update).await.expect_entry();
        let (answer, _) = ask("HO_CHI_MINH").await;
        assert!(answer.contains(code), "a draft changes nothing: {answer}");
        transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        let (answer, _) = ask("HO_CHI_MINH").await;
        assert!(!answer.contains(code), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn provinces_that_share_with_each_other_publish_at_once() {
    on_both_engines(|server| async move {
        let mut other = shared_agreement("Thành phố chủ trì", &["HO_CHI_MINH"]);
        other["province"] = json!("HO_CHI_MINH");
        let own = shared_agreement("Đồng Nai chủ trì", &["HO_CHI_MINH"]);
        for _ in 0..4 {
            let mut own = own.clone();
            own["allowDuplicate"] = json!(true);
            let mut other = other.clone();
            other["allowDuplicate"] = json!(true);
            let own = write(&server, "clerk:DONG_NAI", "createAgreement", own).await.expect_entry();
            let other = write(&server, "clerk:HO_CHI_MINH", "createAgreement", other).await.expect_entry();
            let (one, two) = join(
                transition(&server, "publisher:DONG_NAI", "publishEntry", &own),
                transition(&server, "publisher:HO_CHI_MINH", "publishEntry", &other),
            )
            .await;
            one.expect_entry();
            two.expect_entry();
        }
    })
    .await;
}

#[tokio::test]
async fn integrity_check_holds_shared_entries() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        let shown =
            publish(&server, "createAgreement", shared_agreement("Chung", &["HO_CHI_MINH", "HUE"])).await;
        let update =
            json!({"id": shown["id"], "expectedVersion": shown["version"], "vietnameseParties": [{"province": "HUE"}]});
        let draft = write(&server, "clerk:DONG_NAI", "updateAgreement", update).await.expect_entry();
        let shown = transition(&server, "publisher:DONG_NAI", "publishEntry", &draft).await.expect_entry();
        transition(&server, "publisher:DONG_NAI", "withdrawEntry", &shown).await.expect_entry();
        publish(&server, "createAgreement", shared_agreement("Chung hai", &["HUE"])).await;
        server.stop().await;
        let location = database_location(&settings);
        let checked = async || caunoi_register::verify(&location).await.expect("the database responds");
        checked().await.expect("what is shared holds");
        let database = connect(&settings).await;
        let change_owner = "UPDATE agreement_owner SET owner_id = owner_id + 1";
        database.execute_unprepared(change_owner).await.expect("the database is writable");
        let violation = checked().await.expect_err("the owners differ from the content");
        assert!(violation.place.starts_with("agreement AGR-DONG_NAI-"), "{violation}");
    })
    .await;
}

#[tokio::test]
async fn invalid_participants_are_refused_with_their_paths() {
    on_both_engines(|server| async move {
        let mut input = event("Joint conference");
        input["hosts"] = json!([{"province": "HUE"}, {"province": "HUE"}, {}]);
        input["coOrganizers"] = json!([{"province": "NOWHERE"}]);
        let refused = write(&server, "clerk:DONG_NAI", "createEvent", input).await.refused();
        let paths: Vec<(&str, &str)> =
            refused.iter().map(|(code, path)| (code.as_str(), path.as_str())).collect();
        assert_eq!(
            paths,
            [
                ("INVALID", "hosts.1.province"),
                ("REQUIRED", "hosts.2.province"),
                ("NOT_FOUND", "coOrganizers.0.province"),
            ]
        );
    })
    .await;
}
