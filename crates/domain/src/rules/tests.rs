//! Tests of the rules.

use super::*;
use crate::agreement::Agreement;
use crate::date::Day;
use crate::directory::Reference;
use crate::draft::{
    ActDraft, AgreementDraft, CommonDraft, Draft, EventDraft, MINISTRY, OrganizationDraft, ProgrammeDraft,
    QuantityDraft, RelationDraft,
};
use crate::entry::{Entry, EntryMeta};
use crate::event::{Event, QuantityKey};
use crate::fact::Fact;
use crate::filter::Filter;
use crate::id::{Id, Log};
use crate::locale::Bilingual;
use crate::place::{Country, Locality};
use crate::policy::{Action, Actor, Role, Scope};
use crate::publication::Versions;
use crate::quantity::{Quantity, QuantitySums};
use crate::reference::{Term, Vocabulary};
use crate::statistics::Facts;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use strum::{EnumMessage, VariantArray};

const TABLE: &str = include_str!("../../../../docs/reference/rules.md");

/// Korea with `kr-busan`, Vietnam with `vn-sapa`, one form, one kind of event and of programme.
static DIRECTORY: LazyLock<Directory> = LazyLock::new(|| {
    let country = |number, iso2: &str| Country {
        id: Id::new(number),
        iso2: iso2.to_owned(),
        iso3: String::new(),
        name: Bilingual::default(),
        region: None,
        subregion: None,
    };
    let locality = |number, slug: &str| Locality {
        id: Id::new(number),
        slug: slug.to_owned(),
        name: Bilingual::default(),
        native_name: None,
        aliases: Vec::new(),
        country: Id::new(number),
        level: None,
        location: None,
        iso_3166_2: None,
        wikidata_id: None,
        valid_to: None,
        note: None,
        source: None,
    };
    let term = |number, vocabulary, code: &str| Term {
        id: Id::new(number),
        vocabulary,
        code: code.to_owned(),
        name: Bilingual::default(),
        parent: None,
        valid_from: None,
        units: Vec::new(),
        is_additive: true,
        source: None,
    };
    Directory::new(Reference {
        countries: vec![country(1, "KR"), country(2, "VN")],
        localities: vec![locality(1, "kr-busan"), locality(2, "vn-sapa")],
        terms: vec![
            term(1, Vocabulary::AgreementForm, "MOU"),
            term(2, Vocabulary::EventKind, "FESTIVAL"),
            term(3, Vocabulary::ProgrammeKind, "AID"),
        ],
        ..Reference::default()
    })
});

fn today() -> Day {
    Day::from_ymd_opt(2026, 11, 22).unwrap()
}

fn rule_context() -> RuleContext<'static> {
    RuleContext { directory: &DIRECTORY, today: today() }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn common() -> CommonDraft {
    CommonDraft { unit: text(MINISTRY), no_source_reason: title(), ..CommonDraft::default() }
}

fn title() -> Bilingual {
    Bilingual { vi: Some(text("Tên")), en: None }
}

fn event() -> EventDraft {
    EventDraft {
        common: common(),
        title: title(),
        kind: text("FESTIVAL"),
        when: text("2026-10"),
        place: text("Huế"),
        ..EventDraft::default()
    }
}

fn agreement() -> AgreementDraft {
    AgreementDraft {
        common: common(),
        title: title(),
        form: text("MOU"),
        partner: text("kr-busan"),
        acts: vec![ActDraft { kind: text("SIGN"), on: text("../2019"), ..ActDraft::default() }],
        ..AgreementDraft::default()
    }
}

fn persons(value: &str, unit: &str) -> QuantityDraft {
    QuantityDraft { value: text(value), unit: text(unit), ..QuantityDraft::default() }
}

fn content<D: Draft>(draft: &D) -> D::Content {
    draft.to_content(&DIRECTORY, today()).unwrap().content
}

