//! Mutations on the webhooks of partners. Webhooks are not part of any log of the register.

use super::super::api_error::ApiError;
use super::super::filter::{ChangeFilter, stored};
use super::super::request_context::RequestContext;
use super::super::scalar::Cursor;
use super::super::webhook::{DeliveryObject, WebhookObject, decode, owner};
use super::idempotency;
use super::user_error::UserError;
use crate::schema::cost_directives::AssumedSize;
use crate::webhook::EndpointProbe;
use async_graphql::{Context, ID, InputObject, InputType as _, MaybeUndefined, SimpleObject};
use caunoi_domain::policy::WebhookOwner;
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use caunoi_domain::webhook::signature::Secret;
use caunoi_domain::webhook::{Delivery, MOST_WAITING, MOST_WEBHOOKS, Webhook, WebhookDraft, WebhookState};
use caunoi_register::{DeliveryRefusal, NewWebhook};

/// The fields of a new webhook.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateWebhookInput {
    /// The URL to call: `https`, port 443 or 8443, at most 2,000 bytes, at an address of the
    /// public internet, for example `https://example.vn/hook`.
    url: String,
    /// A note for the caller's own use, at most 200 characters.
    #[graphql(default)]
    description: String,
    /// The changes to deliver; if absent, all. The value becomes the variable `$filter` of
    /// `document`.
    filter: Option<ChangeFilter>,
    /// A GraphQL subscription that selects only `changes`, without `after`; its responses become
    /// the payloads. At most 16,384 characters. If absent, payloads contain the codes, versions
    /// and changed fields of entries.
    document: Option<String>,
    /// The log cursor after which delivery begins; if absent, it begins with the next change.
    after: Option<Cursor>,
}

/// The fields of a webhook to change. An absent field keeps its value; null resets it.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateWebhookInput {
    /// The ID of the webhook.
    id: ID,
    /// The URL to call, with the limits of `CreateWebhookInput.url`. A new URL is called without
    /// waiting for the next scheduled attempt.
    url: Option<String>,
    /// A note for the caller's own use, at most 200 characters.
    description: MaybeUndefined<String>,
    /// The changes to deliver; null means all.
    filter: MaybeUndefined<ChangeFilter>,
    /// The GraphQL subscription that makes the payloads; null means the default one.
    document: MaybeUndefined<String>,
    /// True pauses the webhook at its current cursor; false resumes it from there, also after the
    /// register has disabled it. If absent, the state does not change.
    is_paused: Option<bool>,
}

/// The result of `updateWebhook`.
#[derive(SimpleObject)]
pub(crate) struct WebhookPayload {
    /// The webhook after the mutation; null if nothing was changed.
    webhook: Option<WebhookObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
}

/// The result of a mutation that creates a secret of a webhook.
#[derive(SimpleObject)]
pub(crate) struct WebhookSecretPayload {
    /// The webhook after the mutation; null if nothing was changed.
    webhook: Option<WebhookObject>,
    /// The secret that signs the calls, `whsec_…`; null if nothing was changed. It is returned
    /// only in this response.
    secret: Option<String>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
}

/// The result of `deleteWebhook`.
#[derive(SimpleObject)]
pub(crate) struct DeleteWebhookPayload {
    /// The id of the deleted webhook; null if nothing was deleted.
    deleted_id: Option<ID>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
}

/// The result of a mutation that schedules a delivery.
#[derive(SimpleObject)]
pub(crate) struct WebhookDeliveryPayload {
    /// The scheduled delivery; null if nothing was scheduled.
    delivery: Option<DeliveryObject>,
    /// The errors that the caller can correct, each with a code and a path; empty on success.
    #[graphql(directive = AssumedSize::apply(3))]
    errors: Vec<UserError>,
}

/// Executes `createWebhook`: checks URL, filter and document, then stores the webhook.
pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateWebhookInput,
) -> Result<WebhookSecretPayload, ApiError> {
    let (owner, mut problems) = check_caller(ctx)?;
    let CreateWebhookInput { url, description, filter, document, after } = input;
    check_filter(ctx, filter.as_ref(), &mut problems);
    let draft = WebhookDraft { url, description, filter: to_json_text(filter)?, document };
    check_url(ctx, &draft.url, &mut problems).await;
    let now = run_document(ctx, &owner, &draft, &mut problems).await?;
    if let Some(cursor) = &after
        && cursor.to_positions(RequestContext::of(ctx).cursor_key()).is_err()
    {
        problems.push(problem("after", InvalidReason::ForeignCursor.into()));
    }
    let Some(now) = now.filter(|_| problems.is_empty()) else { return Ok(without_secret(problems)) };
    let cursor = after.map_or(now, |cursor| cursor.0);
    let new = NewWebhook { draft, cursor };
    let created = RequestContext::of(ctx).register().create_webhook(&owner, new).await?;
    Ok(created.map_or_else(
        || {
            let reason = InvalidReason::TooManyWebhooks { most: MOST_WEBHOOKS }.into();
            without_secret(vec![ValidationError { path: Vec::new(), reason }])
        },
        with_secret,
    ))
}

