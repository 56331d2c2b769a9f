//! Finding entries by the words of their texts.
//!
//! One table of folded words, asked by prefix, answers the same on both engines; the full-text
//! machinery of each would not.

use crate::condition;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::table::Stored;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::Words;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Order, Query, SelectStatement};

/// The table of folded words.
pub(crate) const TABLE: &str = "search_word";

/// The condition that an entry's texts have all these words.
pub(crate) fn has_words<C: Stored>(words: &Words) -> Expr {
    if words.folded.is_empty() {
        return condition::nothing();
    }
    let kind: &'static str = C::KIND.into();
    let key = || Expr::tuple(["province_id", "number", "slot"].map(|name| column(C::TABLE, name)));
    words
        .folded
        .iter()
        .map(|word| key().in_subquery(with_prefix(kind, word)))
        .reduce(Expr::and)
        .unwrap_or_else(condition::nothing)
}

fn with_prefix(kind: &'static str, word: &str) -> SelectStatement {
    Query::select()
        .columns(["province_id", "number", "slot"])
        .from(TABLE)
        .and_where(Expr::col("kind").eq(kind))
        .and_where(Expr::col("word").gte(word))
        // No character sorts after this one, so the range holds every word that begins so.
        .and_where(Expr::col("word").lt(format!("{word}\u{10FFFF}")))
        .to_owned()
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
        let query = Query::select()
            .columns([(C::TABLE, "province_id"), (C::TABLE, "number")])
            .from(C::TABLE)
            .cond_where(Cond::all().add(condition::of_scope::<C>(scope)).add(has_words::<C>(words)))
            .order_by((C::TABLE, "province_id"), Order::Asc)
            .order_by((C::TABLE, "number"), Order::Asc)
            .limit(most)
            .to_owned();
        let rows = self.all(scope, &query).await?;
        rows.iter().map(|row| Ok((Log::new(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
    }
}
