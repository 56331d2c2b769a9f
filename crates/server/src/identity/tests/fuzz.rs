//! Random changes of tokens.

use super::*;

#[test]
fn no_random_token_is_accepted() {
    let valid = sign(&ed25519(), &claims());
    caunoi_fuzz::run_text("token", |given| {
        if let Ok(token) = bearer::token(given) {
            assert!(verify(token).is_err(), "{token}");
        }
        // The given text at any place of a valid token, inserted and instead of a part of it.
        let at = given.len() % valid.len();
        let (start, end) = valid.split_at(at);
        let rest = end.get(given.len()..).unwrap_or_default();
        for altered in [format!("{start}{given}{end}"), format!("{start}{given}{rest}")] {
            assert!(altered == valid || verify(&altered).is_err(), "{altered}");
        }
    });
}
