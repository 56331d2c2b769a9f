//! Loading a data set: reference data and entries, in one transaction, through the one way to
//! save. The same data set twice changes nothing; a newer one updates what an older one brought
//! and never touches what a person changed.

use crate::connect::{Engine, Store};
use crate::error::StoreError;
use crate::installation::DATA_SET;
use crate::migrate::START_LOCK;
use crate::table::{self, Columns, Stored};
use crate::write::{self, Writing};
use caunoi_domain::change::{Change, ChangeOperation, Subject};
use caunoi_domain::data_set::{Coded, DataSet};
use caunoi_domain::directory::{Directory, Reference};
use caunoi_domain::entry::{Content, Entry, Publication, Stamp};
use caunoi_domain::id::Log;
use caunoi_domain::locale::Bilingual;
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{ConnectionTrait, Value};
use serde::Serialize;
use std::collections::HashMap;

/// Who a change of a data set is by; people have other names.
pub(crate) const AUTHOR: &str = "data-set:";

/// What a load did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Rows that are new.
    pub added: u32,
    /// Rows that an older data set had brought otherwise.
    pub updated: u32,
    /// Rows that stand as they were.
    pub unchanged: u32,
    /// Rows that a person changed, and that were left alone.
    pub left_to_people: u32,
}

/// The last change of one subject, as the log has it.
struct Last {
    log: Log,
    number: i32,
    version: i32,
    author: String,
    after: Option<String>,
}

/// What to do with a row of the data set.
enum Verdict {
    Add,
    Update,
    Keep,
    Leave,
}

impl Store {
    /// Loads a data set; `at_us` is the time that its changes bear.
    ///
    /// # Errors
    /// The database does not answer; then nothing was written.
    pub async fn load(&self, data_set: &DataSet, at_us: i64) -> Result<Loaded, StoreError> {
        let mut reference = data_set.reference.clone();
        reference.organizations = data_set.organizations.iter().map(as_entry).collect();
        let directory = Directory::new(reference);
        let tx = self.begin_write().await?;
        if self.engine() == Engine::Postgres {
            tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({START_LOCK})")).await?;
        }
        let logs: Vec<Log> =
            directory.provinces().iter().map(|province| province.log).chain([Log::MINISTRY]).collect();
        let writing = Writing::begin(tx, &directory, &logs).await?;
        let last = last_changes(&writing).await?;
        let author = format!("{AUTHOR}{}", data_set.version);
        let mut loading = Loading { writing, last, author, at_us, loaded: Loaded::default() };
        loading.reference(&data_set.reference).await?;
        loading.entries(&data_set.organizations).await?;
        loading.entries(&data_set.instruments).await?;
        loading.entries(&data_set.relations).await?;
        loading.entries(&data_set.agreements).await?;
        loading.entries(&data_set.events).await?;
        loading.entries(&data_set.programmes).await?;
        loading.entries(&data_set.figures).await?;
        loading.writing.keep(DATA_SET, &data_set.version).await?;
        let loaded = loading.loaded;
        loading.writing.commit().await?;
        Ok(loaded)
    }
}

fn as_entry<C: Clone>(coded: &Coded<C>) -> Entry<C> {
    Entry {
        stamp: Stamp {
            log: coded.placed.log,
            number: 0,
            code: coded.code.clone(),
            version: 1,
            publication: Publication::Published,
            published_at_us: None,
            updated_at_us: 0,
        },
        content: coded.placed.content.clone(),
    }
}

/// The last change of everything that was ever written, by subject and code.
async fn last_changes(writing: &Writing<'_>) -> Result<HashMap<(String, String), Last>, StoreError> {
    let mut last = HashMap::new();
    let query = Query::select()
        .columns(["subject", "code", "province_id", "version", "author", "after_text"])
        .from("change")
        .order_by("province_id", Order::Asc)
        .order_by("position", Order::Asc)
        .to_owned();
    for row in writing.tx().query_all(&query).await? {
        let key = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let change = Last {
            log: Log::new(row.try_get_by_index(2)?),
            number: 0,
            version: row.try_get_by_index(3)?,
            author: row.try_get_by_index(4)?,
            after: row.try_get_by_index(5)?,
        };
        last.insert(key, change);
    }
    Ok(last)
}

