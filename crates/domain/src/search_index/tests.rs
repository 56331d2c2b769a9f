//! Tests of the index: a small directory and synthetic entries.

use super::*;
use crate::directory::{Directory, Reference};
use crate::entry::{Common, Entry, EntryKey, EntryMeta};
use crate::figure::{Basis, Figure};
use crate::id::Id;
use crate::locale::{Bilingual, Locale};
use crate::place::{Alias, Country, Locality, LocalityNameKind};
use crate::programme::Programme;
use crate::quantity::Quantity;
use crate::reference::{Term, Vocabulary};
use crate::search::SearchTerms;
use crate::unit::{AdminUnit, Designation, UnitKind};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

fn both(vi: &str, en: &str) -> Bilingual {
    Bilingual::both(vi.to_owned(), en.to_owned())
}

fn unit(number: i32, name: Bilingual, is_living: bool) -> AdminUnit {
    let kind = UnitKind::Province;
    AdminUnit {
        id: Id::new(number),
        slug: format!("UNIT_{number}"),
        valid_from: None,
        valid_to: (!is_living).then(|| "2025-06-30".parse().unwrap()),
        split_from: None,
        iso_3166_2: None,
        designations: vec![Designation { from: None, code: String::new(), kind, name, legal_basis: None }],
        geography: Vec::new(),
    }
}

fn locality(number: i32, name: &str, alias: &str, country: i32) -> Locality {
    let kind = LocalityNameKind::Spelling;
    Locality {
        id: Id::new(number),
        slug: format!("xx-{number}"),
        name: both(name, name),
        native_name: None,
        aliases: vec![Alias { name: alias.to_owned(), language: "en".to_owned(), kind }],
        country: Id::new(country),
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    }
}

fn country(number: i32, iso: &str, name: Bilingual) -> Country {
    let (iso2, iso3) = (iso.to_owned(), format!("{iso}X"));
    Country { id: Id::new(number), iso2, iso3, name, region: None, subregion: None }
}

fn term(number: i32, name: Bilingual) -> Term {
    Term {
        id: Id::new(number),
        vocabulary: Vocabulary::Field,
        code: format!("TERM_{number}"),
        name,
        parent: None,
        valid_from: None,
        units: Vec::new(),
        is_additive: true,
        source: None,
    }
}

/// Countries 1 Korea and 2 Japan; localities 1 Gyeonggi-do and 2 Gyeongju of Korea, 3 Aichi of
/// Japan; units 1 Hòa Bình (former), 2 Đồng Nai, 3 Đà Nẵng; terms 1 tourism and 2 scholarships.
fn directory() -> Directory {
    Directory::new(Reference {
        units: vec![
            unit(1, both("Hòa Bình", "Hoa Binh"), false),
            unit(2, both("Đồng Nai", "Dong Nai"), true),
            unit(3, both("Đà Nẵng", "Da Nang"), true),
        ],
        countries: vec![
            country(1, "KR", both("Hàn Quốc", "Republic of Korea")),
            country(2, "JP", both("Nhật Bản", "Japan")),
        ],
        localities: vec![
            locality(1, "Gyeonggi-do", "Kyonggi", 1),
            locality(2, "Gyeongju", "Kyongju", 1),
            locality(3, "Aichi Prefecture", "Aichi-ken", 2),
        ],
        terms: vec![term(1, both("Du lịch", "Tourism")), term(2, both("Học bổng", "Scholarships"))],
        ..Reference::default()
    })
}

fn programme(number: i32, title: &str, partner: Option<i32>, unit: i32, year: i32) -> Entry<Programme> {
    let meta = EntryMeta::new(Log::new(1), number, format!("PRG-{number:04}"), 0);
    let content = Programme {
        common: Common { origin_unit: Some(Id::new(unit)), fields: vec![Id::new(1)], ..Common::default() },
        title: both(title, title),
        kind: Id::new(2),
        direction: None,
        partners: partner.into_iter().map(Id::new).collect(),
        partner_body: None,
        countries: Vec::new(),
        period: crate::date::FuzzyDate::parse(&year.to_string()).ok(),
        as_of: None,
        seats_per_year: None,
        quantity: None,
        amount: None,
    };
    Entry { meta, content }
}

fn index(entries: &[Entry<Programme>]) -> SearchIndex {
    let documents = entries.iter().map(SearchDocument::from_entry).collect();
    SearchIndex { names: Arc::new(NameIndex::of(&directory())), entries: EntryIndex::new(documents) }
}

fn terms(raw: &str) -> SearchTerms {
    SearchTerms::parse(raw).unwrap()
}