/// Executes `updateWebhook`.
pub(super) async fn update(ctx: &Context<'_>, input: UpdateWebhookInput) -> Result<WebhookPayload, ApiError> {
    let (owner, mut problems) = check_caller(ctx)?;
    let refused =
        |problems: Vec<ValidationError>| WebhookPayload { webhook: None, errors: to_user_errors(problems) };
    let UpdateWebhookInput { id, url, description, filter, document, is_paused } = input;
    let document_or_filter_changed = !filter.is_undefined() || !document.is_undefined();
    if let Some(url) = &url {
        check_url(ctx, url, &mut problems).await;
    }
    let register = RequestContext::of(ctx).register();
    let stored = register.webhooks(&owner).await?.into_iter().find(|webhook| webhook.id == *id);
    let Some(stored) = stored else {
        return Ok(refused(vec![unknown_problem("id", ReferenceKind::Webhook, &id)]));
    };
    let draft = WebhookDraft {
        url: url.unwrap_or(stored.url),
        description: match description {
            MaybeUndefined::Undefined => stored.description,
            MaybeUndefined::Null => String::new(),
            MaybeUndefined::Value(description) => description,
        },
        filter: match filter {
            MaybeUndefined::Undefined => stored.filter,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(filter) => to_json_text(Some(filter))?,
        },
        document: match document {
            MaybeUndefined::Undefined => stored.document,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(document) => Some(document),
        },
    };
    if document_or_filter_changed {
        let unknown = draft.filter.as_deref().map(stored::unknown_types);
        problems.extend(unknown.into_iter().flatten().map(in_filter));
        check_filter(ctx, stored_filter(&draft).as_ref(), &mut problems);
        run_document(ctx, &owner, &draft, &mut problems).await?;
    } else if let Err(found) = draft.check() {
        problems.extend(found);
    }
    if !problems.is_empty() {
        return Ok(refused(problems));
    }
    let amend = |webhook: &mut Webhook| -> Result<(), std::convert::Infallible> {
        apply_draft(webhook, draft, is_paused);
        Ok(())
    };
    Ok(match register.update_webhook(&owner, &id, amend).await? {
        Some(Ok(webhook)) => WebhookPayload { webhook: Some(WebhookObject(webhook)), errors: Vec::new() },
        None => refused(vec![unknown_problem("id", ReferenceKind::Webhook, &id)]),
    })
}

/// Replaces the texts of a stored webhook; a new URL starts without failures.
fn apply_draft(webhook: &mut Webhook, draft: WebhookDraft, is_paused: Option<bool>) {
    if webhook.url != draft.url {
        (webhook.failures, webhook.next_attempt_us) = (0, None);
    }
    (webhook.url, webhook.description) = (draft.url, draft.description);
    (webhook.filter, webhook.document) = (draft.filter, draft.document);
    match is_paused {
        Some(true) => (webhook.state, webhook.disabled) = (WebhookState::Paused, None),
        Some(false) => webhook.resume(),
        None => {}
    }
}

/// Executes `deleteWebhook`.
pub(super) async fn delete(ctx: &Context<'_>, id: ID) -> Result<DeleteWebhookPayload, ApiError> {
    let (owner, mut problems) = check_caller(ctx)?;
    if problems.is_empty() && !RequestContext::of(ctx).register().delete_webhook(&owner, &id).await? {
        problems.push(unknown_problem("id", ReferenceKind::Webhook, &id));
    }
    Ok(DeleteWebhookPayload {
        deleted_id: problems.is_empty().then_some(id),
        errors: to_user_errors(problems),
    })
}

/// Executes `rotateWebhookSecret`.
pub(super) async fn rotate(ctx: &Context<'_>, id: ID) -> Result<WebhookSecretPayload, ApiError> {
    let (owner, problems) = check_caller(ctx)?;
    if !problems.is_empty() {
        return Ok(without_secret(problems));
    }
    let rotated = RequestContext::of(ctx).register().rotate_webhook_secret(&owner, &id).await?;
    Ok(rotated.map_or_else(
        || without_secret(vec![unknown_problem("id", ReferenceKind::Webhook, &id)]),
        with_secret,
    ))
}

/// Executes `pingWebhook`.
pub(super) async fn ping(ctx: &Context<'_>, id: ID) -> Result<WebhookDeliveryPayload, ApiError> {
    let (owner, problems) = check_caller(ctx)?;
    if !problems.is_empty() {
        return Ok(WebhookDeliveryPayload { delivery: None, errors: to_user_errors(problems) });
    }
    let scheduled = RequestContext::of(ctx).register().ping_webhook(&owner, &id).await?;
    Ok(to_delivery_payload(scheduled, "id", &id))
}

