//! Executes requests: from the cache, together with equal requests (single flight), or in the
//! engine.
//!
//! A cached response is returned only while its [`Dependencies`] hold and to callers of the same
//! [`CallerClass`]. Only plain responses to queries are cached: errors, mutations, subscriptions and
//! data that one person alone may read are always executed.
//!
//! [`Dependencies`]: caunoi_domain::dependency::Dependencies

use super::budget::{SubscriptionBudget, cost_per_second};
use super::introspection_cache::IntrospectionCache;
use super::shared_stream::{SharedStreams, StreamRequest, open_subscriber};
use super::size::is_counted;
use super::stream::execute_subscription;
use super::{
    AllowedOperations, CostPolicy, DocumentCache, FeedRange, PerEventExecution, RequestHead,
    ResponseSizeExtension, find_operation, subscription_arguments,
};
use super::{
    ErrorCode, ExecutionLimits, GraphqlRequest, GraphqlResponse, PreparedOperation, Recipient, RequestParams,
    ResponseOutcome, execute, execute_prepared, prepare, public_errors, timeout_error,
};
use crate::batch_queue::BatchQueue;
use crate::cost::Sizes;
use crate::schema::request_context::RequestContext;
use crate::webhook::{EndpointProbe, OutboundPolicy};
use crate::{Mutation, Query, Subscription};
use async_graphql::{Data, Schema};
use async_graphql_parser::types::OperationType;
use caunoi_cache::{CachedResponse, FlightRole, ResponseCache, SingleFlight};
use caunoi_domain::cache_key::{CacheKey, CacheKeyHasher, CallerClass};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_domain::validation::{InvalidReason, Reason};
use caunoi_metrics::{OperationKind, ResponseSource};
use caunoi_register::{Register, RegisterReader};
use caunoi_texts::ApiText;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The least interval between two events of a subscription without `minIntervalMs`: its default,
/// and the estimate for the feed.
const DEFAULT_INTERVAL_MS: u64 = 1_000;

/// Executes all requests to one register.
pub(crate) struct Executor {
    pub(super) schema: Schema<Query, Mutation, Subscription>,
    /// The same schema with [`PerEventExecution`] and [`ResponseSizeExtension`]. Any extension
    /// slows the engine down, so only subscriptions and operations with possibly large responses
    /// use it.
    extended_schema: Schema<Query, Mutation, Subscription>,
    pub(crate) register: Arc<Register>,
    cache: ResponseCache,
    documents: DocumentCache,
    pub(super) introspections: IntrospectionCache,
    key_hasher: CacheKeyHasher,
    single_flight: SingleFlight<CacheKey, FlightOutput>,
    pub(super) shared_streams: SharedStreams,
    subscriptions: SubscriptionBudget,
    pub(crate) limits: ExecutionLimits,
    outbound_policy: Arc<dyn OutboundPolicy>,
}

/// The caller, the locale and how strictly filters are checked.
#[derive(Clone)]
pub(super) struct CallerContext {
    pub(super) actor: Actor,
    locale: Locale,
    /// As in [`GraphqlRequest::has_lenient_filters`].
    has_lenient_filters: bool,
}

/// Marks a stored operation in the data of its request: unknown terms in its filters match nothing
/// instead of being refused.
pub(crate) struct LenientFilters;

/// The result of one execution.
#[derive(Clone)]
struct FlightOutput {
    response: GraphqlResponse,
    /// The cached form; none if the response must not be cached.
    cached: Option<Arc<CachedResponse>>,
}

impl Executor {
    /// Creates an executor over this register. `program` identifies the running program and is part
    /// of each cache key; `outbound_policy` decides which URLs a webhook may call.
    pub(crate) fn new(
        register: Arc<Register>,
        cache: ResponseCache,
        limits: ExecutionLimits,
        program: &str,
        outbound_policy: Arc<dyn OutboundPolicy>,
    ) -> Self {
        let schema = crate::builder().finish();
        // Another program or schema may respond differently, so its keys differ.
        let key_hasher = CacheKeyHasher::new(&[program, &schema.sdl()]);
        Self {
            extended_schema: crate::builder()
                .extension(PerEventExecution)
                .extension(ResponseSizeExtension)
                .finish(),
            schema,
            register,
            cache,
            documents: DocumentCache::default(),
            introspections: IntrospectionCache::default(),
            key_hasher,
            single_flight: SingleFlight::default(),
            shared_streams: SharedStreams::default(),
            subscriptions: SubscriptionBudget::new(limits.subscriptions),
            limits,
            outbound_policy,
        }
    }

