//! Commands of the steward on the reference data: localities, country names, terms.
//!
//! The new row is computed within the transaction from the current reference data, so that two
//! stewards never overwrite each other and a slug is assigned once.

use crate::Register;
use crate::commands;
use crate::commands::recorded::{StoredRow, find_replay};
use crate::commands::{CommandContext, CommandReceipt, CommandRefusal, ReferenceOutcome};
use crate::error::Error;
use caunoi_domain::change;
use caunoi_domain::directory::{Directory, NameSource};
use caunoi_domain::draft::{CountryNameDraft, LocalityDraft, TermDraft};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::idempotency::IdempotencyKey;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Country, Locality};
use caunoi_domain::policy::{Action, Permit};
use caunoi_domain::reference::Term;
use caunoi_domain::validation::{Reason, ReferenceKind, ValidationError};
use caunoi_store::{CommandTransaction, ReferenceRow, ReferenceUpdate, Store, StoreError, WriteContext};

/// The row of the reference data that a command changes, and the revision that the caller read.
#[derive(Debug)]
pub struct ReferenceTarget<'a, R> {
    /// The row; `None` if the input names none.
    pub id: Option<Id<R>>,
    /// The input that names the row.
    pub given: &'a str,
    /// The revision that the caller read.
    pub revision: &'a str,
}

impl<R: ReferenceRow> ReferenceTarget<'_, R> {
    /// Returns the row if its revision is still the expected one.
    pub(crate) fn check<'d>(
        &self,
        current: Option<&'d R>,
        path: &str,
        what: ReferenceKind,
    ) -> Result<&'d R, Vec<ValidationError>> {
        let at = |path: &str, reason| vec![ValidationError { path: vec![path.to_owned()], reason }];
        let current = current.ok_or_else(|| at(path, Reason::unknown(what, self.given)))?;
        if change::revision(current) == self.revision {
            Ok(current)
        } else {
            Err(at("expectedRevision", Reason::Outdated))
        }
    }
}

impl Register {
    /// Creates a locality abroad.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not
    /// respond.
    pub async fn create_locality(
        &self,
        context: CommandContext,
        draft: &LocalityDraft,
    ) -> Result<ReferenceOutcome<Locality>, Error> {
        self.execute(context, |directory| {
            let after = draft.parse(directory, None)?;
            Ok(RowUpdate { update: ReferenceUpdate { before: None, after }, renamed: None })
        })
        .await
    }

    /// Updates a locality whose revision the caller read; slug and country do not change.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not
    /// respond.
    pub async fn update_locality(
        &self,
        context: CommandContext,
        target: ReferenceTarget<'_, Locality>,
        amend: impl FnOnce(&mut LocalityDraft) + Send,
    ) -> Result<ReferenceOutcome<Locality>, Error> {
        self.execute(context, |directory| {
            let current = target.id.and_then(|id| directory.locality(id));
            let before = target.check(current, "id", ReferenceKind::Locality)?;
            let mut draft = LocalityDraft::from_locality(before, directory);
            amend(&mut draft);
            let after = draft.parse(directory, Some(before))?;
            let is_renamed = names(&after) != names(before);
            let renamed = is_renamed.then_some(NameSource::Locality(after.id));
            Ok(RowUpdate { update: ReferenceUpdate { before: Some(before.clone()), after }, renamed })
        })
        .await
    }

    /// Sets the names of a country whose revision the caller read.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not
    /// respond.
    pub async fn set_country_name(
        &self,
        context: CommandContext,
        target: ReferenceTarget<'_, Country>,
        amend: impl FnOnce(&mut CountryNameDraft) + Send,
    ) -> Result<ReferenceOutcome<Country>, Error> {
        self.execute(context, |directory| {
            let current = target.id.and_then(|id| directory.country(id));
            let before = target.check(current, "country", ReferenceKind::Country)?;
            let mut draft = CountryNameDraft::from_country(before);
            amend(&mut draft);
            // Entries are neither sorted nor found by names of countries.
            let after = draft.parse(directory, before)?;
            Ok(RowUpdate { update: ReferenceUpdate { before: Some(before.clone()), after }, renamed: None })
        })
        .await
    }

    /// Creates a term of a vocabulary.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not
    /// respond.
    pub async fn create_term(
        &self,
        context: CommandContext,
        draft: &TermDraft,
    ) -> Result<ReferenceOutcome<Term>, Error> {
        self.execute(context, |directory| {
            let after = draft.parse(directory)?;
            Ok(RowUpdate { update: ReferenceUpdate { before: None, after }, renamed: None })
        })
        .await
    }

    async fn execute<R: ReferenceRow>(
        &self,
        context: CommandContext,
        decide: impl FnOnce(&Directory) -> Result<RowUpdate<R>, Vec<ValidationError>> + Send,
    ) -> Result<ReferenceOutcome<R>, Error> {
        let permit = context.actor.permit(Action::Maintain, Log::MINISTRY)?;
        self.write_row(&permit, context.idempotency_key, |directory, _| decide(directory)).await
    }

    /// Writes one row of the reference data in the log of the permit; see [`write_row`].
    pub(crate) async fn write_row<R: ReferenceRow>(
        &self,
        permit: &Permit,
        idempotency_key: Option<IdempotencyKey>,
        decide: impl FnOnce(&Directory, &mut CommandTransaction<'_>) -> Result<RowUpdate<R>, Vec<ValidationError>>
        + Send,
    ) -> Result<ReferenceOutcome<R>, Error> {
        let write_context = self.write_context(permit, &self.read_model(), idempotency_key, None);
        let transaction = Box::pin(write_row(&self.store, &write_context, decide));
        let outcome = self.write_in_turn(permit, transaction).await?;
        self.finish(permit.log(), outcome).await
    }
}

/// A changed row of the reference data.
pub(crate) struct RowUpdate<R> {
    pub(crate) update: ReferenceUpdate<R>,
    /// The name that entries are sorted or found by, if it changed.
    pub(crate) renamed: Option<NameSource>,
}

/// Writes one row. `decide` reads the current reference data; no other transaction can change the
/// rows of the same log meanwhile.
async fn write_row<R: ReferenceRow>(
    store: &Store,
    context: &WriteContext<'_>,
    decide: impl FnOnce(&Directory, &mut CommandTransaction<'_>) -> Result<RowUpdate<R>, Vec<ValidationError>>
    + Send,
) -> Result<ReferenceOutcome<R>, StoreError> {
    let mut transaction = CommandTransaction::begin(store, context).await?;
    if let Some(outcome) = find_replay::<StoredRow<R>, _>(&transaction, context).await? {
        transaction.rollback().await;
        return Ok(outcome);
    }
    let directory = transaction.load_directory().await?;
    let RowUpdate { update, renamed } = match decide(&directory, &mut transaction) {
        Ok(update) => update,
        Err(problems) => {
            transaction.rollback().await;
            return Ok(Err(CommandRefusal::Invalid(problems)));
        }
    };
    transaction.update_reference(&update).await?;
    let receipt = CommandReceipt::new(update.after, transaction.position());
    if let Some(name) = renamed {
        transaction.refresh_names(&name).await?;
    }
    commands::commit(transaction, None, receipt, |receipt, _| Ok(StoredRow::new(receipt))).await
}

/// Returns the names by which entries with this locality are sorted and found.
fn names(locality: &Locality) -> (&Bilingual, Option<&String>, Vec<&String>) {
    let aliases = locality.aliases.iter().map(|alias| &alias.name).collect();
    (&locality.name, locality.native_name.as_ref(), aliases)
}
