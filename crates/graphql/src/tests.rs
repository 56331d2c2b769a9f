//! What holds of the whole schema, and of the engine below it.

mod descriptions;
mod engine;

use crate::schema::fault::Fault;
use std::fmt::Display;

/// Does not compile once `Fault` has a `Display`: then both traits below fit, and the engine would
/// print whatever reaches a `?`.
const _: fn() = || {
    struct WithDisplay;
    trait OneOf<Which> {
        fn fits() {}
    }
    impl<T> OneOf<()> for T {}
    impl<T: Display> OneOf<WithDisplay> for T {}
    <Fault as OneOf<_>>::fits();
};
