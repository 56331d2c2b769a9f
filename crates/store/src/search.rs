//! Search by the words of texts.
//!
//! A table of folded words, queried by prefix, returns the same on both engines; their full-text
//! searches would not.

mod ranked;

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::statement::literal;
use crate::table::StoredContent;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::SearchTerms;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, JoinType, Query, SelectStatement};
use std::cmp::Reverse;

/// The table of folded words.
pub(crate) const TABLE: &str = "search_word";
/// The columns that identify a version of an entry.
pub(crate) const KEY: [&str; 3] = ["province_id", "number", "slot"];

/// Returns the condition that the texts of an entry contain all these words. The longest word,
/// which few entries have, selects the keys; the others are looked up for each of them.
pub(crate) fn has_words<C: StoredContent>(words: &SearchTerms) -> Expr {
    let mut longest_first = by_length(words).into_iter();
    let Some(longest) = longest_first.next() else { return condition::nothing() };
    longest_first
        .map(|word| has_prefix::<C>(word))
        .fold(key::<C>().in_subquery(keys_with(C::KIND.into(), longest)), Expr::and)
}

/// Returns the distinct words, longest first.
pub(crate) fn by_length(words: &SearchTerms) -> Vec<&str> {
    let mut words: Vec<&str> = words.folded.iter().map(String::as_str).collect();
    words.sort_by_key(|word| (Reverse(word.len()), *word));
    words.dedup();
    words
}

/// Returns the key of a version of an entry.
pub(crate) fn key<C: StoredContent>() -> Expr {
    Expr::tuple(KEY.map(|name| column(C::TABLE, name)))
}

/// Returns the condition that a word of the texts of an entry has this prefix.
pub(crate) fn has_prefix<C: StoredContent>(word: &str) -> Expr {
    Expr::exists(rows_of::<C>().cond_where(begins_with(word)).to_owned())
}

/// Returns the condition that the texts of an entry contain this word.
pub(crate) fn has_word<C: StoredContent>(word: &str) -> Expr {
    Expr::exists(rows_of::<C>().and_where(column(TABLE, "word").eq(word)).to_owned())
}

/// Selects the words of the same version of the same entry.
fn rows_of<C: StoredContent>() -> SelectStatement {
    let kind: &'static str = C::KIND.into();
    let mut rows = Query::select();
    rows.expr(Expr::val(1)).from(TABLE).and_where(column(TABLE, "kind").eq(literal(kind)));
    for name in KEY {
        rows.and_where(column(TABLE, name).equals((C::TABLE, name)));
    }
    rows
}

/// Selects the keys of the versions of this kind that have a word with this prefix.
pub(crate) fn keys_with(kind: &'static str, word: &str) -> SelectStatement {
    Query::select()
        .columns(KEY)
        .from(TABLE)
        .and_where(column(TABLE, "kind").eq(literal(kind)))
        .cond_where(begins_with(word))
        .to_owned()
}

fn begins_with(word: &str) -> Condition {
    // No character sorts after this one, so the range contains every word with the prefix.
    let end = format!("{word}\u{10FFFF}");
    Cond::all().add(column(TABLE, "word").gte(word)).add(column(TABLE, "word").lt(end))
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
        let mut longest_first = by_length(words).into_iter();
        let Some(longest) = longest_first.next() else { return Ok(Vec::new()) };
        let found = keys_with(C::KIND.into(), longest).distinct().to_owned();
        let mut query = Query::select();
        query
            .columns([(C::TABLE, "province_id"), (C::TABLE, "number")])
            .from_subquery(found, FOUND)
            .join(join_from_keys(self.engine()), C::TABLE, literal(true))
            .cond_where(is_found::<C>())
            .and_where(condition::of_scope::<C>(scope))
            .limit(limit);
        for word in longest_first {
            query.and_where(has_prefix::<C>(word));
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
fn is_found<C: StoredContent>() -> Condition {
    KEY.iter().fold(Cond::all(), |all, name| all.add(column(FOUND, name).equals((C::TABLE, *name))))
}

/// Reads the log and the number of an entry from the first columns of a row.
pub(crate) fn read_key(row: &QueryResult) -> Result<(Log, i32), StoreError> {
    Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?))
}
