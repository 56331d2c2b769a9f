//! The subscription of a webhook to `changes`, executed as its partner.

use crate::execution::{
    AllowedOperations, CostMode, Executor, GraphqlRequest, GraphqlResponse, RequestedDocument,
    ResponseOutcome,
};
use crate::guard;
use crate::schema::api_error::ApiError;
use crate::schema::filter::stored;
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
};
use caunoi_domain::policy::{Actor, Role};
use caunoi_domain::validation::{InvalidReason, Reason, ValidationError};
use caunoi_domain::webhook::{Webhook, WebhookDraft};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use std::sync::{Arc, Weak};

/// The document of a webhook without a document of its own.
pub const DEFAULT_DOCUMENT: &str = "subscription ($filter: ChangeFilter) {
  changes(filter: $filter) {
    __typename
    ... on Change {
      cursor
      position
      at
      operation
      movement
      version
      changedFields
      entryId
      province { slug }
      tombstone { reason }
      entry { __typename code publication updatedAt }
    }
    ... on ChangeGap { cursor reason }
    ... on ChangeHeartbeat { cursor at }
  }
}";

/// The name of the variable for the filter of a webhook.
const FILTER: &str = "filter";

/// The policy for outbound calls: which URLs webhooks may call, against SSRF.
pub trait OutboundPolicy: Send + Sync {
    /// Checks a URL: its text, and all addresses that its host name resolves to.
    ///
    /// Returns a [`Reason`] if it may not be called.
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Reason>>;
}

/// Returns the request for the changes after the cursor of a webhook, with its stored filter.
#[must_use]
pub fn webhook_request(webhook: &Webhook) -> GraphqlRequest {
    let document = webhook.document.as_deref().unwrap_or(DEFAULT_DOCUMENT);
    let request = subscription_request(&webhook.owner, document, webhook.filter.as_deref(), &webhook.id);
    GraphqlRequest { resume: Some(webhook.cursor.clone()), has_stored_filter: true, ..request }
}

fn subscription_request(
    owner: &str,
    document: &str,
    filter: Option<&str>,
    request_id: &str,
) -> GraphqlRequest {
    let filter = filter.and_then(stored::read);
    GraphqlRequest {
        // Falls back to the public, which sees no more than a partner.
        actor: Actor::new(Role::Partner, owner, None, false).unwrap_or_else(|_| Actor::public()),
        document: RequestedDocument::Own(document.to_owned()),
        operation_name: None,
        variables: filter
            .map_or_else(|| serde_json::json!({}), |filter| serde_json::json!({ FILTER: filter })),
        languages: None,
        request_id: request_id.to_owned(),
        allowed_operations: AllowedOperations::Reads,
        resume: None,
        has_stored_filter: false,
        address: None,
        cost_mode: CostMode::None,
    }
}

/// Checks the URL and the document of a webhook for resolvers.
pub(crate) struct EndpointProbe {
    // Weak, because the executor owns the data of its requests.
    executor: Weak<Executor>,
    outbound_policy: Arc<dyn OutboundPolicy>,
}

impl EndpointProbe {
    pub(crate) fn new(executor: &Arc<Executor>, outbound_policy: &Arc<dyn OutboundPolicy>) -> Self {
        Self { executor: Arc::downgrade(executor), outbound_policy: Arc::clone(outbound_policy) }
    }

    /// Checks that a URL may be called.
    ///
    /// # Errors
    /// Returns a [`Reason`] if the policy refuses it.
    pub(crate) async fn check_url(&self, url: &str) -> Result<(), Reason> {
        self.outbound_policy.check(url).await
    }

