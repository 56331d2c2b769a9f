//! From the value of `Authorization` to a token.

use super::Unrecognised;

/// Ten times what a token of ours needs; more is not even hashed.
const LONGEST_BYTES: usize = 8 * 1_024;

/// The token behind the scheme `Bearer`, which may be written in any case.
pub(super) fn token(value: &str) -> Result<&str, Unrecognised> {
    let (scheme, token) = value.trim().split_once(' ').ok_or(Unrecognised::NotBearer)?;
    let token = token.trim_start_matches(' ');
    let is_token = !token.is_empty() && !token.contains(|c: char| c.is_whitespace() || c == ',');
    if !scheme.eq_ignore_ascii_case("bearer") || !is_token {
        return Err(Unrecognised::NotBearer);
    }
    if token.len() > LONGEST_BYTES {
        return Err(Unrecognised::Foreign);
    }
    Ok(token)
}
