//! What HTTP itself costs: axum giving the bytes of a file to every POST, and nothing else.
//!
//!   floor ADDRESS FILE

use std::error::Error;

use axum::{Router, http::header::CONTENT_TYPE, routing::post};
use tokio::net::TcpListener;

/// Gives one answer to everybody until it is ended.
#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("floor ADDRESS FILE".into());
    };
    let bytes = axum::body::Bytes::from(std::fs::read(file)?);
    let answer = move |_question: axum::body::Bytes| {
        let bytes = bytes.clone();
        async move { ([(CONTENT_TYPE, "application/graphql-response+json")], bytes) }
    };
    let router = Router::new().route("/graphql", post(answer));
    axum::serve(TcpListener::bind(address).await?, router).await?;
    Ok(())
}
