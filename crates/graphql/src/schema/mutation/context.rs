//! The context of a mutation: the caller, the idempotency key, and the entries that the IDs of the
//! input refer to, as far as the caller sees them.

use super::super::api_error::ApiError;
use super::super::global_id::GlobalId;
use super::super::loader::Loaders;
use super::super::request_context::RequestContext;
use async_graphql::{Context, ID, MaybeUndefined};
use caunoi_domain::entry::EntryKey;
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use caunoi_register::{CommandContext, CommandTarget, EntryContent, Register};

use super::agreement::parts::FileInput;
use super::idempotency;

/// The state of a mutation before the domain checks its draft: the caller and the problems of the
/// input so far.
pub(super) struct MutationContext<'a> {
    loaders: &'a Loaders,
    register: &'a Register,
    /// The caller and the idempotency key.
    pub(super) command: CommandContext,
    /// The entry that the mutation changes; `None` for a new one.
    target: Option<EntryKey>,
    /// The problems found so far.
    pub(super) problems: Vec<ValidationError>,
}

impl<'a> MutationContext<'a> {
    /// Reads the caller and the idempotency key of the request.
    ///
    /// # Errors
    /// Returns an error if the request has no token.
    pub(super) fn new(ctx: &Context<'a>, target: Option<CommandTarget>) -> Result<Self, ApiError> {
        let actor = RequestContext::of(ctx).actor().clone();
        actor.require_token().map_err(caunoi_register::Error::from)?;
        let (idempotency_key, problems) = match idempotency::read_key(ctx)? {
            Ok(idempotency_key) => (idempotency_key, Vec::new()),
            Err(problem) => (None, vec![problem]),
        };
        let command = CommandContext { actor, idempotency_key };
        let target = target.map(|target| target.key);
        let register = RequestContext::of(ctx).register();
        Ok(Self { loaders: ctx.data_unchecked::<Loaders>(), register, command, target, problems })
    }

    /// Adds a problem at a path of the input.
    pub(super) fn add_problem(&mut self, path: &[&str], reason: Reason) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.problems.push(ValidationError { path, reason });
    }

    /// Replaces the ID of an entry of kind `C` by its code. Adds a problem if the caller sees no
    /// such entry, or if it is the entry of this mutation itself.
    pub(super) async fn resolve_id<C: EntryContent>(
        &mut self,
        path: &[&str],
        given: &mut MaybeUndefined<ID>,
    ) -> Result<(), ApiError> {
        if let MaybeUndefined::Value(id) = given {
            self.resolve_entry::<C>(path, id).await?;
        }
        Ok(())
    }

    /// Replaces each ID of a list by the code of its entry; the path of a problem contains the
    /// index.
    pub(super) async fn resolve_id_list<C: EntryContent>(
        &mut self,
        path: &str,
        given: &mut MaybeUndefined<Vec<ID>>,
    ) -> Result<(), ApiError> {
        // The domain refuses a list that is too long, so its IDs need no look-up.
        if let MaybeUndefined::Value(ids) = given
            && ids.len() <= caunoi_domain::draft::MOST_MEMBERS
        {
            for (index, id) in ids.iter_mut().enumerate() {
                self.resolve_entry::<C>(&[path, &index.to_string()], id).await?;
            }
        }
        Ok(())
    }

    /// Finds the uploads of these files in the own log of the caller.
    pub(super) async fn find_uploads(
        &self,
        given: &mut MaybeUndefined<Vec<FileInput>>,
    ) -> Result<(), ApiError> {
        // The domain refuses a list that is too long, so its files need no look-up.
        if let MaybeUndefined::Value(files) = given
            && files.len() <= caunoi_domain::draft::MOST_MEMBERS
        {
            for file in files {
                let upload = self.register.find_upload(&self.command.actor, &file.sha256()).await?;
                file.set_upload(upload);
            }
        }
        Ok(())
    }

    /// Returns whether the caller sees the entry of kind `C` with this key, or the one that it was
    /// merged into.
    pub(super) async fn sees<C: EntryContent>(&self, key: EntryKey) -> Result<bool, ApiError> {
        Ok(self.loaders.find_by_key::<C>(key.log, key.number).await?.is_some())
    }

    async fn resolve_entry<C: EntryContent>(&mut self, path: &[&str], id: &mut ID) -> Result<(), ApiError> {
        let found = match GlobalId::decode(id) {
            Some(GlobalId::Entry(key)) if key.kind == C::KIND => {
                self.loaders.find_by_key::<C>(key.log, key.number).await?
            }
            Some(_) => None,
            None => self.loaders.find_by_code::<C>(id).await?,
        };
        match found {
            Some(entry) if Some(entry.key()) == self.target => {
                self.add_problem(path, InvalidReason::OwnEntry.into());
            }
            Some(entry) => *id = ID(entry.meta.code),
            None => self.add_problem(path, Reason::unknown(ReferenceKind::Entry, id)),
        }
        Ok(())
    }
}

/// Returns the entry of kind `C` that an ID refers to, with the version that the caller read.
pub(super) fn find_target<C: EntryContent>(id: &ID, expected_version: i32) -> Option<CommandTarget> {
    match GlobalId::decode(id) {
        Some(GlobalId::Entry(key)) if key.kind == C::KIND => Some(CommandTarget { key, expected_version }),
        _ => None,
    }
}
