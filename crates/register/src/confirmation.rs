//! Confirmation by a province that its entries of a period are complete.

use crate::commands::{log_of_slug, problem_at};
use crate::error::Error;
use crate::{CommandContext, Register};
use caunoi_domain::date::DateUnit;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Action;
use caunoi_domain::statistics::CalendarPeriod;
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use caunoi_store::{ChangeRef, Confirmation, OtherInput};

/// A period that was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedPeriod {
    /// The log of the province.
    pub log: Log,
    /// The period.
    pub period: CalendarPeriod,
    /// The receipt, with the log positions after it.
    pub confirmation: Confirmation,
}

/// Why a period was not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unconfirmed {
    /// The idempotency key was used for another request.
    OtherInput,
    /// The input is invalid.
    ValidationErrors(Vec<ValidationError>),
}

impl Register {
    /// Confirms a month, quarter or year that has begun, for the province that has or had this slug
    /// or succeeded a unit with it. A repeated confirmation changes nothing.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not confirm, or an error if the database does not
    /// respond.
    pub async fn confirm(
        &self,
        context: CommandContext,
        province: &str,
        period: &str,
    ) -> Result<Result<ConfirmedPeriod, Unconfirmed>, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let log = log_of_slug(&read_model.directory, province).filter(|log| log.is_province());
        let permit = log.map(|log| context.actor.permit(Action::Confirm, log)).transpose()?;
        let period = self.parse_confirmable(period);
        let (permit, period) = match (permit, period) {
            (Some(permit), Ok(period)) => (permit, period),
            (permit, period) => {
                let unknown = || problem_at("province", Reason::unknown(ReferenceKind::Unit, province));
                let problems = permit.is_none().then(unknown).into_iter();
                let problems = problems.chain(period.err().map(|refusal| problem_at("period", refusal)));
                return Ok(Err(Unconfirmed::ValidationErrors(problems.collect())));
            }
        };
        let write_context = self.write_context(&permit, &read_model, context.idempotency_key, None);
        match self.check_write(self.store.confirm(&write_context, period).await)? {
            Ok(confirmation) => {
                let log = permit.log();
                let (position, link) = (confirmation.position, confirmation.link);
                self.wait_until_visible(ChangeRef { log, position, link }).await?;
                Ok(Ok(ConfirmedPeriod { log, period, confirmation }))
            }
            Err(OtherInput) => Ok(Err(Unconfirmed::OtherInput)),
        }
    }

    fn parse_confirmable(&self, period: &str) -> Result<CalendarPeriod, Reason> {
        let period = CalendarPeriod::parse(period)?;
        if !matches!(period.unit(), Some(DateUnit::Month | DateUnit::Quarter | DateUnit::Year)) {
            return Err(InvalidReason::PeriodNotConfirmable.into());
        }
        if period.first() > self.today() {
            return Err(InvalidReason::PeriodNotBegun { period: period.name() }.into());
        }
        Ok(period)
    }
}
