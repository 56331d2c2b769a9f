use super::*;
use crate::shipped;
use caunoi_domain::directory::{Reference, next_id};
use caunoi_domain::entry::Content as _;
use caunoi_domain::reference::Source;
use std::collections::HashMap;
use std::sync::LazyLock;

static DIRECTORY: LazyLock<Arc<Directory>> = LazyLock::new(|| {
    let mut reference = shipped::data_set(&Reference::default()).unwrap().reference;
    let id = next_id(reference.sources.iter().map(|source| source.id));
    reference.sources.push(Source {
        id,
        code: SOURCE_CODE.to_owned(),
        title: SOURCE_TITLE.to_owned(),
        address: String::new(),
        kind: "DATASET".to_owned(),
    });
    Arc::new(Directory::new(reference))
});

const WISH: Wish = Wish { relations: 300, agreements: 4_000, events: 3_000, seed: 7 };

fn made(wish: Wish) -> Vec<Batch> {
    Synthetic::new(wish, Arc::clone(&DIRECTORY)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn as_many_come_as_were_wished_for_each_once() {
    for wish in [WISH, Wish { relations: 1, ..WISH }, Wish { agreements: 0, events: 1, ..WISH }] {
        let mut times: HashMap<String, u32> = HashMap::new();
        for batch in made(wish) {
            let relations = batch.relations.iter().map(|coded| &coded.code);
            let agreements = batch.agreements.iter().chain(&batch.drafts).map(|coded| &coded.code);
            let events = batch.events.iter().map(|coded| &coded.code);
            for code in relations.chain(agreements).chain(events) {
                *times.entry(code.clone()).or_default() += 1;
            }
        }
        assert_eq!(times.len() as u64, wish.len());
        for (kind, most) in [("REL", wish.relations), ("AGR", wish.agreements), ("EVT", wish.events)] {
            assert!((1..=most).all(|number| times.get(&format!("SYN-{kind}-{number:07}")) == Some(&1)));
        }
    }
}

#[test]
fn a_seed_gives_the_same_and_another_seed_other_entries() {
    let text = |wish| format!("{:?}", made(wish));
    assert_eq!(text(WISH), text(WISH));
    assert_ne!(text(WISH), text(Wish { seed: 8, ..WISH }));
}

#[test]
fn everything_says_that_it_is_synthetic() {
    let source = DIRECTORY.source_by_code(SOURCE_CODE).unwrap().id;
    for batch in made(WISH) {
        for coded in &batch.relations {
            let note = coded.placed.content.note.as_deref().unwrap();
            assert!(note.contains(MARK_VI) && note.contains(MARK_EN), "{note}");
            assert_eq!(coded.placed.content.common().sources, [source]);
        }
        let agreements = batch.agreements.iter().chain(&batch.drafts);
        let titles =
            agreements.map(|coded| (&coded.placed.content.title, coded.placed.content.common())).chain(
                batch.events.iter().map(|coded| (&coded.placed.content.title, coded.placed.content.common())),
            );
        for (title, common) in titles {
            assert!(title.vi.as_deref().unwrap().ends_with("(dữ liệu giả lập)"), "{title:?}");
            assert!(title.en.as_deref().unwrap().ends_with("(synthetic)"), "{title:?}");
            assert_eq!(common.sources, [source]);
        }
    }
}

#[test]
fn few_provinces_have_most_and_some_agreements_are_drafts() {
    let batches = made(WISH);
    let mut by_log: HashMap<_, usize> = HashMap::new();
    for coded in batches.iter().flat_map(|batch| &batch.agreements) {
        *by_log.entry(coded.placed.log).or_default() += 1;
    }
    let mut counts: Vec<usize> = by_log.into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let most: usize = counts.iter().take(8).sum();
    assert!(most * 2 > counts.iter().sum(), "{counts:?}");
    let drafts: usize = batches.iter().map(|batch| batch.drafts.len()).sum();
    assert!((1..200).contains(&drafts), "{drafts}");
}

#[test]
fn relations_live_by_what_belongs_to_them() {
    for batch in made(WISH) {
        for relation in &batch.relations {
            let signs = batch.agreements.iter().filter_map(|coded| coded.placed.content.sign_of_life());
            let signs =
                signs.chain(batch.events.iter().filter_map(|coded| coded.placed.content.sign_of_life()));
            let partner = relation.placed.content.partner;
            let last = signs.filter(|sign| sign.is_for(&relation.code, partner)).map(|sign| sign.on).max();
            assert_eq!(relation.placed.content.last_activity_on, last, "{}", relation.code);
        }
    }
}

#[test]
fn a_register_without_reference_data_is_refused() {
    let refusal = Synthetic::new(WISH, Arc::default()).unwrap_err();
    assert!(refusal.to_string().contains("lacks the reference data"), "{refusal}");
}
