//! Bodies that agreements, memberships and posts name.
//!
//! Where the file of organizations has one, its memberships and posts hang on that row; the
//! others become organizations of the ministry's log.

use super::entries::{Columns, Desk, column};
use super::files::Tables;
use super::shapes::File;
use crate::table::Row;
use caunoi_domain::draft::{CommonDraft, MINISTRY, MembershipDraft, OrganizationDraft, PostDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::text;

const MEMBERSHIP: &Columns =
    &[("unit", "province_slug"), ("joined", "joined"), ("asOf", "as_of"), ("source", "source_id")];

const POST: &Columns = &[("person", "person"), ("post", "post"), ("asOf", "as_of"), ("source", "source_id")];

/// The most characters of a name that its code keeps.
const LONGEST_CODE: usize = 40;

/// A body and the rows that name it.
pub(super) struct Body<'t> {
    pub(super) name: &'t str,
    agreements: Vec<Row<'t>>,
    memberships: Vec<Row<'t>>,
    posts: Vec<Row<'t>>,
}

/// Every body that is named, in the order of the files.
pub(super) fn named(tables: &Tables) -> Vec<Body<'_>> {
    let mut bodies = Vec::new();
    for row in tables[File::Agreements].rows() {
        add(&mut bodies, row, "partner_agency", |body| &mut body.agreements);
    }
    for row in tables[File::Memberships].rows() {
        add(&mut bodies, row, "network_name", |body| &mut body.memberships);
    }
    for row in tables[File::Posts].rows() {
        add(&mut bodies, row, "org", |body| &mut body.posts);
    }
    bodies
}

fn add<'t>(
    bodies: &mut Vec<Body<'t>>,
    row: Row<'t>,
    column: &str,
    rows: impl for<'b> Fn(&'b mut Body<'t>) -> &'b mut Vec<Row<'t>>,
) {
    let name = row.text(column);
    if name.is_empty() {
        return;
    }
    if let Some(body) = bodies.iter_mut().find(|body| is_same(body.name, name)) {
        rows(body).push(row);
    } else {
        let mut body = Body::new(name);
        rows(&mut body).push(row);
        bodies.push(body);
    }
}

/// Whether two printed names are the same but for case, marks and white space.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    text::fold(&text::normalise(one)) == text::fold(&text::normalise(other))
}

/// The short name that a name bears in brackets at its end: "… (DUFO)".
pub(super) fn abbreviation(name: &str) -> &str {
    let bracketed = name.strip_suffix(')').and_then(|name| name.rsplit_once(" ("));
    bracketed.map(|(_, short)| short).filter(|short| !short.contains(char::is_whitespace)).unwrap_or_default()
}

impl<'t> Body<'t> {
    /// A body that nothing names yet.
    pub(super) fn new(name: &'t str) -> Self {
        Self { name, agreements: Vec::new(), memberships: Vec::new(), posts: Vec::new() }
    }

    /// The first row that names it, and the column.
    pub(super) fn first(&self) -> Option<(Row<'t>, &'static str)> {
        let first = |rows: &[Row<'t>], column| Some((*rows.first()?, column));
        first(&self.agreements, "partner_agency")
            .or_else(|| first(&self.memberships, "network_name"))
            .or_else(|| first(&self.posts, "org"))
    }

    /// `ORG-` and the name in ASCII capitals, as many of its words as fit; none where no word is left.
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

    /// The draft of a body that the file of organizations lacks.
    pub(super) fn draft(&self, desk: &Desk<'_>) -> OrganizationDraft {
        let rows = [self.agreements.as_slice(), &self.memberships, &self.posts].concat();
        let printed = self.memberships.first().map_or("", |row| row.text("network_abbr"));
        let short = if printed.is_empty() { abbreviation(self.name) } else { printed };
        OrganizationDraft {
            common: CommonDraft {
                unit: MINISTRY.to_owned(),
                sources: desk.sources(&rows),
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

    /// The kind that its name or its members tell; blank where nothing does.
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

    /// The units that belong to it.
    pub(super) fn memberships(&self) -> Vec<MembershipDraft> {
        let draft = |row: &Row<'_>| MembershipDraft {
            unit: row.owned("province_slug"),
            joined: row.owned("joined"),
            as_of: row.owned("as_of"),
            source: row.owned("source_id"),
        };
        self.memberships.iter().map(draft).collect()
    }

    /// Its officials.
    pub(super) fn posts(&self) -> Vec<PostDraft> {
        let draft = |row: &Row<'_>| PostDraft {
            person: row.owned("person"),
            post: row.owned("post"),
            as_of: row.owned("as_of"),
            source: row.owned("source_id"),
        };
        self.posts.iter().map(draft).collect()
    }

    /// Where a path of its draft was read: in a membership, in a post, or in the given row.
    pub(super) fn place(
        &self,
        row: Row<'t>,
        columns: &Columns,
        path: &str,
    ) -> Result<(Row<'t>, &'static str), Row<'t>> {
        let mut parts = path.splitn(3, '.');
        let (list, columns, field) = match (parts.next(), parts.next(), parts.next()) {
            (Some("memberships"), Some(index), Some(field)) => {
                (self.memberships.get(at(index)), MEMBERSHIP, field)
            }
            (Some("posts"), Some(index), Some(field)) => (self.posts.get(at(index)), POST, field),
            _ => (None, columns, path),
        };
        let row = list.copied().unwrap_or(row);
        column(columns, field).map(|column| (row, column)).ok_or(row)
    }
}

fn at(index: &str) -> usize {
    index.parse().unwrap_or(usize::MAX)
}
