//! The enums of the schema. Each corresponds to an enum of the domain.

mod access;
mod agreement;
mod change;
mod entry;
mod event;
mod relation;
mod statistics;
mod webhook;

pub(crate) use access::{Action, Locale, Role, Secrecy};
pub(crate) use agreement::{ActKind, AgreementStatus, EntryIntoForce, SigningLevel};
pub(crate) use change::{ChangeOperation, Movement, ProposalState};
pub(crate) use entry::{Direction, Pillar, Publication, Qualifier, SortDirection, UnitKind, Vocabulary};
pub(crate) use event::{EventMode, EventRank};
pub(crate) use relation::{OrganizationStage, RelationStatus, RelationTier};
pub(crate) use statistics::{Basis, Boundaries, DateField, DateUnit, GroupKey, QuantityKey};
pub(crate) use webhook::{WebhookDeliveryError, WebhookDeliveryKind, WebhookDisabledReason, WebhookState};
