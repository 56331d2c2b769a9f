//! Tables and columns as values.
//!
//! Entities name tables and columns by types. Code that serves several tables takes these values
//! instead, so that it exists once.

use crate::entity::{EntryColumn, MergedColumn, OwnerColumn, PackedColumn, SpanColumn, VersionKey};
use sea_orm::sea_query::{Expr, Iden};
use sea_orm::{ColumnTrait, EntityName, IdenStatic};
use std::borrow::Cow;

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Table(&'static str);

impl Table {
    /// Returns the table of an entity.
    pub(crate) fn of<E: EntityName>(entity: E) -> Self {
        Self(entity.table_name())
    }

    /// Returns the name.
    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// Returns a column of this table, by a name that several tables share.
    pub(crate) fn column(self, name: impl SharedColumn) -> TableColumn {
        TableColumn { table: self, name: name.as_str() }
    }

    /// Returns the expression of such a column.
    pub(crate) fn expr(self, name: impl SharedColumn) -> Expr {
        self.column(name).expr()
    }
}

/// A name that columns of several tables have. A column of one entity already knows its table.
pub(crate) trait SharedColumn: IdenStatic {}

impl SharedColumn for EntryColumn {}
impl SharedColumn for VersionKey {}
impl SharedColumn for OwnerColumn {}
impl SharedColumn for MergedColumn {}
impl SharedColumn for PackedColumn {}
impl SharedColumn for SpanColumn {}

/// The names of tables need no escaping.
impl Iden for Table {
    fn quoted(&self) -> Cow<'static, str> {
        Cow::Borrowed(self.0)
    }

    fn unquoted(&self) -> &str {
        self.0
    }
}

/// A column and its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableColumn {
    /// The table.
    pub(crate) table: Table,
    /// The name of the column.
    pub(crate) name: &'static str,
}

impl TableColumn {
    /// Returns the column qualified with its table, so that subqueries cannot capture it.
    pub(crate) fn expr(self) -> Expr {
        Expr::col((self.table, self.name))
    }
}

impl<C: ColumnTrait> From<C> for TableColumn {
    fn from(column: C) -> Self {
        Self { table: Table::of(C::EntityName::default()), name: column.as_str() }
    }
}

/// Returns the expression of a column, qualified with its table.
pub(crate) fn column<C: ColumnTrait>(column: C) -> Expr {
    TableColumn::from(column).expr()
}
