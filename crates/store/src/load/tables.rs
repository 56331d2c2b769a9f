//! The tables of the reference data that a data set writes.

use super::{DataSetLoad, RowAction};
use crate::entity::{
    admin_unit, change, country, locality, locality_alias, occasion, province, source, succession, term,
    unit_designation, unit_geography,
};
use crate::error::StoreError;
use crate::insert::{Replacement, TableRow, insert};
use crate::reference::rows::{self, ReferenceRow, json, names};
use crate::table;
use crate::write::LoadedRow;
use caunoi_domain::change::Subject;
use caunoi_domain::directory::Reference;
use caunoi_domain::id::Log;
use caunoi_domain::occasion::Occasion;
use caunoi_domain::unit::{AdminUnit, Designation, Geography, Province, Succession};
use sea_orm::ActiveValue::Set;
use sea_orm::EntityTrait;
use serde::Serialize;

impl DataSetLoad {
    /// Writes the new and updated rows of one table, with this prefix of their codes in the log;
    /// returns their indexes in `items`.
    async fn write_table<E: EntityTrait, T: Serialize>(
        &mut self,
        subject: &str,
        items: &[T],
        row: impl Fn(&T) -> (String, TableRow),
    ) -> Result<Vec<usize>, StoreError> {
        let mut rows = Vec::new();
        let mut written = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (code, row) = row(item);
            let code = format!("{subject}:{code}");
            let text = serde_json::to_string(item).map_err(|error| {
                StoreError::corrupt(change::Column::AfterText, code.as_str(), error.to_string())
            })?;
            match self.row_action(Subject::Reference, &code, &text) {
                RowAction::Add | RowAction::Update => {
                    self.change(
                        LoadedRow { subject: Subject::Reference, log: Log::MINISTRY, number: 0, code: &code },
                        text,
                    );
                    rows.push(row);
                    written.push(index);
                }
                RowAction::Keep | RowAction::Leave => {}
            }
        }
        insert(self.writing.tx(), &rows, Some(&Replacement::in_table::<E>(&[]))).await?;
        Ok(written)
    }

    /// Writes a table that people write too.
    async fn write_shared<E: EntityTrait, R: ReferenceRow>(
        &mut self,
        items: &[R],
    ) -> Result<Vec<usize>, StoreError> {
        self.write_table::<E, R>(R::SUBJECT, items, |item| (item.key(), item.row())).await
    }

    /// Writes all reference data, in the order of the foreign keys.
    pub(super) async fn reference(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.words(reference).await?;
        self.places(reference).await?;
        self.units(reference).await?;
        self.provinces(reference).await
    }

    async fn words(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write_shared::<source::Entity, _>(&reference.sources).await?;
        self.write_shared::<country::Entity, _>(&reference.countries).await?;
        self.write_shared::<term::Entity, _>(&reference.terms).await?;
        self.write_table::<occasion::Entity, _>("occasion", &reference.occasions, |occasion| {
            (occasion.code.clone(), occasion_row(occasion))
        })
        .await?;
        Ok(())
    }

    async fn places(&mut self, reference: &Reference) -> Result<(), StoreError> {
        let written = self.write_shared::<locality::Entity, _>(&reference.localities).await?;
        let mut aliases = Vec::new();
        let mut parents = Vec::new();
        for locality in written.into_iter().map(|index| &reference.localities[index]) {
            parents.push(locality.id.number());
            aliases.extend(locality.children().into_iter().flat_map(|children| children.rows));
        }
        let parent = locality_alias::Column::LocalityId;
        rows::replace_children(self.writing.tx(), parent, parents, &aliases).await
    }

    async fn units(&mut self, reference: &Reference) -> Result<(), StoreError> {
        let written = self
            .write_table::<admin_unit::Entity, _>("unit", &reference.units, |unit| {
                (unit.id.number().to_string(), unit_row(unit))
            })
            .await?;
        let mut parents = Vec::new();
        let (mut designations, mut geography) = (Vec::new(), Vec::new());
        for unit in written.into_iter().map(|index| &reference.units[index]) {
            parents.push(unit.id.number());
            let of_unit = unit.designations.iter().enumerate();
            designations
                .extend(of_unit.map(|(index, designation)| designation_row(unit, index, designation)));
            let of_unit = unit.geography.iter().enumerate();
            geography.extend(of_unit.map(|(index, fact)| geography_row(unit, index, fact)));
        }
        let tx = self.writing.tx();
        let parent = unit_designation::Column::UnitId;
        rows::replace_children(tx, parent, parents.clone(), &designations).await?;
        rows::replace_children(tx, unit_geography::Column::UnitId, parents, &geography).await
    }

    async fn provinces(&mut self, reference: &Reference) -> Result<(), StoreError> {
        self.write_table::<succession::Entity, _>("succession", &reference.successions, |step| {
            (format!("{}-{}", step.predecessor.number(), step.successor.number()), succession_row(step))
        })
        .await?;
        self.write_table::<province::Entity, _>("province", &reference.provinces, |province| {
            (province.log.number().to_string(), province_row(province))
        })
        .await?;
        Ok(())
    }
}

