//! Preparation of a request for the engine: the document, its operation, its variables, its cost.

use super::document::{DocumentCache, DocumentError, ParsedDocument};
use super::variables::{VariableValues, coerce_variables, refuse_null};
use super::{
    CostMode, ErrorCode, GraphqlRequest, GraphqlResponse, Recipient, ResponseOutcome, TrustedDocuments,
    dry_run, introspection_cache, mutation_rules, public_errors,
};
use crate::cost::{self, Cost, CostLimits, OperationRef, Sizes, introspection};
use async_graphql::{Request, ServerError, Variables};
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType,
};
use async_graphql_value::Name;
use caunoi_domain::policy::Role;
use caunoi_domain::refusal::RefusalReason;
use caunoi_metrics::{Stage, StageTimer};
use caunoi_texts::ApiText;
use std::collections::HashSet;
use std::sync::Arc;

/// An operation that may be executed.
pub(crate) struct PreparedOperation {
    pub(super) request: Request,
    pub(super) kind: OperationType,
    pub(super) recipient: Recipient,
    pub(super) document: ParsedDocument,
    /// The variables with their defaults, as canonical JSON text.
    pub(super) variables: Vec<u8>,
    /// The variables without a value.
    pub(super) absent: HashSet<Name>,
    /// Whether its span contains the document.
    pub(super) is_traced: bool,
    /// The estimated cost of the operation, or of one event of a subscription.
    pub(super) cost: u64,
    /// The estimated bytes of the response.
    pub(super) bytes: u64,
    /// The normal form of a standard introspection document; none for any other document.
    pub(super) introspection: Option<Arc<str>>,
    /// Whether only its field `rateLimit` is executed.
    pub(super) is_dry_run: bool,
    /// Whether the response reports its cost.
    pub(super) cost_mode: CostMode,
}

/// The cost limits, and the sizes of the register for the estimate.
pub(super) struct CostPolicy {
    pub(super) limits: CostLimits,
    pub(super) sizes: Sizes,
}

/// Prepares a request. Returns the error response if the document, the operation or its variables
/// are invalid, or if it costs too much.
pub(super) fn prepare(
    request: GraphqlRequest,
    policy: &CostPolicy,
    documents: &DocumentCache,
    trusted: &TrustedDocuments,
) -> Result<PreparedOperation, Box<GraphqlResponse>> {
    let recipient = Recipient::new(&request.request_id, request.languages.as_deref());
    let cost_mode = request.cost_mode;
    let GraphqlRequest { actor, document, operation_name, variables, allowed_operations, .. } = request;
    let invalid = |error| Box::new(GraphqlResponse::from_error(ResponseOutcome::Invalid, error));
    let bad_input =
        |text: ApiText| invalid(public_errors::public_error(ErrorCode::BadInput, &text, &recipient));
    let document = trusted
        .resolve(document, &actor)
        .map_err(|(code, text)| invalid(public_errors::public_error(code, &text, &recipient)))?;
    let known = documents
        .read(&document)
        .map_err(|(outcome, errors)| Box::new(document_errors(outcome, errors, &recipient)))?;
    let parsed = known.parsed();
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let operation = find_operation(parsed, operation_name.as_deref()).map_err(bad_input)?;
    if !allowed_operations.allows(operation.ty) {
        let error = public_errors::public_error(ErrorCode::BadInput, &ApiText::OtherTransport, &recipient);
        return Err(Box::new(GraphqlResponse::from_error(ResponseOutcome::QueryOnly, error)));
    }
    mutation_rules::check(parsed, operation).map_err(bad_input)?;
    let sent = read_variables(variables).map_err(bad_input)?;
    let usages = known.find_usages(operation_name.as_deref());
    let values = coerce_variables(documents.types(), operation, sent).and_then(|values| {
        refuse_null(&values, usages)?;
        Ok(values)
    });
    let VariableValues { variables, absent } =
        values.map_err(|flaw| invalid(public_errors::input_error(&flaw, &recipient)))?;
    let introspection = introspection_cache::normal_form(parsed, operation);
    let operation_ref = OperationRef { document: parsed, operation, variables: &variables };
    let cost = match introspection {
        Some(_) => Cost::OF_STANDARD_INTROSPECTION,
        None => {
            check_cost(operation_ref, policy, actor.role()).map_err(|error| invalid(error(&recipient)))?
        }
    };
    let (kind, is_dry_run) = (operation.ty, dry_run::is_requested(operation_ref));
    let mut parsed = known.for_engine(operation_name.as_deref(), &absent);
    if is_dry_run {
        dry_run::remove_other_fields(&mut parsed, operation_name.as_deref());
    }
    // Object members are ordered by name, so equal variables have equal texts.
    let text = serde_json::to_vec(&variables).unwrap_or_default();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    request.operation_name = operation_name;
    request.set_parsed_query(parsed);
    Ok(PreparedOperation {
        request,
        kind,
        recipient,
        document: known,
        variables: text,
        cost: cost.units,
        bytes: cost.bytes,
        introspection,
        absent,
        is_traced: false,
        is_dry_run,
        cost_mode,
    })
}

