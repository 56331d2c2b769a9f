//! Characters that are not visible, or that change the display of their neighbours.

use icu_properties::props::{
    DefaultIgnorableCodePoint, ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
/// Requests the form of a symbol as an emoji.
const EMOJI_SELECTOR: char = '\u{FE0F}';
/// Not ignorable for Unicode, because it is the empty cell of Braille.
const BLANK_BRAILLE: char = '\u{2800}';

/// Returns whether a character is invisible or changes the display of its neighbours: format
/// characters (direction marks, embeddings, overrides and isolates, zero-width ones, tags),
/// separators of lines and paragraphs, variation selectors and blank fillers; and characters of
/// private use, which each font may draw as it likes.
pub(super) fn is_hidden(c: char) -> bool {
    let is_format = matches!(
        category(c),
        GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
    );
    is_format || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c) || c == BLANK_BRAILLE
}

/// Returns whether a reader sees the character by itself: letters, digits, punctuation and symbols.
/// Marks without a letter, characters of private use and unassigned ones are not.
pub(super) fn is_visible(c: char) -> bool {
    let seen = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    seen.contains(category(c)) && !is_hidden(c)
}

/// Removes the hidden characters of a text, apart from those that its writing needs: joiners of
/// scripts with joined letters and of emoji, and the emoji form of a symbol.
pub(super) fn remove_hidden(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        // White space is reduced later; line separators are white space.
        if !is_hidden(c) || c.is_whitespace() || is_needed(&kept, c, chars.peek().copied()) {
            kept.push(c);
        }
    }
    kept
}

/// Returns whether a hidden character has a meaning after a text and before a character.
fn is_needed(text: &str, hidden: char, after: Option<char>) -> bool {
    let Some(before) = text.chars().next_back().filter(|before| *before != hidden) else { return false };
    let is_after_joined = || {
        let letter = text.chars().rev().find(|c| script(*c) != Script::Inherited);
        letter.is_some_and(has_joined_letters)
    };
    match hidden {
        ZERO_WIDTH_NON_JOINER => is_after_joined() && after.is_some_and(has_joined_letters),
        ZERO_WIDTH_JOINER => {
            let is_emoji = before == EMOJI_SELECTOR || is_pictograph(before) || is_skin_tone(before);
            is_after_joined() || is_emoji && after.is_some_and(is_pictograph)
        }
        EMOJI_SELECTOR => is_pictograph(before),
        _ => false,
    }
}

/// Returns whether joiners change the form of a letter: Arabic, Indic and South-East Asian scripts,
/// not Latin, Greek, Cyrillic, Han and others whose letters stand alone.
fn has_joined_letters(c: char) -> bool {
    matches!(
        script(c),
        Script::Arabic
            | Script::Syriac
            | Script::Mongolian
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
    )
}

fn is_pictograph(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<ExtendedPictographic>().contains(c)
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn script(c: char) -> Script {
    CodePointMapData::<Script>::new().get(c)
}

fn category(c: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(c)
}
