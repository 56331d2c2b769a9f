//! The best answers to a search, by bounded work.
//!
//! Candidates come first: the entries with a word that few entries have, or, where many have each
//! word, the newest entries and those whose names begin with what was typed. Of the candidates that
//! answer, those whose names begin so are taken first, then as many of one province as of another:
//! in each those that have every word as a whole, then the newest.

use super::{FOUND, KEY, by_length, has_prefix, has_word, is_found, keys_with, outwards, read_key};
use crate::condition;
use crate::connect::{Store, column};
use crate::error::StoreError;
use crate::statement::literal;
use crate::table::Stored;
use caunoi_domain::collation;
use caunoi_domain::id::Log;
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::Scope;
use caunoi_domain::search::Words;
use sea_orm::sea_query::{
    Cond, Condition, Expr, ExprTrait, JoinType, Order, OverStatement, Query, SelectStatement, UnionType,
    WindowStatement,
};

/// The most rows of one word that are read to find candidates.
const MOST_ROWS: u64 = 4_000;
/// The newest entries that are candidates where each word has more rows than that.
const NEWEST: u64 = 2_000;
/// The entries whose names in one language begin with what was typed that are candidates then.
const NAMED: u64 = 200;
/// Words that are tried for candidates, the longest first.
const TRIED: usize = 3;

/// The answers, and where one of them stands within its province.
const ANSWER: &str = "answer";
const RANK: &str = "rank_in_province";
/// Whether each word that was tried has more rows than are read.
const LOOKED: &str = "looked";
const FREQUENT: &str = "is_frequent";

impl Store {
    /// The keys of the entries of this kind that answer a search best, at most `most`, and whether
    /// all entries were looked at. One statement; two where many entries have each word.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn find_best<C: Stored>(
        &self,
        scope: Scope,
        words: &Words,
        most: u64,
    ) -> Result<(Vec<(Log, i32)>, bool), StoreError> {
        let by_length = by_length(words);
        let tried = by_length.get(..TRIED).unwrap_or(&by_length);
        let names = Names::of(words);
        let Some(rare) = union(rare(C::KIND.into(), tried)) else { return Ok((Vec::new(), true)) };
        let answers = best(self.answers::<C>(scope, &names, &by_length, rare), most);
        let query = flagged(answers, all_frequent(C::KIND.into(), tried));
        let rows = self.all(scope, &query).await?;
        let is_frequent = rows.first().map_or(Ok(false), |row| row.try_get_by_index(2))?;
        if is_frequent && let Some(newest) = union(newest::<C>(scope, &names)) {
            let query = best(self.answers::<C>(scope, &names, &by_length, newest), most);
            let keys = self.all(scope, &query).await?.iter().map(read_key).collect::<Result<_, _>>()?;
            return Ok((keys, false));
        }
        let mut keys = Vec::with_capacity(rows.len());
        for row in &rows {
            // Without an answer there is a row that has none, only to say whether words are frequent.
            if row.try_get_by_index::<Option<i32>>(1)?.is_some() {
                keys.push(read_key(row)?);
            }
        }
        Ok((keys, true))
    }

    /// The answers among candidates, with what they are ordered by.
    fn answers<C: Stored>(
        &self,
        scope: Scope,
        names: &Names,
        by_length: &[&str],
        candidates: SelectStatement,
    ) -> SelectStatement {
        let has_whole = by_length.iter().map(|word| has_word::<C>(word)).reduce(Expr::and);
        let begins = as_number(names.begin::<C>());
        let mut of_province = WindowStatement::new();
        of_province.add_partition_by(column(C::TABLE, "province_id"));
        let dated = ["first_earliest", "number"].map(|name| column(C::TABLE, name));
        for expr in [begins.clone(), as_number(has_whole)].into_iter().chain(dated) {
            of_province.order_by_expr(expr, Order::Desc);
        }
        let mut answers = Query::select();
        answers
            .columns(["province_id", "number", "first_earliest"].map(|name| (C::TABLE, name)))
            .expr_as(begins, "begins")
            .expr_window_as(Expr::cust("ROW_NUMBER()"), of_province, RANK)
            .from_subquery(candidates, FOUND)
            .join(outwards(self.engine()), C::TABLE, literal(true))
            .cond_where(is_found::<C>())
            .and_where(condition::of_scope::<C>(scope));
        for word in by_length {
            answers.and_where(has_prefix::<C>(word));
        }
        answers
    }
}

