//! The generator of one relation with its agreements and events.

use super::reference_sample::{CodedName, PartnerLocality, ReferenceSample, title};
use super::rng::SeededRng;
use super::{LAST_DAY, MARK_EN, MARK_VI, SOURCE_CODE};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::draft::{
    ActDraft, AgreementDraft, CommonDraft, EventDraft, ParsedDraft, QuantityDraft, RelationDraft,
};
use caunoi_domain::entry::UnitId;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Locale;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::{InvalidReason, Reason, ValidationError};
use chrono::Days;

/// Random streams of the kinds of entries.
const RELATION: u64 = 1;
const AGREEMENT: u64 = 2;
const EVENT: u64 = 3;

/// Days of a year, approximately.
const YEAR: u64 = 365;
const OLDEST: u64 = 30 * YEAR;

const TIERS: &[&str] = &["COOPERATION", "FRIENDSHIP", "SISTER", "CONTACT", "PROJECT"];
const PILLARS: &[&str] = &["STATE", "STATE", "STATE", "PEOPLE", "PARTY", ""];
const LEVELS: &[&str] = &["PROVINCE", "PROVINCE", "DEPARTMENT", "ORGANIZATION", ""];
const DIRECTIONS: &[&str] = &["IN", "OUT", "ONLINE", "DOMESTIC"];
const MODES: &[&str] = &["IN_PERSON", "ONLINE", "HYBRID", ""];
const EVENT_LEVELS: &[&str] = &["WORKING", "DEPARTMENT", "PROVINCE_LEADER", "MINISTER", ""];

/// Generates a relation and its entries.
pub(super) struct RelationGenerator<'a> {
    sample: &'a ReferenceSample,
    seed: u64,
    number: u32,
    home: UnitId,
    partner: &'a PartnerLocality,
    tier: &'static str,
    /// Days from the start and the end to the last day; `ended` is 0 if the relation continues.
    began: u64,
    ended: u64,
}

impl<'a> RelationGenerator<'a> {
    pub(super) fn new(sample: &'a ReferenceSample, seed: u64, number: u32) -> Self {
        let mut rng = SeededRng::for_entry(seed, RELATION, number.into());
        let home = sample.home(&mut rng);
        let partner = rng.choose_early(&sample.partners);
        let tier = rng.choose_early(TIERS);
        let began = YEAR + rng.next_below(OLDEST - YEAR);
        let ended = if rng.is_one_in(20) { rng.next_below(began / 2) } else { 0 };
        Self { sample, seed, number, home, partner, tier, began, ended }
    }

    pub(super) fn relation(&self, activity: &[Day]) -> Result<Coded<Relation>, Reason> {
        let began = days_ago(self.began);
        let draft = RelationDraft {
            common: self.common(began, "", Vec::new()),
            partner: self.partner.slug.clone(),
            tier: self.tier.to_owned(),
            established: began.to_string(),
            ended: if self.ended == 0 { String::new() } else { days_ago(self.ended).to_string() },
            note: format!("{MARK_VI} / {MARK_EN}"),
            ..RelationDraft::default()
        };
        let mut coded = to_coded(self.code(), draft.parse(&self.sample.directory, LAST_DAY))?;
        coded.parsed.content = coded.parsed.content.with_activity(activity);
        Ok(coded)
    }

    /// Returns an agreement, and whether it stays a draft.
    pub(super) fn agreement(&self, number: u32) -> Result<(Coded<Agreement>, bool), Reason> {
        let mut rng = SeededRng::for_entry(self.seed, AGREEMENT, number.into());
        let signed = self.day(&mut rng);
        let (form_code, form) = rng.choose_early(&self.sample.forms);
        let fields = self.fields(&mut rng);
        let (_, unit) = self.sample.unit_on(self.home, days_ago(signed));
        let (_, field) = fields[0];
        let title = title(|locale| {
            let [form, field, unit, partner] =
                [form, field, &unit, &self.partner.name].map(|name| name.in_locale(locale));
            match locale {
                Locale::Vi => format!("{form} về {} giữa {unit} và {partner}", lower(field)),
                Locale::En => format!("{form} on {} between {unit} and {partner}", lower(field)),
            }
        });
        let pillar = *rng.choose(PILLARS);
        let mut draft = AgreementDraft {
            common: self.common(days_ago(signed), pillar, codes(&fields)),
            title,
            form: form_code.clone(),
            level: (*rng.choose_early(LEVELS)).to_owned(),
            partner: self.partner.slug.clone(),
            relation: self.code(),
            ..AgreementDraft::default()
        };
        add_acts(&mut draft, signed, &mut rng);
        let is_draft = rng.is_one_in(200);
        let parsed = draft.parse(&self.sample.directory, LAST_DAY);
        Ok((to_coded(format!("SYN-AGR-{:07}", number + 1), parsed)?, is_draft))
    }

