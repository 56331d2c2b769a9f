//! Signing keys for tests only, and their published key sets.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
        RsaKeyPair, RsaPublicKeyComponents,
    },
};
use serde_json::{Value, json};

/// PKCS#1 in base64, 2,048 bits.
const RSA: &str = "MIIEowIBAAKCAQEA7ZMKL4dAm+py+myCJrd88Tl7uGdAvV69uJOV/DdPt71iBEa/7CxBapaDTXgOVmLi3R2Xb/BTNYhUn/NW \
     0Gz73hBhdvQiRJ/ZrFS9pMMK9e7yjP7zS82OKCZy3s6BFSi1Kwz5yY+IHPitKlH8+BrfUn38msWGJkChS+pIJ8iVpW26gmlb \
     9dgIv9DxlZ9D1HjiWwQzGYPJ4iZGQmBkZPyhH4HZKksSdHaWx+oqgNk4g12Jv4ELfR7K+d+5kTGFSPnjVxq2SMfooxvnlg5I \
     YWgpkEuPqFO+RWgb6DuFWnzNlzjnAkC4/qGBWP7PghD+UT8A+vBxWo978+rAEopPQhNdBQIDAQABAoIBADdTTMXwu20T1h7X \
     ch/ODzyl5Ff3Q65WB9yaEg2gW+IwKklQqJU5YSqPTpiV4tDfSnGv2Hpq/xWyX/K32nnDR4xZSDlJdUmB6FEnktpxyXWoZbfM \
     D6CRiA91lL6qXIku57HU3b7AvDPy/XCjk0O8DlHJoS/x2+HAn09sic0p+x+A0Uob28D3ejy3tthJhClYa2wD3UAbvNV71/hy \
     DT6DSSC0cXr7uOfxXOIjv23LoowVAcGEpLI767TUVlHNYLh34Pc0XdFMtJZiD2OHcqGP3msVRC3k4nh4VXDEveu3j/1L9pSM \
     dyimAmJ9Ofa5WEX8EhK6Hs4via+mH+vXEIgBSikCgYEA/iBbbkHo/ETY0pJVofxilwjcVezbohjccSS3lqWc6IkQlt3ImWBn \
     /kLDwxpx17mDy8xuXaOal319Cs+h9iOOkwC/2u69FlCrJDtkgUaKSgygpUFxrfE9w5lSl1n7IZvLQr2s5CT0K3OGC4TNa+HD \
     My+NaCzHRXeM3kdNUDdjhNcCgYEA71NxKflBa8BpwOD/A+wSUqCANN4jsdAwE8cKKdNb+EK/uSIegO8d6b8kkOfg+0dkbfa5 \
     Egp8N8RxyxFXbPbHPjyzzq0p9JbVLJlh+9MRIkH0IN0E4T00nKjHvWJW3srAeOHuPxwUz9Usmv7JAbkucVMVLiSVl41PstyZ \
     abztVYMCgYBwL9CtSCOW2r3tl/R94nGTw7GhrUL4uIj42gDCXLJ8ZaYRNC/OpiTCtq69fvsrBRcN7V37sLIalqeREkCp7OCQ \
     PRB1klefdlVXVXD1MTLzpcd1rQKGi618oD852dtn5uNAv4OH5Fh2pjVS+HnHWo9WFXQTvVDrde+WYVvcQdeJWQKBgQCsb761 \
     s3ZDoNuRsYuM0+dPyX0Wmoe1cn9xgJP+Ft/JPK7PQZog5Cj1Zld+YNRluMbPxFkMeqmNtOkYm2IWjKh6W1piq7nzFUp7W/iR \
     bT6HJGY114nQkDz8M0/XUKeu1v9fGcqDhkQoizwcYT+LElY4KNi16n4uOA8YnIGdAhcu6QKBgBPb2UWf0XYBW2PKx8XBhV3Z \
     FseJNHwSiP4ZP1LoBo1XYdvfOwvt2EcGOE8SekZOBDUKzWrKd+0P9BDcsv7eIqU7baActFYsQ39iqexULdaLBCSnnGVcIZA5 \
     xFj1/I7RoQ3UpU9w5yYZBrrOZkK2XYElRPXs37Zq125iWxgKJvLU";

/// PKCS#8 in base64.
const P256: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgnXKZr7yo1e4daBfdWC1BtvYs0GTToZb5k5C5zd4PEqmhRANC \
     AASyCT62GVTOWq2Vqykas7Yi6ulY9VjX9LKsJTAwf/cqhzol6oXhGzhyLIbA1fAjuTFCLrwFMfnO5dbueQa6/udr";

/// A key and its `kid`.
pub(super) struct Signer {
    pub(super) id: &'static str,
    key: SigningKey,
}

enum SigningKey {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

fn decode(base64: &str) -> Vec<u8> {
    STANDARD.decode(base64.replace(' ', "")).unwrap()
}

pub(super) fn rsa() -> Signer {
    Signer { id: "rsa", key: SigningKey::Rsa(RsaKeyPair::from_der(&decode(RSA)).unwrap()) }
}

pub(super) fn p256() -> Signer {
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &decode(P256), &SystemRandom::new())
        .unwrap();
    Signer { id: "p256", key: SigningKey::P256(key) }
}

pub(super) fn ed25519() -> Signer {
    Signer { id: "ed", key: SigningKey::Ed25519(Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()) }
}

impl Signer {
    /// Returns the name of the algorithm in the header `alg` of tokens.
    pub(super) fn algorithm(&self) -> &'static str {
        match &self.key {
            SigningKey::Rsa(_) => "RS256",
            SigningKey::P256(_) => "ES256",
            SigningKey::Ed25519(_) => "EdDSA",
        }
    }

    /// Returns the message with its signature: a token.
    pub(super) fn sign(&self, message: &str) -> String {
        let (bytes, random) = (message.as_bytes(), SystemRandom::new());
        let signature = match &self.key {
            SigningKey::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature).unwrap();
                signature
            }
            SigningKey::P256(key) => key.sign(&random, bytes).unwrap().as_ref().to_vec(),
            SigningKey::Ed25519(key) => key.sign(bytes).as_ref().to_vec(),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Returns the public key in the form of a JSON Web Key.
    pub(super) fn published(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let mut jwk = match &self.key {
            SigningKey::Rsa(key) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(key.public());
                json!({"kty": "RSA", "n": text(&n), "e": text(&e)})
            }
            SigningKey::P256(key) => {
                // After the byte that says that the point is uncompressed.
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y)})
            }
            SigningKey::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": text(key.public_key().as_ref())})
            }
        };
        jwk["kid"] = json!(self.id);
        jwk["alg"] = json!(self.algorithm());
        jwk
    }
}
