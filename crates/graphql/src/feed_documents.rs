//! The fixed documents of the HTTP feeds, executed as requests of the public.

/// One page of the feed for programs, with the variables `after`, `filter` and `first`. It omits
/// statuses, which follow the calendar without a change in the log.
pub const LINES: &str = "query Lines($after: Cursor, $filter: ChangeFilter, $first: Int) {
  changes(after: $after, filter: $filter, first: $first) {
    cursor
    hasMore
    messages {
      __typename
      ... on Change {
        cursor position at operation movement entryType code entryId version changedFields
        tombstone { reason }
        province { slug }
        entry {
          __typename code publication version updatedAt pillar
          fields { code }
          ... on Relation { tier established { edtf } partnerLocality { slug } }
          ... on Agreement { title signedOn { edtf } expires { edtf } counterpart: partnerLocality { slug } country { code } }
          ... on Event { title kind { code } heldOn { edtf } partnerLocalities { slug } }
          ... on Organization { name country { code } }
          ... on Programme { title kind { code } period { edtf } direction }
        }
      }
      ... on ChangeGap { cursor reason }
    }
  }
}";

/// The feed for readers: with `follows` the changes after a cursor, and the `newest` latest
/// changes.
pub const HEADLINES: &str =
    "query Headlines($after: Cursor, $filter: ChangeFilter, $first: Int, $follows: Boolean!, $newest: Int) {
  following: changes(after: $after, filter: $filter, first: $first) @include(if: $follows) {
    cursor
    hasMore
    messages { __typename ...Headline ... on ChangeGap { cursor reason } }
  }
  newest: latestChanges(filter: $filter, first: $newest) {
    nodes { __typename ...Headline }
  }
}
fragment Headline on Change {
  position at operation movement entryType code entryId changedFields
  tombstone { reason }
  province { id slug name }
  entry {
    ... on Relation { partnerLocality { name } }
    ... on Agreement { displayTitle { text } }
    ... on Event { displayTitle { text } }
    ... on Organization { displayTitle { text } }
    ... on Programme { displayTitle { text } }
  }
}";

/// One entry, the target of a link of a feed, with the variable `id`.
pub const ENTRY: &str = "query Entry($id: ID!) {
  node(id: $id) {
    __typename
    ... on Entry { code publication version updatedAt province { name } sources { title address } }
    ... on Relation { tier partnerLocality { name country { name } } }
    ... on Agreement { title signedOn { edtf } counterpart: partnerLocality { name } country { name } }
    ... on Event { title kind { name } heldOn { edtf } partnerLocalities { name } }
    ... on Organization { name abbreviation }
    ... on Programme { title kind { name } period { edtf } }
    ... on Figure { code indicator { name } quantity { value } asOf { edtf } }
    ... on Instrument { code number title }
    ... on Tombstone { code entryType withdrawnAt reason province { name } }
  }
}";
