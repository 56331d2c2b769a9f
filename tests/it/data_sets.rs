//! Loads of data sets: the same twice, a newer one, an invalid one, an interrupted one.

mod database_state;
mod user_changes;

use std::error::Error;
use std::sync::Arc;

use caunoi_domain::agreement::Agreement;
use caunoi_domain::change::ChangeOperation;
use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::directory::Reference;
use caunoi_domain::entry::Entry;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::search::SearchTerms;
use caunoi_domain::search_index::{HitWindow, SearchFilter};
use caunoi_register::{Register, RegisterReader, ShippedDataSet, StartupReport};
use caunoi_server::Settings;
use caunoi_store::LoadReport;
use caunoi_transfer::shipped::{self, Files};

use crate::harness::publisher::rename_locality;
use crate::harness::{database_location, on_both_databases};
use database_state::DatabaseState;

const AGREEMENTS: &str = include_str!("../../crates/transfer/data/agreements.csv");
const LINEAGE: &str = include_str!("../../crates/transfer/data/province_lineage.csv");
const UNIT_CHANGES: &str = include_str!("../../crates/transfer/data/unit_changes.csv");
const LOCALITIES: &str = include_str!("../../crates/transfer/data/partner_localities.csv");

/// Titles of two agreements of one province, and their titles in a newer data set.
const FIRST: (&str, &str) =
    ("Memorandum on cooperation orientations to the end of 2022", "Memorandum on durians");
const SECOND: (&str, &str) = ("Cooperation agreement for the upcoming period", "Agreement on mangosteens");

/// The name of a partner, and its name in a newer data set.
const KANDAL: (&str, &str) = ("\nkh-kandal,Kandal,", "\nkh-kandal,Durianburg,");

/// A time long after the harness loaded the shipped data.
struct FutureClock;

const LATER_US: i64 = 4_000_000_000_000_000;

impl Clock for FutureClock {
    fn now_us(&self) -> i64 {
        LATER_US
    }
}

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Opens the register as a program that ships the data set of this version.
async fn open(
    settings: &Settings,
    version: &str,
    read: impl Fn(&Reference) -> Outcome<DataSet>,
) -> Outcome<(Register, StartupReport)> {
    Register::open(&database_location(settings), Arc::new(FutureClock), ShippedDataSet { version, read })
        .await
}

/// Returns a text with replacements.
fn replace_texts(text: &str, changes: &[(&str, &str)]) -> Vec<u8> {
    let text = changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text.replace(from, to)
    });
    text.into_bytes()
}

/// Returns the shipped files with changed cells in the file of agreements.
fn files(changes: &[(&str, &str)]) -> Files {
    Files::shipped().with("agreements.csv", replace_texts(AGREEMENTS, changes)).expect("a shipped file")
}

/// Loads these files as a newer data set, and returns the result.
async fn load_newer(settings: &Settings, files: &Files) -> (Arc<Register>, LoadReport) {
    let opened = open(settings, "newer", |known| Ok(shipped::read(files, known)?)).await;
    let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
    (Arc::new(register), opening.loaded.expect("it was not there yet"))
}

/// Returns the number of hits of a search.
async fn count_hits(register: &Arc<Register>, words: &str) -> usize {
    let words = SearchTerms::parse(words).expect("words");
    let reading = RegisterReader::new(Arc::clone(register), Scope::of(&Actor::public()));
    let found = reading.search(&words, &SearchFilter::default(), HitWindow::after(None, 1)).await;
    usize::try_from(found.expect("the database answers").total).expect("few hits")
}

async fn agreement(register: &Arc<Register>, code: &str) -> Entry<Agreement> {
    let reader = RegisterReader::new(Arc::clone(register), Scope::of(&Actor::public()));
    let found = reader.find_by_codes(&[code.to_owned()]).await;
    found.expect("the database answers").pop().expect("such an agreement")
}

