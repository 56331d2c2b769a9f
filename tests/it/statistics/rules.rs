//! The counting rules and their version.

use std::fmt::Write as _;
use std::sync::Arc;

use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::date::{DateUnit, Day};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{Entry, EntryKind, EntryMeta, Publication};
use caunoi_domain::fact::{Fact, FactSource};
use caunoi_domain::statistics::{
    Boundaries, BoundaryView, BucketField, COUNTING_RULES, FactTable, FactTableBuilder, Facts, GroupBy,
    GroupKey, QuantityKey, groups, monitoring,
};
use caunoi_transfer::shipped;

/// The days for which the numbers are compared.
const DAYS: [&str; 4] = ["2015-12-31", "2025-06-30", "2026-11-21", "2026-11-22"];

fn add<C: FactSource>(table: &mut FactTableBuilder, directory: &Directory, entries: &[Coded<C>]) {
    for (number, coded) in (1..).zip(entries) {
        let meta = EntryMeta {
            log: coded.parsed.log,
            number,
            code: coded.code.clone(),
            version: 1,
            last_version: 1,
            publication: Publication::Published,
            pending: None,
            published_at_us: None,
            updated_at_us: 0,
        };
        let entry = Entry { meta, content: coded.parsed.content.clone() };
        if let Some(fact) = Fact::from_entry(&entry, directory) {
            table.push(fact);
        }
    }
}

fn facts(data_set: &DataSet, directory: &Directory) -> FactTable {
    let mut table = FactTableBuilder::default();
    add(&mut table, directory, &data_set.relations);
    add(&mut table, directory, &data_set.agreements);
    add(&mut table, directory, &data_set.events);
    table.finish()
}

fn describe(text: &mut String, facts: &Facts, view: &BoundaryView<'_>) {
    let rows = facts.select(&monitoring::counted_on(view.day()));
    let tally = facts.tally(&rows, view);
    let in_force = tally.in_force.map_or("-".to_owned(), |count| count.to_string());
    let unknown = tally.status_unknown.map_or("-".to_owned(), |count| count.to_string());
    let kind = facts.kind();
    let _ = writeln!(text, "  {kind} {} in force {in_force} unknown {unknown}", tally.count);
    let field = match kind {
        EntryKind::Agreement => BucketField::SignedOn,
        EntryKind::Event => BucketField::HeldOn,
        EntryKind::Relation
        | EntryKind::Organization
        | EntryKind::Programme
        | EntryKind::Figure
        | EntryKind::Instrument => BucketField::Established,
    };
    let year = GroupBy::Bucket { field, unit: DateUnit::Year, fill_gaps: false };
    for by in [GroupBy::Key(GroupKey::Province), year] {
        let groups = groups(facts, &rows, &[by], view).expect("few groups");
        let sizes: Vec<String> = groups.iter().map(|group| group.count.to_string()).collect();
        let _ = writeln!(text, "    {} groups: {}", groups.len(), sizes.join(" "));
    }
    for sum in facts.sum(&rows, QuantityKey::Delegates).units {
        let _ = writeln!(text, "    delegates {:?} to {:?}", sum.lower, sum.upper);
    }
}

/// The numbers of the shipped data under the rules of this version. If this fails because a rule has
/// changed, and not the data, the rules need another version.
#[test]
fn numbers_follow_the_version_of_the_rules() {
    let data_set = shipped::data_set(&Reference::default()).expect("the shipped data is valid");
    let directory = Arc::new(Directory::new(data_set.reference.clone()));
    let table = facts(&data_set, &directory);
    let mut text = String::new();
    for day in DAYS {
        let as_of: Day = day.parse().expect("a day");
        for boundaries in [Boundaries::Today, Boundaries::AtTheTime] {
            let _ = writeln!(text, "{day} {boundaries}");
            let view = BoundaryView { directory: &directory, as_of: Some(as_of), today: as_of, boundaries };
            for facts in [&table.relations, &table.agreements, &table.events] {
                describe(&mut text, facts, &view);
            }
        }
    }
    insta::assert_snapshot!(format!("counting_rules_{COUNTING_RULES}"), text);
}
