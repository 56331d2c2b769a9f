//! The root type `Mutation`; each subject has a submodule.

mod access;
mod agreement;
mod context;
mod country;
mod draft_value;
mod event;
pub(crate) mod idempotency;
mod locality;
mod merge;
mod organization;
mod participant;
mod payload;
mod period;
mod programme;
mod proposal;
mod relation;
mod source;
mod term;
mod transition;
mod user_error;
mod webhook;

use super::api_error::ApiError;
use access::AccessMutations;
pub(crate) use access::ClientAddress;
use agreement::{
    AgreementPayload, AmendActInput, CreateAgreementInput, RecordActInput, UpdateAgreementInput, VoidActInput,
};
use async_graphql::{Context, ID, MergedObject, Object};
use caunoi_domain::policy::Action;
use country::{CountryPayload, SetCountryNameInput};
use event::{CreateEventInput, EventPayload, UpdateEventInput};
use locality::{CreateLocalityInput, LocalityPayload, UpdateLocalityInput};
use merge::{MergeEntriesInput, UnmergeEntryInput};
use organization::{CreateOrganizationInput, OrganizationPayload, UpdateOrganizationInput};
use period::{ConfirmPeriodInput, ConfirmPeriodPayload};
use programme::{CreateProgrammeInput, ProgrammePayload, UpdateProgrammeInput};
use proposal::{LocalityProposalPayload, ProposeLocalityInput, SettleLocalityProposalInput};
use relation::{CreateRelationInput, RelationPayload, UpdateRelationInput};
use source::{CreateSourceInput, SourcePayload, UpdateSourceInput};
use term::{CreateTermInput, TermPayload};
use transition::{EntryPayload, MoveEntryInput};
pub(crate) use user_error::UserErrorCode;
use webhook::{
    CreateWebhookInput, DeleteWebhookPayload, UpdateWebhookInput, WebhookDeliveryPayload, WebhookPayload,
    WebhookSecretPayload,
};

/// Changes to the entries of a province, to the ministry's reference data, to a partner's webhooks and
/// to access. A mutation that fails for a reason that the caller can correct writes nothing and
/// returns the reasons in `errors` of its payload. If the caller is not permitted to do it, the
/// response has a top-level error instead. Every mutation accepts `@idempotent(key: …)`, except
/// those on webhooks and access.
#[derive(MergedObject)]
pub(crate) struct Mutation(RegisterMutations, AccessMutations);

impl Mutation {
    /// The root of mutations.
    pub(crate) const ROOT: Self = Self(RegisterMutations, AccessMutations);
}

/// The mutations of entries, reference data and webhooks.
pub(crate) struct RegisterMutations;

