//! Starts and stops a server.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use caunoi_cache::{RedisClient, RedisUrlError, ResponseCache, SharedBuckets, SharedCache, WakeupChannel};
use caunoi_domain::directory::Reference;
use caunoi_graphql::{Api, ApiConfiguration, execution::TrustedDocuments};
use caunoi_register::{Register, ShippedDataSet, StartupReport};
use caunoi_store::{DatabaseLocation, LoadReport};
use caunoi_transfer::shipped;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Settings, StartError,
    address_log::AddressLabels,
    connection_url,
    data_folder::DataFolder,
    files::FileStore,
    http::{self, BlockedNetworks, HttpState, ListenerKind, TlsIdentity},
    identity::{self, Authenticator, TokenVerifier},
    log_follower, metrics,
    rate_exchange::RateExchange,
    readiness::Readiness,
    refusals,
    secret_keys::SecretKeys,
    start_error::OpenError,
    trusted_documents,
    webhook::{PublicAddressPolicy, WebhookClient, WebhookDispatcher},
};

/// A running server. Dropping it also stops it, but does not wait for running requests.
#[derive(Debug)]
pub struct RunningServer {
    address: SocketAddr,
    is_tls: bool,
    metrics_address: Option<SocketAddr>,
    opened: OpenedRegister,
    api: Api,
    rates: Option<RateExchange>,
    samples: Option<PathBuf>,
    running: RunningTasks,
}

/// The tasks of a server, and how they are stopped.
#[derive(Debug)]
struct RunningTasks {
    readiness: Readiness,
    stop: watch::Sender<()>,
    tasks: Vec<JoinHandle<()>>,
}

impl RunningServer {
    /// Returns the address that it listens on, with the actual port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns whether it speaks HTTPS at that address.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Returns the address of `/metrics`; None if metrics are not served.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Returns the register that it serves.
    #[must_use]
    pub fn register(&self) -> &Arc<Register> {
        &self.opened.register
    }

    /// Returns the number of holders whose spending this node remembers.
    #[must_use]
    pub fn rate_limited_holders(&self) -> usize {
        self.api.rate_limiter().holders()
    }

    /// Exchanges with the other nodes now what their callers have spent; nothing without Redis.
    pub async fn exchange_rates(&self) {
        if let Some(rates) = &self.rates {
            rates.exchange().await;
        }
    }

    /// Returns the file with sample tokens; None if an issuer signs the tokens.
    #[must_use]
    pub fn samples(&self) -> Option<&Path> {
        self.samples.as_deref()
    }

    /// Stops accepting requests, waits for the running ones, and closes the database.
    pub async fn stop(self) {
        let RunningTasks { readiness, stop, tasks } = self.running;
        readiness.drain();
        // All tasks may have ended already.
        let _ = stop.send(());
        for task in tasks {
            if let Err(failure) = task.await {
                tracing::error!(%failure, "a task of the server failed");
            }
        }
        self.opened.close().await;
    }
}

/// Starts a server: binds the address, opens the register, loads the shipped data.
///
/// # Errors
/// Returns an error if the address, the data folder, the keys, the database or Redis cannot be
/// used; the database then contains no partial writes.
pub async fn start(settings: Settings) -> Result<RunningServer, StartError> {
    let since = Instant::now();
    metrics::collect();
    // First, so that a port in use is reported at once.
    let (listener, address) = bind(settings.listen).await?;
    let monitoring_listener = bind_monitoring(settings.metrics_listen).await?;
    // Before the database, for the same reason.
    let verifiers = TokenVerifier::open_all(&settings, address)?;
    let tls = tls_identity(&settings)?;
    let is_tls = tls.is_some();
    let trusted_documents = trusted_documents(&settings)?;
    // Boxed, because the future is large.
    let opened = Box::pin(open(&settings)).await?;
    let RedisParts { wakeups, responses, shared_buckets } = redis_parts(&settings, &opened.register)?;
    let (register, clock) = (Arc::clone(&opened.register), Arc::clone(&settings.clock));
    let authenticator = Authenticator::new(verifiers, register, clock);
    let samples = write_samples(&authenticator, &settings)?;
    let readiness = Readiness::new(opened.register.write_faults());
    let (stop, stopping) = watch::channel(());
    let outbound_policy = PublicAddressPolicy { allows_loopback: settings.webhook_allow_loopback };
    let configuration = ApiConfiguration {
        limits: settings.execution_limits,
        trusted_documents,
        outbound_policy: Arc::new(outbound_policy),
        traces_documents: settings.traces_documents,
    };
    let api = Api::new(Arc::clone(&opened.register), responses, &program(), configuration);
    let rates = shared_buckets.map(|shared| RateExchange::new(api.rate_limiter(), shared));
    let mut tasks = authenticator.start_key_tasks(&stopping).await;
    let key_uses = Arc::clone(authenticator.key_uses());
    tasks.push(tokio::spawn(key_uses.store_repeatedly(Arc::clone(&opened.register), stopping.clone())));
    let address_labels = address_labels(&settings, &opened.register);
    let state = Arc::new(HttpState {
        api: api.clone(),
        register: Arc::clone(&opened.register),
        files: FileStore::in_data_folder(&settings.data_dir),
        authenticator,
        ready: readiness.probe(),
        metrics: metrics::metrics_source(Arc::clone(&opened.register), readiness.probe()),
        limits: settings.limits,
        allowed_origins: settings.allowed_origins,
        trusted_proxies: settings.trusted_proxies,
        tls,
        blocked_networks: BlockedNetworks::new(settings.blocked_networks),
        address_labels,
    });
    let metrics_address = monitoring_listener.as_ref().map(|(_, address)| *address);
    tasks.extend(serve(listener, monitoring_listener, &state, &stopping));
    tasks.extend(follow(&opened.register, wakeups, &readiness, &stopping));
    tasks.extend(rates.clone().map(|exchange| tokio::spawn(exchange.run(stopping.clone()))));
    let dispatcher = webhook_dispatcher(&opened.register, api.clone(), outbound_policy);
    tasks.extend(dispatcher.map(|dispatcher| tokio::spawn(dispatcher.run(stopping.clone()))));
    let refusals = refusals::run(Arc::clone(&opened.register), settings.refusals, stopping.clone());
    tasks.push(tokio::spawn(refusals));
    tasks.push(tokio::spawn(metrics::run_upkeep_until(stopping)));
    tracing::info!(%address, elapsed_ms = elapsed_ms(since), "ready");
    let running = RunningTasks { readiness, stop, tasks };
    Ok(RunningServer { address, is_tls, metrics_address, opened, api, rates, samples, running })
}

