//! HMAC-SHA-256 under the keys of 32 bytes of this crate.

use hmac::{Hmac, KeyInit as _};
use sha2::Sha256;

/// The block of SHA-256, to which HMAC pads a shorter key with zeros (RFC 2104, section 2).
const BLOCK_BYTES: usize = 64;

/// Returns the MAC of an empty message. The key is padded here, because the constructor for keys of
/// any length returns a result although it never fails.
pub(crate) fn hmac_sha256(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0; BLOCK_BYTES];
    block[..key.len()].copy_from_slice(key);
    Hmac::new(&block.into())
}
