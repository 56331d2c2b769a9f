//! `caunoi generate`.

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
    time::{Duration, Instant},
};

use caunoi_domain::{clock::day_begins_at_us, entry::SourceId, reference::Source};
use caunoi_register::{Error, Loaded, Origin};
use caunoi_transfer::{
    shipped::COMPILED_ON,
    synthetic::{self, MOST, SOURCE_CODE, SOURCE_TITLE, Synthetic},
};
use clap::{Args, value_parser};

use super::{MENDABLE, fail, runtime, say};
use crate::{
    config::Config,
    logging,
    start::{self, Opened},
    unable::Trouble,
};

/// Entries of a relation where nobody says how many relations there are to be.
const OF_ONE_RELATION: u32 = 40;
/// How often the line on the terminal changes at most.
const PACE: Duration = Duration::from_millis(200);

/// How many entries, and into which database.
#[derive(Debug, Args)]
pub(super) struct Wish {
    /// How many agreements; one in 200 stays a draft of its province
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(0..=i64::from(MOST)))]
    agreements: u32,
    /// How many events
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u32).range(0..=i64::from(MOST)))]
    events: u32,
    /// How many relations these belong to [default: one for 40 entries]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=i64::from(MOST)))]
    relations: Option<u32>,
    /// Another number gives other entries; the same one always gives the same
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Fill a database that was there before, beside the shipped data in it
    #[arg(long)]
    into_existing: bool,
}

/// What stands under the help.
pub(super) const HELP: &str = "\
For load tests. Everything says that it is made up: codes begin with SYN-, titles and remarks end in
(dữ liệu giả lập) or (synthetic), the source is \"synthetic, made by caunoi generate\", the author in
the log is synthetic:SEED. Provinces, partners and words are the register's own.

It makes the database with the shipped data in it, like `caunoi migrate`, and fills it in one
transaction: what breaks off leaves no entry behind. It refuses a database that was there before,
unless --into-existing says so, and in any case one that somebody has written in: people, or an
earlier `caunoi generate`. There is no way to take the entries out again; drop the database.
On PostgreSQL stop the servers of the database first, or they wait for the end.

  caunoi generate --data-dir /tmp/big --agreements 100000 --events 50000 --seed 7
  CAUNOI_DATABASE_URL=postgres://localhost/big caunoi generate --agreements 1000000";

impl From<&Wish> for synthetic::Wish {
    fn from(wish: &Wish) -> Self {
        let Wish { agreements, events, relations, seed, into_existing: _ } = *wish;
        let relations =
            relations.unwrap_or_else(|| agreements.saturating_add(events).div_ceil(OF_ONE_RELATION));
        Self { relations, agreements, events, seed }
    }
}

/// Fills a database with synthetic entries, and says how many.
pub(super) fn generate(config: Config, wish: &Wish) -> ExitCode {
    logging::install(config.log, config.log_format, None);
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    runtime.block_on(async {
        let opened = match start::open(&config.settings).await {
            Ok(opened) => opened,
            Err(unable) => return fail(&unable, unable.exit_code()),
        };
        let place = opened.place.clone();
        if !wish.into_existing && !is_new(&opened) {
            opened.close().await;
            let why = "it was there before; name another one, or say --into-existing to fill this one";
            return fail(&format_args!("will not fill the database {place}: {why}"), MENDABLE);
        }
        let filled = fill(&opened, wish.into()).await;
        opened.close().await;
        match filled {
            Ok(written) => {
                say(&format_args!("{written} synthetic entries of seed {} stand in {place}.", wish.seed))
            }
            Err(Error::Refused(refusal)) => {
                fail(&format_args!("will not fill the database {place}: {refusal}"), MENDABLE)
            }
            Err(error) => {
                let unable = Trouble::from(error).at(place, config.settings.database_url.as_deref());
                fail(&unable, unable.exit_code())
            }
        }
    })
}

/// Whether all of the shipped data was added just now.
fn is_new(opened: &Opened) -> bool {
    opened.opening.loaded.is_some_and(|loaded| {
        let Loaded { added, updated, unchanged, left_to_people } = loaded;
        added > 0 && updated + unchanged + left_to_people == 0
    })
}

async fn fill(opened: &Opened, wish: synthetic::Wish) -> Result<u64, Error> {
    let source = Source {
        // The register gives it a key of its own.
        id: SourceId::new(0),
        code: SOURCE_CODE.to_owned(),
        title: SOURCE_TITLE.to_owned(),
        address: "caunoi generate".to_owned(),
        kind: "DATASET".to_owned(),
    };
    // No time of the machine's, so that a seed gives the same log anywhere.
    let at_us = day_begins_at_us(COMPILED_ON);
    let origin = Origin { author: wish.author(), at_us, source };
    let mut progress = Progress::new(wish.len());
    let make = |directory| Synthetic::new(wish, directory);
    let populated = opened.register.populate(origin, make, |written| progress.show(written)).await;
    progress.clear();
    populated
}

/// One line on a terminal that says how far it has come.
struct Progress {
    all: u64,
    is_shown: bool,
    last: Option<Instant>,
}

impl Progress {
    fn new(all: u64) -> Self {
        Self { all, is_shown: io::stderr().is_terminal(), last: None }
    }

    fn show(&mut self, written: u64) {
        let is_last = written == self.all;
        if !self.is_shown || !is_last && self.last.is_some_and(|last| last.elapsed() < PACE) {
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
    // A terminal that went away needs no progress.
    let _ = write!(out, "\r\u{1b}[K{line}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        wish: Wish,
    }

    fn read(line: &str) -> Result<synthetic::Wish, clap::Error> {
        Line::try_parse_from(line.split(' ')).map(|line| (&line.wish).into())
    }

    #[test]
    fn relations_follow_from_what_belongs_to_them() {
        let relations = |line| read(line).unwrap().relations;
        assert_eq!(relations("generate --agreements 1000 --events 1"), 26);
        assert_eq!(relations("generate --agreements 0"), 0);
        assert_eq!(relations("generate --agreements 1000 --relations 3"), 3);
    }

    #[test]
    fn numbers_that_make_no_sense_are_refused() {
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
