//! Measures the cost of metrics in nanoseconds per call, with the collector of a real server.
//! `cargo run --release -p caunoi-tests --example metrics`

#![expect(clippy::expect_used, reason = "a measurement ends where it cannot go on")]
#![expect(clippy::print_stdout, reason = "the numbers are its output")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use caunoi_metrics::{OperationKind, Pool, RequestTimer, RunningOperation, Stage, StageTimer, Transport};
use caunoi_server::Settings;

const CALLS: u32 = 200_000;

fn measure(name: &str, call: impl Fn()) {
    let begun = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    println!("{name:40} {:>6} ns", begun.elapsed().as_nanos() / u128::from(CALLS));
}

fn measure_all() {
    measure("a stage (two clocks, one histogram)", || drop(black_box(StageTimer::begin(Stage::Guard))));
    measure("a request (counter, histogram, bytes)", || {
        RequestTimer::begin(Transport::Post).end(OperationKind::Query, "answered", black_box(1_000));
    });
    measure("an operation that runs (gauge twice)", || {
        drop(black_box(RunningOperation::begin(OperationKind::Query)));
    });
    measure("a statement (one histogram)", || {
        caunoi_metrics::record_statement(Pool::Public, Duration::from_micros(black_box(300)), false);
    });
    measure("a response (histogram)", || {
        caunoi_metrics::record_http_response("POST", "/graphql", 200, Duration::from_millis(1));
    });
    measure("a cost (histogram)", || caunoi_metrics::record_cost(black_box(100)));
}

#[tokio::main]
async fn main() {
    println!("without a collector:");
    measure_all();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let settings = Settings { listen, data_dir: folder.path().to_owned(), ..Settings::default() };
    let running = caunoi_server::start(settings).await.expect("a server");
    println!("with it:");
    measure_all();
    running.stop().await;
}