fn shown(item: &FoundItem) -> String {
    match item {
        FoundItem::Entry(key) => format!("entry {}", key.number),
        FoundItem::Name(NamedItem::Unit(id) | NamedItem::FormerUnit(id)) => format!("unit {}", id.number()),
        FoundItem::Name(NamedItem::Country(id)) => format!("country {}", id.number()),
        FoundItem::Name(NamedItem::Locality(id)) => format!("locality {}", id.number()),
        FoundItem::Name(NamedItem::Term(id)) => format!("term {}", id.number()),
        FoundItem::Name(other) => panic!("{other:?}"),
    }
}

fn search(index: &SearchIndex, raw: &str) -> Vec<String> {
    let page = index.search(&terms(raw), &SearchFilter::default(), HitWindow::after(None, 100));
    assert_eq!(page.total, page.hits.len() as u64, "{raw}");
    page.hits.iter().map(|(item, _)| shown(item)).collect()
}

fn five() -> SearchIndex {
    index(&[
        programme(1, "Giao lưu với Gyeonggi", Some(1), 2, 2020),
        programme(2, "Giao lưu thanh niên", Some(1), 2, 2022),
        programme(3, "Giao lưu thanh niên", Some(3), 3, 2021),
        programme(4, "Gyeonggi Week", None, 3, 2024),
        programme(5, "Danang youth", None, 3, 2019),
    ])
}

#[test]
fn names_are_found_in_every_spelling() {
    let index = five();
    for (first, spellings) in [
        ("locality 1", ["Gyeonggi-do", "gyeonggido", "Gyeonggi do", "tỉnh Gyeonggi", "kyonggi", "gyeongi"]),
        ("unit 3", ["Đà Nẵng", "da nang", "Danang", "TP. Đà Nẵng", "thành phố Da Nang", "Da Nanng"]),
        ("unit 1", ["Hòa Bình", "Hoà Bình", "hoa binh", "hoabinh", "tỉnh Hòa Bình", "Hoa Bihn"]),
        ("locality 3", ["Aichi", "aichi ken", "Aichi-ken", "aichiken", "Aichi prefecture", "Aihci"]),
        ("country 1", ["Hàn Quốc", "han quoc", "KR", "Republic of Korea", "hanquoc", "Republik of Korea"]),
    ] {
        for spelling in spellings {
            assert_eq!(search(&index, spelling).first().map(String::as_str), Some(first), "{spelling}");
        }
    }
}

#[test]
fn whole_words_precede_beginnings_and_names_precede_attributes() {
    let index = five();
    // The locality by its name, entries by their titles (the newest first), then by their partner.
    assert_eq!(search(&index, "gyeonggi"), ["locality 1", "entry 4", "entry 1", "entry 2"]);
    let beginning = search(&index, "gyeong");
    assert_eq!(beginning.iter().filter(|item| item.starts_with("locality")).count(), 2);
    assert_eq!(beginning[0], "locality 2", "a name of fewer words");
    assert_eq!(search(&index, "PRG-0003")[0], "entry 3");
    assert_eq!(search(&index, "prg-0003")[0], "entry 3");
}

#[test]
fn entry_is_found_by_country_field_and_kind_in_both_languages() {
    let index = five();
    for query in ["giao lưu Hàn Quốc", "giao luu korea"] {
        assert_eq!(search(&index, query), ["entry 2", "entry 1"], "{query}");
    }
    for query in
        ["thanh niên du lịch", "thanh nien tourism", "thanh niên scholarships", "thanh niên học bổng"]
    {
        assert_eq!(search(&index, query), ["entry 2", "entry 3"], "{query}");
    }
    assert_eq!(search(&index, "danang youth"), ["entry 5"]);
    assert_eq!(search(&index, "da nang thanh nien"), ["entry 3"]);
}

#[test]
fn slips_count_only_where_few_hits_match_without() {
    let index = five();
    assert_eq!(search(&index, "gyeongi week"), ["entry 4"], "one letter less");
    assert_eq!(search(&index, "gyenoggi week"), ["entry 4"], "two letters exchanged");
    assert!(search(&index, "gyeonx").is_empty(), "two letters");
    assert!(search(&index, "wek xyz").is_empty(), "a short word");
    assert_eq!(search(&index, "week nowhere"), ["entry 4"], "a word that nothing has is left out");
}

