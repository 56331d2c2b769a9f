//! The roots of everything that people write, one file for each subject.

mod agreement;
mod beginning;
mod confirming;
mod country;
mod event;
mod filling;
mod locality;
mod moving;
mod organization;
mod outcome;
mod programme;
mod proposal;
mod relation;
pub(crate) mod repeat;
mod term;
mod user_error;
mod webhook;
mod wording;

use super::fault::Fault;
use agreement::{AgreementPayload, CreateAgreementInput, RecordActInput, UpdateAgreementInput};
use async_graphql::{Context, ID, Object};
use caunoi_domain::policy::Action;
use confirming::{ConfirmPeriodInput, ConfirmPeriodPayload};
use country::{CountryPayload, SetCountryNameInput};
use event::{CreateEventInput, EventPayload, UpdateEventInput};
use locality::{CreateLocalityInput, LocalityPayload, UpdateLocalityInput};
use moving::{EntryPayload, MoveEntryInput};
use organization::{CreateOrganizationInput, OrganizationPayload, UpdateOrganizationInput};
use programme::{CreateProgrammeInput, ProgrammePayload, UpdateProgrammeInput};
use proposal::{LocalityProposalPayload, ProposeLocalityInput, SettleLocalityProposalInput};
use relation::{CreateRelationInput, RelationPayload, UpdateRelationInput};
use term::{CreateTermInput, TermPayload};
use webhook::{
    CreateWebhookInput, DeleteWebhookPayload, UpdateWebhookInput, WebhookDeliveryPayload, WebhookPayload,
    WebhookSecretPayload,
};

/// Where every act begins.
pub(crate) struct Mutation;

