//! The state of the register that the words of a filter refer to.

use crate::schema::api_error::ApiError;
use crate::schema::request_context::{RequestContext, View};
use async_graphql::{Context, Error};
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
    fn read(&self, ctx: &Context<'_>, view: FilterView<'_>) -> Result<Filter, FilterErrors>;
}

/// The errors of a filter, at least one: every unknown word of its lists, or a list that is too long.
pub(crate) struct FilterErrors(pub(super) Vec<ApiError>);

impl From<ApiError> for FilterErrors {
    fn from(error: ApiError) -> Self {
        Self(vec![error])
    }
}

impl FilterErrors {
    /// Returns the first error for the field that has the filter, and adds the others to the response.
    fn report(self, ctx: &Context<'_>) -> ApiError {
        let mut errors = self.0.into_iter().map(|error| error.under(["filter".to_owned()]));
        let first = errors.next().unwrap_or_else(|| ApiError::missing("error of a filter"));
        for other in errors {
            let error = Error::from(other).into_server_error(ctx.item.pos);
            ctx.add_error(ctx.set_error_path(error));
        }
        first
    }
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
    filter.read(ctx, view).map_err(|errors| errors.report(ctx))
}
