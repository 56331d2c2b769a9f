//! Everything that is decided before the engine runs: the document, its operation, its variables,
//! what it may cost.

use super::document::{Document, Documents, Unfit};
use super::variables::{Values, values_of};
use super::{Answer, Code, Outcome, Question, faults, inputs, standard, writes};
use crate::cost::{self, Asked, Cost, CostLimits, Sizes, introspection};
use crate::guard::Rule;
use async_graphql::{Request, ServerError, Variables};
use async_graphql_parser::Pos;
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};
use async_graphql_value::Name;
use caunoi_domain::policy::Role;
use caunoi_metrics::{Stage, Timer};
use std::collections::HashSet;
use std::sync::Arc;

/// A question that the engine may run.
pub(crate) struct Prepared {
    pub(super) request: Request,
    pub(super) kind: OperationType,
    pub(super) request_id: String,
    pub(super) document: Document,
    /// The variables as canonical JSON text, defaults among them.
    pub(super) variables: Vec<u8>,
    /// The variables that have no value.
    pub(super) absent: HashSet<Name>,
    /// What the operation, or one event of it, can be expected to cost.
    pub(super) cost: u64,
    /// Bytes that the answer can be expected to take.
    pub(super) bytes: u64,
    /// The normal form of a standard introspection document; none for any other document.
    pub(super) introspection: Option<Arc<str>>,
}

/// How much an operation may cost, and the sizes of the register that it is asked of.
pub(super) struct Allowed {
    pub(super) limits: CostLimits,
    pub(super) sizes: Sizes,
}

/// Everything that is decided before the engine runs.
pub(super) fn prepare(
    question: Question,
    allowed: &Allowed,
    documents: &Documents,
) -> Result<Prepared, Answer> {
    let Question { actor, document, operation_name, variables, request_id, offer, .. } = question;
    let bad_input = |message: &str| {
        let fault = faults::fault(Code::BadInput, message, &request_id);
        Answer::from_error(Outcome::Refused, fault)
    };
    let known = documents.read(&document).map_err(|unfit| refuse(unfit, &request_id))?;
    let parsed = known.parsed();
    let operation_name = operation_name.filter(|name| !name.is_empty());
    let operation = find_operation(parsed, operation_name.as_deref()).map_err(bad_input)?;
    match operation.ty {
        kind if !offer.holds(kind) => {
            let message = "This cannot be asked this way; use POST.";
            let fault = faults::fault(Code::BadInput, message, &request_id);
            return Err(Answer::from_error(Outcome::QueryOnly, fault));
        }
        OperationType::Subscription if !has_one_field(operation) => {
            return Err(bad_input("A subscription selects exactly one field, without a fragment around it."));
        }
        OperationType::Query | OperationType::Mutation | OperationType::Subscription => {}
    }
    writes::check(parsed, operation).map_err(bad_input)?;
    let sent = read_variables(variables).map_err(|flaw| bad_input(&flaw))?;
    let usages = known.usages_of(operation_name.as_deref());
    let Values { variables, absent } = values_of(operation, usages, sent).map_err(|flaw| bad_input(&flaw))?;
    if let Some(flaw) = inputs::find_flaw(operation, &variables) {
        return Err(bad_input(&flaw));
    }
    let introspection = standard::normal_form(parsed, operation);
    let asked = Asked { document: parsed, operation, variables: &variables };
    let cost = match introspection {
        Some(_) => Cost::OF_STANDARD_INTROSPECTION,
        None => weigh(asked, allowed, actor.role())
            .map_err(|fault| Answer::from_error(Outcome::Refused, fault(&request_id)))?,
    };
    let kind = operation.ty;
    let parsed = known.for_engine(operation_name.as_deref(), &absent);
    // Members of objects stand in the order of their names, so equal variables are equal texts.
    let text = serde_json::to_vec(&variables).unwrap_or_default();
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    request.operation_name = operation_name;
    request.set_parsed_query(parsed);
    Ok(Prepared {
        request,
        kind,
        request_id,
        document: known,
        variables: text,
        cost: cost.units,
        bytes: cost.bytes,
        introspection,
        absent,
    })
}