    /// Returns the key of these request bytes, and the cached response to them if there is one
    /// whose dependencies hold.
    pub(crate) fn find_by_alias(
        &self,
        head: RequestHead<'_>,
        bytes: &[u8],
    ) -> (CacheKey, Option<GraphqlResponse>) {
        let snapshot = self.register.scope_snapshot(Scope::of(head.actor));
        let transport: &[u8] = if head.query_only { b"address" } else { b"body" };
        let caller_class = CallerClass::of(head.actor, locale_of(head));
        let alias = self.key_hasher.key(snapshot.epoch(), caller_class, &[transport, bytes]);
        let cached = self.cache.find_by_alias(&alias, |dependencies| dependencies.is_current(&snapshot));
        (alias, cached.map(|cached| GraphqlResponse::from_cached(&cached)))
    }

    /// Executes a request with these parameters; `alias` is the key of its bytes.
    ///
    /// Neither generic nor an `async fn`: each caller of such a function compiles all resolvers
    /// again.
    pub(crate) fn execute_request(
        self: &Arc<Self>,
        head: RequestHead<'_>,
        alias: CacheKey,
        params: RequestParams,
    ) -> BoxFuture<'static, GraphqlResponse> {
        let RequestParams { document, operation_name, variables } = params;
        let request = GraphqlRequest {
            actor: head.actor.clone(),
            document,
            operation_name,
            variables,
            languages: head.languages.map(str::to_owned),
            request_id: head.request_id.to_owned(),
            allowed_operations: if head.query_only {
                AllowedOperations::Queries
            } else {
                AllowedOperations::All
            },
            resume: None,
            has_lenient_filters: false,
            address: None,
        };
        let caller =
            CallerContext { actor: head.actor.clone(), locale: locale_of(head), has_lenient_filters: false };
        let executor = Arc::clone(self);
        async move {
            match executor.prepare(request) {
                Ok(prepared) if prepared.kind == OperationType::Query => {
                    executor.execute_query(caller, prepared, Some(alias)).await
                }
                Ok(prepared) => {
                    let schema = executor.schema_for(&prepared);
                    execute_prepared(
                        schema,
                        Ok(prepared),
                        executor.limits,
                        executor.resolver_data(caller, RegisterReader::for_mutation),
                    )
                    .await
                }
                Err(rejection) => rejection,
            }
        }
        .boxed()
    }

    /// Executes a request of a transport that stays open: one response to a query or a mutation,
    /// one for each event of a subscription.
    pub(crate) fn execute_stream(
        self: &Arc<Self>,
        mut request: GraphqlRequest,
    ) -> BoxStream<'static, GraphqlResponse> {
        let locale = Locale::from_accept_language(request.languages.as_deref().unwrap_or_default());
        let caller = CallerContext {
            actor: request.actor.clone(),
            locale,
            has_lenient_filters: request.has_lenient_filters,
        };
        let (resume, address) = (request.resume.take(), request.address);
        let executor = Arc::clone(self);
        match self.prepare(request) {
            Err(rejection) => stream::iter([rejection]).boxed(),
            Ok(prepared) => match prepared.kind {
                OperationType::Query => {
                    stream::once(async move { executor.execute_query(caller, prepared, None).await }).boxed()
                }
                OperationType::Mutation => {
                    let context_data = self.resolver_data(caller, RegisterReader::for_mutation);
                    stream::once(async move {
                        execute_prepared(
                            executor.schema_for(&prepared),
                            Ok(prepared),
                            executor.limits,
                            context_data,
                        )
                        .await
                    })
                    .boxed()
                }
                OperationType::Subscription => self.subscribe(caller, prepared, resume, address),
            },
        }
    }

    /// Parses, validates and prices a request. Returns the error response if it is refused.
    fn prepare(&self, request: GraphqlRequest) -> Result<PreparedOperation, GraphqlResponse> {
        let sizes = Sizes::of(&self.register.read_model(), self.register.signing_key());
        prepare(request, &CostPolicy { limits: self.limits.cost, sizes }, &self.documents)
    }

    /// Returns the schema to execute an operation with: if the response can become large, the one
    /// that counts its bytes.
    fn schema_for(&self, prepared: &PreparedOperation) -> &Schema<Query, Mutation, Subscription> {
        if is_counted(prepared.bytes, self.limits.response_bytes) {
            &self.extended_schema
        } else {
            &self.schema
        }
    }

    /// Subscribes to the shared stream of the subscription, after its cursor if it has one.
    fn subscribe(
        self: &Arc<Self>,
        caller: CallerContext,
        prepared: PreparedOperation,
        resume: Option<String>,
        address: Option<IpAddr>,
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
                let rejection = GraphqlResponse::from_error(ResponseOutcome::Refused, error);
                return stream::iter([rejection.with_kind(OperationType::Subscription)]).boxed();
            }
        };
        let shared = serde_json::to_vec(&subscription_arguments::without_cursor(
            operation,
            &prepared.request.query,
            &variables,
        ));
        let key = self.key_hasher.key(
            self.register.epoch(),
            CallerClass::of(&caller.actor, caller.locale),
            &[
                if caller.has_lenient_filters {
                    b"accepted subscription".as_slice()
                } else {
                    b"subscription"
                },
                prepared.request.query.as_bytes(),
                name.as_deref().unwrap_or_default().as_bytes(),
                &shared.unwrap_or_default(),
            ],
        );
        let interval = subscription_arguments::value_of(operation, "minIntervalMs", &variables)
            .and_then(|value| value.as_u64());
        let cost = cost_per_second(prepared.cost, interval.unwrap_or(DEFAULT_INTERVAL_MS));
        let share = match self.subscriptions.charge(&caller.actor, address, key, cost) {
            Ok(share) => share,
            Err(exhausted) => {
                let rejection = GraphqlResponse::refuse(
                    ResponseOutcome::RateLimited,
                    ErrorCode::RateLimited,
                    &exhausted.text(),
                    &recipient,
                );
                return stream::iter([rejection.with_kind(OperationType::Subscription)]).boxed();
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
        let context_data = self.resolver_data(stream_request.caller.clone(), RegisterReader::new);
        let within = range.clone();
        let context_data = move |queue: &BatchQueue| {
            let mut data = context_data(queue);
            if let Some(range) = &within {
                data.insert(Arc::clone(range));
            }
            data
        };
        let (schema, recipient) = (&self.extended_schema, recipient.clone());
        let request = stream_request.request();
        let responses = execute_subscription(schema, request, recipient, self.limits, context_data);
        let Some(range) = range else { return responses };
        responses
            .map(move |response| GraphqlResponse { feed_message: range.take_message(), ..response })
            .boxed()
    }

    /// Executes a query: from the cache, in a shared flight, or alone.
    async fn execute_query(
        self: &Arc<Self>,
        caller: CallerContext,
        mut prepared: PreparedOperation,
        alias: Option<CacheKey>,
    ) -> GraphqlResponse {
        if let Some(form) = prepared.introspection.take() {
            return self.execute_introspection(form, prepared).await;
        }
        let snapshot = self.register.scope_snapshot(Scope::of(&caller.actor));
        let key = self.cache_key(snapshot.epoch(), &caller, &prepared);
        let (is_personal, recipient) = (prepared.document.is_personal(), prepared.recipient.clone());
        let output =
            if let Some(cached) = self.cache.find(&key, |dependencies| dependencies.is_current(&snapshot)) {
                FlightOutput { response: GraphqlResponse::from_cached(&cached), cached: Some(cached) }
            } else if is_personal {
                self.load_or_execute(key, caller, prepared).await
            } else {
                let scope = Scope::of(&caller.actor);
                let work = self.load_or_execute(key, caller, prepared);
                let flight = self.run_in_flight(key, scope, &recipient, work);
                match tokio::time::timeout(self.limits.deadline, flight).await {
                    Ok(output) => output,
                    // A follower waits no longer than the deadline.
                    Err(_) => return GraphqlResponse::timed_out(self.limits, &recipient),
                }
            };
        if let (Some(alias), Some(_)) = (alias, &output.cached) {
            self.cache.insert_alias(alias, key);
        }
        output.response
    }

    /// Runs `work`, or joins a running flight with the same key and takes its response if that
    /// response is no older than this request. A response that is not cached is not shared either:
    /// errors contain the id of their request.
    async fn run_in_flight(
        &self,
        key: CacheKey,
        scope: Scope,
        recipient: &Recipient,
        mut work: BoxFuture<'static, FlightOutput>,
    ) -> FlightOutput {
        let arrived = self.register.scope_snapshot(scope);
        loop {
            let (flight, own) = match self.single_flight.join(key, work) {
                FlightRole::Leader(flight) => return flight.await,
                FlightRole::Follower(flight, own) => (flight, own),
            };
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

    /// Loads a response from the shared cache if that is likely to be faster, else executes the
    /// query and caches its response.
    fn load_or_execute(
        self: &Arc<Self>,
        key: CacheKey,
        CallerContext { actor, locale, .. }: CallerContext,
        prepared: PreparedOperation,
    ) -> BoxFuture<'static, FlightOutput> {
        let executor = Arc::clone(self);
        async move {
            // Taken before the first read, so the data is never older than the snapshot.
            let reader = RegisterReader::new(Arc::clone(&executor.register), Scope::of(&actor));
            let document = prepared.document.clone();
            if !document.is_personal()
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
            let started = Instant::now();
            if reader.pin().await.is_err() {
                caunoi_metrics::count_response(ResponseSource::Unkept);
                return FlightOutput {
                    response: GraphqlResponse::unavailable(&prepared.recipient),
                    cached: None,
                };
            }
            let context_data =
                |queue: &BatchQueue| RequestContext::new(reader.clone(), actor, locale).into_data(queue);
            let schema = executor.schema_for(&prepared);
            let response = execute(schema, prepared, executor.limits, context_data)
                .await
                .with_kind(OperationType::Query);
            let took = started.elapsed();
            document.record_execution(took, reader.reads().has_caller());
            let dependencies = if response.is_plain { reader.dependencies() } else { None };
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
            &[b"question", prepared.request.query.as_bytes(), operation.as_bytes(), &prepared.variables],
        )
    }

    /// Returns a function that makes the data for resolvers, of the newest state of the register at
    /// each call.
    fn resolver_data(
        self: &Arc<Self>,
        CallerContext { actor, locale, has_lenient_filters }: CallerContext,
        begin: fn(Arc<Register>, Scope) -> RegisterReader,
    ) -> impl Fn(&BatchQueue) -> Data + Send + Sync + use<> {
        let executor = Arc::clone(self);
        move |queue| {
            let reader = begin(Arc::clone(&executor.register), Scope::of(&actor));
            let mut data = RequestContext::new(reader, actor.clone(), locale).into_data(queue);
            data.insert(EndpointProbe::new(&executor, &executor.outbound_policy));
            if has_lenient_filters {
                data.insert(LenientFilters);
            }
            data
        }
    }
}

fn locale_of(head: RequestHead<'_>) -> Locale {
    Locale::from_accept_language(head.languages.unwrap_or_default())
}

impl GraphqlResponse {
    /// The response with a cached body.
    fn from_cached(cached: &CachedResponse) -> Self {
        Self {
            body: cached.body.clone(),
            outcome: ResponseOutcome::Answered,
            tag: Some(cached.tag),
            is_plain: true,
            kind: OperationKind::Query,
            feed_message: None,
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
