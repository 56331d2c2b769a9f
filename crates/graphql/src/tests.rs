//! Properties of the whole schema, and of the pinned engine.

mod content_fields;
mod descriptions;
mod engine;
mod list_sizes;

use crate::schema::api_error::ApiError;
use std::fmt::Display;

/// Does not compile if `ApiError` implements `Display`: then both impls below apply, and the engine
/// would publish any error that reaches a `?`.
const _: fn() = || {
    struct WithDisplay;
    trait OneOf<Which> {
        fn fits() {}
    }
    impl<T> OneOf<()> for T {}
    impl<T: Display> OneOf<WithDisplay> for T {}
    <ApiError as OneOf<_>>::fits();
};
