//! Somebody of a province, or of the ministry, at work: acts through the register itself, for tests of what follows
//! from them.

use caunoi_domain::change::revision;
use caunoi_domain::draft::{CommonDraft, EventDraft, LocalityDraft, WishDraft};
use caunoi_domain::entry::Entry;
use caunoi_domain::event::Event;
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::Locality;
use caunoi_domain::policy::{Action, Actor, Role};
use caunoi_register::{Acted, AsRead, Asked, Register, Target};

/// A publisher of a province, and the register that they write in.
pub(crate) struct Desk<'a> {
    register: &'a Register,
    slug: &'static str,
    actor: Actor,
}

impl<'a> Desk<'a> {
    /// The desk of a province.
    pub(crate) fn of(slug: &'static str, register: &'a Register) -> Self {
        let directory = register.replica().directory.clone();
        let log = directory.province_by_slug(slug).expect("a province of today").log;
        let actor = Actor::new(Role::Publisher, "desk", Some(log), true).expect("a publisher has a province");
        Self { register, slug, actor }
    }

    /// Drafts an event of this title.
    pub(crate) async fn draft(&self, title: &str) -> Entry<Event> {
        self.draft_with(title, &[]).await
    }

    /// The same with these partners.
    async fn draft_with(&self, title: &str, partners: &[&str]) -> Entry<Event> {
        let draft = EventDraft {
            common: CommonDraft {
                unit: self.slug.to_owned(),
                pillar: "PEOPLE".to_owned(),
                ..CommonDraft::default()
            },
            title: in_english(title),
            kind: "FESTIVAL".to_owned(),
            when: "2026-11".to_owned(),
            partners: partners.iter().map(|slug| (*slug).to_owned()).collect(),
            ..EventDraft::default()
        };
        done(self.register.create(self.asked(), &draft, true).await.expect("the register writes"))
    }

    /// Gives it another title; of a published one that opens a working version.
    pub(crate) async fn retitle(&self, entry: &Entry<Event>, title: &str) -> Entry<Event> {
        let amend = |draft: &mut EventDraft| draft.title = in_english(title);
        let acted = self.register.revise(self.asked(), target(entry), Action::Update, amend).await;
        done(acted.expect("the register writes"))
    }

    /// Moves it, for a reason.
    pub(crate) async fn go(&self, entry: &Entry<Event>, action: Action) -> Entry<Event> {
        let reason = in_english("as agreed");
        let acted = self.register.go(self.asked(), target(entry), action, Some(&reason)).await;
        done(acted.expect("the register writes"))
    }

    /// Drafts an event and shows it to all.
    pub(crate) async fn publish(&self, title: &str) -> Entry<Event> {
        let draft = self.draft(title).await;
        self.go(&draft, Action::Publish).await
    }

    /// The same with a partner, of November 2026.
    pub(crate) async fn meet(&self, partner: &str, title: &str) -> Entry<Event> {
        let draft = self.draft_with(title, &[partner]).await;
        self.go(&draft, Action::Publish).await
    }

    /// Proposes a locality in Korea.
    pub(crate) async fn propose(&self, name: &str) {
        let draft = WishDraft { country: "KR".to_owned(), name: in_english(name), ..WishDraft::default() };
        let proposed = self.register.propose(self.asked(), self.slug, &draft).await;
        proposed.expect("the register writes").expect("nothing is wrong with it");
    }

    fn asked(&self) -> Asked {
        Asked { actor: self.actor.clone(), repeat: None }
    }
}

/// Renames a locality as a steward does: its name in English.
pub(crate) async fn rename_locality(register: &Register, slug: &str, name: &str) -> Locality {
    let directory = register.replica().directory.clone();
    let stands = directory.locality_by_slug(slug).expect("a locality");
    let actor = Actor::new(Role::Steward, "desk", None, true).expect("a steward has no province");
    let asked = Asked { actor, repeat: None };
    let amend = |draft: &mut LocalityDraft| draft.name = in_english(name);
    let read = AsRead { id: Some(stands.id), given: slug, revision: &revision(stands) };
    let maintained = register.update_locality(asked, read, amend).await;
    maintained.expect("the register writes").unwrap_or_else(|hindrance| panic!("{hindrance:?}")).row
}

fn in_english(text: &str) -> Bilingual {
    Bilingual { vi: None, en: Some(text.to_owned()) }
}

fn target(entry: &Entry<Event>) -> Target {
    Target { key: entry.key(), expected_version: entry.stamp.version }
}

fn done(acted: Acted<Event>) -> Entry<Event> {
    acted.unwrap_or_else(|objection| panic!("{objection:?}")).entry
}