#[test]
fn filters_admit_types_provinces_and_countries() {
    let index = five();
    let found = |filter: &SearchFilter| -> Vec<String> {
        index
            .search(&terms("gyeonggi"), filter, HitWindow::after(None, 10))
            .hits
            .iter()
            .map(|(item, _)| shown(item))
            .collect()
    };
    let of_types =
        |types: &[SearchType]| SearchFilter { types: Some(types.to_vec()), ..SearchFilter::default() };
    assert_eq!(found(&of_types(&[SearchType::Locality])), ["locality 1"]);
    assert_eq!(found(&of_types(&[SearchType::Programme])), ["entry 4", "entry 1", "entry 2"]);
    assert!(found(&of_types(&[SearchType::Figure, SearchType::Unit])).is_empty());
    let korea = SearchFilter { country: Some(Id::new(1)), ..SearchFilter::default() };
    assert_eq!(found(&korea), ["locality 1", "entry 1", "entry 2"]);
    let province = SearchedProvince { log: Log::new(9), units: vec![Id::new(3)] };
    let province = SearchFilter { province: Some(province), ..SearchFilter::default() };
    assert_eq!(found(&province), ["entry 4"]);
}

#[test]
fn pages_join_to_the_list_while_entries_are_written() {
    let entries: Vec<_> =
        (1..=40).map(|number| programme(number, "Trao đổi", Some(1), 2, 1980 + number)).collect();
    let mut index = index(&entries);
    let all = search(&index, "trao doi gyeonggi");
    assert_eq!(all.len(), 40);
    let (mut seen, mut after) = (Vec::new(), None);
    for page in 0.. {
        let read = index.search(
            &terms("trao doi gyeonggi"),
            &SearchFilter::default(),
            HitWindow::after(after.as_ref(), 7),
        );
        assert_eq!(read.has_previous, page > 0);
        seen.extend(read.hits.iter().map(|(item, _)| shown(item)));
        let Some((_, last)) = read.hits.last() else { break };
        after = HitKey::from_bytes(&last.to_bytes());
        assert_eq!(after.as_ref(), Some(last));
        if !read.has_next {
            break;
        }
        // A new entry before the page, and a withdrawn one before it.
        let key = EntryKey { kind: EntryKind::Programme, log: Log::new(1), number: 40 - page };
        let new = programme(100 + page, "Trao đổi", Some(1), 2, 2100 + page);
        index.entries = index.entries.with(&HashSet::from([key]), vec![SearchDocument::from_entry(&new)]);
    }
    assert_eq!(seen, all);
}

#[test]
fn pages_before_the_end_join_to_the_same_list() {
    let entries: Vec<_> =
        (1..=25).map(|number| programme(number, "Trao đổi", Some(1), 2, 1980 + number)).collect();
    let index = index(&entries);
    for query in ["trao doi gyeonggi", "gyeonggi", "quoc"] {
        let all = search(&index, query);
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let window = HitWindow { size: 7, backwards: true, cursor: before.as_ref() };
            let read = index.search(&terms(query), &SearchFilter::default(), window);
            assert_eq!(read.has_next, before.is_some(), "{query}");
            seen.extend(read.hits.iter().rev().map(|(item, _)| shown(item)));
            let Some((_, first)) = read.hits.first().filter(|_| read.has_previous) else { break };
            before = Some(first.clone());
        }
        seen.reverse();
        assert_eq!(seen, all, "{query}");
    }
}

#[test]
fn index_follows_changes_as_if_it_was_built_from_them() {
    let mut built: Vec<Entry<Programme>> = Vec::new();
    let mut followed = index(&[]);
    for step in 0..300 {
        let number = step * 7 % 90;
        let entry =
            programme(number, &format!("Chương trình {}", step % 5), Some(1 + step % 3), 2, 2000 + step % 20);
        built.retain(|other| other.meta.number != number);
        let replaced = HashSet::from([entry.key()]);
        let is_withdrawn = step % 6 == 5;
        let documents = if is_withdrawn { Vec::new() } else { vec![SearchDocument::from_entry(&entry)] };
        followed.entries = followed.entries.with(&replaced, documents);
        if !is_withdrawn {
            built.push(entry);
        }
    }
    let fresh = index(&built);
    assert_eq!(followed.entries.len(), fresh.entries.len());
    assert!(followed.entries.segments.len() <= 5, "{}", followed.entries.segments.len());
    for query in ["chuong trinh", "chương trình 3", "gyeonggi", "nhật bản", "du lịch", "PRG-0007"] {
        assert_eq!(search(&followed, query), search(&fresh, query), "{query}");
    }
}

#[test]
fn packed_document_is_read_back() {
    let document = SearchDocument::from_entry(&programme(1, "Giao lưu Đồng Nai", Some(1), 2, 2020));
    assert_eq!(SearchDocument::from_bytes(&document.to_bytes().unwrap()), Ok(document));
}

