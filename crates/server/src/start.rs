//! Putting the server together, and taking it apart again.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use caunoi_cache::{Answers, Link, SharedAnswers, Unusable, Wakes};
use caunoi_domain::directory::Reference;
use caunoi_graphql::Api;
use caunoi_register::{Loaded, Opening, Place, Register, Shipment};
use caunoi_transfer::shipped;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Settings, Unable,
    folder::Folder,
    following,
    http::{self, Door, State},
    identity::{self, Identity, Trust},
    location, metrics,
    readiness::Readiness,
    unable::Trouble,
    webhook::{Caller, Gate, Sender},
};

/// A server that answers. Dropping it stops it too, but waits for nothing.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    metrics_address: Option<SocketAddr>,
    opened: Opened,
    samples: Option<PathBuf>,
    readiness: Readiness,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Where it listens, with the port that it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` is told apart from the rest, if it is.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// What it answers from.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.opened.register
    }

    /// Where tokens to try things out with lie, if this machine's own key signs.
    #[must_use]
    pub fn samples(&self) -> Option<&Path> {
        self.samples.as_deref()
    }

    /// Takes no more requests, brings the running ones to their end, closes the database.
    pub async fn stop(self) {
        self.readiness.drain();
        // All tasks may have ended already.
        let _ = self.stop.send(());
        for task in self.tasks {
            if let Err(failure) = task.await {
                tracing::error!(%failure, "a task of the server broke off");
            }
        }
        self.opened.close().await;
    }
}

/// Starts a server: takes the address, opens the register, loads what the program ships.
///
/// # Errors
/// The address, the folder or the database cannot be had; nothing is left half-written.
pub async fn start(settings: Settings) -> Result<Running, Unable> {
    let since = Instant::now();
    metrics::collect();
    // First of all, so that a taken port is told at once.
    let (listener, address) = bind(settings.listen).await?;
    let watch_listener = match settings.metrics_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    // Before the database, for the same reason.
    let trust = Trust::open(&settings, address)?;
    // Boxed, because what opens a register is a large future.
    let opened = Box::pin(open(&settings)).await?;
    let (wakes, answers) = caches(&settings, &opened.register)?;
    let identity = Identity::new(trust, Arc::clone(&opened.register), Arc::clone(&settings.clock));
    let samples = if identity.is_local() { Some(identity::write_samples(&settings)?) } else { None };
    if let Some(path) = &samples {
        tracing::info!(path = %path.display(), "wrote sample tokens");
    }
    let readiness = Readiness::new(opened.register.write_faults());
    let (stop, stopping) = watch::channel(());
    let gate = Gate { allows_loopback: settings.webhook_allow_loopback };
    let api = Api::new(Arc::clone(&opened.register), answers, settings.bounds, &program(), Arc::new(gate));
    let state = Arc::new(State {
        api: api.clone(),
        identity,
        ready: readiness.probe(),
        metrics: metrics::teller(Arc::clone(&opened.register), readiness.probe()),
        limits: settings.limits,
        allowed_origins: settings.allowed_origins,
    });
    let metrics_address = watch_listener.as_ref().map(|(_, address)| *address);
    let public = http::serve(listener, Arc::clone(&state), Door::Public, told(stopping.clone()));
    let mut tasks = vec![tokio::spawn(public)];
    if let Some((listener, address)) = watch_listener {
        tracing::info!(%address, "metrics are told");
        tasks.push(tokio::spawn(http::serve(listener, state, Door::Watch, told(stopping.clone()))));
    }
    let register = Arc::clone(&opened.register);
    tasks.push(tokio::spawn(readiness.clone().watch(Arc::clone(&register), stopping.clone())));
    tasks.push(tokio::spawn(following::follow(register, wakes, readiness.clone(), stopping.clone())));
    if let Some(sender) = sender(&opened.register, api, gate) {
        tasks.push(tokio::spawn(sender.run(stopping.clone())));
    }
    tasks.push(tokio::spawn(metrics::keep(stopping)));
    tracing::info!(%address, elapsed_ms = elapsed_ms(since), "ready");
    Ok(Running { address, metrics_address, opened, samples, readiness, stop, tasks })
}

/// Who calls the partners' endpoints; none where this machine cannot make the client for it.
fn sender(register: &Arc<Register>, api: Api, gate: Gate) -> Option<Sender> {
    let mut name = [0; 16];
    let holder = getrandom::fill(&mut name).map(|()| format!("{:032x}", u128::from_be_bytes(name)));
    match (Caller::new(gate), holder) {
        (Ok(caller), Ok(holder)) => Some(Sender::new(Arc::clone(register), api, caller, holder)),
        (Err(error), _) => {
            tracing::error!(%error, "webhooks are not called");
            None
        }
        (_, Err(error)) => {
            tracing::error!(%error, "webhooks are not called");
            None
        }
    }
}

/// Ends with the order to stop.
async fn told(mut stopping: watch::Receiver<()>) {
    // An error means that `Running` was dropped, which is an order to stop as well.
    let _ = stopping.changed().await;
}

/// The open register, and the folder that is held for it.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) register: Arc<Register>,
    /// What opening did.
    pub(crate) opening: Opening,
    /// The file, or the URL without its password.
    pub(crate) place: String,
    _folder: Option<Folder>,
}

impl Opened {
    /// Closes the database, then lets go of the folder.
    pub(crate) async fn close(self) {
        self.register.close().await;
    }
}

/// Opens the register: the database in its shape, the shipped data in it.
pub(crate) async fn open(settings: &Settings) -> Result<Opened, Unable> {
    let (place, name, folder) = if let Some(url) = &settings.database_url {
        (Place::Server(url.clone()), location::masked(url), None)
    } else {
        let folder = Folder::hold(&settings.data_dir)?;
        let file = folder.database();
        let name = file.display().to_string();
        (Place::File(file), name, Some(folder))
    };
    tracing::info!(place = name, "opening the database");
    let since = Instant::now();
    let version = shipped::version();
    let shipment = Shipment {
        version: &version,
        read: |known: &Reference| {
            tracing::info!(version, "loading the shipped data");
            shipped::data_set(known).map_err(Trouble::from)
        },
    };
    let (register, opening) = Register::open(&place, Arc::clone(&settings.clock), shipment)
        .await
        .map_err(|trouble| trouble.at(name.clone(), settings.database_url.as_deref()))?;
    if opening.steps > 0 {
        tracing::info!(steps = opening.steps, "the database was brought up to date");
    }
    if let Some(Loaded { added, updated, unchanged, left_to_people }) = opening.loaded {
        let elapsed_ms = elapsed_ms(since);
        tracing::info!(added, updated, unchanged, left_to_people, elapsed_ms, "loaded the shipped data");
    }
    Ok(Opened { register: Arc::new(register), opening, place: name, _folder: folder })
}

/// Wake-ups between the nodes of this register, where there is a Redis, and the answers that are
/// kept. Nodes know each other by what only this database can seal, so that several registers share
/// one Redis.
fn caches(settings: &Settings, register: &Register) -> Result<(Option<Wakes>, Answers), Unable> {
    let Some(url) = &settings.redis_url else { return Ok((None, Answers::new(settings.keeping, None))) };
    let key = register.sealing_key();
    let shared = || {
        let link = Link::new(url, &key.seal(b"wake-ups", b""))?;
        Ok((Wakes::new(&link)?, SharedAnswers::new(&link, key, settings.keeping.shared_within)?))
    };
    let unable = |_: Unusable| Unable::Redis { place: location::masked(url) };
    let (wakes, shared) = shared().map_err(unable)?;
    Ok((Some(wakes), Answers::new(settings.keeping, Some(shared))))
}

/// Names the program that runs, so that what an older build answered is not given again: its version,
/// and what its file looks like. Nodes of one image or package have the same.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let made = file.as_ref().ok().and_then(|file| file.modified().ok());
    let made = made.and_then(|made| made.duration_since(std::time::UNIX_EPOCH).ok());
    let bytes = file.map_or(0, |file| file.len());
    format!("{} {bytes} {}", env!("CARGO_PKG_VERSION"), made.unwrap_or_default().as_nanos())
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Unable> {
    let unable = |source| Unable::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(unable)?;
    let bound = listener.local_addr().map_err(unable)?;
    Ok((listener, bound))
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