/// What people do to the entries of their province, the steward to the reference data, and partners
/// to their webhooks. What the caller can mend is told in `errors`, and then nothing was written;
/// what the caller may not do is an error of the answer. Each takes `@idempotent(key:)`, but for
/// those of webhooks.
#[Object]
impl Mutation {
    /// Drafts a new relation; only its province sees it. Needs: clerk or publisher of the province.
    async fn create_relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The relation.")] input: CreateRelationInput,
    ) -> Result<RelationPayload, Fault> {
        relation::create(ctx, input).await
    }

    /// Changes the version of a relation that the caller sees; beside a published one it opens a
    /// draft. Needs: clerk or publisher of the province.
    async fn update_relation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateRelationInput,
    ) -> Result<RelationPayload, Fault> {
        relation::update(ctx, input).await
    }

    /// Drafts a new agreement; only its province sees it. Needs: clerk or publisher of the province.
    async fn create_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The agreement.")] input: CreateAgreementInput,
    ) -> Result<AgreementPayload, Fault> {
        agreement::create(ctx, input).await
    }

    /// Changes the version of an agreement that the caller sees; beside a published one it opens a
    /// draft. Needs: clerk or publisher of the province.
    async fn update_agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateAgreementInput,
    ) -> Result<AgreementPayload, Fault> {
        agreement::update(ctx, input).await
    }

    /// Records what happened to an agreement: its status follows. Beside a published version it
    /// opens a draft. Needs: clerk or publisher of the province.
    async fn record_act(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The act.")] input: RecordActInput,
    ) -> Result<AgreementPayload, Fault> {
        agreement::record_act(ctx, input).await
    }

    /// Drafts a new event; only its province sees it. Needs: clerk or publisher of the province.
    async fn create_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event.")] input: CreateEventInput,
    ) -> Result<EventPayload, Fault> {
        event::create(ctx, input).await
    }

    /// Changes the version of an event that the caller sees; beside a published one it opens a
    /// draft. Needs: clerk or publisher of the province.
    async fn update_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateEventInput,
    ) -> Result<EventPayload, Fault> {
        event::update(ctx, input).await
    }

    /// Drafts a new organization; only its province sees it. Needs: clerk or publisher of the
    /// province.
    async fn create_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The organization.")] input: CreateOrganizationInput,
    ) -> Result<OrganizationPayload, Fault> {
        organization::create(ctx, input).await
    }

    /// Changes the version of an organization that the caller sees; beside a published one it opens
    /// a draft. Needs: clerk or publisher of the province.
    async fn update_organization(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateOrganizationInput,
    ) -> Result<OrganizationPayload, Fault> {
        organization::update(ctx, input).await
    }

    /// Drafts a new programme; only its province sees it. Needs: clerk or publisher of the province.
    async fn create_programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The programme.")] input: CreateProgrammeInput,
    ) -> Result<ProgrammePayload, Fault> {
        programme::create(ctx, input).await
    }

    /// Changes the version of a programme that the caller sees; beside a published one it opens a
    /// draft. Needs: clerk or publisher of the province.
    async fn update_programme(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateProgrammeInput,
    ) -> Result<ProgrammePayload, Fault> {
        programme::update(ctx, input).await
    }

    /// Hands a draft to the publisher (trình duyệt); the ministry sees it too from now on. Needs:
    /// clerk or publisher of the province.
    async fn submit_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, Fault> {
        moving::go(ctx, input, Action::Submit).await
    }

    /// Hands a submitted version back to its clerk (trả lại). Needs: publisher of the province, or
    /// steward.
    async fn return_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, Fault> {
        moving::go(ctx, input, Action::Return).await
    }

    /// Shows the working version to all, in place of what was published before (công bố). Needs:
    /// publisher of the province.
    async fn publish_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, Fault> {
        moving::go(ctx, input, Action::Publish).await
    }

    /// Takes an entry back for good (thu hồi), or discards a working version; the published one
    /// beside it stays. Needs: publisher of the province, or steward.
    async fn withdraw_entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entry.")] input: MoveEntryInput,
    ) -> Result<EntryPayload, Fault> {
        moving::go(ctx, input, Action::Withdraw).await
    }

    /// Says of a month, quarter or year that nothing of the province is missing (xác nhận kỳ báo
    /// cáo): it has filed for that period, whether or not there was anything to publish. Once
    /// confirmed it stays so. Needs: publisher of the province.
    async fn confirm_period(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which period.")] input: ConfirmPeriodInput,
    ) -> Result<ConfirmPeriodPayload, Fault> {
        confirming::confirm(ctx, input).await
    }

    /// Adds a locality abroad to the reference data; all see it at once. Needs: steward.
    async fn create_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The locality.")] input: CreateLocalityInput,
    ) -> Result<LocalityPayload, Fault> {
        locality::create(ctx, input).await
    }

    /// Changes names and facts of a locality abroad; entries with it are sorted and found by the new
    /// names at once. Slug and country stay. Needs: steward.
    async fn update_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateLocalityInput,
    ) -> Result<LocalityPayload, Fault> {
        locality::update(ctx, input).await
    }

    /// Asks the ministry for a locality abroad that the register does not know (đề nghị bổ sung địa
    /// phương): the province and the ministry see it. Needs: clerk or publisher of the province.
    async fn propose_locality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The locality.")] input: ProposeLocalityInput,
    ) -> Result<LocalityProposalPayload, Fault> {
        proposal::propose(ctx, input).await
    }

    /// Says what becomes of a proposed locality, once and for good. Needs: steward.
    async fn settle_locality_proposal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which proposal, and what becomes of it.")] input: SettleLocalityProposalInput,
    ) -> Result<LocalityProposalPayload, Fault> {
        proposal::settle(ctx, input).await
    }

    /// Says how the ministry calls a country or territory; no data set changes that again. Needs:
    /// steward.
    async fn set_country_name(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which country, and its name.")] input: SetCountryNameInput,
    ) -> Result<CountryPayload, Fault> {
        country::set_name(ctx, input).await
    }

    /// Adds a term to a vocabulary. Needs: steward.
    async fn create_term(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The term.")] input: CreateTermInput,
    ) -> Result<TermPayload, Fault> {
        term::create(ctx, input).await
    }

    /// Makes a webhook: from now on its URL is called for every change that passes its filter. The
    /// secret that the calls are signed with is told this once. At most 20 for each partner. Needs:
    /// partner with a token that may write.
    async fn create_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The webhook.")] input: CreateWebhookInput,
    ) -> Result<WebhookSecretPayload, Fault> {
        webhook::create(ctx, input).await
    }

    /// Changes a webhook, lets it wait, or lets it go on. Needs: partner with a token that may write.
    async fn update_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateWebhookInput,
    ) -> Result<WebhookPayload, Fault> {
        webhook::update(ctx, input).await
    }

    /// Forgets a webhook with its log of deliveries. Needs: partner with a token that may write.
    async fn delete_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] id: ID,
    ) -> Result<DeleteWebhookPayload, Fault> {
        webhook::delete(ctx, id).await
    }

    /// Gives a webhook another secret. For 24 hours calls bear two signatures, that of the secret
    /// before as well. Needs: partner with a token that may write.
    async fn rotate_webhook_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] id: ID,
    ) -> Result<WebhookSecretPayload, Fault> {
        webhook::rotate(ctx, id).await
    }

    /// Asks for a call of the type `caunoi.ping`, whatever state the webhook is in; its delivery tells
    /// what came of it. It is tried once. Needs: partner with a token that may write.
    async fn ping_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] id: ID,
    ) -> Result<WebhookDeliveryPayload, Fault> {
        webhook::ping(ctx, id).await
    }

    /// Asks for a message once more, under its `webhook-id`, with the payload that the document gives
    /// now. It is tried once. Needs: partner with a token that may write.
    async fn redeliver_webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One of its deliveries.")] delivery: ID,
    ) -> Result<WebhookDeliveryPayload, Fault> {
        webhook::redeliver(ctx, delivery).await
    }
}