    /// Executes the document of a webhook up to its first response. Returns the cursor of the head
    /// of the feed, or why the document cannot be executed.
    ///
    /// # Errors
    /// Returns `UNAVAILABLE` if the register cannot execute it now.
    pub(crate) async fn run_document(
        &self,
        owner: &str,
        draft: &WebhookDraft,
    ) -> Result<Result<String, ValidationError>, ApiError> {
        let text = draft.document.as_deref().unwrap_or(DEFAULT_DOCUMENT);
        if let Err(error) = check_document(text, draft.filter.is_some()) {
            return Ok(Err(error));
        }
        let executor = self.executor.upgrade().ok_or_else(ApiError::unavailable)?;
        let request = subscription_request(owner, text, draft.filter.as_deref(), "");
        // The language of the caller is not known yet when the error is read.
        let request = GraphqlRequest { languages: Some("en".to_owned()), ..request };
        let mut responses = executor.execute_nested_stream(request);
        let first = tokio::time::timeout(executor.limits.deadline, responses.next()).await;
        let response = first.ok().flatten().ok_or_else(ApiError::unavailable)?;
        match (response.outcome, &response.feed_message) {
            (ResponseOutcome::Answered, Some(message)) => Ok(Ok(message.cursor.clone())),
            (
                ResponseOutcome::Answered
                | ResponseOutcome::Unparsable
                | ResponseOutcome::Invalid
                | ResponseOutcome::Malformed
                | ResponseOutcome::QueryOnly,
                _,
            ) => {
                let error = first_error(&response);
                Ok(Err(problem("document", InvalidReason::DocumentFailed { error })))
            }
            (
                ResponseOutcome::Unavailable
                | ResponseOutcome::Overloaded
                | ResponseOutcome::RateLimited
                | ResponseOutcome::Broken
                | ResponseOutcome::TimedOut,
                _,
            ) => Err(ApiError::unavailable()),
        }
    }
}

fn first_error(response: &GraphqlResponse) -> String {
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let message = body["errors"][0]["message"].as_str().unwrap_or_default();
    message.trim_end_matches('.').to_owned()
}

/// Checks the shape of a webhook document: one subscription to `changes` without `after`, with a
/// variable for the filter if there is one.
fn check_document(text: &str, has_filter: bool) -> Result<(), ValidationError> {
    let parsed = guard::check(text).map_err(|refused| {
        let error = refused.message().trim_end_matches('.').to_owned();
        problem("document", InvalidReason::DocumentFailed { error })
    })?;
    let (operation, field) =
        find_root_field(&parsed).ok_or_else(|| problem("document", InvalidReason::NotOneSubscription))?;
    if field.get_argument("after").is_some() {
        return Err(problem("document", InvalidReason::AfterNotTaken));
    }
    let mut variables = operation.variable_definitions.iter();
    if has_filter && !variables.any(|variable| variable.node.name.node == FILTER) {
        return Err(problem("filter", InvalidReason::NoFilterVariable));
    }
    Ok(())
}

fn find_root_field(document: &ExecutableDocument) -> Option<(&OperationDefinition, &Field)> {
    let operation = match &document.operations {
        DocumentOperations::Single(operation) => operation,
        DocumentOperations::Multiple(all) if all.len() == 1 => all.values().next()?,
        DocumentOperations::Multiple(_) => return None,
    };
    let operation = &operation.node;
    let [only] = operation.selection_set.node.items.as_slice() else { return None };
    match &only.node {
        Selection::Field(field)
            if operation.ty == OperationType::Subscription && field.node.name.node == "changes" =>
        {
            Some((operation, &field.node))
        }
        Selection::Field(_) | Selection::FragmentSpread(_) | Selection::InlineFragment(_) => None,
    }
}

fn problem(path: &str, reason: InvalidReason) -> ValidationError {
    ValidationError { path: vec![path.to_owned()], reason: reason.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str, has_filter: bool) -> Option<String> {
        check_document(text, has_filter).err().map(|problem| problem.path.join("."))
    }

    #[test]
    fn document_must_be_one_subscription_to_the_feed() {
        assert_eq!(path(DEFAULT_DOCUMENT, true), None);
        assert_eq!(path("subscription { all: changes { __typename } }", false), None);
        assert_eq!(
            path("subscription A { changes { ...F } } fragment F on Change { position }", false),
            None
        );
        for bad in [
            "{ changes { nodes { position } } }",
            "mutation { deleteWebhook(id: 1) { id } }",
            "subscription { changes { __typename } more: changes { __typename } }",
            "subscription { statistics { cursor } }",
            "subscription { ... { changes { __typename } } }",
            "subscription A { changes { __typename } } subscription B { changes { __typename } }",
            "subscription { changes(after: \"x\") { __typename } }",
            "subscription {",
            "",
        ] {
            assert_eq!(path(bad, false).as_deref(), Some("document"), "{bad}");
        }
    }

    #[test]
    fn filter_without_its_variable_is_refused() {
        let document = "subscription { changes { __typename } }";
        assert_eq!(path(document, true).as_deref(), Some("filter"));
    }
}
