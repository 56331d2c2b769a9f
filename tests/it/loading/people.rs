//! Data sets that come to a register in which people write.

use caunoi_domain::date::Day;
use caunoi_domain::entry::Entry;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::relation::Relation;
use caunoi_register::Register;
use caunoi_transfer::shipped::{self, Files};

use super::state::State;
use super::{KANDAL, LOCALITIES, found, load_newer, open, rewritten};
use crate::harness::desk::Desk;
use crate::harness::on_both_databases;

const RELATIONS: &str = include_str!("../../../crates/transfer/data/sister_relations.csv");

/// A relation of An Giang, and what a newer data set takes it for.
const TIER: (&str, &str) =
    ("REL-0001,AN_GIANG,AN_GIANG,kh-kandal,COOPERATION,", "REL-0001,AN_GIANG,AN_GIANG,kh-kandal,FRIENDSHIP,");

async fn relation(register: &Register) -> Entry<Relation> {
    let found = register.find_by_codes(Scope::of(&Actor::public()), &["REL-0001".to_owned()]).await;
    found.expect("the database answers").pop().expect("such a relation")
}

#[tokio::test]
async fn a_newer_data_set_counts_what_people_published_as_activity() {
    on_both_databases(|settings| async move {
        let (register, _) = open(&settings, &shipped::version(), |known| Ok(shipped::data_set(known)?))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let before = relation(&register).await;
        Desk::of("AN_GIANG", &register).meet("kh-kandal", "A meeting").await;
        let alive = relation(&register).await;
        assert!(alive.content.last_activity_on > before.content.last_activity_on);
        assert_eq!(alive.content.last_activity_on, Day::from_ymd_opt(2026, 11, 30));
        register.close().await;

        let files = Files::shipped().with("sister_relations.csv", rewritten(RELATIONS, &[TIER]));
        let (register, loaded) = load_newer(&settings, &files.expect("a shipped file")).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 1, 0));
        let newer = relation(&register).await;
        assert_ne!(newer.content.tier, alive.content.tier);
        assert_eq!(newer.content.last_activity_on, alive.content.last_activity_on);
        assert_eq!(newer.content.spans, alive.content.spans);
        register.close().await;
        State::read(&settings).await.check();
    })
    .await;
}

#[tokio::test]
async fn whoever_has_not_read_a_load_writes_its_names_all_the_same() {
    on_both_databases(|settings| async move {
        let (behind, _) = open(&settings, &shipped::version(), |known| Ok(shipped::data_set(known)?))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let named = rewritten(LOCALITIES, &[KANDAL]);
        let files = Files::shipped().with("partner_localities.csv", named).expect("a shipped file");
        let (ahead, _) = load_newer(&settings, &files).await;
        let before = found(&ahead, "Durianburg").await;

        Desk::of("AN_GIANG", &behind).meet("kh-kandal", "A meeting").await;
        assert_eq!(found(&ahead, "Durianburg").await, before + 1);
        ahead.close().await;
        behind.close().await;
    })
    .await;
}
