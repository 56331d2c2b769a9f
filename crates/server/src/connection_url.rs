//! URLs of databases and of Redis: validation, and masking of passwords.

use caunoi_texts::OperatorText;
use url::Url;

const MASK: &str = "***";

/// Checks that `text` is a URL with one of `schemes`.
///
/// # Errors
/// Returns the reason, which never quotes the URL: it may contain a password.
pub(crate) fn check_scheme(text: &str, schemes: &[&str]) -> Result<(), OperatorText> {
    let example = schemes.first().copied().unwrap_or_default();
    let url = Url::parse(text).map_err(|error| OperatorText::NotAConnectionUrl {
        example: example.to_owned(),
        error: error.to_string(),
    })?;
    if !schemes.contains(&url.scheme()) {
        return Err(OperatorText::WrongScheme { example: example.to_owned() });
    }
    if url.cannot_be_a_base() {
        return Err(OperatorText::SlashesMissing { example: example.to_owned() });
    }
    Ok(())
}

/// Returns the URL with `***` in place of every password, or `***` if it cannot be parsed.
pub(crate) fn mask_passwords(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return MASK.to_owned();
    };
    if url.cannot_be_a_base() {
        return MASK.to_owned();
    }
    if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    if url.query().is_some() {
        let pairs: Vec<String> = url.query_pairs().map(|(name, value)| parameter(&name, &value)).collect();
        url.set_query(Some(&pairs.join("&")));
    }
    url.into()
}

/// Returns `text`, usually an error message of a driver, on one line and with the passwords of
/// `url` masked.
pub(crate) fn mask_passwords_in(text: &str, url: &str) -> String {
    let mut clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Ok(parsed) = Url::parse(url) {
        clean = clean.replace(url, &mask_passwords(url));
        let queried =
            parsed.query_pairs().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.into_owned());
        let passwords = parsed.password().into_iter().map(str::to_owned).chain(queried);
        for password in passwords.filter(|password| !password.is_empty()) {
            clean = clean.replace(&password, MASK);
        }
    }
    clean
}

fn parameter(name: &str, value: &str) -> String {
    format!("{name}={}", if is_secret(name) { MASK } else { value })
}

fn is_secret(parameter: &str) -> bool {
    let name = parameter.to_ascii_lowercase();
    ["pass", "secret", "token", "key"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTGRES: &[&str] = &["postgres", "postgresql"];

    #[test]
    fn passwords_are_masked_in_every_part_of_a_url() {
        for (text, shown) in [
            ("postgres://caunoi:hunter2@db:5432/caunoi", "postgres://caunoi:***@db:5432/caunoi"),
            ("postgres://caunoi:a@b@db/caunoi", "postgres://caunoi:***@db/caunoi"),
            ("postgres://caunoi@db/caunoi", "postgres://caunoi@db/caunoi"),
            (
                "postgres:///caunoi?host=/run/postgresql&password=hunter2",
                "postgres:///caunoi?host=/run/postgresql&password=***",
            ),
            ("redis://:hunter2@cache:6379/0", "redis://:***@cache:6379/0"),
            ("caunoi:hunter2@db", "***"),
            ("hunter2", "***"),
        ] {
            assert_eq!(mask_passwords(text), shown, "{text}");
        }
    }

    #[test]
    fn passwords_are_masked_in_driver_messages() {
        let url = "postgres://caunoi:hunter2@db/caunoi";
        assert_eq!(
            mask_passwords_in("no driver for\n  postgres://caunoi:hunter2@db/caunoi (hunter2)", url),
            "no driver for postgres://caunoi:***@db/caunoi (***)"
        );
    }

    #[test]
    fn other_schemes_are_refused_without_quoting_the_url() {
        assert_eq!(check_scheme("postgres://caunoi@db/caunoi", POSTGRES), Ok(()));
        assert_eq!(check_scheme("postgresql:///caunoi?host=/run/postgresql", POSTGRES), Ok(()));
        for text in ["", "db", "mysql://hunter2@db", "postgres:hunter2@db", "postgres://a:hunter2#3@db"] {
            let why = check_scheme(text, POSTGRES).unwrap_err();
            let why = why.text(caunoi_domain::locale::Locale::En);
            assert!(!why.contains("hunter2"), "{why}");
        }
    }
}
