//! Opening the register: database, shape, data set, replica.

use crate::error::Error;
use crate::pinned::CountedByScope;
use crate::{Place, Register, Replica};
use arc_swap::ArcSwap;
use caunoi_domain::clock::Clock;
use caunoi_domain::data_set::DataSet;
use caunoi_domain::directory::Reference;
use caunoi_domain::id::Log;
use caunoi_store::{Loaded, Over, Store, StoreError};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::{Mutex, broadcast, watch};

/// Writes of this node that may wait to be passed on; further ones push out the oldest.
const WRITES: usize = 64;

/// The data set that travels with the program: its version, and how to read it against the
/// reference data that the register has.
pub struct Shipment<'a, F> {
    /// What the data set is called; one that was loaded already is not read again.
    pub version: &'a str,
    /// Reads it. All of it or nothing.
    pub read: F,
}

/// Whether a shipped data set takes the place of the one that was loaded last: an older program
/// beside a newer one must not bring back what the newer one mended. Versions begin with the day
/// that the data set was compiled on, up to the first dot.
fn is_due(shipped: &str, loaded: Option<&str>) -> bool {
    let day = |version: &str| version.split('.').next().unwrap_or_default().to_owned();
    loaded.is_none_or(|loaded| loaded != shipped && day(loaded) <= day(shipped))
}

/// What opening did.
#[derive(Debug, Clone, Copy)]
pub struct Opening {
    /// How many steps brought the database to its shape.
    pub steps: usize,
    /// What of the shipped data was loaded; none where all of it was there.
    pub loaded: Option<Loaded>,
}

/// What nobody can guess.
pub(crate) fn random() -> Result<[u8; 32], Error> {
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
    /// Opens the database, brings it to the shape that this program knows, loads the shipped
    /// data where it has not been loaded yet, and reads the replica. Says what was done.
    ///
    /// # Errors
    /// The database does not answer, is newer than the program or not fit, or what `read` says: then
    /// nothing of the data set was written.
    pub async fn open<E, F>(
        place: &Place,
        clock: Arc<dyn Clock>,
        shipment: Shipment<'_, F>,
    ) -> Result<(Self, Opening), E>
    where
        E: From<Error> + From<StoreError>,
        F: Fn(&Reference) -> Result<DataSet, E>,
    {
        let store = Store::open(place).await?;
        let steps = store.migrate().await?;
        store.prove_fit().await?;
        let installation = store.installation([random()?, random()?], clock.now_us()).await?;
        store.pack_facts().await?;
        let loaded = load(&store, clock.as_ref(), &shipment).await?;
        let begun = Instant::now();
        let replica = Replica::new(store.snapshot().await?, &installation.sealing_key);
        replica.told(|told| caunoi_metrics::load_replica(told, begun.elapsed()));
        caunoi_metrics::follow(clock.now_us());
        let register = Self {
            store,
            replica: ArcSwap::from_pointee(replica),
            following: Mutex::default(),
            moves: watch::Sender::new(0),
            writes: broadcast::Sender::new(WRITES),
            counted: CountedByScope::default(),
            sealing_key: installation.sealing_key,
            clock,
        };
        Ok((register, Opening { steps, loaded }))
    }
}

/// Loads the shipped data where it is due; none where it is not. A data set is read against the
/// reference data that stands, so where somebody writes there meanwhile all begins anew.
async fn load<E, F>(store: &Store, clock: &dyn Clock, shipment: &Shipment<'_, F>) -> Result<Option<Loaded>, E>
where
    E: From<Error> + From<StoreError>,
    F: Fn(&Reference) -> Result<DataSet, E>,
{
    loop {
        let standing = store.data_set().await?;
        if !is_due(shipment.version, standing.as_deref()) {
            return Ok(None);
        }
        // Before the reference data, so that what comes in between is noticed.
        let position = store.ends().await?.all.get(&Log::MINISTRY).copied().unwrap_or(0);
        let data_set = (shipment.read)(&store.reference().await?)?;
        let over = Over { data_set: standing.as_deref(), position };
        if let Some(loaded) = store.load(&data_set, over, clock.now_us()).await? {
            return Ok(Some(loaded));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_due;

    #[test]
    fn an_older_data_set_never_replaces_a_newer_one() {
        assert!(is_due("2026-11-22.aa", None));
        assert!(!is_due("2026-11-22.aa", Some("2026-11-22.aa")));
        assert!(is_due("2026-11-22.bb", Some("2026-11-22.aa")));
        assert!(is_due("2027-01-01.aa", Some("2026-11-22.bb")));
        assert!(!is_due("2026-11-22.aa", Some("2027-01-01.bb")));
    }
}
