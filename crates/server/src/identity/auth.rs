//! What the settings say about tokens.

use std::path::PathBuf;

/// Whose tokens are taken.
#[derive(Debug, Clone)]
pub struct Auth {
    /// None: the key of this machine, where the server listens on loopback.
    pub issuer: Option<Issuer>,
    /// What the tokens must be meant for, their `aud`.
    pub audience: String,
    /// The key of this machine; none means the one in the data folder.
    pub key_file: Option<PathBuf>,
}

/// Somebody else who signs tokens.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub name: String,
    /// Its public keys: a file with a JSON Web Key Set.
    pub keys: PathBuf,
}

impl Default for Auth {
    fn default() -> Self {
        Self { issuer: None, audience: "caunoi".to_owned(), key_file: None }
    }
}
