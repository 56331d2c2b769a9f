//! Writes through the register itself, as a publisher of a province or a steward, for tests of the
//! consequences.

use caunoi_domain::change::revision;
use caunoi_domain::draft::{CommonDraft, EventDraft, LocalityDraft, ProposedLocalityDraft};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::Locality;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{CommandContext, CommandOutcome, CommandTarget, ReferenceTarget, Register};

/// A publisher of a province, with a register.
pub(crate) struct Publisher<'a> {
    register: &'a Register,
    slug: &'static str,
    actor: Actor,
}

impl<'a> Publisher<'a> {
    /// Returns a publisher of this province.
    pub(crate) fn of(slug: &'static str, register: &'a Register) -> Self {
        let directory = register.read_model().directory.clone();
        let log = directory.province_by_slug(slug).expect("a province of today").log;
        let actor = Actor::new(Role::Publisher, "desk", Some(log), true).expect("a publisher has a province");
        Self { register, slug, actor }
    }

    /// Creates a draft of an event with this title.
    pub(crate) async fn draft(&self, title: &str) -> Entry<Event> {
        self.draft_with(title, &[]).await
    }

    /// Creates a draft of an event with these partners.
    async fn draft_with(&self, title: &str, partners: &[&str]) -> Entry<Event> {
        let draft = EventDraft {
            common: CommonDraft {
                unit: self.slug.to_owned(),
                pillar: "PEOPLE".to_owned(),
                sources: vec!["seed-000".to_owned()],
                ..CommonDraft::default()
            },
            title: in_english(title),
            kind: "FESTIVAL".to_owned(),
            when: "2026-11".to_owned(),
            place: "Nhà văn hóa".to_owned(),
            partners: partners.iter().map(|slug| (*slug).to_owned()).collect(),
            ..EventDraft::default()
        };
        expect_entry(
            self.register.create(self.command_context(), &draft, true).await.expect("the register writes"),
        )
    }

    /// Changes the title; for a published entry that creates a working version.
    pub(crate) async fn retitle(&self, entry: &Entry<Event>, title: &str) -> Entry<Event> {
        let amend = |draft: &mut EventDraft| draft.title = in_english(title);
        let outcome =
            self.register.update(self.command_context(), target(entry), Action::Update, amend).await;
        expect_entry(outcome.expect("the register writes"))
    }

    /// Executes a transition with a reason.
    pub(crate) async fn transition(&self, entry: &Entry<Event>, action: Action) -> Entry<Event> {
        let reason = in_english("as agreed");
        let outcome =
            self.register.transition(self.command_context(), target(entry), action, Some(&reason)).await;
        expect_entry(outcome.expect("the register writes"))
    }

    /// Creates and publishes an event.
    pub(crate) async fn publish(&self, title: &str) -> Entry<Event> {
        let draft = self.draft(title).await;
        self.transition(&draft, Action::Publish).await
    }

    /// Creates and publishes an event of November 2026 with a partner.
    pub(crate) async fn publish_with_partner(&self, partner: &str, title: &str) -> Entry<Event> {
        let draft = self.draft_with(title, &[partner]).await;
        self.transition(&draft, Action::Publish).await
    }

    /// Proposes a locality in Korea.
    pub(crate) async fn propose(&self, name: &str) {
        let draft = ProposedLocalityDraft {
            country: "KR".to_owned(),
            name: in_english(name),
            ..ProposedLocalityDraft::default()
        };
        let proposed = self.register.propose(self.command_context(), self.slug, &draft).await;
        proposed.expect("the register writes").expect("nothing is wrong with it");
    }

    fn command_context(&self) -> CommandContext {
        CommandContext { actor: self.actor.clone(), idempotency_key: None }
    }
}

/// Changes the English name of a locality as a steward.
pub(crate) async fn rename_locality(register: &Register, slug: &str, name: &str) -> Locality {
    let directory = register.read_model().directory.clone();
    let stored = directory.locality_by_slug(slug).expect("a locality");
    let actor = Actor::new(Role::Steward, "desk", None, true).expect("a steward has no province");
    let command = CommandContext { actor, idempotency_key: None };
    let amend = |draft: &mut LocalityDraft| draft.name = in_english(name);
    let target_row = ReferenceTarget { id: Some(stored.id), given: slug, revision: &revision(stored) };
    let outcome = register.update_locality(command, target_row, amend).await;
    outcome.expect("the register writes").unwrap_or_else(|hindrance| panic!("{hindrance:?}")).value
}

fn in_english(text: &str) -> Bilingual {
    Bilingual { vi: None, en: Some(text.to_owned()) }
}

fn target(entry: &Entry<Event>) -> CommandTarget {
    CommandTarget { key: entry.key(), expected_version: entry.meta.version }
}

fn expect_entry(outcome: CommandOutcome<Event>) -> Entry<Event> {
    outcome.unwrap_or_else(|objection| panic!("{objection:?}")).value
}
