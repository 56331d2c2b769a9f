//! Mutations on agreements.

mod acts;
pub(super) mod parts;

use crate::schema::cost_directives::{AssumedSize, TextSize};
pub(super) use acts::{AmendActInput, RecordActInput, VoidActInput, amend_act, record_act, void_act};
use parts::{ActInput, FileInput, PartyInput, SignatoryInput};

use super::super::agreement::AgreementObject;
use super::super::api_error::ApiError;
use super::super::connection::GraphqlEntry as _;
use super::super::enums::{EntryIntoForce, Pillar, SigningLevel};
use super::super::query::Query;
use super::super::request_context::RequestContext;
use super::super::rule_violation::RuleViolation;
use super::super::scalar::{CountryCode, Cursor, Edtf};
use super::context::{MutationContext, find_target};
use super::draft_value::{CommonFields, IntoDraftValue, TextInput, fill, fill_text, optional_input_fields};
use super::participant::VietnamesePartyInput;
use super::payload::{PathMapping, PayloadParts, default_paths};
use super::user_error::UserError;
use async_graphql::{Context, ID, InputObject, MaybeUndefined, SimpleObject};
use caunoi_domain::agreement::{self, Agreement};
use caunoi_domain::draft::{AgreementDraft, CommonDraft};
use caunoi_domain::policy::Action;
use caunoi_domain::relation::Relation;
use caunoi_domain::validation::{InvalidKind, Reason, ValidationError};
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
        /// The Vietnamese parties, at most 50, if they are others than the province alone: several
        /// provinces, a department, a Party committee. An agreement of several provinces is
        /// registered once, by one of them, and belongs to all.
        vietnamese_parties: Vec<VietnamesePartyInput> => vietnamese_parties,
        /// The slug or a name of the partner if it is a locality, for example `kr-gyeongsangnam`.
        /// A value excludes `partnerOrganization`.
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
        /// The last day of the term as first agreed (thời hạn hiệu lực), for example `2027-12-31`;
        /// acts extend and renew it. Absent if the agreement has no term or it is unknown.
        expires: Edtf => expires,
        /// Whether the agreement renews automatically at the end of its term (tự động gia hạn); false
        /// if absent.
        renews_automatically: bool => renews_automatically,
        /// The notice period before the end of the term, in days (thời hạn thông báo), 0 to 3,650.
        notice_days: i32 => notice_days,
        /// The number of this edition in a chain of renewals, 1 to 99, for example `3`.
        edition_no: i32 => edition_no,
        /// The ID or the printable code of the agreement that this one renews.
        renews: ID => renews,
        /// The ID or the code of the principal agreement, if this one is subsidiary to it (văn bản chính).
        parent: ID => parent,
        /// The ID or the code of the relation that the agreement serves. If it is absent, that is the relation of
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
    /// The slug or name of the province that owns the entry, for example `DONG_NAI`. A former unit is
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
/// `recordAct` adds acts, `amendAct` corrects them and `voidAct` removes them.
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

/// The result of a mutation on an agreement.
#[derive(SimpleObject)]
pub(crate) struct AgreementPayload {
    /// The agreement as the caller sees it after the write; null if nothing was written.
    agreement: Option<AgreementObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success. If
    /// it is not empty, nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
    /// The rules of published entries that the written version breaks. They must be corrected
    /// before it is published; empty if nothing was written.
    #[graphql(directive = AssumedSize::apply(3))]
    warnings: Vec<RuleViolation>,
    /// The log cursor after this write, for `Subscription.changes(after:)` or the request header
    /// `Caunoi-After`. Null if nothing was written.
    #[graphql(directive = TextSize::apply(170))]
    cursor: Option<Cursor>,
    /// The query root, evaluated after this write: selects further data in the same request.
    query: Query,
}

impl AgreementPayload {
    fn of(ctx: &Context<'_>, outcome: CommandOutcome<Agreement>, paths: PathMapping) -> Self {
        let PayloadParts { entry, errors, warnings, cursor } =
            PayloadParts::from_command(ctx, outcome, paths, Agreement::into_object);
        Self { agreement: entry, errors, warnings, cursor, query: Query::ROOT }
    }
}

/// Points the error of a stored act to the field of `UpdateAgreementInput` that can cause it. The
/// input has no acts, and other errors of acts concern it as a whole.
fn point_to_field(error: &mut ValidationError) {
    if error.path.first().is_none_or(|field| field != "acts") {
        return;
    }
    let Reason::Invalid(reason) = &error.reason else { return };
    let causes = [
        (InvalidKind::NoDistricts, "signingLevel"),
        (InvalidKind::ActAfterExpiry, "expires"),
        (InvalidKind::ActBeforeEntryIntoForce, "entryIntoForce"),
    ];
    let field = causes.iter().find(|(kind, _)| *kind == InvalidKind::from(reason));
    error.path = field.map(|(_, field)| (*field).to_owned()).into_iter().collect();
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
    let mut outcome = match target {
        Some(target) => {
            RequestContext::of(ctx).register().update(command, target, Action::Update, amend).await?
        }
        None => Err(CommandRefusal::NotFound),
    };
    if let Err(CommandRefusal::Invalid(errors)) = &mut outcome {
        errors.iter_mut().for_each(point_to_field);
    }
    Ok(AgreementPayload::of(ctx, outcome, default_paths))
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::validation::InvalidReason;

    #[test]
    fn error_of_stored_act_points_to_its_field() {
        let since = || "2025-07-01".to_owned();
        let districts = InvalidReason::NoDistricts { act: "AMEND", on: since(), since: since() };
        let expired = InvalidReason::ActAfterExpiry { number: 1, act: "AMEND", on: since(), since: since() };
        let suspended = InvalidReason::NotSuspended { number: 1, act: "RESUME", on: since() };
        for (reason, draft, input) in [
            (districts, "acts.0.on", "signingLevel"),
            (expired.clone(), "acts.0.on", "expires"),
            (expired, "expires", "expires"),
            (suspended, "acts.1.kind", ""),
        ] {
            let path = draft.split('.').map(str::to_owned).collect();
            let mut error = ValidationError { path, reason: reason.into() };
            point_to_field(&mut error);
            assert_eq!(error.path.join("."), input, "{error}");
        }
    }
}
