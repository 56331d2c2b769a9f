//! Past states of the public register: what it had recorded at positions of its logs.
//!
//! A state is computed from the logs, which costs a read of every public change up to its positions.
//! So a node computes one at a time and keeps the last few. A state at fixed positions never
//! changes, and every node computes the same.

use crate::error::Error;
use crate::{Countable, ReadModel, Register, RegisterReader, Selection};
use caunoi_domain::cursor::Positions;
use caunoi_domain::entry::Entry;
use caunoi_domain::figure::Figure;
use caunoi_domain::filter::Filter;
use caunoi_domain::search_index::SearchIndex;
use caunoi_domain::validation::InvalidReason;
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tokio::sync::Mutex as AsyncMutex;

/// The number of past states that a node keeps in memory.
const MAX_STATES: usize = 3;

/// The point up to which the record is asked for.
#[derive(Debug, Clone)]
pub enum KnownAt {
    /// Positions of the logs, of the current epoch or an earlier one.
    Positions(Positions),
    /// A time in microseconds since 1970.
    Instant(i64),
}

/// The public register at positions of its logs.
#[derive(Debug)]
pub struct PastState {
    /// The positions, in the current epoch.
    pub positions: Positions,
    /// Names, facts and filings. Its heads are the positions; it has no links.
    pub read_model: Arc<ReadModel>,
    /// The published figures.
    pub figures: Arc<[Entry<Figure>]>,
}

/// The past states that this node computed last, the newest first.
#[derive(Debug, Default)]
pub(crate) struct PastStates {
    recent: Mutex<VecDeque<Arc<PastState>>>,
    /// Held while a state is computed.
    computing: AsyncMutex<()>,
}

impl PastStates {
    /// Returns the state at these positions and makes it the newest.
    fn find(&self, positions: &Positions) -> Option<Arc<PastState>> {
        let mut recent = self.recent.lock();
        let at = recent.iter().position(|state| state.positions == *positions)?;
        let state = recent.remove(at)?;
        recent.push_front(Arc::clone(&state));
        Some(state)
    }

    fn insert(&self, state: Arc<PastState>) {
        let mut recent = self.recent.lock();
        recent.push_front(state);
        recent.truncate(MAX_STATES);
    }
}

impl RegisterReader {
    /// Returns the public register as it was known at a point. Published entries only, whatever the
    /// scope of the caller.
    ///
    /// # Errors
    /// Returns `Refused` for positions that the database does not have or has lost and for a time
    /// in the future, and an error if the database does not respond.
    pub async fn past_state(&self, known_at: KnownAt) -> Result<Arc<PastState>, Error> {
        let register = self.uncounted_register();
        let _permit = self.acquire_statement().await;
        let positions = match known_at {
            KnownAt::Positions(positions) => register.recorded_positions(&positions).await?,
            KnownAt::Instant(at_us) => {
                // A write that has not committed yet may have an earlier time.
                self.reads().add_all_logs();
                if at_us > register.now_us() {
                    return Err(Error::Refused(InvalidReason::NotRecordedYet.into()));
                }
                register.store.positions_at(at_us).await?
            }
        };
        if let Some(state) = register.past_states.find(&positions) {
            return Ok(state);
        }
        let _computing = register.past_states.computing.lock().await;
        self.checkpoint().await;
        if let Some(state) = register.past_states.find(&positions) {
            return Ok(state);
        }
        let state = Arc::new(register.compute_past_state(positions).await?);
        register.past_states.insert(Arc::clone(&state));
        Ok(state)
    }
}

impl RegisterReader {
    /// Returns the facts of a past state that pass a filter without searches. If the operation was
    /// cancelled, this does not return.
    pub async fn select_past<C: Countable>(&self, past: &PastState, filter: Filter) -> Selection {
        self.checkpoint().await;
        let selection = past.read_model.select::<C>(filter, self.cancellation()).await;
        self.checkpoint().await;
        selection
    }
}

impl Register {
    /// Returns positions of any epoch in the current one, after a check that all of them exist.
    async fn recorded_positions(&self, positions: &Positions) -> Result<Positions, Error> {
        let in_epoch = self.store.to_current_epoch(positions).await?;
        let positions = in_epoch.ok_or_else(|| Error::Refused(InvalidReason::CursorLost.into()))?;
        let heads = self.store.heads().await?;
        let end = |log| heads.all.get(&log).copied().unwrap_or(0);
        if positions.iter().any(|(log, position)| position > end(log)) {
            return Err(Error::Refused(InvalidReason::NotRecordedYet.into()));
        }
        Ok(positions)
    }

    async fn compute_past_state(&self, positions: Positions) -> Result<PastState, Error> {
        let snapshot = self.store.past_snapshot(&positions).await?;
        let current = self.read_model();
        let read_model = ReadModel {
            epoch: current.epoch,
            page_key: current.page_key.clone(),
            public_heads: positions.clone(),
            heads: positions.iter().collect(),
            links: BTreeMap::new(),
            directory: snapshot.directory,
            facts: snapshot.facts,
            // Texts of the past are not searched.
            search: SearchIndex::default(),
            access: Arc::default(),
            filings: Arc::new(snapshot.filings.into_iter().collect()),
        };
        Ok(PastState { positions, read_model: Arc::new(read_model), figures: snapshot.figures.into() })
    }
}
