//! What the feeds without a client ask: fixed documents, put to the public face like anybody's.

/// A part of the feed for programs, with the variables `after`, `filter` and `first`. States are
/// left out: they follow the calendar, and no change tells of that.
pub const LINES: &str = "query Lines($after: Cursor, $filter: ChangeFilter, $first: Int) {
  changes(after: $after, filter: $filter, first: $first) {
    cursor
    hasMore
    messages {
      __typename
      ... on Change {
        cursor position at operation movement entryType code entryId version changedFields
        province { slug }
        entry {
          __typename code publication version updatedAt pillar
          fields { code }
          ... on Relation { tier established { edtf } partner { slug } }
          ... on Agreement { title signed { edtf } expires { edtf } counterpart: partner { slug } country { code } }
          ... on Event { title kind { code } when { edtf } partners { slug } }
          ... on Organization { name country { code } }
          ... on Programme { title kind { code } period { edtf } direction }
        }
      }
      ... on ChangeGap { cursor reason }
    }
  }
}";

/// The feed for readers: what followed a cursor where `follows` says so, and the newest changes, of
/// which there are `newest`.
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
  province { id slug name }
  entry {
    ... on Relation { partner { name } }
    ... on Agreement { title }
    ... on Event { title }
    ... on Organization { name }
    ... on Programme { title }
  }
}";

/// One entry, for whoever follows the link of a feed to it, with the variable `id`.
pub const ENTRY: &str = "query Entry($id: ID!) {
  node(id: $id) {
    __typename
    ... on Entry { code publication version updatedAt province { name } sources { title address } }
    ... on Relation { tier partner { name country { name } } }
    ... on Agreement { title signed { edtf } counterpart: partner { name } country { name } }
    ... on Event { title kind { name } when { edtf } partners { name } }
    ... on Organization { name abbreviation }
    ... on Programme { title kind { name } period { edtf } }
    ... on Figure { code indicator { name } quantity { value } asOf { edtf } }
    ... on Instrument { code number title }
  }
}";