#[test]
fn suggestions_follow_the_alphabet_of_the_language() {
    let names = NameIndex::of(&directory());
    let suggest = |prefix: &str, kinds: &[SuggestedKind], size| -> Vec<String> {
        let found = names.suggest(&terms(prefix), kinds, Locale::Vi, size);
        found.into_iter().map(|suggestion| suggestion.name).collect()
    };
    assert_eq!(suggest("d", &[SuggestedKind::Unit], 10), ["Đà Nẵng", "Đồng Nai"]);
    assert_eq!(suggest("gyeo", &[SuggestedKind::Locality], 10), ["Gyeonggi-do", "Gyeongju"]);
    assert_eq!(suggest("gyeo", &[SuggestedKind::Locality], 1), ["Gyeonggi-do"]);
    assert_eq!(suggest("kyong", &[SuggestedKind::Locality], 1), ["Kyonggi"], "the name that matches");
    assert_eq!(suggest("hàn q", &[SuggestedKind::Country, SuggestedKind::Unit], 10), ["Hàn Quốc"]);
    assert!(suggest("", &[SuggestedKind::Unit], 10).is_empty());
}

#[test]
fn matched_texts_together_match_each_word() {
    let entry = programme(1, "Giao lưu thanh niên", Some(1), 2, 2020);
    let directory = directory();
    let matched = |raw: &str| -> Vec<(SearchField, String)> {
        let found = matched_texts(&terms(raw), entry_texts(&entry, &directory));
        found.into_iter().map(|text| (text.field, text.text.to_owned())).collect()
    };
    assert_eq!(
        matched("thanh niên hàn quốc"),
        [
            (SearchField::Name, "Giao lưu thanh niên".to_owned()),
            (SearchField::Country, "Hàn Quốc".to_owned())
        ]
    );
    assert_eq!(matched("prg-0001"), [(SearchField::Code, "PRG-0001".to_owned())]);
    assert_eq!(matched("gyeongi"), [(SearchField::Locality, "Gyeonggi-do".to_owned())]);
}

#[test]
fn bad_queries_take_bounded_work() {
    let titles =
        |number: i32| format!("Từ {number} {} {}", number * 7919 % 10_007, number * 104_729 % 99_991);
    let entries: Vec<_> =
        (1..=3_000).map(|number| programme(number, &titles(number), Some(1), 2, 2000)).collect();
    let index = index(&entries);
    let letters: Vec<String> = ('a'..='z').chain('0'..='9').map(String::from).collect();
    let queries = [
        letters.join(" "),
        "ab cd ef gh ij kl mn op qr st uv wx yz 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25".to_owned(),
        "abcdefghij".repeat(20),
        "a\u{301}\u{301}\u{301}".repeat(40),
        "🎉".repeat(200),
        "\u{0}\u{1}\u{2}".to_owned(),
        "\u{301}\u{302}\u{303}".to_owned(),
    ];
    for query in queries {
        let page = index.search(&terms(&query), &SearchFilter::default(), HitWindow::after(None, 20));
        assert!(page.visited < 40_000, "{query}: {}", page.visited);
    }
    assert!(SearchTerms::parse(&"đ".repeat(10_000)).is_err());
}

#[test]
fn work_does_not_grow_with_the_entries() {
    let visited = |count: i32| {
        let entries: Vec<_> = (1..=count)
            .map(|number| {
                programme(number, "Hợp tác hữu nghị du lịch", Some(1 + number % 3), 2, 1900 + number % 120)
            })
            .collect();
        let index = index(&entries);
        let queries = ["hop tac huu nghi", "hợp tác gyeonggi", "hữu nghị Hàn Quốc du lịch", "trao doi"];
        queries.map(|query| {
            index.search(&terms(query), &SearchFilter::default(), HitWindow::after(None, 20)).visited
        })
    };
    let (few, many) = (visited(500), visited(5_000));
    for (few, many) in few.into_iter().zip(many) {
        assert!(many <= few * 2 + 40, "{few} for 500, {many} for 5,000");
    }
}

#[test]
fn figure_is_found_by_its_indicator() {
    let meta = EntryMeta::new(Log::new(1), 9, "FIG-0009".to_owned(), 0);
    let content = Figure {
        common: Common::default(),
        indicator: Id::new(1),
        quantity: Quantity::exact(5, "event").unwrap(),
        basis: Basis::Reported,
        organization: None,
        country: Some(Id::new(2)),
        dimensions: Vec::new(),
        period: None,
        as_of: None,
        change_percent: None,
        quote: None,
        note: None,
    };
    let document = SearchDocument::from_entry(&Entry { meta, content });
    let names = Arc::new(NameIndex::of(&directory()));
    let index = SearchIndex { names, entries: EntryIndex::new(vec![document]) };
    let found: BTreeSet<String> = search(&index, "du lich nhat ban").into_iter().collect();
    assert_eq!(found, BTreeSet::from(["entry 9".to_owned()]));
}
