//! Keys of cached responses.

use crate::cursor::Epoch;
use crate::id::Log;
use crate::locale::Locale;
use crate::policy::{Actor, Role};
use sha2::{Digest as _, Sha256};

/// The SHA-256 of a request, a [`CallerClass`], a program version and a database epoch. Requests
/// with equal keys have the same response while its dependencies do not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// Returns the 32 bytes of the hash.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The callers that share cached responses: everything of an [`Actor`] except its name. A response
/// that depends on the name is not cached ([`ReadSet::add_caller`]).
///
/// [`ReadSet::add_caller`]: crate::dependency::ReadSet::add_caller
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CallerClass {
    role: Role,
    province: Option<Log>,
    may_write: bool,
    locale: Locale,
}

impl CallerClass {
    /// Returns the class of an actor with the language of its request.
    #[must_use]
    pub fn of(actor: &Actor, locale: Locale) -> Self {
        Self { role: actor.role(), province: actor.province(), may_write: actor.may_write(), locale }
    }
}

/// Computes the cache keys of one program version.
#[derive(Debug, Clone)]
pub struct CacheKeyHasher(Sha256);

impl CacheKeyHasher {
    /// Returns a hasher for the program with this identity (version, schema): another version may
    /// respond differently.
    #[must_use]
    pub fn new(program: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in program {
            absorb(&mut hash, part.as_bytes());
        }
        Self(hash)
    }

    /// Returns the key of a request with these parts. The epoch is part of it, because in another
    /// epoch the same positions may have other changes. Equal keys mean equal parts, one by one.
    #[must_use]
    pub fn key(&self, epoch: Epoch, asker: CallerClass, parts: &[&[u8]]) -> CacheKey {
        let mut hash = self.0.clone();
        absorb(&mut hash, epoch.bytes());
        let province = asker.province.map_or(-1, Log::number).to_be_bytes();
        let class: [&[u8]; 4] = [
            <&str>::from(asker.role).as_bytes(),
            &province,
            &[u8::from(asker.may_write)],
            &[match asker.locale {
                Locale::Vi => 0,
                Locale::En => 1,
            }],
        ];
        for part in class.iter().chain(parts) {
            absorb(&mut hash, part);
        }
        CacheKey(hash.finalize().into())
    }
}

/// Hashes a part after its length, so that no two lists of parts have the same input.
fn absorb(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_be_bytes());
    hash.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn callers_requests_schemas_and_epochs_never_share_a_key() {
        let hasher =
            |epoch: u8, schema: &str| (Epoch::new([epoch; 32]), CacheKeyHasher::new(&["1.0", schema]));
        let actor = |role, province: Option<i16>, may_write| {
            Actor::new(role, "x", province.map(Log::new), may_write).unwrap()
        };
        let actors = [
            Actor::public(),
            actor(Role::Partner, None, false),
            actor(Role::Clerk, Some(1), true),
            actor(Role::Clerk, Some(1), false),
            actor(Role::Clerk, Some(2), true),
            actor(Role::Publisher, Some(1), true),
            actor(Role::Analyst, None, false),
            actor(Role::Steward, None, true),
            actor(Role::Steward, None, false),
        ];
        let parts: [&[&[u8]]; 5] =
            [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"", b"abc"], &[b"abc", b""]];
        let mut keys = HashSet::new();
        let hashers = [hasher(1, "a"), hasher(2, "a"), hasher(1, "b"), hasher(1, "")];
        for (epoch, hasher) in &hashers {
            for actor in &actors {
                for locale in Locale::ALL {
                    keys.extend(parts.map(|parts| hasher.key(*epoch, CallerClass::of(actor, locale), parts)));
                }
            }
        }
        assert_eq!(keys.len(), hashers.len() * actors.len() * 2 * parts.len());
        let named =
            |name| CallerClass::of(&Actor::new(Role::Analyst, name, None, false).unwrap(), Locale::Vi);
        let (epoch, hasher) = &hashers[0];
        assert_eq!(hasher.key(*epoch, named("a"), &[b"q"]), hasher.key(*epoch, named("b"), &[b"q"]));
    }
}
