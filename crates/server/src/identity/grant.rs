//! The grant of a token signed with the local key.

use std::{fmt, time::Duration};

use caunoi_domain::policy::Role;
use caunoi_domain::text::is_actor_name;
use caunoi_texts::OperatorText;

use super::claims::find_role;
use super::local::MAX_LIFETIME_S;

const DEFAULT_LIFETIME: Duration = Duration::from_hours(24);

/// Role, name and lifetime of a token to be signed.
#[derive(Debug, Clone)]
pub struct Grant {
    pub(super) role: Role,
    pub(super) province: Option<String>,
    pub(super) name: String,
    pub(super) lifetime: Duration,
    pub(super) read_only: bool,
}

impl Grant {
    /// Returns a grant of all rights of the role for 24 hours, with a name made of role and
    /// province. `province` is a slug, which is not checked here.
    ///
    /// # Errors
    /// Returns the reason if the role is unknown, a provincial role has no province, or another
    /// role has one.
    pub fn new(role: &str, province: Option<&str>) -> Result<Self, OperatorText> {
        let role = find_role(role).ok_or_else(|| OperatorText::UnknownRole { given: role.to_owned() })?;
        let word = role.to_string().to_ascii_lowercase();
        let name = match (role.is_provincial(), province) {
            (true, Some(slug)) => format!("{word}-of-{}", slug.to_ascii_lowercase()),
            (false, None) => word,
            (true, None) => return Err(OperatorText::RoleNeedsProvince { role: word }),
            (false, Some(_)) => return Err(OperatorText::RoleHasNoProvince { role: word }),
        };
        let province = province.map(str::to_owned);
        Ok(Self { role, province, name, lifetime: DEFAULT_LIFETIME, read_only: false })
    }

    /// Sets the name of the holder.
    ///
    /// # Errors
    /// Returns the rule for names if the name is blank, longer than 200 characters, or contains
    /// control characters, direction marks or invisible characters.
    pub fn with_name(self, name: &str) -> Result<Self, OperatorText> {
        if is_actor_name(name) {
            Ok(Self { name: name.to_owned(), ..self })
        } else {
            Err(OperatorText::NotAnActorName)
        }
    }

    /// Sets the lifetime.
    ///
    /// # Errors
    /// Returns the rule if the lifetime is zero or longer than seven days.
    pub fn with_lifetime(self, lifetime: Duration) -> Result<Self, OperatorText> {
        if lifetime.is_zero() || lifetime.as_secs() > MAX_LIFETIME_S.unsigned_abs() {
            return Err(OperatorText::LifetimeOutOfRange);
        }
        Ok(Self { lifetime, ..self })
    }

    /// Removes the right to write.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }
}

/// Writes a description of the grant for people.
impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, province, name, lifetime, read_only } = self;
        write!(formatter, "A token for {name}: {role}")?;
        if let Some(slug) = province {
            write!(formatter, " of {slug}")?;
        }
        let extent = if *read_only { ", reads only" } else { "" };
        write!(formatter, "{extent}, good for {} minutes on this machine.", lifetime.as_secs().div_ceil(60))
    }
}

/// Parses a lifetime like `90s`, `30m`, `24h`, `7d`.
pub(crate) fn parse_lifetime(text: &str) -> Result<Duration, OperatorText> {
    let unit_s = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => 0,
    };
    let number = text.get(..text.len().saturating_sub(1)).and_then(|number| number.parse::<u32>().ok());
    match number {
        Some(number) if unit_s > 0 => Ok(Duration::from_secs(u64::from(number) * unit_s)),
        _ => Err(OperatorText::NotALifetime { given: text.to_owned() }),
    }
}
