//! Sends every attack of `suite` to a running server and prints a table: bytes, outcome, code and
//! the CPU time of the server. `tests/attack/run` starts the server.

#![expect(clippy::expect_used, clippy::panic, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, reason = "the table is its output")]

mod process;
#[path = "suite.rs"]
mod suite;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use caunoi_server::Settings;
use tokio::time::timeout;

use process::Process;
use suite::connection::exchange;
use suite::{Case, Fixture};

/// Longer than any answer takes.
const TIMEOUT: Duration = Duration::from_mins(1);

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut next = |name: &str| arguments.next().unwrap_or_else(|| panic!("{name} is missing"));
    let address: SocketAddr = next("the address").parse().expect("ADDRESS:PORT");
    let process = Process { id: next("the process id").parse().expect("a number") };
    let settings = Settings { data_dir: PathBuf::from(next("the data folder")), ..Settings::default() };
    let cases = suite::all(&Fixture::read(address, &settings).await);
    println!(
        "| # | requirement | case | sent bytes | outcome | code | CPU ms | answered bytes | alive | as expected |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut unexpected = 0;
    let mut slowest = (0.0, String::new());
    for (number, case) in cases.iter().enumerate() {
        let row = measure(address, process, case).await;
        println!("| {} | {} |", number + 1, row.cells);
        unexpected += usize::from(!row.is_expected);
        if row.cpu_ms > slowest.0 {
            slowest = (row.cpu_ms, case.name.clone());
        }
    }
    println!();
    println!(
        "{} cases, {unexpected} not as expected. Most CPU time: {:.1} ms ({}). Peak memory: {} MiB.",
        cases.len(),
        slowest.0,
        slowest.1,
        process.peak_memory_mib()
    );
    if unexpected > 0 {
        std::process::exit(1);
    }
}

/// A row of the table.
struct Row {
    cells: String,
    cpu_ms: f64,
    is_expected: bool,
}

async fn measure(address: SocketAddr, process: Process, case: &Case) -> Row {
    let before = process.cpu_ms();
    let answer = timeout(TIMEOUT, exchange(address, &case.exchange)).await.ok();
    let cpu_ms = process.cpu_ms() - before;
    let violations = answer.as_ref().map_or(vec!["no answer".to_owned()], |answer| case.violations(answer));
    let is_alive = process.is_alive();
    let cell = |text: &str| text.replace('|', "\\|").replace(['\r', '\n'], "␊");
    let (outcome, code, bytes) = answer.map_or(("none".to_owned(), None, 0), |answer| {
        let code = answer.code();
        (answer.outcome, code, answer.bytes)
    });
    let verdict = if violations.is_empty() { "yes".to_owned() } else { violations.join("; ") };
    let cells = [
        case.requirement.to_owned(),
        cell(&case.name),
        case.exchange.sent_bytes().to_string(),
        outcome,
        code.unwrap_or_default(),
        format!("{cpu_ms:.1}"),
        bytes.to_string(),
        if is_alive { "yes" } else { "no" }.to_owned(),
        cell(&verdict),
    ];
    Row { cells: cells.join(" | "), cpu_ms, is_expected: violations.is_empty() && is_alive }
}
