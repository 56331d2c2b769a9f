//! Analytics of the register: coverage of filings, lapsing agreements, dormant relations, conflicts
//! between visits, and reported figures compared with computed ones.

use crate::counts::{MAX_INLINE_FACTS, scan_blocking};
use crate::error::Error;
use crate::{ReadModel, RegisterReader};
use caunoi_domain::agreement::FRAMEWORK;
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, EntryKey, EntryKind, TermId};
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::{Filter, Predicate};
use caunoi_domain::id::Log;
use caunoi_domain::page::{LARGEST_PAGE, ListQuery, Order, OrderKey, Sorting, Window};
use caunoi_domain::quantity::Quantity;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::relation::Relation;
use caunoi_domain::statistics::indicator::{IndicatorDefinition, reported_beyond_computed};
use caunoi_domain::statistics::monitoring::DatedKey;
use caunoi_domain::statistics::{
    CalendarPeriod, Coverage, Inconsistency, Overlap, TimeSlice, VisitConflict, find_inconsistencies,
    find_overlaps, find_visit_conflicts, monitoring,
};
use std::sync::Arc;

/// Limit of the figures that one request compares with each other.
const MAX_FIGURES: usize = 2_000;

/// Limit of the overlaps that one request returns.
const MAX_OVERLAPS: usize = 100;

impl RegisterReader {
    /// Returns contradictions among the newest figures that the scope sees on `day`, and between
    /// them and the figures that this read model computes for `today`.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_inconsistencies(
        &self,
        read_model: &Arc<ReadModel>,
        day: Day,
        today: Day,
    ) -> Result<Vec<Inconsistency>, Error> {
        self.reads().add_all_logs();
        let figures = self.figures_on(day).await?;
        let find = move |read_model: &ReadModel| {
            let computed = |definition: &IndicatorDefinition, figure: &Figure| {
                read_model.compute(definition, figure, today)
            };
            find_inconsistencies(&figures, &read_model.directory, day, &computed)
        };
        Ok(read_model.scan_facts(find).await)
    }

    /// Returns framework agreements in force on `day` without any subsidiary agreement by that day,
    /// as far as the scope sees, the oldest first.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_unused_frameworks(
        &self,
        read_model: &Arc<ReadModel>,
        day: Day,
    ) -> Result<Vec<DatedKey>, Error> {
        self.reads().add_all_logs();
        let form = read_model.directory.term_by_code(Vocabulary::AgreementForm, FRAMEWORK);
        let Some(framework) = form.map(|form| form.id) else { return Ok(Vec::new()) };
        let find = move |read_model: &ReadModel| {
            monitoring::find_unused_frameworks(&read_model.facts, day, framework)
        };
        let mut unused = read_model.scan_facts(find).await;
        let keys: Vec<(Log, i32)> = unused.iter().map(|dated| (dated.key.log, dated.key.number)).collect();
        let first = self.acquire_store().await?.find_first_subsidiaries(self.scope(), &keys).await?;
        let has_subsidiary =
            |key: EntryKey| first.get(&(key.log, key.number)).is_some_and(|first| *first <= day);
        unused.retain(|dated| !has_subsidiary(dated.key));
        Ok(unused)
    }

    /// Returns the figures of the nation that the scope sees on `day` and that report the number of
    /// all entries of a kind, at most a page.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_national_counts(&self, kind: EntryKind, day: Day) -> Result<Vec<Entry<Figure>>, Error> {
        let directory = self.read_model().directory.clone();
        let term = |definition: &IndicatorDefinition| {
            Some(directory.term_by_code(Vocabulary::Indicator, definition.indicator)?.id)
        };
        let indicators: Vec<TermId> = IndicatorDefinition::counting_all(kind).filter_map(term).collect();
        if indicators.is_empty() {
            return Ok(Vec::new());
        }
        let filter = monitoring::counted_on(day)
            .and(Filter::Is(Predicate::Log(vec![Log::MINISTRY])))
            .and(Filter::Is(Predicate::Term(indicators)));
        let order = vec![Order { key: OrderKey::First, sorting: Sorting::Descending }];
        let window = Window { size: LARGEST_PAGE, backwards: false, cursor: None };
        let page = self.list::<Figure>(&ListQuery { filter, order, window }).await?;
        Ok(page.rows.into_iter().map(|(_, figure)| figure).collect())
    }

    /// Returns live relations and agreements with one partner that a unit has from several units on
    /// `day`, by unit and partner, as far as the scope sees; at most [`MAX_OVERLAPS`].
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn find_overlaps(&self, read_model: &Arc<ReadModel>, day: Day) -> Result<Vec<Overlap>, Error> {
        self.reads().add_all_logs();
        let find = move |read_model: &ReadModel| {
            let found = find_overlaps(&read_model.facts, &read_model.directory, day);
            found.into_iter().take(MAX_OVERLAPS).collect::<Vec<_>>()
        };
        let found = read_model.scan_facts(find).await;
        let keys: Vec<(Log, i32)> = found
            .iter()
            .flat_map(|overlap| &overlap.relations)
            .map(|(_, key)| (key.log, key.number))
            .collect();
        let relations = self.find_by_keys::<Relation>(&keys).await?;
        Ok(found.into_iter().filter_map(|overlap| overlap.without_continued(&relations)).collect())
    }

    async fn figures_on(&self, day: Day) -> Result<Vec<Entry<Figure>>, Error> {
        let order = vec![Order { key: OrderKey::First, sorting: Sorting::Descending }];
        let window = Window { size: LARGEST_PAGE, backwards: false, cursor: None };
        let mut query = ListQuery { filter: monitoring::counted_on(day), order, window };
        let mut figures = Vec::new();
        loop {
            let page = self.list::<Figure>(&query).await?;
            query.window.cursor = page.rows.last().map(|(cursor, _)| cursor.sign());
            figures.extend(page.rows.into_iter().map(|(_, figure)| figure));
            if !page.has_next || figures.len() >= MAX_FIGURES {
                return Ok(figures);
            }
        }
    }
}

