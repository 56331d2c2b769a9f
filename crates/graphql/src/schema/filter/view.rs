//! The state of the register that the words of a filter refer to.

use crate::schema::api_error::ApiError;
use crate::schema::request_context::{RequestContext, View};
use async_graphql::Context;
use caunoi_domain::directory::Directory;
use caunoi_domain::filter::Filter;

/// The reference data, day and boundaries that the words of a filter refer to.
#[derive(Clone, Copy)]
pub(crate) struct FilterView<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) view: View,
}

/// A filter input of the API.
pub(crate) trait FilterInput: Sized {
    /// Converts the input to a filter of the domain for the day and boundaries of `view`. The
    /// paths of errors begin with a field of the input.
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, ApiError>;
}

/// Converts the argument `filter` of a field; an absent filter matches everything.
pub(crate) fn read<F: FilterInput>(
    ctx: &Context<'_>,
    view: View,
    filter: Option<&F>,
) -> Result<Filter, ApiError> {
    let directory = RequestContext::of(ctx).directory();
    read_known(ctx, FilterView { directory, view }, filter)
}

/// Converts the argument `filter` of a field with the reference data of a view.
pub(crate) fn read_known<F: FilterInput>(
    ctx: &Context<'_>,
    view: FilterView<'_>,
    filter: Option<&F>,
) -> Result<Filter, ApiError> {
    let Some(filter) = filter else { return Ok(Filter::default()) };
    filter.read(ctx, view).map_err(|fault| fault.under(["filter".to_owned()]))
}