/// Returns rule and path of each violation.
fn broken<D: Draft<Content: Ruled>>(draft: &D) -> Vec<String> {
    let violations = content(draft).violations(rule_context());
    violations.iter().map(|found| format!("{} {}", found.rule, found.path.join("."))).collect()
}

#[test]
fn table_in_the_documentation_is_that_of_the_rules() {
    let is_row = |line: &&str| line.starts_with("| `") && line.matches('|').count() == 5;
    let documented: Vec<&str> = TABLE.lines().filter(is_row).collect();
    let expected: Vec<String> = Rule::VARIANTS
        .iter()
        .map(|rule| {
            let kinds = RULES.iter().filter(|(_, rules)| rules.contains(rule));
            let kinds: Vec<String> = kinds.map(|(kind, _)| format!("`{kind}`")).collect();
            // A comment of several lines is one sentence in the table.
            let lines: Vec<&str> = rule.get_documentation().unwrap().split_whitespace().collect();
            let demand = lines.join(" ");
            let refused = if rule.is_about_wrong_value() { "in every write" } else { "at publishing" };
            format!("| `{rule}` | {demand} | {} | {refused} |", kinds.join(", "))
        })
        .collect();
    assert_eq!(documented, expected);
}

#[test]
fn rules_of_each_kind_are_listed_in_order_of_kinds() {
    assert!(RULES.is_sorted_by_key(|(kind, _)| *kind));
    assert_eq!(RULES.map(|(kind, _)| kind).as_slice(), EntryKind::VARIANTS);
}

#[test]
fn agreement_needs_foreign_party_and_signature() {
    assert_eq!(broken(&agreement()), [""; 0]);
    let unsigned = AgreementDraft { acts: Vec::new(), ..agreement() };
    assert_eq!(broken(&unsigned), ["SIGN_ACT acts"]);
    for partner in ["", "vn-sapa"] {
        let draft = AgreementDraft { partner: text(partner), ..agreement() };
        assert_eq!(broken(&draft), ["FOREIGN_PARTY partnerLocality"], "{partner}");
    }
    let body = |country: &str| AgreementDraft {
        partner: String::new(),
        partner_body: text("Port of Busan"),
        country: text(country),
        ..agreement()
    };
    assert_eq!(broken(&body("KR")), [""; 0]);
    for country in ["", "VN"] {
        assert_eq!(broken(&body(country)), ["FOREIGN_PARTY partnerLocality"], "{country}");
    }
}

#[test]
fn event_needs_date_and_place_or_partner() {
    assert_eq!(broken(&event()), [""; 0]);
    for when in ["", "../2026"] {
        assert_eq!(broken(&EventDraft { when: text(when), ..event() }), ["EVENT_DAY heldOn"], "{when}");
    }
    let nowhere = EventDraft { place: String::new(), ..event() };
    assert_eq!(broken(&nowhere), ["EVENT_PLACE_OR_PARTNER place"]);
    let partners = vec![text("kr-busan")];
    assert_eq!(broken(&EventDraft { partners, ..nowhere.clone() }), [""; 0]);
    assert_eq!(broken(&EventDraft { mode: text("ONLINE"), ..nowhere.clone() }), [""; 0]);
    assert_eq!(broken(&EventDraft { country: text("VN"), ..nowhere }), [""; 0]);
}

