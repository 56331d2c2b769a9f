//! Ranked search with bounded work.
//!
//! Candidates are the entries with a word that few entries have; if many entries have each word,
//! they are the newest entries and those whose names begin with the search text. Matching
//! candidates are ordered by name prefix first, then in turn by province, within each by whole
//! words, then newest first.

use super::{FOUND, KEY, by_length, has_prefix, has_word, is_found, join_from_keys, keys_with, read_key};
use crate::condition;
use crate::connect::Store;
use crate::entity::EntryColumn;
use crate::error::StoreError;
use crate::statement::literal;
use crate::table::{EntryTables, StoredContent};
use caunoi_domain::collation;
use caunoi_domain::entry::EntryKind;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::SearchTerms;
use sea_orm::sea_query::{
    Cond, Condition, Expr, ExprTrait, JoinType, Order, OverStatement, Query, SelectStatement, UnionType,
    WindowStatement,
};

/// Most rows of one word that are read for candidates.
const MAX_ROWS: u64 = 4_000;
/// Newest entries that are candidates if each word has more rows than that.
const MAX_NEWEST: u64 = 2_000;
/// Entries whose names in one language begin with the search text that are candidates then.
const MAX_NAME_MATCHES: u64 = 200;
/// Most words that are tried for candidates, longest first.
const MAX_TRIED_WORDS: usize = 3;

/// Alias of the matches, of whether the name of each begins with the search text, and of its rank
/// within its province.
const MATCH: &str = "answer";
const BEGINS: &str = "begins";
const RANK: &str = "rank_in_province";
/// Alias of the flag that each tried word has more rows than are read.
const FREQUENCY: &str = "looked";
const FREQUENT: &str = "is_frequent";

impl Store {
    /// Returns the keys of the best matches of this kind, at most `limit`, and whether all entries
    /// were considered. Runs one statement; two if many entries have each word.
    ///
    /// # Errors
    /// Returns an error if the database fails.
    pub async fn find_best<C: StoredContent>(
        &self,
        scope: Scope,
        words: &SearchTerms,
        limit: u64,
    ) -> Result<(Vec<(Log, i32)>, bool), StoreError> {
        self.find_best_keys(&C::tables(), scope, words, limit).await
    }

    async fn find_best_keys(
        &self,
        tables: &EntryTables,
        scope: Scope,
        words: &SearchTerms,
        limit: u64,
    ) -> Result<(Vec<(Log, i32)>, bool), StoreError> {
        let by_length = by_length(words);
        let words_tried = by_length.get(..MAX_TRIED_WORDS).unwrap_or(&by_length);
        let names = NamePrefixes::of(words);
        let Some(rarest_word_keys) = union(rarest_word_keys(tables.kind, words_tried)) else {
            return Ok((Vec::new(), true));
        };
        let best = |keys| take_best(self.matches(tables, scope, &by_length, (&names, keys)), limit);
        let query = with_flag(best(rarest_word_keys), all_frequent(tables.kind, words_tried));
        let rows = self.all(scope, &query).await?;
        let is_frequent = rows.first().map_or(Ok(false), |row| row.try_get_by_index(2))?;
        if is_frequent && let Some(newest_or_named) = union(newest_or_named(tables, scope, &names)) {
            let keys = self
                .all(scope, &best(newest_or_named))
                .await?
                .iter()
                .map(read_key)
                .collect::<Result<_, _>>()?;
            return Ok((keys, false));
        }
        let mut keys = Vec::with_capacity(rows.len());
        for row in &rows {
            // Without a match there is one row of nulls that contains only the flag.
            if row.try_get_by_index::<Option<i32>>(1)?.is_some() {
                keys.push(read_key(row)?);
            }
        }
        Ok((keys, true))
    }

    /// Selects the matches among candidates, with their sort keys.
    fn matches(
        &self,
        tables: &EntryTables,
        scope: Scope,
        by_length: &[&str],
        (names, candidates): (&NamePrefixes, SelectStatement),
    ) -> SelectStatement {
        let entries = tables.entries;
        let has_whole = by_length.iter().map(|word| has_word(tables, word)).reduce(Expr::and);
        let begins = as_number(names.begins_with_typed(tables));
        let mut of_province = WindowStatement::new();
        of_province.add_partition_by(entries.expr(EntryColumn::ProvinceId));
        let dated = [EntryColumn::FirstEarliest, EntryColumn::Number].map(|name| entries.expr(name));
        for expr in [begins.clone(), as_number(has_whole)].into_iter().chain(dated) {
            of_province.order_by_expr(expr, Order::Desc);
        }
        let mut matches = Query::select();
        matches
            .columns(
                [EntryColumn::ProvinceId, EntryColumn::Number, EntryColumn::FirstEarliest]
                    .map(|name| (entries, name)),
            )
            .expr_as(begins, BEGINS)
            .expr_window_as(Expr::cust("ROW_NUMBER()"), of_province, RANK)
            .from_subquery(candidates, FOUND)
            .join(join_from_keys(self.engine()), entries, literal(true))
            .cond_where(is_found(tables))
            .and_where(condition::of_scope(tables, scope));
        for word in by_length {
            matches.and_where(has_prefix(tables, word));
        }
        matches
    }
}

