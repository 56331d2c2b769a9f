//! Confirmation by a province that its entries of a period are complete.

use crate::Register;
use crate::commands::recorded::{ConfirmationReceipt, find_replay};
use crate::commands::{
    self, CommandContext, CommandReceipt, CommandRefusal, Outcome, log_of_slug, problem_at, unknown_province,
};
use crate::error::Error;
use caunoi_domain::date::DateUnit;
use caunoi_domain::id::Log;
use caunoi_domain::policy::Action;
use caunoi_domain::statistics::CalendarPeriod;
use caunoi_domain::validation::{InvalidReason, Reason};
use caunoi_store::{CommandTransaction, Store, StoreError, WriteContext};

/// A period that was confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConfirmedPeriod {
    /// The log of the province.
    pub log: Log,
    /// The period.
    pub period: CalendarPeriod,
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
    ) -> Result<Outcome<ConfirmedPeriod>, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let log = log_of_slug(&read_model.directory, province).filter(|log| log.is_province());
        let permit = log.map(|log| context.actor.permit(Action::Confirm, log)).transpose()?;
        let period = self.parse_confirmable(period);
        let (permit, period) = match (permit, period) {
            (Some(permit), Ok(period)) => (permit, period),
            (permit, period) => {
                let unknown = || unknown_province(&read_model.directory, province);
                let problems = permit.is_none().then(unknown).into_iter();
                let problems = problems.chain(period.err().map(|refusal| problem_at("period", refusal)));
                return Ok(Err(CommandRefusal::Invalid(problems.collect())));
            }
        };
        let write_context = self.write_context(&permit, &read_model, context.idempotency_key, None);
        let outcome = self.write_in_turn(&permit, confirm(&self.store, &write_context, period)).await?;
        let log = permit.log();
        let outcome = self.finish(log, outcome).await?;
        Ok(outcome.map(|receipt| receipt.map(|()| ConfirmedPeriod { log, period })))
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

/// Appends the confirmation, unless the period is confirmed already.
async fn confirm(
    store: &Store,
    context: &WriteContext<'_>,
    period: CalendarPeriod,
) -> Result<Outcome<()>, StoreError> {
    let mut transaction = CommandTransaction::begin(store, context).await?;
    if let Some(outcome) = find_replay::<ConfirmationReceipt, _>(&transaction, context).await? {
        transaction.rollback().await;
        return Ok(outcome);
    }
    if !transaction.is_confirmed(period).await? {
        transaction.append_confirmation(period);
    }
    let receipt = CommandReceipt::new((), transaction.position());
    commands::commit(transaction, None, receipt, |receipt, _| Ok(ConfirmationReceipt::new(receipt))).await
}
