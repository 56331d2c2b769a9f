//! The settings of authentication.

use std::path::PathBuf;

/// Which tokens are accepted.
#[derive(Debug, Clone)]
pub struct Auth {
    /// None: the local key, if the server listens on loopback.
    pub issuer: Option<Issuer>,
    /// The required `aud` of tokens.
    pub audience: String,
    /// Path of the local key. None: the one in the data folder.
    pub key_file: Option<PathBuf>,
}

/// An external issuer of tokens.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub name: String,
    /// Path of a file with its public keys: a JSON Web Key Set.
    pub keys: PathBuf,
}

impl Default for Auth {
    fn default() -> Self {
        Self { issuer: None, audience: "caunoi".to_owned(), key_file: None }
    }
}
