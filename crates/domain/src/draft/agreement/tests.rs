//! Tests of agreement drafts.

use super::*;
use crate::agreement::{DocumentFile, Signatory};
use crate::date::FuzzyDate;
use crate::directory::Reference;
use crate::draft::MINISTRY;
use crate::id::Id;
use crate::party::{AgreementParty, PartyRef};
use crate::place::{Country, Locality, Region};
use crate::reference::{Source, SourceKind, Term};
use crate::rules::{RuleContext, Ruled as _};
use crate::validation::Rule;

/// One form, one source, one country with the localities `kr-busan` and `kr-ulsan`.
fn directory() -> Directory {
    let name = Bilingual::default;
    let locality = |number, slug: &str| Locality {
        id: Id::new(number),
        slug: slug.to_owned(),
        name: name(),
        native_name: None,
        aliases: Vec::new(),
        country: Id::new(1),
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    };
    Directory::new(Reference {
        countries: vec![Country {
            id: Id::new(1),
            iso2: "KR".to_owned(),
            iso3: "KOR".to_owned(),
            name: name(),
            region: Some(Region::Asia),
            subregion: None,
        }],
        localities: vec![locality(1, "kr-busan"), locality(2, "kr-ulsan")],
        terms: vec![Term {
            id: Id::new(1),
            vocabulary: Vocabulary::AgreementForm,
            code: "MOU".to_owned(),
            name: name(),
            parent: None,
            valid_from: None,
            units: Vec::new(),
            is_additive: true,
            source: None,
        }],
        sources: vec![Source::new(Id::new(1), "portal-1", "", "", SourceKind::Portal)],
        ..Reference::default()
    })
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn act(kind: &str, on: &str) -> ActDraft {
    ActDraft { kind: text(kind), on: text(on), ..ActDraft::default() }
}

/// A memorandum of the ministry with Busan.
fn draft() -> AgreementDraft {
    AgreementDraft {
        common: CommonDraft { unit: text(MINISTRY), ..CommonDraft::default() },
        title: Bilingual { vi: Some(text("Bản ghi nhớ")), en: None },
        form: text("MOU"),
        partner: text("kr-busan"),
        ..AgreementDraft::default()
    }
}

fn parse(draft: &AgreementDraft) -> Result<Agreement, Vec<String>> {
    let parsed = draft.parse(&directory(), "2026-11-22".parse().unwrap());
    parsed
        .map(|parsed| parsed.content)
        .map_err(|problems| problems.iter().map(ValidationError::to_string).collect())
}

fn problems(draft: &AgreementDraft) -> Vec<String> {
    parse(draft).err().unwrap_or_default()
}

fn ids(agreement: &Agreement) -> Vec<i32> {
    agreement.acts.iter().map(|act| act.id).collect()
}

fn redraft(agreement: &Agreement) -> AgreementDraft {
    AgreementDraft::from_content(agreement, Log::MINISTRY, &directory())
}

#[test]
fn acts_keep_their_numbers_and_numbers_are_not_used_again() {
    let acts = vec![act("AMEND", "2022"), act("SIGN", "2020-05-04")];
    let created = parse(&AgreementDraft { acts, ..draft() }).unwrap();
    assert_eq!(ids(&created), [2, 1], "in order of time");
    let mut amended = redraft(&created);
    amended.acts.push(act("AMEND", "2021"));
    let recorded = parse(&amended).unwrap();
    assert_eq!(ids(&recorded), [2, 3, 1]);
    let mut voided = redraft(&recorded);
    assert!(voided.void_act(3).is_some());
    assert!(voided.void_act(3).is_none());
    let voided = parse(&voided).unwrap();
    assert_eq!((ids(&voided), voided.last_void_act), (vec![2, 1], 3));
    let mut next = redraft(&voided);
    next.acts.push(act("AMEND", "2023"));
    let next = parse(&next).unwrap();
    assert_eq!((ids(&next), next.last_void_act), (vec![2, 1, 4], 0));
}

#[test]
fn amended_signing_moves_the_date_of_signing() {
    let created = parse(&AgreementDraft { acts: vec![act("SIGN", "2020-05-04")], ..draft() }).unwrap();
    let mut amended = redraft(&created);
    amended.act_mut(1).unwrap().on = text("2021-05-04");
    let amended = parse(&amended).unwrap();
    assert_eq!(amended.signed.as_ref().map(FuzzyDate::edtf), Some("2021-05-04"));
    assert_eq!(amended.common.counts_from, "2021-05-04".parse().ok());
    assert_eq!(ids(&amended), [1]);
}

#[test]
fn contradictions_point_to_the_act_of_the_input() {
    let found = |acts| {
        let agreement = parse(&AgreementDraft { acts, ..draft() }).unwrap();
        let (directory, today) = (directory(), "2026-11-22".parse().unwrap());
        let found = agreement.violations(RuleContext { directory: &directory, today });
        let found = found.into_iter().filter(|violation| violation.rule == Rule::Acts);
        found.map(|violation| violation.path.join(".")).collect::<Vec<_>>()
    };
    assert_eq!(
        found(vec![act("TERMINATE", "2021"), act("SIGN", "2020"), act("EXTEND", "2022")]),
        ["acts.2.on"]
    );
    assert_eq!(found(vec![act("TERMINATE", "2019"), act("SIGN", "2020")]), ["acts.0.on"]);
}

#[test]
fn unstated_level_stays_empty() {
    let agreement = parse(&draft()).unwrap();
    assert_eq!(agreement.level, None);
    let written = serde_json::to_value(&agreement).unwrap();
    for absent in ["level", "languages", "files", "signed_by", "notice_days", "parent"] {
        assert!(written.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn notes_of_acts_are_checked_and_normalized() {
    let with_note = |note: &str| {
        let note = Bilingual { vi: Some(text(note)), en: Some(text(" ")) };
        AgreementDraft { acts: vec![ActDraft { note, ..act("SIGN", "2020") }], ..draft() }
    };
    let agreement = parse(&with_note("  Ky\u{301}  ")).unwrap();
    assert_eq!(agreement.acts[0].note, Bilingual { vi: Some(text("Ký")), en: None });
    let errors = "acts.0.note.vi: TooLong { most: 2000, given: 2001 }";
    assert_eq!(problems(&with_note(&"a".repeat(2_001))), [errors]);
}

#[test]
fn only_extend_and_renew_begin_a_term_after_the_act() {
    let until = |kind, until| {
        let acts = vec![ActDraft { until: text(until), ..act(kind, "2024-03-01") }];
        problems(&AgreementDraft { acts, ..draft() })
    };
    assert_eq!(until("EXTEND", "2029"), [""; 0]);
    assert_eq!(until("RENEW", "2024"), [""; 0]);
    assert_eq!(until("RENEW", "2024-02"), ["acts.0.until: Invalid(TermBeforeAct)"]);
    assert_eq!(until("SIGN", "2029"), ["acts.0.until: Invalid(NoNewTerm)"]);
}

#[test]
fn act_has_a_known_source() {
    let read = |source| {
        let acts = vec![ActDraft { source: text(source), ..act("SIGN", "2024") }];
        parse(&AgreementDraft { acts, ..draft() })
    };
    assert_eq!(read("portal-1").unwrap().acts[0].source, Some(Id::new(1)));
    assert_eq!(
        read("portal-2").unwrap_err(),
        ["acts.0.source: Unknown { reference: Source, given: \"portal-2\", candidates: [] }"]
    );
}

#[test]
fn lists_are_limited() {
    let many = |most: usize| vec![String::new(); most + 1];
    let common = CommonDraft { fields: many(50), sources: many(50), ..draft().common };
    let too_long = AgreementDraft {
        common,
        languages: many(20),
        files: vec![FileDraft::default(); 51],
        parties: vec![PartyDraft::default(); 51],
        signed_by: vec![SignatoryDraft::default(); 51],
        acts: vec![ActDraft::default(); 101],
        ..draft()
    };
    let mut found = problems(&too_long);
    found.sort();
    let errors = |path, most| format!("{path}: TooMany {{ most: {most}, given: {} }}", most + 1);
    let lists = [
        ("acts", 100),
        ("fields", 50),
        ("files", 50),
        ("languages", 20),
        ("parties", 50),
        ("signedBy", 50),
        ("sources", 50),
    ];
    assert_eq!(found, lists.map(|(path, most)| errors(path, most)));
}

#[test]
fn parties_follow_the_partner_without_duplicates() {
    let party_draft = |locality: &str, organization: &str| PartyDraft {
        locality: text(locality),
        organization: text(organization),
        signatory: text("Kim"),
    };
    let parties = |parties| AgreementDraft { partner_signatory: text("Park"), parties, ..draft() };
    let agreement =
        parse(&parties(vec![party_draft("kr-ulsan", ""), party_draft("", "Kansai METI")])).unwrap();
    let party = |party, signatory| AgreementParty { party, signatory: Some(text(signatory)) };
    assert_eq!(
        agreement.parties,
        [
            party(PartyRef::Locality(Id::new(1)), "Park"),
            party(PartyRef::Locality(Id::new(2)), "Kim"),
            party(PartyRef::Named(text("Kansai METI")), "Kim"),
        ]
    );
    assert_eq!(agreement.country, Some(Id::new(1)));
    assert_eq!(
        problems(&parties(vec![
            party_draft("kr-busan", ""),
            party_draft("kr-ulsan", "ICF"),
            party_draft("", "")
        ])),
        [
            "parties.0.locality: Invalid(PartyTwice { given: \"kr-busan\" })",
            "parties.1.locality: Invalid(LocalityAndOrganization)",
            "parties.2.locality: Required",
        ]
    );
}

#[test]
fn document_fields_are_parsed() {
    let file = FileDraft {
        name: text("bản ký.pdf"),
        media_type: text("Application/PDF"),
        sha256: "AB".repeat(32),
        size_bytes: text("1048576"),
        language: text("vi"),
        is_stored: true,
    };
    let full = AgreementDraft {
        level: text("PROVINCE"),
        legal_basis: text("Luật Thỏa thuận quốc tế"),
        languages: vec![text("vi"), text("ja"), text("vi")],
        files: vec![file],
        signed_at: text("Osaka"),
        signed_by: vec![SignatoryDraft { name: text("Nguyễn Văn An"), post: text("Chủ tịch") }],
        entry_into_force: text("ON_SIGNATURE"),
        renews_automatically: true,
        notice_days: text("90"),
        parent: text("AGR-0001"),
        ..draft()
    };
    let agreement = parse(&full).unwrap();
    assert_eq!(agreement.level, Some(SigningLevel::Province));
    assert_eq!(agreement.languages, ["vi", "ja"]);
    let file = DocumentFile {
        name: text("bản ký.pdf"),
        media_type: text("application/pdf"),
        sha256: "ab".repeat(32),
        size_bytes: 1_048_576,
        language: Some(text("vi")),
        is_stored: true,
    };
    assert_eq!(agreement.files, [file]);
    let signatory = Signatory { name: text("Nguyễn Văn An"), post: Some(text("Chủ tịch")) };
    assert_eq!(agreement.signed_by, [signatory]);
    assert_eq!(agreement.entry_into_force, Some(EntryIntoForce::OnSignature));
    assert_eq!((agreement.renews_automatically, agreement.notice_days), (true, Some(90)));
    assert_eq!(agreement.parent.as_deref(), Some("AGR-0001"));
}

#[test]
fn invalid_document_fields_are_rejected() {
    let file = FileDraft {
        name: text(" "),
        media_type: text("pdf"),
        sha256: text("abc"),
        size_bytes: text("-1"),
        language: text("VI"),
        is_stored: false,
    };
    let wrong = AgreementDraft {
        languages: vec![text("english")],
        files: vec![file],
        signed_by: vec![SignatoryDraft::default()],
        notice_days: text("3651"),
        ..draft()
    };
    let paths: Vec<String> = problems(&wrong)
        .iter()
        .filter_map(|error| error.split_once(": "))
        .map(|(path, _)| text(path))
        .collect();
    let files = ["name", "mediaType", "sha256", "sizeBytes", "language"];
    let mut expected = vec![text("languages.0")];
    expected.extend(files.map(|field| format!("files.0.{field}")));
    expected.extend([text("signedBy.0.name"), text("noticeDays")]);
    assert_eq!(paths, expected);
}
