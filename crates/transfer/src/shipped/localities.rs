//! The reader of partner localities and their aliases.

use super::csv_schemas::ShippedFile;
use super::reference::{KeyAllocator, ReferenceReader, note, short, title};
use crate::table::{CsvRow, word};
use caunoi_domain::date::FuzzyDate;
use caunoi_domain::id::Id;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Alias, Locality, LocalityNameKind};
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::validation::{Format, Reason, ReferenceKind, WordList};

impl ReferenceReader<'_> {
    /// Reads the localities, then adds the aliases to them.
    pub(super) fn read_localities(&mut self) {
        let mut keys =
            KeyAllocator::new(&self.known.localities, |locality| (locality.slug.clone(), locality.id));
        for row in self.tables[ShippedFile::Localities].rows() {
            let id = keys.key(&row.owned("id"));
            let locality = self.read_locality(id, row);
            self.reference.localities.push(locality);
        }
        for row in self.tables[ShippedFile::Aliases].rows() {
            self.read_alias(row);
        }
        for locality in &mut self.reference.localities {
            let mut names = locality
                .aliases
                .iter()
                .filter(|alias| alias.language == "vi" && alias.kind != LocalityNameKind::FormerName);
            locality.name.vi = names.next().map(|alias| alias.name.clone());
        }
    }

    fn read_locality(&mut self, id: Id<Locality>, row: CsvRow<'_>) -> Locality {
        let name_en = self.flaws.value_or_default(row.read("name_en", title));
        let country = self.country(row, "country", row.text("country"));
        Locality {
            id,
            slug: self.flaws.value_or_default(row.read("id", short)),
            name: Bilingual { vi: None, en: Some(name_en) },
            native_name: self.flaws.value_or_default(row.read_optional("name_local", title)),
            aliases: Vec::new(),
            country: country.unwrap_or(Id::new(0)),
            level: self.term(row, "kind", Vocabulary::PartnerLevel, row.text("kind")),
            location: self.point(row),
            iso_3166_2: self.flaws.value_or_default(row.read_optional("iso_3166_2", short)),
            wikidata_id: self.flaws.value_or_default(row.read_optional("wikidata", short)),
            valid_to: self.flaws.value_or_default(row.read_optional("valid_to", FuzzyDate::parse)),
            note: self.flaws.value_or_default(row.read_optional("note", note)),
            source: self.source(row, "source"),
        }
    }

    fn read_alias(&mut self, row: CsvRow<'_>) {
        let alias = Alias {
            name: self.flaws.value_or_default(row.read("alias", title)),
            language: self.flaws.value_or_default(row.read("lang", language)),
            kind: self
                .flaws
                .collect(row.read("kind", word(WordList::AliasKind)))
                .unwrap_or(LocalityNameKind::Spelling),
        };
        // The register stores no source of an alias, but the source must exist.
        self.source(row, "source_id");
        let slug = row.text("partner_id");
        match self.reference.localities.iter_mut().find(|locality| locality.slug == slug) {
            Some(locality) => locality.aliases.push(alias),
            None => self.flaws.push(row.flaw("partner_id", Reason::unknown(ReferenceKind::Locality, slug))),
        }
    }
}

fn language(raw: &str) -> Result<String, Reason> {
    let is_code = raw.len() == 2 && raw.bytes().all(|b| b.is_ascii_lowercase());
    if is_code { Ok(raw.to_owned()) } else { Err(Reason::malformed(Format::Language, raw)) }
}
