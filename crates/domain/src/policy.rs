//! Authorization: the only module that creates a [`Scope`] (read access), a [`Permit`] (write
//! access), a [`WebhookOwner`], a [`RefusalReader`] and an [`AccessReview`].
//!
//! Default deny: an action is allowed only where [`Role::may`] returns true. `policy/table.txt`
//! lists role × action; a test compares the code with it.

pub use crate::lifecycle::Action;

use crate::id::Log;
use crate::text;
use crate::validation::{InvalidReason, Reason};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use strum::{Display, EnumMessage, EnumString, IntoStaticStr, VariantArray};

/// The role of a caller.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Display,
    EnumString,
    IntoStaticStr,
    VariantArray,
    EnumMessage,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// A caller without a token, who reads published data.
    Public,
    /// A partner system at home or abroad that reads published data and can have webhooks.
    Partner,
    /// A clerk who drafts entries for one province.
    Clerk,
    /// A publisher who publishes entries for one province.
    Publisher,
    /// An analyst who reads for the ministry.
    Analyst,
    /// A steward who writes for the ministry and maintains the reference data.
    Steward,
}

/// A classification of secrecy (độ mật). The register accepts public information only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumMessage, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Secrecy {
    /// Not a state secret (không mật).
    Public,
    /// Confidential (Mật). Rejected with an error.
    Confidential,
    /// Secret (Tối mật). Rejected with an error.
    Secret,
    /// Top secret (Tuyệt mật). Rejected with an error.
    TopSecret,
}

/// An authenticated caller, or the public.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Actor {
    role: Role,
    name: Arc<str>,
    home: Option<Log>,
    may_write: bool,
}

/// The rows that an actor may see. Every read requires one; only this module creates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope {
    visibility: Visibility,
}

/// The versions that a scope includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Published versions only.
    Published,
    /// Published versions; for this province the working version where one exists.
    Province(Log),
    /// Published versions, or the submitted version where one exists; for the log of the ministry
    /// the working version.
    Ministry,
}

/// Proof that an actor may perform an action in a log. Every write requires one; only this module
/// creates it. Contains the author of the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    actor: Actor,
    action: Action,
    log: Log,
}

/// Proof that an actor may read access rules and administrative acts. Every read of them requires
/// one; only this module creates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessReview(());

/// The partner whose webhooks a caller may read and change. Every access to webhooks requires one;
/// only this module creates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookOwner(Arc<str>);

/// Proof that a caller may read who was refused. Every read of refusals requires one; only this
/// module creates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalReader(Scope);

/// Why an action is not allowed: the answer in place of a [`Permit`]. Not a `ValidationError`, because
/// it is about the caller and not about a value, so no path leads to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The action requires a token.
    Unknown,
    /// The caller is authenticated but not allowed.
    Forbidden(RequiredRole),
}

/// The role that an action requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, VariantArray)]
#[serde(rename_all = "kebab-case")]
pub enum RequiredRole {
    /// A clerk or publisher of the province.
    ClerkOrPublisher,
    /// A publisher of the province.
    Publisher,
    /// A steward.
    Steward,
    /// A partner whose token may write.
    WritingPartner,
    /// An analyst or steward.
    AnalystOrSteward,
}

/// For logs; people read the texts of the crate `texts`.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Denied {}

impl Role {
    /// Returns whether the role belongs to one province.
    #[must_use]
    pub fn is_provincial(self) -> bool {
        match self {
            Self::Clerk | Self::Publisher => true,
            Self::Public | Self::Partner | Self::Analyst | Self::Steward => false,
        }
    }

