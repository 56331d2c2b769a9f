//! The recorder of the metrics of this process.
//!
//! One recorder serves the whole process, also if several servers run in it (in tests).

use std::{fs, sync::Arc, sync::OnceLock, time::Duration};

use caunoi_metrics::catalogue;
use caunoi_register::Register;
use caunoi_store::Engine;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::{sync::watch, time};

use crate::http::{Metrics, Ready};

/// Interval at which recorded durations are aggregated into histogram buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

static COLLECTOR: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Installs the recorder; later calls in the same process have no effect.
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

/// Returns the function behind `/metrics`: it updates the gauges and renders all metrics as text.
pub(crate) fn metrics_source(register: Arc<Register>, ready: Ready) -> Metrics {
    let engine = match register.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    let started_s = f64::from(u32::try_from(register.now_us() / 1_000_000).unwrap_or(0));
    caunoi_metrics::set_build_info(env!("CARGO_PKG_VERSION"), engine, started_s);
    Arc::new(move || {
        register.update_metrics();
        caunoi_metrics::set_ready(ready().is_ok());
        record_process();
        COLLECTOR.get().and_then(Option::as_ref).map(PrometheusHandle::render).unwrap_or_default()
    })
}

/// Aggregates recorded durations periodically until `stopping` fires, so that they do not
/// accumulate in memory if nobody scrapes the metrics.
pub(crate) async fn run_upkeep_until(mut stopping: watch::Receiver<()>) {
    let Some(collector) = COLLECTOR.get().and_then(Option::as_ref) else { return };
    loop {
        tokio::select! {
            _ = stopping.changed() => return,
            () = time::sleep(UPKEEP_INTERVAL) => collector.run_upkeep(),
        }
    }
}

/// Records resident memory and open files of this process from `/proc`; does nothing if that is
/// missing.
fn record_process() {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return };
    let Ok(files) = fs::read_dir("/proc/self/fd") else { return };
    let open = u32::try_from(files.count()).unwrap_or(u32::MAX);
    caunoi_metrics::set_process_usage(resident_bytes(&status).unwrap_or(0), open);
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
    fn resident_memory_is_read_from_proc_status() {
        let status = "Name:\tcaunoi\nVmRSS:\t   10240 kB\nThreads:\t4\n";
        assert_eq!(resident_bytes(status), Some(10_485_760));
        assert_eq!(resident_bytes("Name:\tcaunoi\n"), None);
    }

    #[test]
    fn second_server_in_a_process_shares_the_recorder() {
        collect();
        collect();
        caunoi_metrics::count_refused_connection();
        let metrics = COLLECTOR.get().unwrap().as_ref().unwrap().render();
        assert!(metrics.contains("# TYPE caunoi_connections_refused_total counter"), "{metrics}");
    }
}
