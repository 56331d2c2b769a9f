//! Numbers as the register had recorded them: the same on every node, after years of writes and
//! after a restore up to its fork.

use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::backup::DatabaseBackup;
use crate::harness::publisher::{Publisher, rename_locality};
use crate::harness::{Server, connect, on_both_databases, on_both_engines};

const SLUGS: [&str; 4] = ["NGHE_AN", "DA_NANG", "HUE", "DONG_NAI"];
const PARTNERS: [&str; 3] = ["kr-busan", "la-champasak", "kh-kandal"];

const NUMBERS: &str = "query($knownAt: KnownAt) { statistics(asOf: \"2026-12-31\", knownAt: $knownAt) {
    asOf cursor countingRules
    coverage(period: \"2026-11\") { filed missing { slug } lastFiledOn }
    relations { count inForce statusUnknown earliest latest
        groups(by: [{key: STATUS}]) { nodes { keys { value } aggregate { count statusUnknown } } } }
    agreements { count inForce statusUnknown reportedMissing coverage { filed }
        compare(asOf: \"2025-06-30\") { count inForce statusUnknown coverage { filed } }
        groups(by: [{key: PROVINCE}], first: 50) { nodes { keys { value } aggregate { count inForce } } } }
    events { count distinct(of: LOCALITY) sum(of: DELEGATES) { lower upper }
        groups(by: [{key: PROVINCE}, {bucket: {field: HELD_ON, unit: YEAR}}], first: 100) {
            nodes { keys { value } aggregate { count distinct(of: COUNTRY) } } } }
    hue: events(filter: {province: {in: [\"HUE\"]}}) { count }
} }";

/// One write, in the province at an index of [`SLUGS`].
#[derive(Debug, Clone)]
enum Write {
    Publish(usize),
    PublishWithPartner(usize, usize),
    Draft(usize),
    Retitle(usize),
    Withdraw(usize),
    Confirm(usize),
    Rename(usize),
}

fn write() -> impl Strategy<Value = Write> {
    let province = || 0..SLUGS.len();
    prop_oneof![
        4 => province().prop_map(Write::Publish),
        4 => (province(), 0..PARTNERS.len()).prop_map(|(at, partner)| Write::PublishWithPartner(at, partner)),
        2 => province().prop_map(Write::Draft),
        3 => province().prop_map(Write::Retitle),
        3 => province().prop_map(Write::Withdraw),
        1 => province().prop_map(Write::Confirm),
        1 => (0..PARTNERS.len()).prop_map(Write::Rename),
    ]
}

/// Returns random writes, the same in every run.
fn writes(count: usize) -> Vec<Write> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    prop::collection::vec(write(), count).new_tree(&mut runner).expect("writes").current()
}

/// The published events of each province.
type Published = [Vec<Entry<Event>>; SLUGS.len()];

async fn execute(server: &Server, number: usize, write: &Write, published: &mut Published) {
    let staff_of = |at: usize| Publisher::of(SLUGS[at], server.register());
    let title = format!("Written as number {number}");
    match *write {
        Write::Publish(at) => published[at].push(staff_of(at).publish(&title).await),
        Write::PublishWithPartner(at, partner) => {
            published[at].push(staff_of(at).publish_with_partner(PARTNERS[partner], &title).await);
        }
        Write::Draft(at) => drop(staff_of(at).draft(&title).await),
        Write::Retitle(at) => {
            let Some(entry) = published[at].pop() else { return };
            let draft = staff_of(at).retitle(&entry, &title).await;
            published[at].push(staff_of(at).transition(&draft, Action::Publish).await);
        }
        Write::Withdraw(at) => {
            let Some(entry) = published[at].pop() else { return };
            staff_of(at).transition(&entry, Action::Withdraw).await;
        }
        Write::Confirm(at) => {
            let document = format!(
                r#"mutation {{ confirmPeriod(input: {{province: "{}", period: "2026-11"}}) {{ errors {{ code }} }} }}"#,
                SLUGS[at]
            );
            server.execute_as(&format!("publisher:{}", SLUGS[at]), &document, Value::Null).await;
        }
        Write::Rename(partner) => {
            rename_locality(server.register(), PARTNERS[partner], &title).await;
        }
    }
}

/// Returns the numbers that were known at a cursor; the present ones without one.
async fn numbers(server: &Server, known_at: Option<&Value>) -> Value {
    let mut answer = server.execute(NUMBERS, json!({ "knownAt": known_at })).await;
    assert!(answer["errors"].is_null(), "{answer}");
    answer["data"]["statistics"].take()
}

/// Asserts that a server gives the numbers of every second state again, from the first or the second
/// on.
async fn expect_same(server: &Server, told: &[Value], from: usize) {
    for (number, told) in told.iter().enumerate().skip(from).step_by(2) {
        assert_eq!(numbers(server, Some(&told["cursor"])).await, *told, "after write {number}");
    }
}

/// Asserts that the argument `knownAt` is refused with this message.
fn expect_refusal(refused: &Value, saying: &str) {
    let error = &refused["errors"][0];
    let (code, path) = (&error["extensions"]["code"], &error["extensions"]["path"]);
    assert_eq!((code, path), (&json!("BAD_INPUT"), &json!(["knownAt"])), "{refused}");
    assert!(error["message"].as_str().is_some_and(|text| text.contains(saying)), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_told_once_are_told_again_on_every_node() {
    on_both_databases(|settings| async move {
        // Without Redis the nodes share no cached responses.
        let settings = Settings { redis_url: None, ..settings };
        let one = Server::start(settings.clone()).await;
        let mut published = Published::default();
        let mut told = vec![numbers(&one, None).await];
        for (number, write) in writes(200).iter().enumerate() {
            execute(&one, number, write, &mut published).await;
            told.push(numbers(&one, None).await);
        }
        assert_ne!(told.first(), told.last());
        expect_same(&one, &told, 0).await;
        // On SQLite one server owns the database, so the other node follows the first.
        if settings.database_url.is_some() {
            let other = Server::start(settings.clone()).await;
            expect_same(&other, &told, 1).await;
            other.stop().await;
            one.stop().await;
        } else {
            one.stop().await;
            let again = Server::start(settings).await;
            expect_same(&again, &told, 1).await;
            again.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn cursor_of_an_earlier_epoch_is_valid_up_to_the_fork() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings.clone()).await;
        Publisher::of("NGHE_AN", server.register()).publish("Kept").await;
        let kept = numbers(&server, None).await;
        let backup = DatabaseBackup::take(&settings).await;
        Publisher::of("NGHE_AN", server.register()).publish("Lost").await;
        let lost = numbers(&server, None).await;
        server.stop().await;
        backup.restore().await;
        let database = connect(&settings).await;
        let restore = "DELETE FROM installation WHERE name = 'epoch'";
        database.execute_unprepared(restore).await.expect("the row is there");
        database.close().await.expect("it closes");

        let server = Server::start(settings.clone()).await;
        Publisher::of("NGHE_AN", server.register()).publish("In its place").await;
        let mut again = numbers(&server, Some(&kept["cursor"])).await;
        assert_ne!(again["cursor"], kept["cursor"], "the cursor is of the new epoch");
        assert_eq!(numbers(&server, Some(&again["cursor"])).await, again);
        again["cursor"] = kept["cursor"].clone();
        assert_eq!(again, kept);
        let refused = server.execute_in_english(NUMBERS, json!({"knownAt": lost["cursor"]})).await;
        expect_refusal(&refused, "has lost changes");
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn state_of_an_instant_is_that_of_the_last_change_by_then() {
    on_both_engines(|server| async move {
        let empty = r#"{ statistics(knownAt: "2020-01-01T07:00:00+07:00") { relations { count } coverage { provinces } } }"#;
        let before = server.execute(empty, Value::Null).await["data"]["statistics"].take();
        assert_eq!(before, json!({"relations": {"count": 0}, "coverage": {"provinces": 0}}), "an empty log");
        Publisher::of("HUE", server.register()).publish("Then").await;
        let told = numbers(&server, None).await;
        let latest = "{ latestChanges(first: 1) { nodes { at } } }";
        let answer = server.execute(latest, Value::Null).await;
        let at = &answer["data"]["latestChanges"]["nodes"][0]["at"];
        assert_eq!(numbers(&server, Some(at)).await, told, "{answer}");
        for (given, saying) in [
            ("2999-01-01T00:00:00Z", "has not recorded anything as late as that"),
            ("yesterday", "is not a cursor of this register or an instant"),
            ("2026-01-15", "is not a cursor of this register or an instant"),
        ] {
            let refused = server.execute_in_english(NUMBERS, json!({ "knownAt": given })).await;
            expect_refusal(&refused, saying);
        }
    })
    .await;
}

#[tokio::test]
async fn drafts_never_count_and_lists_of_the_past_are_refused() {
    on_both_engines(|server| async move {
        let publisher = Publisher::of("HUE", server.register());
        publisher.draft("Only a draft").await;
        let own = "query($knownAt: KnownAt) { statistics(asOf: \"2026-12-31\", knownAt: $knownAt) {
            cursor events { count } } }";
        let now = server.execute_as("clerk:HUE", own, Value::Null).await["data"]["statistics"].take();
        let then = server.execute_as("clerk:HUE", own, json!({"knownAt": now["cursor"]})).await;
        let then = &then["data"]["statistics"]["events"]["count"];
        assert_eq!(now["events"]["count"].as_i64(), then.as_i64().map(|count| count + 1));
        for field in [
            "expiring { nodes { code } }",
            "dormant { nodes { code } }",
            "frameworkOnly { nodes { code } }",
            "clashes { from }",
            "alarms { rule }",
        ] {
            let document =
                format!("query($at: KnownAt) {{ statistics(knownAt: $at) {{ {field} }} }}");
            let refused = server.execute_in_english(&document, json!({"at": now["cursor"]})).await;
            let error = &refused["errors"][0];
            assert_eq!(error["extensions"]["code"], "BAD_INPUT", "{refused}");
            assert!(error["message"].as_str().is_some_and(|text| text.contains("knownAt")), "{refused}");
        }
        let search = r#"query($at: KnownAt) { statistics(knownAt: $at) { events(filter: {search: "draft"}) { count } } }"#;
        let refused = server.execute_in_english(search, json!({"at": now["cursor"]})).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_INPUT", "{refused}");
    })
    .await;
}

#[tokio::test]
async fn past_state_is_computed_once_and_its_response_is_cached() {
    on_both_engines(|server| async move {
        let cursor = numbers(&server, None).await["cursor"].take();
        let first = numbers(&server, Some(&cursor)).await;
        Publisher::of("HUE", server.register()).publish("Later").await;
        let before = server.statements();
        assert_eq!(numbers(&server, Some(&cursor)).await, first);
        assert_eq!(server.statements(), before, "a write in a province leaves the past as it is");
        let other = "query($at: KnownAt) { statistics(knownAt: $at) { events { count } } }";
        let answer = server.execute(other, json!({"at": cursor})).await;
        assert!(answer["errors"].is_null(), "{answer}");
        // The epochs, their beginnings and the heads: no change was read again.
        assert_eq!(server.statements(), before + 3);
    })
    .await;
}