#[test]
fn quantities_have_units_of_their_fields() {
    let with = |delegates| broken(&EventDraft { delegates, ..event() });
    assert_eq!(with(persons("12", "người")), [""; 0]);
    assert_eq!(with(persons("12", "voi")), ["UNIT_OF_QUANTITY delegates.unit"]);
    assert_eq!(with(persons("-1", "person")), ["WHOLE_NUMBER delegates"]);
    let money = QuantityDraft { currency: text("USD"), ..persons("5", "person") };
    assert_eq!(with(money), ["CURRENCY delegates.currency"]);
    let programme = |amount| ProgrammeDraft {
        common: common(),
        title: title(),
        kind: text("AID"),
        amount,
        ..ProgrammeDraft::default()
    };
    let vnd = |unit: &str| QuantityDraft { currency: text("VND"), ..persons("5", unit) };
    assert_eq!(broken(&programme(vnd("đồng"))), [""; 0]);
    assert_eq!(broken(&programme(vnd("tỷ đồng"))), ["UNIT_OF_QUANTITY amount.unit"]);
    let partners = vec![text("kr-busan"), text("vn-sapa")];
    let at_home = ProgrammeDraft { partners, ..programme(QuantityDraft::default()) };
    assert_eq!(broken(&at_home), ["FOREIGN_LOCALITY partnerLocalities.1"]);
    let countries = vec![text("KR"), text("VN")];
    let for_home = ProgrammeDraft { countries, ..programme(QuantityDraft::default()) };
    assert_eq!(broken(&for_home), ["FOREIGN_LOCALITY countries.1"]);
    let union = OrganizationDraft {
        common: common(),
        name: title(),
        target_country: text("VN"),
        ..OrganizationDraft::default()
    };
    assert_eq!(broken(&union), ["FOREIGN_LOCALITY targetCountry"]);
}

#[test]
fn violations_of_the_version_before_are_not_refused_again() {
    let with = |unit: &str| content(&EventDraft { delegates: persons("5", unit), ..event() });
    let (old, other) = (with("voi"), with("ngựa"));
    assert_eq!(check_publishing(&old, Some(&old), rule_context()), Ok(()));
    assert_eq!(check_draft(&old, Some(&old), rule_context()), Ok(()));
    assert!(check_publishing(&other, Some(&old), rule_context()).is_err());
    assert!(check_draft(&other, None, rule_context()).is_err());
    let unsigned = content(&AgreementDraft { acts: Vec::new(), ..agreement() });
    assert_eq!(check_draft(&unsigned, None, rule_context()), Ok(()), "a draft may lack it");
    assert!(check_publishing(&unsigned, None, rule_context()).is_err());
}

#[test]
fn contradiction_of_acts_is_forgiven_where_the_act_had_it() {
    let acted = |acts: &[(&str, &str)]| {
        let act =
            |(kind, on): &(&str, &str)| ActDraft { kind: text(kind), on: text(on), ..ActDraft::default() };
        content(&AgreementDraft { acts: acts.iter().map(act).collect(), ..agreement() })
    };
    let planned = [("SIGN", "2020"), ("AMEND", "2027")];
    let old = acted(&planned);
    let found = old.violations(rule_context());
    assert_eq!(found.iter().map(|found| found.rule).collect::<Vec<_>>(), [Rule::Acts]);
    assert!(check_draft(&old, None, rule_context()).is_err());
    assert!(check_publishing(&old, None, rule_context()).is_err());
    assert_eq!(check_publishing(&old, Some(&old), rule_context()), Ok(()));
    let more = acted(&[planned[0], planned[1], ("TERMINATE", "2028")]);
    assert!(check_draft(&more, Some(&old), rule_context()).is_err());
}

