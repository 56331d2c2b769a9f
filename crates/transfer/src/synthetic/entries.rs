//! One relation and what belongs to it: the drafts of synthetic entries, and what is drawn for them.

use super::chance::Chance;
use super::scene::{Partner, Scene, Word, title};
use super::{LAST_DAY, MARK_EN, MARK_VI, SOURCE_CODE};
use caunoi_domain::agreement::Agreement;
use caunoi_domain::data_set::Coded;
use caunoi_domain::date::Day;
use caunoi_domain::draft::{
    ActDraft, AgreementDraft, CommonDraft, EventDraft, Placed, QuantityDraft, RelationDraft,
};
use caunoi_domain::entry::UnitId;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Locale;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_domain::relation::Relation;
use chrono::Days;

/// Which stream of chance a thing has.
const RELATION: u64 = 1;
const AGREEMENT: u64 = 2;
const EVENT: u64 = 3;

/// Days of a year, near enough.
const YEAR: u64 = 365;
const OLDEST: u64 = 30 * YEAR;

const TIERS: &[&str] = &["COOPERATION", "FRIENDSHIP", "SISTER", "CONTACT", "PROJECT"];
const PILLARS: &[&str] = &["STATE", "STATE", "STATE", "PEOPLE", "PARTY", ""];
const LEVELS: &[&str] = &["PROVINCE", "PROVINCE", "DEPARTMENT", "ORGANIZATION", ""];
const DIRECTIONS: &[&str] = &["IN", "OUT", "ONLINE", "DOMESTIC"];
const MODES: &[&str] = &["IN_PERSON", "ONLINE", "HYBRID", ""];
const EVENT_LEVELS: &[&str] = &["WORKING", "DEPARTMENT", "PROVINCE_LEADER", "MINISTER", ""];

/// A relation while its entries are made.
pub(super) struct Tie<'a> {
    scene: &'a Scene,
    seed: u64,
    number: u32,
    home: UnitId,
    partner: &'a Partner,
    tier: &'static str,
    /// How many days ago it began, and ended; 0 where it goes on.
    began: u64,
    ended: u64,
}

impl<'a> Tie<'a> {
    pub(super) fn new(scene: &'a Scene, seed: u64, number: u32) -> Self {
        let mut chance = Chance::of(seed, RELATION, number.into());
        let home = scene.home(&mut chance);
        let partner = chance.pick_early(&scene.partners);
        let tier = chance.pick_early(TIERS);
        let began = YEAR + chance.below(OLDEST - YEAR);
        let ended = if chance.once_in(20) { chance.below(began / 2) } else { 0 };
        Self { scene, seed, number, home, partner, tier, began, ended }
    }

    pub(super) fn relation(&self, activity: &[Day]) -> Result<Coded<Relation>, Refusal> {
        let began = ago(self.began);
        let draft = RelationDraft {
            common: self.common(began, "", Vec::new()),
            partner: self.partner.slug.clone(),
            tier: self.tier.to_owned(),
            established: began.to_string(),
            ended: if self.ended == 0 { String::new() } else { ago(self.ended).to_string() },
            note: format!("{MARK_VI} / {MARK_EN}"),
            ..RelationDraft::default()
        };
        let mut coded = settle(self.code(), draft.parse(&self.scene.directory, LAST_DAY))?;
        coded.placed.content = coded.placed.content.with_activity(activity);
        Ok(coded)
    }

    /// An agreement, and whether it is to stay a draft.
    pub(super) fn agreement(&self, number: u32) -> Result<(Coded<Agreement>, bool), Refusal> {
        let mut chance = Chance::of(self.seed, AGREEMENT, number.into());
        let signed = self.day(&mut chance);
        let (form_code, form) = chance.pick_early(&self.scene.forms);
        let fields = self.fields(&mut chance);
        let (_, unit) = self.scene.unit_on(self.home, ago(signed));
        let (_, field) = fields[0];
        let title = title(|locale| {
            let [form, field, unit, partner] =
                [form, field, &unit, &self.partner.name].map(|name| name.in_locale(locale));
            match locale {
                Locale::Vi => format!("{form} về {} giữa {unit} và {partner}", lower(field)),
                Locale::En => format!("{form} on {} between {unit} and {partner}", lower(field)),
            }
        });
        let pillar = *chance.pick(PILLARS);
        let mut draft = AgreementDraft {
            common: self.common(ago(signed), pillar, codes(&fields)),
            title,
            form: form_code.clone(),
            level: (*chance.pick_early(LEVELS)).to_owned(),
            partner: self.partner.slug.clone(),
            relation: self.code(),
            ..AgreementDraft::default()
        };
        live(&mut draft, signed, &mut chance);
        let is_draft = chance.once_in(200);
        let parsed = draft.parse(&self.scene.directory, LAST_DAY);
        Ok((settle(format!("SYN-AGR-{:07}", number + 1), parsed)?, is_draft))
    }

