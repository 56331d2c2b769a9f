//! The reasons of URLs that may not be called.

use serde::Serialize;
use strum::{EnumDiscriminants, VariantArray};

/// Why a URL may not be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, EnumDiscriminants)]
#[strum_discriminants(name(UrlKind), derive(VariantArray), doc = "The variants of [`UrlReason`].")]
#[serde(rename_all = "kebab-case")]
pub enum UrlReason {
    /// A URL is too long.
    UrlTooLong {
        /// The limit in bytes.
        most: usize,
    },
    /// A text is not a URL with a host.
    NotAUrl,
    /// A URL has another scheme than https.
    UrlNotHttps,
    /// A URL contains a user or a password.
    UrlWithCredentials,
    /// A URL has a forbidden port.
    UrlPort,
    /// A URL leads to an address outside the public internet. The address stays unnamed: it would
    /// reveal how names resolve in the internal network.
    UrlNotPublic,
    /// The name of the host cannot be resolved.
    UrlHostUnknown,
}
