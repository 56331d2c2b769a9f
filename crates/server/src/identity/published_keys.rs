//! The key set that an issuer publishes over HTTPS, fetched in the background.
//!
//! A request never waits for the issuer. The last keys stay in use while the issuer does not answer,
//! at most for [`LONGEST_USE_US`]; a token that names an unknown key starts a fetch, so that a new
//! key is known soon.

use std::{sync::Arc, time::Duration};

use axum::body::Bytes;
use caunoi_domain::{clock::Clock, locale::Locale};
use caunoi_texts::OperatorText;
use parking_lot::Mutex;
use serde::Deserialize;
use tokio::{
    sync::{Notify, watch},
    time::sleep,
};
use url::Url;

use super::{
    auth::PublishedLocation,
    key_client::{KeyClient, key_url},
    keys::KeySet,
};

/// Interval between two fetches.
const INTERVAL: Duration = Duration::from_mins(5);
/// Minimum interval between a fetch and the next one that a failure or an unknown key starts.
const PAUSE: Duration = Duration::from_secs(10);
const PAUSE_US: i64 = 10_000_000;
/// Longest use of keys that could not be fetched again: a key that the issuer has withdrawn must not
/// be accepted for ever.
const LONGEST_USE_US: i64 = 24 * 3_600 * 1_000_000;

/// The published keys of one issuer.
pub(super) struct PublishedKeys {
    issuer: String,
    location: PublishedLocation,
    fetched: Mutex<FetchedKeys>,
    /// Starts a fetch before the interval ends.
    wanted: Notify,
    /// Whether a fetch has ended.
    has_fetched: watch::Sender<bool>,
}

/// The result of the fetches so far.
#[derive(Default)]
struct FetchedKeys {
    last: Option<LastKeys>,
    /// When the last fetch began.
    attempted_us: Option<i64>,
    is_running: bool,
}

/// The result of the last successful fetch.
struct LastKeys {
    /// The text that the keys were read from. While it is the same, so is the set, and cached callers
    /// stay valid.
    text: Bytes,
    keys: Arc<KeySet>,
    at_us: i64,
}

/// The part of a discovery document that is read (`OpenID Connect Discovery 1.0`, section 3).
#[derive(Deserialize)]
struct DiscoveryDocument {
    issuer: String,
    jwks_uri: String,
}

impl FetchedKeys {
    /// Reads the keys of a fetched text, unless they are the last ones.
    fn accept(&mut self, text: Bytes, now_us: i64, issuer: &str) -> Result<(), OperatorText> {
        if let Some(last) = self.last.as_mut().filter(|last| last.text == text) {
            last.at_us = now_us;
            return Ok(());
        }
        let (keys, left_out) = KeySet::read_published(&text)?;
        for why in left_out {
            tracing::warn!(issuer, why = why.text(Locale::En), "a published key is not used");
        }
        tracing::info!(issuer, "fetched new keys");
        self.last = Some(LastKeys { text, keys: Arc::new(keys), at_us: now_us });
        Ok(())
    }
}

impl PublishedKeys {
    pub(super) fn new(issuer: String, location: PublishedLocation) -> Self {
        Self {
            issuer,
            location,
            fetched: Mutex::default(),
            wanted: Notify::new(),
            has_fetched: watch::Sender::new(false),
        }
    }

    /// Returns the keys; None before the first successful fetch, and 24 hours after the last one.
    pub(super) fn current(&self, now_us: i64) -> Option<Arc<KeySet>> {
        let fetched = self.fetched.lock();
        let last = fetched.last.as_ref()?;
        (now_us.saturating_sub(last.at_us) < LONGEST_USE_US).then(|| Arc::clone(&last.keys))
    }

    /// Starts a fetch because a token names an unknown key. Returns whether one is under way: then
    /// the key may be known in a moment.
    pub(super) fn request_fetch(&self, now_us: i64) -> bool {
        let mut fetched = self.fetched.lock();
        let is_due =
            fetched.attempted_us.is_none_or(|last_us| now_us.abs_diff(last_us) >= PAUSE_US.unsigned_abs());
        if is_due && !fetched.is_running {
            fetched.is_running = true;
            self.wanted.notify_one();
        }
        fetched.is_running
    }

    /// Waits until the first fetch has ended, with or without keys.
    pub(super) async fn wait_for_first_fetch(&self) {
        // The sender lives as long as this.
        let _ = self.has_fetched.subscribe().wait_for(|has_fetched| *has_fetched).await;
    }

    /// Fetches the keys at once and then repeatedly, until `stopping` fires.
    pub(super) async fn run(
        self: Arc<Self>,
        client: KeyClient,
        clock: Arc<dyn Clock>,
        mut stopping: watch::Receiver<()>,
    ) {
        let fetch_repeatedly = async {
            loop {
                let pause = if self.fetch(&client, clock.as_ref()).await { INTERVAL } else { PAUSE };
                tokio::select! {
                    () = sleep(pause) => {}
                    () = self.wanted.notified() => {}
                }
            }
        };
        tokio::select! {
            _ = stopping.changed() => {}
            () = fetch_repeatedly => {}
        }
    }

    /// Fetches the keys once. Returns whether it succeeded.
    async fn fetch(&self, client: &KeyClient, clock: &dyn Clock) -> bool {
        {
            let mut fetched = self.fetched.lock();
            (fetched.is_running, fetched.attempted_us) = (true, Some(clock.now_us()));
        }
        let outcome = self.download(client).await;
        let mut fetched = self.fetched.lock();
        fetched.is_running = false;
        self.has_fetched.send_replace(true);
        let outcome = outcome.and_then(|text| fetched.accept(text, clock.now_us(), &self.issuer));
        if let Err(why) = &outcome {
            let why = why.text(Locale::En);
            tracing::error!(issuer = self.issuer, why, "the keys cannot be fetched; keeping the last ones");
        }
        outcome.is_ok()
    }

    async fn download(&self, client: &KeyClient) -> Result<Bytes, OperatorText> {
        match &self.location {
            PublishedLocation::Url(url) => client.get(url).await,
            PublishedLocation::Discovery(document) => {
                client.get(&self.discover(client, document).await?).await
            }
        }
    }

    async fn discover(&self, client: &KeyClient, url: &Url) -> Result<Url, OperatorText> {
        let bytes = client.get(url).await?;
        let document: DiscoveryDocument = serde_json::from_slice(&bytes)
            .map_err(|error| OperatorText::NotADiscoveryDocument { line: error.line() })?;
        if document.issuer != self.issuer {
            return Err(OperatorText::DiscoveryOfAnother { stated: document.issuer });
        }
        key_url(&document.jwks_uri)
    }
}
