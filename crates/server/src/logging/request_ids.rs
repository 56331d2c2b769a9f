//! Adds the request id to every log line of a request, whichever crate writes it.
//!
//! A request has a span with the field `request_id`; all code and all tasks of the request run
//! inside that span. A line of JSON gets the id as its first member unless it already has one.

use std::fmt;

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    filter::FilterFn,
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    layer::Context,
    registry::LookupSpan,
};

const FIELD: &str = "request_id";

/// Returns a filter that passes only spans with a request id.
pub(super) fn spans_of_requests() -> FilterFn {
    let names_request = |metadata: &Metadata<'_>| {
        metadata.is_span() && *metadata.level() == Level::ERROR && metadata.fields().field(FIELD).is_some()
    };
    FilterFn::new(names_request as fn(&Metadata<'_>) -> bool).with_max_level_hint(LevelFilter::ERROR)
}

/// The request id of a span, stored in its extensions.
struct SpanRequestId(String);

/// Stores the request id of each new span in its extensions.
pub(super) struct RequestIds;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for RequestIds {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut found = RequestIdVisitor(None);
        attributes.record(&mut found);
        if let (Some(request_id), Some(span)) = (found.0, context.span(id)) {
            span.extensions_mut().insert(SpanRequestId(request_id));
        }
    }
}

/// Reads the field `request_id`; None if it is missing.
struct RequestIdVisitor(Option<String>);

impl Visit for RequestIdVisitor {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == FIELD {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn fmt::Debug) {}
}

/// Writes lines of JSON with the request id.
pub(super) struct WithRequestId<F>(pub(super) F);

impl<S, N, F> FormatEvent<S, N> for WithRequestId<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        match (request_id_of(context), line.strip_prefix('{')) {
            // The id is 16 hexadecimal digits and needs no escaping.
            (Some(id), Some(members)) if !members.contains("\"request_id\":") => {
                write!(writer, "{{\"{FIELD}\":\"{id}\",{members}")
            }
            _ => writer.write_str(&line),
        }
    }
}

/// Returns the request id of the innermost enclosing span that has one.
fn request_id_of<S, N>(context: &FmtContext<'_, S, N>) -> Option<String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    context.event_scope()?.find_map(|span| span.extensions().get::<SpanRequestId>().map(|id| id.0.clone()))
}
