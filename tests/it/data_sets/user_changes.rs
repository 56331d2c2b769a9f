//! Newer data sets in a register with user writes.

use caunoi_domain::date::Day;
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::filter::Predicate;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::relation::Relation;
use caunoi_domain::search::SearchTerms;
use caunoi_register::{Register, RegisterReader};
use caunoi_transfer::shipped::{self, Files};
use std::sync::Arc;

use super::database_state::DatabaseState;
use super::{KANDAL, LOCALITIES, load_newer, open, replace_texts};
use crate::harness::on_both_databases;
use crate::harness::publisher::Publisher;

const RELATIONS: &str = include_str!("../../../crates/transfer/data/sister_relations.csv");

/// A relation of An Giang, and its tier in a newer data set.
const TIER: (&str, &str) =
    ("REL-0001,AN_GIANG,AN_GIANG,kh-kandal,COOPERATION,", "REL-0001,AN_GIANG,AN_GIANG,kh-kandal,FRIENDSHIP,");

async fn relation(register: &Arc<Register>) -> Entry<Relation> {
    let reader = RegisterReader::new(Arc::clone(register), Scope::of(&Actor::public()));
    let found = reader.find_by_codes(&["REL-0001".to_owned()]).await;
    found.expect("the database answers").pop().expect("such a relation")
}

#[tokio::test]
async fn newer_data_set_counts_published_entries_as_activity() {
    on_both_databases(|settings| async move {
        let (register, _) = open(&settings, &shipped::version(), |known| Ok(shipped::data_set(known)?))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let register = Arc::new(register);
        let before = relation(&register).await;
        Publisher::of("AN_GIANG", &register).publish_with_partner("kh-kandal", "A meeting").await;
        let alive = relation(&register).await;
        assert!(alive.content.last_activity_on > before.content.last_activity_on);
        assert_eq!(alive.content.last_activity_on, Day::from_ymd_opt(2026, 11, 30));
        register.close().await;

        let files = Files::shipped().with("sister_relations.csv", replace_texts(RELATIONS, &[TIER]));
        let (register, loaded) = load_newer(&settings, &files.expect("a shipped file")).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 1, 0));
        let newer = relation(&register).await;
        assert_ne!(newer.content.tier, alive.content.tier);
        assert_eq!(newer.content.last_activity_on, alive.content.last_activity_on);
        assert_eq!(newer.content.spans, alive.content.spans);
        register.close().await;
        DatabaseState::read(&settings).await.check();
    })
    .await;
}

/// Counts the events whose stored words contain a word.
async fn count_events(register: &Arc<Register>, word: &str) -> usize {
    let reader = RegisterReader::new(Arc::clone(register), Scope::of(&Actor::public()));
    let words = SearchTerms::parse(word).expect("a word");
    let found = reader.find_words::<Event>(&words).await.expect("the database answers");
    let Predicate::OneOf(_, keys) = found else { panic!("not keys: {found:?}") };
    keys.len()
}

#[tokio::test]
async fn stale_node_writes_names_of_a_new_data_set() {
    on_both_databases(|settings| async move {
        let (behind, _) = open(&settings, &shipped::version(), |known| Ok(shipped::data_set(known)?))
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let named = replace_texts(LOCALITIES, &[KANDAL]);
        let files = Files::shipped().with("partner_localities.csv", named).expect("a shipped file");
        let (ahead, _) = load_newer(&settings, &files).await;
        let before = count_events(&ahead, "Durianburg").await;

        Publisher::of("AN_GIANG", &behind).publish_with_partner("kh-kandal", "A meeting").await;
        assert_eq!(count_events(&ahead, "Durianburg").await, before + 1);
        ahead.close().await;
        behind.close().await;
    })
    .await;
}