fn best(answers: SelectStatement, most: u64) -> SelectStatement {
    let mut query = Query::select();
    query
        .columns(["province_id", "number"].map(|name| (ANSWER, name)))
        .from_subquery(answers, ANSWER)
        .order_by((ANSWER, "begins"), Order::Desc)
        .order_by((ANSWER, RANK), Order::Asc)
        .order_by((ANSWER, "first_earliest"), Order::Desc)
        .order_by((ANSWER, "province_id"), Order::Asc)
        .order_by((ANSWER, "number"), Order::Asc)
        .limit(most);
    query
}

/// The rows of a select, each with a flag; where there are none, a row with the flag alone.
fn flagged(select: SelectStatement, flag: Expr) -> SelectStatement {
    Query::select()
        .columns(["province_id", "number"].map(|name| (ANSWER, name)))
        .column((LOOKED, FREQUENT))
        .from_subquery(Query::select().expr_as(flag, FREQUENT).to_owned(), LOOKED)
        .join_subquery(JoinType::LeftJoin, select, ANSWER, literal(true))
        .to_owned()
}

/// The keys of the first of these words that few rows have; the selects of the others read nothing.
fn rare(kind: &'static str, tried: &[&str]) -> Vec<SelectStatement> {
    let keys = |(index, word): (usize, &&str)| {
        // SQLite tests a condition that names no row at each row, so the rows are bounded first.
        let mut keys = within(keys_with(kind, word).limit(MOST_ROWS).to_owned());
        for earlier in tried.iter().take(index) {
            keys.and_where(is_frequent(kind, earlier));
        }
        keys.and_where(is_frequent(kind, word).not()).to_owned()
    };
    tried.iter().enumerate().map(keys).collect()
}

/// The keys of the newest entries, and of those whose names begin with what was typed.
fn newest<C: Stored>(scope: Scope, names: &Names) -> Vec<SelectStatement> {
    let mut selects = Vec::new();
    for (_, of_slot) in condition::of_slots::<C>(scope) {
        let seen = || {
            let mut seen = Query::select();
            seen.columns(KEY.map(|name| (C::TABLE, name))).from(C::TABLE).and_where(of_slot.clone());
            seen
        };
        let mut newest = seen();
        for name in ["first_earliest", "province_id", "number"] {
            newest.order_by((C::TABLE, name), Order::Desc);
        }
        selects.push(within(newest.limit(NEWEST).to_owned()));
        let begin_so = |(name, range)| {
            let mut select = seen();
            select.cond_where(range).order_by((C::TABLE, name), Order::Asc);
            for name in ["province_id", "number"] {
                select.order_by((C::TABLE, name), Order::Asc);
            }
            within(select.limit(NAMED).to_owned())
        };
        selects.extend(names.ranges::<C>().map(begin_so));
    }
    selects
}

/// SQLite takes a limit in a part of a union only within a select of its own.
fn within(select: SelectStatement) -> SelectStatement {
    Query::select().columns(KEY).from_subquery(select, "some").to_owned()
}

/// The rows of all these selects, each once.
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

/// The condition that more rows of words begin so than are read.
fn is_frequent(kind: &'static str, word: &str) -> Expr {
    let beyond = keys_with(kind, word).clear_selects().expr(literal(1)).offset(MOST_ROWS).limit(1).to_owned();
    Expr::exists(beyond)
}

fn all_frequent(kind: &'static str, tried: &[&str]) -> Expr {
    tried.iter().map(|word| is_frequent(kind, word)).reduce(Expr::and).unwrap_or_else(condition::nothing)
}

/// 1 where a condition holds, else 0: what both engines sort alike.
fn as_number(condition: Option<Expr>) -> Expr {
    let condition = condition.unwrap_or_else(condition::nothing);
    Expr::case(condition, literal(1)).finally(literal(0)).into()
}

/// The keys that sort names, as far as they are those of what was typed: by column.
struct Names(Vec<(&'static str, Vec<u8>)>);

impl Names {
    fn of(words: &Words) -> Self {
        let of = |name, locale| (name, collation::base(&words.marked, locale));
        let names = [of("name_vi", Locale::Vi), of("name_en", Locale::En)];
        Self(names.into_iter().filter(|(_, base)| !base.is_empty()).collect())
    }

    /// For each language: the names that begin with what was typed.
    fn ranges<C: Stored>(&self) -> impl Iterator<Item = (&'static str, Condition)> {
        self.0.iter().map(|(name, base)| {
            let mut end = base.clone();
            // A byte of 255 may part scripts, but no two follow each other.
            end.extend([u8::MAX; 2]);
            let key = column(C::TABLE, name);
            (*name, Cond::all().add(key.clone().gte(base.clone())).add(key.lt(end)))
        })
    }

    fn begin<C: Stored>(&self) -> Option<Expr> {
        self.ranges::<C>().map(|(_, range)| Expr::from(range)).reduce(Expr::or)
    }
}
