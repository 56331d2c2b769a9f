//! `caunoi generate`.

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
    time::{Duration, Instant},
};

use caunoi_domain::{
    clock::day_begins_at_us,
    entry::SourceId,
    reference::{Source, SourceKind},
};
use caunoi_register::{BulkOrigin, Error};
use caunoi_store::LoadReport;
use caunoi_texts::OperatorText;
use caunoi_transfer::{
    shipped::COMPILED_ON,
    synthetic::{self, MAX_ENTRIES, SOURCE_CODE, SOURCE_TITLE, Synthetic},
};
use clap::{Args, value_parser};

use super::{EXIT_FIXABLE, fail_to_start, fail_with, print, runtime};
use crate::{
    config::Config,
    logging,
    start::{self, OpenedRegister},
    start_error::OpenError,
};

/// Entries per relation if `--relations` is not given.
const ENTRIES_PER_RELATION: u32 = 40;
/// Minimum interval between two updates of the progress line.
const MIN_UPDATE_INTERVAL: Duration = Duration::from_millis(200);

/// The arguments of `caunoi generate`.
#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// Number of agreements; one in 200 remains a draft of its province
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(0..=i64::from(MAX_ENTRIES)))]
    agreements: u32,
    /// Number of events
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u32).range(0..=i64::from(MAX_ENTRIES)))]
    events: u32,
    /// Number of relations that they belong to [default: one per 40 entries]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=i64::from(MAX_ENTRIES)))]
    relations: Option<u32>,
    /// Seed of the generator; the same seed always gives the same entries
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Add to an existing database
    #[arg(long)]
    into_existing: bool,
}

/// Printed after the help.
pub(super) const HELP: &str = "\
For load tests. All entries are marked as synthetic: codes begin with SYN-, titles and remarks end in
(dữ liệu giả lập) or (synthetic), the source is \"synthetic, made by caunoi generate\", the author in
the log is synthetic:SEED. Provinces, partners and vocabularies are those of the register.

The command creates the database with the shipped data, like `caunoi migrate`, and adds the entries
in one transaction: if it fails, no entry remains. It refuses an existing database unless
--into-existing is given, and always one that contains entries written by people or by an earlier
`caunoi generate`. The entries cannot be removed; drop the database instead.
On PostgreSQL stop the servers of the database first, or their writes wait until the end.

  caunoi generate --data-dir /tmp/big --agreements 100000 --events 50000 --seed 7
  CAUNOI_DATABASE_URL=postgres://localhost/big caunoi generate --agreements 1000000";

impl From<&GenerateArgs> for synthetic::SyntheticSpec {
    fn from(args: &GenerateArgs) -> Self {
        let GenerateArgs { agreements, events, relations, seed, into_existing: _ } = *args;
        let relations =
            relations.unwrap_or_else(|| agreements.saturating_add(events).div_ceil(ENTRIES_PER_RELATION));
        Self { relations, agreements, events, seed }
    }
}

/// Fills a database with synthetic entries and prints their number.
pub(super) fn generate(config: Config, args: &GenerateArgs) -> ExitCode {
    logging::install(config.log, config.log_format, None);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    runtime.block_on(async {
        let opened = match start::open(&config.settings).await {
            Ok(opened) => opened,
            Err(start_error) => return fail_to_start(&start_error),
        };
        let place = opened.place.clone();
        if !args.into_existing && !is_new(&opened) {
            opened.close().await;
            return fail_with(&OperatorText::AlreadyExists { place }, EXIT_FIXABLE);
        }
        let filled = fill(&opened, args.into()).await;
        opened.close().await;
        match filled {
            Ok(written) => {
                print(&format_args!("Added {written} synthetic entries of seed {} to {place}.", args.seed))
            }
            Err(Error::Refused(reason)) => {
                let reason = caunoi_texts::message(&reason, super::locale());
                fail_with(&OperatorText::NotFilled { place, reason }, EXIT_FIXABLE)
            }
            Err(error) => {
                let start_error = OpenError::from(error).at(place, config.settings.database_url.as_deref());
                fail_to_start(&start_error)
            }
        }
    })
}

/// Returns whether this run added all of the shipped data, so that the database is new.
fn is_new(opened: &OpenedRegister) -> bool {
    opened.opening.loaded.is_some_and(|loaded| {
        let LoadReport { added, updated, unchanged, left_to_people } = loaded;
        added > 0 && updated + unchanged + left_to_people == 0
    })
}

async fn fill(opened: &OpenedRegister, spec: synthetic::SyntheticSpec) -> Result<u64, Error> {
    // The register assigns the id.
    let id = SourceId::new(0);
    let source = Source::new(id, SOURCE_CODE, SOURCE_TITLE, "caunoi generate", SourceKind::Dataset);
    // Not the system clock, so that a seed gives the same log on every machine.
    let at_us = day_begins_at_us(COMPILED_ON);
    let origin = BulkOrigin { author: spec.author(), at_us, source };
    let mut progress = ProgressLine::new(spec.len());
    let make = |directory| Synthetic::new(spec, directory);
    let populated = opened.register.populate(origin, make, |written| progress.show(written)).await;
    progress.clear();
    populated
}

/// A progress line on the terminal.
struct ProgressLine {
    all: u64,
    is_shown: bool,
    last: Option<Instant>,
}

impl ProgressLine {
    fn new(all: u64) -> Self {
        Self { all, is_shown: io::stderr().is_terminal(), last: None }
    }

    fn show(&mut self, written: u64) {
        let is_last = written == self.all;
        if !self.is_shown || !is_last && self.last.is_some_and(|last| last.elapsed() < MIN_UPDATE_INTERVAL) {
            return;
        }
        self.last = Some(Instant::now());
        let percent = written * 100 / self.all.max(1);
        let rest = if is_last { ", making indexes" } else { "" };
        write_over(&format!("{written} of {} entries ({percent} %){rest}", self.all));
    }

    fn clear(&self) {
        if self.last.is_some() {
            write_over("");
        }
    }
}

fn write_over(line: &str) {
    let mut out = io::stderr();
    // Progress on a closed terminal is not needed.
    let _ = write!(out, "\r\u{1b}[K{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        args: GenerateArgs,
    }

    fn read(line: &str) -> Result<synthetic::SyntheticSpec, clap::Error> {
        Line::try_parse_from(line.split(' ')).map(|line| (&line.args).into())
    }

    #[test]
    fn number_of_relations_follows_from_entries() {
        let relations = |line| read(line).unwrap().relations;
        assert_eq!(relations("generate --agreements 1000 --events 1"), 26);
        assert_eq!(relations("generate --agreements 0"), 0);
        assert_eq!(relations("generate --agreements 1000 --relations 3"), 3);
    }

    #[test]
    fn invalid_numbers_are_refused() {
        for line in [
            "generate",
            "generate --agreements=-1",
            "generate --agreements 10000001",
            "generate --agreements 99999999999999999999",
            "generate --agreements 10 --events many",
            "generate --agreements 10 --relations 0",
            "generate --agreements 10 --seed=-1",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
