//! Organizations that agreements, memberships and posts name.
//!
//! If the file of organizations has a row for one, its memberships and posts are added to that row;
//! the others become organizations in the log of the ministry.

use super::csv_schemas::ShippedFile;
use super::entries::{ColumnMap, EntryReader, column};
use super::files::ShippedTables;
use crate::table::CsvRow;
use caunoi_domain::draft::{CommonDraft, MINISTRY, MembershipDraft, OrganizationDraft, PostDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::text;

const MEMBERSHIP: &ColumnMap =
    &[("unit", "province_slug"), ("joined", "joined"), ("asOf", "as_of"), ("source", "source_id")];

const POST: &ColumnMap =
    &[("person", "person"), ("post", "post"), ("asOf", "as_of"), ("source", "source_id")];

/// Limit of the characters of a name in its code.
const LONGEST_CODE: usize = 40;

/// An organization, and the rows that name it.
pub(super) struct NamedOrganization<'t> {
    pub(super) name: &'t str,
    agreements: Vec<CsvRow<'t>>,
    memberships: Vec<CsvRow<'t>>,
    posts: Vec<CsvRow<'t>>,
}

/// Returns every named organization, in the order of the files.
pub(super) fn list_named(tables: &ShippedTables) -> Vec<NamedOrganization<'_>> {
    let mut organizations = Vec::new();
    for row in tables[ShippedFile::Agreements].rows() {
        add(&mut organizations, row, "partner_agency", |organization| &mut organization.agreements);
    }
    for row in tables[ShippedFile::Memberships].rows() {
        add(&mut organizations, row, "network_name", |organization| &mut organization.memberships);
    }
    for row in tables[ShippedFile::Posts].rows() {
        add(&mut organizations, row, "org", |organization| &mut organization.posts);
    }
    organizations
}

fn add<'t>(
    organizations: &mut Vec<NamedOrganization<'t>>,
    row: CsvRow<'t>,
    column: &str,
    rows: impl for<'b> Fn(&'b mut NamedOrganization<'t>) -> &'b mut Vec<CsvRow<'t>>,
) {
    let name = row.text(column);
    if name.is_empty() {
        return;
    }
    if let Some(organization) =
        organizations.iter_mut().find(|organization| is_same_name(organization.name, name))
    {
        rows(organization).push(row);
    } else {
        let mut organization = NamedOrganization::new(name);
        rows(&mut organization).push(row);
        organizations.push(organization);
    }
}

/// Returns whether two names are equal except for case, marks and white space.
pub(super) fn is_same_name(one: &str, other: &str) -> bool {
    text::fold(&text::normalise(one)) == text::fold(&text::normalise(other))
}

/// Returns the abbreviation in parentheses at the end of a name, such as DUFO in "… (DUFO)"; empty
/// if there is none.
pub(super) fn abbreviation(name: &str) -> &str {
    let bracketed = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    bracketed.map(|(_, short)| short).filter(|short| !short.contains(char::is_whitespace)).unwrap_or_default()
}

impl<'t> NamedOrganization<'t> {
    /// Returns an organization that no row names yet.
    pub(super) fn new(name: &'t str) -> Self {
        Self { name, agreements: Vec::new(), memberships: Vec::new(), posts: Vec::new() }
    }

    /// Returns the first row that names the organization, and the column.
    pub(super) fn first(&self) -> Option<(CsvRow<'t>, &'static str)> {
        let first = |rows: &[CsvRow<'t>], column| Some((*rows.first()?, column));
        first(&self.agreements, "partner_agency")
            .or_else(|| first(&self.memberships, "network_name"))
            .or_else(|| first(&self.posts, "org"))
    }

    /// Returns `ORG-` and as many words of the name as fit, in ASCII capitals; `None` if no word is
    /// left.
    pub(super) fn code(&self) -> Option<String> {
        let folded = text::fold(self.name).replace(['\'', '’'], "").to_ascii_uppercase();
        let mut code = String::new();
        for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            if code.is_empty() {
                code.extend(word.chars().take(LONGEST_CODE));
            } else if code.len() + 1 + word.len() <= LONGEST_CODE {
                code.push('_');
                code.push_str(word);
            } else {
                break;
            }
        }
        if code.is_empty() { None } else { Some(format!("ORG-{code}")) }
    }

    /// Returns the draft of an organization that is not in the file of organizations.
    pub(super) fn draft(&self, reader: &EntryReader<'_>) -> OrganizationDraft {
        let rows = [self.agreements.as_slice(), &self.memberships, &self.posts].concat();
        let printed = self.memberships.first().map_or("", |row| row.text("network_abbr"));
        let short = if printed.is_empty() { abbreviation(self.name) } else { printed };
        OrganizationDraft {
            common: CommonDraft {
                unit: MINISTRY.to_owned(),
                sources: reader.sources(&rows),
                ..CommonDraft::default()
            },
            name: Bilingual { vi: None, en: Some(self.name.to_owned()) },
            abbreviation: short.to_owned(),
            kind: self.kind().to_owned(),
            country: self.agreements.first().map(|row| row.owned("partner_country")).unwrap_or_default(),
            memberships: self.memberships(),
            posts: self.posts(),
            ..OrganizationDraft::default()
        }
    }

    /// Returns the kind that follows from members or name; empty if it is unknown.
    fn kind(&self) -> &'static str {
        if !self.memberships.is_empty() {
            "NETWORK"
        } else if self.name.contains("Bureau") {
            "REGIONAL_BUREAU"
        } else if self.name.contains("Friendship Association") {
            "ASSOCIATION"
        } else {
            ""
        }
    }

    /// Returns the units that are members.
    pub(super) fn memberships(&self) -> Vec<MembershipDraft> {
        let draft = |row: &CsvRow<'_>| MembershipDraft {
            unit: row.owned("province_slug"),
            joined: row.owned("joined"),
            as_of: row.owned("as_of"),
            source: row.owned("source_id"),
        };
        self.memberships.iter().map(draft).collect()
    }

    /// Returns the officials.
    pub(super) fn posts(&self) -> Vec<PostDraft> {
        let draft = |row: &CsvRow<'_>| PostDraft {
            person: row.owned("person"),
            post: row.owned("post"),
            as_of: row.owned("as_of"),
            source: row.owned("source_id"),
        };
        self.posts.iter().map(draft).collect()
    }

    /// Returns the row and column of a path of the draft: in a membership, in a post, or in `row`.
    pub(super) fn locate(
        &self,
        row: CsvRow<'t>,
        columns: &ColumnMap,
        path: &str,
    ) -> Result<(CsvRow<'t>, &'static str), CsvRow<'t>> {
        let mut parts = path.splitn(3, '.');
        let (list, columns, field) = match (parts.next(), parts.next(), parts.next()) {
            (Some("memberships"), Some(index), Some(field)) => {
                (self.memberships.get(parse_index(index)), MEMBERSHIP, field)
            }
            (Some("posts"), Some(index), Some(field)) => (self.posts.get(parse_index(index)), POST, field),
            _ => (None, columns, path),
        };
        let row = list.copied().unwrap_or(row);
        column(columns, field).map(|column| (row, column)).ok_or(row)
    }
}

fn parse_index(index: &str) -> usize {
    index.parse().unwrap_or(usize::MAX)
}