#[tokio::test]
async fn log_contains_all_loaded_data() {
    on_both_databases(|settings| async move {
        let state = DatabaseState::read(&settings).await;
        assert_eq!(state.heads.len(), 35);
        state.check();
        // Of 806 entries, 9 are merged into others.
        assert_eq!(state.entries.len(), 797);
        assert!(state.changes.len() > state.entries.len());
        let (merges, others): (Vec<_>, Vec<_>) =
            state.changes.iter().partition(|row| row.change.operation == ChangeOperation::Merged);
        assert!(others.iter().all(|row| row.change.version == 1 && row.change.before.is_none()));
        // Each row of `merges.csv` merges an entry into one that is kept.
        assert!(merges.iter().all(|row| row.change.version == 2));
        assert_eq!(merges.iter().filter(|row| row.change.after.is_none()).count(), 9);
    })
    .await;
}

#[tokio::test]
async fn loading_twice_changes_nothing() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let opened = open(&settings, "another name", |known| Ok(shipped::data_set(known)?)).await;
        let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
        register.close().await;
        let loaded = opening.loaded.expect("it was read again");
        // Each row has one first version; merges add changes and no rows.
        let rows = before.changes.iter().filter(|row| row.change.version == 1).count();
        let unchanged = u32::try_from(rows).expect("few rows");
        assert_eq!(loaded, LoadReport { unchanged, ..LoadReport::default() });
        assert_eq!(DatabaseState::read(&settings).await, before);
    })
    .await;
}

#[tokio::test]
async fn same_or_older_data_set_is_not_read_at_start() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        for version in [shipped::version().as_str(), "2000-01-01.0"] {
            let opened = open(&settings, version, |_| panic!("{version} was read")).await;
            let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
            register.close().await;
            assert_eq!((opening.steps, opening.loaded), (0, None), "{version}");
        }
        assert_eq!(DatabaseState::read(&settings).await, before);
    })
    .await;
}

#[tokio::test]
async fn newer_data_set_updates_older_entries() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let (register, loaded) = load_newer(&settings, &files(&[FIRST])).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 1, 0));

        let state = DatabaseState::read(&settings).await;
        state.check();
        assert_eq!(state.changes.len(), before.changes.len() + 1);
        let row = state.last("AGR-0001");
        let (old, new) = (&before.last("AGR-0001").change, &row.change);
        assert_eq!((new.version, <&str>::from(new.operation)), (2, "CORRECTED"));
        assert_eq!(new.before, old.after);
        let after = new.after.as_deref().unwrap_or_default();
        assert_eq!(old.after.as_deref().unwrap_or_default().replace(FIRST.0, FIRST.1), after);
        assert!(new.author.starts_with("data-set:") && new.author != old.author, "{}", new.author);
        assert_eq!((new.at_us, new.is_public), (LATER_US, true));
        for (log, head) in &state.heads {
            let moved = i64::from(*log == new.log);
            assert_eq!(head.position, before.heads[log].position + moved);
            assert_eq!(head.next_number, before.heads[log].next_number, "no entry is new");
        }

        let entry = agreement(&register, "AGR-0001").await;
        assert_eq!(entry.content.title.en.as_deref(), Some(FIRST.1));
        assert_eq!((entry.meta.version, entry.meta.updated_at_us), (2, LATER_US));
        assert_eq!(entry.meta.published_at_us, Some(old.at_us), "when it was first published");
        assert_eq!(count_hits(&register, "durians").await, 1);
        assert_eq!(count_hits(&register, "orientations 2022").await, 0);
        register.close().await;
    })
    .await;
}

/// Returns the shipped data as it was read before statements began with the year of their evidence.
fn without_evidence(known: &Reference) -> Outcome<DataSet> {
    let mut data_set = DataSet { version: "2026-11-22.0".to_owned(), ..shipped::data_set(known)? };
    for relation in &mut data_set.relations {
        let content = &mut relation.parsed.content;
        content.stated_since = None;
        let activity = std::mem::take(&mut content.activity);
        *content = content.clone().with_activity(&activity);
    }
    Ok(data_set)
}

