//! Responses shared through Redis, and failures of Redis.

use std::time::Duration;

use caunoi_server::Settings;
use serde_json::{Value, json};

use super::{EVENTS, execute_counting};
use crate::harness::backup::DatabaseBackup;
use crate::harness::fake_redis::{FakeRedis, RedisBehavior};
use crate::harness::publisher::Publisher;
use crate::harness::{Server, TEST_TIMEOUT, on_both_databases, on_postgres};

/// Shares every response, whatever its execution time.
pub(super) fn with_shared_cache(settings: Settings, redis: &FakeRedis) -> Settings {
    let mut settings = Settings { redis_url: Some(redis.url()), ..settings };
    settings.response_cache.min_shared_duration = Duration::ZERO;
    settings.response_cache.redis_timeout = TEST_TIMEOUT;
    settings
}

fn slug(name: &str) -> Value {
    json!({ "slug": name })
}

#[tokio::test]
async fn cached_response_survives_a_restart() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = with_shared_cache(settings, &redis);
        let server = Server::start(settings.clone()).await;
        let (first, _) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        redis.wait_for_sets(1).await;
        execute_counting(&server, None, EVENTS, &slug("DA_NANG")).await;
        redis.wait_for_sets(2).await;
        server.stop().await;
        let server = Server::start(settings.clone()).await;
        assert_eq!(execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await, (first, 0));
        Publisher::of("NGHE_AN", server.register()).publish("New").await;
        let (moved, cost) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(cost > 0 && moved.to_string().contains("\"New\""), "{moved}");
        server.stop().await;
        // A response in Redis from before the write is not used; an unaffected one is.
        let server = Server::start(settings).await;
        redis.wait_for_sets(3).await;
        assert_eq!(execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await.0, moved);
        assert_eq!(execute_counting(&server, None, EVENTS, &slug("DA_NANG")).await.1, 0);
        assert!(execute_counting(&server, Some("clerk:NGHE_AN"), EVENTS, &slug("DA_NANG")).await.1 > 0);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_share_cached_responses() {
    on_postgres(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = with_shared_cache(settings, &redis);
        let one = Server::start(settings.clone()).await;
        let other = Server::start(settings).await;
        let (first, _) = execute_counting(&one, None, EVENTS, &slug("NGHE_AN")).await;
        redis.wait_for_sets(1).await;
        assert_eq!(execute_counting(&other, None, EVENTS, &slug("NGHE_AN")).await, (first, 0));
        other.stop().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test]
async fn restored_database_gets_no_cached_response_of_old_epoch() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = with_shared_cache(settings, &redis);
        let server = Server::start(settings.clone()).await;
        execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        redis.wait_for_sets(1).await;
        server.stop().await;
        let database = crate::harness::connect(&settings).await;
        sea_orm::ConnectionTrait::execute_unprepared(
            &database,
            "DELETE FROM installation WHERE name = 'epoch'",
        )
        .await
        .expect("the row is there");
        database.close().await.expect("it closes");
        let server = Server::start(settings).await;
        assert!(execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await.1 > 0);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn responses_are_correct_during_any_redis_failure() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let mut settings = with_shared_cache(settings, &redis);
        settings.response_cache.redis_timeout = Duration::from_millis(50);
        for mood in [
            RedisBehavior::Hanging,
            RedisBehavior::Junk,
            RedisBehavior::WrongProtocol,
            RedisBehavior::Full,
            RedisBehavior::Broken,
        ] {
            redis.set_behavior(RedisBehavior::Healthy);
            let server = Server::start(settings.clone()).await;
            redis.set_behavior(mood);
            let (before, _) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
            Publisher::of("NGHE_AN", server.register()).publish(&format!("While {mood:?}")).await;
            let (after, cost) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
            assert!(cost > 0, "{mood:?}");
            assert!(after.to_string().contains(&format!("While {mood:?}")), "{mood:?}: {before} {after}");
            redis.set_behavior(RedisBehavior::Healthy);
            redis.flush();
            let gets = redis.gets();
            // New queries, until one reaches Redis again.
            let mut turn = 0;
            while redis.gets() == gets {
                turn += 1;
                let document = format!("{EVENTS} # {mood:?} {turn}");
                let (again, _) = execute_counting(&server, None, &document, &slug("NGHE_AN")).await;
                assert_eq!(again, after, "{mood:?}");
            }
            server.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn cached_responses_of_lost_changes_are_dropped() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = with_shared_cache(settings, &redis);
        let server = Server::start(settings.clone()).await;
        let publisher = Publisher::of("NGHE_AN", server.register());
        let backup = DatabaseBackup::take(&settings).await;
        publisher.publish("Lost").await;
        let (lost, _) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(lost.to_string().contains("\"Lost\""), "{lost}");
        redis.wait_for_sets(1).await;
        backup.restore().await;
        server.register().catch_up().await.expect("the database answers");
        // This change gets the position of the lost one.
        publisher.publish("New").await;
        let shows_new = |received: &Value| {
            received.to_string().contains("\"New\"") && !received.to_string().contains("\"Lost\"")
        };
        let (now, _) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(shows_new(&now), "{now}");
        server.stop().await;
        let server = Server::start(settings).await;
        let (now, _) = execute_counting(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(shows_new(&now), "{now}");
        server.stop().await;
    })
    .await;
}