    pub(super) fn event(&self, number: u32) -> Result<Coded<Event>, Refusal> {
        let mut chance = Chance::of(self.seed, EVENT, number.into());
        let held = self.day(&mut chance);
        let (kind_code, kind) = chance.pick_early(&self.scene.kinds);
        let fields = self.fields(&mut chance);
        let (_, unit) = self.scene.unit_on(self.home, ago(held));
        let title = title(|locale| {
            let [kind, unit, partner] = [kind, &unit, &self.partner.name].map(|name| name.in_locale(locale));
            format!("{kind} {unit} – {partner}")
        });
        let pillar = *chance.pick(PILLARS);
        let direction = *chance.pick_early(DIRECTIONS);
        let draft = EventDraft {
            common: self.common(ago(held), pillar, codes(&fields)),
            title,
            kind: kind_code.clone(),
            direction: direction.to_owned(),
            mode: (*chance.pick_early(MODES)).to_owned(),
            level: (*chance.pick_early(EVENT_LEVELS)).to_owned(),
            when: written(ago(held), &mut chance),
            country: if direction == "OUT" { self.partner.country.clone() } else { String::new() },
            partners: vec![self.partner.slug.clone()],
            delegates: delegates(&mut chance),
            relation: self.code(),
            ..EventDraft::default()
        };
        settle(format!("SYN-EVT-{:07}", number + 1), draft.parse(&self.scene.directory, LAST_DAY))
    }

    fn code(&self) -> String {
        format!("SYN-REL-{:07}", self.number + 1)
    }

    fn common(&self, day: Day, pillar: &str, fields: Vec<String>) -> CommonDraft {
        CommonDraft {
            unit: self.scene.unit_on(self.home, day).0,
            pillar: pillar.to_owned(),
            fields,
            sources: vec![SOURCE_CODE.to_owned()],
            ..CommonDraft::default()
        }
    }

    /// How many days ago something happened while the relation lived.
    fn day(&self, chance: &mut Chance) -> u64 {
        self.ended + chance.below(self.began - self.ended)
    }

    /// One to three fields.
    fn fields(&self, chance: &mut Chance) -> Vec<&'a Word> {
        let mut fields = vec![chance.pick_early(&self.scene.fields)];
        for _ in 0..chance.low(3) {
            let field = chance.pick_early(&self.scene.fields);
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }
}

/// What happened to an agreement from its signature on: a term and its prolongation, an amendment,
/// an end. Nothing happens after the last day.
fn live(draft: &mut AgreementDraft, signed: u64, chance: &mut Chance) {
    let mut add = |kind: &str, on: String, until: String| {
        draft.acts.push(ActDraft { kind: kind.to_owned(), on, until, ..ActDraft::default() });
    };
    add("SIGN", written(ago(signed), chance), String::new());
    // A partial date may mean a day a year later; what follows lies after it in any case.
    let later = signed.saturating_sub(2 * YEAR);
    if chance.below(10) < 7 {
        let term = YEAR * (2 + chance.low(9));
        draft.expires = after(signed, term).to_string();
        if later > term && chance.once_in(6) {
            let on = ago(signed - term + chance.below(90));
            add("EXTEND", on.to_string(), after(signed, term + 3 * YEAR).to_string());
        }
    }
    if later > 0 && chance.once_in(12) {
        add("AMEND", ago(chance.below(later)).to_string(), String::new());
    }
    if later > 0 && chance.once_in(25) {
        add("TERMINATE", ago(chance.below(later)).to_string(), String::new());
    }
}

fn delegates(chance: &mut Chance) -> QuantityDraft {
    if chance.once_in(3) {
        return QuantityDraft::default();
    }
    let most = 1 + chance.low(400);
    let value = (2 + chance.low(most)).to_string();
    QuantityDraft { value, unit: "person".to_owned(), ..QuantityDraft::default() }
}

/// A day as documents state it: most by the day, some by the month or the year alone.
fn written(day: Day, chance: &mut Chance) -> String {
    match chance.below(20) {
        0 => day.format("%Y").to_string(),
        1 | 2 => day.format("%Y-%m").to_string(),
        _ => day.to_string(),
    }
}

fn ago(days: u64) -> Day {
    LAST_DAY.checked_sub_days(Days::new(days)).unwrap_or(LAST_DAY)
}

/// The day so many days after the one that lies this many days back.
fn after(ago_days: u64, days: u64) -> Day {
    ago(ago_days).checked_add_days(Days::new(days)).unwrap_or(LAST_DAY)
}

fn lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn codes(words: &[&Word]) -> Vec<String> {
    words.iter().map(|(code, _)| code.clone()).collect()
}

/// The content under its code. A draft of ours that does not pass is a defect, told by its code.
fn settle<C>(code: String, outcome: Result<Placed<C>, Vec<Problem>>) -> Result<Coded<C>, Refusal> {
    match outcome {
        Ok(placed) => Ok(Coded { code, placed }),
        Err(problems) => {
            let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
            Err(Refusal::Invalid(format!("{code}: {}", told.join("; "))))
        }
    }
}
