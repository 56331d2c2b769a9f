//! The GraphQL face of the register: types, roots, public errors, limits on documents.
//!
//! Nothing here knows SQL, HTTP or a socket. Resolvers parse their arguments, call `register`
//! and wrap what comes back; names and links come from the directory in memory.
//!
//! Start reading at [`Api`] (the one entry for every transport), `schema/query.rs` (the roots)
//! and `guard` (what a document may be).

#![expect(clippy::unused_async, reason = "the engine takes async resolvers only")]

pub mod answer;
mod aside;
mod cost;
pub mod feed;
pub mod guard;
mod schema;
#[cfg(test)]
mod tests;
mod types;
mod validation;
pub mod webhook;

use answer::{Answer, Bounds, Call, Code, Desk, Outcome, Question, Wording};
use async_graphql::{Schema, SchemaBuilder};
use caunoi_domain::cursor::{Epoch, Positions};
use caunoi_metrics::{Course, Transport};
use caunoi_register::{Answers, Register};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use schema::mutation::{Mutation, repeat};
use schema::query::Query;
use schema::subscription::Subscription;
use std::sync::Arc;
use webhook::Reach;

/// The GraphQL face of one register; every transport asks it and nothing else. Clones are one.
#[derive(Clone)]
pub struct Api(Arc<Desk>);

impl Api {
    /// The face of this register; answers are kept there, every operation keeps to the bounds.
    /// `program` names what is running: what another one answered is not given again. `reach` tells
    /// which addresses may be called.
    #[must_use]
    pub fn new(
        register: Arc<Register>,
        answers: Answers,
        bounds: Bounds,
        program: &str,
        reach: Arc<dyn Reach>,
    ) -> Self {
        Self(Arc::new(Desk::new(register, answers, bounds, program, reach)))
    }

    /// Answers what these words ask: a body, or what stands in an address. `read` makes a question
    /// of them, where it has to be made.
    ///
    /// # Errors
    /// The words are no question; what `read` says of it.
    pub async fn answer<Problem>(
        &self,
        call: Call<'_>,
        words: &[u8],
        read: impl FnOnce() -> Result<Wording, Problem>,
    ) -> Result<Answer, Problem> {
        let course = Course::begin(if call.query_only { Transport::Get } else { Transport::Post });
        let answer = match self.catch_up(call).await {
            Ok(()) => {
                let (words, found) = self.0.find_by_words(call, words);
                match found {
                    Some(answer) => answer,
                    // The words are read only where nobody has asked in the very same ones.
                    None => self.0.answer(call, words, read()?).await,
                }
            }
            Err(refused) => refused,
        };
        course.end(answer.kind, answer.outcome.into(), answer.body.len());
        Ok(answer)
    }

    /// Answers one question of a transport that stays open: a query or a mutation once, a
    /// subscription with each of its events. What is not [`Outcome::Answered`] is the last.
    ///
    /// Dropping the stream ends the work.
    ///
    /// [`Outcome::Answered`]: answer::Outcome::Answered
    #[must_use]
    pub fn answers(&self, question: Question, transport: Transport) -> BoxStream<'static, Answer> {
        let course = Course::begin(transport);
        let mut is_first = true;
        let counted = self.0.answers(question).inspect(move |answer| {
            if std::mem::take(&mut is_first) {
                course.end(answer.kind, answer.outcome.into(), answer.body.len());
            } else {
                course.send(answer.body.len());
            }
        });
        counted.boxed()
    }

    /// The epoch of the database that is answered from.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.0.register.epoch()
    }

    /// Waits until this node knows what the caller has seen already.
    async fn catch_up(&self, call: Call<'_>) -> Result<(), Answer> {
        let Some(after) = call.after else { return Ok(()) };
        let (register, id) = (&self.0.register, call.request_id);
        let Ok(positions) = Positions::open(register.sealing_key(), after) else {
            let message = "Caunoi-After is not a cursor of this register.";
            return Err(Answer::refuse(Outcome::Malformed, Code::BadInput, message, id));
        };
        if !register.is_of_this_epoch(&positions).await {
            let message = "Caunoi-After is of an earlier epoch of the database, whose last changes may be lost: leave it out and read again.";
            return Err(Answer::refuse(Outcome::Malformed, Code::BadInput, message, id));
        }
        if register.catch_up(&positions).await {
            return Ok(());
        }
        let message = "This node has not read as far as Caunoi-After yet; try again.";
        Err(Answer::refuse(Outcome::Unavailable, Code::Unavailable, message, id))
    }
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// The schema in its definition language, as it is committed in `schema/schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl_with_options(
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items(),
    )
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .register_output_type::<schema::node::Node>()
        .register_output_type::<schema::entry::EntryInterface>()
        .directive(repeat::idempotent)
        .disable_suggestions()
}
