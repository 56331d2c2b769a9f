//! A subscription as the engine runs it: one answer to each event.
//!
//! The engine runs the source of a subscription and its events in one stream. [`EachEvent`] makes
//! each event an execution of its own: the newest state of the register, its own batches, its own
//! deadline. The wait for the next event has no deadline.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
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
use tokio::time::Instant;

use super::size::Allowance;
use super::{Answer, Bounds, Outcome, faults, is_refused, respond, too_late};
use crate::aside::Aside;

/// What one subscription gives to each of its events.
struct Subscriber {
    attach: Arc<dyn Fn(&Aside) -> Data + Send + Sync>,
    bounds: Bounds,
    /// The bytes that the answer to the event that is executed may still take.
    allowance: Mutex<Arc<Allowance>>,
    request_id: String,
    /// Whether the response that comes next is that of an event.
    has_event: AtomicBool,
}

/// Answers a subscription with each of its events; `attach` tells resolvers about the caller, anew
/// for each. The schema has [`EachEvent`]. What is not [`Outcome::Answered`] is the last item.
///
/// Dropping the stream ends the work.
pub(crate) fn events<Q, M, S>(
    schema: &Schema<Q, M, S>,
    (mut request, request_id): (Request, String),
    bounds: Bounds,
    attach: impl Fn(&Aside) -> Data + Send + Sync + 'static,
) -> BoxStream<'static, Answer>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let attach: Arc<dyn Fn(&Aside) -> Data + Send + Sync> = Arc::new(attach);
    let aside = Aside::default();
    request.data = attach(&aside);
    let subscriber = Arc::new(Subscriber {
        attach,
        bounds,
        allowance: Mutex::new(Allowance::new(bounds.answer_bytes)),
        request_id,
        has_event: AtomicBool::new(false),
    });
    request.data.insert(Arc::clone(&subscriber));
    let responses = schema.execute_stream(request);
    stream::unfold(Some(responses), move |going| {
        let (aside, subscriber) = (aside.clone(), Arc::clone(&subscriber));
        async move {
            let mut responses = going?;
            let next = AssertUnwindSafe(aside.run(responses.next())).catch_unwind().await;
            let answer = match next {
                Ok(response) => subscriber.respond(response?),
                Err(_) => subscriber.break_off(),
            };
            let is_last = answer.outcome != Outcome::Answered;
            Some((answer.to(OperationType::Subscription), (!is_last).then_some(responses)))
        }
    })
    .boxed()
}

impl Subscriber {
    fn respond(&self, response: Response) -> Answer {
        // Without an event the source itself has failed: the subscription never began.
        let has_event = self.has_event.swap(false, Ordering::Relaxed);
        let is_refused = !has_event || is_refused(&response, OperationType::Subscription);
        let outcome = if is_refused { Outcome::Refused } else { Outcome::Answered };
        let allowance = Arc::clone(&self.allowance.lock().unwrap_or_else(PoisonError::into_inner));
        respond(response, outcome, (self.bounds.answer_bytes, &allowance), &self.request_id)
    }

    fn break_off(&self) -> Answer {
        // The panic hook has written the place; this line ties it to the request.
        tracing::error!(request_id = self.request_id, "a subscription broke off");
        Answer::from_error(Outcome::Broken, faults::internal(&self.request_id))
    }

    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation: Option<&str>,
        event: NextExecute<'_>,
    ) -> Response {
        self.has_event.store(true, Ordering::Relaxed);
        let aside = Aside::within(Cancellation::at(Instant::now() + self.bounds.deadline));
        let mut data = (self.attach)(&aside);
        let allowance = Allowance::new(self.bounds.answer_bytes);
        data.insert(Arc::clone(&allowance));
        *self.allowance.lock().unwrap_or_else(PoisonError::into_inner) = allowance;
        let execution = aside.run(event.run_with_data(context, operation, data));
        tokio::time::timeout(self.bounds.deadline, execution)
            .await
            .unwrap_or_else(|_| Response::from_errors(vec![too_late(self.bounds.deadline, &self.request_id)]))
    }
}

/// Runs each event of a subscription as if it had been asked for alone.
pub(crate) struct EachEvent;

impl ExtensionFactory for EachEvent {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for EachEvent {
    async fn execute(
        &self,
        context: &ExtensionContext<'_>,
        operation: Option<&str>,
        event: NextExecute<'_>,
    ) -> Response {
        match context.data_opt::<Arc<Subscriber>>() {
            Some(subscriber) => subscriber.execute(context, operation, event).await,
            None => event.run(context, operation).await,
        }
    }
}
