use crate::directory::{Directory, Reference};
use crate::id::Id;
use crate::locale::Bilingual;
use crate::place::{Alias, Country, Locality, LocalityNameKind};
use crate::reference::{Term, Vocabulary};
use crate::unit::{AdminUnit, Designation, UnitKind};
use crate::validation::{Reason, ReferenceKind};

fn unit(id: i32, slug: &str, vi: &str, en: &str) -> AdminUnit {
    let designation = Designation {
        from: None,
        code: "75".to_owned(),
        kind: UnitKind::Province,
        name: Bilingual::both(vi.to_owned(), en.to_owned()),
        legal_basis: None,
    };
    AdminUnit {
        id: Id::new(id),
        slug: slug.to_owned(),
        valid_from: None,
        valid_to: None,
        split_from: None,
        iso_3166_2: None,
        designations: vec![designation],
        geography: Vec::new(),
    }
}

fn locality(id: i32, slug: &str, name: &str, alias: &str) -> Locality {
    let alias = Alias { name: alias.to_owned(), language: "en".to_owned(), kind: LocalityNameKind::Spelling };
    Locality {
        id: Id::new(id),
        slug: slug.to_owned(),
        name: Bilingual { vi: None, en: Some(name.to_owned()) },
        native_name: None,
        aliases: vec![alias],
        country: Id::new(1),
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    }
}

fn term(id: i32, vocabulary: Vocabulary, code: &str, vi: &str) -> Term {
    Term {
        id: Id::new(id),
        vocabulary,
        code: code.to_owned(),
        name: Bilingual { vi: Some(vi.to_owned()), en: None },
        parent: None,
        valid_from: None,
        units: Vec::new(),
        is_additive: true,
        source: None,
    }
}

fn country(id: i32, iso2: &str, iso3: &str, vi: &str, en: &str) -> Country {
    Country {
        id: Id::new(id),
        iso2: iso2.to_owned(),
        iso3: iso3.to_owned(),
        name: Bilingual::both(vi.to_owned(), en.to_owned()),
        region: None,
        subregion: None,
    }
}

fn directory() -> Directory {
    Directory::new(Reference {
        units: vec![
            unit(1, "DONG_NAI", "Đồng Nai", "Dong Nai"),
            unit(2, "DONG_NAI", "Đồng Nai", "Dong Nai"),
            unit(3, "DONG_THAP", "Đồng Tháp", "Dong Thap"),
        ],
        countries: vec![
            country(1, "JP", "JPN", "Nhật Bản", "Japan"),
            country(2, "US", "USA", "Hoa Kỳ", "United States"),
            country(3, "MY", "MYS", "Malaysia", "Malaysia"),
            country(4, "RU", "RUS", "Liên bang Nga", "Russian Federation"),
            country(5, "NG", "NGA", "Nigeria", "Nigeria"),
            country(6, "KR", "KOR", "Hàn Quốc", "Republic of Korea"),
            country(7, "BE", "BEL", "Bỉ", "Belgium"),
            country(8, "BI", "BDI", "Burundi", "Burundi"),
        ],
        localities: vec![
            locality(1, "kr-gyeongsangnam", "South Gyeongsang", "Gyeongnam"),
            locality(2, "us-springfield-il", "Springfield", "Springfield, Illinois"),
            locality(3, "us-springfield-ma", "Springfield", "Springfield, Massachusetts"),
        ],
        terms: vec![
            term(1, Vocabulary::AgreementForm, "MOU", "Bản ghi nhớ"),
            term(2, Vocabulary::Field, "CULTURE", "Văn hóa và nghệ thuật"),
        ],
        ..Reference::default()
    })
}

fn candidates(outcome: Result<(), Reason>) -> Vec<String> {
    match outcome {
        Err(Reason::Unknown { candidates, .. }) => candidates,
        other => panic!("{other:?}"),
    }
}

#[test]
fn certain_names_are_resolved() {
    let directory = directory();
    for given in [
        "DONG_NAI",
        "Đồng Nai",
        "dong nai",
        "tỉnh Đồng Nai",
        "Dong Nai Province",
        "dongnai",
        "Ðồng Nai",
        "thành phố Đồng Nai",
    ] {
        assert_eq!(directory.find_unit_slug(given), Some("DONG_NAI"), "{given}");
    }
    for given in ["JP", "jp", "JPN", "Nhật Bản", "NHAT BAN", "Japan"] {
        assert_eq!(directory.find_country(given).map(|country| country.iso2.as_str()), Some("JP"), "{given}");
    }
    for given in ["kr-gyeongsangnam", "Gyeongnam", "gyeongnam", "South Gyeongsang"] {
        let found = directory.find_locality(given).map(|locality| locality.slug.as_str());
        assert_eq!(found, Some("kr-gyeongsangnam"), "{given}");
    }
    let form = directory.find_term(Vocabulary::AgreementForm, "bản ghi nhớ");
    assert_eq!(form.map(|form| form.code.as_str()), Some("MOU"));
}

/// Many Vietnamese names without their marks are the code of another country.
#[test]
fn country_name_with_marks_precedes_codes() {
    let directory = directory();
    for (given, iso2) in [
        ("Mỹ", Some("US")),
        ("MỸ", Some("US")),
        ("M\u{1ef9}", Some("US")),
        ("MY", Some("MY")),
        ("my", None),
        ("Nga", Some("RU")),
        ("Bỉ", Some("BE")),
        ("bi", None),
        ("BI", Some("BI")),
        ("South Korea", Some("KR")),
        ("Ma-lai-xi-a", Some("MY")),
        ("Nam Hàn", Some("KR")),
        ("", None),
    ] {
        let found = directory.find_country(given).map(|country| country.iso2.as_str());
        assert_eq!(found, iso2, "{given}");
    }
    assert_eq!(candidates(directory.require_country("my").map(drop)), ["MY", "US"]);
}

#[test]
fn uncertain_names_are_refused_with_candidates() {
    let directory = directory();
    let places = candidates(directory.require_locality("Springfield").map(drop));
    assert_eq!(places, ["us-springfield-il", "us-springfield-ma"]);
    let fields = candidates(directory.require_term(Vocabulary::Field, "Văn hóa").map(drop));
    assert_eq!(fields, ["CULTURE"]);
    let units = candidates(directory.require_units(ReferenceKind::Unit, "Đồng").map(drop));
    assert_eq!(units, ["DONG_NAI", "DONG_THAP"]);
    // A slip is a candidate only.
    let slip = candidates(directory.require_units(ReferenceKind::Unit, "Đồng Nia").map(drop));
    assert_eq!(slip, ["DONG_NAI"]);
    for nothing in ["", " ", "–", "🎉"] {
        assert_eq!(directory.find_unit_slug(nothing), None, "{nothing:?}");
        assert!(directory.find_term(Vocabulary::Field, nothing).is_none(), "{nothing:?}");
    }
}

#[test]
fn name_is_resolved_within_its_vocabulary_only() {
    assert!(directory().find_term(Vocabulary::Field, "Bản ghi nhớ").is_none());
}
