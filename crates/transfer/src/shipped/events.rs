//! The reader of events and their optional rows of details.

use super::COMPILED_ON;
use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader, column, period};
use super::participants::{self, ParticipantRole};
use crate::table::CsvRow;
use caunoi_domain::data_set::Coded;
use caunoi_domain::draft::{EventDraft, QuantityDraft};
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::validation::{Reason, ReferenceKind};
use caunoi_texts::FileText;

const COLUMNS: &ColumnMap = &[
    ("pillar", "pillar"),
    ("title", "title"),
    ("kind", "type"),
    ("heldOn", "start|end"),
    ("place", "place"),
    ("country", "country"),
    ("hosts", "id"),
    ("coOrganizers", "id"),
    ("partnerLocalities", "partner_ids"),
    ("delegates", "delegates"),
];

/// Paths that a row of details overrides if one of its columns is not blank.
const DETAILS: &ColumnMap = &[
    ("kind", "kind"),
    ("heldOn", "exact_start|exact_end"),
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
pub(super) fn read(reader: &mut EntryReader<'_>) -> Vec<Coded<Event>> {
    let mut events = Vec::new();
    for row in reader.tables[ShippedFile::Events].rows() {
        let details = reader.tables[ShippedFile::EventDetails].find("event_id", row.text("id"));
        let delegates = delegates(reader, row, details);
        check_kind(reader, row);
        let parsed = draft(reader, row, details, delegates).parse(reader.directory, COMPILED_ON);
        events.extend(reader.collect_coded_at(row.text("id"), parsed, |path| locate(row, details, path)));
    }
    events
}

fn locate<'t>(
    row: CsvRow<'t>,
    details: Option<CsvRow<'t>>,
    path: &str,
) -> Result<(CsvRow<'t>, &'static str), CsvRow<'t>> {
    let detail = details.and_then(|details| {
        let (_, columns) = DETAILS.iter().find(|(known, _)| *known == path)?;
        let is_given = columns.split('|').any(|column| !details.text(column).is_empty());
        is_given.then_some((details, *columns))
    });
    detail.or_else(|| Some((row, column(COLUMNS, path)?))).ok_or(row)
}

fn draft(
    reader: &EntryReader<'_>,
    row: CsvRow<'_>,
    details: Option<CsvRow<'_>>,
    delegates: QuantityDraft,
) -> EventDraft {
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
    let mut common = reader.common(row, row.text("pillar"));
    let participants = participants::rows(reader.tables, row.text("id"));
    let rows: Vec<CsvRow<'_>> = [Some(row), details].into_iter().flatten().chain(participants).collect();
    common.sources = reader.sources(&rows);
    EventDraft {
        common,
        title: Bilingual { vi: None, en: Some(row.owned("title")) },
        other_title: detail("alt_title").to_owned(),
        kind: either("kind", "type"),
        direction: detail("direction").to_owned(),
        when,
        place: row.owned("place"),
        country: row.owned("country"),
        hosts: participants::read(reader.tables, row.text("id"), ParticipantRole::Host),
        co_organizers: participants::read(reader.tables, row.text("id"), ParticipantRole::CoOrganizer),
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

/// Checks that the broad kind is a term, even if the details state a finer one.
fn check_kind(reader: &mut EntryReader<'_>, row: CsvRow<'_>) {
    let known = |code: &str| reader.directory.term_by_code(Vocabulary::EventKind, code).map(|_| ());
    let kind = row
        .read("type", |code| known(code).ok_or_else(|| Reason::unknown(ReferenceKind::EventKindTerm, code)));
    reader.flaws.collect(kind);
}

/// Returns the number of delegates: an exact one from the events, or a qualified one from the
/// details.
fn delegates(reader: &mut EntryReader<'_>, row: CsvRow<'_>, details: Option<CsvRow<'_>>) -> QuantityDraft {
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
        reader
            .flaws
            .push(row.flaw("delegates", FileText::StatedTwice { other: "event_details.csv".to_owned() }));
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
            reader.flaws.push(details.flaw("delegates_qualifier", FileText::RangeRequired));
            QuantityDraft::default()
        }
    }
}
