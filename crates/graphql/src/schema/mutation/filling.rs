//! How inputs become drafts: what is absent leaves a draft as it is, null makes it blank.

use super::super::enums::{
    ActKind, AgreementLevel, Direction, EntryIntoForce, EventLevel, EventMode, OrganizationStage, Pillar,
    Qualifier, RelationStatus, RelationTier, Secrecy, Vocabulary,
};
use super::super::scalar::{CountryCode, CurrencyCode, DateTime, Decimal, Edtf};
use async_graphql::resolver_utils::EnumType;
use async_graphql::{ID, InputObject, MaybeUndefined};
use caunoi_domain::draft::{CommonDraft, QuantityDraft};
use caunoi_domain::locale::Bilingual;
use caunoi_domain::refusal::Problem;

/// A value of an input that drafts know in another form.
pub(super) trait Drafted {
    /// That form; its default is blank.
    type Draft: Default;

    /// The same as a draft has it.
    fn drafted(self) -> Self::Draft;
}

/// Takes over what was given.
pub(super) fn fill<T: Drafted>(draft: &mut T::Draft, given: MaybeUndefined<T>) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *draft = T::Draft::default(),
        MaybeUndefined::Value(value) => *draft = value.drafted(),
    }
}

impl Drafted for String {
    type Draft = Self;

    fn drafted(self) -> Self {
        self
    }
}

impl Drafted for i32 {
    type Draft = String;

    fn drafted(self) -> String {
        self.to_string()
    }
}

impl Drafted for bool {
    type Draft = Self;

    fn drafted(self) -> Self {
        self
    }
}

impl<T: Drafted> Drafted for Vec<T> {
    type Draft = Vec<T::Draft>;

    fn drafted(self) -> Self::Draft {
        self.into_iter().map(T::drafted).collect()
    }
}

/// Newtypes over the text that a draft has.
macro_rules! texts {
    ($($name:ident),+) => {
        $(impl Drafted for $name {
            type Draft = String;

            fn drafted(self) -> String {
                self.0
            }
        })+
    };
}

// An id stands for its code once it was looked up.
texts!(CountryCode, CurrencyCode, DateTime, Decimal, Edtf, ID);

/// Closed lists, by the words that the domain has for them too.
macro_rules! words {
    ($($name:ident),+) => {
        $(impl Drafted for $name {
            type Draft = String;

            fn drafted(self) -> String {
                word(self)
            }
        })+
    };
}

words!(
    ActKind,
    AgreementLevel,
    Direction,
    EntryIntoForce,
    EventLevel,
    EventMode,
    OrganizationStage,
    Pillar,
    Qualifier,
    RelationStatus,
    RelationTier,
    Secrecy,
    Vocabulary
);

fn word<E: EnumType>(value: E) -> String {
    let item = E::items().iter().find(|item| item.value == value);
    item.map_or_else(String::new, |item| item.name.to_owned())
}

/// A text in one or both languages.
#[derive(Debug, Clone, Default, InputObject)]
pub(super) struct TextInput {
    /// The Vietnamese text; absent leaves it as it is, null takes it away.
    vi: MaybeUndefined<String>,
    /// The English text; absent leaves it as it is, null takes it away.
    en: MaybeUndefined<String>,
}

impl TextInput {
    /// Takes over the languages that were given.
    pub(super) fn fill(self, draft: &mut Bilingual) {
        fill_language(&mut draft.vi, self.vi);
        fill_language(&mut draft.en, self.en);
    }
}

impl Drafted for TextInput {
    type Draft = Bilingual;

    fn drafted(self) -> Bilingual {
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

/// Takes over a text of which one language may have been given.
pub(super) fn fill_text(draft: &mut Bilingual, given: MaybeUndefined<TextInput>) {
    match given {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => *draft = Bilingual::default(),
        MaybeUndefined::Value(text) => text.fill(draft),
    }
}

/// A number as a document states it.
#[derive(Debug, Clone, InputObject)]
pub(super) struct QuantityInput {
    /// The number, for all but ranges.
    value: Option<Decimal>,
    /// The least, for ranges.
    lower: Option<Decimal>,
    /// The most, for ranges.
    upper: Option<Decimal>,
    /// How exact it is.
    #[graphql(default_with = "Qualifier::Exact")]
    qualifier: Qualifier,
    /// What is counted: `person`, `agreement`, `USD`.
    unit: String,
    /// The currency, for money.
    currency: Option<CurrencyCode>,
}

impl Drafted for QuantityInput {
    type Draft = QuantityDraft;

    fn drafted(self) -> QuantityDraft {
        let number = |number: Option<Decimal>| number.map(Drafted::drafted).unwrap_or_default();
        QuantityDraft {
            value: number(self.value),
            lower: number(self.lower),
            upper: number(self.upper),
            qualifier: self.qualifier.drafted(),
            unit: self.unit,
            currency: self.currency.map(Drafted::drafted).unwrap_or_default(),
        }
    }
}

/// What the inputs of all kinds share.
#[derive(Debug, Clone, InputObject)]
pub(super) struct CommonFields {
    /// Fields of cooperation, codes of `FIELD` terms.
    fields: MaybeUndefined<Vec<String>>,
    /// Where it was read, codes of sources.
    sources: MaybeUndefined<Vec<String>>,
    /// Its class of secrecy (độ mật). Anything but `PUBLIC` is refused, and neither kept nor logged.
    #[graphql(default_with = "Secrecy::Public")]
    secrecy: Secrecy,
}

impl CommonFields {
    /// Takes over what was given, with the problems that were found on the way.
    pub(super) fn fill(self, draft: &mut CommonDraft, noted: Vec<Problem>) {
        fill(&mut draft.fields, self.fields);
        fill(&mut draft.sources, self.sources);
        draft.secrecy = self.secrecy.drafted();
        draft.noted = noted;
    }
}
