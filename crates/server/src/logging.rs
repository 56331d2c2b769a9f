//! Logs of the process, written to standard error.

use std::{
    io::{self, IsTerminal as _},
    panic::{self, PanicHookInfo},
    str::FromStr,
};

use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    Layer,
    filter::{FilterExt as _, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::SubscriberInitExt as _,
};

use crate::span_export::SpanExport;

mod request_ids;

use request_ids::{RequestIds, WithRequestId, spans_of_requests};

/// Characters of a panic message that are logged: it may quote user input.
const PAYLOAD_CHARS: usize = 200;

/// Libraries whose lines at `info` are not wanted.
const NOISY_TARGETS: [&str; 2] = ["sea_orm_migration", "sqlx"];

/// The filter of log lines: a level, or levels per module.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LogFilter(Targets);

impl FromStr for LogFilter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "not off, error, warn, info, debug or trace, \
             nor such levels by module like info,caunoi_store=debug";
        let mut targets = Targets::new();
        for directive in text.split(',').map(str::trim) {
            let (target, level) = directive.rsplit_once('=').unwrap_or(("", directive));
            // The parser also accepts numbers as levels, which are hard to read.
            let is_named = level.chars().all(char::is_alphabetic) && !level.is_empty();
            let level: LevelFilter = level.parse().ok().filter(|_| is_named).ok_or(EXPECTED)?;
            targets = match target.trim() {
                "" => NOISY_TARGETS.into_iter().fold(targets.with_default(level), |targets, noisy| {
                    targets.with_target(noisy, level.min(LevelFilter::WARN))
                }),
                target => targets.with_target(target, level),
            };
        }
        Ok(Self(targets))
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Text on a terminal, otherwise JSON.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl FromStr for LogFormat {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("not auto, text or json"),
        }
    }
}

/// Installs the subscriber for logs and spans, and a panic hook that logs panics.
pub(crate) fn install(filter: LogFilter, format: LogFormat, spans: Option<&SpanExport>) {
    let is_text = match format {
        LogFormat::Auto => io::stderr().is_terminal(),
        LogFormat::Text => true,
        LogFormat::Json => false,
    };
    let layer = lines(filter, is_text, io::stderr);
    // This fails only if the function was called before.
    let _ = tracing_subscriber::registry().with(layer).with(spans.map(SpanExport::layer)).try_init();
    panic::set_hook(Box::new(log_panic));
}

/// Returns the layer that writes the lines that pass the filter; lines of a request have its id.
fn lines<S, W>(LogFilter(shown): LogFilter, is_text: bool, writer: W) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let layer = fmt::layer().with_writer(writer);
    let layer = if is_text {
        // The text format writes the enclosing spans, which contain the request id.
        layer.compact().with_target(false).with_ansi(has_colours()).boxed()
    } else {
        let layer = layer.json().flatten_event(true).with_current_span(false).with_span_list(false);
        layer.map_event_format(WithRequestId).boxed()
    };
    // Spans of requests must pass every filter, otherwise a line would lack its request id.
    let shown = layer.with_filter(shown.or(spans_of_requests()));
    RequestIds.with_filter(spans_of_requests()).and_then(shown)
}

fn has_colours() -> bool {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !is_unwanted
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let payload = truncate(panic.payload_as_str().unwrap_or_default());
    tracing::error!(location, payload, "the program panicked");
}

fn truncate(text: &str) -> String {
    text.chars().take(PAYLOAD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};
    use tracing::Level;

    #[test]
    fn filter_is_a_level_or_levels_per_module() {
        let LogFilter(plain) = "info".parse().unwrap();
        assert!(plain.would_enable("caunoi_server", &Level::INFO));
        assert!(!plain.would_enable("caunoi_server", &Level::DEBUG));
        assert!(!plain.would_enable("sqlx::query", &Level::INFO));
        let LogFilter(loud) = "warn, caunoi_store=debug,sqlx=trace".parse().unwrap();
        assert!(!loud.would_enable("caunoi_server", &Level::INFO));
        assert!(loud.would_enable("caunoi_store::list", &Level::DEBUG));
        assert!(loud.would_enable("sqlx::query", &Level::TRACE));
        let LogFilter(silent) = "off".parse().unwrap();
        assert!(!silent.would_enable("sqlx", &Level::ERROR));
    }

    /// Collects the written lines.
    #[derive(Clone, Default)]
    struct LogBuffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for LogBuffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(filter: &str, is_text: bool, write: impl FnOnce()) -> String {
        let written = LogBuffer::default();
        let writer = written.clone();
        let layer = lines(filter.parse().unwrap(), is_text, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), write);
        let bytes = written.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn request_lines_have_their_request_id_at_every_level() {
        for filter in ["info", "error", "off,caunoi_server::logging=error"] {
            let lines = written(filter, false, || {
                let request =
                    tracing::error_span!("request", request_id = "0123456789abcdef", route = "graphql");
                request.in_scope(|| {
                    tracing::debug_span!("sql").in_scope(|| tracing::error!(why = "locked", "inside"));
                    tracing::error!(request_id = "of its own", "named");
                });
                tracing::error!("outside");
            });
            let lines: Vec<serde_json::Value> =
                lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            assert_eq!(lines[0]["message"], "inside");
            assert_eq!(lines[0]["request_id"], "0123456789abcdef");
            assert_eq!(lines[0]["why"], "locked");
            assert_eq!(lines[1]["request_id"], "of its own");
            assert_eq!(lines[2].get("request_id"), None, "{filter}");
        }
        let text = written("warn", true, || {
            tracing::error_span!("request", request_id = "0123456789abcdef")
                .in_scope(|| tracing::warn!("inside"));
        });
        assert!(text.contains("0123456789abcdef") && text.contains("inside"), "{text}");
        assert_eq!(written("off", false, || tracing::error!("silent")), "");
    }

    #[test]
    fn misspelt_level_is_refused() {
        for text in ["", "inof", "info,", "3", "caunoi_store", "caunoi_store=", "info;debug"] {
            assert!(text.parse::<LogFilter>().is_err(), "{text}");
        }
    }

    #[test]
    fn panic_message_is_truncated_between_characters() {
        assert_eq!(truncate(&"ữ".repeat(300)).chars().count(), PAYLOAD_CHARS);
    }
}
