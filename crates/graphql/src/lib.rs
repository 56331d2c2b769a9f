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
pub mod guard;
mod schema;
#[cfg(test)]
mod tests;

use answer::{Answer, Bounds, Code, EachEvent, Outcome, Question};
use aside::Aside;
use async_graphql::{Data, Schema, SchemaBuilder};
use caunoi_domain::cursor::Positions;
use caunoi_domain::locale::Locale;
use caunoi_figures::{Course, Transport};
use caunoi_register::Register;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use schema::asking::Asking;
use schema::mutation::{Mutation, repeat};
use schema::query::Query;
use schema::subscription::Subscription;
use std::sync::Arc;

/// The GraphQL face of one register; every transport asks it and nothing else.
pub struct Api {
    schema: Schema<Query, Mutation, Subscription>,
    /// The same with [`EachEvent`]: any extension makes the engine slower, so queries go without.
    streaming: Schema<Query, Mutation, Subscription>,
    register: Arc<Register>,
    bounds: Bounds,
}

impl Api {
    /// The face of this register; every operation keeps to the bounds.
    #[must_use]
    pub fn new(register: Arc<Register>, bounds: Bounds) -> Self {
        let (schema, streaming) = (build(), builder().extension(EachEvent).finish());
        Self { schema, streaming, register, bounds }
    }

    /// Answers one question.
    pub async fn answer(&self, question: Question) -> Answer {
        let course = Course::begin(if question.query_only { Transport::Get } else { Transport::Post });
        let answer = self.find_answer(question).await;
        course.end(answer.kind, answer.outcome.into(), answer.body.len());
        answer
    }

    async fn find_answer(&self, question: Question) -> Answer {
        if let Err(refused) = self.catch_up(&question).await {
            return refused;
        }
        let attach = self.attach(&question);
        answer::answer(&self.schema, question, self.bounds, attach).await
    }

    /// Answers one question of a transport that stays open: a query or a mutation once, a
    /// subscription with each of its events. What is not [`Outcome::Answered`] is the last.
    ///
    /// Dropping the stream ends the work.
    ///
    /// [`Outcome::Answered`]: answer::Outcome::Answered
    #[must_use]
    pub fn answers(&self, question: Question) -> BoxStream<'static, Answer> {
        let course = Course::begin(Transport::Socket);
        let mut is_first = true;
        let attach = self.attach(&question);
        let answers = answer::answers((&self.schema, &self.streaming), question, self.bounds, attach);
        let counted = answers.inspect(move |answer| {
            if std::mem::take(&mut is_first) {
                course.end(answer.kind, answer.outcome.into(), answer.body.len());
            } else {
                course.send(answer.body.len());
            }
        });
        counted.boxed()
    }

    /// Waits until this node knows what the caller has seen already.
    async fn catch_up(&self, question: &Question) -> Result<(), Answer> {
        let Some(after) = &question.after else { return Ok(()) };
        let id = &question.request_id;
        let Ok(positions) = Positions::open(self.register.sealing_key(), after) else {
            let message = "Caunoi-After is not a cursor of this register.";
            return Err(Answer::refuse(Outcome::Malformed, Code::BadInput, message, id));
        };
        if self.register.catch_up(&positions).await {
            return Ok(());
        }
        let message = "This node has not read as far as Caunoi-After yet; try again.";
        Err(Answer::refuse(Outcome::Unavailable, Code::Unavailable, message, id))
    }

    /// What resolvers know, each time of the newest state of the register.
    fn attach(&self, question: &Question) -> impl Fn(&Aside) -> Data + Send + Sync + use<> {
        let languages = question.languages.as_deref().unwrap_or_default();
        let locale = Locale::from_accept_language(languages);
        let (register, actor) = (Arc::clone(&self.register), question.actor.clone());
        move |aside| Asking::new(Arc::clone(&register), actor.clone(), locale).attach(aside)
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
    build().sdl_with_options(
        async_graphql::SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items(),
    )
}

fn build() -> Schema<Query, Mutation, Subscription> {
    builder().finish()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation, Subscription)
        .register_output_type::<schema::node::Node>()
        .register_output_type::<schema::entry::EntryInterface>()
        .directive(repeat::idempotent)
        .disable_suggestions()
}