    pub(super) fn event(&self, number: u32) -> Result<Coded<Event>, Reason> {
        let mut rng = SeededRng::for_entry(self.seed, EVENT, number.into());
        let held = self.day(&mut rng);
        let (kind_code, kind) = rng.choose_early(&self.sample.kinds);
        let fields = self.fields(&mut rng);
        let (_, unit) = self.sample.unit_on(self.home, days_ago(held));
        let title = title(|locale| {
            let [kind, unit, partner] = [kind, &unit, &self.partner.name].map(|name| name.in_locale(locale));
            format!("{kind} {unit} – {partner}")
        });
        let pillar = *rng.choose(PILLARS);
        let direction = *rng.choose_early(DIRECTIONS);
        let draft = EventDraft {
            common: self.common(days_ago(held), pillar, codes(&fields)),
            title,
            kind: kind_code.clone(),
            direction: direction.to_owned(),
            mode: (*rng.choose_early(MODES)).to_owned(),
            level: (*rng.choose_early(EVENT_LEVELS)).to_owned(),
            when: format_date(days_ago(held), &mut rng),
            country: if direction == "OUT" { self.partner.country.clone() } else { String::new() },
            partners: vec![self.partner.slug.clone()],
            delegates: delegates(&mut rng),
            relation: self.code(),
            ..EventDraft::default()
        };
        to_coded(format!("SYN-EVT-{:07}", number + 1), draft.parse(&self.sample.directory, LAST_DAY))
    }

    fn code(&self) -> String {
        format!("SYN-REL-{:07}", self.number + 1)
    }

    fn common(&self, day: Day, pillar: &str, fields: Vec<String>) -> CommonDraft {
        CommonDraft {
            unit: self.sample.unit_on(self.home, day).0,
            pillar: pillar.to_owned(),
            fields,
            sources: vec![SOURCE_CODE.to_owned()],
            ..CommonDraft::default()
        }
    }

    /// Returns a random day within the relation, as days before the last day.
    fn day(&self, rng: &mut SeededRng) -> u64 {
        self.ended + rng.next_below(self.began - self.ended)
    }

    /// Returns one to three fields.
    fn fields(&self, rng: &mut SeededRng) -> Vec<&'a CodedName> {
        let mut fields = vec![rng.choose_early(&self.sample.fields)];
        for _ in 0..rng.next_low(3) {
            let field = rng.choose_early(&self.sample.fields);
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }
}

/// Adds the acts of an agreement since its signature: a term and an extension, an amendment, a
/// termination. None is after the last day.
fn add_acts(draft: &mut AgreementDraft, signed: u64, rng: &mut SeededRng) {
    let mut add = |kind: &str, on: String, until: String| {
        draft.acts.push(ActDraft { kind: kind.to_owned(), on, until, ..ActDraft::default() });
    };
    add("SIGN", format_date(days_ago(signed), rng), String::new());
    // A partial date may mean a day up to a year later; later acts are after it in any case.
    let later = signed.saturating_sub(2 * YEAR);
    if rng.next_below(10) < 7 {
        let term = YEAR * (2 + rng.next_low(9));
        draft.expires = after(signed, term).to_string();
        if later > term && rng.is_one_in(6) {
            let on = days_ago(signed - term + rng.next_below(90));
            add("EXTEND", on.to_string(), after(signed, term + 3 * YEAR).to_string());
        }
    }
    if later > 0 && rng.is_one_in(12) {
        add("AMEND", days_ago(rng.next_below(later)).to_string(), String::new());
    }
    if later > 0 && rng.is_one_in(25) {
        add("TERMINATE", days_ago(rng.next_below(later)).to_string(), String::new());
    }
}

fn delegates(rng: &mut SeededRng) -> QuantityDraft {
    if rng.is_one_in(3) {
        return QuantityDraft::default();
    }
    let most = 1 + rng.next_low(400);
    let value = (2 + rng.next_low(most)).to_string();
    QuantityDraft { value, unit: "person".to_owned(), ..QuantityDraft::default() }
}

/// Formats a date: mostly as a day, sometimes only as a month or year.
fn format_date(day: Day, rng: &mut SeededRng) -> String {
    match rng.next_below(20) {
        0 => day.format("%Y").to_string(),
        1 | 2 => day.format("%Y-%m").to_string(),
        _ => day.to_string(),
    }
}

fn days_ago(days: u64) -> Day {
    LAST_DAY.checked_sub_days(Days::new(days)).unwrap_or(LAST_DAY)
}

/// Returns the day `days` after the day that is `ago_days` before the last day.
fn after(ago_days: u64, days: u64) -> Day {
    days_ago(ago_days).checked_add_days(Days::new(days)).unwrap_or(LAST_DAY)
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn codes(words: &[&CodedName]) -> Vec<String> {
    words.iter().map(|(code, _)| code.clone()).collect()
}

/// Returns the content with its code. An invalid draft is a bug; the error contains the code.
fn to_coded<C>(
    code: String,
    outcome: Result<ParsedDraft<C>, Vec<ValidationError>>,
) -> Result<Coded<C>, Reason> {
    match outcome {
        Ok(parsed) => Ok(Coded { code, parsed }),
        Err(problems) => {
            let path = problems.first().map(|problem| problem.path.join(".")).unwrap_or_default();
            Err(InvalidReason::GeneratedInvalid { code, path }.into())
        }
    }
}
