//! The state of the register when a request arrived, which the dependencies of its response count
//! from.

use crate::{ReadModel, Register};
use caunoi_domain::cursor::Epoch;
use caunoi_domain::date::Day;
use caunoi_domain::dependency::RegisterState;
use caunoi_domain::id::Log;
use caunoi_domain::policy::{Scope, Visibility};
use std::sync::Arc;

/// The state of the register when a request arrived, as its scope sees it.
#[derive(Debug, Clone)]
pub struct ScopeSnapshot {
    pub(crate) read_model: Arc<ReadModel>,
    pub(crate) scope: Scope,
    pub(crate) today: Day,
}

impl Register {
    /// Returns the current state of the register, as a scope sees it.
    #[must_use]
    pub fn scope_snapshot(&self, scope: Scope) -> ScopeSnapshot {
        ScopeSnapshot { read_model: self.read_model(), scope, today: self.today() }
    }
}

impl ScopeSnapshot {
    /// Returns the database epoch of this state.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.read_model.epoch
    }

    /// Returns the read model of this state. The caller must record which logs it reads from it.
    #[must_use]
    pub fn read_model(&self) -> &Arc<ReadModel> {
        &self.read_model
    }
}

/// A position moves whenever the scope sees a change: drafts move it for their own province,
/// submitted versions for the ministry too, public changes for all.
impl RegisterState for ScopeSnapshot {
    fn logs(&self) -> impl Iterator<Item = Log> {
        self.read_model.heads.keys().copied()
    }

    fn head(&self, log: Log) -> i64 {
        let sees_all = match self.scope.visibility() {
            Visibility::Published => false,
            Visibility::Province(own) => own == log,
            Visibility::Ministry => true,
        };
        if sees_all {
            self.read_model.heads.get(&log).copied().unwrap_or(0)
        } else {
            self.read_model.public_heads.at(log)
        }
    }

    fn today(&self) -> Day {
        self.today
    }
}
