//! What partners do with their webhooks. None of it stands in a log of the register.

use super::super::asking::Asking;
use super::super::fault::Fault;
use super::super::filter::ChangeFilter;
use super::super::scalar::Cursor;
use super::super::webhook::{DeliveryObject, WebhookObject, decode, owner};
use super::repeat;
use super::user_error::UserError;
use crate::webhook::{Errand, Untried};
use async_graphql::{Context, ID, InputObject, InputType as _, MaybeUndefined, SimpleObject};
use caunoi_domain::policy::Owner;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_domain::webhook::{Delivery, MOST_WAITING, MOST_WEBHOOKS, Webhook, WebhookDraft, WebhookState};
use caunoi_register::{NewWebhook, Unasked};

/// A new webhook.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CreateWebhookInput {
    /// Where it is called: `https`, port 443 or 8443, at most 2,000 bytes, on an address of the
    /// public internet.
    url: String,
    /// A note for yourself, at most 200 characters.
    #[graphql(default)]
    description: String,
    /// Which changes; absent: all. It is the variable `$filter` of the document.
    filter: Option<ChangeFilter>,
    /// A subscription of `changes` alone, without `after`, whose answers become the payloads; at
    /// most 16,384 characters. Absent: codes, versions and changed fields.
    document: Option<String>,
    /// The cursor to begin after; absent begins now.
    after: Option<Cursor>,
}

/// Changes to a webhook. What is absent stays; null takes it away.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct UpdateWebhookInput {
    /// Which webhook.
    id: ID,
    /// Where it is called. Another one is tried at once.
    url: Option<String>,
    /// A note for yourself, at most 200 characters.
    description: MaybeUndefined<String>,
    /// Which changes; null: all.
    filter: MaybeUndefined<ChangeFilter>,
    /// The subscription that makes the payloads; null: the usual one.
    document: MaybeUndefined<String>,
    /// True lets it wait where it is; false goes on from there, also after the register had given it up.
    is_paused: Option<bool>,
}

/// A webhook as it stands now, or why nothing was done.
#[derive(SimpleObject)]
pub(crate) struct WebhookPayload {
    /// The webhook; null where nothing was done.
    webhook: Option<WebhookObject>,
    /// Why nothing was done; empty where something was.
    errors: Vec<UserError>,
}

/// A webhook with its new secret, or why nothing was done.
#[derive(SimpleObject)]
pub(crate) struct WebhookSecretPayload {
    /// The webhook; null where nothing was done.
    webhook: Option<WebhookObject>,
    /// The secret that its calls are signed with, `whsec_…`. It is told this once and never again.
    secret: Option<String>,
    /// Why nothing was done; empty where something was.
    errors: Vec<UserError>,
}

/// A webhook that was forgotten, or why none was.
#[derive(SimpleObject)]
pub(crate) struct DeleteWebhookPayload {
    /// What it was called; null where nothing was done.
    id: Option<ID>,
    /// Why nothing was done; empty where something was.
    errors: Vec<UserError>,
}

/// A delivery that was asked for, or why none was.
#[derive(SimpleObject)]
pub(crate) struct WebhookDeliveryPayload {
    /// The delivery, which waits to be made; null where nothing was done.
    delivery: Option<DeliveryObject>,
    /// Why nothing was done; empty where something was.
    errors: Vec<UserError>,
}

/// Makes a webhook.
pub(super) async fn create(
    ctx: &Context<'_>,
    input: CreateWebhookInput,
) -> Result<WebhookSecretPayload, Fault> {
    let (owner, mut problems) = begin(ctx)?;
    let CreateWebhookInput { url, description, filter, document, after } = input;
    check_filter(ctx, filter.as_ref(), &mut problems);
    let draft = WebhookDraft { url, description, filter: written(filter)?, document };
    check_url(ctx, &draft.url, &mut problems).await;
    let now = try_out(ctx, &owner, &draft, &mut problems).await?;
    if let Some(cursor) = &after
        && cursor.open(Asking::of(ctx).cursor_key()).is_err()
    {
        problems
            .push(problem("after", Refusal::Invalid("the cursor is not one of this register".to_owned())));
    }
    let Some(now) = now.filter(|_| problems.is_empty()) else { return Ok(without_secret(problems)) };
    let cursor = after.map_or(now, |cursor| cursor.0);
    let new = NewWebhook { draft, cursor };
    let created = Asking::of(ctx).register().create_webhook(&owner, new).await?;
    Ok(created.map_or_else(
        || {
            let why = format!("a partner has at most {MOST_WEBHOOKS} webhooks");
            without_secret(vec![Problem { path: Vec::new(), refusal: Refusal::Invalid(why) }])
        },
        with_secret,
    ))
}