/// Returns the estimated cost of an operation, or an error if it exceeds the limit of the role.
fn check_cost(
    operation_ref: OperationRef<'_>,
    policy: &CostPolicy,
    role: Role,
) -> Result<Cost, impl Fn(&Recipient) -> ServerError + use<>> {
    let limit = policy.limits.of(role);
    let _timer = StageTimer::begin(Stage::Cost);
    let cost = cost::estimate(operation_ref, &policy.sizes);
    caunoi_metrics::record_cost(cost.units);
    let is_deep = introspection::is_too_deep(operation_ref.document, operation_ref.operation);
    if cost.units <= limit && !is_deep {
        return Ok(cost);
    }
    let first = cost::suggest_first(operation_ref, &policy.sizes, limit);
    Err(move |recipient: &Recipient| {
        if is_deep {
            public_errors::public_error(ErrorCode::CostExceeded, &ApiText::DeepIntrospection, recipient)
        } else {
            public_errors::cost_exceeded(cost.units, limit, first, recipient)
        }
    })
}

pub(super) fn find_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, ApiText> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => match all.len() {
            1 => all.values().next(),
            _ => return Err(ApiText::SeveralOperations),
        },
    };
    found.map(|operation| &operation.node).ok_or(ApiText::NoOperation)
}

/// Returns the sent variables; null counts as none.
fn read_variables(sent: serde_json::Value) -> Result<serde_json::Map<String, serde_json::Value>, ApiText> {
    if has_more_values(&sent, MOST_VALUES) {
        return Err(ApiText::TooManyValues { most: MOST_VALUES });
    }
    match sent {
        serde_json::Value::Object(sent) => Ok(sent),
        serde_json::Value::Null => Ok(serde_json::Map::new()),
        serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_)
        | serde_json::Value::Array(_) => Err(ApiText::VariablesNotObject),
    }
}

/// The most values in the variables of one request, lists and objects counted too: each argument
/// that uses a variable reads all of it.
const MOST_VALUES: usize = 2_000;

/// Whether a JSON value contains more values than `limit`; stops as soon as it does.
fn has_more_values(json: &serde_json::Value, limit: usize) -> bool {
    let mut waiting = vec![json];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > limit {
            return true;
        }
        match value {
            serde_json::Value::Array(items) => waiting.extend(items.iter().take(limit)),
            serde_json::Value::Object(fields) => waiting.extend(fields.values().take(limit)),
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => {}
        }
    }
    false
}

fn document_errors(
    outcome: ResponseOutcome,
    errors: Vec<DocumentError>,
    recipient: &Recipient,
) -> GraphqlResponse {
    let to_public = |error: DocumentError| {
        let DocumentError { code, message, text, locations, .. } = error;
        let public = match text {
            Some(text) if message.is_empty() => public_errors::input_error(&text, recipient),
            Some(text) => ServerError { message, ..public_errors::input_error(&text, recipient) },
            None => public_errors::document_error(code, message, recipient),
        };
        ServerError { locations, ..public }
    };
    let is_over_limit = errors.iter().any(|error| error.is_over_limit);
    let errors: Vec<_> = errors.into_iter().map(to_public).collect();
    let response = GraphqlResponse::from_errors(outcome, &errors);
    let refusal = if is_over_limit { Some(RefusalReason::DocumentLimit) } else { response.refusal };
    GraphqlResponse { refusal, ..response }
}
