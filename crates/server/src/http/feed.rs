//! Feeds without a client: `/changes.jsonl` for programs and `/changes.atom` for readers of feeds.
//!
//! Both put a fixed document to the GraphQL face as the public, whatever token comes along, and
//! write what it answers in another form. So the answer at an address is the same for everybody,
//! and caches on the way may store it.

use std::sync::Arc;

use axum::{
    Extension,
    body::{Body, Bytes},
    extract::State as Shared,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use caunoi_domain::{feed::name::Namer, locale::Locale, policy::Actor};
use caunoi_graphql::{
    answer::{Call, Code, Wording},
    feed,
};
use serde_json::{Value, json};

use super::{State, frame::RequestId, problem::Problem, stored};
use wish::Wish;

mod atom;
mod headline;
mod jsonl;
mod wish;
mod wording;

/// Nobody has registered a type for lines of JSON. The registry of `OpenAPI` 3.2 names two; this one
/// agrees with the path and has no `x-`, with which no name should begin any more (RFC 6648).
const JSONL: &str = "application/jsonl; charset=utf-8";
const ATOM: &str = "application/atom+xml; charset=utf-8";

/// Entries of a feed for readers, where nobody says how many.
const USUAL_ENTRIES: i64 = 50;
/// Lines, where nobody says how many.
const USUAL_LINES: i64 = 100;

/// What followed a cursor, one message a line.
pub(super) async fn lines(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let told = async {
        let wish = Wish::read(&uri)?;
        let variables = json!({
            "after": wish.after,
            "filter": wish.filter(),
            "first": wish.first.unwrap_or(USUAL_LINES),
        });
        let answer = ask(&state, &id, feed::LINES, (variables, wish.locale)).await?;
        let part = jsonl::Part::read(&answer)?;
        let next = part
            .has_more
            .then(|| format!("<changes.jsonl?{}>; rel=\"next\"", wish.words(Some(&part.cursor))));
        let mut response = respond(part.write(), JSONL, &headers);
        if let Some(next) = next.and_then(|next| HeaderValue::try_from(next).ok()) {
            response.headers_mut().insert(header::LINK, next);
        }
        Ok::<_, Problem>(response)
    };
    told.await.unwrap_or_else(|problem| problem.respond(&id))
}

/// The newest changes, or what followed a cursor, as an Atom feed.
pub(super) async fn atom(
    Shared(state): Shared<Arc<State>>,
    Extension(id): Extension<RequestId>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let told = async {
        let wish = Wish::read(&uri)?;
        let first = wish.first.unwrap_or(USUAL_ENTRIES);
        let follows = wish.after.is_some();
        let variables = json!({
            "after": wish.after,
            "filter": wish.filter(),
            "first": if follows { first } else { 1 },
            "follows": follows,
            // What followed has the time of the newest change of all.
            "newest": if follows { 1 } else { first },
        });
        let answer = ask(&state, &id, feed::HEADLINES, (variables, wish.locale)).await?;
        let headlines = headline::Headlines::read(&answer)?;
        let namer = Namer::new(state.api.epoch().bytes());
        let body = atom::write(&headlines, &wish, &namer).map_err(|_| Problem::INTERNAL)?;
        Ok::<_, Problem>(respond(body, ATOM, &headers))
    };
    told.await.unwrap_or_else(|problem| problem.respond(&id))
}

/// The body of a whole answer to one of our documents; anything less is a problem.
async fn ask(
    state: &State,
    id: &RequestId,
    document: &'static str,
    (variables, locale): (Value, Locale),
) -> Result<Bytes, Problem> {
    let call = Call {
        actor: &Actor::public(),
        languages: Some(wish::tag(locale)),
        after: None,
        request_id: id.as_str(),
        query_only: true,
    };
    // No address holds a `#`, so these are nobody else's words.
    let words = format!("#{document}{variables}");
    let read = || Ok(Wording { document: document.to_owned(), operation_name: None, variables });
    let answer = state.api.answer(call, words.as_bytes(), read).await?;
    if answer.is_plain { Ok(answer.body) } else { Err(problem_of(&answer.body)) }
}

/// The first error of an answer. One of the filter names the parameter that it came from.
fn problem_of(body: &[u8]) -> Problem {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &body["errors"][0];
    let code = error["extensions"]["code"].as_str().and_then(Code::find);
    let (Some(code), Some(message)) = (code, error["message"].as_str()) else { return Problem::INTERNAL };
    let path: Vec<&str> =
        error["extensions"]["path"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let why = message.strip_prefix(&path.join(".")).filter(|why| why.starts_with(": "));
    match (path.as_slice(), why) {
        (["filter", parameter, ..], Some(why)) => Problem::told(code, format!("{parameter}{why}")),
        _ => Problem::told(code, message.to_owned()),
    }
}

fn respond(body: Vec<u8>, media: &'static str, asked: &HeaderMap) -> Response {
    let tag = stored::body_tag(&body);
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    stored::respond(response, &tag, asked)
}