fn take_best(matches: SelectStatement, limit: u64) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (MATCH, name)))
        .from_subquery(matches, MATCH)
        .order_by((MATCH, BEGINS), Order::Desc)
        .order_by((MATCH, RANK), Order::Asc)
        .order_by((MATCH, EntryColumn::FirstEarliest), Order::Desc)
        .order_by((MATCH, EntryColumn::ProvinceId), Order::Asc)
        .order_by((MATCH, EntryColumn::Number), Order::Asc)
        .limit(limit);
    query
}

/// Adds a flag to each row of a select; without rows, there is one row with the flag alone.
fn with_flag(select: SelectStatement, flag: Expr) -> SelectStatement {
    Query::select()
        .columns([EntryColumn::ProvinceId, EntryColumn::Number].map(|name| (MATCH, name)))
        .column((FREQUENCY, FREQUENT))
        .from_subquery(Query::select().expr_as(flag, FREQUENT).to_owned(), FREQUENCY)
        .join_subquery(JoinType::LeftJoin, select, MATCH, literal(true))
        .to_owned()
}

/// Selects the keys of the first of these words that few rows have; the selects of the other words
/// read nothing.
fn rarest_word_keys(kind: EntryKind, words_tried: &[&str]) -> Vec<SelectStatement> {
    let keys = |(index, word): (usize, &&str)| {
        // SQLite evaluates a condition without columns for each row, so the rows are limited first.
        let mut keys = as_subquery(keys_with(kind, word).limit(MAX_ROWS).to_owned());
        for earlier in words_tried.iter().take(index) {
            keys.and_where(is_frequent(kind, earlier));
        }
        keys.and_where(is_frequent(kind, word).not()).to_owned()
    };
    words_tried.iter().enumerate().map(keys).collect()
}

/// Selects the keys of the newest entries, and of those whose names begin with the search text.
fn newest_or_named(tables: &EntryTables, scope: Scope, names: &NamePrefixes) -> Vec<SelectStatement> {
    let entries = tables.entries;
    let mut selects = Vec::new();
    for (_, of_slot) in condition::of_slots(tables, scope) {
        let seen = || {
            let mut seen = Query::select();
            seen.columns(KEY.map(|name| (entries, name))).from(entries).and_where(of_slot.clone());
            seen
        };
        let mut newest = seen();
        for name in [EntryColumn::FirstEarliest, EntryColumn::ProvinceId, EntryColumn::Number] {
            newest.order_by((entries, name), Order::Desc);
        }
        selects.push(as_subquery(newest.limit(MAX_NEWEST).to_owned()));
        let with_prefix = |(name, range)| {
            let mut select = seen();
            select.cond_where(range);
            for name in [name, EntryColumn::ProvinceId, EntryColumn::Number] {
                select.order_by((entries, name), Order::Asc);
            }
            as_subquery(select.limit(MAX_NAME_MATCHES).to_owned())
        };
        selects.extend(names.ranges(tables).map(with_prefix));
    }
    selects
}

/// SQLite allows a limit in a part of a union only within a subquery.
fn as_subquery(select: SelectStatement) -> SelectStatement {
    Query::select().columns(KEY).from_subquery(select, "some").to_owned()
}

/// Returns the distinct rows of all these selects.
fn union(selects: Vec<SelectStatement>) -> Option<SelectStatement> {
    let mut selects = selects.into_iter();
    let mut all = selects.next()?;
    let mut others = selects.peekable();
    if others.peek().is_none() {
        return Some(all.distinct().to_owned());
    }
    for other in others {
        all.union(UnionType::Distinct, other);
    }
    Some(all)
}

/// Returns the condition that more rows have a word with this prefix than are read.
fn is_frequent(kind: EntryKind, word: &str) -> Expr {
    let beyond = keys_with(kind, word).clear_selects().expr(literal(1)).offset(MAX_ROWS).limit(1).to_owned();
    Expr::exists(beyond)
}

fn all_frequent(kind: EntryKind, words_tried: &[&str]) -> Expr {
    words_tried
        .iter()
        .map(|word| is_frequent(kind, word))
        .reduce(Expr::and)
        .unwrap_or_else(condition::nothing)
}

/// Returns 1 if the condition holds, else 0: both engines sort these alike.
fn as_number(condition: Option<Expr>) -> Expr {
    let condition = condition.unwrap_or_else(condition::nothing);
    Expr::case(condition, literal(1)).finally(literal(0)).into()
}

/// The prefix of the sort keys of names that the search text has, by column.
struct NamePrefixes(Vec<(EntryColumn, Vec<u8>)>);

impl NamePrefixes {
    fn of(words: &SearchTerms) -> Self {
        let of = |name, locale| (name, collation::base(&words.marked, locale));
        let names = [of(EntryColumn::NameVi, Locale::Vi), of(EntryColumn::NameEn, Locale::En)];
        Self(names.into_iter().filter(|(_, base)| !base.is_empty()).collect())
    }

    /// Returns, per language, the condition that a name begins with the search text.
    fn ranges(&self, tables: &EntryTables) -> impl Iterator<Item = (EntryColumn, Condition)> {
        self.0.iter().map(|(name, base)| {
            let mut end = base.clone();
            // A byte of 255 may separate scripts, but two never follow each other.
            end.extend([u8::MAX; 2]);
            let key = tables.entries.expr(*name);
            (*name, Cond::all().add(key.clone().gte(base.clone())).add(key.lt(end)))
        })
    }

    fn begins_with_typed(&self, tables: &EntryTables) -> Option<Expr> {
        self.ranges(tables).map(|(_, range)| Expr::from(range)).reduce(Expr::or)
    }
}
