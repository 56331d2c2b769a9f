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

use answer::{Answer, Bounds, Question};
use async_graphql::{EmptySubscription, Schema};
use caunoi_domain::locale::Locale;
use caunoi_register::Register;
use schema::asking::Asking;
use schema::mutation::{Mutation, repeat};
use schema::query::Query;
use std::sync::Arc;

/// The GraphQL face of one register; every transport asks it and nothing else.
pub struct Api {
    schema: Schema<Query, Mutation, EmptySubscription>,
    register: Arc<Register>,
    bounds: Bounds,
}

impl Api {
    /// The face of this register; every operation keeps to the bounds.
    #[must_use]
    pub fn new(register: Arc<Register>, bounds: Bounds) -> Self {
        Self { schema: build(), register, bounds }
    }

    /// Answers one question.
    pub async fn answer(&self, question: Question) -> Answer {
        let languages = question.languages.as_deref().unwrap_or_default();
        let locale = Locale::from_accept_language(languages);
        let asking = Asking::new(Arc::clone(&self.register), question.actor.clone(), locale);
        answer::answer(&self.schema, question, self.bounds, |request, aside| asking.attach(request, aside))
            .await
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

fn build() -> Schema<Query, Mutation, EmptySubscription> {
    Schema::build(Query, Mutation, EmptySubscription)
        .register_output_type::<schema::node::Node>()
        .register_output_type::<schema::entry::EntryInterface>()
        .directive(repeat::idempotent)
        .disable_suggestions()
        .finish()
}
