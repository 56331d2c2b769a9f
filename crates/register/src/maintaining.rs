//! What the steward does to the reference data: localities, names of countries, terms.
//!
//! What is to stand is decided within the transaction, over the reference data as it stands then,
//! so that two stewards never overwrite each other and a slug is given once.

use crate::acting::Asked;
use crate::error::Error;
use crate::{Maintained, Register};
use caunoi_domain::change;
use caunoi_domain::directory::Directory;
use caunoi_domain::draft::{CountryNameDraft, LocalityDraft, TermDraft};
use caunoi_domain::id::{Id, Log};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::place::{Country, Locality};
use caunoi_domain::policy::Action;
use caunoi_domain::reference::Term;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_store::{ChangeRef, ReferenceRow, Rewrite};

/// Which row of the reference data a change is for, and the state of it that the caller read.
#[derive(Debug)]
pub struct AsRead<'a, R> {
    /// The row; none where what was given names none.
    pub id: Option<Id<R>>,
    /// What was given.
    pub given: &'a str,
    /// The revision of that state.
    pub revision: &'a str,
}

impl<R: ReferenceRow> AsRead<'_, R> {
    /// The row, where it stands in that state still.
    fn check<'d>(
        &self,
        stands: Option<&'d R>,
        (path, what): (&str, &'static str),
    ) -> Result<&'d R, Vec<Problem>> {
        let at = |path: &str, refusal| vec![Problem { path: vec![path.to_owned()], refusal }];
        let stands = stands.ok_or_else(|| at(path, Refusal::unknown(what, self.given)))?;
        if change::revision(stands) == self.revision {
            Ok(stands)
        } else {
            Err(at("expectedRevision", Refusal::Outdated))
        }
    }
}

impl Register {
    /// Adds a locality abroad.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn create_locality(
        &self,
        asked: Asked,
        draft: &LocalityDraft,
    ) -> Result<Maintained<Locality>, Error> {
        self.maintain(asked, |directory| {
            let after = draft.parse(directory, None)?;
            Ok(Rewrite { before: None, after, renamed: None })
        })
        .await
    }

    /// Changes a locality of which the caller read this state; slug and country stay.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn update_locality(
        &self,
        asked: Asked,
        read: AsRead<'_, Locality>,
        amend: impl FnOnce(&mut LocalityDraft) + Send,
    ) -> Result<Maintained<Locality>, Error> {
        self.maintain(asked, |directory| {
            let stands = read.id.and_then(|id| directory.locality(id));
            let before = read.check(stands, ("id", "locality"))?;
            let mut draft = LocalityDraft::of(before, directory);
            amend(&mut draft);
            let after = draft.parse(directory, Some(before))?;
            let is_named_anew = names(&after) != names(before);
            let renamed = Some(after.id).filter(|_| is_named_anew);
            Ok(Rewrite { before: Some(before.clone()), after, renamed })
        })
        .await
    }

    /// Says how a country is called from now on; the caller read this state of it.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn set_country_name(
        &self,
        asked: Asked,
        read: AsRead<'_, Country>,
        amend: impl FnOnce(&mut CountryNameDraft) + Send,
    ) -> Result<Maintained<Country>, Error> {
        self.maintain(asked, |directory| {
            let stands = read.id.and_then(|id| directory.country(id));
            let before = read.check(stands, ("country", "country"))?;
            let mut draft = CountryNameDraft::of(before);
            amend(&mut draft);
            // Entries are neither sorted nor found by the names of countries.
            let after = draft.parse(directory, before)?;
            Ok(Rewrite { before: Some(before.clone()), after, renamed: None })
        })
        .await
    }

    /// Adds a term to a vocabulary.
    ///
    /// # Errors
    /// The caller may not; the database does not answer.
    pub async fn create_term(&self, asked: Asked, draft: &TermDraft) -> Result<Maintained<Term>, Error> {
        self.maintain(asked, |directory| {
            let after = draft.parse(directory)?;
            Ok(Rewrite { before: None, after, renamed: None })
        })
        .await
    }

    async fn maintain<R: ReferenceRow>(
        &self,
        asked: Asked,
        decide: impl FnOnce(&Directory) -> Result<Rewrite<R>, Vec<Problem>> + Send,
    ) -> Result<Maintained<R>, Error> {
        let permit = asked.actor.permit(Action::Maintain, Log::MINISTRY)?;
        let intent = self.intent(&permit, &self.replica(), asked.repeat, None);
        let maintained = self.written(Box::pin(self.store.maintain(&intent, decide)).await)?;
        if let Ok(noted) = &maintained {
            let (position, link) = (noted.position, noted.link);
            self.reach(ChangeRef { log: Log::MINISTRY, position, link }).await?;
        }
        Ok(maintained)
    }
}

/// What entries with a locality are sorted and found by.
fn names(locality: &Locality) -> (&Bilingual, Option<&String>, Vec<&String>) {
    let aliases = locality.aliases.iter().map(|alias| &alias.name).collect();
    (&locality.name, locality.native_name.as_ref(), aliases)
}
