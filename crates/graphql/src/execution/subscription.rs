//! Subscriptions: from a prepared operation to the shared stream that serves it.

use super::admission::Client;
use super::budget::cost_per_second;
use super::executor::{CallerContext, Executor};
use super::shared_stream::{StreamRequest, open_subscriber};
use super::stream::{EventTurns, execute_subscription};
use super::{
    ErrorCode, FeedRange, GraphqlResponse, PreparedOperation, RateAccount, Recipient, ResponseOutcome,
    find_operation, public_errors, subscription_arguments,
};
use crate::batch_queue::BatchQueue;
use async_graphql_parser::types::OperationType;
use caunoi_domain::cache_key::{CacheKey, CacheKeyHasher, CallerClass};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::validation::{InvalidReason, Reason};
use caunoi_register::RegisterReader;
use futures_util::future;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::net::IpAddr;
use std::sync::Arc;

/// The least interval between two events of a subscription without `minIntervalMs`: its default,
/// and the estimate for the feed.
const DEFAULT_INTERVAL_MS: u64 = 1_000;

/// Where a subscription comes from and begins.
pub(super) struct SubscriptionOrigin {
    /// As in [`GraphqlRequest::resume`](super::GraphqlRequest::resume).
    pub(super) resume: Option<String>,
    /// As in [`GraphqlRequest::address`](super::GraphqlRequest::address).
    pub(super) address: Option<IpAddr>,
}

impl Executor {
    /// Subscribes, and charges each event when it is delivered. If the bucket cannot pay, the event is
    /// not delivered and the subscription ends; the subscriber can resume after its last cursor.
    pub(super) fn subscribe_charged(
        self: &Arc<Self>,
        caller: CallerContext,
        prepared: PreparedOperation,
        origin: SubscriptionOrigin,
        mut account: RateAccount,
    ) -> BoxStream<'static, GraphqlResponse> {
        let recipient = prepared.recipient.clone();
        if let Err(exceeded) = account.charge_estimate(prepared.cost) {
            return refuse(GraphqlResponse::rate_limited(&exceeded, &recipient));
        }
        let responses = self.subscribe(caller, prepared, origin);
        let charged = responses.scan(Some(account), move |open, response| {
            let delivered = open.take().map(|mut account| {
                if response.outcome != ResponseOutcome::Answered {
                    return response;
                }
                match account.charge_event(response.body.len()) {
                    Ok(()) => {
                        *open = Some(account);
                        response
                    }
                    Err(exceeded) => GraphqlResponse::rate_limited(&exceeded, &recipient)
                        .with_kind(OperationType::Subscription),
                }
            });
            future::ready(delivered)
        });
        charged.boxed()
    }

    /// Subscribes to the shared stream of the subscription, after its cursor if it has one.
    fn subscribe(
        self: &Arc<Self>,
        caller: CallerContext,
        prepared: PreparedOperation,
        SubscriptionOrigin { resume, address }: SubscriptionOrigin,
    ) -> BoxStream<'static, GraphqlResponse> {
        let recipient = prepared.recipient.clone();
        let variables = serde_json::from_slice(&prepared.variables).unwrap_or_default();
        let document = prepared.document.clone();
        let name = prepared.request.operation_name.clone();
        // The operation was found during preparation.
        let Ok(operation) = find_operation(document.parsed(), name.as_deref()) else {
            return stream::empty().boxed();
        };
        let is_feed = subscription_arguments::is_feed(operation);
        let given = resume
            .map(Into::into)
            .or_else(|| subscription_arguments::find_cursor(operation, &variables))
            .filter(|_| is_feed);
        let after = match given.map(|given| self.parse_cursor(&given)).transpose() {
            Ok(after) => after,
            Err(reason) => {
                let message = caunoi_texts::message(&reason, recipient.locale);
                let error = public_errors::error_with_message(ErrorCode::BadInput, message, &recipient);
                return refuse(GraphqlResponse::from_error(ResponseOutcome::Invalid, error));
            }
        };
        let variables_without_cursor = serde_json::to_vec(&subscription_arguments::without_cursor(
            operation,
            &prepared.request.query,
            &variables,
        ));
        let key = StreamIdentity {
            has_stored_filter: caller.has_stored_filter,
            document: &prepared.request.query,
            operation_name: name.as_deref().unwrap_or_default(),
            variables: &variables_without_cursor.unwrap_or_default(),
        }
        .key(&self.key_hasher, self.register.epoch(), CallerClass::of(&caller.actor, caller.locale));
        let interval = subscription_arguments::value_of(operation, "minIntervalMs", &variables)
            .and_then(|value| value.as_u64());
        let cost = cost_per_second(prepared.cost, interval.unwrap_or(DEFAULT_INTERVAL_MS));
        let share = match self.subscriptions.charge(&caller.actor, address, key, cost) {
            Ok(share) => share,
            Err(text) => {
                return refuse(GraphqlResponse::refuse(
                    ResponseOutcome::RateLimited,
                    ErrorCode::RateLimited,
                    &text,
                    &recipient,
                ));
            }
        };
        let stream_request = StreamRequest::new(key, caller, prepared, variables, is_feed);
        open_subscriber(self, stream_request, after, share, recipient)
    }

    /// Verifies a cursor and reads its positions.
    fn parse_cursor(&self, given: &serde_json::Value) -> Result<Positions, Reason> {
        let cursor = given.as_str().ok_or(InvalidReason::ForeignCursor)?;
        Positions::from_cursor(self.register.signing_key(), cursor)
    }

    /// Starts an engine stream; a feed reads `range`.
    pub(super) fn start_stream(
        self: &Arc<Self>,
        stream_request: &StreamRequest,
        range: Option<Arc<FeedRange>>,
        recipient: &Recipient,
    ) -> BoxStream<'static, GraphqlResponse> {
        let context_data = self.context_data_factory(stream_request.caller.clone(), RegisterReader::new);
        let within = range.clone();
        let context_data = move |queue: &BatchQueue| {
            let mut data = context_data(queue);
            if let Some(range) = &within {
                data.insert(Arc::clone(range));
            }
            data
        };
        let (schema, recipient) = (self.schemas.for_subscriptions(), recipient.clone());
        let request = stream_request.request();
        // Subscribers from several networks may share the stream.
        let client = Client::new(&stream_request.caller.actor, None);
        let turns = EventTurns { admission: self.admission.clone(), client };
        let responses = execute_subscription(schema, request, (recipient, turns), self.limits, context_data);
        let Some(range) = range else { return responses };
        responses
            .map(move |response| GraphqlResponse { feed_message: range.take_message(), ..response })
            .boxed()
    }
}