#[tokio::test]
async fn same_files_read_by_other_rules_are_loaded_again() {
    on_both_databases(|settings| async move {
        let shipped_state = DatabaseState::read(&settings).await;
        let opened = open(&settings, "2026-11-22.0", without_evidence).await;
        let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
        let moved = opening.loaded.expect("it was not there yet").updated;
        assert!(moved > 100, "{moved}");
        register.close().await;
        let opened = open(&settings, &shipped::version(), |known| Ok(shipped::data_set(known)?)).await;
        let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
        register.close().await;
        assert_eq!(opening.loaded.map(|loaded| loaded.updated), Some(moved));
        let state = DatabaseState::read(&settings).await;
        state.check();
        for code in ["REL-0001", "REL-0025", "REL-0302"] {
            assert_eq!(state.last(code).change.after, shipped_state.last(code).change.after, "{code}");
        }
    })
    .await;
}

#[tokio::test]
async fn newer_data_set_adds_entries_and_keeps_others() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let row = AGREEMENTS.lines().find(|line| line.starts_with("AGR-0001,")).expect("a row");
        let more = format!("{}{}\n", AGREEMENTS, row.replace("AGR-0001,", "AGR-9001,"));
        let files = Files::shipped().with("agreements.csv", more.into_bytes()).expect("a shipped file");
        let (register, loaded) = load_newer(&settings, &files).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (1, 0, 0));

        let entry = agreement(&register, "AGR-9001").await;
        let log = entry.meta.log;
        assert_eq!((entry.meta.version, entry.meta.published_at_us), (1, Some(LATER_US)));
        assert_eq!(entry.meta.number, before.heads[&log].next_number + 1);
        DatabaseState::read(&settings).await.check();
        register.close().await;
    })
    .await;
}

/// The units before 2025 are data: a database that was filled without them takes them, and no entry
/// and no key changes.
#[tokio::test]
async fn newer_data_set_adds_former_units_and_splits() {
    on_both_databases(|settings| async move {
        let shipped_units = |register: &Register| register.read_model().directory.units().to_vec();
        let before = DatabaseState::read(&settings).await;
        let header = UNIT_CHANGES.lines().next().expect("a header").as_bytes().to_vec();
        let older = Files::shipped().with("unit_changes.csv", header).expect("a shipped file");
        let (register, loaded) = load_newer(&settings, &older).await;
        assert_eq!((loaded.added, loaded.updated), (0, 4), "three splits and a kind");
        assert!(shipped_units(&register).iter().all(|unit| unit.split_from.is_none()));
        register.close().await;

        let row = LINEAGE.lines().find(|line| line.contains(",HA_TAY,")).expect("a row");
        let more = format!("{LINEAGE}{}\n", row.replace("HA_TAY", "HA_DONG").replace("2008-08", "1999-08"));
        let files = Files::shipped().with("province_lineage.csv", more.into_bytes()).expect("a shipped file");
        let opened = open(&settings, "newest", |known| Ok(shipped::read(&files, known)?)).await;
        let (register, opening) = opened.unwrap_or_else(|error| panic!("{error}"));
        let loaded = opening.loaded.expect("it was not there yet");
        assert_eq!((loaded.added, loaded.updated), (2, 4), "a unit and its succession");
        let units = shipped_units(&register);
        let newest = units.iter().max_by_key(|unit| unit.id).expect("units");
        assert_eq!((newest.slug.as_str(), units.len()), ("HA_DONG", 89));
        assert_eq!(units.iter().filter(|unit| unit.split_from.is_some()).count(), 3);
        register.close().await;
        let state = DatabaseState::read(&settings).await;
        state.check();
        assert_eq!(state.entries, before.entries);
    })
    .await;
}

#[tokio::test]
async fn partner_renamed_by_data_set_is_found_by_new_name() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let named = replace_texts(LOCALITIES, &[KANDAL]);
        let files = Files::shipped().with("partner_localities.csv", named).expect("a shipped file");
        let (register, loaded) = load_newer(&settings, &files).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 1, 0));
        // The locality and the entries with it: relations, an agreement, events.
        assert_eq!(count_hits(&register, "Durianburg").await, 1 + 2 + 1 + 2);
        register.close().await;

        let state = DatabaseState::read(&settings).await;
        state.check();
        assert_eq!(state.entries, before.entries, "entries only point at it");
        assert_eq!(state.changes.len(), before.changes.len() + 1);
        assert_eq!(state.last("locality:kh-kandal").change.log, Log::MINISTRY);
    })
    .await;
}

