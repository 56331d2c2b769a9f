//! What is never called: whatever is not on the public internet, by whichever name.

use caunoi_server::Settings;
use serde_json::json;

use super::{Partner, deliveries, open, refused};
use crate::harness::desk::Desk;
use crate::harness::receiver::Receiver;
use crate::harness::{Server, on_both_databases};

#[tokio::test]
async fn a_url_within_is_refused_when_it_is_named() {
    on_both_databases(|settings| async move {
        let server = Server::start(settings).await;
        let partner = Partner::of(&server, "busan");
        for url in [
            "https://169.254.169.254/latest/meta-data",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://192.168.1.1:8443/",
            // Names that resolve to this machine, and to nothing.
            "https://localhost/",
            "https://nobody.invalid/",
            "http://example.vn/",
            "https://example.vn:6379/",
            "https://user:word@example.vn/",
            "gopher://example.vn/",
            "nonsense",
        ] {
            let told = partner.create(json!({"url": url})).await;
            assert_eq!(refused(&told), [("URL_REFUSED", "url".to_owned())], "{url}: {told}");
            let error = &told["errors"][0];
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
async fn what_was_allowed_once_is_refused_when_it_is_called() {
    on_both_databases(|settings| async move {
        let receiver = Receiver::start().await;
        let open_server = Server::start(open(settings.clone())).await;
        let partner = Partner::of(&open_server, "busan");
        // By its text, and by what the name resolves to.
        let urls = [
            receiver.url(),
            format!("https://localhost:{}/hook", receiver.port()),
            "https://localhost:8443/".to_owned(),
        ];
        for url in &urls {
            partner.hook(url).await;
        }
        // As an attacker would: the name was good when it was named.
        open_server.stop().await;
        let server = Server::start(Settings { webhook_allow_loopback: false, ..settings }).await;
        let partner = Partner::of(&server, "busan");
        Desk::of("NGHE_AN", server.register()).publish("One").await;
        for url in &urls {
            let seen = partner.until(|webhook| webhook["url"] == **url && webhook["failures"] == 1).await;
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
