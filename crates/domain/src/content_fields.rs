//! The fields of the content of each kind: the name in the stored JSON text, which the log hashes
//! and which therefore never changes, and the name in the API.

use crate::entry::EntryKind;

/// A field of the content of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentField {
    /// Its place in the stored content, a JSON pointer (RFC 6901): `/common/pillar`.
    pub pointer: &'static str,
    /// Its name in the API; None for a value that the API does not return.
    pub name: Option<&'static str>,
}

const fn named(pointer: &'static str, name: &'static str) -> ContentField {
    ContentField { pointer, name: Some(name) }
}

const fn internal(pointer: &'static str) -> ContentField {
    ContentField { pointer, name: None }
}

/// The common part of the kinds that provinces publish.
const COMMON: &[ContentField] = &[
    named("/common/origin_unit", "originUnit"),
    // Follow from the Vietnamese parties or the hosts.
    named("/common/shared_with", "owners"),
    named("/common/merged", "mergedEntries"),
    named("/common/pillar", "pillar"),
    named("/common/fields", "fields"),
    named("/common/sources", "sources"),
    named("/common/summary", "summary"),
    named("/common/no_source_reason", "noSourceReason"),
    // Follows from the first date of the entry.
    internal("/common/counts_from"),
];

const RELATION: &[ContentField] = &[
    named("/partner", "partnerLocality"),
    named("/tier", "tier"),
    named("/own_bodies", "vietnameseBodies"),
    named("/partner_bodies", "partnerBodies"),
    named("/established", "established"),
    named("/ended", "ended"),
    named("/stated", "status"),
    named("/spans", "status"),
    named("/stated_since", "status"),
    named("/last_activity_on", "lastActivityOn"),
    // The status follows from it; the API returns its last day.
    internal("/activity"),
    named("/founding_agreement", "foundingAgreement"),
    named("/continues", "continues"),
    named("/confidence", "confidence"),
    named("/note", "note"),
    internal("/evidence_year"),
];

const AGREEMENT: &[ContentField] = &[
    named("/title", "title"),
    named("/form", "form"),
    named("/level", "signingLevel"),
    named("/legal_basis", "legalBasis"),
    named("/languages", "languages"),
    named("/files", "files"),
    named("/own_parties", "vietnameseParties"),
    named("/parties", "parties"),
    named("/country", "country"),
    named("/relation", "relation"),
    named("/signed", "signedOn"),
    named("/signed_at", "signingPlace"),
    named("/signed_by", "signedBy"),
    named("/entry_into_force", "entryIntoForce"),
    named("/expires", "expires"),
    named("/renews_automatically", "renewsAutomatically"),
    named("/notice_days", "noticeDays"),
    named("/stated", "status"),
    named("/spans", "status"),
    named("/acts", "acts"),
    internal("/last_void_act"),
    named("/edition_no", "editionNo"),
    named("/renews", "renews"),
    named("/parent", "parent"),
];

const EVENT: &[ContentField] = &[
    named("/title", "title"),
    named("/other_title", "otherTitle"),
    named("/kind", "kind"),
    named("/direction", "direction"),
    named("/mode", "mode"),
    named("/state", "state"),
    named("/level", "rank"),
    named("/when", "heldOn"),
    named("/hours/starts_at_us", "startsAt"),
    named("/hours/ends_at_us", "endsAt"),
    named("/hours/zone", "timeZone"),
    named("/place", "place"),
    named("/country", "country"),
    named("/hosts", "hosts"),
    named("/co_organizers", "coOrganizers"),
    named("/partners", "partnerLocalities"),
    named("/audience", "audienceCountries"),
    named("/series", "series"),
    named("/edition", "edition"),
    named("/occurrences", "occurrences"),
    named("/delegates", "delegates"),
    named("/connections", "connectionsMade"),
    named("/leaders", "leaders"),
    named("/outcomes", "outcomes"),
    named("/outcome_projects", "outcomeProjects"),
    named("/relation", "relation"),
    named("/occasions", "occasions"),
    named("/anniversary_no", "anniversaryNo"),
];

const ORGANIZATION: &[ContentField] = &[
    named("/name", "name"),
    named("/abbreviation", "abbreviation"),
    named("/kind", "kind"),
    named("/stage", "stage"),
    named("/stages", "stages"),
    named("/country", "country"),
    named("/target_country", "targetCountry"),
    named("/parent", "parent"),
    named("/founded", "founded"),
    named("/members", "members"),
    named("/as_of", "asOf"),
    named("/roles", "roles"),
    named("/memberships", "memberships"),
    named("/posts", "posts"),
    named("/note", "note"),
];

const PROGRAMME: &[ContentField] = &[
    named("/title", "title"),
    named("/kind", "kind"),
    named("/direction", "direction"),
    named("/partners", "partnerLocalities"),
    named("/partner_body", "partnerName"),
    named("/countries", "countries"),
    named("/period", "period"),
    named("/as_of", "asOf"),
    named("/seats_per_year", "seatsPerYear"),
    named("/quantity", "quantity"),
    named("/amount", "amount"),
];

const FIGURE: &[ContentField] = &[
    named("/indicator", "indicator"),
    named("/quantity", "quantity"),
    named("/basis", "basis"),
    named("/organization", "organization"),
    named("/country", "country"),
    named("/dimensions", "dimensions"),
    named("/period", "period"),
    named("/as_of", "asOf"),
    named("/change_percent", "changePercent"),
    named("/quote", "quote"),
    named("/note", "note"),
    named("/common/origin_unit", "unit"),
    named("/common/sources", "sources"),
    internal("/common/shared_with"),
    internal("/common/merged"),
    internal("/common/pillar"),
    internal("/common/summary"),
    internal("/common/no_source_reason"),
    named("/common/fields", "fields"),
    internal("/common/counts_from"),
];

const INSTRUMENT: &[ContentField] = &[
    named("/number", "number"),
    named("/title", "title"),
    named("/kind", "kind"),
    named("/issuer", "issuer"),
    named("/issued", "issued"),
    named("/effective", "effective"),
    named("/period", "period"),
    named("/implements", "implements"),
    named("/regions", "regions"),
    named("/note", "note"),
    named("/common/origin_unit", "originUnit"),
    named("/common/fields", "fields"),
    named("/common/sources", "sources"),
    internal("/common/shared_with"),
    internal("/common/merged"),
    internal("/common/pillar"),
    internal("/common/summary"),
    internal("/common/no_source_reason"),
    internal("/common/counts_from"),
];

/// Returns the fields of the content of a kind.
pub fn content_fields(kind: EntryKind) -> impl Iterator<Item = ContentField> {
    let (own, common) = match kind {
        EntryKind::Relation => (RELATION, COMMON),
        EntryKind::Agreement => (AGREEMENT, COMMON),
        EntryKind::Event => (EVENT, COMMON),
        EntryKind::Organization => (ORGANIZATION, COMMON),
        EntryKind::Programme => (PROGRAMME, COMMON),
        EntryKind::Figure => (FIGURE, [].as_slice()),
        EntryKind::Instrument => (INSTRUMENT, [].as_slice()),
    };
    own.iter().chain(common).copied()
}

#[cfg(test)]
mod tests;
