//! Every value has a text in each language, with all of its parameters, and every text has a value.

mod samples;

use crate::catalogue::{CODED, Call, FILES, NESTED, call, try_format, word_id};
use crate::label::{Bucket, BucketKind, YearNumber};
use crate::{EntryList, EntryNoun, KeyUse, MutationText, message};
use caunoi_domain::agreement::SigningLevel;
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::entry::{Direction, Pillar, Publication};
use caunoi_domain::locale::Locale;
use caunoi_domain::organization::OrganizationStage;
use caunoi_domain::place::Region;
use caunoi_domain::policy::{Action, RequiredRole};
use caunoi_domain::quantity::{Qualifier, Quantity, QuantityParts};
use caunoi_domain::quota_kind::QuotaKind;
use caunoi_domain::relation::RelationTier;
use caunoi_domain::statistics::InconsistencyRule;
use caunoi_domain::status::{AgreementStatus, RelationStatus};
use caunoi_domain::validation::{
    Format, InvalidKind, InvalidReason, Reason, ReasonKind, ReferenceKind, RuleKind, UrlKind, WordList,
};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use strum::VariantArray;

/// The ids of messages and the variables of each.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Returns one call for each value with parameters of its own.
fn calls() -> Vec<Call> {
    fn of<T: Serialize>(prefix: &'static str, samples: &[T]) -> impl Iterator<Item = Call> {
        samples.iter().map(move |sample| call(prefix, sample))
    }
    let year = YearNumber(2025);
    let buckets: [Bucket; BucketKind::VARIANTS.len()] = [
        Bucket::Month { month: 7, year },
        Bucket::Quarter { quarter: 3, year },
        Bucket::Year { year },
        Bucket::Decade { year },
    ];
    let reasons = samples::REASON.iter().filter(|reason| {
        // Their own samples follow.
        !matches!(reason, Reason::Invalid(_) | Reason::UrlRefused(_) | Reason::RuleBroken(_))
    });
    let mut calls: Vec<Call> = reasons.map(|reason| call("reason", reason)).collect();
    calls.extend(of("reason", &*samples::INVALID_REASON));
    calls.extend(of("reason", &*samples::URL_REASON));
    calls.extend(of("reason", &*samples::RULE_REASON));
    calls.extend(of("mutation", &*samples::MUTATION_TEXT));
    calls.extend(of("api", &*samples::API_TEXT));
    calls.extend(of("http", &*samples::HTTP_TEXT));
    calls.extend(of("feed", &*samples::FEED_TEXT));
    calls.extend(of("title", &*samples::TITLE_TEXT));
    calls.extend(of("file", &*samples::FILE_TEXT));
    calls.extend(of("operator", &*samples::OPERATOR_TEXT));
    calls.extend(of("bucket", &buckets));
    calls
}

/// Returns the ids of the texts of words.
fn words() -> Vec<String> {
    fn serialized<T: VariantArray + Serialize>(prefix: &str) -> Vec<String> {
        let word = |value: &T| serde_json::to_value(value).unwrap().as_str().unwrap().to_owned();
        T::VARIANTS.iter().map(|value| word_id(prefix, &word(value))).collect()
    }
    fn named<T: VariantArray + Copy + Into<&'static str>>(prefix: &str) -> Vec<String> {
        T::VARIANTS.iter().map(|value| word_id(prefix, (*value).into())).collect()
    }
    [
        serialized::<Action>("action"),
        serialized::<EntryList>("entries"),
        serialized::<EntryNoun>("entry"),
        serialized::<Format>("format"),
        serialized::<KeyUse>("use"),
        serialized::<ReferenceKind>("reference"),
        serialized::<RequiredRole>("required-role"),
        serialized::<QuotaKind>("quota"),
        serialized::<WordList>("list"),
        named::<AgreementStatus>("agreement-status"),
        named::<Direction>("direction"),
        named::<InconsistencyRule>("inconsistency"),
        named::<OrganizationStage>("stage"),
        named::<Pillar>("pillar"),
        named::<Publication>("publication"),
        named::<RelationStatus>("relation-status"),
        named::<RelationTier>("tier"),
        named::<SigningLevel>("level"),
        named::<Region>("region"),
    ]
    .concat()
}

