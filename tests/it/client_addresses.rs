//! The address of a client behind trusted proxies, as the limits per address see it.

use std::net::SocketAddr;

use caunoi_server::Settings;
use caunoi_server::http::ForwardedHeader;
use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use crate::harness::{Server, on_both_databases};

const FEED: &str = "subscription { changes { __typename } }";

/// Trusts loopback, where the tests connect from, and limits each client to one request at a time.
fn behind_a_proxy(mut settings: Settings, header: ForwardedHeader) -> Settings {
    settings.trusted_proxies.networks = vec!["127.0.0.0/8".parse().expect("a network")];
    settings.trusted_proxies.header = header;
    settings.limits.connections_per_address = 1;
    settings
}

/// Opens an event stream with this header; it runs until the response is dropped.
async fn open_stream(server: &Server, name: &str, value: &str) -> Response {
    let request =
        server.http(Method::POST, "/graphql").header("accept", "text/event-stream").header(name, value);
    request.json(&json!({"query": FEED})).send().await.expect("a response")
}

/// Opens a WebSocket with this header; returns the status of a refusal.
async fn open_socket(server: &Server, name: &'static str, value: &str) -> Result<impl Sized + use<>, u16> {
    let address: SocketAddr = server.url("").trim_start_matches("http://").parse().expect("an address");
    let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("a value"));
    headers.insert(name, value.parse().expect("a value"));
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_client_of_a_proxy_has_its_own_limit() {
    on_both_databases(|settings| async move {
        let server = Server::start(behind_a_proxy(settings, ForwardedHeader::XForwardedFor)).await;
        let first = open_stream(&server, "x-forwarded-for", "198.51.100.1").await;
        assert_eq!(first.status(), StatusCode::OK);
        // The same client, also with a port, mapped to IPv6, or behind an invented address.
        for value in ["198.51.100.1", "198.51.100.1:80", "::ffff:198.51.100.1", "192.0.2.3, 198.51.100.1"] {
            let refused = open_stream(&server, "x-forwarded-for", value).await;
            assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS, "{value}");
            assert_eq!(refused.headers()["retry-after"], "30");
            let body: serde_json::Value = refused.json().await.expect("JSON");
            assert_eq!(body["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{body}");
        }
        let other = open_stream(&server, "x-forwarded-for", "198.51.100.2").await;
        assert_eq!(other.status(), StatusCode::OK);
        let v6 = open_stream(&server, "x-forwarded-for", "2001:db8:1::1").await;
        assert_eq!(v6.status(), StatusCode::OK);
        let neighbour = open_stream(&server, "x-forwarded-for", "[2001:db8:1::2]:443").await;
        assert_eq!(neighbour.status(), StatusCode::TOO_MANY_REQUESTS, "one /64");
        drop((first, other, v6));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forwarded_of_rfc_7239_names_the_client() {
    on_both_databases(|settings| async move {
        let server = Server::start(behind_a_proxy(settings, ForwardedHeader::Forwarded)).await;
        let first = open_stream(&server, "Forwarded", "For=\"[2001:db8::1]:4711\";proto=https").await;
        assert_eq!(first.status(), StatusCode::OK);
        let second =
            open_stream(&server, "forwarded", "for=unknown, for=\"[2001:db8::9]\", for=127.0.0.2").await;
        assert_eq!(second.status(), StatusCode::TOO_MANY_REQUESTS);
        // The other header is ignored: this request is one of the proxy itself.
        let of_proxy = open_stream(&server, "x-forwarded-for", "2001:db8::1").await;
        assert_eq!(of_proxy.status(), StatusCode::OK);
        drop((first, of_proxy));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn socket_through_a_proxy_counts_for_its_client() {
    on_both_databases(|settings| async move {
        let server = Server::start(behind_a_proxy(settings, ForwardedHeader::XForwardedFor)).await;
        let first = open_socket(&server, "x-forwarded-for", "198.51.100.1").await.expect("a socket");
        assert_eq!(open_socket(&server, "x-forwarded-for", "198.51.100.1").await.err(), Some(429));
        let second = open_socket(&server, "x-forwarded-for", "198.51.100.2").await.expect("a socket");
        drop((first, second));
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unusual_headers_are_answered() {
    on_both_databases(|settings| async move {
        let mut settings = behind_a_proxy(settings, ForwardedHeader::XForwardedFor);
        settings.limits.connections_per_address = Settings::default().limits.connections_per_address;
        let server = Server::start(settings).await;
        let hops = vec!["127.0.0.9"; 100].join(", ");
        let long = "1.2.3.4, ".repeat(1_500);
        for value in ["", ",,,", "unknown", "_x", "\"", "fe80::1%eth0", "\u{e9}", "1.2.3.4.5", &hops, &long] {
            for name in ["x-forwarded-for", "Forwarded", "X-FORWARDED-FOR"] {
                let request = server.http(Method::POST, "/graphql").header(name, value.as_bytes());
                let response =
                    request.json(&json!({"query": "{ __typename }"})).send().await.expect("a response");
                assert_eq!(response.status(), StatusCode::OK, "{name}: {value}");
                response.text().await.expect("the whole body");
            }
        }
        let request = server.http(Method::POST, "/graphql").header("forwarded", "x".repeat(17_000));
        let refused = request.json(&json!({"query": "{ __typename }"})).send().await.expect("a response");
        assert_eq!(refused.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        server.stop().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stranger_cannot_choose_an_address() {
    on_both_databases(|mut settings| async move {
        settings.trusted_proxies.networks = vec!["192.0.2.0/24".parse().expect("a network")];
        settings.limits.connections_per_address = 1;
        let server = Server::start(settings).await;
        let socket = open_socket(&server, "x-forwarded-for", "198.51.100.1").await.expect("a socket");
        // The connection itself counts, so the next one is closed whatever its header names.
        let address: SocketAddr = server.url("").trim_start_matches("http://").parse().expect("an address");
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        request.headers_mut().insert("x-forwarded-for", "198.51.100.2".parse().expect("a value"));
        assert!(tokio_tungstenite::connect_async(request).await.is_err());
        drop(socket);
        server.stop().await;
    })
    .await;
}
