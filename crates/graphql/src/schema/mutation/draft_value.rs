//! Conversions from inputs to drafts. An absent field leaves the draft unchanged, null clears it.

use super::super::enums::{EnumValue, Qualifier, Secrecy};
use super::super::scalar::{CountryCode, CurrencyCode, DateTime, Decimal, Edtf};
use async_graphql::{ID, InputObject, MaybeUndefined};
use caunoi_domain::draft::{CommonDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::validation::ValidationError;
use caunoi_domain::{policy, quantity};

/// Declares the optional fields that the inputs of a kind share. Each names its place in the draft,
/// which `fill` writes.
macro_rules! optional_input_fields {
    (
        $(#[$doc:meta])+
        struct $name:ident => $draft:ty {
            $($(#[$field_doc:meta])+ $field:ident: $type:ty => $($place:ident).+,)+
        }
    ) => {
        $(#[$doc])+
        #[derive(Debug, Clone, InputObject)]
        struct $name {
            $($(#[$field_doc])+ $field: MaybeUndefined<$type>,)+
        }

        impl $name {
            /// Writes the fields that the input contains into the draft.
            fn fill(self, draft: &mut $draft) {
                $(fill(&mut draft.$($place).+, self.$field);)+
            }
        }
    };
}

pub(super) use optional_input_fields;

/// A value of an input that has another form in a draft.
pub(super) trait IntoDraftValue {
    /// The form in a draft; its default is blank.
    type DraftValue: Default;

    /// Converts the value.
    fn into_draft_value(self) -> Self::DraftValue;
}

/// Writes a value of the input into the draft.
pub(super) fn fill<T: IntoDraftValue>(draft: &mut T::DraftValue, given: MaybeUndefined<T>) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *draft = T::DraftValue::default(),
        MaybeUndefined::Value(value) => *draft = value.into_draft_value(),
    }
}

impl IntoDraftValue for String {
    type DraftValue = Self;

    fn into_draft_value(self) -> Self {
        self
    }
}

impl IntoDraftValue for i32 {
    type DraftValue = String;

    fn into_draft_value(self) -> String {
        self.to_string()
    }
}

impl IntoDraftValue for bool {
    type DraftValue = Self;

    fn into_draft_value(self) -> Self {
        self
    }
}

impl<T: IntoDraftValue> IntoDraftValue for Vec<T> {
    type DraftValue = Vec<T::DraftValue>;

    fn into_draft_value(self) -> Self::DraftValue {
        self.into_iter().map(T::into_draft_value).collect()
    }
}

/// Implements the conversion for newtypes over the text that a draft has.
macro_rules! texts {
    ($($name:ident),+) => {
        $(impl IntoDraftValue for $name {
            type DraftValue = String;

            fn into_draft_value(self) -> String {
                self.0
            }
        })+
    };
}

// After `MutationContext::resolve_id` an `ID` contains the code of the entry.
texts!(CountryCode, CurrencyCode, DateTime, Decimal, Edtf, ID);

impl<T: Into<&'static str>> IntoDraftValue for EnumValue<T> {
    type DraftValue = String;

    fn into_draft_value(self) -> String {
        self.0.into().to_owned()
    }
}

/// A text in Vietnamese, English or both.
#[derive(Debug, Clone, Default, InputObject)]
pub(super) struct TextInput {
    /// The Vietnamese text. In an update an absent text keeps its value; null clears it.
    vi: MaybeUndefined<String>,
    /// The English text. In an update an absent text keeps its value; null clears it.
    en: MaybeUndefined<String>,
}

impl TextInput {
    /// Writes the languages that the input contains into the draft.
    pub(super) fn fill(self, draft: &mut Bilingual) {
        fill_language(&mut draft.vi, self.vi);
        fill_language(&mut draft.en, self.en);
    }
}

impl IntoDraftValue for TextInput {
    type DraftValue = Bilingual;

    fn into_draft_value(self) -> Bilingual {
        let mut text = Bilingual::default();
        self.fill(&mut text);
        text
    }
}

fn fill_language(draft: &mut Option<String>, given: MaybeUndefined<String>) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *draft = None,
        MaybeUndefined::Value(text) => *draft = Some(text),
    }
}

/// Writes a text into the draft; a language that the input does not contain keeps its value.
pub(super) fn fill_text(draft: &mut Bilingual, given: MaybeUndefined<TextInput>) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *draft = Bilingual::default(),
        MaybeUndefined::Value(text) => text.fill(draft),
    }
}

/// A number as the source states it: `value` for a single number, `lower` and `upper` for a range,
/// for example `{ value: "200", qualifier: ABOUT, unit: "person" }`.
#[derive(Debug, Clone, InputObject)]
pub(super) struct QuantityInput {
    /// The number; absent for a range and for `UNQUANTIFIED`.
    value: Option<Decimal>,
    /// The lower bound of a range.
    lower: Option<Decimal>,
    /// The upper bound of a range.
    upper: Option<Decimal>,
    /// How exact the number is.
    #[graphql(default_with = "quantity::Qualifier::Exact.into()")]
    qualifier: Qualifier,
    /// The unit of the number, a code or a usual word for it, for example `person` or `người`. Each
    /// field accepts certain units; other words fail with `RULE_BROKEN` and the accepted ones. The
    /// unit of money is its currency, for example `USD`.
    unit: String,
    /// For an amount of money, its currency.
    currency: Option<CurrencyCode>,
}

impl IntoDraftValue for QuantityInput {
    type DraftValue = QuantityDraft;

    fn into_draft_value(self) -> QuantityDraft {
        let number =
            |number: Option<Decimal>| number.map(IntoDraftValue::into_draft_value).unwrap_or_default();
        QuantityDraft {
            value: number(self.value),
            lower: number(self.lower),
            upper: number(self.upper),
            qualifier: self.qualifier.into_draft_value(),
            unit: self.unit,
            currency: self.currency.map(IntoDraftValue::into_draft_value).unwrap_or_default(),
        }
    }
}

/// The optional fields that the inputs of all kinds of entries share.
#[derive(Debug, Clone, InputObject)]
pub(super) struct CommonFields {
    /// The fields of cooperation, codes of the vocabulary `FIELD`, for example `INVESTMENT`; at
    /// most 50.
    fields: MaybeUndefined<Vec<String>>,
    /// The codes of the sources of the entry, at most 50.
    sources: MaybeUndefined<Vec<String>>,
    /// Why the entry names no source, for example `recorded by the province itself`, at most 2,000
    /// characters in each language. An entry with neither a source nor a reason cannot be published;
    /// one with both is refused.
    no_source_reason: MaybeUndefined<TextInput>,
    /// A summary for readers, at most 2,000 characters in each language. Searches find its first 64
    /// different words in each language.
    summary: MaybeUndefined<TextInput>,
    /// The class of secrecy (độ mật). Only `PUBLIC` is accepted; other values fail with
    /// `SECRET_MATTER` and are neither stored nor logged.
    #[graphql(default_with = "policy::Secrecy::Public.into()")]
    secrecy: Secrecy,
}

impl CommonFields {
    /// Writes the fields and the problems found so far into the draft.
    pub(super) fn fill(self, draft: &mut CommonDraft, prior_errors: Vec<ValidationError>) {
        fill(&mut draft.fields, self.fields);
        fill(&mut draft.sources, self.sources);
        fill_text(&mut draft.no_source_reason, self.no_source_reason);
        fill_text(&mut draft.summary, self.summary);
        draft.secrecy = self.secrecy.into_draft_value();
        draft.prior_errors = prior_errors;
    }
}
