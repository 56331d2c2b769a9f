//! What the process says about itself, on standard error.

use std::{
    io::{self, IsTerminal as _},
    panic::{self, PanicHookInfo},
    str::FromStr,
};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    Layer as _, filter::Targets, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::spans::Spans;

/// Of what a panic says, this much may be in a log: it can quote what people sent.
const PAYLOAD_CHARS: usize = 200;

/// Libraries that tell in many words at `info` what we tell in few.
const TALKATIVE: [&str; 2] = ["sea_orm_migration", "sqlx"];

/// Which lines are written: a level, or levels by module.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter(Targets);

impl FromStr for Filter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const EXPECTED: &str = "not off, error, warn, info, debug or trace, \
             nor such levels by module like info,caunoi_store=debug";
        let mut targets = Targets::new();
        for directive in text.split(',').map(str::trim) {
            let (target, level) = directive.rsplit_once('=').unwrap_or(("", directive));
            // A bare number is a level to the parser, and a secret to the reader.
            let is_named = level.chars().all(char::is_alphabetic) && !level.is_empty();
            let level: LevelFilter = level.parse().ok().filter(|_| is_named).ok_or(EXPECTED)?;
            targets = match target.trim() {
                "" => TALKATIVE.into_iter().fold(targets.with_default(level), |targets, talkative| {
                    targets.with_target(talkative, level.min(LevelFilter::WARN))
                }),
                target => targets.with_target(target, level),
            };
        }
        Ok(Self(targets))
    }
}

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text on a terminal, else JSON.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl FromStr for Format {
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

/// Sends logs and panics to standard error from now on, and spans to where they are wanted.
pub(crate) fn install(filter: Filter, format: Format, spans: Option<&Spans>) {
    let is_text = match format {
        Format::Auto => io::stderr().is_terminal(),
        Format::Text => true,
        Format::Json => false,
    };
    let layer = fmt::layer().with_writer(io::stderr);
    let layer = if is_text {
        layer.compact().with_target(false).with_ansi(has_colours()).boxed()
    } else {
        layer.json().flatten_event(true).with_current_span(false).with_span_list(false).boxed()
    };
    // Another subscriber is there already only where this function was called before.
    let lines = tracing_subscriber::registry().with(layer.with_filter(filter.0));
    let _ = lines.with(spans.map(Spans::layer)).try_init();
    panic::set_hook(Box::new(report));
}

fn has_colours() -> bool {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !is_unwanted
}

fn report(panic: &PanicHookInfo<'_>) {
    let location = panic.location().map(ToString::to_string);
    let payload = shortened(panic.payload_as_str().unwrap_or_default());
    tracing::error!(location, payload, "the program panicked");
}

fn shortened(text: &str) -> String {
    text.chars().take(PAYLOAD_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn a_filter_is_a_level_or_levels_by_module() {
        let Filter(plain) = "info".parse().unwrap();
        assert!(plain.would_enable("caunoi_server", &Level::INFO));
        assert!(!plain.would_enable("caunoi_server", &Level::DEBUG));
        assert!(!plain.would_enable("sqlx::query", &Level::INFO));
        let Filter(loud) = "warn, caunoi_store=debug,sqlx=trace".parse().unwrap();
        assert!(!loud.would_enable("caunoi_server", &Level::INFO));
        assert!(loud.would_enable("caunoi_store::list", &Level::DEBUG));
        assert!(loud.would_enable("sqlx::query", &Level::TRACE));
        let Filter(silent) = "off".parse().unwrap();
        assert!(!silent.would_enable("sqlx", &Level::ERROR));
    }

    #[test]
    fn a_misspelt_level_is_refused() {
        for text in ["", "inof", "info,", "3", "caunoi_store", "caunoi_store=", "info;debug"] {
            assert!(text.parse::<Filter>().is_err(), "{text}");
        }
    }

    #[test]
    fn panics_are_cut_between_characters() {
        assert_eq!(shortened(&"ữ".repeat(300)).chars().count(), PAYLOAD_CHARS);
    }
}
