//! How large an answer may become: counted while it is made, and again while it is written.

use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextResolve, ResolveInfo};
use async_graphql::{ServerError, ServerResult, Value};
use async_graphql_value::RAW_VALUE_TOKEN;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers that are expected to take less than this part of the largest one are written without
/// being counted before: texts are never so much longer than expected.
const SMALL_PART: usize = 32;

/// Whether an answer of so many bytes is counted while it is made.
pub(super) fn is_counted(expected: u64, most: usize) -> bool {
    usize::try_from(expected).unwrap_or(usize::MAX) > most / SMALL_PART
}

/// Among the data of a request: the bytes that its answer may still take.
pub(super) struct Allowance {
    left: AtomicUsize,
}

impl Allowance {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(most) })
    }

    /// Whether more was made than the answer may take.
    pub(super) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    fn take(&self, bytes: usize) -> ServerResult<()> {
        let rest = |left: usize| Some(left.saturating_sub(bytes));
        // Ordered by nothing else: a field more or less does not matter.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rest);
        if self.is_spent() { Err(ServerError::new("The answer is too large.", None)) } else { Ok(()) }
    }
}

/// Counts the values of an answer as they are made, and ends the execution where they are too many.
pub(crate) struct CountBytes;

impl ExtensionFactory for CountBytes {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait]
impl Extension for CountBytes {
    async fn resolve(
        &self,
        context: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let Some(allowance) = context.data_opt::<Arc<Allowance>>() else {
            return next.run(context, info).await;
        };
        // The members of a list have no name of their own.
        let name =
            if info.parent_type.starts_with('[') { 0 } else { info.alias.unwrap_or(info.name).len() + 3 };
        allowance.take(name)?;
        let value = next.run(context, info).await?;
        allowance.take(value.as_ref().map_or(0, own_bytes))?;
        Ok(value)
    }
}

/// Bytes that a value takes without its members, which were counted before it.
fn own_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 3,
        Value::Enum(word) => word.len() + 3,
        Value::Binary(bytes) => bytes.len(),
        Value::Null | Value::Number(_) | Value::Boolean(_) => 4,
        // Text that was written at once.
        Value::Object(fields) => match fields.get(RAW_VALUE_TOKEN) {
            Some(Value::String(text)) => text.len(),
            Some(_) | None => 2,
        },
        Value::List(_) => 2,
    }
}

/// Bytes that are written up to a bound.
pub(super) struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_full: bool,
}

impl Bounded {
    pub(super) const fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most, is_full: false }
    }

    /// Whether something did not fit.
    pub(super) const fn is_full(&self) -> bool {
        self.is_full
    }

    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl io::Write for Bounded {
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
    fn nothing_is_written_beyond_the_bound() {
        let mut bounded = Bounded::new(4);
        assert!(bounded.write_all(b"abcd").is_ok() && !bounded.is_full());
        assert!(bounded.write_all(b"e").is_err() && bounded.is_full());
        assert_eq!(bounded.into_bytes(), b"abcd");
    }

    #[test]
    fn an_allowance_is_spent_by_what_is_larger() {
        let allowance = Allowance::new(10);
        assert!(allowance.take(9).is_ok());
        assert!(allowance.take(9).is_err() && allowance.is_spent());
    }
}
