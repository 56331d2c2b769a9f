//! What is told beside plain numbers: who has filed, what lapses, what the register counts of
//! what sources report.

use crate::counting::{FEW_FACTS, at_length};
use crate::error::Error;
use crate::{Reading, Replica};
use caunoi_domain::agreement::FRAMEWORK;
use caunoi_domain::date::Day;
use caunoi_domain::entry::{Entry, EntryKey};
use caunoi_domain::figure::Figure;
use caunoi_domain::id::Log;
use caunoi_domain::page::{Ask, LARGEST_PAGE, Order, OrderKey, Sorting, Window};
use caunoi_domain::quantity::Quantity;
use caunoi_domain::reference::Vocabulary;
use caunoi_domain::statistics::computed::Definition;
use caunoi_domain::statistics::watch::Dated;
use caunoi_domain::statistics::{Alarm, CalendarPeriod, Clash, Coverage, alarms, clashes, watch};
use std::sync::Arc;

/// The most figures that are held beside each other.
const MOST_FIGURES: usize = 2_000;

impl Reading {
    /// Contradictions between the figures that a scope knows on a day, the newest of them, and
    /// between them and what this replica counts today.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn alarms(
        &self,
        replica: &Arc<Replica>,
        (day, today): (Day, Day),
    ) -> Result<Vec<Alarm>, Error> {
        self.reads().note_all();
        let figures = self.figures_on(day).await?;
        let find = move |replica: &Replica| {
            let computed =
                |definition: &Definition, figure: &Figure| replica.compute(definition, figure, today);
            alarms(&figures, &replica.directory, day, &computed)
        };
        Ok(replica.reckon(find).await)
    }

    /// Framework agreements in force that nothing came of by a day, as far as a scope sees, the
    /// oldest first.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn framework_only(&self, replica: &Arc<Replica>, day: Day) -> Result<Vec<Dated>, Error> {
        self.reads().note_all();
        let form = replica.directory.term_by_code(Vocabulary::AgreementForm, FRAMEWORK);
        let Some(framework) = form.map(|form| form.id) else { return Ok(Vec::new()) };
        let find = move |replica: &Replica| watch::framework_only(&replica.facts, day, framework);
        let mut alone = replica.reckon(find).await;
        let keys: Vec<(Log, i32)> = alone.iter().map(|dated| (dated.key.log, dated.key.number)).collect();
        let first = self.rows().await?.find_first_subsidiaries(self.scope(), &keys).await?;
        let is_filled = |key: EntryKey| first.get(&(key.log, key.number)).is_some_and(|first| *first <= day);
        alone.retain(|dated| !is_filled(dated.key));
        Ok(alone)
    }

    async fn figures_on(&self, day: Day) -> Result<Vec<Entry<Figure>>, Error> {
        let order = vec![Order { key: OrderKey::First, sorting: Sorting::Descending }];
        let window = Window { size: LARGEST_PAGE, backwards: false, cursor: None };
        let mut ask = Ask { filter: watch::counted_on(day), order, window };
        let mut figures = Vec::new();
        loop {
            let page = self.list::<Figure>(&ask).await?;
            ask.window.cursor = page.rows.last().map(|(cursor, _)| cursor.clone());
            figures.extend(page.rows.into_iter().map(|(_, figure)| figure));
            if !page.has_next || figures.len() >= MOST_FIGURES {
                return Ok(figures);
            }
        }
    }
}

impl Replica {
    /// Who had filed for a period by a day.
    #[must_use]
    pub fn coverage(&self, period: CalendarPeriod, by: Day) -> Coverage {
        self.filings.coverage(period, by, &self.directory)
    }

    /// Agreements in force that lapse within days, the earliest first.
    ///
    /// # Errors
    /// Days out of bounds.
    pub async fn expiring(self: &Arc<Self>, day: Day, within_days: i32) -> Result<Vec<Dated>, Error> {
        let find = move |replica: &Self| watch::expiring(&replica.facts.agreements, day, within_days);
        Ok(self.reckon(find).await?)
    }

    /// Relations that stand without dated activity for months, the longest silent first.
    ///
    /// # Errors
    /// Months out of bounds.
    pub async fn dormant(self: &Arc<Self>, day: Day, months: i32) -> Result<Vec<Dated>, Error> {
        let find = move |replica: &Self| watch::dormant(&replica.facts, day, months);
        Ok(self.reckon(find).await?)
    }

    /// Where different provinces went to one partner within days of each other, the earliest first.
    ///
    /// # Errors
    /// Days out of bounds.
    pub async fn clashes(
        self: &Arc<Self>,
        day: Day,
        period: CalendarPeriod,
        within_days: i32,
    ) -> Result<Vec<Clash>, Error> {
        let find = move |replica: &Self| clashes(&replica.facts, day, period, within_days);
        Ok(self.reckon(find).await?)
    }

    /// What entries tell of the same thing as a figure; none where they cannot tell.
    pub async fn computed(self: &Arc<Self>, figure: Figure, today: Day) -> Option<Quantity> {
        self.reckon(move |replica| {
            let indicator = replica.directory.term(figure.indicator)?;
            replica.compute(Definition::of(&indicator.code)?, &figure, today)
        })
        .await
    }

    fn compute(&self, definition: &Definition, figure: &Figure, today: Day) -> Option<Quantity> {
        definition.compute(figure, &self.facts, &self.directory, today)
    }

    /// Runs what walks over facts: at once where they are few, else on a thread that may be busy
    /// for long.
    async fn reckon<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        if self.facts.agreements.len() + self.facts.events.len() < FEW_FACTS {
            return work(self);
        }
        let replica = Arc::clone(self);
        at_length(move || work(&replica)).await
    }
}
