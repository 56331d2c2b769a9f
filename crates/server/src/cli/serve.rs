//! `caunoi serve`.

use std::{
    io::{self, IsTerminal as _, Write as _},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
    process::ExitCode,
};

use super::{BROKEN, MENDABLE, fail, runtime};
use crate::{
    Running, Settings,
    config::Config,
    logging,
    shutdown::{DEADLINE, Signals},
    spans::Spans,
    start,
};

/// Serves until a signal.
pub(super) fn serve(config: Config) -> ExitCode {
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(code) => return code,
    };
    let sending = config.otlp_endpoint.map(|endpoint| Spans::to(&endpoint, runtime.handle().clone()));
    let spans = match sending.transpose() {
        Ok(spans) => spans,
        Err(error) => return fail(&format_args!("cannot send spans: {error}"), MENDABLE),
    };
    logging::install(config.log, config.log_format, spans.as_ref());
    let code = runtime.block_on(serve_until_told(config.settings));
    if let Some(spans) = spans {
        spans.flush();
    }
    // What still runs was given its time.
    runtime.shutdown_background();
    code
}

async fn serve_until_told(settings: Settings) -> ExitCode {
    // Before anything else: a first process in a container is deaf to signals it does not catch.
    let mut signals = match Signals::catch() {
        Ok(signals) => signals,
        Err(error) => return fail(&format_args!("cannot catch signals: {error}"), BROKEN),
    };
    let running = tokio::select! {
        started = start(settings) => match started {
            Ok(running) => running,
            Err(unable) => return fail(&unable, unable.exit_code()),
        },
        signal = signals.next() => {
            tracing::info!(signal, "stopped while starting");
            return ExitCode::SUCCESS;
        }
    };
    invite(&running);
    let signal = signals.next().await;
    tracing::info!(signal, "stopping");
    stop(running, signals).await
}

/// A clean stop, unless it takes too long or a second signal says that it does.
async fn stop(running: Running, mut signals: Signals) -> ExitCode {
    tokio::select! {
        stopped = tokio::time::timeout(DEADLINE, running.stop()) => {
            if stopped.is_err() {
                tracing::warn!("stopped at the deadline");
                return BROKEN.into();
            }
            tracing::info!("stopped");
            ExitCode::SUCCESS
        }
        signal = signals.next() => {
            tracing::warn!(signal, "stopped at once");
            BROKEN.into()
        }
    }
}

/// Tells the person at the terminal what to open.
fn invite(running: &Running) {
    let mut out = io::stderr();
    if out.is_terminal() {
        // A terminal that went away in between needs no invitation.
        let _ = out.write_all(invitation(running.address(), running.samples()).as_bytes());
    }
}

fn invitation(address: SocketAddr, samples: Option<&Path>) -> String {
    let url = format!("http://{}", reachable(address));
    let tokens = samples
        .map(|path| format!("  Tokens to try things out with: {}\n", path.display()))
        .unwrap_or_default();
    format!(
        "\n  Caunoi is ready. Open\n\n    \
         {url}/          GraphiQL, with saved examples\n    \
         {url}/graphql   the same for programs\n    \
         {url}/readyz    whether it can answer now (/livez: whether it runs)\n\n\
         {tokens}  Ctrl-C stops it.\n\n"
    )
}

/// An address to open on this machine: nobody can go to 0.0.0.0.
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
    fn the_invitation_can_be_followed() {
        for (listen, url) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
            ("0.0.0.0:80", "http://127.0.0.1:80/graphql"),
            ("[::]:80", "http://[::1]:80/graphql"),
        ] {
            let text = invitation(listen.parse().unwrap(), Some(Path::new("data/sample-tokens.txt")));
            assert!(text.contains(url), "{text}");
            assert!(
                text.contains("\n  Tokens to try things out with: data/sample-tokens.txt\n  Ctrl-C"),
                "{text}"
            );
        }
    }
}
