//! Commands on sources. Each province names sources in its own log, so that no province waits for
//! another; the ministry does so in its own.

use crate::Register;
use crate::commands::{
    CommandContext, CommandRefusal, ReferenceOutcome, log_of_slug, problem_at, slug_of_log,
};
use crate::error::Error;
use crate::reference_commands::{ReferenceTarget, RowUpdate};
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{SourceDraft, SourceIdentity};
use caunoi_domain::id::Log;
use caunoi_domain::policy::Action;
use caunoi_domain::source::{Source, SourceId};
use caunoi_domain::upload::is_sha256;
use caunoi_domain::validation::{Reason, ReferenceKind, ValidationError};
use caunoi_store::ReferenceUpdate;

impl Register {
    /// Names a source in the log of the province that has or had this slug or succeeded a unit with
    /// it, or of the ministry. Everyone sees it at once.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not create entries there, or an error if the database does
    /// not respond.
    pub async fn create_source(
        &self,
        context: CommandContext,
        province: &str,
        draft: &SourceDraft,
    ) -> Result<ReferenceOutcome<Source>, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let Some(log) = log_of_slug(&read_model.directory, province) else {
            let unknown = Reason::unknown(ReferenceKind::Unit, province);
            return Ok(Err(CommandRefusal::Invalid(vec![problem_at("province", unknown)])));
        };
        let permit = context.actor.permit(Action::Create, log)?;
        if let Some(problem) = self.find_missing_file(log, &draft.file).await? {
            return Ok(Err(CommandRefusal::Invalid(vec![problem])));
        }
        let (province, today) = (slug_of_log(&read_model.directory, log), self.today());
        self.write_row(&permit, context.idempotency_key, |directory, transaction| {
            let number = transaction.allocate_number();
            let id = SourceId::of_number(log, number);
            let identity = SourceIdentity { id, code: format!("SRC-{province}-{number:04}") };
            let after = draft.parse(directory, identity, today)?;
            Ok(RowUpdate { update: ReferenceUpdate { before: None, after }, renamed: None })
        })
        .await
    }

    /// Updates a source whose revision the caller read, in the log that it was named in.
    ///
    /// # Errors
    /// Returns `Denied` if the caller may not update entries of that log, or an error if the
    /// database does not respond.
    pub async fn update_source(
        &self,
        context: CommandContext,
        target: ReferenceTarget<'_, Source>,
        amend: impl Fn(&mut SourceDraft) + Send + Sync,
    ) -> Result<ReferenceOutcome<Source>, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let find = |directory: &Directory| target.id.and_then(|id| directory.source(id)).cloned();
        let Some(known) = find(&read_model.directory) else {
            let unknown = Reason::unknown(ReferenceKind::Source, target.given);
            return Ok(Err(CommandRefusal::Invalid(vec![problem_at("id", unknown)])));
        };
        let permit = context.actor.permit(Action::Update, known.id.log())?;
        let mut amended = SourceDraft::from_source(&known);
        amend(&mut amended);
        if let Some(problem) = self.find_missing_file(known.id.log(), &amended.file).await? {
            return Ok(Err(CommandRefusal::Invalid(vec![problem])));
        }
        let today = self.today();
        self.write_row(&permit, context.idempotency_key, |directory, _| {
            let current = find(directory);
            let before = target.check(current.as_ref(), "id", ReferenceKind::Source)?;
            let mut draft = SourceDraft::from_source(before);
            amend(&mut draft);
            let identity = SourceIdentity { id: before.id, code: before.code.clone() };
            let after = draft.parse(directory, identity, today)?;
            Ok(RowUpdate { update: ReferenceUpdate { before: Some(before.clone()), after }, renamed: None })
        })
        .await
    }

    /// Returns the problem of a hash that names no file of the log. Files are never removed, so the
    /// check needs no lock.
    async fn find_missing_file(&self, log: Log, given: &str) -> Result<Option<ValidationError>, Error> {
        let sha256 = given.trim().to_ascii_lowercase();
        if !is_sha256(&sha256) || self.store.find_file_of(log, &sha256).await?.is_some() {
            return Ok(None);
        }
        Ok(Some(problem_at("file", Reason::unknown(ReferenceKind::File, given))))
    }
}
