//! The executor: what all requests to one register share, and the way of a request by the kind of
//! its operation. Queries continue in `cached_query`, subscriptions in `subscription`; a mutation
//! goes to the engine at once and is never cached.

use super::admission::{Admission, Client, Turn};
use super::budget::SubscriptionBudget;
use super::cached_query::FlightOutput;
use super::cost_report::EstimatedCost;
use super::engine_schemas::EngineSchemas;
use super::introspection_cache::IntrospectionCache;
use super::shared_stream::SharedStreams;
use super::subscription::SubscriptionOrigin;
use super::{
    AllowedOperations, CostMode, CostPolicy, DocumentCache, ExecutionLimits, GraphqlRequest, GraphqlResponse,
    PreparedOperation, RateAccount, RateLimiter, Recipient, RequestHead, RequestParams, TrustedDocuments,
    execute_prepared, prepare,
};
use crate::ApiConfiguration;
use crate::batch_queue::BatchQueue;
use crate::cost::Sizes;
use crate::schema::mutation::ClientAddress;
use crate::schema::request_context::RequestContext;
use crate::schema_types::TYPES;
use crate::webhook::{EndpointProbe, OutboundPolicy};
use async_graphql::Data;
use async_graphql_parser::types::OperationType;
use caunoi_cache::{ResponseCache, SingleFlight};
use caunoi_domain::cache_key::{CacheKey, CacheKeyHasher};
use caunoi_domain::locale::Locale;
use caunoi_domain::policy::{Actor, Scope};
use caunoi_register::{Register, RegisterReader};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use std::net::IpAddr;
use std::sync::Arc;

/// Executes all requests to one register.
pub(crate) struct Executor {
    pub(super) schemas: EngineSchemas,
    pub(crate) register: Arc<Register>,
    pub(super) cache: ResponseCache,
    documents: DocumentCache,
    trusted_documents: TrustedDocuments,
    pub(super) introspections: IntrospectionCache,
    pub(super) key_hasher: CacheKeyHasher,
    pub(super) single_flight: SingleFlight<CacheKey, FlightOutput>,
    pub(super) shared_streams: SharedStreams,
    pub(super) subscriptions: SubscriptionBudget,
    pub(super) admission: Admission,
    pub(super) rate_limiter: Arc<RateLimiter>,
    pub(crate) limits: ExecutionLimits,
    outbound_policy: Arc<dyn OutboundPolicy>,
    traces_documents: bool,
}

/// The caller, the locale and whether the filter is a stored one.
#[derive(Clone)]
pub(super) struct CallerContext {
    pub(super) actor: Actor,
    pub(super) locale: Locale,
    /// As in [`GraphqlRequest::address`].
    pub(super) address: Option<IpAddr>,
    /// As in [`GraphqlRequest::has_stored_filter`].
    pub(super) has_stored_filter: bool,
}

/// The turn and the account of one request.
pub(super) struct RequestAllowance {
    pub(super) turn: Arc<Turn>,
    pub(super) account: RateAccount,
}

/// Marks a request with a stored filter in its data; see [`GraphqlRequest::has_stored_filter`].
pub(crate) struct StoredFilter;

impl Executor {
    /// Creates an executor over this register. `program` identifies the running program and is part
    /// of each cache key.
    pub(crate) fn new(
        register: Arc<Register>,
        cache: ResponseCache,
        program: &str,
        configuration: ApiConfiguration,
    ) -> Self {
        let ApiConfiguration { limits, trusted_documents, outbound_policy, traces_documents } = configuration;
        let schemas = EngineSchemas::build();
        // Another program or schema may respond differently, so its keys differ.
        let key_hasher = CacheKeyHasher::new(&[program, &schemas.sdl()]);
        let rate_limiter = Arc::new(RateLimiter::new(limits.rates, Arc::clone(register.clock())));
        Self {
            schemas,
            register,
            cache,
            documents: DocumentCache::new(&TYPES),
            trusted_documents,
            introspections: IntrospectionCache::default(),
            key_hasher,
            single_flight: SingleFlight::default(),
            shared_streams: SharedStreams::default(),
            subscriptions: SubscriptionBudget::new(limits.subscriptions),
            admission: Admission::new(limits),
            rate_limiter,
            limits,
            outbound_policy,
            traces_documents,
        }
    }