/// Returns the messages of a file.
fn messages(text: &str) -> Messages {
    let resource = fluent_syntax::parser::parse(text).expect("a file without defects");
    let entries = resource.body.iter().filter_map(|entry| match entry {
        Entry::Message(message) => Some((message.id.name.to_owned(), message.value.as_ref())),
        Entry::Term(term) => panic!("a term {}", term.id.name),
        Entry::Junk { content } => panic!("no message: {content}"),
        Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => None,
    });
    let mut messages = Messages::new();
    for (id, value) in entries {
        let mut variables = BTreeSet::new();
        collect(value.expect("a text"), &mut variables);
        assert!(messages.insert(id.clone(), variables).is_none(), "{id} twice");
    }
    messages
}

fn collect(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => collect_inline(inline, variables),
                Expression::Select { selector, variants } => {
                    collect_inline(selector, variables);
                    for variant in variants {
                        collect(&variant.value, variables);
                    }
                }
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        variables.insert(id.name.to_owned());
    }
}

#[test]
fn every_variant_has_a_sample() {
    let kinds: BTreeSet<_> = samples::REASON.iter().map(|reason| ReasonKind::from(reason) as usize).collect();
    assert_eq!(kinds.len(), ReasonKind::VARIANTS.len());
    let kinds: BTreeSet<_> =
        samples::INVALID_REASON.iter().map(|reason| InvalidKind::from(reason) as usize).collect();
    assert_eq!(kinds.len(), InvalidKind::VARIANTS.len());
    let kinds: BTreeSet<_> =
        samples::URL_REASON.iter().map(|reason| UrlKind::from(reason) as usize).collect();
    assert_eq!(kinds.len(), UrlKind::VARIANTS.len());
    let kinds: BTreeSet<_> =
        samples::RULE_REASON.iter().map(|reason| RuleKind::from(reason) as usize).collect();
    assert_eq!(kinds.len(), RuleKind::VARIANTS.len());
    let calls = calls();
    let ids: BTreeSet<&str> = calls.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids.len(), calls.len(), "a value has two samples, so another one has none");
}

#[test]
fn every_text_formats_in_each_language() {
    let words = words().into_iter().map(|id| Call { id, parameters: Vec::new() });
    for call in calls().into_iter().chain(words) {
        for locale in Locale::ALL {
            let text = try_format(&call, locale);
            let shown = text.unwrap_or_else(|defects| panic!("{call:?} {locale:?}: {defects:?}"));
            assert!(!shown.trim().is_empty() && !shown.contains(['{', '\u{2068}']), "{call:?}: {shown}");
        }
    }
}

#[test]
fn both_files_have_the_same_texts_and_variables_and_no_other() {
    let [vi, en] = FILES.map(|(_, text)| messages(text));
    assert_eq!(vi.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    let mut unused: BTreeSet<String> = vi.keys().cloned().collect();
    for call in calls() {
        let given: BTreeSet<String> = call.parameters.iter().map(|(name, _)| name.clone()).collect();
        for used in [&vi[&call.id], &en[&call.id]] {
            // The number of members of a list is a variable that a text need not use.
            let used: BTreeSet<String> = used.iter().map(|name| name.replace("-count", "")).collect();
            assert_eq!(used, given, "{}", call.id);
        }
        unused.remove(&call.id);
    }
    for id in words() {
        assert!(vi[&id].is_empty() && en[&id].is_empty(), "{id} has variables");
        unused.remove(&id);
    }
    assert_eq!(unused, BTreeSet::new());
    let mut coded = CODED.iter().map(|(name, _)| *name).chain(NESTED);
    assert!(
        coded.all(|name| calls().iter().any(|call| call.parameters.iter().any(|(known, _)| known == name)))
    );
}

#[test]
fn vietnamese_texts_are_not_english_ones() {
    let same = |id: &&String| {
        // Texts of others, words that are equal in both languages, and the message by which clients
        // recognize that persisted queries are not supported.
        !matches!(
            id.as_str(),
            "reference-webhook"
                | "operator-system-error"
                | "operator-value-invalid"
                | "api-persisted-query-not-supported"
        )
    };
    let ids: Vec<String> = calls().into_iter().map(|call| call.id).chain(words()).collect();
    let texts = FILES.map(|(_, text)| {
        let lines = text.lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(id, text)| (id.to_owned(), text.to_owned())).collect::<BTreeMap<_, _>>()
    });
    for id in ids.iter().filter(same) {
        let [vi, en] = texts.each_ref().map(|texts| texts.get(id));
        assert!(vi.is_none() || vi != en, "{id}: {vi:?}");
    }
}