/// What the operation can be expected to cost, if that is not more than it may.
fn weigh(
    asked: Asked<'_>,
    allowed: &Allowed,
    role: Role,
) -> Result<Cost, impl Fn(&str) -> ServerError + use<>> {
    let most = allowed.limits.of(role);
    let _timer = Timer::begin(Stage::Cost);
    let cost = cost::of(asked, &allowed.sizes);
    caunoi_metrics::cost(cost.units);
    let is_deep = introspection::is_too_deep(asked.document, asked.operation);
    if cost.units <= most && !is_deep {
        return Ok(cost);
    }
    let first = cost::suggest_first(asked, &allowed.sizes, most);
    Err(move |request_id: &str| {
        if is_deep {
            faults::deep_introspection(request_id)
        } else {
            faults::too_costly((cost.units, most), first, request_id)
        }
    })
}

/// The specification asks for one root field. The engine would take several, and pass over
/// fragments without a word.
fn has_one_field(subscription: &OperationDefinition) -> bool {
    match subscription.selection_set.node.items.as_slice() {
        [only] => match &only.node {
            Selection::Field(field) => !field.node.name.node.starts_with("__"),
            Selection::FragmentSpread(_) | Selection::InlineFragment(_) => false,
        },
        _ => false,
    }
}

pub(super) fn find_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a OperationDefinition, &'static str> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => match all.len() {
            1 => all.values().next(),
            _ => return Err("The document has several operations: name one."),
        },
    };
    found.map(|operation| &operation.node).ok_or("The document has no operation of that name.")
}

/// The variables as they were sent.
fn read_variables(sent: serde_json::Value) -> Result<serde_json::Map<String, serde_json::Value>, String> {
    if has_more_values(&sent, MOST_VALUES) {
        return Err(format!("Variables hold at most {MOST_VALUES} values."));
    }
    match sent {
        serde_json::Value::Object(sent) => Ok(sent),
        serde_json::Value::Null => Ok(serde_json::Map::new()),
        serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_)
        | serde_json::Value::Array(_) => Err("Variables are a JSON object.".to_owned()),
    }
}

/// The most values that the variables of one request hold, lists and objects counted too: every
/// argument that names a variable reads all of it.
const MOST_VALUES: usize = 2_000;

/// Whether a JSON value holds more values than this; it looks no further than it must.
fn has_more_values(json: &serde_json::Value, most: usize) -> bool {
    let mut waiting = vec![json];
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > most {
            return true;
        }
        match value {
            serde_json::Value::Array(items) => waiting.extend(items.iter().take(most)),
            serde_json::Value::Object(fields) => waiting.extend(fields.values().take(most)),
            serde_json::Value::Null
            | serde_json::Value::Bool(_)
            | serde_json::Value::Number(_)
            | serde_json::Value::String(_) => {}
        }
    }
    false
}

fn refuse(unfit: Unfit, request_id: &str) -> Answer {
    let refused = match unfit {
        Unfit::Refused(refused) => refused,
        Unfit::Invalid(invalid) => {
            let mut fault = faults::fault(invalid.code, invalid.message, request_id);
            fault.locations = invalid.places;
            return Answer::from_error(Outcome::Refused, fault);
        }
    };
    let code = match refused.rule {
        Rule::Selections | Rule::Aliases | Rule::Depth => Code::CostExceeded,
        Rule::Syntax
        | Rule::Length
        | Rule::Brackets
        | Rule::Tokens
        | Rule::Ignored
        | Rule::Name
        | Rule::Nesting
        | Rule::Directives
        | Rule::Cycle => Code::BadInput,
    };
    let mut fault = faults::fault(code, refused.message(), request_id);
    if let Some(place) = refused.place {
        fault.locations.push(Pos { line: place.line, column: place.column });
    }
    Answer::from_error(Outcome::Refused, fault)
}
