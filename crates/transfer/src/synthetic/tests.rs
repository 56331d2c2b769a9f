use super::*;
use crate::shipped;
use caunoi_domain::directory::{Reference, next_id};
use caunoi_domain::entry::Content as _;
use caunoi_domain::reference::{Source, SourceKind};
use caunoi_domain::validation::InvalidReason;
use std::collections::HashMap;
use std::sync::LazyLock;

static DIRECTORY: LazyLock<Arc<Directory>> = LazyLock::new(|| {
    let mut reference = shipped::data_set(&Reference::default()).unwrap().reference;
    let id = next_id(reference.sources.iter().map(|source| source.id));
    reference.sources.push(Source::new(id, SOURCE_CODE, SOURCE_TITLE, "", SourceKind::Dataset));
    Arc::new(Directory::new(reference))
});

const SPEC: SyntheticSpec = SyntheticSpec { relations: 300, agreements: 4_000, events: 3_000, seed: 7 };

fn generate(spec: SyntheticSpec) -> Vec<Batch> {
    Synthetic::new(spec, Arc::clone(&DIRECTORY)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn requested_number_of_entries_is_generated_once_each() {
    for spec in
        [SPEC, SyntheticSpec { relations: 1, ..SPEC }, SyntheticSpec { agreements: 0, events: 1, ..SPEC }]
    {
        let mut times: HashMap<String, u32> = HashMap::new();
        for batch in generate(spec) {
            let relations = batch.relations.iter().map(|coded| &coded.code);
            let agreements = batch.agreements.iter().chain(&batch.drafts).map(|coded| &coded.code);
            let events = batch.events.iter().map(|coded| &coded.code);
            for code in relations.chain(agreements).chain(events) {
                *times.entry(code.clone()).or_default() += 1;
            }
        }
        assert_eq!(times.len() as u64, spec.len());
        for (kind, most) in [("REL", spec.relations), ("AGR", spec.agreements), ("EVT", spec.events)] {
            assert!((1..=most).all(|number| times.get(&format!("SYN-{kind}-{number:07}")) == Some(&1)));
        }
    }
}

#[test]
fn entries_depend_on_the_seed_only() {
    let text = |spec| format!("{:?}", generate(spec));
    assert_eq!(text(SPEC), text(SPEC));
    assert_ne!(text(SPEC), text(SyntheticSpec { seed: 8, ..SPEC }));
}

#[test]
fn every_entry_is_marked_as_synthetic() {
    let source = DIRECTORY.source_by_code(SOURCE_CODE).unwrap().id;
    for batch in generate(SPEC) {
        for coded in &batch.relations {
            let note = coded.parsed.content.note.as_deref().unwrap();
            assert!(note.contains(MARK_VI) && note.contains(MARK_EN), "{note}");
            assert_eq!(coded.parsed.content.common().sources, [source]);
        }
        let agreements = batch.agreements.iter().chain(&batch.drafts);
        let titles =
            agreements.map(|coded| (&coded.parsed.content.title, coded.parsed.content.common())).chain(
                batch.events.iter().map(|coded| (&coded.parsed.content.title, coded.parsed.content.common())),
            );
        for (title, common) in titles {
            assert!(title.vi.as_deref().unwrap().ends_with("(dữ liệu giả lập)"), "{title:?}");
            assert!(title.en.as_deref().unwrap().ends_with("(synthetic)"), "{title:?}");
            assert_eq!(common.sources, [source]);
        }
    }
}

#[test]
fn few_provinces_have_most_agreements_and_some_are_drafts() {
    let batches = generate(SPEC);
    let mut by_log: HashMap<_, usize> = HashMap::new();
    for coded in batches.iter().flat_map(|batch| &batch.agreements) {
        *by_log.entry(coded.parsed.log).or_default() += 1;
    }
    let mut counts: Vec<usize> = by_log.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let most: usize = counts.iter().take(8).sum();
    assert!(most * 2 > counts.iter().sum(), "{counts:?}");
    let drafts: usize = batches.iter().map(|batch| batch.drafts.len()).sum();
    assert!((1..200).contains(&drafts), "{drafts}");
}

#[test]
fn activity_of_relations_comes_from_their_entries() {
    for batch in generate(SPEC) {
        for relation in &batch.relations {
            let signs = batch.agreements.iter().filter_map(|coded| coded.parsed.content.linked_activity());
            let signs =
                signs.chain(batch.events.iter().filter_map(|coded| coded.parsed.content.linked_activity()));
            let last =
                signs.filter(|sign| sign.relation.as_ref() == Some(&relation.code)).map(|sign| sign.on).max();
            assert_eq!(relation.parsed.content.last_activity_on, last, "{}", relation.code);
        }
    }
}

#[test]
fn directory_without_reference_data_is_refused() {
    let refusal = Synthetic::new(SPEC, Arc::default()).unwrap_err();
    assert_eq!(refusal, InvalidReason::SampleMissing.into());
}
