//! What a province says of a whole period: that nothing is missing of it.

use crate::acting::{home_of, problem};
use crate::error::Error;
use crate::{Asked, Register};
use caunoi_domain::date::DateUnit;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Action;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_domain::statistics::CalendarPeriod;
use caunoi_store::{ChangeRef, Confirmation, OtherInput};

/// A period that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// By which province.
    pub log: Log,
    /// Which.
    pub period: CalendarPeriod,
    /// Where the logs stood after it.
    pub confirmation: Confirmation,
}

/// Why a period was not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unconfirmed {
    /// The key stands for another request.
    OtherInput,
    /// What the input has wrong.
    Problems(Vec<Problem>),
}

impl Register {
    /// Confirms a month, quarter or year that has begun, for the province that bears this slug or
    /// inherited from who bore it. What is confirmed already stays so.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn confirm(
        &self,
        asked: Asked,
        province: &str,
        period: &str,
    ) -> Result<Result<Confirmed, Unconfirmed>, Error> {
        asked.actor.known()?;
        let replica = self.replica();
        let log = home_of(&replica.directory, province).filter(|log| log.is_province());
        let permit = log.map(|log| asked.actor.permit(Action::Confirm, log)).transpose()?;
        let period = self.confirmable(period);
        let (permit, period) = match (permit, period) {
            (Some(permit), Ok(period)) => (permit, period),
            (permit, period) => {
                let unknown = || problem("province", Refusal::unknown("unit", province));
                let problems = permit.is_none().then(unknown).into_iter();
                let problems = problems.chain(period.err().map(|refusal| problem("period", refusal)));
                return Ok(Err(Unconfirmed::Problems(problems.collect())));
            }
        };
        let intent = self.intent(&permit, &replica, asked.repeat, None);
        match self.written(self.store.confirm(&intent, period).await)? {
            Ok(confirmation) => {
                let log = permit.log();
                let (position, link) = (confirmation.position, confirmation.link);
                self.reach(ChangeRef { log, position, link }).await?;
                Ok(Ok(Confirmed { log, period, confirmation }))
            }
            Err(OtherInput) => Ok(Err(Unconfirmed::OtherInput)),
        }
    }

    fn confirmable(&self, period: &str) -> Result<CalendarPeriod, Refusal> {
        let period = CalendarPeriod::parse(period)?;
        if !matches!(period.unit(), Some(DateUnit::Month | DateUnit::Quarter | DateUnit::Year)) {
            return Err(Refusal::Invalid("a month, a quarter or a year can be confirmed".to_owned()));
        }
        if period.first() > self.today() {
            return Err(Refusal::Invalid(format!("the period {} has not begun", period.name())));
        }
        Ok(period)
    }
}
