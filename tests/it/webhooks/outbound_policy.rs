//! Addresses outside of the public internet are never called, by any name.

use caunoi_server::Settings;
use serde_json::json;

use super::{PartnerClient, allow_loopback, deliveries, refused};
use crate::harness::publisher::Publisher;
use crate::harness::receiver::WebhookReceiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn internal_url_is_refused_when_set() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let partner = PartnerClient::of(&server, "busan");
        for url in [
            "https://169.254.169.254/latest/meta-data",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://192.168.1.1:8443/",
            // Names that resolve to this machine, or not at all.
            "https://localhost/",
            "https://nobody.invalid/",
            "http://example.vn/",
            "https://example.vn:6379/",
            "https://user:word@example.vn/",
            "gopher://example.vn/",
            "nonsense",
        ] {
            let received = partner.create(json!({"url": url})).await;
            assert_eq!(refused(&received), [("URL_REFUSED", "url".to_owned())], "{url}: {received}");
            let error = &received["errors"][0];
            assert!(
                error["vi"].as_str().is_some_and(|vi| vi.starts_with("Không thể gọi URL này: ")),
                "{error}"
            );
            assert!(
                error["en"].as_str().is_some_and(|en| en.starts_with("This URL is not called: ")),
                "{error}"
            );
        }
        assert_eq!(refused(&partner.create(json!({"url": ""})).await), [("REQUIRED", "url".to_owned())]);
        assert!(partner.list().await.is_empty());
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn address_is_checked_again_at_every_call() {
    on_both_databases(|settings| async move {
        let receiver = WebhookReceiver::start().await;
        let open_server = Server::start(allow_loopback(settings.clone())).await;
        let partner = PartnerClient::of(&open_server, "busan");
        // Refused by the text of the URL, and by the resolved address.
        let urls = [
            receiver.url(),
            format!("https://localhost:{}/hook", receiver.port()),
            "https://localhost:8443/".to_owned(),
        ];
        for url in &urls {
            partner.create_webhook(url).await;
        }
        // As in an attack: the address was allowed when the URL was set.
        open_server.stop().await;
        let server = Server::start(Settings { webhook_allow_loopback: false, ..settings }).await;
        let partner = PartnerClient::of(&server, "busan");
        Publisher::of("NGHE_AN", server.register()).publish("One").await;
        for url in &urls {
            let seen =
                partner.wait_for_webhook(|webhook| webhook["url"] == **url && webhook["failures"] == 1).await;
            let delivery = &deliveries(&seen)[0];
            assert_eq!(
                (&delivery["error"], &delivery["status"]),
                (&json!("URL_REFUSED"), &json!(null)),
                "{url}"
            );
        }
        assert!(receiver.calls().is_empty());
        server.stop().await;
    })
    .await;
}
