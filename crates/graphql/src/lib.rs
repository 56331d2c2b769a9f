//! The GraphQL API of the register: the schema, execution, public errors, limits on documents.
//!
//! Nothing here knows SQL, HTTP or a socket. Resolvers parse their arguments, call `register`
//! and wrap the result; names and links come from the directory in memory.
//!
//! Start reading at [`Api`] (the one entry for every transport), `schema/query.rs` (the roots)
//! and `guard` (the limits on documents).

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

mod batch_queue;
mod cost;
pub mod execution;
pub mod feed_documents;
pub mod guard;
mod input_path;
mod schema;
mod schema_description;
mod schema_types;
#[cfg(test)]
mod tests;
mod validation;
pub mod webhook;

use async_graphql::{Schema, SchemaBuilder, ValidationMode};
use caunoi_cache::ResponseCache;
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_metrics::{RequestTimer, Transport};
use caunoi_register::Register;
use caunoi_texts::ApiText;
use execution::{
    CostMode, ErrorCode, ExecutionLimits, Executor, GraphqlRequest, GraphqlResponse, RateAccount,
    RateLimiter, Recipient, RequestHead, RequestParams, ResponseOutcome, TrustedDocuments,
};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
pub use schema::document::file_url;
pub use schema::global_id::parse_entry_type;
use schema::mutation::{Mutation, idempotency};
use schema::query::Query;
use schema::subscription::Subscription;
use std::sync::Arc;
use webhook::OutboundPolicy;

/// The configuration of an API.
pub struct ApiConfiguration {
    /// The limits of one operation.
    pub limits: ExecutionLimits,
    /// The documents that requests may name by their hash.
    pub trusted_documents: TrustedDocuments,
    /// Decides which URLs a webhook may call.
    pub outbound_policy: Arc<dyn OutboundPolicy>,
    /// Whether spans contain documents.
    pub traces_documents: bool,
}

/// The GraphQL API of one register, the only entry for transports. Clones share their state.
#[derive(Clone)]
pub struct Api(Arc<Executor>);

impl Api {
    /// Creates the API of this register, with its response cache. `program` identifies the running
    /// program: responses cached by another one are not used.
    #[must_use]
    pub fn new(
        register: Arc<Register>,
        cache: ResponseCache,
        program: &str,
        configuration: ApiConfiguration,
    ) -> Self {
        Self(Arc::new(Executor::new(register, cache, program, configuration)))
    }

    /// Executes one HTTP request. `bytes` determines its parameters: the body, or the query string
    /// of the URL. `parse` reads the parameters and is called only if there is no cached response
    /// to the same bytes.
    ///
    /// # Errors
    /// Returns the error of `parse`.
    pub async fn execute<E>(
        &self,
        head: RequestHead<'_>,
        bytes: &[u8],
        parse: impl FnOnce() -> Result<RequestParams, E>,
    ) -> Result<GraphqlResponse, E> {
        let timer = RequestTimer::begin(head.transport);
        let mut account = self.0.open_account(head.actor, head.address);
        let response = match account.charge_request() {
            Err(exceeded) => GraphqlResponse::rate_limited(&exceeded, &Recipient::of(head)),
            Ok(()) => match self.catch_up(head).await {
                Err(rejection) => account.attach(rejection),
                Ok(()) => self.execute_current(head, bytes, parse, account).await?,
            },
        };
        timer.end(response.kind, response.outcome.into(), response.body.len());
        Ok(response)
    }

    /// Executes a request in the state that this node has reached.
    async fn execute_current<E>(
        &self,
        head: RequestHead<'_>,
        bytes: &[u8],
        parse: impl FnOnce() -> Result<RequestParams, E>,
        mut account: RateAccount,
    ) -> Result<GraphqlResponse, E> {
        let (request_key, found) = self.0.find_by_bytes(head, bytes);
        // The same bytes need no second parse. A cached body has no report.
        if let Some(response) = found.filter(|_| head.cost_mode == CostMode::None) {
            return Ok(account.attach(response));
        }
        if let Err(exceeded) = account.charge_bytes(bytes.len()) {
            return Ok(GraphqlResponse::rate_limited(&exceeded, &Recipient::of(head)));
        }
        match parse() {
            Ok(params) => Ok(self.0.execute_request(head, request_key, params, account).await),
            Err(error) => {
                account.settle_refusal();
                Err(error)
            }
        }
    }

    /// Executes a request of a transport that stays open. Returns one response to a query or a
    /// mutation and one for each event of a subscription; a response other than
    /// [`ResponseOutcome::Answered`] is the last.
    ///
    /// Dropping the stream stops the execution.
    ///
    /// [`ResponseOutcome::Answered`]: execution::ResponseOutcome::Answered
    #[must_use]
    pub fn execute_stream(
        &self,
        request: GraphqlRequest,
        transport: Transport,
    ) -> BoxStream<'static, GraphqlResponse> {
        let timer = RequestTimer::begin(transport);
        let mut is_first = true;
        let counted = self.0.execute_stream(request).inspect(move |response| {
            if std::mem::take(&mut is_first) {
                timer.end(response.kind, response.outcome.into(), response.body.len());
            } else {
                timer.send(response.body.len());
            }
        });
        counted.boxed()
    }

    /// Returns the rate limiter of this node, for charges and answers of other paths than GraphQL.
    #[must_use]
    pub fn rate_limiter(&self) -> &Arc<RateLimiter> {
        self.0.rate_limiter()
    }

    /// Returns the epoch of the database.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.0.register.epoch()
    }

    /// Waits until this node has applied the log positions that the caller has seen
    /// (`Caunoi-After`).
    async fn catch_up(&self, head: RequestHead<'_>) -> Result<(), GraphqlResponse> {
        let Some(after) = head.after else { return Ok(()) };
        let register = &self.0.register;
        let recipient = &Recipient::of(head);
        let Ok(positions) = Positions::from_cursor(register.signing_key(), after) else {
            return Err(GraphqlResponse::refuse(
                ResponseOutcome::Malformed,
                ErrorCode::BadInput,
                &ApiText::AfterForeign,
                recipient,
            ));
        };
        if !register.is_of_this_epoch(&positions).await {
            return Err(GraphqlResponse::refuse(
                ResponseOutcome::Malformed,
                ErrorCode::BadInput,
                &ApiText::AfterOldEpoch,
                recipient,
            ));
        }
        if register.wait_until_applied(&positions).await {
            return Ok(());
        }
        let text = &ApiText::AfterNotReached;
        Err(GraphqlResponse::refuse(ResponseOutcome::Unavailable, ErrorCode::Unavailable, text, recipient))
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// Returns the schema in its definition language, as committed in `schema/schema.graphql`.
#[must_use]
pub fn published_sdl() -> String {
    schema_description::describe_schema(&sdl())
}

/// Returns the schema in its definition language without the description of the schema itself, which
/// the parser of the engine does not accept.
pub(crate) fn sdl() -> String {
    let options = async_graphql::SDLExportOptions::new();
    let options = options.sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::ROOT, Mutation::ROOT, Subscription)
        .register_output_type::<schema::node::Node>()
        .register_output_type::<schema::entry::EntryInterface>()
        .directive(idempotency::idempotent)
        // Documents are validated once, before the engine gets them.
        .validation_mode(ValidationMode::Fast)
        .disable_suggestions()
}