/// Writes the file with sample tokens if tokens of the local key are accepted.
fn write_samples(authenticator: &Authenticator, settings: &Settings) -> Result<Option<PathBuf>, StartError> {
    if !authenticator.is_local() {
        return Ok(None);
    }
    let path = identity::write_samples(settings)?;
    tracing::info!(path = %path.display(), "wrote sample tokens");
    Ok(Some(path))
}

/// Returns the labels of addresses in logs.
fn address_labels(settings: &Settings, register: &Register) -> AddressLabels {
    AddressLabels::new(settings.address_log, register.signing_key().clone(), Arc::clone(&settings.clock))
}

/// Starts the tasks that follow the logs and watch the database.
fn follow(
    register: &Arc<Register>,
    wakeups: Option<WakeupChannel>,
    readiness: &Readiness,
    stopping: &watch::Receiver<()>,
) -> [JoinHandle<()>; 2] {
    let watching = readiness.clone().watch(Arc::clone(register), stopping.clone());
    let following = log_follower::run(Arc::clone(register), wakeups, readiness.clone(), stopping.clone());
    [tokio::spawn(watching), tokio::spawn(following)]
}

/// Binds the address of metrics and probes; None if there is none.
async fn bind_monitoring(
    address: Option<SocketAddr>,
) -> Result<Option<(TcpListener, SocketAddr)>, StartError> {
    match address {
        Some(address) => bind(address).await.map(Some),
        None => Ok(None),
    }
}

/// Reads the certificate of the settings; None: plain HTTP.
fn tls_identity(settings: &Settings) -> Result<Option<Arc<TlsIdentity>>, StartError> {
    let files = settings.tls.clone();
    let opened = files.map(|files| TlsIdentity::open(files, Arc::clone(&settings.clock)));
    Ok(opened.transpose()?.map(Arc::new))
}

/// Serves the public listener and, where metrics are asked for, the one of monitoring.
fn serve(
    public: TcpListener,
    monitoring: Option<(TcpListener, SocketAddr)>,
    state: &Arc<HttpState>,
    stopping: &watch::Receiver<()>,
) -> Vec<JoinHandle<()>> {
    let spawn = |listener, kind| {
        tokio::spawn(http::serve(listener, Arc::clone(state), kind, until_stopped(stopping.clone())))
    };
    let mut tasks = vec![spawn(public, ListenerKind::Public)];
    if let Some((listener, address)) = monitoring {
        tracing::info!(%address, "serving metrics");
        tasks.push(spawn(listener, ListenerKind::Monitoring));
    }
    tasks
}

/// Returns the documents of this program and of the settings.
fn trusted_documents(settings: &Settings) -> Result<TrustedDocuments, StartError> {
    let mut documents = TrustedDocuments::shipped();
    if let Some(folder) = &settings.trusted_documents {
        trusted_documents::add_folder(&mut documents, folder)?;
    }
    documents.require_of_public(settings.trusted_documents_only);
    Ok(documents)
}

/// Returns the dispatcher of webhooks; None if its random name cannot be created.
fn webhook_dispatcher(
    register: &Arc<Register>,
    api: Api,
    outbound_policy: PublicAddressPolicy,
) -> Option<WebhookDispatcher> {
    let mut name = [0; 16];
    let holder = getrandom::fill(&mut name).map(|()| format!("{:032x}", u128::from_be_bytes(name)));
    let client = WebhookClient::new(outbound_policy);
    match holder {
        Ok(holder) => Some(WebhookDispatcher::new(Arc::clone(register), api, client, holder)),
        Err(error) => {
            tracing::error!(%error, "webhooks are not called");
            None
        }
    }
}

