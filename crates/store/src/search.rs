//! Search by the words of texts.
//!
//! The search of the register uses an index in memory, built from the documents of [`document`]. The
//! filters of lists use a table of folded words, queried by prefix: it returns the same on both
//! engines; their full-text searches would not.

pub(crate) mod document;
mod packing;

use crate::column::{Table, column};
use crate::condition;
use crate::connect::{Engine, Store};
use crate::entity::{EntryColumn, VersionKey, search_word};
use crate::error::StoreError;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::SearchTerms;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, JoinType, Query, SelectStatement};
use std::cmp::Reverse;

/// The columns that identify a version of an entry.
pub(crate) const KEY: [VersionKey; 3] = [VersionKey::ProvinceId, VersionKey::Number, VersionKey::Slot];

/// Returns the condition that the texts of an entry contain all these words. The longest word,
/// which few entries have, selects the keys; the others are looked up for each of them.
pub(crate) fn has_words(tables: &EntryTables, words: &SearchTerms) -> Expr {
    let mut longest_first = by_length(words).into_iter();
    let Some(longest) = longest_first.next() else { return condition::nothing() };
    longest_first
        .map(|word| has_prefix(tables, word))
        .fold(key(tables).in_subquery(keys_with(tables.kind, longest)), Expr::and)
}

/// Returns the distinct words, longest first.
pub(crate) fn by_length(words: &SearchTerms) -> Vec<&str> {
    let mut words: Vec<&str> = words.folded.iter().map(String::as_str).collect();
    words.sort_by_key(|word| (Reverse(word.len()), *word));
    words.dedup();
    words
}

/// Returns the key of a version of an entry.
pub(crate) fn key(tables: &EntryTables) -> Expr {
    Expr::tuple(KEY.map(|name| tables.entries.expr(name)))
}

/// Returns the condition that rows of two tables belong to the same version of an entry.
pub(crate) fn is_same_version(child: Table, entries: Table) -> Expr {
    let [log, number, slot] = KEY.map(|name| child.expr(name).equals((entries, name)));
    log.and(number).and(slot)
}

/// Returns the condition that a word of the texts of an entry has this prefix.
pub(crate) fn has_prefix(tables: &EntryTables, word: &str) -> Expr {
    Expr::exists(rows_of(tables).cond_where(begins_with(word)).to_owned())
}

/// Selects the words of the same version of the same entry.
fn rows_of(tables: &EntryTables) -> SelectStatement {
    let words = Table::of(search_word::Entity);
    let mut rows = Query::select();
    rows.expr(Expr::val(1)).from(words).and_where(is_of_kind(tables.kind));
    for name in KEY {
        rows.and_where(words.expr(name).equals((tables.entries, name)));
    }
    rows
}

/// Selects the keys of the versions of this kind that have a word with this prefix.
pub(crate) fn keys_with(kind: EntryKind, word: &str) -> SelectStatement {
    Query::select()
        .columns(KEY)
        .from(Table::of(search_word::Entity))
        .and_where(is_of_kind(kind))
        .cond_where(begins_with(word))
        .to_owned()
}

fn is_of_kind(kind: EntryKind) -> Expr {
    let kind: &'static str = kind.into();
    column(search_word::Column::Kind).eq(literal(kind))
}

fn begins_with(word: &str) -> Condition {
    // No character sorts after this one, so the range contains every word with the prefix.
    let end = format!("{word}\u{10FFFF}");
    let of_word = || column(search_word::Column::Word);
    Cond::all().add(of_word().gte(word)).add(of_word().lt(end))
}

impl Store {
    /// Returns the keys of the entries of this kind whose texts contain all these words, at most
    /// `limit`.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_words<C: StoredContent>(
        &self,
        scope: Scope,
        words: &SearchTerms,
        limit: u64,
    ) -> Result<Vec<(Log, i32)>, StoreError> {
        self.find_keys(&C::tables(), scope, words, limit).await
    }

    async fn find_keys(
        &self,
        tables: &EntryTables,
        scope: Scope,
        words: &SearchTerms,
        limit: u64,
    ) -> Result<Vec<(Log, i32)>, StoreError> {
        let mut longest_first = by_length(words).into_iter();
        let Some(longest) = longest_first.next() else { return Ok(Vec::new()) };
        let found = keys_with(tables.kind, longest).distinct().to_owned();
        let mut query = Query::select();
        query
            .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (tables.entries, name)))
            .from_subquery(found, FOUND)
            .join(join_from_keys(self.engine()), tables.entries, literal(true))
            .cond_where(is_found(tables))
            .and_where(condition::of_scope(tables, scope))
            .limit(limit);
        for word in longest_first {
            query.and_where(has_prefix(tables, word));
        }
        let rows = self.all(scope, &query).await?;
        rows.iter().map(read_key).collect()
    }
}

/// Alias of the keys that entries are looked up by.
const FOUND: &str = "found";

/// Returns the join of the entries to the keys that were found. SQLite has no statistics of the
/// rows; without a cross join it would scan all entries and look up each among the keys.
fn join_from_keys(engine: Engine) -> JoinType {
    match engine {
        Engine::Sqlite => JoinType::CrossJoin,
        Engine::Postgres => JoinType::InnerJoin,
    }
}

/// Returns the condition that the key of an entry was found.
fn is_found(tables: &EntryTables) -> Condition {
    let is_equal = |name| Expr::col((FOUND, name)).equals((tables.entries, name));
    KEY.into_iter().map(is_equal).fold(Cond::all(), Condition::add)
}

/// Reads the log and the number of an entry from the first columns of a row.
pub(crate) fn read_key(row: &QueryResult) -> Result<(Log, i32), StoreError> {
    let (log, number) = row.try_get_many_by_index()?;
    Ok((Log::new(log), number))
}
