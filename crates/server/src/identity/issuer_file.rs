//! The file of issuers: which organizations sign tokens, and which of their claims name a role and a
//! province.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    time::Duration,
};

use caunoi_domain::policy::Role;
use caunoi_texts::OperatorText;
use serde::Deserialize;

use super::{
    auth::{ISSUER_LIFETIME, Issuer, KeyLocation},
    claim_mapping::ClaimMapping,
    claims::find_role,
    grant::parse_lifetime,
};

/// Longest lifetime that may be set for the tokens of an issuer.
const LONGEST_LIFETIME: Duration = Duration::from_hours(24);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerFile {
    issuer: Vec<IssuerEntry>,
}

/// One table `[[issuer]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerEntry {
    name: String,
    keys: String,
    audience: Option<String>,
    max_lifetime: Option<String>,
    #[serde(default = "default_author")]
    author: String,
    #[serde(default)]
    author_prefix: String,
    role: String,
    roles: BTreeMap<String, String>,
    province: Option<String>,
    provinces: Option<BTreeMap<String, String>>,
    #[serde(default)]
    limits_by_scope: bool,
}

fn default_author() -> String {
    "sub".to_owned()
}

/// Reads the file.
///
/// # Errors
/// Returns the first flaw: no TOML, an unknown key, a role that does not exist, keys that are not
/// fetched safely, a lifetime out of bounds, or two issuers with one name or one prefix of authors.
pub fn read(path: &Path) -> Result<Vec<Issuer>, OperatorText> {
    let text = fs::read_to_string(path).map_err(|error| OperatorText::system(&error))?;
    let file: IssuerFile = toml::from_str(&text).map_err(|error| not_toml(path, &text, &error))?;
    let issuers: Vec<Issuer> =
        file.issuer.into_iter().map(IssuerEntry::issuer).collect::<Result<_, OperatorText>>()?;
    check_distinct(&issuers)?;
    Ok(issuers)
}

impl IssuerEntry {
    fn issuer(self) -> Result<Issuer, OperatorText> {
        let name = self.name.clone();
        self.parse().map_err(|why| OperatorText::IssuerInvalid { name, why: Box::new(why) })
    }

    fn parse(self) -> Result<Issuer, OperatorText> {
        let roles = self.roles.into_iter().map(|(value, role)| {
            let found = find_role(&role).ok_or(OperatorText::UnknownRole { given: role })?;
            Ok((value, found))
        });
        let claims = ClaimMapping {
            author: self.author,
            author_prefix: self.author_prefix,
            role: self.role,
            roles: Some(roles.collect::<Result<BTreeMap<String, Role>, OperatorText>>()?),
            province: self.province.unwrap_or_else(|| ClaimMapping::default().province),
            provinces: self.provinces,
            limits_by_scope: self.limits_by_scope,
        };
        Ok(Issuer {
            keys: KeyLocation::read(&self.keys, &self.name)?,
            name: self.name,
            audience: self.audience,
            max_lifetime: self.max_lifetime.as_deref().map_or(Ok(ISSUER_LIFETIME), lifetime)?,
            claims,
        })
    }
}

fn lifetime(text: &str) -> Result<Duration, OperatorText> {
    let lifetime = parse_lifetime(text)?;
    if lifetime.is_zero() || lifetime > LONGEST_LIFETIME {
        return Err(OperatorText::IssuerLifetime { given: text.to_owned() });
    }
    Ok(lifetime)
}

/// Two issuers with one name could sign for each other, and two persons with one name in the log of
/// changes could not be distinguished.
fn check_distinct(issuers: &[Issuer]) -> Result<(), OperatorText> {
    let (mut names, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    for Issuer { name, claims, .. } in issuers {
        if !names.insert(name) {
            return Err(OperatorText::IssuerTwice { name: name.clone() });
        }
        if !prefixes.insert(&claims.author_prefix) {
            return Err(OperatorText::AuthorPrefixTwice { name: name.clone() });
        }
    }
    Ok(())
}

fn not_toml(path: &Path, text: &str, error: &toml::de::Error) -> OperatorText {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    OperatorText::NotToml {
        path: path.display().to_string(),
        line: before.matches('\n').count() + 1,
        error: error.message().to_owned(),
    }
}
