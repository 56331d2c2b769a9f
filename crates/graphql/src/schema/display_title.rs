//! Titles for readers.

use super::connection::GraphqlEntry;
use super::cost_directives::{TextSize, Weight};
use super::entry_fields::EntryFields;
use super::enums::Locale;
use super::request_context::RequestContext;
use async_graphql::{Context, SimpleObject};
use caunoi_domain::display_title::{Namer, Titled};

/// A title for readers.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = Weight::apply(0))]
pub(crate) struct DisplayTitle {
    /// The text, for example `Bản ghi nhớ giữa Đồng Nai và Gyeongnam (2019)`.
    #[graphql(directive = TextSize::apply(110))]
    text: String,
    /// Whether the register composed the text, because the entry has no title in the language. If
    /// false, it is the title that a person or a source gave.
    is_composed: bool,
}

impl<C: GraphqlEntry + Titled> EntryFields<C> {
    /// Returns the title in a language, composed where there is none.
    pub(super) fn compose_title(&self, ctx: &Context<'_>, locale: Option<Locale>) -> DisplayTitle {
        let request = RequestContext::of(ctx);
        let namer = Namer { directory: request.directory(), locale: request.locale(locale) };
        let title = caunoi_texts::display_title(&self.entry.content, self.entry.meta.log, namer);
        DisplayTitle { text: title.text, is_composed: title.is_composed }
    }
}