/// Waits until the server is to stop.
async fn until_stopped(mut stopping: watch::Receiver<()>) {
    // An error means that `RunningServer` was dropped, which also stops the server.
    let _ = stopping.changed().await;
}

/// An open register and the lock on its data folder.
#[derive(Debug)]
pub(crate) struct OpenedRegister {
    pub(crate) register: Arc<Register>,
    /// The migrations and the data that opening has applied.
    pub(crate) opening: StartupReport,
    /// The database file, or the URL with its password masked.
    pub(crate) place: String,
    _folder: Option<DataFolder>,
}

impl OpenedRegister {
    /// Closes the database, then releases the lock on the data folder.
    pub(crate) async fn close(self) {
        self.register.close().await;
    }
}

/// Opens the register: migrates the database and loads the shipped data.
///
/// # Errors
/// Returns an error if the data folder cannot be locked or the database cannot be opened or
/// migrated.
pub(crate) async fn open(settings: &Settings) -> Result<OpenedRegister, StartError> {
    let (place, name, data_folder) = if let Some(url) = &settings.database_url {
        (DatabaseLocation::Server(url.clone()), connection_url::mask_passwords(url), None)
    } else {
        let data_folder = DataFolder::lock(&settings.data_dir)?;
        let file = data_folder.database_file();
        let name = file.display().to_string();
        (DatabaseLocation::File(file), name, Some(data_folder))
    };
    tracing::info!(place = name, "opening the database");
    let since = Instant::now();
    let version = shipped::version();
    let shipment = ShippedDataSet {
        version: &version,
        read: |known: &Reference| {
            tracing::info!(version, "loading the shipped data");
            shipped::data_set(known).map_err(OpenError::from)
        },
    };
    let (mut register, opening) = Register::open(&place, Arc::clone(&settings.clock), shipment)
        .await
        .map_err(|error| error.at(name.clone(), settings.database_url.as_deref()))?;
    register.set_write_limits(settings.write_limits);
    let encrypted = register.set_cipher(Arc::new(SecretKeys::load(settings)?)).await;
    let encrypted = encrypted.map_err(|problem| {
        StartError::of_key_problem(problem, name.clone(), settings.database_url.as_deref())
    })?;
    if encrypted > 0 {
        tracing::info!(webhooks = encrypted, "encrypted the secrets of webhooks");
    }
    if opening.steps > 0 {
        tracing::info!(steps = opening.steps, "migrated the database");
    }
    if let Some(LoadReport { added, updated, unchanged, left_to_people }) = opening.loaded {
        let elapsed_ms = elapsed_ms(since);
        tracing::info!(added, updated, unchanged, left_to_people, elapsed_ms, "loaded the shipped data");
    }
    Ok(OpenedRegister { register: Arc::new(register), opening, place: name, _folder: data_folder })
}

/// The channels that nodes share through Redis: all but the response cache are None without it.
struct RedisParts {
    wakeups: Option<WakeupChannel>,
    responses: ResponseCache,
    shared_buckets: Option<SharedBuckets>,
}

/// Creates the clients of Redis. The names of keys and channels are derived from a secret of the
/// database, so several registers can share one Redis.
fn redis_parts(settings: &Settings, register: &Register) -> Result<RedisParts, StartError> {
    let Some(url) = &settings.redis_url else {
        let responses = ResponseCache::new(settings.response_cache, None);
        return Ok(RedisParts { wakeups: None, responses, shared_buckets: None });
    };
    let key = register.signing_key();
    let shared = || {
        let redis = RedisClient::new(url, &key.sign(b"wake-ups", b""))?;
        Ok((
            WakeupChannel::new(&redis)?,
            SharedCache::new(&redis, key, settings.response_cache.redis_timeout)?,
            SharedBuckets::new(&redis, key)?,
        ))
    };
    let start_error = |_: RedisUrlError| StartError::Redis { place: connection_url::mask_passwords(url) };
    let (wakeups, shared, shared_buckets) = shared().map_err(start_error)?;
    let responses = ResponseCache::new(settings.response_cache, Some(shared));
    Ok(RedisParts { wakeups: Some(wakeups), responses, shared_buckets: Some(shared_buckets) })
}

/// Returns an identifier of this build, so that cached responses of another build are not used: the
/// version, and the size and modification time of the executable, which are equal on all nodes of
/// one image or package.
fn program() -> String {
    let file = std::env::current_exe().and_then(std::fs::metadata);
    let made = file.as_ref().ok().and_then(|file| file.modified().ok());
    let made = made.and_then(|made| made.duration_since(std::time::UNIX_EPOCH).ok());
    let bytes = file.map_or(0, |file| file.len());
    format!("{} {bytes} {}", env!("CARGO_PKG_VERSION"), made.unwrap_or_default().as_nanos())
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let start_error = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(start_error)?;
    let bound = listener.local_addr().map_err(start_error)?;
    Ok((listener, bound))
}

fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
