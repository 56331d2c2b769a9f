//! Mutations on sources.

use super::super::api_error::ApiError;
use super::super::enums::SourceKind;
use super::super::global_id::GlobalId;
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::scalar::{Cursor, Edtf};
use super::super::source::SourceObject;
use super::context::MutationContext;
use super::draft_value::{IntoDraftValue, TextInput, fill, fill_text};
use super::payload::PayloadParts;
use super::user_error::UserError;
use crate::schema::cost_directives::{AssumedSize, TextSize};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::draft::SourceDraft;
use caunoi_domain::id::Id;
use caunoi_domain::source::Source;
use caunoi_register::{ReferenceOutcome, ReferenceTarget};

/// The optional fields of a source. At least one of `url`, `publisher` and `file` is required, so
/// that others can find the source.
#[derive(Debug, Clone, InputObject)]
struct SourceFields {
    /// The web address, at most 2,000 characters; it begins with `https://` or `http://`. Another
    /// source must not have it: name the code of that source instead.
    url: MaybeUndefined<String>,
    /// The person or body that published it, at most 500 characters, for example `Báo Đồng Nai`.
    publisher: MaybeUndefined<String>,
    /// The date of publication, for example `2025-11-03` or `2025-11`; not in the future.
    published: MaybeUndefined<Edtf>,
    /// The day on which the author read it, for example `2025-11-05`; not in the future.
    accessed_on: MaybeUndefined<String>,
    /// The language of its text, an ISO 639 code, for example `vi`.
    language: MaybeUndefined<String>,
    /// The licence under which it may be used, at most 500 characters, for example `CC BY 4.0`.
    licence: MaybeUndefined<String>,
    /// The SHA-256 of a copy that was uploaded by `POST /files` to the same province, 64 hexadecimal
    /// digits. Everyone sees a source, so everyone may read its file at once.
    file: MaybeUndefined<String>,
}

impl SourceFields {
    fn fill(self, draft: &mut SourceDraft) {
        fill(&mut draft.url, self.url);
        fill(&mut draft.publisher, self.publisher);
        fill(&mut draft.published, self.published);
        fill(&mut draft.accessed_on, self.accessed_on);
        fill(&mut draft.language, self.language);
        fill(&mut draft.licence, self.licence);
        fill(&mut draft.file, self.file);
    }
}

/// The fields of a new source. Everyone sees it at once, so it must not reveal an unpublished
/// matter.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateSourceInput {
    /// The slug of the province that names the source, for example `DONG_NAI`; for the ministry
    /// `MINISTRY`.
    province: String,
    /// The title of the page or document in Vietnamese, English or both, at most 500 characters
    /// each. At least one language is required.
    title: TextInput,
    /// The kind: `NEWS`, `PORTAL`, `DATASET`, `LAW` or `DOCUMENT`. Only data sets have `SEED`.
    kind: SourceKind,
    #[graphql(flatten)]
    details: SourceFields,
}

/// The fields of a source to change. An absent field keeps its value; null clears it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateSourceInput {
    /// The ID of the source.
    id: ID,
    /// The `revision` of the source that the caller last read. If it was changed since, the mutation
    /// fails with `VERSION_CONFLICT`.
    expected_revision: String,
    /// The title of the page or document in Vietnamese, English or both, at most 500 characters
    /// each. At least one language is required.
    title: MaybeUndefined<TextInput>,
    /// The kind: `NEWS`, `PORTAL`, `DATASET`, `LAW` or `DOCUMENT`. Only data sets have `SEED`.
    kind: MaybeUndefined<SourceKind>,
    #[graphql(flatten)]
    details: SourceFields,
}

/// The result of a mutation on a source.
#[derive(SimpleObject)]
pub(crate) struct SourcePayload {
    /// The source after the write; null if nothing was written.
    source: Option<SourceObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl SourcePayload {
    fn of(ctx: &Context<'_>, outcome: ReferenceOutcome<Source>) -> Self {
        let PayloadParts { entry, errors, cursor, .. } =
            PayloadParts::from_reference_command(ctx, outcome, SourceObject);
        Self { source: entry, errors, cursor, query: Query::ROOT }
    }
}

pub(super) async fn create(ctx: &Context<'_>, input: CreateSourceInput) -> Result<SourcePayload, ApiError> {
    let CreateSourceInput { province, title, kind, details } = input;
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let mut draft = SourceDraft {
        title: title.into_draft_value(),
        kind: kind.into_draft_value(),
        prior_errors: problems,
        ..SourceDraft::default()
    };
    details.fill(&mut draft);
    let outcome = RequestContext::of(ctx).register().create_source(command, &province, &draft).await?;
    Ok(SourcePayload::of(ctx, outcome))
}

pub(super) async fn update(ctx: &Context<'_>, input: UpdateSourceInput) -> Result<SourcePayload, ApiError> {
    let UpdateSourceInput { id, expected_revision, title, kind, details } = input;
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, None)?;
    let named = match GlobalId::decode(&id) {
        Some(GlobalId::Source(id)) => Some(Id::new(id)),
        _ => None,
    };
    let read = ReferenceTarget { id: named, given: &id, revision: &expected_revision };
    let amend = |draft: &mut SourceDraft| {
        fill_text(&mut draft.title, title.clone());
        fill(&mut draft.kind, kind);
        details.clone().fill(draft);
        draft.prior_errors.clone_from(&problems);
    };
    let outcome = RequestContext::of(ctx).register().update_source(command, read, amend).await?;
    Ok(SourcePayload::of(ctx, outcome))
}
