//! How a mutation begins: who asks, under which key, and what its ids name, as far as the caller sees it.

use super::super::asking::Asking;
use super::super::fault::Fault;
use super::super::global_id::GlobalId;
use super::super::loader::Loaders;
use async_graphql::{Context, ID, MaybeUndefined};
use caunoi_domain::entry::EntryKey;
use caunoi_domain::refusal::{Problem, Refusal};
use caunoi_register::{Asked, Stored, Target};

use super::repeat;

/// A mutation as it begins: who asks, and what was found wrong before the domain reads it.
pub(super) struct Beginning<'a> {
    loaders: &'a Loaders,
    /// Who asks, and under which key.
    pub(super) asked: Asked,
    /// The entry that is acted on; none for a new one.
    own: Option<EntryKey>,
    /// What was found so far.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Beginning<'a> {
    /// Lets nobody without a token go on.
    pub(super) fn of(ctx: &Context<'a>, own: Option<Target>) -> Result<Self, Fault> {
        let actor = Asking::of(ctx).actor().clone();
        actor.known().map_err(caunoi_register::Error::from)?;
        let (repeat, problems) = match repeat::of(ctx)? {
            Ok(repeat) => (repeat, Vec::new()),
            Err(problem) => (None, vec![problem]),
        };
        let asked = Asked { actor, repeat };
        let own = own.map(|target| target.key);
        Ok(Self { loaders: ctx.data_unchecked::<Loaders>(), asked, own, problems })
    }

    /// Notes a problem at a path.
    pub(super) fn note(&mut self, path: &[&str], refusal: Refusal) {
        let path = path.iter().map(|part| (*part).to_owned()).collect();
        self.problems.push(Problem { path, refusal });
    }

    /// Puts the code of the entry in the place of its id, which must name one of kind `C`.
    pub(super) async fn look_up<C: Stored>(
        &mut self,
        path: &[&str],
        given: &mut MaybeUndefined<ID>,
    ) -> Result<(), Fault> {
        if let MaybeUndefined::Value(id) = given {
            self.look_one_up::<C>(path, id).await?;
        }
        Ok(())
    }

    /// The same for a list; each is told by its place.
    pub(super) async fn look_all_up<C: Stored>(
        &mut self,
        path: &str,
        given: &mut MaybeUndefined<Vec<ID>>,
    ) -> Result<(), Fault> {
        // A list that is too long is refused as such; nobody looks 10,000 ids up.
        if let MaybeUndefined::Value(ids) = given
            && ids.len() <= caunoi_domain::draft::MOST_MEMBERS
        {
            for (index, id) in ids.iter_mut().enumerate() {
                self.look_one_up::<C>(&[path, &index.to_string()], id).await?;
            }
        }
        Ok(())
    }

    async fn look_one_up<C: Stored>(&mut self, path: &[&str], id: &mut ID) -> Result<(), Fault> {
        let key = match GlobalId::decode(id) {
            Some(GlobalId::Entry(key)) if key.kind == C::KIND => Some(key),
            _ => None,
        };
        if key.is_some() && key == self.own {
            self.note(path, Refusal::Invalid("is this entry itself".to_owned()));
            return Ok(());
        }
        let found = match key {
            Some(key) => self.loaders.by_key::<C>(key.log, key.number).await?,
            None => None,
        };
        match found {
            Some(entry) => *id = ID(entry.stamp.code),
            None => self.note(path, Refusal::unknown("entry", id)),
        }
        Ok(())
    }
}

/// The entry of kind `C` that an id names, in the version that the caller read.
pub(super) fn target<C: Stored>(id: &ID, expected_version: i32) -> Option<Target> {
    match GlobalId::decode(id) {
        Some(GlobalId::Entry(key)) if key.kind == C::KIND => Some(Target { key, expected_version }),
        _ => None,
    }
}
