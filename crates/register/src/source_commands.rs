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
use caunoi_domain::policy::Action;
use caunoi_domain::source::{Source, SourceId};
use caunoi_domain::validation::{Reason, ReferenceKind};
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
        amend: impl FnOnce(&mut SourceDraft) + Send,
    ) -> Result<ReferenceOutcome<Source>, Error> {
        context.actor.require_token()?;
        let read_model = self.read_model();
        let find = |directory: &Directory| target.id.and_then(|id| directory.source(id)).cloned();
        let Some(known) = find(&read_model.directory) else {
            let unknown = Reason::unknown(ReferenceKind::Source, target.given);
            return Ok(Err(CommandRefusal::Invalid(vec![problem_at("id", unknown)])));
        };
        let permit = context.actor.permit(Action::Update, known.id.log())?;
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
}
