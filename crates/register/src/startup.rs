//! Startup of the register: migrations, shipped data set, read model.

use crate::error::Error;
use crate::past::PastStates;
use crate::refusals::RefusalCounter;
use crate::snapshot::ScopedReadModels;
use crate::write_turns;
use crate::{ReadModel, Register};
use arc_swap::ArcSwap;
use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::directory::Reference;
use caunoi_domain::id::Log;
use caunoi_domain::quota::WriteLimits;
use caunoi_store::{DatabaseLocation, LoadBase, LoadReport, Store, StoreError};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Mutex, broadcast, watch};

/// Capacity of the channel of committed writes; when it is full, the oldest are dropped.
const WRITE_CAPACITY: usize = 64;

/// The data set that is shipped with the program: its version, and a function that reads it against
/// the reference data of the register.
pub struct ShippedDataSet<'a, F> {
    /// The version; a version that is already loaded is not read again.
    pub version: &'a str,
    /// Reads the data set, all of it or nothing.
    pub read: F,
}

/// Returns whether a shipped data set replaces the loaded one. An older program that runs in
/// parallel with a newer one must not restore what the newer one corrected. A version starts with
/// the day on which the data set was compiled, up to the first dot.
fn is_due(shipped: &str, loaded: Option<&str>) -> bool {
    let day = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    loaded.is_none_or(|loaded| loaded != shipped && day(loaded) <= day(shipped))
}

/// What [`Register::open`] did.
#[derive(Debug, Clone, Copy)]
pub struct StartupReport {
    /// The number of migrations applied.
    pub steps: usize,
    /// What was loaded of the shipped data set; `None` if nothing was due.
    pub loaded: Option<LoadReport>,
}

/// Returns random bytes for keys and identifiers.
pub(crate) fn random_bytes() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| {
        Error::Broken(StoreError::Corrupt {
            table: "installation",
            column: "value",
            id: "fresh".to_owned(),
            why: error.to_string(),
        })
    })?;
    Ok(bytes)
}

impl Register {
    /// Opens the database, applies migrations, loads the shipped data set if it is due, and loads
    /// the read model.
    ///
    /// # Errors
    /// Returns an error if the database does not respond, is newer than the program or unsuitable,
    /// or if `read` fails; then nothing of the data set was written.
    pub async fn open<E, F>(
        place: &DatabaseLocation,
        clock: Arc<dyn Clock>,
        shipped: ShippedDataSet<'_, F>,
    ) -> Result<(Self, StartupReport), E>
    where
        E: From<Error> + From<StoreError>,
        F: Fn(&Reference) -> Result<DataSet, E>,
    {
        let store = Store::open(place).await?;
        let steps = store.migrate().await?;
        store.check_server().await?;
        let installation = store.installation([random_bytes()?, random_bytes()?], clock.now_us()).await?;
        store.pack_facts().await?;
        store.pack_search_documents().await?;
        let loaded = load(&store, clock.as_ref(), &shipped).await?;
        let begun = Instant::now();
        let read_model = ReadModel::new(store.snapshot().await?, &installation.signing_key);
        read_model.with_size(|size| caunoi_metrics::record_read_model_load(size, begun.elapsed()));
        caunoi_metrics::set_caught_up_at(clock.now_us());
        let register = Self {
            write_gate: write_turns::gate(store.concurrent_writes()),
            store,
            read_model: ArcSwap::from_pointee(read_model),
            catch_up_lock: Mutex::default(),
            updates: watch::Sender::new(0),
            access_updates: watch::Sender::new(0),
            writes: broadcast::Sender::new(WRITE_CAPACITY),
            scoped_models: ScopedReadModels::default(),
            past_states: PastStates::default(),
            refusals: RefusalCounter::default(),
            signing_key: installation.signing_key,
            write_limits: WriteLimits::default(),
            cipher: None,
            clock,
        };
        Ok((register, StartupReport { steps, loaded }))
    }
}

/// Loads the shipped data set if it is due, else returns `None`. The data set is read against the
/// current reference data, so if a concurrent write changes it, the load is repeated.
async fn load<E, F>(
    store: &Store,
    clock: &dyn Clock,
    shipped: &ShippedDataSet<'_, F>,
) -> Result<Option<LoadReport>, E>
where
    E: From<Error> + From<StoreError>,
    F: Fn(&Reference) -> Result<DataSet, E>,
{
    loop {
        let loaded_version = store.data_set().await?;
        if !is_due(shipped.version, loaded_version.as_deref()) {
            return Ok(None);
        }
        // Read before the reference data, so that a concurrent write is detected.
        let position = store.probe_heads().await?.all.get(&Log::MINISTRY).copied().unwrap_or(0);
        let data_set = (shipped.read)(&store.reference().await?)?;
        let over = LoadBase { data_set: loaded_version.as_deref(), position };
        if let Some(loaded) = store.load(&data_set, over, clock.now_us()).await? {
            return Ok(Some(loaded));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_due;

    #[test]
    fn older_data_set_never_replaces_a_newer_one() {
        assert!(is_due("2026-11-22.aa", None));
        assert!(!is_due("2026-11-22.aa", Some("2026-11-22.aa")));
        assert!(is_due("2026-11-22.bb", Some("2026-11-22.aa")));
        assert!(is_due("2027-01-01.aa", Some("2026-11-22.bb")));
        assert!(!is_due("2026-11-22.aa", Some("2027-01-01.bb")));
    }
}
