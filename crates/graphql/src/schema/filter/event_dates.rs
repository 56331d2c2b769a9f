//! The conditions on the date of an event: on the whole of it, its start and its end.

use super::{EventFilter, FilterReader};
use crate::schema::api_error::ApiError;
use caunoi_domain::filter::DateField;

impl FilterReader<'_> {
    pub(super) fn add_event_dates(&mut self, filter: &EventFilter) -> Result<(), ApiError> {
        self.add_date(DateField::First, filter.held_on.as_ref());
        self.add_date(DateField::FirstStart, filter.starts.as_ref());
        self.add_date(DateField::FirstEnd, filter.ends.as_ref());
        if let Some(period) = &filter.overlaps {
            self.parts.push(period.to_calendar_period("overlaps")?.overlap_filter());
        }
        Ok(())
    }
}