struct Loading<'a> {
    writing: Writing<'a>,
    last: HashMap<(String, String), Last>,
    author: String,
    at_us: i64,
    loaded: Loaded,
}

impl Loading<'_> {
    fn verdict(&mut self, subject: Subject, code: &str, text: &str) -> Verdict {
        let verdict = match self.last.get(&(subject.as_str().to_owned(), code.to_owned())) {
            None => Verdict::Add,
            Some(last) if !last.author.starts_with(AUTHOR) => Verdict::Leave,
            Some(last) if last.after.as_deref() == Some(text) => Verdict::Keep,
            Some(_) => Verdict::Update,
        };
        let count = match verdict {
            Verdict::Add => &mut self.loaded.added,
            Verdict::Update => &mut self.loaded.updated,
            Verdict::Keep => &mut self.loaded.unchanged,
            Verdict::Leave => &mut self.loaded.left_to_people,
        };
        *count += 1;
        verdict
    }

    /// Writes what is new or other, and appends its change. The version is one more than before.
    fn change(&mut self, log: Log, subject: Subject, code: &str, text: String) -> i32 {
        let last = self.last.get(&(subject.as_str().to_owned(), code.to_owned()));
        let version = last.map_or(1, |last| last.version + 1);
        let change = Change {
            log,
            subject,
            code: code.to_owned(),
            version,
            operation: if version == 1 { ChangeOperation::Published } else { ChangeOperation::Corrected },
            is_public: true,
            author: self.author.clone(),
            at_us: self.at_us,
            before: last.and_then(|last| last.after.clone()),
            after: Some(text),
        };
        self.writing.append(&change);
        version
    }

    async fn entries<C: Stored>(&mut self, entries: &[Coded<C>]) -> Result<(), StoreError> {
        let subject = Subject::Entry(<C as Content>::KIND);
        for coded in entries {
            let text = write::canonical(&coded.placed.content, &coded.code)?;
            let replaces = match self.verdict(subject, &coded.code, &text) {
                Verdict::Add => false,
                Verdict::Update => true,
                Verdict::Keep | Verdict::Leave => continue,
            };
            let stands = if replaces { self.standing::<C>(&coded.code).await? } else { None };
            // An entry never leaves its log: a data set that moves one has another entry.
            let (log, number) = match stands {
                Some(last) => (last.log, last.number),
                None => (coded.placed.log, self.writing.take_number(coded.placed.log)),
            };
            let version = self.change(log, subject, &coded.code, text);
            let mut entry = as_entry(coded);
            entry.stamp = Stamp {
                log,
                number,
                version,
                published_at_us: Some(self.at_us),
                updated_at_us: self.at_us,
                ..entry.stamp
            };
            self.writing.save(&entry, replaces).await?;
        }
        self.writing.send().await
    }

    async fn standing<C: Stored>(&self, code: &str) -> Result<Option<Last>, StoreError> {
        let query = Query::select()
            .columns(["province_id", "number", "version"])
            .from(C::TABLE)
            .and_where(Expr::col("code").eq(code))
            .to_owned();
        let row = self.writing.tx().query_one(&query).await?;
        row.map(|row| {
            Ok(Last {
                log: Log::new(row.try_get_by_index(0)?),
                number: row.try_get_by_index(1)?,
                version: row.try_get_by_index(2)?,
                author: String::new(),
                after: None,
            })
        })
        .transpose()
    }

    /// Writes the rows of one reference table that are new or other.
    async fn list<T: Serialize>(
        &mut self,
        kind: &str,
        table: &'static str,
        key: &[&'static str],
        items: &[T],
        row: impl Fn(&T) -> (String, Columns),
    ) -> Result<Vec<usize>, StoreError> {
        let mut rows = Vec::new();
        let mut written = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (code, columns) = row(item);
            let code = format!("{kind}:{code}");
            let text = serde_json::to_string(item).map_err(|error| StoreError::Corrupt {
                table,
                column: "content",
                id: code.clone(),
                why: error.to_string(),
            })?;
            match self.verdict(Subject::Reference, &code, &text) {
                Verdict::Add | Verdict::Update => {
                    self.change(Log::MINISTRY, Subject::Reference, &code, text);
                    rows.push(columns);
                    written.push(index);
                }
                Verdict::Keep | Verdict::Leave => {}
            }
        }
        write::insert(self.writing.tx(), table, rows, Some(key)).await?;
        Ok(written)
    }

    /// Replaces the rows of a child table under these parents.
    async fn children(
        &mut self,
        table: &'static str,
        parent: &'static str,
        parents: Vec<i32>,
        rows: Vec<Columns>,
    ) -> Result<(), StoreError> {
        if parents.is_empty() {
            return Ok(());
        }
        let delete = Query::delete().from_table(table).and_where(Expr::col(parent).is_in(parents)).to_owned();
        self.writing.tx().execute(&delete).await?;
        write::insert(self.writing.tx(), table, rows, None).await
    }

    async fn reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.words(reference).await?;
        self.places(reference).await?;
        self.units(reference).await
    }

    async fn words(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.list("source", "source", &["id"], &reference.sources, |source| {
            let columns = vec![
                ("id", table::id(source.id)),
                ("code", source.code.clone().into()),
                ("title", source.title.clone().into()),
                ("address", source.address.clone().into()),
                ("kind", source.kind.clone().into()),
            ];
            (source.code.clone(), columns)
        })
        .await?;
        self.list("country", "country", &["id"], &reference.countries, |country| {
            let columns = named(
                &country.name,
                vec![
                    ("id", table::id(country.id)),
                    ("iso2", country.iso2.clone().into()),
                    ("iso3", country.iso3.clone().into()),
                    ("region", country.region.clone().into()),
                    ("subregion", country.subregion.clone().into()),
                ],
            );
            (country.iso2.clone(), columns)
        })
        .await?;
        self.list("term", "term", &["id"], &reference.terms, |term| {
            let columns = named(
                &term.name,
                vec![
                    ("id", table::id(term.id)),
                    ("vocabulary", table::word(term.vocabulary)),
                    ("code", term.code.clone().into()),
                    ("parent_id", table::optional_id(term.parent)),
                    ("valid_from", term.valid_from.into()),
                    ("units", json(&term.units)),
                    ("is_additive", term.is_additive.into()),
                    ("source_id", table::optional_id(term.source)),
                ],
            );
            (format!("{}:{}", term.vocabulary, term.code), columns)
        })
        .await?;
        self.list("occasion", "occasion", &["id"], &reference.occasions, |occasion| {
            let columns = named(
                &occasion.name,
                vec![
                    ("id", table::id(occasion.id)),
                    ("code", occasion.code.clone().into()),
                    ("anchor_on", occasion.anchor.into()),
                    ("month_day", occasion.month_day.clone().into()),
                    ("country_id", table::optional_id(occasion.country)),
                    ("source_id", table::optional_id(occasion.source)),
                ],
            );
            (occasion.code.clone(), columns)
        })
        .await?;
        Ok(())
    }

    async fn places(&mut self, reference: &Reference) -> Result<(), StoreError> {
        let written = self
            .list("locality", "locality", &["id"], &reference.localities, |locality| {
                let columns = named(
                    &locality.name,
                    vec![
                        ("id", table::id(locality.id)),
                        ("slug", locality.slug.clone().into()),
                        ("native_name", locality.native_name.clone().into()),
                        ("country_id", table::id(locality.country)),
                        ("level_id", table::optional_id(locality.level)),
                        ("latitude", locality.location.map(|point| point.latitude).into()),
                        ("longitude", locality.location.map(|point| point.longitude).into()),
                        ("iso_3166_2", locality.iso_3166_2.clone().into()),
                        ("wikidata_id", locality.wikidata_id.clone().into()),
                        ("valid_to", table::edtf(locality.valid_to.as_ref())),
                        ("note", locality.note.clone().into()),
                        ("source_id", table::optional_id(locality.source)),
                    ],
                );
                (locality.slug.clone(), columns)
            })
            .await?;
        let localities = written.into_iter().map(|index| &reference.localities[index]);
        let mut rows = Vec::new();
        let mut parents = Vec::new();
        for locality in localities {
            parents.push(locality.id.number());
            rows.extend(locality.aliases.iter().enumerate().map(|(index, alias)| {
                vec![
                    ("locality_id", table::id(locality.id)),
                    ("rank", table::rank(index)),
                    ("name", alias.name.clone().into()),
                    ("language", alias.language.clone().into()),
                    ("kind", alias.kind.clone().into()),
                ]
            }));
        }
        self.children("locality_alias", "locality_id", parents, rows).await
    }

    async fn units(&mut self, reference: &Reference) -> Result<(), StoreError> {
        let written = self
            .list("unit", "admin_unit", &["id"], &reference.units, |unit| {
                let columns = vec![
                    ("id", table::id(unit.id)),
                    ("slug", unit.slug.clone().into()),
                    ("valid_from", unit.valid_from.into()),
                    ("valid_to", unit.valid_to.into()),
                    ("iso_3166_2", unit.iso_3166_2.clone().into()),
                ];
                (unit.id.number().to_string(), columns)
            })
            .await?;
        let mut parents = Vec::new();
        let (mut designations, mut geography) = (Vec::new(), Vec::new());
        for unit in written.into_iter().map(|index| &reference.units[index]) {
            parents.push(unit.id.number());
            let key = |index| [("unit_id", table::id(unit.id)), ("rank", table::rank(index))];
            designations.extend(unit.designations.iter().enumerate().map(|(index, designation)| {
                let own = vec![
                    ("from_on", designation.from.into()),
                    ("code", designation.code.clone().into()),
                    ("kind", table::word(designation.kind)),
                    ("legal_basis", designation.legal_basis.clone().into()),
                ];
                key(index).into_iter().chain(named(&designation.name, own)).collect()
            }));
            geography.extend(unit.geography.iter().enumerate().map(|(index, geography)| {
                let own = [("fact", table::word(geography.fact)), ("content", json(geography))];
                key(index).into_iter().chain(own).collect()
            }));
        }
        self.children("unit_designation", "unit_id", parents.clone(), designations).await?;
        self.children("unit_geography", "unit_id", parents, geography).await?;
        self.list(
            "succession",
            "succession",
            &["predecessor_id", "successor_id"],
            &reference.successions,
            |step| {
                let columns = vec![
                    ("predecessor_id", table::id(step.predecessor)),
                    ("successor_id", table::id(step.successor)),
                    ("kind", table::word(step.kind)),
                    ("effective_on", step.effective_on.into()),
                    ("legal_basis", step.legal_basis.clone().into()),
                ];
                (format!("{}-{}", step.predecessor.number(), step.successor.number()), columns)
            },
        )
        .await?;
        self.list("province", "province", &["province_id"], &reference.provinces, |province| {
            let columns = vec![
                ("province_id", province.log.number().into()),
                ("unit_id", table::id(province.unit)),
                ("region", province.region.clone().into()),
                ("capital", province.capital.clone().into()),
                ("area_km2", province.area_km2.into()),
                ("population", province.population.into()),
                ("latitude", province.location.map(|point| point.latitude).into()),
                ("longitude", province.location.map(|point| point.longitude).into()),
                ("neighbours", json(&province.neighbours)),
                ("source_id", table::optional_id(province.source)),
            ];
            (province.log.number().to_string(), columns)
        })
        .await?;
        Ok(())
    }
}

fn named(name: &Bilingual, mut columns: Columns) -> Columns {
    columns.push(("name_vi", name.vi.clone().into()));
    columns.push(("name_en", name.en.clone().into()));
    columns
}

/// JSON text of a plain value; lists of words and numbers always have one.
fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_string(value).unwrap_or_default().into()
}
