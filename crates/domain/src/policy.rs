//! Who may see what and who may do what: the one place that mints a [`Scope`] and a [`Permit`].
//!
//! Default deny: an act is allowed only where [`Role::may`] says so. `policy/table.txt` is the
//! whole table, role by act, and a test holds the code to it.

use crate::id::Log;
use crate::refusal::Refusal;
use crate::text;
use std::sync::Arc;
use strum::{Display, EnumString, IntoStaticStr, VariantArray};

/// What the name of an actor has to be, for the person who chose another one.
pub const NAME_RULE: &str =
    "a name has 1 to 200 characters, none of them a control character, a direction mark or an invisible one";

/// What somebody is to the register.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Nobody in particular: no token.
    Public,
    /// A system abroad or at home that reads what is published.
    Partner,
    /// Drafts for one province.
    Clerk,
    /// Publishes for one province.
    Publisher,
    /// Reads for the ministry.
    Analyst,
    /// Acts for the ministry.
    Steward,
}

/// What can be done to an entry, for a whole province, or to the reference data.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Display, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Draft a new entry.
    Create,
    /// Change the working version, or open one beside the published version.
    Update,
    /// Record a dated act of an agreement.
    RecordAct,
    /// Hand a draft to the publisher.
    Submit,
    /// Hand a submitted version back to its clerk.
    Return,
    /// Show the working version to all.
    Publish,
    /// Take an entry back for good, or discard a version that was never published.
    Withdraw,
    /// Say of a period that nothing is missing.
    Confirm,
    /// Change the reference data: localities, names of countries, terms.
    Maintain,
    /// Ask the ministry for a locality that is missing.
    Propose,
    /// Say what becomes of such a proposal.
    Settle,
}

/// Who calls, after the token is checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    role: Role,
    name: Arc<str>,
    home: Option<Log>,
    may_write: bool,
}

/// The rows that an actor may see. There is no read without one, and only this module makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    sees: Sees,
}

/// Kinds of rows that a scope is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sees {
    /// Published versions alone.
    Published,
    /// Published versions of all, and of this province the working version where there is one.
    Province(Log),
    /// Published versions of all, or the submitted one where there is one; of the ministry's own
    /// log the working version.
    Ministry,
}

/// That this actor may do this in this log. There is no save without one, and only this module
/// makes it; it names the author of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
    log: Log,
}

/// That these webhooks are this partner's own. There is no webhook made, seen or changed without
/// one, and only this module makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner(Arc<str>);

/// Why an act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody may do this without a token.
    #[error("a token is needed")]
    Unknown,
    /// The caller is known and may not do this; who may is named.
    #[error("this needs a {0}")]
    Forbidden(&'static str),
}

impl Role {
    /// Whether the role belongs to one province.
    #[must_use]
    pub fn is_provincial(self) -> bool {
        match self {
            Self::Clerk | Self::Publisher => true,
            Self::Public | Self::Partner | Self::Analyst | Self::Steward => false,
        }
    }

    /// Whether the role may do this, in its own log or in somebody else's. The ministry's log is
    /// the steward's own.
    #[must_use]
    pub fn may(self, action: Action, is_own: bool) -> bool {
        match self {
            Self::Public | Self::Partner | Self::Analyst => false,
            Self::Clerk => {
                is_own
                    && match action {
                        Action::Create
                        | Action::Update
                        | Action::RecordAct
                        | Action::Submit
                        | Action::Propose => true,
                        Action::Return
                        | Action::Publish
                        | Action::Withdraw
                        | Action::Confirm
                        | Action::Maintain
                        | Action::Settle => false,
                    }
            }
            Self::Publisher => is_own && !matches!(action, Action::Maintain | Action::Settle),
            Self::Steward => {
                match action {
                    Action::Return | Action::Withdraw => true,
                    // Proposals stand in the logs of provinces.
                    Action::Settle => !is_own,
                    Action::Create
                    | Action::Update
                    | Action::RecordAct
                    | Action::Submit
                    | Action::Publish
                    | Action::Maintain => is_own,
                    // Nobody but a province knows what it has left out, and what it misses.
                    Action::Confirm | Action::Propose => false,
                }
            }
        }
    }
}

impl Role {
    /// Whether the role may have webhooks of its own. Others have none, and see nobody's.
    #[must_use]
    pub fn may_have_webhooks(self) -> bool {
        match self {
            Self::Partner => true,
            Self::Public | Self::Clerk | Self::Publisher | Self::Analyst | Self::Steward => false,
        }
    }

