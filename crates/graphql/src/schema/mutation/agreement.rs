//! Mutations on agreements.

pub(super) mod parts;

use crate::schema::cost_directives::{AssumedSize, TextSize};
use parts::{ActInput, FileInput, PartyInput, SignatoryInput};

use super::super::agreement::AgreementObject;
use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{EntryIntoForce, Pillar, SigningLevel};
use super::super::query::Query;
use super::super::request_context::{RequestContext, View};
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::context::{MutationContext, find_target};
use super::draft_value::{CommonFields, IntoDraftValue, TextInput, fill, fill_text, optional_input_fields};
use super::payload::{PathMapping, PayloadParts, default_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::{self, Agreement};
use caunoi_domain::draft::{AgreementDraft, CommonDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_register::{CommandOutcome, CommandRefusal};

optional_input_fields! {
    /// The optional fields that `createAgreement` and `updateAgreement` share.
    struct AgreementFields => AgreementDraft {
        /// The law or plan that the agreement is based on (căn cứ pháp lý), at most 2,000 characters.
        legal_basis: String => legal_basis,
        /// The languages of the text as ISO 639 codes, for example `vi`, `en`, `ja`; at most 20.
        languages: Vec<String> => languages,
        /// The files of the agreement, at most 50. A file that was uploaded to `/files` before is
        /// stored; any other one is only described.
        files: Vec<FileInput> => files,
        /// The slug of the partner if it is a locality, for example `kr-gyeongsangnam`. A value
        /// excludes `partnerOrganization`.
        partner_locality: String => partner,
        /// The code or the printed name of the partner if it is an organization, at most 500
        /// characters.
        partner_organization: String => partner_body,
        /// The person who signed for the partner, at most 500 characters.
        partner_signatory: String => partner_signatory,
        /// The parties other than the province and the partner, at most 50.
        parties: Vec<PartyInput> => parties,
        /// The country of the partner. If the partner is a locality, its country is used instead.
        country: CountryCode => country,
        /// The place of signing (nơi ký), at most 500 characters.
        signing_place: String => signed_at,
        /// The persons who signed for the Vietnamese side (người ký), at most 50.
        signed_by: Vec<SignatoryInput> => signed_by,
        /// The way in which the agreement enters into force (hình thức có hiệu lực).
        entry_into_force: EntryIntoForce => entry_into_force,
        /// The last day of the term (thời hạn hiệu lực), for example `2027-12-31`. Absent if the
        /// agreement has no term or it is unknown.
        expires: Edtf => expires,
        /// Whether the agreement renews automatically at the end of its term (tự động gia hạn); false
        /// if absent.
        renews_automatically: bool => renews_automatically,
        /// The notice period before the end of the term, in days (thời hạn thông báo), 0 to 3,650.
        notice_days: i32 => notice_days,
        /// The number of this edition in a chain of renewals, 1 to 99, for example `3`.
        edition_no: i32 => edition_no,
        /// The ID of the agreement that this one renews.
        renews: ID => renews,
        /// The ID of the principal agreement, if this one is subsidiary to it (văn bản chính).
        parent: ID => parent,
        /// The ID of the relation that the agreement serves. If it is absent, that is the relation of
        /// the province with the partner.
        relation: ID => relation,
    }
}

impl AgreementFields {
    async fn resolve_ids(&mut self, mutation: &mut MutationContext<'_>) -> Result<(), ApiError> {
        mutation.resolve_id::<Agreement>(&["renews"], &mut self.renews).await?;
        mutation.resolve_id::<Agreement>(&["parent"], &mut self.parent).await?;
        mutation.resolve_id::<Relation>(&["relation"], &mut self.relation).await?;
        mutation.find_uploads(&mut self.files).await
    }
}

/// The fields of a new agreement.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateAgreementInput {
    /// The slug of the province that owns the entry, for example `DONG_NAI`. A former unit is
    /// accepted too, for example `BINH_DUONG`; the entry then belongs to the province that it
    /// became part of.
    province: String,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: TextInput,
    /// The form of the agreement, a code of the vocabulary `AGREEMENT_FORM`, for example `MOU`.
    form: String,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: Pillar,
    /// The level of the Vietnamese side (cấp ký kết). `DISTRICT` is refused for signings since
    /// 2025-07-01.
    #[graphql(default_with = "agreement::SigningLevel::Province.into()")]
    signing_level: SigningLevel,
    /// The dated acts of the agreement, at most 100. A signed agreement has at least the act
    /// `SIGN`.
    acts: Vec<ActInput>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: AgreementFields,
    /// Whether to create the entry even if existing entries look like duplicates of it. If false,
    /// such a mutation fails with `DUPLICATE_SUSPECTED`.
    #[graphql(default)]
    allow_duplicate: bool,
}

/// The fields of an agreement to change. An absent field keeps its value; null clears it.
/// `recordAct` adds acts.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateAgreementInput {
    /// The ID of the agreement.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The title in Vietnamese, English or both, at most 500 characters each. At least one
    /// language is required.
    title: MaybeUndefined<TextInput>,
    /// The form of the agreement, a code of the vocabulary `AGREEMENT_FORM`, for example `MOU`.
    form: MaybeUndefined<String>,
    /// The pillar of diplomacy that the entry belongs to.
    pillar: MaybeUndefined<Pillar>,
    /// The level of the Vietnamese side (cấp ký kết). `DISTRICT` is refused for signings since
    /// 2025-07-01.
    signing_level: MaybeUndefined<SigningLevel>,
    #[graphql(flatten)]
    common: CommonFields,
    #[graphql(flatten)]
    details: AgreementFields,
}