/// Executes `redeliverWebhook`.
pub(super) async fn redeliver(ctx: &Context<'_>, delivery: ID) -> Result<WebhookDeliveryPayload, ApiError> {
    let (owner, problems) = check_caller(ctx)?;
    if !problems.is_empty() {
        return Ok(WebhookDeliveryPayload { delivery: None, errors: to_user_errors(problems) });
    }
    let scheduled = match decode(&delivery) {
        Some(key) => RequestContext::of(ctx).register().redeliver(&owner, &key).await?,
        None => Err(DeliveryRefusal::NoDelivery),
    };
    Ok(to_delivery_payload(scheduled, "delivery", &delivery))
}

/// Returns the owner of the webhooks, with a problem if the request has an idempotency key: a
/// repeated response would have to contain the secret, which is not stored for that.
fn check_caller(ctx: &Context<'_>) -> Result<(WebhookOwner, Vec<ValidationError>), ApiError> {
    let owner = owner(ctx)?;
    let problem = match idempotency::read_key(ctx)? {
        Ok(None) => None,
        Ok(Some(_)) => Some(problem("key", InvalidReason::KeyNotTaken.into())),
        Err(problem) => Some(problem),
    };
    Ok((owner, problem.into_iter().collect()))
}

/// Returns the filter as JSON text, without its null fields.
fn to_json_text(filter: Option<ChangeFilter>) -> Result<Option<String>, ApiError> {
    let Some(filter) = filter else { return Ok(None) };
    filter.check_lengths()?;
    let mut json = filter.to_value().into_json().unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    Ok(Some(json.to_string()))
}

/// Adds a problem for each unknown word of the filter.
fn check_filter(ctx: &Context<'_>, filter: Option<&ChangeFilter>, problems: &mut Vec<ValidationError>) {
    let unknown = filter.map(|filter| filter.unknown_words(RequestContext::of(ctx).directory()));
    problems.extend(unknown.into_iter().flatten().map(in_filter));
}

fn in_filter(ValidationError { mut path, reason }: ValidationError) -> ValidationError {
    path.insert(0, "filter".to_owned());
    ValidationError { path, reason }
}

/// Parses the filter of a draft from its JSON text.
fn stored_filter(draft: &WebhookDraft) -> Option<ChangeFilter> {
    let json = stored::read(draft.filter.as_deref()?)?;
    ChangeFilter::parse(Some(async_graphql::Value::from_json(json).ok()?)).ok()
}

async fn check_url(ctx: &Context<'_>, url: &str, problems: &mut Vec<ValidationError>) {
    if let Err(reason) = ctx.data_unchecked::<EndpointProbe>().check_url(url).await {
        problems.push(problem("url", reason));
    }
}

/// Runs the subscription of a webhook up to its first response, and returns the current cursor of
/// the feed. Returns `None` if the draft or its filter already has problems.
async fn run_document(
    ctx: &Context<'_>,
    owner: &WebhookOwner,
    draft: &WebhookDraft,
    problems: &mut Vec<ValidationError>,
) -> Result<Option<String>, ApiError> {
    if let Err(found) = draft.check() {
        problems.extend(found);
        return Ok(None);
    }
    if problems.iter().any(|problem| problem.path.first().is_some_and(|first| first == "filter")) {
        return Ok(None);
    }
    let probe = ctx.data_unchecked::<EndpointProbe>();
    match probe.run_document(owner.name(), draft).await? {
        Ok(cursor) => Ok(Some(cursor)),
        Err(problem) => {
            problems.push(problem);
            Ok(None)
        }
    }
}

fn with_secret((webhook, secret): (Webhook, Secret)) -> WebhookSecretPayload {
    let secret = Some(secret.reveal());
    WebhookSecretPayload { webhook: Some(WebhookObject(webhook)), secret, errors: Vec::new() }
}

fn without_secret(problems: Vec<ValidationError>) -> WebhookSecretPayload {
    WebhookSecretPayload { webhook: None, secret: None, errors: to_user_errors(problems) }
}

fn to_delivery_payload(
    scheduled: Result<Delivery, DeliveryRefusal>,
    path: &str,
    id: &ID,
) -> WebhookDeliveryPayload {
    let why = match scheduled {
        Ok(delivery) => {
            return WebhookDeliveryPayload { delivery: Some(DeliveryObject(delivery)), errors: Vec::new() };
        }
        Err(DeliveryRefusal::NoWebhook) => unknown_problem(path, ReferenceKind::Webhook, id),
        Err(DeliveryRefusal::NoDelivery) => unknown_problem(path, ReferenceKind::Delivery, id),
        Err(DeliveryRefusal::TooMany) => {
            problem(path, InvalidReason::TooManyDeliveries { most: MOST_WAITING }.into())
        }
    };
    WebhookDeliveryPayload { delivery: None, errors: to_user_errors(vec![why]) }
}

fn to_user_errors(problems: Vec<ValidationError>) -> Vec<UserError> {
    problems.into_iter().map(Into::into).collect()
}

fn problem(path: &str, reason: Reason) -> ValidationError {
    ValidationError { path: vec![path.to_owned()], reason }
}

fn unknown_problem(path: &str, what: ReferenceKind, given: &ID) -> ValidationError {
    problem(path, Reason::unknown(what, given))
}
