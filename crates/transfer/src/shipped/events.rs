//! Events, with the row of details that some of them have.

use super::COMPILED_ON;
use super::entries::{Columns, Desk, column, period};
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{EventDraft, QuantityDraft};
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::refusal::Refusal;

const COLUMNS: &Columns = &[
    ("pillar", "pillar"),
    ("title", "title"),
    ("kind", "type"),
    ("when", "start|end"),
    ("place", "place"),
    ("country", "country"),
    ("partners", "partner_ids"),
    ("delegates", "delegates"),
];

/// Paths that the row of details fills, where it is there and the column is not blank.
const DETAILS: &Columns = &[
    ("kind", "kind"),
    ("when", "exact_start|exact_end"),
    ("otherTitle", "alt_title"),
    ("direction", "direction"),
    ("series", "series"),
    ("edition", "edition"),
    ("occasions", "occasion_code"),
    ("anniversaryNo", "anniversary_no"),
    ("audienceCountries", "audience_countries"),
    ("occurrences", "quantity"),
    ("delegates", "delegates_qualifier|delegates_min|delegates_max"),
];

/// Reads the events.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<Coded<Event>> {
    let mut events = Vec::new();
    for row in desk.tables[File::Events].rows() {
        let details = desk.tables[File::EventDetails].find("event_id", row.text("id"));
        let delegates = delegates(desk, row, details);
        check_kind(desk, row);
        let parsed = draft(desk, row, details, delegates).parse(desk.directory, COMPILED_ON);
        events.extend(desk.settle_at(row.text("id"), parsed, |path| place(row, details, path)));
    }
    events
}

fn place<'t>(row: Row<'t>, details: Option<Row<'t>>, path: &str) -> Result<(Row<'t>, &'static str), Row<'t>> {
    let detail = details.and_then(|details| {
        let (_, columns) = DETAILS.iter().find(|(known, _)| *known == path)?;
        let is_given = columns.split('|').any(|column| !details.text(column).is_empty());
        is_given.then_some((details, *columns))
    });
    detail.or_else(|| Some((row, column(COLUMNS, path)?))).ok_or(row)
}

fn draft(desk: &Desk<'_>, row: Row<'_>, details: Option<Row<'_>>, delegates: QuantityDraft) -> EventDraft {
    let detail = |column: &str| details.map_or("", |details| details.text(column));
    let either = |detailed: &'static str, column: &str| match detail(detailed) {
        "" => row.owned(column),
        text => text.to_owned(),
    };
    let list = |column: &str| details.map(|details| details.list(column)).unwrap_or_default();
    let when = match (detail("exact_start"), row.text("start"), row.text("end")) {
        ("", start, "") => start.to_owned(),
        ("", start, end) => period(start, end),
        (exact, _, _) if detail("exact_end").is_empty() => exact.to_owned(),
        (exact, _, _) => period(exact, detail("exact_end")),
    };
    let mut common = desk.common(row, row.text("pillar"));
    let rows: Vec<Row<'_>> = [Some(row), details].into_iter().flatten().collect();
    common.sources = desk.sources(&rows);
    EventDraft {
        common,
        title: Bilingual { vi: None, en: Some(row.owned("title")) },
        other_title: detail("alt_title").to_owned(),
        kind: either("kind", "type"),
        direction: detail("direction").to_owned(),
        when,
        place: row.owned("place"),
        country: row.owned("country"),
        partners: row.list("partner_ids"),
        audience: list("audience_countries"),
        series: detail("series").to_owned(),
        edition: detail("edition").to_owned(),
        occurrences: detail("quantity").to_owned(),
        delegates,
        occasions: list("occasion_code"),
        anniversary_no: detail("anniversary_no").to_owned(),
        ..EventDraft::default()
    }
}

/// The broad kind must be a term even where the details name a finer one.
fn check_kind(desk: &mut Desk<'_>, row: Row<'_>) {
    let known = |code: &str| desk.directory.term_by_code(Vocabulary::EventKind, code).map(|_| ());
    let kind =
        row.read("type", |code| known(code).ok_or_else(|| Refusal::unknown("term of EVENT_KIND", code)));
    desk.flaws.keep(kind);
}

/// Delegates: an exact number in the file of events, or a qualified one in the details.
fn delegates(desk: &mut Desk<'_>, row: Row<'_>, details: Option<Row<'_>>) -> QuantityDraft {
    let exact = row.text("delegates");
    let persons = QuantityDraft { unit: "person".to_owned(), ..QuantityDraft::default() };
    let numbers = details
        .map(|details| (details, ["delegates_min", "delegates_max"].map(|column| details.text(column))));
    let Some((details, [least, most])) = numbers.filter(|(details, numbers)| {
        !details.text("delegates_qualifier").is_empty() || numbers.iter().any(|number| !number.is_empty())
    }) else {
        return QuantityDraft { value: exact.to_owned(), ..persons };
    };
    let qualifier = details.text("delegates_qualifier");
    if !exact.is_empty() {
        desk.flaws.note(row.flaw("delegates", "is stated in event_details.csv too"));
    }
    match (qualifier, least, most) {
        ("RANGE", lower, upper) => QuantityDraft {
            lower: lower.to_owned(),
            upper: upper.to_owned(),
            qualifier: qualifier.to_owned(),
            ..persons
        },
        (_, value, "") | (_, "", value) => {
            QuantityDraft { value: value.to_owned(), qualifier: qualifier.to_owned(), ..persons }
        }
        _ => {
            desk.flaws
                .note(details.flaw("delegates_qualifier", "two numbers stand here, so it must be RANGE"));
            QuantityDraft::default()
        }
    }
}
