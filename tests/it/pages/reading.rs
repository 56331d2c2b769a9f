//! Reads pages of a list from both ends, and asserts that writes between two pages lose no row.

use serde_json::{Value, json};

use super::lists::{PagedList, is_moved};
use crate::bad_input::assert_refused;
use crate::harness::Server;

/// A caller who sees other rows than the public and the ministry.
const OTHER_CALLER: &str = "clerk:HUE";
/// The size of the first page.
const PAGE: usize = 3;

/// The end of a list at which reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Begin {
    Start,
    End,
}

/// A page with its rows as JSON texts.
pub(super) struct ListPage {
    rows: Vec<String>,
    info: Value,
    pub(super) total: Value,
}

fn variables(begin: Begin, size: usize, cursor: &Value) -> Value {
    match begin {
        Begin::Start => json!({"first": size, "after": cursor}),
        Begin::End => json!({"last": size, "before": cursor}),
    }
}

pub(super) async fn execute(
    server: &Server,
    list: &PagedList,
    caller: Option<&str>,
    variables: Value,
) -> Value {
    let document = list.document();
    match caller {
        Some(caller) => server.execute_as(caller, &document, variables).await,
        None => server.execute(&document, variables).await,
    }
}

/// Reads a page, and asserts that its edges, rows and cursors agree.
pub(super) async fn read(
    server: &Server,
    list: &PagedList,
    begin: Begin,
    size: usize,
    cursor: &Value,
) -> ListPage {
    let mut answer = execute(server, list, list.caller, variables(begin, size, cursor)).await;
    assert!(answer["errors"].is_null(), "{}: {answer}", list.name);
    let mut page = answer["data"].pointer_mut(list.pointer).map(Value::take).expect("a connection");
    let edges = page["edges"].as_array().expect("edges");
    let rows: Vec<&Value> = edges.iter().map(|edge| &edge["node"]).collect();
    assert_eq!(rows, page["nodes"].as_array().expect("rows").iter().collect::<Vec<_>>(), "{}", list.name);
    let cursor_of = |edge: Option<&Value>| edge.map_or(Value::Null, |edge| edge["cursor"].clone());
    let rows = rows.iter().map(ToString::to_string).collect();
    assert_eq!(page["pageInfo"]["startCursor"], cursor_of(edges.first()), "{}", list.name);
    assert_eq!(page["pageInfo"]["endCursor"], cursor_of(edges.last()), "{}", list.name);
    ListPage { rows, info: page["pageInfo"].take(), total: page["totalCount"]["value"].take() }
}

/// Reads all rows from an end of the list, or behind a cursor, in small pages; returns them in the
/// order of the list.
async fn read_all(server: &Server, list: &PagedList, begin: Begin, cursor: &Value) -> Vec<String> {
    let (behind, ahead, next) = match begin {
        Begin::Start => ("hasPreviousPage", "hasNextPage", "endCursor"),
        Begin::End => ("hasNextPage", "hasPreviousPage", "startCursor"),
    };
    let (mut rows, mut cursor) = (Vec::new(), cursor.clone());
    loop {
        let mut page = read(server, list, begin, if rows.len() < 10 { 2 } else { 50 }, &cursor).await;
        assert_eq!(page.info[behind], !cursor.is_null(), "{}", list.name);
        match begin {
            Begin::Start => rows.append(&mut page.rows),
            Begin::End => rows.splice(..0, page.rows).for_each(drop),
        }
        if page.info[ahead] == false {
            return rows;
        }
        cursor = page.info[next].clone();
    }
}

/// Reads the whole list from both ends, and asserts that both ways return the same rows.
pub(super) async fn read_whole(server: &Server, list: &PagedList) -> Vec<String> {
    let rows = read_all(server, list, Begin::Start, &Value::Null).await;
    assert_eq!(read_all(server, list, Begin::End, &Value::Null).await, rows, "{}", list.name);
    rows
}

/// The pages read before the writes.
struct ReadBefore {
    whole: Vec<String>,
    first: ListPage,
    last: ListPage,
}

/// Reads the first and the last page of each list, writes, and asserts that the pages after and
/// before them contain the other rows.
pub(super) async fn assert_pages_are_complete<Writes: Future<Output = ()>>(
    server: &Server,
    lists: &[PagedList],
    writes: Writes,
) {
    let mut read_before = Vec::new();
    for list in lists {
        let whole = read_whole(server, list).await;
        let first = read(server, list, Begin::Start, PAGE, &Value::Null).await;
        let last = read(server, list, Begin::End, PAGE, &Value::Null).await;
        assert_eq!(first.rows, whole[..PAGE], "{}", list.name);
        assert_eq!(last.rows, whole[whole.len() - PAGE..], "{}", list.name);
        assert_eq!((&first.total, &last.total), (&json!(whole.len()), &first.total), "{}", list.name);
        read_before.push(ReadBefore { whole, first, last });
    }
    assert_cursors_are_bound(server, lists, &read_before).await;
    writes.await;
    server.register().catch_up().await.expect("the database answers");
    for (list, ReadBefore { whole: before, first, last }) in lists.iter().zip(read_before) {
        // A renamed row moves to the end of the list.
        let is_counted = |row: &String| !is_moved(row) && (!list.appends || before.contains(row));
        let now = read_whole(server, list).await;
        let mut rest = read_all(server, list, Begin::Start, &first.info["endCursor"]).await;
        rest.retain(is_counted);
        assert_eq!(rest, before[PAGE..], "{}", list.name);
        let mut earlier = read_all(server, list, Begin::End, &last.info["startCursor"]).await;
        earlier.retain(is_counted);
        let unread = now.iter().filter(|row| is_counted(row) && !last.rows.contains(row));
        assert_eq!(earlier, unread.cloned().collect::<Vec<_>>(), "{}", list.name);
        assert!(list.appends || !before.contains(&now[0]), "{}: nothing came before the cursor", list.name);
        assert!(!now.contains(&before[0]) && !now.contains(&before[PAGE - 1]), "{}: {now:?}", list.name);
    }
}

/// Asserts that each list refuses the cursors of the next one, and those of other callers.
async fn assert_cursors_are_bound(server: &Server, lists: &[PagedList], pages: &[ReadBefore]) {
    let foreign = "con trỏ không thuộc danh sách này";
    for (index, list) in lists.iter().enumerate() {
        let own = &pages[index].first.info["endCursor"];
        let of_next = &pages[(index + 1) % lists.len()].first.info["endCursor"];
        for begin in [Begin::Start, Begin::End] {
            let answer = execute(server, list, Some(OTHER_CALLER), variables(begin, 2, own)).await;
            assert_refused(&answer, foreign);
            if lists.len() > 1 {
                assert_refused(
                    &execute(server, list, list.caller, variables(begin, 2, of_next)).await,
                    foreign,
                );
            }
        }
    }
}
