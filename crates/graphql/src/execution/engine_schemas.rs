//! The two forms of the engine's schema: with and without extensions.

use super::size::is_counted;
use super::{ExecutionLimits, PerEventExecution, PreparedOperation, ResponseSizeExtension};
use crate::{Mutation, Query, Subscription};

/// The engine's schema with the root types of this API.
type EngineSchema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema of the API, twice. Any extension slows the engine down, so only operations that need
/// one are executed with extensions.
pub(super) struct EngineSchemas {
    /// Without extensions.
    bare: EngineSchema,
    /// With [`PerEventExecution`], which subscriptions need, and [`ResponseSizeExtension`].
    with_extensions: EngineSchema,
}

impl EngineSchemas {
    /// Builds both schemas.
    pub(super) fn build() -> Self {
        Self {
            bare: crate::builder().finish(),
            with_extensions: crate::builder()
                .extension(PerEventExecution)
                .extension(ResponseSizeExtension)
                .finish(),
        }
    }

    /// Returns the schema for a query or a mutation: if its response can exceed the limit, the one
    /// that counts the bytes.
    pub(super) fn for_operation(
        &self,
        prepared: &PreparedOperation,
        limits: ExecutionLimits,
    ) -> &EngineSchema {
        if is_counted(prepared.bytes, limits.response_bytes) { &self.with_extensions } else { &self.bare }
    }

    /// Returns the schema for introspection, whose responses are of bounded size.
    pub(super) fn for_introspection(&self) -> &EngineSchema {
        &self.bare
    }

    /// Returns the schema for subscriptions.
    pub(super) fn for_subscriptions(&self) -> &EngineSchema {
        &self.with_extensions
    }

    /// Returns the definition of the schema.
    pub(super) fn sdl(&self) -> String {
        self.bare.sdl()
    }
}