#[test]
fn what_happened_is_not_in_the_future() {
    let relation = |established: &str, ended: &str| {
        let (established, ended) = (text(established), text(ended));
        let tier = text("COOPERATION");
        broken(&RelationDraft {
            common: common(),
            partner: text("kr-busan"),
            tier,
            established,
            ended,
            ..RelationDraft::default()
        })
    };
    assert_eq!(relation("2020", "2020-05"), [""; 0]);
    assert_eq!(relation("2026", "2026"), [""; 0], "a day of the year has come");
    assert_eq!(relation("2027", ""), ["NOT_IN_FUTURE established"]);
    assert_eq!(relation("2020", "2026-11-23"), ["NOT_IN_FUTURE ended"]);
    assert_eq!(relation("2020-05", "2019"), ["DATE_ORDER ended"]);
    let organization = |founded: &str, as_of: &str| {
        let (founded, as_of, members) = (text(founded), text(as_of), persons("5", "person"));
        broken(&OrganizationDraft {
            common: common(),
            name: title(),
            founded,
            as_of,
            members,
            ..OrganizationDraft::default()
        })
    };
    assert_eq!(organization("2026-11-22", "2026-11-22"), [""; 0]);
    assert_eq!(organization("2027", "2027"), ["NOT_IN_FUTURE founded", "NOT_IN_FUTURE asOf"]);
    assert_eq!(organization("2020", "2019-12"), ["DATE_ORDER asOf"]);
    assert_eq!(organization("2020-06", "2020"), [""; 0], "a day of the year is after the founding");
    let held = |state: &str| broken(&EventDraft { when: text("2026-12"), state: text(state), ..event() });
    assert_eq!(held("HELD"), ["NOT_IN_FUTURE heldOn"]);
    assert_eq!([held(""), held("PLANNED"), held("CANCELLED")], [const { Vec::<String>::new() }; 3]);
    let spent = |value: &str| {
        let amount = QuantityDraft { value: text(value), currency: text("USD"), ..QuantityDraft::default() };
        broken(&ProgrammeDraft {
            common: common(),
            title: title(),
            kind: text("AID"),
            amount,
            ..ProgrammeDraft::default()
        })
    };
    assert_eq!((spent("0"), spent("-5")), (Vec::new(), vec![text("AMOUNT amount")]));
}

#[test]
fn every_kind_names_a_source_or_the_reason_why_none() {
    for (kind, rules) in RULES {
        assert!(rules.contains(&Rule::Source), "{kind}");
    }
    let bare =
        EventDraft { common: CommonDraft { no_source_reason: Bilingual::default(), ..common() }, ..event() };
    assert_eq!(broken(&bare), ["SOURCE sources"]);
    assert_eq!(check_draft(&content(&bare), None, rule_context()), Ok(()), "a draft may lack it");
    let blank = Bilingual { vi: Some(text("  ")), en: None };
    let blank = EventDraft { common: CommonDraft { no_source_reason: blank, ..common() }, ..event() };
    assert_eq!(broken(&blank), ["SOURCE sources"]);
    let both = EventDraft { common: CommonDraft { sources: vec![text("x")], ..common() }, ..event() };
    let errors = both.to_content(&DIRECTORY, today()).unwrap_err();
    assert!(errors.iter().any(|error| error.path == ["noSourceReason"]), "{errors:?}");
}

/// A step of a clerk or publisher: a new event, or an action on one of the known events.
#[derive(Debug, Clone)]
enum Step {
    Create(Box<EventDraft>),
    Update(usize, Box<EventDraft>),
    Transition(usize, Action),
}