/// Returns the response that refuses a subscription.
fn refuse(response: GraphqlResponse) -> BoxStream<'static, GraphqlResponse> {
    stream::iter([response.with_kind(OperationType::Subscription)]).boxed()
}

/// The parts of a subscription that decide its responses, besides the caller.
struct StreamIdentity<'a> {
    has_stored_filter: bool,
    document: &'a str,
    operation_name: &'a str,
    /// The variables without that of the cursor, as JSON.
    variables: &'a [u8],
}

impl StreamIdentity<'_> {
    /// Returns the key of the shared stream: equal for subscriptions with the same responses. A
    /// stream with a stored filter has a key of its own: where the filter has an unknown term, it
    /// sends the changes that match the others, and a subscription with the same text is refused.
    fn key(&self, hasher: &CacheKeyHasher, epoch: Epoch, caller_class: CallerClass) -> CacheKey {
        let kind: &[u8] =
            if self.has_stored_filter { b"subscription with a stored filter" } else { b"subscription" };
        let parts = [kind, self.document.as_bytes(), self.operation_name.as_bytes(), self.variables];
        hasher.key(epoch, caller_class, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caunoi_domain::locale::Locale;
    use caunoi_domain::policy::Actor;
    use std::collections::HashSet;

    #[test]
    fn stored_filter_is_part_of_the_stream_key() {
        let key = |has_stored_filter, operation_name| {
            StreamIdentity { has_stored_filter, document: "subscription", operation_name, variables: b"{}" }
                .key(
                    &CacheKeyHasher::new(&[]),
                    Epoch::new([7; 32]),
                    CallerClass::of(&Actor::public(), Locale::En),
                )
        };
        let keys =
            [(false, ""), (true, ""), (false, "A"), (true, "A")].map(|(stored, name)| key(stored, name));
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
        assert_eq!(key(true, "A"), key(true, "A"));
    }
}
