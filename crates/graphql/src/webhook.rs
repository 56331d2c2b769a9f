//! What a webhook asks: a subscription on `changes`, run as its partner would run it.

use crate::answer::{Answer, Desk, Offer, Outcome, Question};
use crate::guard;
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType, Selection,
};
use caunoi_domain::policy::{Actor, Role};
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_domain::webhook::{Webhook, WebhookDraft};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use std::sync::{Arc, Weak};

/// The document of a webhook that has none of its own.
pub const USUAL_DOCUMENT: &str = "subscription ($filter: ChangeFilter) {
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
      entry { __typename code publication updatedAt }
    }
    ... on ChangeGap { cursor reason }
    ... on ChangeHeartbeat { cursor at }
  }
}";

/// The variable that the filter of a webhook is.
const FILTER: &str = "filter";

/// Whether the server may call an address.
pub trait Reach: Send + Sync {
    /// Refuses a URL that may not be called: by its text, or by what its name resolves to.
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Refusal>>;
}

/// The question that a webhook asks after its cursor. Words of its filter that the
/// register does not know match nothing: releases before this one stored such filters.
#[must_use]
pub fn question(webhook: &Webhook) -> Question {
    let document = webhook.document.as_deref().unwrap_or(USUAL_DOCUMENT);
    let question = ask(&webhook.owner, document, webhook.filter.as_deref(), &webhook.id);
    Question { resume: Some(webhook.cursor.clone()), was_accepted: true, ..question }
}

fn ask(owner: &str, document: &str, filter: Option<&str>, request_id: &str) -> Question {
    let filter = filter.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    Question {
        // Whoever the partner is, the public sees no more.
        actor: Actor::new(Role::Partner, owner, None, false).unwrap_or_else(|_| Actor::public()),
        document: document.to_owned(),
        operation_name: None,
        variables: filter
            .map_or_else(|| serde_json::json!({}), |filter| serde_json::json!({ FILTER: filter })),
        languages: None,
        request_id: request_id.to_owned(),
        offer: Offer::Reads,
        resume: None,
        was_accepted: false,
        address: None,
    }
}

/// What resolvers need of the world to check a webhook.
pub(crate) struct Errand {
    // A desk outlives the requests that it answers.
    desk: Weak<Desk>,
    reach: Arc<dyn Reach>,
}

/// Why a document gave no first answer.
pub(crate) enum Untried {
    /// It cannot be run.
    Refused(Problem),
    /// Nobody knows: the register does not answer now.
    Away,
}

impl Errand {
    pub(crate) fn new(desk: &Arc<Desk>, reach: &Arc<dyn Reach>) -> Self {
        Self { desk: Arc::downgrade(desk), reach: Arc::clone(reach) }
    }

    /// Refuses a URL that may not be called.
    pub(crate) async fn reach(&self, url: &str) -> Result<(), Refusal> {
        self.reach.check(url).await
    }

    /// Runs what a webhook would ask, up to its first answer: where the feed stands now.
    pub(crate) async fn try_out(&self, owner: &str, draft: &WebhookDraft) -> Result<String, Untried> {
        let text = draft.document.as_deref().unwrap_or(USUAL_DOCUMENT);
        check(text, draft.filter.is_some()).map_err(Untried::Refused)?;
        let desk = self.desk.upgrade().ok_or(Untried::Away)?;
        let mut answers = desk.answers(ask(owner, text, draft.filter.as_deref(), ""));
        let first = tokio::time::timeout(desk.bounds.deadline, answers.next()).await;
        let answer = first.ok().flatten().ok_or(Untried::Away)?;
        match (answer.outcome, &answer.event) {
            (Outcome::Answered, Some(event)) => Ok(event.cursor.clone()),
            (Outcome::Answered | Outcome::Refused | Outcome::Malformed | Outcome::QueryOnly, _) => {
                let why = first_error(&answer);
                Err(Untried::Refused(problem("document", format!("the document cannot be run: {why}"))))
            }
            (Outcome::Unavailable | Outcome::RateLimited | Outcome::Broken | Outcome::TimedOut, _) => {
                Err(Untried::Away)
            }
        }
    }
}

fn first_error(answer: &Answer) -> String {
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = body["errors"][0]["message"].as_str().unwrap_or_default();
    message.trim_end_matches('.').to_owned()
}

/// Whether a document can be that of a webhook, as far as its shape tells.
fn check(text: &str, has_filter: bool) -> Result<(), Problem> {
    let parsed = guard::check(text).map_err(|refused| {
        let message = refused.message();
        problem("document", message.trim_end_matches('.').to_owned())
    })?;
    let (operation, field) = only_root(&parsed).ok_or_else(|| {
        problem("document", "the document is one subscription of `changes` alone".to_owned())
    })?;
    if field.get_argument("after").is_some() {
        return Err(problem("document", "the register keeps the position: leave `after` out".to_owned()));
    }
    let mut variables = operation.variable_definitions.iter();
    if has_filter && !variables.any(|variable| variable.node.name.node == FILTER) {
        let why = "the document has no variable `$filter` that would take it".to_owned();
        return Err(problem("filter", why));
    }
    Ok(())
}

fn only_root(document: &ExecutableDocument) -> Option<(&OperationDefinition, &Field)> {
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

fn problem(path: &str, why: String) -> Problem {
    Problem { path: vec![path.to_owned()], refusal: Refusal::Invalid(why) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str, has_filter: bool) -> Option<String> {
        check(text, has_filter).err().map(|problem| problem.path.join("."))
    }

    #[test]
    fn a_document_is_one_subscription_of_the_feed() {
        assert_eq!(path(USUAL_DOCUMENT, true), None);
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
    fn a_filter_that_nobody_reads_is_refused() {
        let document = "subscription { changes { __typename } }";
        assert_eq!(path(document, true).as_deref(), Some("filter"));
    }
}