#[Object]
impl RegisterMutations {
    /// Creates a relation in state `DRAFT`; only its province sees it. Requires the role clerk or
    /// publisher of the province.
    async fn create_relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new relation.")] input: CreateRelationInput,
    ) -> Result<RelationPayload, ApiError> {
        relation::create(ctx, input).await
    }

    /// Changes the version of a relation that the caller sees. If that version is published, it
    /// stays published and a draft with the changes is created. Requires the role clerk or
    /// publisher of the province.
    async fn update_relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The relation and its new values.")] input: UpdateRelationInput,
    ) -> Result<RelationPayload, ApiError> {
        relation::update(ctx, input).await
    }

    /// Creates an agreement in state `DRAFT`; only its province sees it. Requires the role clerk
    /// or publisher of the province.
    async fn create_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new agreement.")] input: CreateAgreementInput,
    ) -> Result<AgreementPayload, ApiError> {
        agreement::create(ctx, input).await
    }

    /// Changes the version of an agreement that the caller sees. If that version is published, it
    /// stays published and a draft with the changes is created. Requires the role clerk or
    /// publisher of the province.
    async fn update_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement and its new values.")] input: UpdateAgreementInput,
    ) -> Result<AgreementPayload, ApiError> {
        agreement::update(ctx, input).await
    }

    /// Adds a dated act to an agreement, for example an extension; the status of the agreement
    /// follows from its acts. If the version that the caller sees is published, it stays published
    /// and a draft with the act is created. Requires the role clerk or publisher of the province.
    async fn record_act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement and the act to add.")] input: RecordActInput,
    ) -> Result<AgreementPayload, ApiError> {
        agreement::record_act(ctx, input).await
    }

    /// Corrects a recorded act of an agreement, for example a wrong day of signing; what is derived
    /// from the acts follows. If the version that the caller sees is published, it stays published
    /// and a draft with the correction is created. Requires a reason and the role clerk or publisher
    /// of the province.
    async fn amend_act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement, the act and its new values.")] input: AmendActInput,
    ) -> Result<AgreementPayload, ApiError> {
        agreement::amend_act(ctx, input).await
    }

    /// Removes a recorded act that did not happen. The history of the agreement keeps it with the
    /// reason. If the version that the caller sees is published, it stays published and a draft
    /// without the act is created. Requires a reason and the role clerk or publisher of the
    /// province.
    async fn void_act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement and the act.")] input: VoidActInput,
    ) -> Result<AgreementPayload, ApiError> {
        agreement::void_act(ctx, input).await
    }

    /// Creates an event in state `DRAFT`; only its province sees it. Requires the role clerk or
    /// publisher of the province.
    async fn create_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new event.")] input: CreateEventInput,
    ) -> Result<EventPayload, ApiError> {
        event::create(ctx, input).await
    }

    /// Changes the version of an event that the caller sees. If that version is published, it
    /// stays published and a draft with the changes is created. Requires the role clerk or
    /// publisher of the province.
    async fn update_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event and its new values.")] input: UpdateEventInput,
    ) -> Result<EventPayload, ApiError> {
        event::update(ctx, input).await
    }

    /// Creates an organization in state `DRAFT`; only its province sees it. Requires the role
    /// clerk or publisher of the province.
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new organization.")] input: CreateOrganizationInput,
    ) -> Result<OrganizationPayload, ApiError> {
        organization::create(ctx, input).await
    }

    /// Changes the version of an organization that the caller sees. If that version is published,
    /// it stays published and a draft with the changes is created. Requires the role clerk or
    /// publisher of the province.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization and its new values.")] input: UpdateOrganizationInput,
    ) -> Result<OrganizationPayload, ApiError> {
        organization::update(ctx, input).await
    }

    /// Creates a programme in state `DRAFT`; only its province sees it. Requires the role clerk or
    /// publisher of the province.
    async fn create_programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new programme.")] input: CreateProgrammeInput,
    ) -> Result<ProgrammePayload, ApiError> {
        programme::create(ctx, input).await
    }

    /// Changes the version of a programme that the caller sees. If that version is published, it
    /// stays published and a draft with the changes is created. Requires the role clerk or
    /// publisher of the province.
    async fn update_programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The programme and its new values.")] input: UpdateProgrammeInput,
    ) -> Result<ProgrammePayload, ApiError> {
        programme::update(ctx, input).await
    }

    /// Submits a draft to the publisher of the province (trình duyệt). From then on the ministry
    /// sees it too. Requires the role clerk or publisher of the province.
    async fn submit_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry and, optionally, the reason.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        transition::transition_entry(ctx, input, Action::Submit).await
    }

    /// Returns a submitted version to state `DRAFT`, for the clerk to correct (trả lại). Requires
    /// the role publisher of the province, or steward.
    async fn return_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry and, optionally, the reason.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        transition::transition_entry(ctx, input, Action::Return).await
    }

    /// Publishes the working version (công bố): everyone sees it, and it replaces the version that
    /// was published before. Requires the role publisher of the province.
    async fn publish_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry and, optionally, the reason.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        transition::transition_entry(ctx, input, Action::Publish).await
    }

    /// Withdraws an entry permanently (thu hồi). The withdrawal of a published version requires a
    /// `reason`, which everyone sees: a tombstone with code, owner, time and reason remains. A working
    /// version is discarded instead, and a published version of the same entry stays published.
    /// Requires the role publisher of the province, or steward.
    async fn withdraw_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry and the reason.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        transition::transition_entry(ctx, input, Action::Withdraw).await
    }

    /// Discards a draft that was not submitted (hủy bản nháp). A published version of the same entry
    /// stays published; without one the entry is gone. Requires the role clerk or publisher of the
    /// province.
    async fn discard_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry and, optionally, the reason.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        transition::transition_entry(ctx, input, Action::Discard).await
    }

    /// Merges published entries of one type that record the same document or event (gộp): one is kept
    /// and counts once. It gains the owners, the parties or hosts, the partners and the sources of the
    /// others; these leave all lists and numbers, and look-ups of their ids and codes return the kept
    /// one. Only agreements and events are merged. An entry with an unpublished version is refused, as
    /// is one that keeps merged entries itself. `unmergeEntry` undoes it. Requires the role steward.
    async fn merge_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The entry to keep, those to merge into it, and the reason.")]
        input: MergeEntriesInput,
    ) -> Result<EntryPayload, ApiError> {
        merge::merge(ctx, input).await
    }

    /// Undoes the merge of one entry: it is published again as it was, and the kept entry loses what it
    /// gained by it. Both stay in the history. Requires the role steward.
    async fn unmerge_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The merged entry and the reason.")] input: UnmergeEntryInput,
    ) -> Result<EntryPayload, ApiError> {
        merge::unmerge(ctx, input).await
    }

    /// Confirms that the records of the province for a month, quarter or year are complete (xác
    /// nhận kỳ báo cáo). The province then counts as having filed for that period, even if it
    /// published nothing. A confirmation cannot be undone. Requires the role publisher of the
    /// province.
    async fn confirm_period(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The province and the period.")] input: ConfirmPeriodInput,
    ) -> Result<ConfirmPeriodPayload, ApiError> {
        period::confirm(ctx, input).await
    }

    /// Adds a locality abroad to the reference data. Everyone sees it immediately. Requires the
    /// role steward.
    async fn create_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new locality.")] input: CreateLocalityInput,
    ) -> Result<LocalityPayload, ApiError> {
        locality::create(ctx, input).await
    }

    /// Changes the names and other data of a locality abroad. Entries that refer to it are sorted
    /// and found under the new names immediately. Its slug and country cannot be changed. Requires
    /// the role steward.
    async fn update_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The locality and its new values.")] input: UpdateLocalityInput,
    ) -> Result<LocalityPayload, ApiError> {
        locality::update(ctx, input).await
    }

    /// Proposes to the ministry a locality abroad that is missing from the register (đề nghị bổ
    /// sung địa phương). Only the province and the ministry see the proposal. Requires the role
    /// clerk or publisher of the province.
    async fn propose_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposed locality.")] input: ProposeLocalityInput,
    ) -> Result<LocalityProposalPayload, ApiError> {
        proposal::propose(ctx, input).await
    }

    /// Accepts or declines a proposed locality. A decision cannot be changed. Requires the role
    /// steward.
    async fn settle_locality_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal and the decision.")] input: SettleLocalityProposalInput,
    ) -> Result<LocalityProposalPayload, ApiError> {
        proposal::settle(ctx, input).await
    }

    /// Names a source, so that entries can refer to it. Everyone sees it at once. Requires the role
    /// clerk or publisher of the province, or steward for the ministry.
    async fn create_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new source.")] input: CreateSourceInput,
    ) -> Result<SourcePayload, ApiError> {
        source::create(ctx, input).await
    }

    /// Changes a source; its code stays. Requires the role clerk or publisher of the province that
    /// named it, or steward for sources of the ministry and of data sets.
    async fn update_source(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The source and its new values.")] input: UpdateSourceInput,
    ) -> Result<SourcePayload, ApiError> {
        source::update(ctx, input).await
    }

    /// Sets the ministry's name for a country or territory. Later data sets do not overwrite it.
    /// Requires the role steward.
    async fn set_country_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The country and its name.")] input: SetCountryNameInput,
    ) -> Result<CountryPayload, ApiError> {
        country::set_name(ctx, input).await
    }

    /// Adds a term to a vocabulary of the reference data. Requires the role steward.
    async fn create_term(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new term.")] input: CreateTermInput,
    ) -> Result<TermPayload, ApiError> {
        term::create(ctx, input).await
    }

    /// Creates a webhook: the register calls its URL for every change that matches its filter. The
    /// response contains the secret that signs the calls; it is never returned again. A partner
    /// has at most 20 webhooks. Requires the role partner and a token with write permission.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new webhook.")] input: CreateWebhookInput,
    ) -> Result<WebhookSecretPayload, ApiError> {
        webhook::create(ctx, input).await
    }

    /// Changes, pauses or resumes a webhook. Requires the role partner and a token with write
    /// permission.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook and its new values.")] input: UpdateWebhookInput,
    ) -> Result<WebhookPayload, ApiError> {
        webhook::update(ctx, input).await
    }

    /// Deletes a webhook and the record of its deliveries. Requires the role partner and a token
    /// with write permission.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ID of the webhook.")] id: ID,
    ) -> Result<DeleteWebhookPayload, ApiError> {
        webhook::delete(ctx, id).await
    }

    /// Replaces the secret of a webhook. For the next 24 hours calls carry two signatures, one of
    /// the new and one of the previous secret. Requires the role partner and a token with write
    /// permission.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ID of the webhook.")] id: ID,
    ) -> Result<WebhookSecretPayload, ApiError> {
        webhook::rotate(ctx, id).await
    }

    /// Schedules one test call of type `caunoi.ping`, in any state of the webhook. It is attempted
    /// once; the delivery shows the result. Requires the role partner and a token with write
    /// permission.
    async fn ping_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ID of the webhook.")] id: ID,
    ) -> Result<WebhookDeliveryPayload, ApiError> {
        webhook::ping(ctx, id).await
    }

    /// Schedules a repeated delivery of a message under the same `webhook-id`. The payload is
    /// computed again with the current document of the webhook. It is attempted once. Requires the
    /// role partner and a token with write permission.
    async fn redeliver_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ID of any delivery of that message.")] delivery: ID,
    ) -> Result<WebhookDeliveryPayload, ApiError> {
        webhook::redeliver(ctx, delivery).await
    }
}
