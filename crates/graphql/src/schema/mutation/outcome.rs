//! What came of a mutation, before it becomes the payload of its subject.

use super::super::asking::Asking;
use super::super::entry::Written;
use super::super::scalar::Cursor;
use super::user_error::UserError;
use async_graphql::Context;
use caunoi_domain::entry::Entry;
use caunoi_register::{Acted, Maintained, Objection};

/// From the path in a draft to that in an input.
pub(super) type Paths = fn(Vec<String>) -> Vec<String>;

/// The paths of drafts are those of inputs, but for the province, which may be any unit that
/// became part of it.
pub(super) fn usual_paths(path: Vec<String>) -> Vec<String> {
    if path == ["unit"] { vec!["province".to_owned()] } else { path }
}

/// The entry, or the row of the reference data, as its author sees it now, or why nothing was
/// written.
pub(super) struct Outcome<O> {
    pub(super) entry: Option<O>,
    pub(super) errors: Vec<UserError>,
    pub(super) cursor: Option<Cursor>,
}

impl<O> Outcome<O> {
    /// What came of an act on an entry of kind `C`, shown as `show` does.
    pub(super) fn of<C: Written>(
        ctx: &Context<'_>,
        acted: Acted<C>,
        paths: Paths,
        show: impl FnOnce(Entry<C>) -> O,
    ) -> Self {
        Asking::of(ctx).move_on();
        match acted {
            Ok(receipt) => Self {
                entry: Some(show(receipt.entry)),
                errors: Vec::new(),
                cursor: Some(Cursor(receipt.cursor)),
            },
            Err(Objection::Problems(mut problems)) => {
                for problem in &mut problems {
                    problem.path = paths(std::mem::take(&mut problem.path));
                }
                Self::refused(UserError::all::<C>(Objection::Problems(problems)))
            }
            Err(objection) => Self::refused(UserError::all(objection)),
        }
    }

    /// What came of an act on the reference data, shown as `show` does.
    pub(super) fn noted<R>(ctx: &Context<'_>, maintained: Maintained<R>, show: impl FnOnce(R) -> O) -> Self {
        Asking::of(ctx).move_on();
        match maintained {
            Ok(noted) => {
                Self { entry: Some(show(noted.row)), errors: Vec::new(), cursor: Some(Cursor(noted.cursor)) }
            }
            Err(hindrance) => Self::refused(UserError::hindering(hindrance)),
        }
    }

    /// Nothing was written.
    pub(super) fn refused(errors: Vec<UserError>) -> Self {
        Self { entry: None, errors, cursor: None }
    }
}
