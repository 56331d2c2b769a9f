//! Execution of a subscription: one response to each event.
//!
//! The engine runs the source stream and the events of a subscription in one stream.
//! [`PerEventExecution`] makes each event an execution of its own, with the newest state of the
//! register, its own batches and its own deadline. The wait for the next event has no deadline.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use async_graphql::{
    Data, ObjectType, Request, Response, Schema, SubscriptionType,
    async_trait::async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute},
};
use async_graphql_parser::types::OperationType;
use caunoi_register::Cancellation;
use futures_util::{
    FutureExt as _, StreamExt as _,
    stream::{self, BoxStream},
};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::admission::{Admission, Client};
use super::size::ByteBudget;
use super::{
    ExecutionLimits, GraphqlResponse, Recipient, ResponseOutcome, is_refused, public_errors, timeout_error,
    to_response,
};
use crate::batch_queue::BatchQueue;

/// How the events of a subscription take turns with others.
pub(super) struct EventTurns {
    pub(super) admission: Admission,
    pub(super) client: Client,
}

/// The data that a subscription passes to the execution of each event.
struct EventContext {
    context_data: Arc<dyn Fn(&BatchQueue) -> Data + Send + Sync>,
    limits: ExecutionLimits,
    /// The bytes left for the response to the current event.
    byte_budget: Mutex<Arc<ByteBudget>>,
    recipient: Recipient,
    turns: EventTurns,
    /// Whether the next response is that of an event.
    has_event: AtomicBool,
}

/// Executes a subscription. Returns one response to each event; a response other than
/// [`ResponseOutcome::Answered`] is the last. `context_data` makes the data for resolvers, again for
/// each event. The schema must have the extension [`PerEventExecution`].
///
/// Dropping the stream stops the execution.
pub(crate) fn execute_subscription<Q, M, S>(
    schema: &Schema<Q, M, S>,
    mut request: Request,
    (recipient, turns): (Recipient, EventTurns),
    limits: ExecutionLimits,
    context_data: impl Fn(&BatchQueue) -> Data + Send + Sync + 'static,
) -> BoxStream<'static, GraphqlResponse>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let context_data: Arc<dyn Fn(&BatchQueue) -> Data + Send + Sync> = Arc::new(context_data);
    let queue = BatchQueue::default();
    request.data = context_data(&queue);
    let event_context = Arc::new(EventContext {
        context_data,
        limits,
        byte_budget: Mutex::new(ByteBudget::new(limits.response_bytes)),
        recipient,
        turns,
        has_event: AtomicBool::new(false),
    });
    request.data.insert(Arc::clone(&event_context));
    let responses = schema.execute_stream(request);
    stream::unfold(Some(responses), move |going| {
        let (queue, event_context) = (queue.clone(), Arc::clone(&event_context));
        async move {
            let mut responses = going?;
            let next = AssertUnwindSafe(queue.run(responses.next())).catch_unwind().await;
            let response = match next {
                Ok(response) => event_context.to_response(response?),
                Err(_) => event_context.broken_response(),
            };
            let is_last = response.outcome != ResponseOutcome::Answered;
            Some((response.with_kind(OperationType::Subscription), (!is_last).then_some(responses)))
        }
    })
    .boxed()
}

impl EventContext {
    fn to_response(&self, response: Response) -> GraphqlResponse {
        // Without an event the source stream has failed: the subscription never began.
        let has_event = self.has_event.swap(false, Ordering::Relaxed);
        let is_refused = !has_event || is_refused(&response, OperationType::Subscription);
        let outcome = if is_refused { ResponseOutcome::Invalid } else { ResponseOutcome::Answered };
        let byte_budget = Arc::clone(&self.byte_budget.lock());
        to_response(response, outcome, self.limits.response_bytes, &byte_budget, &self.recipient)
    }

    fn broken_response(&self) -> GraphqlResponse {
        // The panic hook has logged the location; this line links it to the request.
        tracing::error!(request_id = self.recipient.request_id, "subscription panicked");
        GraphqlResponse::from_error(ResponseOutcome::Broken, public_errors::internal_error(&self.recipient))
    }

    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation: Option<&str>,
        event: NextExecute<'_>,
    ) -> Response {
        self.has_event.store(true, Ordering::Relaxed);
        let _slot = self.turns.admission.enter_event(&self.turns.client).await;
        let queue = BatchQueue::with_cancellation(Cancellation::at(Instant::now() + self.limits.deadline));
        let mut data = (self.context_data)(&queue);
        let byte_budget = ByteBudget::new(self.limits.response_bytes);
        data.insert(Arc::clone(&byte_budget));
        *self.byte_budget.lock() = byte_budget;
        let execution = queue.run(event.run_with_data(context, operation, data));
        tokio::time::timeout(self.limits.deadline, execution).await.unwrap_or_else(|_| {
            Response::from_errors(vec![timeout_error(self.limits.deadline, &self.recipient)])
        })
    }
}

/// Executes each event of a subscription like a request of its own.
pub(crate) struct PerEventExecution;

impl ExtensionFactory for PerEventExecution {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for PerEventExecution {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation: Option<&str>,
        event: NextExecute<'_>,
    ) -> Response {
        match context.data_opt::<Arc<EventContext>>() {
            Some(event_context) => event_context.execute(context, operation, event).await,
            None => event.run(context, operation).await,
        }
    }
}
