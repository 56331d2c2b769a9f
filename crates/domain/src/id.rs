//! Surrogate keys, typed by their entity, so that a country key cannot be used for a locality.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The key of a `T`; stable within an installation, never shown without its type.
pub struct Id<T>(i32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// Returns the key with this number.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number, PhantomData)
    }

    /// Returns the number of the key in the database.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i32::deserialize(deserializer).map(Self::new)
    }
}

/// The log of one province or of the ministry. Identifies the owner of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Log(i16);

impl Log {
    /// The log of the ministry, which also contains the reference data.
    pub const MINISTRY: Self = Self(0);

    /// Returns the log with this number: 0 is the ministry, 1 and up are provinces.
    #[must_use]
    pub const fn new(number: i16) -> Self {
        Self(number)
    }

    /// Returns the number of the log in the database.
    #[must_use]
    pub const fn number(self) -> i16 {
        self.0
    }

    /// Returns whether the log belongs to a province, not to the ministry.
    #[must_use]
    pub const fn is_province(self) -> bool {
        self.0 != 0
    }
}