fn both(reason: impl Into<Reason>) -> [String; 2] {
    let reason = reason.into();
    Locale::ALL.map(|locale| message(&reason, locale))
}

#[test]
fn reversed_bounds_are_named() {
    let parts = QuantityParts {
        lower: "5".parse().ok(),
        upper: "3".parse().ok(),
        qualifier: Qualifier::Range,
        unit: "person".to_owned(),
        ..QuantityParts::default()
    };
    assert_eq!(
        both(Quantity::new(parts).unwrap_err()),
        [
            "Giá trị không hợp lệ: giới hạn dưới 5 lớn hơn giới hạn trên 3.",
            "The lower bound 5 is above the upper bound 3.",
        ]
    );
}

#[test]
fn date_errors_name_the_invalid_part() {
    let [vi, en] = both(FuzzyDate::parse("2026-13").unwrap_err());
    assert_eq!(vi, "Giá trị không hợp lệ: tháng không tồn tại (2026-13).");
    assert_eq!(en, "There is no month 2026-13.");
    let [vi, en] = both(FuzzyDate::parse("someday").unwrap_err());
    assert!(vi.contains("\"someday\"") && vi.contains("EDTF"), "{vi}");
    assert_eq!(
        en,
        "\"someday\" is not a date such as 2024-05-20, 2024-05 or 2024 (EDTF; also 1996~, 2021-07/.. and 199X)."
    );
}

#[test]
fn transition_names_state_and_action() {
    assert_eq!(
        both(Reason::Transition { from: Publication::Withdrawn, action: Action::Publish }),
        ["Không thể công bố bản ghi đã thu hồi.", "PUBLISH does not begin from a version that is WITHDRAWN.",]
    );
}

#[test]
fn unknown_words_are_answered_with_candidates_or_permitted_words() {
    let candidates = vec!["DONG_NAI".to_owned(), "DONG_THAP".to_owned()];
    let unknown = |candidates| Reason::Unknown {
        reference: ReferenceKind::Province,
        given: "DONG".to_owned(),
        candidates,
    };
    assert_eq!(
        both(unknown(candidates)),
        [
            "Không tìm thấy tỉnh, thành phố \"DONG\". Mã gần giống: DONG_NAI, DONG_THAP.",
            "No province is known as \"DONG\". Did you mean DONG_NAI, DONG_THAP?",
        ]
    );
    assert_eq!(
        both(unknown(Vec::new())),
        ["Không tìm thấy tỉnh, thành phố \"DONG\".", "No province is known as \"DONG\"."]
    );
    assert_eq!(
        both(Reason::unknown_word::<Pillar>(WordList::Pillar, "ARMY")),
        [
            "Giá trị không hợp lệ: \"ARMY\" không phải trụ cột đối ngoại. Các giá trị được dùng: PARTY, STATE, PEOPLE.",
            "\"ARMY\" is not a pillar. Permitted are PARTY, STATE, PEOPLE.",
        ]
    );
}

#[test]
fn duplicates_are_counted() {
    let texts = |count| Locale::ALL.map(|locale| MutationText::Alike { count }.text(locale));
    assert!(texts(1)[1].starts_with("An entry looks like"), "{}", texts(1)[1]);
    assert!(texts(2)[1].starts_with("2 entries look like"), "{}", texts(2)[1]);
    assert!(texts(2)[0].starts_with("Có 2 bản ghi"), "{}", texts(2)[0]);
}

#[test]
fn absent_numbers_are_shown_as_absent() {
    let unfit = InvalidReason::BoundsUnfit { qualifier: "UNQUANTIFIED", lower: None, upper: None };
    let [_, en] = both(unfit);
    assert_eq!(en, "The bounds (lower –, upper –) do not fit the qualifier UNQUANTIFIED.");
}
