//! What a token of this machine's own key is to say.

use std::{fmt, time::Duration};

use caunoi_domain::policy::{NAME_RULE, Role};
use caunoi_domain::text::is_actor_name;

use super::claims::find_role;
use super::local::LONGEST_S;

const USUAL_LIFE: Duration = Duration::from_hours(24);

/// Who may do what, for how long.
#[derive(Debug, Clone)]
pub struct Grant {
    pub(super) role: Role,
    pub(super) province: Option<String>,
    pub(super) name: String,
    pub(super) life: Duration,
    pub(super) read_only: bool,
}

impl Grant {
    /// All that the role may, for 24 hours, in a name made of role and province. The province is a
    /// slug, and not looked up here.
    ///
    /// # Errors
    /// No such role, a provincial role without a province, another one with it.
    pub fn new(role: &str, province: Option<&str>) -> Result<Self, String> {
        let role = find_role(role)
            .ok_or_else(|| format!("{role:?} is none of partner, clerk, publisher, analyst, steward"))?;
        let word = role.to_string().to_ascii_lowercase();
        let name = match (role.is_provincial(), province) {
            (true, Some(slug)) => format!("{word}-of-{}", slug.to_ascii_lowercase()),
            (false, None) => word,
            (true, None) => return Err(format!("a {word} belongs to a province: add --province")),
            (false, Some(_)) => return Err(format!("{word} belongs to no province: leave out --province")),
        };
        let province = province.map(str::to_owned);
        Ok(Self { role, province, name, life: USUAL_LIFE, read_only: false })
    }

    /// In another name.
    ///
    /// # Errors
    /// A name that cannot stand in the log of changes: blank, over 200 characters, or with control
    /// characters, direction marks or invisible characters.
    pub fn named(self, name: &str) -> Result<Self, String> {
        if is_actor_name(name) {
            Ok(Self { name: name.to_owned(), ..self })
        } else {
            Err(NAME_RULE.to_owned())
        }
    }

    /// For another time.
    ///
    /// # Errors
    /// Longer than seven days, or no time at all.
    pub fn lasting(self, life: Duration) -> Result<Self, String> {
        if life.is_zero() || life.as_secs() > LONGEST_S.unsigned_abs() {
            return Err("a token lives at least 1s and at most 7d".to_owned());
        }
        Ok(Self { life, ..self })
    }

    /// Without the right to change anything.
    #[must_use]
    pub fn read_only(self) -> Self {
        Self { read_only: true, ..self }
    }
}

/// What the bearer will be told.
impl fmt::Display for Grant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, province, name, life, read_only } = self;
        write!(formatter, "A token for {name}: {role}")?;
        if let Some(slug) = province {
            write!(formatter, " of {slug}")?;
        }
        let extent = if *read_only { ", reads only" } else { "" };
        write!(formatter, "{extent}, good for {} minutes on this machine.", life.as_secs().div_ceil(60))
    }
}

/// A time like `90s`, `30m`, `24h`, `7d`.
pub(crate) fn read_life(text: &str) -> Result<Duration, String> {
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
        _ => Err(format!("{text:?} is not a time like 30m, 24h or 7d")),
    }
}
