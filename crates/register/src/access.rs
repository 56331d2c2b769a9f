//! Commands of the steward on access rules, and their reads.

use crate::Register;
use crate::commands::{CommandReceipt, CommandRefusal, Outcome, problem_at};
use crate::error::Error;
use crate::startup::random_bytes;
use caunoi_domain::access::act::AdministrativeAct;
use caunoi_domain::access::api_key::ApiKeySecret;
use caunoi_domain::access::{
    AccessRecord, AccessRule, AccessRuleKind, AccessRuleList, AccessState, ApiKeyDraft, BlockedNetworkDraft,
    RevocationDraft, RuleEnd, client_network, network, parse_end_reason,
};
use caunoi_domain::id::Log;
use caunoi_domain::policy::{AccessReview, Action, Actor};
use caunoi_domain::validation::{InvalidReason, Reason, ReferenceKind, ValidationError};
use caunoi_store::CommandTransaction;
use data_encoding::HEXLOWER;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::watch;

/// The outcome of a command on an access rule.
pub type AccessOutcome = Outcome<AccessRecord>;

/// The rule that a command ends, and why.
#[derive(Debug, Clone)]
pub struct RuleToEnd<'a> {
    /// The kind.
    pub kind: AccessRuleKind,
    /// The name within the kind, as the caller gave it.
    pub name: &'a str,
    /// The reason, or blank.
    pub reason: &'a str,
}

impl RuleToEnd<'_> {
    /// Returns the input that names the rule.
    fn path(&self) -> &'static str {
        match self.kind {
            AccessRuleKind::ApiKey => "name",
            AccessRuleKind::Revocation => "id",
            AccessRuleKind::BlockedNetwork => "network",
        }
    }

    fn unknown(&self) -> Vec<ValidationError> {
        let kind = match self.kind {
            AccessRuleKind::ApiKey => ReferenceKind::ApiKey,
            AccessRuleKind::Revocation => ReferenceKind::Revocation,
            AccessRuleKind::BlockedNetwork => ReferenceKind::BlockedNetwork,
        };
        vec![problem_at(self.path(), Reason::unknown(kind, self.name))]
    }
}

/// The state in which a command finds an access rule.
struct FoundRule {
    /// The rule with the name, which may have ended.
    record: Option<AccessRecord>,
    /// The number of rules of the kind that have not ended.
    active: usize,
}

impl Register {
    /// Returns the access rules that this node applies.
    #[must_use]
    pub fn access(&self) -> Arc<AccessState> {
        Arc::clone(&self.read_model().access)
    }

    /// Returns a receiver that changes whenever this node applies other access rules.
    #[must_use]
    pub fn access_updates(&self) -> watch::Receiver<u64> {
        self.access_updates.subscribe()
    }

    /// Creates an API key with a fresh secret, which is returned only here.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not respond.
    pub async fn create_api_key(
        &self,
        actor: &Actor,
        draft: &ApiKeyDraft,
    ) -> Result<(AccessOutcome, ApiKeySecret), Error> {
        actor.permit_at_home(Action::Administer)?;
        let secret = ApiKeySecret::new(random_bytes()?);
        let directory = Arc::clone(&self.read_model().directory);
        let key = match draft.parse(&directory, self.now_us(), secret.hash()) {
            Ok(key) => key,
            Err(problems) => return Ok((Err(CommandRefusal::Invalid(problems)), secret)),
        };
        let rule = AccessRule::ApiKey(key);
        // The log names a machine forever, so a name is never given again.
        let is_new = |found: &FoundRule| match &found.record {
            Some(taken) => Err(vec![problem_at("name", Reason::Taken { given: taken.rule.name() })]),
            None => Ok(()),
        };
        Ok((self.write_rule(actor, rule, is_new).await?, secret))
    }

    /// Revokes tokens.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not respond.
    pub async fn revoke(&self, actor: &Actor, draft: &RevocationDraft) -> Result<AccessOutcome, Error> {
        actor.permit_at_home(Action::Administer)?;
        let id = format!("rev_{}", HEXLOWER.encode(&random_bytes()?[..12]));
        match draft.parse(id, actor, self.now_us()) {
            Ok(revocation) => self.write_rule(actor, AccessRule::Revocation(revocation), |_| Ok(())).await,
            Err(problems) => Ok(Err(CommandRefusal::Invalid(problems))),
        }
    }

    /// Blocks a network, or changes its block. `address` is that of the caller.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not respond.
    pub async fn block_network(
        &self,
        actor: &Actor,
        draft: &BlockedNetworkDraft,
        address: Option<IpAddr>,
    ) -> Result<AccessOutcome, Error> {
        actor.permit_at_home(Action::Administer)?;
        match draft.parse(address.map(client_network), self.now_us()) {
            Ok(blocked) => self.write_rule(actor, AccessRule::BlockedNetwork(blocked), |_| Ok(())).await,
            Err(problems) => Ok(Err(CommandRefusal::Invalid(problems))),
        }
    }

