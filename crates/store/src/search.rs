//! Finding entries by the words of their texts.
//!
//! One table of folded words, asked by prefix, answers the same on both engines; the full-text
//! machinery of each would not.

mod ranked;

use crate::condition;
use crate::connect::{Engine, Store, column};
use crate::error::StoreError;
use crate::statement::literal;
use crate::table::Stored;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::Words;
use sea_orm::QueryResult;
use sea_orm::sea_query::{Cond, Condition, Expr, ExprTrait, JoinType, Query, SelectStatement};
use std::cmp::Reverse;

/// The table of folded words.
pub(crate) const TABLE: &str = "search_word";
/// The columns that name a version of an entry.
pub(crate) const KEY: [&str; 3] = ["province_id", "number", "slot"];

/// The condition that an entry's texts have all these words. The longest word, which few entries
/// have, gives the keys; the others are looked up by the key of each entry.
pub(crate) fn has_words<C: Stored>(words: &Words) -> Expr {
    let mut longest_first = by_length(words).into_iter();
    let Some(longest) = longest_first.next() else { return condition::nothing() };
    longest_first
        .map(|word| has_prefix::<C>(word))
        .fold(key::<C>().in_subquery(keys_with(C::KIND.into(), longest)), Expr::and)
}

/// The words, each once, the longest first.
pub(crate) fn by_length(words: &Words) -> Vec<&str> {
    let mut words: Vec<&str> = words.folded.iter().map(String::as_str).collect();
    words.sort_by_key(|word| (Reverse(word.len()), *word));
    words.dedup();
    words
}

/// The key of a version of an entry.
pub(crate) fn key<C: Stored>() -> Expr {
    Expr::tuple(KEY.map(|name| column(C::TABLE, name)))
}

/// The condition that a word of an entry's texts begins so.
pub(crate) fn has_prefix<C: Stored>(word: &str) -> Expr {
    Expr::exists(rows_of::<C>().cond_where(begins(word)).to_owned())
}

/// The condition that an entry's texts have this word.
pub(crate) fn has_word<C: Stored>(word: &str) -> Expr {
    Expr::exists(rows_of::<C>().and_where(column(TABLE, "word").eq(word)).to_owned())
}

/// The words of the same version of the same entry.
fn rows_of<C: Stored>() -> SelectStatement {
    let kind: &'static str = C::KIND.into();
    let mut rows = Query::select();
    rows.expr(Expr::val(1)).from(TABLE).and_where(column(TABLE, "kind").eq(literal(kind)));
    for name in KEY {
        rows.and_where(column(TABLE, name).equals((C::TABLE, name)));
    }
    rows
}

/// The keys of the versions of this kind that have a word which begins so.
pub(crate) fn keys_with(kind: &'static str, word: &str) -> SelectStatement {
    Query::select()
        .columns(KEY)
        .from(TABLE)
        .and_where(column(TABLE, "kind").eq(literal(kind)))
        .cond_where(begins(word))
        .to_owned()
}

fn begins(word: &str) -> Condition {
    // No character sorts after this one, so the range holds every word that begins so.
    let end = format!("{word}\u{10FFFF}");
    Cond::all().add(column(TABLE, "word").gte(word)).add(column(TABLE, "word").lt(end))
}

impl Store {
    /// The keys of the entries of this kind whose texts have all these words, at most `most`.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_words<C: Stored>(
        &self,
        scope: Scope,
        words: &Words,
        most: u64,
    ) -> Result<Vec<(Log, i32)>, StoreError> {
        let mut longest_first = by_length(words).into_iter();
        let Some(longest) = longest_first.next() else { return Ok(Vec::new()) };
        let found = keys_with(C::KIND.into(), longest).distinct().to_owned();
        let mut query = Query::select();
        query
            .columns([(C::TABLE, "province_id"), (C::TABLE, "number")])
            .from_subquery(found, FOUND)
            .join(outwards(self.engine()), C::TABLE, literal(true))
            .cond_where(is_found::<C>())
            .and_where(condition::of_scope::<C>(scope))
            .limit(most);
        for word in longest_first {
            query.and_where(has_prefix::<C>(word));
        }
        let rows = self.all(scope, &query).await?;
        rows.iter().map(read_key).collect()
    }
}

/// The keys that entries are looked up by.
const FOUND: &str = "found";

/// Joins the entries to keys that were found; SQLite, which has no figures about the rows, would
/// else walk through all entries and look whether each was found.
fn outwards(engine: Engine) -> JoinType {
    match engine {
        Engine::Sqlite => JoinType::CrossJoin,
        Engine::Postgres => JoinType::InnerJoin,
    }
}

/// The condition that an entry has a key that was found.
fn is_found<C: Stored>() -> Condition {
    KEY.iter().fold(Cond::all(), |all, name| all.add(column(FOUND, name).equals((C::TABLE, *name))))
}

/// Reads the log and the number of an entry from the first columns of a row.
pub(crate) fn read_key(row: &QueryResult) -> Result<(Log, i32), StoreError> {
    Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?))
}