    /// Opens the account of a request.
    pub(crate) fn open_account(&self, actor: &Actor, address: Option<IpAddr>) -> RateAccount {
        RateAccount::open(&self.rate_limiter, actor, address)
    }

    /// Returns the rate limiter of this node.
    pub(crate) fn rate_limiter(&self) -> &Arc<RateLimiter> {
        &self.rate_limiter
    }

    /// Executes a request with these parameters; `request_key` is the key of its bytes, and `account`
    /// has been charged for them.
    ///
    /// Neither generic nor an `async fn`: each caller of such a function compiles all resolvers
    /// again.
    pub(crate) fn execute_request(
        self: &Arc<Self>,
        head: RequestHead<'_>,
        request_key: CacheKey,
        params: RequestParams,
        account: RateAccount,
    ) -> BoxFuture<'static, GraphqlResponse> {
        let RequestParams { document, operation_name, variables, cost_mode } = params;
        let cost_mode = head.cost_mode.or(cost_mode);
        let request = GraphqlRequest {
            actor: head.actor.clone(),
            document,
            operation_name,
            variables,
            languages: head.languages.map(str::to_owned),
            request_id: head.request_id.to_owned(),
            allowed_operations: AllowedOperations::by(head.transport),
            resume: None,
            has_stored_filter: false,
            address: head.address,
            cost_mode,
        };
        let caller = CallerContext {
            actor: head.actor.clone(),
            locale: locale_of(head.languages),
            address: head.address,
            has_stored_filter: false,
        };
        // A response with a report is that of one request.
        let request_key = (cost_mode == CostMode::None).then_some(request_key);
        let executor = Arc::clone(self);
        let allowance = RequestAllowance { turn: self.turn(&request), account };
        async move { executor.execute_charged(request, caller, request_key, allowance).await }.boxed()
    }

    /// Executes a query or a mutation and settles its account.
    async fn execute_charged(
        self: &Arc<Self>,
        request: GraphqlRequest,
        caller: CallerContext,
        request_key: Option<CacheKey>,
        mut allowance: RequestAllowance,
    ) -> GraphqlResponse {
        if let Err(overloaded) = allowance.turn.take().await {
            return allowance.account.attach(overloaded);
        }
        match self.prepare(request) {
            Err(rejection) => {
                allowance.account.settle_refusal();
                allowance.account.attach(*rejection)
            }
            Ok(prepared) => self.execute_prepared_charged(caller, prepared, request_key, allowance).await,
        }
    }

    /// Executes a prepared query or mutation, reports its cost if requested, and settles its account.
    async fn execute_prepared_charged(
        self: &Arc<Self>,
        caller: CallerContext,
        prepared: PreparedOperation,
        request_key: Option<CacheKey>,
        mut allowance: RequestAllowance,
    ) -> GraphqlResponse {
        let estimated = EstimatedCost::of(&prepared, self.limits.cost, caller.actor.role());
        if let Some(response) = estimated.estimate_only(&allowance.account) {
            return allowance.account.attach(response.with_kind(prepared.kind));
        }
        let response = if prepared.kind == OperationType::Query {
            self.execute_query(caller, prepared, request_key, &mut allowance).await
        } else {
            self.execute_uncached(caller, prepared, &mut allowance).await
        };
        allowance.account.attach(estimated.report(response, &allowance.account))
    }

    /// Executes a request of a transport that stays open: one response to a query or a mutation,
    /// one for each event of a subscription.
    pub(crate) fn execute_stream(
        self: &Arc<Self>,
        request: GraphqlRequest,
    ) -> BoxStream<'static, GraphqlResponse> {
        let executor = Arc::clone(self);
        let begin = async move {
            let turn = executor.turn(&request);
            // Known documents are cheap to prepare, so subscribers that come back are not refused.
            if !executor.documents.is_known(&request.document)
                && let Err(overloaded) = turn.take().await
            {
                return stream::iter([overloaded]).boxed();
            }
            executor.open_stream(request, turn)
        };
        begin.flatten_stream().boxed()
    }

    /// Executes such a request for an operation that has a slot: waiting for another one could block
    /// both.
    pub(crate) fn execute_nested_stream(
        self: &Arc<Self>,
        request: GraphqlRequest,
    ) -> BoxStream<'static, GraphqlResponse> {
        let turn = self.turn(&request);
        self.open_stream(request, turn)
    }

    fn open_stream(
        self: &Arc<Self>,
        mut request: GraphqlRequest,
        turn: Arc<Turn>,
    ) -> BoxStream<'static, GraphqlResponse> {
        let caller = CallerContext {
            actor: request.actor.clone(),
            locale: locale_of(request.languages.as_deref()),
            address: request.address,
            has_stored_filter: request.has_stored_filter,
        };
        let (resume, address) = (request.resume.take(), request.address);
        let recipient = Recipient::new(&request.request_id, request.languages.as_deref());
        let mut account = self.open_account(&request.actor, address);
        if let Err(exceeded) = account.charge_bytes(request.document.text_bytes()) {
            return stream::iter([GraphqlResponse::rate_limited(&exceeded, &recipient)]).boxed();
        }
        let executor = Arc::clone(self);
        match self.prepare(request) {
            Err(rejection) => {
                account.settle_refusal();
                stream::iter([account.attach(*rejection)]).boxed()
            }
            Ok(prepared) => match prepared.kind {
                OperationType::Query | OperationType::Mutation => {
                    let allowance = RequestAllowance { turn, account };
                    stream::once(async move {
                        executor.execute_prepared_charged(caller, prepared, None, allowance).await
                    })
                    .boxed()
                }
                OperationType::Subscription => {
                    self.subscribe_charged(caller, prepared, SubscriptionOrigin { resume, address }, account)
                }
            },
        }
    }

    /// Returns the place of a request in the admission.
    fn turn(&self, request: &GraphqlRequest) -> Arc<Turn> {
        let client = Client::new(&request.actor, request.address);
        self.admission.turn(client, Recipient::new(&request.request_id, request.languages.as_deref()))
    }

    /// Parses, validates and prices a request. Returns the error response if it is refused.
    fn prepare(&self, request: GraphqlRequest) -> Result<PreparedOperation, Box<GraphqlResponse>> {
        let sizes = Sizes::of(&self.register.read_model(), self.register.signing_key());
        let policy = CostPolicy { limits: self.limits.cost, sizes };
        let prepared = prepare(request, &policy, &self.documents, &self.trusted_documents)?;
        Ok(PreparedOperation { is_traced: self.traces_documents, ..prepared })
    }

    /// Executes a mutation in the engine. Refuses a subscription: it needs a transport that stays
    /// open.
    async fn execute_uncached(
        self: &Arc<Self>,
        caller: CallerContext,
        prepared: PreparedOperation,
        RequestAllowance { turn, account }: &mut RequestAllowance,
    ) -> GraphqlResponse {
        if let Err(overloaded) = turn.take().await {
            return overloaded;
        }
        let estimate = prepared.cost;
        if let Err(exceeded) = account.charge_estimate(estimate) {
            return GraphqlResponse::rate_limited(&exceeded, &prepared.recipient).with_kind(prepared.kind);
        }
        let context_data = self.context_data_factory(caller, RegisterReader::for_mutation);
        let schema = self.schemas.for_operation(&prepared, self.limits);
        let response = execute_prepared(schema, Ok(prepared), self.limits, context_data).await;
        account.settle_execution(estimate, &response);
        response
    }

    /// Returns a function that makes the data for resolvers. Each call begins a new reader, of the
    /// newest state of the register: one call for a mutation, one for each event of a subscription.
    pub(super) fn context_data_factory(
        self: &Arc<Self>,
        CallerContext { actor, locale, address, has_stored_filter }: CallerContext,
        begin: fn(Arc<Register>, Scope) -> RegisterReader,
    ) -> impl Fn(&BatchQueue) -> Data + Send + Sync + use<> {
        let executor = Arc::clone(self);
        move |queue| {
            let reader = begin(Arc::clone(&executor.register), Scope::of(&actor));
            let mut data = RequestContext::new(reader, actor.clone(), locale).into_data(queue);
            data.insert(ClientAddress(address));
            data.insert(EndpointProbe::new(&executor, &executor.outbound_policy));
            if has_stored_filter {
                data.insert(StoredFilter);
            }
            data
        }
    }
}

/// Returns the locale for the value of an `Accept-Language` header.
pub(super) fn locale_of(languages: Option<&str>) -> Locale {
    Locale::from_accept_language(languages.unwrap_or_default())
}