/// Changes a webhook.
pub(super) async fn update(ctx: &Context<'_>, input: UpdateWebhookInput) -> Result<WebhookPayload, Fault> {
    let (owner, mut problems) = begin(ctx)?;
    let refused = |problems: Vec<Problem>| WebhookPayload { webhook: None, errors: told(problems) };
    let UpdateWebhookInput { id, url, description, filter, document, is_paused } = input;
    let asks_anew = !filter.is_undefined() || !document.is_undefined();
    if let Some(url) = &url {
        check_url(ctx, url, &mut problems).await;
    }
    let register = Asking::of(ctx).register();
    let stands = register.webhooks(&owner).await?.into_iter().find(|webhook| webhook.id == *id);
    let Some(stands) = stands else { return Ok(refused(vec![unknown("id", "webhook", &id)])) };
    let draft = WebhookDraft {
        url: url.unwrap_or(stands.url),
        description: match description {
            MaybeUndefined::Undefined => stands.description,
            MaybeUndefined::Null => String::new(),
            MaybeUndefined::Value(description) => description,
        },
        filter: match filter {
            MaybeUndefined::Undefined => stands.filter,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(filter) => written(Some(filter))?,
        },
        document: match document {
            MaybeUndefined::Undefined => stands.document,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(document) => Some(document),
        },
    };
    if asks_anew {
        check_filter(ctx, stored_filter(&draft).as_ref(), &mut problems);
        try_out(ctx, &owner, &draft, &mut problems).await?;
    } else if let Err(found) = draft.check() {
        problems.extend(found);
    }
    if !problems.is_empty() {
        return Ok(refused(problems));
    }
    let amend = |webhook: &mut Webhook| -> Result<(), std::convert::Infallible> {
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
        Ok(())
    };
    Ok(match register.update_webhook(&owner, &id, amend).await? {
        Some(Ok(webhook)) => WebhookPayload { webhook: Some(WebhookObject(webhook)), errors: Vec::new() },
        None => refused(vec![unknown("id", "webhook", &id)]),
    })
}

/// Forgets a webhook.
pub(super) async fn delete(ctx: &Context<'_>, id: ID) -> Result<DeleteWebhookPayload, Fault> {
    let (owner, mut problems) = begin(ctx)?;
    if problems.is_empty() && !Asking::of(ctx).register().delete_webhook(&owner, &id).await? {
        problems.push(unknown("id", "webhook", &id));
    }
    Ok(DeleteWebhookPayload { id: problems.is_empty().then_some(id), errors: told(problems) })
}

/// Gives a webhook another secret.
pub(super) async fn rotate(ctx: &Context<'_>, id: ID) -> Result<WebhookSecretPayload, Fault> {
    let (owner, problems) = begin(ctx)?;
    if !problems.is_empty() {
        return Ok(without_secret(problems));
    }
    let rotated = Asking::of(ctx).register().rotate_webhook_secret(&owner, &id).await?;
    Ok(rotated.map_or_else(|| without_secret(vec![unknown("id", "webhook", &id)]), with_secret))
}

/// Asks for a ping.
pub(super) async fn ping(ctx: &Context<'_>, id: ID) -> Result<WebhookDeliveryPayload, Fault> {
    let (owner, problems) = begin(ctx)?;
    if !problems.is_empty() {
        return Ok(WebhookDeliveryPayload { delivery: None, errors: told(problems) });
    }
    let asked = Asking::of(ctx).register().ping_webhook(&owner, &id).await?;
    Ok(delivered(asked, ("id", &id)))
}

/// Asks for a message once more.
pub(super) async fn redeliver(ctx: &Context<'_>, delivery: ID) -> Result<WebhookDeliveryPayload, Fault> {
    let (owner, problems) = begin(ctx)?;
    if !problems.is_empty() {
        return Ok(WebhookDeliveryPayload { delivery: None, errors: told(problems) });
    }
    let asked = match decode(&delivery) {
        Some(key) => Asking::of(ctx).register().redeliver(&owner, &key).await?,
        None => Err(Unasked::NoDelivery),
    };
    Ok(delivered(asked, ("delivery", &delivery)))
}

