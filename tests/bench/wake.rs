//! Measures how soon a node returns the writes of another node: two servers on one PostgreSQL
//! database. `cargo run --release -p caunoi-tests --example wake -- postgres://…/database
//! redis://…`; without the second URL there is no Redis.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::time::{Duration, Instant};

use caunoi_domain::draft::{CommonDraft, EventDraft};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{CommandContext, CommandOutcome, CommandReceipt, CommandTarget, Register};
use caunoi_server::Settings;

const ROUNDS: usize = 51;

#[tokio::main]
async fn main() {
    let mut urls = std::env::args().skip(1);
    let database_url = Some(urls.next().expect("the URL of an empty PostgreSQL database"));
    let redis_url = urls.next();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        data_dir: folder.path().to_owned(),
        database_url,
        redis_url,
        ..Settings::default()
    };
    let one = caunoi_server::start(settings.clone()).await.expect("a server");
    let other = caunoi_server::start(settings).await.expect("a second server");
    // Both nodes need time to subscribe.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut took = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let receipt = draft(one.register(), &format!("Wake {round}")).await;
        // Separates the measured write from the one before.
        tokio::time::sleep(Duration::from_millis(37)).await;
        let log = receipt.value.meta.log;
        let since = Instant::now();
        let published = publish(one.register(), &receipt).await;
        let mut moves = other.register().updates();
        while other.register().read_model().public_heads.at(log) < published.position {
            moves.changed().await.expect("the register lives");
        }
        took.push(since.elapsed());
    }
    took.sort();
    println!(
        "from the call to publish to the other node's answer: median {:?}, most {:?}",
        took[ROUNDS / 2],
        took[ROUNDS - 1]
    );
    other.stop().await;
    one.stop().await;
}

fn command_context(register: &Register) -> CommandContext {
    let log = register.read_model().directory.province_by_slug("NGHE_AN").expect("a province").log;
    let actor = Actor::new(Role::Publisher, "bench", Some(log), true).expect("a publisher");
    CommandContext { actor, idempotency_key: None }
}

async fn draft(register: &Register, title: &str) -> CommandReceipt<Entry<Event>> {
    let draft = EventDraft {
        common: CommonDraft {
            unit: "NGHE_AN".to_owned(),
            pillar: "PEOPLE".to_owned(),
            ..CommonDraft::default()
        },
        title: Bilingual { vi: None, en: Some(title.to_owned()) },
        kind: "FESTIVAL".to_owned(),
        when: "2026-11".to_owned(),
        place: "Vinh".to_owned(),
        ..EventDraft::default()
    };
    expect_receipt(
        register.create(command_context(register), &draft, true).await.expect("the register writes"),
    )
}

async fn publish(
    register: &Register,
    receipt: &CommandReceipt<Entry<Event>>,
) -> CommandReceipt<Entry<Event>> {
    let target = CommandTarget { key: receipt.value.key(), expected_version: receipt.value.meta.version };
    expect_receipt(
        register
            .transition(command_context(register), target, Action::Publish, None)
            .await
            .expect("the register writes"),
    )
}

fn expect_receipt(outcome: CommandOutcome<Event>) -> CommandReceipt<Entry<Event>> {
    outcome.unwrap_or_else(|objection| panic!("{objection:?}"))
}
