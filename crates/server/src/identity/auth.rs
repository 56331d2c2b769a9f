//! The settings of authentication.

use std::{path::PathBuf, time::Duration};

use caunoi_texts::OperatorText;
use url::Url;

use super::{claim_mapping::ClaimMapping, key_client::key_url};

/// Maximum lifetime of an issuer's token unless its entry states another: a revoked role ends soon.
pub(super) const ISSUER_LIFETIME: Duration = Duration::from_mins(15);

/// Which tokens are accepted.
#[derive(Debug, Clone)]
pub struct Auth {
    /// The external issuers. None of them: the local key, if the server listens on loopback.
    pub issuers: Vec<Issuer>,
    /// The required `aud` of tokens, unless an issuer has its own.
    pub audience: String,
    /// Path of the local key. None: the one in the data folder.
    pub key_file: Option<PathBuf>,
}

/// An external issuer of tokens.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub name: String,
    /// Where its public keys are: a JSON Web Key Set.
    pub keys: KeyLocation,
    /// The required `aud` of its tokens. None: that of [`Auth`].
    pub audience: Option<String>,
    /// Maximum lifetime of its tokens.
    pub max_lifetime: Duration,
    /// Which claims name the actor.
    pub claims: ClaimMapping,
}

impl Issuer {
    /// Returns an issuer whose tokens have the claims `sub`, `role` and `province`.
    #[must_use]
    pub fn new(name: String, keys: KeyLocation) -> Self {
        Self { name, keys, audience: None, max_lifetime: ISSUER_LIFETIME, claims: ClaimMapping::default() }
    }
}

/// The word for [`PublishedLocation::Discovery`] in the settings.
const DISCOVERY: &str = "discovery";

/// The location of a key set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLocation {
    /// A file, read again when it changes.
    File(PathBuf),
    /// A document of the issuer.
    Published(PublishedLocation),
}

/// Where an issuer publishes its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedLocation {
    /// A URL, fetched again every five minutes and when a token names an unknown key.
    Url(Url),
    /// The `jwks_uri` of the issuer's discovery document (`OpenID Connect Discovery 1.0`); the URL of
    /// that document.
    Discovery(Url),
}

impl KeyLocation {
    /// Reads a setting: a URL, `discovery`, or the path of a file.
    ///
    /// # Errors
    /// Returns the reason if a URL is neither HTTPS nor of this machine, or if the keys are to be
    /// discovered and the issuer's name is no such URL.
    pub(crate) fn read(text: &str, issuer: &str) -> Result<Self, OperatorText> {
        if text == DISCOVERY {
            // The path is appended, not resolved: an issuer may have a path of its own.
            let document = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
            return Ok(Self::Published(PublishedLocation::Discovery(key_url(&document)?)));
        }
        if text.contains("://") {
            Ok(Self::Published(PublishedLocation::Url(key_url(text)?)))
        } else {
            Ok(Self::File(text.into()))
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self { issuers: Vec::new(), audience: "caunoi".to_owned(), key_file: None }
    }
}