fn occasion_row(occasion: &Occasion) -> TableRow {
    TableRow::new(occasion::ActiveModel {
        id: table::id(occasion.id),
        code: Set(occasion.code.clone()),
        name_vi: Set(occasion.name.vi.clone()),
        name_en: Set(occasion.name.en.clone()),
        anchor_on: Set(occasion.anchor),
        month_day: Set(occasion.month_day.clone()),
        country_id: table::optional_id(occasion.country),
        source_id: table::optional_id(occasion.source),
    })
}

fn unit_row(unit: &AdminUnit) -> TableRow {
    TableRow::new(admin_unit::ActiveModel {
        id: table::id(unit.id),
        slug: Set(unit.slug.clone()),
        valid_from: Set(unit.valid_from),
        valid_to: Set(unit.valid_to),
        split_from_id: table::optional_id(unit.split_from),
        iso_3166_2: Set(unit.iso_3166_2.clone()),
    })
}

fn designation_row(unit: &AdminUnit, index: usize, designation: &Designation) -> TableRow {
    let row = unit_designation::ActiveModel {
        unit_id: table::id(unit.id),
        rank: table::rank(index),
        from_on: Set(designation.from),
        code: Set(designation.code.clone()),
        kind: table::word(designation.kind),
        legal_basis: Set(designation.legal_basis.clone()),
        ..Default::default()
    };
    let names =
        names([unit_designation::Column::NameVi, unit_designation::Column::NameEn], &designation.name);
    TableRow::with_nullable(row, names)
}

fn geography_row(unit: &AdminUnit, index: usize, geography: &Geography) -> TableRow {
    TableRow::new(unit_geography::ActiveModel {
        unit_id: table::id(unit.id),
        rank: table::rank(index),
        fact: table::word(geography.fact),
        content: json(geography),
    })
}

fn succession_row(step: &Succession) -> TableRow {
    TableRow::new(succession::ActiveModel {
        predecessor_id: table::id(step.predecessor),
        successor_id: table::id(step.successor),
        kind: table::word(step.kind),
        effective_on: Set(step.effective_on),
        legal_basis: Set(step.legal_basis.clone()),
    })
}

fn province_row(province: &Province) -> TableRow {
    TableRow::new(province::ActiveModel {
        province_id: Set(province.log.number()),
        unit_id: table::id(province.unit),
        region: table::word(province.region),
        capital: Set(province.capital.clone()),
        area_km2: Set(province.area_km2),
        population: Set(province.population),
        latitude: Set(province.location.map(|point| point.latitude)),
        longitude: Set(province.location.map(|point| point.longitude)),
        neighbours: json(&province.neighbours),
        source_id: table::optional_id(province.source),
    })
}