fn drafts() -> impl Strategy<Value = Box<EventDraft>> {
    let when = select(&["2026-10-05", "2026", "2025-12-30/2026-01-02", "../2026", ""][..]);
    let places = (select(&["", "Huế"][..]), select(&["", "kr-busan", "vn-sapa"][..]));
    let counted = (select(&["", "0", "5", "70", "2.5", "-5"][..]), select(&["person", "người", "voi"][..]));
    (when, places, counted).prop_map(|(when, (place, partner), (value, unit))| {
        let partners = Some(text(partner)).filter(|slug| !slug.is_empty()).into_iter().collect();
        let (when, place) = (text(when), text(place));
        Box::new(EventDraft { when, place, partners, delegates: persons(value, unit), ..event() })
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let actions = select(&[Action::Submit, Action::Return, Action::Publish, Action::Withdraw][..]);
    prop_oneof![
        2 => drafts().prop_map(Step::Create),
        2 => (any::<usize>(), drafts()).prop_map(|(which, draft)| Step::Update(which, draft)),
        4 => (any::<usize>(), actions).prop_map(|(which, action)| Step::Transition(which, action)),
    ]
}

/// The versions of each event by number, written as the register writes them.
#[derive(Default)]
struct Entries(BTreeMap<i32, Versions<Event>>);

impl Entries {
    /// Executes a step; returns whether it was accepted.
    fn execute(&mut self, step: &Step) -> bool {
        match step {
            Step::Create(draft) => {
                let content = content(draft.as_ref());
                if check_draft(&content, None, rule_context()).is_err() {
                    return false;
                }
                let number = i32::try_from(self.0.len()).unwrap() + 1;
                let meta = EntryMeta::new(Log::new(3), number, format!("EVT-X-{number:04}"), 0);
                self.0.insert(number, Versions::create(meta, content).versions);
                true
            }
            Step::Update(which, draft) => self.change(*which, |versions, visible| {
                let content = content(draft.as_ref());
                check_draft(&content, Some(&visible.content), rule_context()).ok()?;
                Some(versions.update(visible, Action::Update, content, 1).ok()?.versions)
            }),
            Step::Transition(which, action) => self.change(*which, |versions, visible| {
                if *action == Action::Publish {
                    let published = versions.published.as_ref().map(|published| &published.content);
                    check_publishing(&visible.content, published, rule_context()).ok()?;
                }
                Some(versions.transition(visible, *action, 1).ok()?.versions)
            }),
        }
    }

    fn change(
        &mut self,
        which: usize,
        decide: impl FnOnce(Versions<Event>, &Entry<Event>) -> Option<Versions<Event>>,
    ) -> bool {
        let Some((number, versions)) = self.0.iter().nth(which % self.0.len().max(1)) else { return false };
        let publisher = Actor::new(Role::Publisher, "x", Some(Log::new(3)), true).unwrap();
        let Some(visible) = versions.visible_to(Scope::of(&publisher)) else { return false };
        let written = decide(versions.clone(), visible);
        let number = *number;
        written.map(|written| self.0.insert(number, written)).is_some()
    }

    fn published(&self) -> impl Iterator<Item = &Entry<Event>> {
        self.0.values().filter_map(|versions| versions.published.as_ref())
    }
}

proptest! {
    #[test]
    fn accepted_steps_keep_rules_and_numbers(steps in vec(steps(), 0..40)) {
        let mut entries = Entries::default();
        for step in &steps {
            if !entries.execute(step) {
                continue;
            }
            for entry in entries.published() {
                prop_assert_eq!(entry.content.violations(rule_context()), []);
            }
            let facts = entries.published().filter_map(|entry| Fact::from_entry(entry, &DIRECTORY));
            let facts = Facts::new(EntryKind::Event, facts);
            let all = facts.select(&Filter::default());
            prop_assert_eq!(all.len(), entries.published().count());
            let stated: Vec<Quantity> =
                entries.published().filter_map(|entry| entry.content.delegates.clone()).collect();
            let sum = facts.sum(&all, QuantityKey::Delegates);
            prop_assert_eq!(sum, QuantitySums::of(stated.iter().map(|quantity| (quantity, 1))));
        }
    }

    #[test]
    fn accepted_agreements_satisfy_the_rules(
        partner in select(&["", "kr-busan", "vn-sapa"][..]),
        body in select(&["", "Port of Busan"][..]),
        country in select(&["", "KR", "VN"][..]),
        is_signed in any::<bool>(),
    ) {
        prop_assume!(partner.is_empty() || body.is_empty());
        let acts = if is_signed { agreement().acts } else { Vec::new() };
        let (partner, partner_body, country) = (text(partner), text(body), text(country));
        let draft = AgreementDraft { partner, partner_body, country, acts, ..agreement() };
        let content: Agreement = content(&draft);
        let is_accepted = check_publishing(&content, None, rule_context()).is_ok();
        let is_foreign = draft.partner == "kr-busan" || (!draft.partner_body.is_empty() && draft.country == "KR");
        prop_assert_eq!(is_accepted, is_foreign && is_signed);
    }
}
