//! The limit on the size of a response: counted during execution, and again during serialization.

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use async_graphql::{ServerError, ServerResult, Value};
use async_graphql_value::RAW_VALUE_TOKEN;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Responses estimated below this fraction of the limit are not counted during execution: no text
/// is so much longer than its estimate.
const UNCOUNTED_FRACTION: usize = 32;

/// Whether a response of `expected` bytes is counted during execution.
pub(super) fn is_counted(expected: u64, most: usize) -> bool {
    usize::try_from(expected).unwrap_or(usize::MAX) > most / UNCOUNTED_FRACTION
}

/// The bytes left for the response; part of the data of a request.
pub(super) struct ByteBudget {
    left: AtomicUsize,
}

impl ByteBudget {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(most) })
    }

    /// Whether the response has exceeded its limit.
    pub(super) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    fn take(&self, bytes: usize) -> ServerResult<()> {
        let rest = |left: usize| Some(left.saturating_sub(bytes));
        // Relaxed: the exact field at which the limit is noticed does not matter.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        if self.is_spent() { Err(ServerError::new("The response is too large.", None)) } else { Ok(()) }
    }
}

/// Counts the bytes of resolved values and stops the execution at the limit.
pub(crate) struct ResponseSizeExtension;

impl ExtensionFactory for ResponseSizeExtension {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for ResponseSizeExtension {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(byte_budget) = context.data_opt::<Arc<ByteBudget>>() else {
            return next.run(context, info).await;
        };
        // The items of a list have no name.
        let name =
            if info.parent_type.starts_with('[') { 0 } else { info.alias.unwrap_or(info.name).len() + 3 };
        byte_budget.take(name)?;
        let value = next.run(context, info).await?;
        byte_budget.take(value.as_ref().map_or(0, own_bytes))?;
        Ok(value)
    }
}

/// Returns the bytes of a value without its members, which are counted before it.
fn own_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 3,
        Value::Enum(word) => word.len() + 3,
        Value::Binary(bytes) => bytes.len(),
        Value::Null | Value::Number(_) | Value::Boolean(_) => 4,
        // A value that is serialized already.
        Value::Object(fields) => match fields.get(RAW_VALUE_TOKEN) {
            Some(Value::String(text)) => text.len(),
            Some(_) | None => 2,
        },
        Value::List(_) => 2,
    }
}

/// A buffer with a limit on its bytes.
pub(super) struct BoundedBuffer {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl BoundedBuffer {
    pub(super) const fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most, is_full: false }
    }

    /// Whether a write exceeded the limit.
    pub(super) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// Returns the written bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl io::Write for BoundedBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.most {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn buffer_refuses_writes_beyond_its_limit() {
        let mut bounded = BoundedBuffer::new(4);
        assert!(bounded.write_all(b"abcd").is_ok() && !bounded.is_full());
        assert!(bounded.write_all(b"e").is_err() && bounded.is_full());
        assert_eq!(bounded.into_bytes(), b"abcd");
    }

    #[test]
    fn budget_is_spent_by_a_larger_value() {
        let byte_budget = ByteBudget::new(10);
        assert!(byte_budget.take(9).is_ok());
        assert!(byte_budget.take(9).is_err() && byte_budget.is_spent());
    }
}
