//! `caunoi serve`.

use std::{
    io::{self, IsTerminal as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    process::ExitCode,
};

use caunoi_texts::OperatorText;

use super::{EXIT_FAILURE, EXIT_FIXABLE, fail_to_start, fail_with, runtime};
use crate::{
    RunningServer, Settings,
    config::Config,
    logging,
    shutdown::{DEADLINE, Signals},
    span_export::SpanExport,
    start,
};

/// Runs the server until SIGINT or SIGTERM.
pub(super) fn serve(config: Config) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    let sending = config.otlp_endpoint.map(|endpoint| SpanExport::new(&endpoint, runtime.handle().clone()));
    let spans = match sending.transpose() {
        Ok(spans) => spans,
        Err(error) => {
            return fail_with(&OperatorText::SpansFailed { error: error.to_string() }, EXIT_FIXABLE);
        }
    };
    logging::install(config.log, config.log_format, spans.as_ref());
    let code = runtime.block_on(serve_until_signal(config.settings));
    if let Some(spans) = spans {
        spans.flush();
    }
    // Tasks that still run have had their drain timeout.
    runtime.shutdown_background();
    code
}

async fn serve_until_signal(settings: Settings) -> ExitCode {
    // First: PID 1 of a container ignores signals that it has no handler for.
    let mut signals = match Signals::catch() {
        Ok(signals) => signals,
        Err(error) => {
            return fail_with(&OperatorText::SignalsFailed { error: error.to_string() }, EXIT_FAILURE);
        }
    };
    let running = tokio::select! {
        started = start(settings) => match started {
            Ok(running) => running,
            Err(start_error) => return fail_to_start(&start_error),
        },
        signal = signals.next() => {
            tracing::info!(signal, "stopped while starting");
            return ExitCode::SUCCESS;
        }
    };
    print_invitation(&running);
    let signal = signals.next().await;
    tracing::info!(signal, "stopping");
    stop(running, signals).await
}

/// Stops the server. Returns `EXIT_FAILURE` at the deadline or on a second signal.
async fn stop(running: RunningServer, mut signals: Signals) -> ExitCode {
    tokio::select! {
        stopped = tokio::time::timeout(DEADLINE, running.stop()) => {
            if stopped.is_err() {
                tracing::warn!("stopped at the deadline");
                return EXIT_FAILURE.into();
            }
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        signal = signals.next() => {
            tracing::warn!(signal, "stopped at once");
            EXIT_FAILURE.into()
        }
    }
}

/// Prints the URLs of the server if standard error is a terminal.
fn print_invitation(running: &RunningServer) {
    let mut out = io::stderr();
    if out.is_terminal() {
        // A closed terminal is not an error.
        let _ = out.write_all(invitation(running.address(), running.is_tls(), running.samples()).as_bytes());
    }
}

fn invitation(address: SocketAddr, is_tls: bool, samples: Option<&Path>) -> String {
    let scheme = if is_tls { "https" } else { "http" };
    let url = format!("{scheme}://{}", reachable(address));
    let tokens = samples.map(|path| format!("  Sample tokens: {}\n", path.display())).unwrap_or_default();
    format!(
        "\n  Caunoi is ready. Open\n\n    \
         {url}/          GraphiQL with saved example queries\n    \
         {url}/graphql   the API\n    \
         {url}/readyz    readiness (/livez: liveness)\n\n\
         {tokens}  Ctrl-C stops it.\n\n"
    )
}

/// Returns an address that clients on this machine can connect to: loopback for `0.0.0.0` and `::`.
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(host) if host.is_unspecified() => (Ipv4Addr::LOCALHOST, address.port()).into(),
        IpAddr::V6(host) if host.is_unspecified() => (Ipv6Addr::LOCALHOST, address.port()).into(),
        IpAddr::V4(_) | IpAddr::V6(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitation_names_a_reachable_url() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
            ("0.0.0.0:80", "http://127.0.0.1:80/graphql"),
            ("[::]:80", "http://[::1]:80/graphql"),
        ] {
            let text = invitation(listen.parse().unwrap(), false, Some(Path::new("data/sample-tokens.txt")));
            assert!(text.contains(url), "{text}");
            assert!(text.contains("\n  Sample tokens: data/sample-tokens.txt\n  Ctrl-C"), "{text}");
        }
    }
}