    /// Ends an access rule: revokes an API key, lifts a revocation, unblocks a network.
    ///
    /// # Errors
    /// Returns `Denied` if the caller is not a steward, or an error if the database does not respond.
    pub async fn end_access_rule(&self, actor: &Actor, ended: RuleToEnd<'_>) -> Result<AccessOutcome, Error> {
        let permit = actor.permit_at_home(Action::Administer)?;
        let invalid = |problems| Ok(Err(CommandRefusal::Invalid(problems)));
        let reason = match parse_end_reason(ended.reason) {
            Ok(reason) => reason,
            Err(reason) => return invalid(vec![problem_at("reason", reason)]),
        };
        let name = match ended.kind {
            AccessRuleKind::BlockedNetwork => match network::parse(ended.name) {
                Ok(network) => network.to_string(),
                Err(reason) => return invalid(vec![problem_at(ended.path(), reason)]),
            },
            AccessRuleKind::ApiKey | AccessRuleKind::Revocation => ended.name.trim().to_owned(),
        };
        let end = RuleEnd { by: permit.author(), at_us: self.now_us(), reason };
        self.save_rule(actor, (ended.kind, &name), |found| {
            let record = found.record.ok_or_else(|| ended.unknown())?;
            if record.ended.is_some() {
                return Err(vec![problem_at(ended.path(), InvalidReason::RuleEnded.into())]);
            }
            Ok(AccessRecord { ended: Some(end), ..record })
        })
        .await
    }

    /// Returns access rules, each API key with the time of its last use in microseconds since 1970.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn access_rules(
        &self,
        review: AccessReview,
        list: AccessRuleList,
    ) -> Result<Vec<(AccessRecord, Option<i64>)>, Error> {
        Ok(self.store.access_rules(review, list).await?)
    }

    /// Returns administrative acts, the newest first; only those before the position `before` of the
    /// log of the ministry, if it is given.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn administrative_acts(
        &self,
        review: AccessReview,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<AdministrativeAct>, Error> {
        let changes = self.store.administrative_changes(review, before, most).await?;
        Ok(changes.iter().filter_map(AdministrativeAct::of).collect())
    }

    /// Stores when API keys were last used: the name of each with a time in microseconds since 1970.
    ///
    /// # Errors
    /// Returns an error if the database does not respond.
    pub async fn record_key_uses(&self, uses: &[(String, i64)]) -> Result<(), Error> {
        Ok(self.store.record_key_uses(uses).await?)
    }

    /// Writes a rule, in place of one with its name if `check` lets it.
    async fn write_rule(
        &self,
        actor: &Actor,
        rule: AccessRule,
        check: impl FnOnce(&FoundRule) -> Result<(), Vec<ValidationError>> + Send,
    ) -> Result<AccessOutcome, Error> {
        let created_by = actor.permit_at_home(Action::Administer)?.author();
        let created_at_us = self.now_us();
        let (kind, name) = (rule.kind(), rule.name());
        self.save_rule(actor, (kind, &name), |found| {
            check(&found)?;
            let most = kind.most();
            let is_new = found.record.as_ref().is_none_or(|record| record.ended.is_some());
            if is_new && found.active >= most {
                return Err(vec![ValidationError::new(&[], InvalidReason::TooManyRules { most }.into())]);
            }
            Ok(AccessRecord { rule, created_by, created_at_us, ended: None })
        })
        .await
    }

    /// Saves the rule that `decide` makes of the one with this name. The head of the ministry's log is
    /// locked meanwhile, so no other steward changes it.
    async fn save_rule(
        &self,
        actor: &Actor,
        (kind, name): (AccessRuleKind, &str),
        decide: impl FnOnce(FoundRule) -> Result<AccessRecord, Vec<ValidationError>> + Send,
    ) -> Result<AccessOutcome, Error> {
        let permit = actor.permit_at_home(Action::Administer)?;
        let context = self.write_context(&permit, &self.read_model(), None, None);
        let transaction = async {
            let mut transaction = CommandTransaction::begin(&self.store, &context).await?;
            let before = transaction.find_access_rule(kind, name).await?;
            let active = transaction.count_access_rules(kind).await?;
            match decide(FoundRule { record: before.clone(), active }) {
                Ok(record) => {
                    transaction.save_access_rule(before.as_ref(), &record).await?;
                    let receipt = CommandReceipt::new(record, transaction.position());
                    transaction.commit().await?;
                    Ok(Ok(receipt))
                }
                Err(problems) => {
                    transaction.rollback().await;
                    Ok(Err(CommandRefusal::Invalid(problems)))
                }
            }
        };
        let outcome = self.check_write(Box::pin(transaction).await)?;
        self.finish(Log::MINISTRY, outcome).await
    }
}
