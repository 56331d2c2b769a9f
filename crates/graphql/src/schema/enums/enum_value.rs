//! A value of an enum of the domain as a value of an enum of the schema.

use async_graphql::async_trait::async_trait;
use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaEnumValue, MetaType, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
};
use std::borrow::Cow;
use strum::EnumMessage;

/// An enum of the domain that the schema contains. The documentation of its variants describes the
/// values.
pub(crate) trait SchemaEnum:
    EnumMessage + Into<&'static str> + Copy + PartialEq + Send + Sync + 'static
{
    /// The name of the type.
    const NAME: &'static str;
    /// The description of the type, one line of the comment per line.
    const DESCRIPTION: &'static str;
    /// The values that the schema contains.
    const VALUES: &'static [Self];

    /// The name of the value: its message where the stored text is another one, else its text.
    fn name(self) -> &'static str {
        self.get_message().unwrap_or_else(|| self.into())
    }
}

/// A value of the enum `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EnumValue<T>(pub(crate) T);

impl<T> From<T> for EnumValue<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: SchemaEnum> EnumValue<T> {
    fn value(self) -> Value {
        Value::Enum(Name::new(self.0.name()))
    }

    fn register(registry: &mut Registry) -> String {
        registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| MetaType::Enum {
            name: T::NAME.to_owned(),
            description: Some(description(T::DESCRIPTION)),
            enum_values: T::VALUES
                .iter()
                .map(|value| (value.name().to_owned(), meta_value(*value)))
                .collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: Some(std::any::type_name::<Self>()),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        })
    }
}

fn meta_value(value: impl SchemaEnum) -> MetaEnumValue {
    MetaEnumValue {
        name: value.name().to_owned(),
        description: value.get_documentation().map(description),
        deprecation: async_graphql::registry::Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    }
}

/// Returns a comment without the space that begins each of its lines.
fn description(comment: &str) -> String {
    comment.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}

impl<T: SchemaEnum> InputType for EnumValue<T> {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let name = match &value {
            Value::Enum(name) => name.as_str(),
            Value::String(name) => name.as_str(),
            Value::Null
            | Value::Number(_)
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::List(_)
            | Value::Object(_) => {
                return Err(InputValueError::expected_type(value));
            }
        };
        let found = T::VALUES.iter().find(|value| value.name() == name);
        found.copied().map(Self).ok_or_else(|| {
            InputValueError::custom(format_args!(r#"Enumeration type does not contain value "{name}"."#))
        })
    }

    fn to_value(&self) -> Value {
        self.value()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }
}

#[async_trait]
impl<T: SchemaEnum> OutputType for EnumValue<T> {
    fn type_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::register(registry)
    }

    async fn resolve(
        &self,
        _ctx: &ContextSelectionSet<'_>,
        _field: &Positioned<Field>,
    ) -> ServerResult<Value> {
        Ok(self.value())
    }
}
