//! `caunoi verify`: it accepts consistent data, and finds and names every alteration made outside
//! of the register.

use std::collections::BTreeSet;

use caunoi_domain::policy::Action;
use caunoi_server::Settings;
use caunoi_store::IntegrityResult;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::harness::publisher::{Publisher, rename_locality};
use crate::harness::{connect, database_location, on_both_databases, open};

/// Alterations, each with the prefix of the place that the report names.
const ALTERATIONS: &[(&str, &str)] = &[
    // Changes and heads of logs.
    ("UPDATE change SET author = 'me' WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET at_us = at_us + 1 WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET reason = 'none' WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET after_text = '{}' WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET after_text = NULL WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET number = number + 1 WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET is_public = FALSE WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    ("UPDATE change SET operation = 'CORRECTED' WHERE province_id = 3 AND position = 2", "log 3 position 2"),
    (
        "UPDATE change SET link = (SELECT link FROM change WHERE province_id = 4 AND position = 1) WHERE province_id = 3 AND position = 2",
        "log 3 position 2",
    ),
    ("DELETE FROM change WHERE province_id = 3 AND position = 2", "log 3 position 3"),
    (
        "DELETE FROM change WHERE province_id = 3 AND position = (SELECT position FROM province_head WHERE province_id = 3)",
        "head of log 3",
    ),
    ("UPDATE province_head SET position = position + 1 WHERE province_id = 3", "head of log 3"),
    ("UPDATE province_head SET public_position = public_position - 1 WHERE province_id = 3", "head of log 3"),
    (
        "UPDATE province_head SET link = (SELECT link FROM province_head WHERE province_id = 4) WHERE province_id = 3",
        "head of log 3",
    ),
    ("UPDATE province_head SET next_number = 0 WHERE province_id = 3", "head of log 3"),
    // Rows of entries with their metadata.
    (
        "UPDATE agreement SET content = replace(content, ':', ': ') WHERE code = 'AGR-0002'",
        "agreement AGR-0002 (PUBLISHED)",
    ),
    ("UPDATE agreement SET content = '{' WHERE code = 'AGR-0001'", "agreement "),
    ("UPDATE agreement SET code = 'AGR-X' WHERE code = 'AGR-0001'", "agreement AGR-X (PUBLISHED)"),
    (
        "UPDATE agreement SET version = version + 1, last_version = last_version + 1 WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement SET last_version = last_version + 1 WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    ("UPDATE agreement SET publication = 'DRAFT' WHERE code = 'AGR-0001'", "agreement AGR-0001 (PUBLISHED)"),
    ("UPDATE agreement SET pending = 'DRAFT' WHERE code = 'AGR-0001'", "agreement AGR-0001 (PUBLISHED)"),
    (
        "UPDATE agreement SET published_at_us = published_at_us - 1 WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement SET updated_at_us = updated_at_us + 1 WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    ("UPDATE agreement SET origin_unit_id = NULL WHERE code = 'AGR-0001'", "agreement AGR-0001 (PUBLISHED)"),
    (
        "UPDATE agreement SET pillar = CASE pillar WHEN 'PARTY' THEN 'STATE' ELSE 'PARTY' END WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement SET counts_from = '1999-09-09' WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    ("UPDATE agreement SET first_text = '1901' WHERE code = 'AGR-0001'", "agreement AGR-0001 (PUBLISHED)"),
    (
        "UPDATE agreement SET first_earliest = '1901-01-01' WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement SET form_id = (SELECT max(id) FROM term) WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement SET renews_code = 'AGR-0002' WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE relation SET tier = CASE tier WHEN 'SISTER' THEN 'CONTACT' ELSE 'SISTER' END WHERE code = 'REL-0061'",
        "relation REL-0061 (PUBLISHED)",
    ),
    (
        "UPDATE event SET event_level = CASE WHEN event_level = 'WORKING' THEN NULL ELSE 'WORKING' END WHERE code = 'EVT-0001'",
        "event EVT-0001 (PUBLISHED)",
    ),
    ("UPDATE figure SET counts_from = '1999-09-09' WHERE code = 'FIG-0034'", "figure FIG-0034 (PUBLISHED)"),
    ("DELETE FROM programme WHERE code = (SELECT min(code) FROM programme)", "programme "),
    ("DELETE FROM event WHERE code = 'EVT-0001'", "event EVT-0001 (PUBLISHED)"),
    // Child rows.
    (
        "UPDATE agreement_span SET status = 'WITHDRAWN' WHERE (province_id, number) = (SELECT province_id, number FROM agreement WHERE code = 'AGR-0001')",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "DELETE FROM agreement_party WHERE (province_id, number) = (SELECT province_id, number FROM agreement WHERE code = 'AGR-0001')",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE agreement_party SET first_earliest = '1901-01-01' WHERE (province_id, number) = (SELECT province_id, number FROM agreement WHERE code = 'AGR-0001')",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "INSERT INTO agreement_act SELECT province_id, number, slot, 99, 'SIGN', '2001', '2001-01-01', '2001-12-31' FROM agreement WHERE code = 'AGR-0001'",
        "agreement AGR-0001 (PUBLISHED)",
    ),
    (
        "UPDATE relation_span SET to_on = from_on WHERE (province_id, number) = (SELECT province_id, number FROM relation WHERE code = 'REL-0061')",
        "relation REL-0061 (PUBLISHED)",
    ),
    // Facts.
    (
        "UPDATE fact SET content = (SELECT content FROM fact WHERE kind = 'RELATION' LIMIT 1) WHERE kind = 'EVENT' AND (province_id, number) = (SELECT province_id, number FROM event WHERE code = 'EVT-0001')",
        "event EVT-0001 (PUBLISHED)",
    ),
    (
        "DELETE FROM fact WHERE kind = 'EVENT' AND (province_id, number) = (SELECT province_id, number FROM event WHERE code = 'EVT-0001')",
        "event EVT-0001 (PUBLISHED)",
    ),
    (
        "INSERT INTO fact SELECT province_id, number + 9000, slot, kind, content FROM fact WHERE kind = 'RELATION'",
        "fact of relation",
    ),
    // Reference data.
    ("UPDATE country SET name_en = 'Nippon' WHERE iso2 = 'JP'", "country"),
    ("UPDATE term SET name_en = 'Other' WHERE id = (SELECT max(id) FROM term)", "term"),
    ("UPDATE source SET title = 'Other' WHERE id = 1", "source"),
    ("UPDATE locality SET latitude = 0 WHERE id = 1", "locality"),
    (
        "UPDATE locality_alias SET name = 'Other' WHERE locality_id = (SELECT min(locality_id) FROM locality_alias)",
        "locality",
    ),
    (
        "DELETE FROM locality_alias WHERE locality_id = (SELECT min(locality_id) FROM locality_alias)",
        "locality",
    ),
    ("UPDATE unit_designation SET name_en = 'Other' WHERE unit_id = 1", "admin_unit"),
    ("UPDATE admin_unit SET slug = 'OTHER' WHERE id = 1", "admin_unit"),
    ("UPDATE province SET capital = 'Other' WHERE province_id = 1", "province"),
    ("UPDATE occasion SET month_day = '01-01' WHERE id = 1", "occasion"),
    (
        "UPDATE succession SET effective_on = '2025-07-02' WHERE predecessor_id = (SELECT min(predecessor_id) FROM succession)",
        "succession",
    ),
    (
        "DELETE FROM succession WHERE predecessor_id = (SELECT min(predecessor_id) FROM succession)",
        "reference data",
    ),
];

async fn verify(settings: &Settings) -> IntegrityResult {
    caunoi_register::verify(&database_location(settings)).await.unwrap_or_else(|error| panic!("{error}"))
}

async fn execute(database: &DatabaseConnection, sql: &str) {
    database.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// Returns the table of an alteration.
fn table(alteration: &str) -> &str {
    let mut words = alteration.split(' ').skip_while(|word| !["UPDATE", "FROM", "INTO"].contains(word));
    words.nth(1).expect("an alteration names its table")
}

/// Opens a session that can alter single rows, with a copy of each table to restore them.
async fn session(settings: &Settings) -> DatabaseConnection {
    let database = connect(settings).await;
    let is_server = database.get_database_backend() == DbBackend::Postgres;
    let alone =
        if is_server { "SET session_replication_role = replica" } else { "PRAGMA foreign_keys = OFF" };
    execute(&database, alone).await;
    for table in ALTERATIONS.iter().map(|(alteration, _)| table(alteration)).collect::<BTreeSet<_>>() {
        execute(&database, &format!("CREATE TABLE copy_of_{table} AS SELECT * FROM {table}")).await;
    }
    database
}

#[tokio::test]
async fn verify_finds_every_alteration() {
    on_both_databases(|settings| async move {
        let database = session(&settings).await;
        let mut missed = Vec::new();
        for (alteration, place) in ALTERATIONS {
            execute(&database, alteration).await;
            match verify(&settings).await {
                Err(broken) if broken.place.starts_with(place) => {}
                other => missed.push(format!("{alteration}: {other:?}")),
            }
            let table = table(alteration);
            execute(&database, &format!("DELETE FROM {table}")).await;
            execute(&database, &format!("INSERT INTO {table} SELECT * FROM copy_of_{table}")).await;
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
        verify(&settings).await.expect("all is as it was");
    })
    .await;
}

#[tokio::test]
async fn shipped_data_and_writes_pass_verification() {
    on_both_databases(|settings| async move {
        let shipped = verify(&settings).await.expect("what is shipped holds");
        let register = open(&settings).await;
        let publisher = Publisher::of("NGHE_AN", &register);
        publisher.draft("A draft").await;
        let event = publisher.publish("Published").await;
        let revised = publisher.retitle(&event, "Published and revised").await;
        let submitted = publisher.transition(&revised, Action::Submit).await;
        verify(&settings).await.expect("a version beside the published one holds");
        let returned = publisher.transition(&submitted, Action::Return).await;
        let again = publisher.transition(&returned, Action::Withdraw).await;
        verify(&settings).await.expect("a discarded version leaves the published one");
        publisher.transition(&again, Action::Withdraw).await;
        let draft = publisher.draft("Never shown").await;
        publisher.transition(&draft, Action::Withdraw).await;
        let walked = verify(&settings).await.expect("what people write holds");
        assert_eq!(walked.changes, shipped.changes + 10);
        assert_eq!(walked.versions, shipped.versions + 3);
        register.close().await;
    })
    .await;
}

#[tokio::test]
async fn steward_writes_are_verified() {
    on_both_databases(|settings| async move {
        let shipped = verify(&settings).await.expect("what is shipped holds");
        let register = open(&settings).await;
        Publisher::of("NGHE_AN", &register).draft("A draft").await;
        let renamed = rename_locality(&register, "kh-kandal", "Durianburg").await;
        rename_locality(&register, "kh-kandal", "Mangosteenburg").await;
        register.close().await;
        let walked = verify(&settings).await.expect("what a steward writes holds");
        assert_eq!((walked.changes, walked.references), (shipped.changes + 3, shipped.references));
        let back = format!("UPDATE locality SET name_en = 'Durianburg' WHERE id = {}", renamed.id.number());
        execute(&connect(&settings).await, &back).await;
        let broken = verify(&settings).await.expect_err("the log says another name");
        assert_eq!(broken.place, "locality");
    })
    .await;
}

#[tokio::test]
async fn proposals_are_verified() {
    on_both_databases(|settings| async move {
        let shipped = verify(&settings).await.expect("what is shipped holds");
        let register = open(&settings).await;
        Publisher::of("NGHE_AN", &register).propose("Durianburg").await;
        Publisher::of("DA_NANG", &register).propose("Mangosteenburg").await;
        register.close().await;
        let walked = verify(&settings).await.expect("what is proposed holds");
        assert_eq!(walked.changes, shipped.changes + 2);
        let database = connect(&settings).await;
        for (alteration, back) in [("Durian", "Dragonfruit"), ("PUBLISHER", "CLERK")].map(|(was, is)| {
            let replace =
                |was, is| format!("UPDATE locality_proposal SET content = replace(content, '{was}', '{is}')");
            (replace(was, is), replace(is, was))
        }) {
            execute(&database, &alteration).await;
            let broken = verify(&settings).await.expect_err(&alteration);
            assert!(broken.place.starts_with("locality_proposal "), "{broken}");
            execute(&database, &back).await;
            verify(&settings).await.expect("all is as it was");
        }
        execute(&database, "UPDATE locality_proposal SET proposed_at_us = proposed_at_us + 1").await;
        let broken = verify(&settings).await.expect_err("another time");
        assert!(broken.place.starts_with("locality_proposal "), "{broken}");
        execute(&database, "UPDATE locality_proposal SET proposed_at_us = proposed_at_us - 1").await;
        execute(&database, "DELETE FROM locality_proposal").await;
        let broken = verify(&settings).await.expect_err("the log has them");
        assert!(broken.place.starts_with("locality_proposal "), "{broken}");
    })
    .await;
}

#[tokio::test]
async fn facts_packed_by_another_release_are_repacked() {
    on_both_databases(|settings| async move {
        let register = open(&settings).await;
        let publisher = Publisher::of("NGHE_AN", &register);
        let first = publisher.publish("Published").await;
        publisher.retitle(&first, "Published and revised").await;
        register.close().await;
        let database = connect(&settings).await;
        execute(&database, "DELETE FROM fact WHERE kind <> 'ORGANIZATION'").await;
        execute(&database, "UPDATE installation SET value = 'another way' WHERE name = 'facts'").await;
        verify(&settings).await.expect_err("facts are gone");
        open(&settings).await.close().await;
        verify(&settings).await.expect("they are back");
    })
    .await;
}

#[tokio::test]
async fn start_and_end_of_events_are_computed_for_an_older_database() {
    on_both_databases(|settings| async move {
        open(&settings).await.close().await;
        let database = connect(&settings).await;
        // As the migration leaves the columns, with facts of the release before it.
        let columns = "UPDATE event SET start_earliest = first_earliest, start_latest = first_latest,
            end_earliest = first_earliest, end_latest = first_latest";
        execute(&database, columns).await;
        execute(&database, "UPDATE installation SET value = '1' WHERE name = 'facts'").await;
        let broken = verify(&settings).await.expect_err("an event has other days");
        assert!(broken.place.starts_with("event EVT-"), "{broken}");
        open(&settings).await.close().await;
        verify(&settings).await.expect("they are computed");
    })
    .await;
}