/// Whose webhooks these are. There is no key that lets one be made once: its secret is told once
/// and kept nowhere to be told again.
fn begin(ctx: &Context<'_>) -> Result<(Owner, Vec<Problem>), Fault> {
    let owner = owner(ctx)?;
    let problem = match repeat::of(ctx)? {
        Ok(None) => None,
        Ok(Some(_)) => {
            let why = "webhooks take no @idempotent key".to_owned();
            Some(problem("key", Refusal::Invalid(why)))
        }
        Err(problem) => Some(problem),
    };
    Ok((owner, problem.into_iter().collect()))
}

/// The filter as JSON text, without what it leaves open.
fn written(filter: Option<ChangeFilter>) -> Result<Option<String>, Fault> {
    let Some(filter) = filter else { return Ok(None) };
    filter.check_lengths()?;
    let mut json = filter.to_value().into_json().unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    Ok(Some(json.to_string()))
}

/// Notes the words of a filter that the register does not know.
fn check_filter(ctx: &Context<'_>, filter: Option<&ChangeFilter>, problems: &mut Vec<Problem>) {
    let unknown = filter.map(|filter| filter.unknown_words(Asking::of(ctx).directory()));
    problems.extend(unknown.unwrap_or_default().into_iter().map(|Problem { mut path, refusal }| {
        path.insert(0, "filter".to_owned());
        Problem { path, refusal }
    }));
}

/// The filter of a draft, read from its JSON text.
fn stored_filter(draft: &WebhookDraft) -> Option<ChangeFilter> {
    let json: serde_json::Value = serde_json::from_str(draft.filter.as_deref()?).ok()?;
    ChangeFilter::parse(Some(async_graphql::Value::from_json(json).ok()?)).ok()
}

async fn check_url(ctx: &Context<'_>, url: &str, problems: &mut Vec<Problem>) {
    if let Err(refusal) = ctx.data_unchecked::<Errand>().reach(url).await {
        problems.push(problem("url", refusal));
    }
}

/// Runs what a webhook would ask, unless its texts or the words of its filter are at fault already;
/// gives where the feed stands now.
async fn try_out(
    ctx: &Context<'_>,
    owner: &Owner,
    draft: &WebhookDraft,
    problems: &mut Vec<Problem>,
) -> Result<Option<String>, Fault> {
    if let Err(found) = draft.check() {
        problems.extend(found);
        return Ok(None);
    }
    if problems.iter().any(|problem| problem.path.first().is_some_and(|first| first == "filter")) {
        return Ok(None);
    }
    let errand = ctx.data_unchecked::<Errand>();
    match errand.try_out(owner.name(), draft).await {
        Ok(cursor) => Ok(Some(cursor)),
        Err(Untried::Refused(problem)) => {
            problems.push(problem);
            Ok(None)
        }
        Err(Untried::Away) => Err(Fault::away()),
    }
}

fn with_secret(webhook: Webhook) -> WebhookSecretPayload {
    let secret = Some(webhook.secret.reveal());
    WebhookSecretPayload { webhook: Some(WebhookObject(webhook)), secret, errors: Vec::new() }
}

fn without_secret(problems: Vec<Problem>) -> WebhookSecretPayload {
    WebhookSecretPayload { webhook: None, secret: None, errors: told(problems) }
}

fn delivered(asked: Result<Delivery, Unasked>, (path, id): (&str, &ID)) -> WebhookDeliveryPayload {
    let why = match asked {
        Ok(delivery) => {
            return WebhookDeliveryPayload { delivery: Some(DeliveryObject(delivery)), errors: Vec::new() };
        }
        Err(Unasked::NoWebhook) => unknown(path, "webhook", id),
        Err(Unasked::NoDelivery) => unknown(path, "delivery", id),
        Err(Unasked::TooMany) => {
            let why = format!("{MOST_WAITING} deliveries wait already: ask again when they were made");
            problem(path, Refusal::Invalid(why))
        }
    };
    WebhookDeliveryPayload { delivery: None, errors: told(vec![why]) }
}

fn told(problems: Vec<Problem>) -> Vec<UserError> {
    problems.into_iter().map(Into::into).collect()
}

fn problem(path: &str, refusal: Refusal) -> Problem {
    Problem { path: vec![path.to_owned()], refusal }
}

fn unknown(path: &str, what: &'static str, given: &ID) -> Problem {
    problem(path, Refusal::unknown(what, given))
}