impl ReadModel {
    /// Returns which provinces have filed for a period, whenever they did.
    #[must_use]
    pub fn coverage(&self, period: CalendarPeriod) -> Coverage {
        self.filings.coverage(period, &self.directory)
    }

    /// Returns agreements in force on `day` that expire within `within_days`, the earliest first.
    ///
    /// # Errors
    /// Returns an error if `within_days` is out of range.
    pub async fn find_expiring_agreements(
        self: &Arc<Self>,
        day: Day,
        within_days: i32,
    ) -> Result<Vec<DatedKey>, Error> {
        let find = move |read_model: &Self| {
            monitoring::find_expiring_agreements(&read_model.facts.agreements, day, within_days)
        };
        Ok(self.scan_facts(find).await?)
    }

    /// Returns relations without activity for `months`, the longest inactive first.
    ///
    /// # Errors
    /// Returns an error if `months` is out of range.
    pub async fn find_dormant_relations(
        self: &Arc<Self>,
        day: Day,
        months: i32,
    ) -> Result<Vec<DatedKey>, Error> {
        let find = move |read_model: &Self| {
            monitoring::find_dormant_relations(&read_model.facts.relations, day, months)
        };
        Ok(self.scan_facts(find).await?)
    }

    /// Returns visits of different provinces to one partner within `within_days` of each other, the
    /// earliest first.
    ///
    /// # Errors
    /// Returns an error if `within_days` is out of range.
    pub async fn find_visit_conflicts(
        self: &Arc<Self>,
        day: Day,
        period: CalendarPeriod,
        within_days: i32,
    ) -> Result<Vec<VisitConflict>, Error> {
        let find = move |read_model: &Self| find_visit_conflicts(&read_model.facts, day, period, within_days);
        Ok(self.scan_facts(find).await?)
    }

    /// Returns the quantity computed from entries for the indicator and period of a figure; `None`
    /// if it cannot be computed.
    pub async fn computed(self: &Arc<Self>, figure: Figure, today: Day) -> Option<Quantity> {
        self.scan_facts(move |read_model| {
            let indicator = read_model.directory.term(figure.indicator)?;
            read_model.compute(IndicatorDefinition::of(&indicator.code)?, &figure, today)
        })
        .await
    }

    /// Returns how many entries of a kind the nation's figures report for this time beyond those that
    /// the register counts, by the figure that reports most; `None` if none of the figures does.
    pub async fn count_missing(
        self: &Arc<Self>,
        figures: Arc<[Entry<Figure>]>,
        kind: EntryKind,
        time: TimeSlice,
    ) -> Option<u64> {
        self.scan_facts(move |read_model| {
            let missing = |figure: &Entry<Figure>| {
                let figure = &figure.content;
                let definition =
                    IndicatorDefinition::of_national_count(figure, kind, time, &read_model.directory)?;
                let computed = read_model.compute(definition, figure, time.as_of)?;
                reported_beyond_computed(&figure.quantity, &computed)
            };
            figures.iter().filter_map(missing).max()
        })
        .await
    }

    fn compute(&self, definition: &IndicatorDefinition, figure: &Figure, today: Day) -> Option<Quantity> {
        definition.compute(figure, &self.facts, &self.directory, today)
    }

    /// Runs a scan over facts: inline if there are few, else on a blocking thread.
    pub(crate) async fn scan_facts<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        if self.facts.agreements.len() + self.facts.events.len() < MAX_INLINE_FACTS {
            return work(self);
        }
        let read_model = Arc::clone(self);
        scan_blocking(move || work(&read_model)).await
    }
}
