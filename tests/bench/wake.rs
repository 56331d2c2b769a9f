//! How soon a node answers with what another one wrote: two registers' worth of servers on one PostgreSQL database.
//!
//! `cargo run --release -p caunoi-tests --example wake -- postgres://…/database redis://…` (without the second: no Redis).

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, reason = "the figures are its output")]

use std::time::{Duration, Instant};

use caunoi_domain::draft::{CommonDraft, EventDraft};
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{Acted, Asked, Receipt, Register, Target};
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
    // Time to hear each other.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut took = Vec::with_capacity(ROUNDS);
    for round in 0..ROUNDS {
        let receipt = draft(one.register(), &format!("Wake {round}")).await;
        // So that the last write is the one that is measured.
        tokio::time::sleep(Duration::from_millis(37)).await;
        let log = receipt.entry.stamp.log;
        let since = Instant::now();
        let published = publish(one.register(), &receipt).await;
        let mut moves = other.register().moves();
        while other.register().replica().positions.at(log) < published.position {
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

fn asked(register: &Register) -> Asked {
    let log = register.replica().directory.province_by_slug("NGHE_AN").expect("a province").log;
    let actor = Actor::new(Role::Publisher, "bench", Some(log), true).expect("a publisher");
    Asked { actor, repeat: None }
}

async fn draft(register: &Register, title: &str) -> Receipt<Event> {
    let draft = EventDraft {
        common: CommonDraft {
            unit: "NGHE_AN".to_owned(),
            pillar: "PEOPLE".to_owned(),
            ..CommonDraft::default()
        },
        title: Bilingual { vi: None, en: Some(title.to_owned()) },
        kind: "FESTIVAL".to_owned(),
        when: "2026-11".to_owned(),
        ..EventDraft::default()
    };
    done(register.create(asked(register), &draft, true).await.expect("the register writes"))
}

async fn publish(register: &Register, receipt: &Receipt<Event>) -> Receipt<Event> {
    let target = Target { key: receipt.entry.key(), expected_version: receipt.entry.stamp.version };
    done(register.go(asked(register), target, Action::Publish, None).await.expect("the register writes"))
}

fn done(acted: Acted<Event>) -> Receipt<Event> {
    acted.unwrap_or_else(|objection| panic!("{objection:?}"))
}