    /// Returns whether the role may perform an action in its own log (`is_own`) or in another one.
    /// The log of the ministry is the steward's own.
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
                        | Action::AmendAct
                        | Action::VoidAct
                        | Action::Submit
                        | Action::Discard
                        | Action::Propose => true,
                        Action::Return
                        | Action::Publish
                        | Action::Withdraw
                        | Action::Merge
                        | Action::Confirm
                        | Action::Maintain
                        | Action::Settle
                        | Action::Administer => false,
                    }
            }
            Self::Publisher => {
                is_own
                    && !matches!(
                        action,
                        Action::Merge | Action::Maintain | Action::Settle | Action::Administer
                    )
            }
            Self::Steward => {
                match action {
                    Action::Return | Action::Withdraw | Action::Merge => true,
                    // Proposals are in the logs of provinces.
                    Action::Settle => !is_own,
                    Action::Create
                    | Action::Update
                    | Action::RecordAct
                    | Action::AmendAct
                    | Action::VoidAct
                    | Action::Submit
                    | Action::Publish
                    | Action::Discard
                    | Action::Maintain
                    | Action::Administer => is_own,
                    // Only a province knows which entries or localities are missing.
                    Action::Confirm | Action::Propose => false,
                }
            }
        }
    }
}

impl Role {
    /// Returns whether the role may have webhooks. Other roles have none and see none.
    #[must_use]
    pub fn may_have_webhooks(self) -> bool {
        match self {
            Self::Partner => true,
            Self::Public | Self::Clerk | Self::Publisher | Self::Analyst | Self::Steward => false,
        }
    }

    /// Returns whether the role may read who was refused.
    #[must_use]
    pub fn may_read_refusals(self) -> bool {
        match self {
            Self::Analyst | Self::Steward => true,
            Self::Public | Self::Partner | Self::Clerk | Self::Publisher => false,
        }
    }

    /// Returns whether the role may read access rules and administrative acts.
    #[must_use]
    pub fn may_review_access(self) -> bool {
        match self {
            Self::Analyst | Self::Steward => true,
            Self::Public | Self::Partner | Self::Clerk | Self::Publisher => false,
        }
    }

    /// Returns whether the role may write anything.
    #[must_use]
    pub fn may_write(self) -> bool {
        self.may_have_webhooks() || Action::VARIANTS.iter().any(|action| self.may(*action, true))
    }
}

impl Action {
    /// Returns the required role, for errors.
    fn required_role(self) -> RequiredRole {
        match self {
            Self::Create
            | Self::Update
            | Self::RecordAct
            | Self::AmendAct
            | Self::VoidAct
            | Self::Submit
            | Self::Discard
            | Self::Propose => RequiredRole::ClerkOrPublisher,
            Self::Return | Self::Publish | Self::Withdraw | Self::Confirm => RequiredRole::Publisher,
            Self::Merge | Self::Maintain | Self::Settle | Self::Administer => RequiredRole::Steward,
        }
    }
}

impl Actor {
    /// Returns the actor of a request without a token.
    #[must_use]
    pub fn public() -> Self {
        Self { role: Role::Public, name: "".into(), home: None, may_write: false }
    }

    /// Returns the actor of a token: role, name, province of a provincial role, and whether the
    /// token allows writes.
    ///
    /// # Errors
    /// `Required` for a blank name; `Invalid` for a name that [`text::is_actor_name`] rejects, a
    /// provincial role without a province and another role with one.
    pub fn new(role: Role, name: &str, province: Option<Log>, may_write: bool) -> Result<Self, Reason> {
        if name.trim().is_empty() {
            return Err(Reason::Required);
        }
        if !text::is_actor_name(name) {
            return Err(InvalidReason::ActorName.into());
        }
        let home = match (role, province) {
            (Role::Clerk | Role::Publisher, Some(log)) if log.is_province() => Some(log),
            (Role::Clerk | Role::Publisher, _) => {
                return Err(InvalidReason::RoleWithoutProvince { role: role.into() }.into());
            }
            (_, Some(_)) => return Err(InvalidReason::RoleWithProvince { role: role.into() }.into()),
            (Role::Steward | Role::Analyst, None) => Some(Log::MINISTRY),
            (Role::Public | Role::Partner, None) => None,
        };
        Ok(Self { role, name: name.into(), home, may_write })
    }

    /// Returns the role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Returns the name in the token; empty for the public.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name, shared with this actor.
    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// Returns the log of the province of a provincial role.
    #[must_use]
    pub fn province(&self) -> Option<Log> {
        self.home.filter(|log| log.is_province())
    }

