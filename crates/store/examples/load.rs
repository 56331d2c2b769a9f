//! Measures the snapshot that a node reads when it starts: seconds and CPU time of this process.
//!
//! ```sh
//! cargo run --release -p caunoi-store --example load -- postgres://…
//! ```
//!
//! The database is one that `caunoi generate` has filled. Linux only.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a program for the terminal")]

use caunoi_domain::entry::EntryKind;
use caunoi_domain::statistics::Facts;
use caunoi_store::{DatabaseLocation, Store};
use std::time::Instant;

/// As in the server.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Number of measurements; the first one also warms the server.
const RUNS: usize = 5;

#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).expect("the URL of a database");
    let store = Store::open(&DatabaseLocation::Server(url)).await.expect("the database answers");
    for _ in 0..RUNS {
        let (begun, cpu) = (Instant::now(), cpu_seconds());
        let snapshot = store.snapshot().await.expect("a snapshot");
        let facts = [EntryKind::Relation, EntryKind::Agreement, EntryKind::Event, EntryKind::Organization]
            .into_iter()
            .filter_map(|kind| snapshot.facts.of(kind))
            .map(Facts::len)
            .sum::<usize>();
        let (took, spent) = (begun.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        println!("{facts} facts in {took:.2} s, {spent:.2} s of CPU here");
    }
    store.close().await;
}

/// Returns the CPU time of all threads of this process, in seconds.
fn cpu_seconds() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").expect("Linux");
    let spent = |task: std::io::Result<std::fs::DirEntry>| {
        let stat = std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<f64>().ok()
    };
    tasks.filter_map(spent).sum::<f64>() / 1e9
}
