//! Parses the header `Authorization`.

use super::TokenError;

/// Maximum length of a token, ten times what one needs; a longer one is not even hashed.
const MAX_TOKEN_BYTES: usize = 8 * 1_024;

/// Returns the token after the scheme `Bearer`, which is case-insensitive.
///
/// # Errors
/// Returns `NotBearer` if the value is not one bearer token, `Foreign` if it is too long.
pub(super) fn token(value: &str) -> Result<&str, TokenError> {
    let (scheme, token) = value.trim().split_once(' ').ok_or(TokenError::NotBearer)?;
    let token = token.trim_start_matches(' ');
    let is_token = !token.is_empty() && !token.contains(|c: char| c.is_whitespace() || c == ',');
    if !scheme.eq_ignore_ascii_case("bearer") || !is_token {
        return Err(TokenError::NotBearer);
    }
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenError::Invalid);
    }
    Ok(token)
}