#[tokio::test]
async fn user_changes_are_not_overwritten() {
    on_both_databases(|settings| async move {
        DatabaseState::read(&settings).await.change_as(&settings, "clerk-7", "AGR-0001").await;
        let by_person = DatabaseState::read(&settings).await;
        by_person.check();

        let (register, loaded) = load_newer(&settings, &files(&[FIRST, SECOND])).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 1, 1));
        let left = agreement(&register, "AGR-0001").await;
        assert_eq!((left.content.title.en.as_deref(), left.meta.version), (Some(FIRST.0), 2));
        let mended = agreement(&register, "AGR-0002").await;
        assert_eq!((mended.content.title.en.as_deref(), mended.meta.version), (Some(SECOND.1), 2));
        register.close().await;

        let state = DatabaseState::read(&settings).await;
        state.check();
        assert_eq!(state.last("AGR-0001"), by_person.last("AGR-0001"));
    })
    .await;
}

#[tokio::test]
async fn locality_renamed_by_steward_keeps_its_name() {
    on_both_databases(|settings| async move {
        let register = Arc::new(crate::harness::open(&settings).await);
        rename_locality(&register, "kh-kandal", "Mangosteenburg").await;
        assert_eq!(count_hits(&register, "Mangosteenburg").await, 1 + 2 + 1 + 2);
        register.close().await;
        let by_steward = DatabaseState::read(&settings).await;

        let named = replace_texts(LOCALITIES, &[KANDAL]);
        let files = Files::shipped().with("partner_localities.csv", named).expect("a shipped file");
        let (register, loaded) = load_newer(&settings, &files).await;
        assert_eq!((loaded.added, loaded.updated, loaded.left_to_people), (0, 0, 1));
        assert_eq!(count_hits(&register, "Durianburg").await, 0);
        assert_eq!(count_hits(&register, "Mangosteenburg").await, 1 + 2 + 1 + 2);
        register.close().await;
        let state = DatabaseState::read(&settings).await;
        assert_eq!(state.last("locality:kh-kandal"), by_steward.last("locality:kh-kandal"));
        assert_eq!(state.entries, by_steward.entries, "entries only point at it");
    })
    .await;
}

#[tokio::test]
async fn invalid_cell_is_located_and_nothing_is_written() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let flawed = files(&[
            SECOND,
            ("kh-kandal,,KH,Memorandum on cooperation orientations", "kh-kandal,,LA,Memorandum"),
        ]);
        let opened = open(&settings, "flawed", |known| Ok(shipped::read(&flawed, known)?)).await;
        let received = opened.expect_err("a flaw").to_string();
        assert_eq!(received, "1 flaw\nagreements.csv:2 partner_country: kh-kandal is in KH.");
        assert_eq!(DatabaseState::read(&settings).await, before);
    })
    .await;
}

#[tokio::test]
async fn interrupted_load_writes_nothing() {
    on_both_databases(|settings| async move {
        let before = DatabaseState::read(&settings).await;
        let newer = files(&[FIRST, SECOND]);
        let opened = open(&settings, "broken", |known| {
            let mut data_set = shipped::read(&newer, known)?;
            // No file can contain this, because the keys of its rows are checked; the database
            // detects it at the end of the load.
            let mut twice = data_set.figures[0].clone();
            twice.code = "FIG-9001".to_owned();
            data_set.figures.extend([twice.clone(), twice]);
            Ok(data_set)
        })
        .await;
        let received = opened.expect_err("a broken load").to_string();
        assert!(received.contains("the database"), "{received}");
        assert_eq!(DatabaseState::read(&settings).await, before);
    })
    .await;
}
