//! Queries and the response cache: a cached response, the response of an equal query that runs now
//! (single flight), or an execution of its own.
//!
//! A cached response is returned only while its [`Dependencies`] hold and to callers of the same
//! [`CallerClass`]. Only responses without errors are cached, and of these none that depends on the
//! name of its caller.
//!
//! [`Dependencies`]: caunoi_domain::dependency::Dependencies

use super::admission::Turn;
use super::executor::{CallerContext, Executor, RequestAllowance, locale_of};
use super::{
    ErrorCode, ExecutionLimits, GraphqlResponse, PreparedOperation, RateAccount, Recipient, RequestHead,
    ResponseOutcome, execute, timeout_error,
};
use crate::batch_queue::BatchQueue;
use crate::schema::rate_limit::RateState;
use crate::schema::request_context::RequestContext;
use async_graphql_parser::types::OperationType;
use caunoi_cache::{CachedResponse, FlightRole};
use caunoi_domain::cache_key::{CacheKey, CallerClass};
use caunoi_domain::cursor::Epoch;
use caunoi_domain::policy::Scope;
use caunoi_metrics::{OperationKind, ResponseSource, Transport};
use caunoi_register::RegisterReader;
use caunoi_texts::ApiText;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The output of one execution of a query.
#[derive(Clone)]
pub(super) struct FlightOutput {
    response: GraphqlResponse,
    /// The cached form; none if the response must not be cached.
    cached: Option<Arc<CachedResponse>>,
}

/// The request that takes part in a flight.
struct FlightRequest<'a> {
    recipient: &'a Recipient,
    turn: &'a Turn,
}

impl Executor {
    /// Returns the key of these request bytes, and the cached response to a query with the same bytes
    /// if there is one whose dependencies hold. So a repeated request is neither parsed nor prepared.
    pub(crate) fn find_by_bytes(
        &self,
        head: RequestHead<'_>,
        bytes: &[u8],
    ) -> (CacheKey, Option<GraphqlResponse>) {
        let snapshot = self.register.scope_snapshot(Scope::of(head.actor));
        // A body means the same by POST and by QUERY: only responses to queries are cached.
        let form: &[u8] = if head.transport == Transport::Get { b"address" } else { b"body" };
        let caller_class = CallerClass::of(head.actor, locale_of(head.languages));
        let request_key = self.key_hasher.key(snapshot.epoch(), caller_class, &[form, bytes]);
        let cached =
            self.cache.find_by_request_key(&request_key, |dependencies| dependencies.is_current(&snapshot));
        (request_key, cached.map(|cached| GraphqlResponse::from_cached(&cached)))
    }

    /// Returns the response to a query: from the cache, from an equal query that runs now, or from an
    /// execution of its own. `request_key` is the key of the request bytes, if they are known.
    pub(super) async fn execute_query(
        self: &Arc<Self>,
        caller: CallerContext,
        mut prepared: PreparedOperation,
        request_key: Option<CacheKey>,
        allowance: &mut RequestAllowance,
    ) -> GraphqlResponse {
        if let Some(form) = prepared.introspection.take() {
            return match allowance.turn.take().await {
                Ok(()) => self.execute_introspection(form, prepared).await,
                Err(overloaded) => overloaded,
            };
        }
        if prepared.is_dry_run {
            return self.execute_dry_run(caller, prepared, &allowance.account).await;
        }
        let snapshot = self.register.scope_snapshot(Scope::of(&caller.actor));
        let key = self.cache_key(snapshot.epoch(), &caller, &prepared);
        let (has_read_caller, recipient) = (prepared.document.has_read_caller(), prepared.recipient.clone());
        let estimate = prepared.cost;
        let output =
            if let Some(cached) = self.cache.find(&key, |dependencies| dependencies.is_current(&snapshot)) {
                FlightOutput { response: GraphqlResponse::from_cached(&cached), cached: Some(cached) }
            } else if let Err(exceeded) = allowance.account.charge_estimate(estimate) {
                return GraphqlResponse::rate_limited(&exceeded, &recipient).with_kind(OperationType::Query);
            } else if has_read_caller {
                // A flight would gain nothing: its response belongs to one caller.
                self.load_or_execute(key, caller, prepared, allowance).await
            } else {
                let scope = Scope::of(&caller.actor);
                let work = self.load_or_execute(key, caller, prepared, allowance);
                let request = FlightRequest { recipient: &recipient, turn: &allowance.turn };
                let flight = self.run_in_flight(key, scope, request, work);
                match tokio::time::timeout(self.limits.deadline, flight).await {
                    Ok(output) => output,
                    // A follower waits no longer than the deadline.
                    Err(_) => return GraphqlResponse::timed_out(self.limits, &recipient),
                }
            };
        allowance.account.settle_execution(estimate, &output.response);
        if let (Some(request_key), Some(_)) = (request_key, &output.cached) {
            self.cache.insert_request_key(request_key, key);
        }
        output.response
    }

    /// Runs `work`, or joins a running flight with the same key and takes its response if that
    /// response is no older than this request. Only a cacheable response is given to followers:
    /// errors contain the id of their request.
    async fn run_in_flight(
        &self,
        key: CacheKey,
        scope: Scope,
        FlightRequest { recipient, turn }: FlightRequest<'_>,
        mut work: BoxFuture<'static, FlightOutput>,
    ) -> FlightOutput {
        let arrived = self.register.scope_snapshot(scope);
        loop {
            let (flight, own) = match self.single_flight.join(key, work) {
                FlightRole::Leader(flight) => return flight.await,
                FlightRole::Follower(flight, own) => (flight, own),
            };
            turn.release();
            let output = flight.await;
            match output.cached {
                Some(cached) if cached.dependencies.is_no_older_than(&arrived) => {
                    caunoi_metrics::count_response(ResponseSource::Joined);
                    return FlightOutput {
                        response: GraphqlResponse::from_cached(&cached),
                        cached: Some(cached),
                    };
                }
                // The flight read an older state; the next flight begins after this request.
                Some(_) => work = own,
                // Executing all followers at once would time out too.
                None if output.response.outcome == ResponseOutcome::TimedOut => {
                    return FlightOutput {
                        response: GraphqlResponse::timed_out(self.limits, recipient),
                        cached: None,
                    };
                }
                None => return own.await,
            }
        }
    }