    /// Whether there is anything at all that the role may write.
    #[must_use]
    pub fn may_write(self) -> bool {
        self.may_have_webhooks() || Action::VARIANTS.iter().any(|action| self.may(*action, true))
    }
}

impl Action {
    /// Who may do this, for a text.
    fn needs(self) -> &'static str {
        match self {
            Self::Create | Self::Update | Self::RecordAct | Self::Submit | Self::Propose => {
                "clerk or publisher of the province"
            }
            Self::Return | Self::Publish | Self::Withdraw | Self::Confirm => "publisher of the province",
            Self::Maintain | Self::Settle => "steward",
        }
    }
}

impl Actor {
    /// Nobody in particular.
    #[must_use]
    pub fn public() -> Self {
        Self { role: Role::Public, name: "".into(), home: None, may_write: false }
    }

    /// Somebody with a token: who, in which role, for which province, and whether the token
    /// lets its bearer write.
    ///
    /// # Errors
    /// A provincial role without a province, another role with one, a name that cannot stand in the
    /// log of changes ([`text::is_actor_name`]).
    pub fn new(role: Role, name: &str, province: Option<Log>, may_write: bool) -> Result<Self, Refusal> {
        if name.trim().is_empty() {
            return Err(Refusal::Required);
        }
        if !text::is_actor_name(name) {
            return Err(Refusal::Invalid(NAME_RULE.to_owned()));
        }
        let home = match (role, province) {
            (Role::Clerk | Role::Publisher, Some(log)) if log.is_province() => Some(log),
            (Role::Clerk | Role::Publisher, _) => {
                return Err(Refusal::Invalid(format!("a {role} belongs to a province")));
            }
            (_, Some(_)) => return Err(Refusal::Invalid(format!("a {role} belongs to no province"))),
            (Role::Steward | Role::Analyst, None) => Some(Log::MINISTRY),
            (Role::Public | Role::Partner, None) => None,
        };
        Ok(Self { role, name: name.into(), home, may_write })
    }

    /// In which role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Who, as the token says; blank for the public.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The province of a provincial role.
    #[must_use]
    pub fn province(&self) -> Option<Log> {
        self.home.filter(|log| log.is_province())
    }

    /// Whether the token lets its bearer write what the role may.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// That somebody is known at all.
    ///
    /// # Errors
    /// Nobody in particular.
    pub fn known(&self) -> Result<(), Denied> {
        if self.role == Role::Public { Err(Denied::Unknown) } else { Ok(()) }
    }

    /// That the webhooks of this name are the caller's own.
    ///
    /// # Errors
    /// The role has none, or the token is for reading alone.
    pub fn owner(&self) -> Result<Owner, Denied> {
        self.known()?;
        if !self.may_write || !self.role.may_have_webhooks() {
            return Err(Denied::Forbidden("partner with a token that may write"));
        }
        Ok(Owner(Arc::clone(&self.name)))
    }

    /// The permit to do this in this log.
    ///
    /// # Errors
    /// The role may not, or the token is for reading alone.
    pub fn permit(&self, action: Action, log: Log) -> Result<Permit, Denied> {
        self.known()?;
        if !self.may_write || !self.role.may(action, self.home == Some(log)) {
            return Err(Denied::Forbidden(action.needs()));
        }
        Ok(Permit { actor: self.clone(), action, log })
    }
}

impl Permit {
    /// The author of the change, as the log names them: role and name.
    #[must_use]
    pub fn author(&self) -> String {
        format!("{}:{}", self.actor.role, self.actor.name)
    }

    /// What may be done.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Where.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log
    }

    /// The rows that the permitted actor sees.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of(&self.actor)
    }
}

impl Owner {
    /// The name of the partner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl Scope {
    /// The rows that this actor may see.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        let sees = match (actor.role, actor.home) {
            (Role::Clerk | Role::Publisher, Some(log)) => Sees::Province(log),
            (Role::Analyst | Role::Steward, _) => Sees::Ministry,
            (Role::Public | Role::Partner | Role::Clerk | Role::Publisher, _) => Sees::Published,
        };
        Self { sees }
    }

    /// What those rows are; whoever reads must answer for each kind of them.
    #[must_use]
    pub fn sees(self) -> Sees {
        self.sees
    }
}

#[cfg(test)]
mod tests;