/// An act to add to an agreement.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct RecordActInput {
    /// The ID of the agreement.
    id: ID,
    /// The `version` of the entry that the caller last read. If the entry has been written since,
    /// the mutation fails with `VERSION_CONFLICT`.
    expected_version: i32,
    /// The act.
    act: ActInput,
}

/// The result of a mutation on an agreement.
#[derive(SimpleObject)]
pub(crate) struct AgreementPayload {
    /// The agreement as the caller sees it after the write; null if nothing was written.
    agreement: Option<AgreementObject>,
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

impl AgreementPayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Agreement>, paths: PathMapping) -> Self {
        let PayloadParts { entry, errors, cursor } =
            PayloadParts::from_command(ctx, outcome, paths, |entry| Agreement::into_object(entry, View::NOW));
        Self { agreement: entry, errors, cursor, query: Query::ROOT }
    }
}

/// Maps paths of the draft to paths of `UpdateAgreementInput`. The input has no acts, so a problem
/// with a stored act can only come from a new level.
fn update_paths(path: Vec<String>) -> Vec<String> {
    if path[0] == "acts" { vec!["signingLevel".to_owned()] } else { default_paths(path) }
}

/// Maps paths of the draft to paths of `RecordActInput`: the last act of the draft is the act of
/// the input. The input has no level, so the refusal of an act of a district points to the date of
/// the act.
fn act_paths(mut path: Vec<String>) -> Vec<String> {
    match path[0].as_str() {
        "acts" => {
            let below = path.split_off(path.len().min(2));
            [vec!["act".to_owned()], below].concat()
        }
        "signingLevel" => vec!["act".to_owned(), "on".to_owned()],
        _ => default_paths(path),
    }
}

pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateAgreementInput,
) -> Result<AgreementPayload, ApiError> {
    let mut mutation = MutationContext::new(ctx, None)?;
    let mut details = input.details;
    details.resolve_ids(&mut mutation).await?;
    let pillar = input.pillar.into_draft_value();
    let mut draft = AgreementDraft {
        common: CommonDraft { unit: input.province, pillar, ..CommonDraft::default() },
        title: input.title.into_draft_value(),
        form: input.form,
        level: input.signing_level.into_draft_value(),
        acts: input.acts.into_draft_value(),
        ..AgreementDraft::default()
    };
    details.fill(&mut draft);
    input.common.fill(&mut draft.common, mutation.problems);
    let outcome =
        RequestContext::of(ctx).register().create(mutation.command, &draft, input.allow_duplicate).await?;
    Ok(AgreementPayload::of(ctx, outcome, default_paths))
}

pub(super) async fn update(
    ctx: &Context<'_>,
    input: UpdateAgreementInput,
) -> Result<AgreementPayload, ApiError> {
    let UpdateAgreementInput {
        id,
        expected_version,
        title,
        form,
        pillar,
        signing_level,
        common,
        mut details,
    } = input;
    let target = find_target::<Agreement>(&id, expected_version);
    let mut mutation = MutationContext::new(ctx, target)?;
    details.resolve_ids(&mut mutation).await?;
    let MutationContext { command, problems, .. } = mutation;
    let amend = |draft: &mut AgreementDraft| {
        fill_text(&mut draft.title, title);
        fill(&mut draft.form, form);
        fill(&mut draft.common.pillar, pillar);
        fill(&mut draft.level, signing_level);
        details.fill(draft);
        common.fill(&mut draft.common, problems);
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(AgreementPayload::of(ctx, outcome, update_paths))
}

pub(super) async fn record_act(
    ctx: &Context<'_>,
    input: RecordActInput,
) -> Result<AgreementPayload, ApiError> {
    let target = find_target::<Agreement>(&input.id, input.expected_version);
    let MutationContext { command, problems, .. } = MutationContext::new(ctx, target)?;
    let amend = |draft: &mut AgreementDraft| {
        draft.acts.push(input.act.into_draft_value());
        draft.common.prior_errors = problems;
    };
    let outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::RecordAct, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    Ok(AgreementPayload::of(ctx, outcome, act_paths))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn problem_of_recorded_act_has_path_of_act() {
        for (draft, input) in [
            ("acts.3.on", "act.on"),
            ("acts.3.note.vi", "act.note.vi"),
            ("acts", "act"),
            ("signingLevel", "act.on"),
            ("key", "key"),
        ] {
            assert_eq!(act_paths(path(draft)), path(input));
        }
    }

    #[test]
    fn problem_of_stored_act_has_path_of_level() {
        for (draft, input) in [("acts.0.on", "signingLevel"), ("unit", "province"), ("title.en", "title.en")]
        {
            assert_eq!(update_paths(path(draft)), path(input));
        }
    }
}