    /// Executes the field `rateLimit` of a query alone: nothing is read, charged or cached.
    async fn execute_dry_run(
        self: &Arc<Self>,
        CallerContext { actor, locale, .. }: CallerContext,
        prepared: PreparedOperation,
        account: &RateAccount,
    ) -> GraphqlResponse {
        let rate_state = RateState::of(account, prepared.cost);
        let reader = RegisterReader::new(Arc::clone(&self.register), Scope::of(&actor));
        let context_data = |queue: &BatchQueue| {
            let mut data = RequestContext::new(reader, actor, locale).into_data(queue);
            data.insert(rate_state);
            data
        };
        let schema = self.schemas.for_operation(&prepared, self.limits);
        execute(schema, prepared, self.limits, context_data).await.with_kind(OperationType::Query)
    }

    /// Loads a response from the cache in Redis if that is likely to be faster, else executes the
    /// query and caches its response.
    fn load_or_execute(
        self: &Arc<Self>,
        key: CacheKey,
        CallerContext { actor, locale, .. }: CallerContext,
        prepared: PreparedOperation,
        allowance: &RequestAllowance,
    ) -> BoxFuture<'static, FlightOutput> {
        let executor = Arc::clone(self);
        let rate_state = RateState::of(&allowance.account, prepared.cost);
        let turn = Arc::clone(&allowance.turn);
        async move {
            // Taken before the first read, so the data is never older than the snapshot.
            let reader = RegisterReader::new(Arc::clone(&executor.register), Scope::of(&actor));
            let document = prepared.document.clone();
            if !document.has_read_caller()
                && executor.cache.is_worth_sharing(document.last_duration())
                && let Some(cached) = executor
                    .cache
                    .find_shared(&key, |dependencies| dependencies.is_current(reader.scope_snapshot()))
                    .await
            {
                return FlightOutput {
                    response: GraphqlResponse::from_cached(&cached),
                    cached: Some(cached),
                };
            }
            if let Err(overloaded) = turn.take().await {
                return FlightOutput { response: overloaded.with_kind(OperationType::Query), cached: None };
            }
            let started = Instant::now();
            if reader.pin().await.is_err() {
                caunoi_metrics::count_response(ResponseSource::Unkept);
                return FlightOutput {
                    response: GraphqlResponse::unavailable(&prepared.recipient),
                    cached: None,
                };
            }
            let context_data = |queue: &BatchQueue| {
                let mut data = RequestContext::new(reader.clone(), actor, locale).into_data(queue);
                data.insert(rate_state);
                data
            };
            let schema = executor.schemas.for_operation(&prepared, executor.limits);
            let response = execute(schema, prepared, executor.limits, context_data)
                .await
                .with_kind(OperationType::Query);
            let took = started.elapsed();
            document.record_execution(took, reader.reads().has_caller());
            let dependencies = if response.is_error_free { reader.dependencies() } else { None };
            let Some(dependencies) = dependencies else {
                caunoi_metrics::count_response(ResponseSource::Unkept);
                return FlightOutput { response, cached: None };
            };
            caunoi_metrics::count_response(ResponseSource::Made);
            let cached = Arc::new(CachedResponse::new(response.body.clone(), dependencies));
            executor.cache.insert(key, &cached, took);
            FlightOutput {
                response: GraphqlResponse { tag: Some(cached.tag), ..response },
                cached: Some(cached),
            }
        }
        // Another request may poll the flight; its log lines name the request that began it.
        .in_current_span()
        .boxed()
    }

    /// Returns the cache key of a query: equal for requests with the same response.
    fn cache_key(&self, epoch: Epoch, caller: &CallerContext, prepared: &PreparedOperation) -> CacheKey {
        let operation = prepared.request.operation_name.as_deref().unwrap_or_default();
        self.key_hasher.key(
            epoch,
            CallerClass::of(&caller.actor, caller.locale),
            &[b"query", prepared.request.query.as_bytes(), operation.as_bytes(), &prepared.variables],
        )
    }
}

impl GraphqlResponse {
    /// The response with a cached body.
    fn from_cached(cached: &CachedResponse) -> Self {
        Self {
            body: cached.body.clone(),
            outcome: ResponseOutcome::Answered,
            tag: Some(cached.tag),
            is_error_free: true,
            kind: OperationKind::Query,
            refusal: None,
            feed_message: None,
            rate: None,
            retry_after_seconds: None,
            work: None,
        }
    }

    /// The error if the register changes faster than one state of it can be read.
    fn unavailable(recipient: &Recipient) -> Self {
        let text = &ApiText::TooManyWrites;
        let rejection = Self::refuse(ResponseOutcome::Unavailable, ErrorCode::Unavailable, text, recipient);
        rejection.with_kind(OperationType::Query)
    }

    /// The error at the deadline of an operation.
    fn timed_out(limits: ExecutionLimits, recipient: &Recipient) -> Self {
        Self::from_error(ResponseOutcome::TimedOut, timeout_error(limits.deadline, recipient))
            .with_kind(OperationType::Query)
    }
}
