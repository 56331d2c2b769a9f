//! Collecting the metrics of this process, whoever counts them.
//!
//! One collector serves the process, however many servers run in it: metrics are of the process.

use std::{fs, sync::Arc, sync::OnceLock, time::Duration};

use caunoi_metrics::catalogue;
use caunoi_register::{Engine, Register};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{sync::watch, time};

use crate::http::{Metrics, Ready};

/// What is timed is kept singly until it is put into buckets.
const UPKEEP: Duration = Duration::from_secs(5);

static COLLECTOR: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Collects from now on; the first call in a process decides.
pub(crate) fn collect() {
    let install = || match collector() {
        Ok(collector) => {
            caunoi_metrics::describe();
            Some(collector)
        }
        Err(error) => {
            tracing::error!(%error, "metrics are not collected");
            None
        }
    };
    COLLECTOR.get_or_init(install);
}

fn collector() -> Result<PrometheusHandle, BuildError> {
    PrometheusBuilder::new()
        .set_buckets(&catalogue::SECONDS)?
        .set_buckets_for_metric(Matcher::Full(catalogue::COST.to_owned()), &catalogue::OBJECTS)?
        .install_recorder()
}

/// What `/metrics` asks: all metrics, those that change by themselves as of now.
pub(crate) fn teller(register: Arc<Register>, ready: Ready) -> Metrics {
    let engine = match register.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let started_s = f64::from(u32::try_from(register.now_us() / 1_000_000).unwrap_or(0));
    caunoi_metrics::say_build(env!("CARGO_PKG_VERSION"), engine, started_s);
    Arc::new(move || {
        register.note_metrics();
        caunoi_metrics::say_readiness(ready().is_ok());
        note_process();
        COLLECTOR.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
    })
}

/// Puts what was timed into buckets now and then, so that it takes no memory where nobody asks for
/// the metrics. Until `stopping` says so.
pub(crate) async fn keep(mut stopping: watch::Receiver<()>) {
    let Some(collector) = COLLECTOR.get().and_then(Option::as_ref) else { return };
    loop {
        tokio::select! {
            _ = stopping.changed() => return,
            () = time::sleep(UPKEEP) => collector.run_upkeep(),
        }
    }
}

/// What Linux tells of this process; nothing elsewhere.
fn note_process() {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return };
    let Ok(files) = fs::read_dir("/proc/self/fd") else { return };
    let open = u32::try_from(files.count()).unwrap_or(u32::MAX);
    caunoi_metrics::note_process(resident_bytes(&status).unwrap_or(0), open);
}

fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_as_linux_tells_it() {
        let status = "Name:\tcaunoi\nVmRSS:\t   10240 kB\nThreads:\t4\n";
        assert_eq!(resident_bytes(status), Some(10_485_760));
        assert_eq!(resident_bytes("Name:\tcaunoi\n"), None);
    }

    #[test]
    fn a_second_server_in_a_process_shares_the_collector() {
        collect();
        collect();
        caunoi_metrics::refuse_connection();
        let told = COLLECTOR.get().unwrap().as_ref().unwrap().render();
        assert!(told.contains("# TYPE caunoi_connections_refused_total counter"), "{told}");
    }
}
