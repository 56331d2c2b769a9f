//! The tables of the reference data that a data set writes.

use super::{DataSetLoad, RowAction};
use crate::error::StoreError;
use crate::insert::{Replace, insert};
use crate::reference::rows::{self, ReferenceRow as _, json, with_name_columns};
use crate::table::{self, ColumnValues};
use crate::write::LoadedRow;
use caunoi_domain::change::Subject;
use caunoi_domain::directory::Reference;
use caunoi_domain::id::Log;
use caunoi_domain::reference::Source;
use serde::Serialize;

/// A table of the reference data.
struct ReferenceTable {
    /// The prefix of the codes of its rows in the log.
    subject: &'static str,
    name: &'static str,
    key: &'static [&'static str],
}

const SOURCE: ReferenceTable = ReferenceTable { subject: "source", name: "source", key: &["id"] };
const COUNTRY: ReferenceTable = ReferenceTable { subject: "country", name: "country", key: &["id"] };
const TERM: ReferenceTable = ReferenceTable { subject: "term", name: "term", key: &["id"] };
const OCCASION: ReferenceTable = ReferenceTable { subject: "occasion", name: "occasion", key: &["id"] };
const LOCALITY: ReferenceTable = ReferenceTable { subject: "locality", name: "locality", key: &["id"] };
const UNIT: ReferenceTable = ReferenceTable { subject: "unit", name: "admin_unit", key: &["id"] };
const SUCCESSION: ReferenceTable =
    ReferenceTable { subject: "succession", name: "succession", key: &["predecessor_id", "successor_id"] };
const PROVINCE: ReferenceTable =
    ReferenceTable { subject: "province", name: "province", key: &["province_id"] };

impl DataSetLoad {
    /// Writes the new and updated rows of one table; returns their indexes in `items`.
    async fn write_table<T: Serialize>(
        &mut self,
        table: &ReferenceTable,
        items: &[T],
        row: impl Fn(&T) -> (String, ColumnValues),
    ) -> Result<Vec<usize>, StoreError> {
        let mut rows = Vec::new();
        let mut written = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (code, columns) = row(item);
            let code = format!("{}:{code}", table.subject);
            let text = serde_json::to_string(item).map_err(|error| StoreError::Corrupt {
                table: table.name,
                column: "content",
                id: code.clone(),
                why: error.to_string(),
            })?;
            match self.row_action(Subject::Reference, &code, &text) {
                RowAction::Add | RowAction::Update => {
                    self.change(
                        LoadedRow { subject: Subject::Reference, log: Log::MINISTRY, number: 0, code: &code },
                        text,
                    );
                    rows.push(columns);
                    written.push(index);
                }
                RowAction::Keep | RowAction::Leave => {}
            }
        }
        insert(self.writing.tx(), table.name, rows, Some(Replace { by: table.key, fixed: &[] })).await?;
        Ok(written)
    }

    /// Writes all reference data, in the order of the foreign keys.
    pub(super) async fn reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.words(reference).await?;
        self.places(reference).await?;
        self.units(reference).await?;
        self.provinces(reference).await
    }

    async fn words(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write_table(&SOURCE, &reference.sources, |source| (source.code.clone(), source_row(source)))
            .await?;
        self.write_table(&COUNTRY, &reference.countries, |country| (country.key(), country.columns()))
            .await?;
        self.write_table(&TERM, &reference.terms, |term| (term.key(), term.columns())).await?;
        self.write_table(&OCCASION, &reference.occasions, |occasion| {
            let columns = with_name_columns(
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
            .write_table(&LOCALITY, &reference.localities, |place| (place.key(), place.columns()))
            .await?;
        let mut aliases = Vec::new();
        let mut parents = Vec::new();
        for locality in written.into_iter().map(|index| &reference.localities[index]) {
            parents.push(locality.id.number());
            aliases.extend(locality.children().into_iter().flat_map(|children| children.rows));
        }
        rows::replace_children(self.writing.tx(), "locality_alias", "locality_id", parents, aliases).await
    }

    async fn units(&mut self, reference: &Reference) -> Result<(), StoreError> {
        let written = self
            .write_table(&UNIT, &reference.units, |unit| {
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
                key(index).into_iter().chain(with_name_columns(&designation.name, own)).collect()
            }));
            geography.extend(unit.geography.iter().enumerate().map(|(index, geography)| {
                let own = [("fact", table::word(geography.fact)), ("content", json(geography))];
                key(index).into_iter().chain(own).collect()
            }));
        }
        let tx = self.writing.tx();
        rows::replace_children(tx, "unit_designation", "unit_id", parents.clone(), designations).await?;
        rows::replace_children(tx, "unit_geography", "unit_id", parents, geography).await
    }

    async fn provinces(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write_table(&SUCCESSION, &reference.successions, |step| {
            let columns = vec![
                ("predecessor_id", table::id(step.predecessor)),
                ("successor_id", table::id(step.successor)),
                ("kind", table::word(step.kind)),
                ("effective_on", step.effective_on.into()),
                ("legal_basis", step.legal_basis.clone().into()),
            ];
            (format!("{}-{}", step.predecessor.number(), step.successor.number()), columns)
        })
        .await?;
        self.write_table(&PROVINCE, &reference.provinces, |province| {
            let columns = vec![
                ("province_id", province.log.number().into()),
                ("unit_id", table::id(province.unit)),
                ("region", table::word(province.region)),
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

/// Returns the row of a source.
pub(crate) fn source_row(source: &Source) -> ColumnValues {
    vec![
        ("id", table::id(source.id)),
        ("code", source.code.clone().into()),
        ("title", source.title.clone().into()),
        ("address", source.address.clone().into()),
        ("kind", table::word(source.kind)),
    ]
}