    /// Returns whether the token allows the writes of the role.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.may_write
    }

    /// Checks that the request had a token.
    ///
    /// # Errors
    /// `Unknown` for the public.
    pub fn require_token(&self) -> Result<(), Denied> {
        if self.role == Role::Public { Err(Denied::Unknown) } else { Ok(()) }
    }

    /// Returns the owner of the actor's webhooks.
    ///
    /// # Errors
    /// `Forbidden` where the role has no webhooks or the token is read-only.
    pub fn owner(&self) -> Result<WebhookOwner, Denied> {
        self.require_token()?;
        if !self.may_write || !self.role.may_have_webhooks() {
            return Err(Denied::Forbidden(RequiredRole::WritingPartner));
        }
        Ok(WebhookOwner(Arc::clone(&self.name)))
    }

    /// Returns the proof that the actor may read who was refused.
    ///
    /// # Errors
    /// `Forbidden` where the role may not.
    pub fn refusal_reader(&self) -> Result<RefusalReader, Denied> {
        self.require_token()?;
        if self.role.may_read_refusals() {
            Ok(RefusalReader(Scope::of(self)))
        } else {
            Err(Denied::Forbidden(RequiredRole::AnalystOrSteward))
        }
    }

    /// Returns the proof that the actor may read access rules and administrative acts.
    ///
    /// # Errors
    /// `Forbidden` where the role may not.
    pub fn access_review(&self) -> Result<AccessReview, Denied> {
        self.require_token()?;
        let denied = Denied::Forbidden(RequiredRole::AnalystOrSteward);
        if self.role.may_review_access() { Ok(AccessReview(())) } else { Err(denied) }
    }

    /// Returns the permit for an action in the actor's own log.
    ///
    /// # Errors
    /// `Forbidden` where the actor has none, the role may not or the token is read-only.
    pub fn permit_at_home(&self, action: Action) -> Result<Permit, Denied> {
        self.require_token()?;
        let log = self.home.ok_or(Denied::Forbidden(action.required_role()))?;
        self.permit(action, log)
    }

    /// Returns the permit for an action in a log.
    ///
    /// # Errors
    /// `Forbidden` where the role may not or the token is read-only.
    pub fn permit(&self, action: Action, log: Log) -> Result<Permit, Denied> {
        self.require_token()?;
        if !self.may_write || !self.role.may(action, self.home == Some(log)) {
            return Err(Denied::Forbidden(action.required_role()));
        }
        Ok(Permit { actor: self.clone(), action, log })
    }
}

impl Permit {
    /// Returns the author for the log: `ROLE:name`.
    #[must_use]
    pub fn author(&self) -> String {
        format!("{}:{}", self.actor.role, self.actor.name)
    }

    /// Returns the role of the permitted actor.
    #[must_use]
    pub fn role(&self) -> Role {
        self.actor.role
    }

    /// Returns the permitted action.
    #[must_use]
    pub fn action(&self) -> Action {
        self.action
    }

    /// Returns the log.
    #[must_use]
    pub fn log(&self) -> Log {
        self.log
    }

    /// Returns the scope of the permitted actor.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::of(&self.actor)
    }
}

impl WebhookOwner {
    /// Returns the name of the partner.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl RefusalReader {
    /// Returns the scope that the caller reads in.
    #[must_use]
    pub fn scope(self) -> Scope {
        self.0
    }
}

impl Scope {
    /// Returns the scope of an actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        let visibility = match (actor.role, actor.home) {
            (Role::Clerk | Role::Publisher, Some(log)) => Visibility::Province(log),
            (Role::Analyst | Role::Steward, _) => Visibility::Ministry,
            (Role::Public | Role::Partner | Role::Clerk | Role::Publisher, _) => Visibility::Published,
        };
        Self { visibility }
    }

    /// Returns the versions that the scope includes; readers match on every case.
    #[must_use]
    pub fn visibility(self) -> Visibility {
        self.visibility
    }
}

#[cfg(test)]
mod tests;
