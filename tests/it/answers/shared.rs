//! Answers that nodes share by Redis, and a Redis that fails in every way that it can.

use std::time::Duration;

use caunoi_server::Settings;
use serde_json::{Value, json};

use super::{EVENTS, asked};
use crate::harness::desk::Desk;
use crate::harness::fake_redis::{FakeRedis, Mood};
use crate::harness::past::Past;
use crate::harness::{PATIENCE, Server, on_a_server_database, on_both_databases};

/// Everything is shared, however fast it was made and however slow the machine is.
pub(super) fn sharing(settings: Settings, redis: &FakeRedis) -> Settings {
    let mut settings = Settings { redis_url: Some(redis.url()), ..settings };
    settings.keeping.shared_from = Duration::ZERO;
    settings.keeping.shared_within = PATIENCE;
    settings
}

fn slug(name: &str) -> Value {
    json!({ "slug": name })
}

#[tokio::test]
async fn an_answer_outlives_its_process() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = sharing(settings, &redis);
        let server = Server::start(settings.clone()).await;
        let (first, _) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        redis.has_set(1).await;
        asked(&server, None, EVENTS, &slug("DA_NANG")).await;
        redis.has_set(2).await;
        server.stop().await;
        let server = Server::start(settings.clone()).await;
        assert_eq!(asked(&server, None, EVENTS, &slug("NGHE_AN")).await, (first, 0));
        Desk::of("NGHE_AN", server.register()).publish("New").await;
        let (moved, cost) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(cost > 0 && moved.to_string().contains("\"New\""), "{moved}");
        server.stop().await;
        // What Redis still holds of the one before is not given, what did not move is.
        let server = Server::start(settings).await;
        redis.has_set(3).await;
        assert_eq!(asked(&server, None, EVENTS, &slug("NGHE_AN")).await.0, moved);
        assert_eq!(asked(&server, None, EVENTS, &slug("DA_NANG")).await.1, 0);
        assert!(asked(&server, Some("clerk:NGHE_AN"), EVENTS, &slug("DA_NANG")).await.1 > 0);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn nodes_share_answers() {
    on_a_server_database(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = sharing(settings, &redis);
        let one = Server::start(settings.clone()).await;
        let other = Server::start(settings).await;
        let (first, _) = asked(&one, None, EVENTS, &slug("NGHE_AN")).await;
        redis.has_set(1).await;
        assert_eq!(asked(&other, None, EVENTS, &slug("NGHE_AN")).await, (first, 0));
        other.stop().await;
        one.stop().await;
    })
    .await;
}

#[tokio::test]
async fn a_restored_database_gets_no_answer_of_its_other_life() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = sharing(settings, &redis);
        let server = Server::start(settings.clone()).await;
        asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        redis.has_set(1).await;
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
        assert!(asked(&server, None, EVENTS, &slug("NGHE_AN")).await.1 > 0);
        server.stop().await;
    })
    .await;
}

#[tokio::test]
async fn whatever_redis_does_answers_are_right_and_it_is_used_again_when_it_is_well() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let mut settings = sharing(settings, &redis);
        settings.keeping.shared_within = Duration::from_millis(50);
        for mood in [Mood::Hanging, Mood::Junk, Mood::Babel, Mood::Full, Mood::Broken] {
            redis.feel(Mood::Well);
            let server = Server::start(settings.clone()).await;
            redis.feel(mood);
            let (before, _) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
            Desk::of("NGHE_AN", server.register()).publish(&format!("While {mood:?}")).await;
            let (after, cost) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
            assert!(cost > 0, "{mood:?}");
            assert!(after.to_string().contains(&format!("While {mood:?}")), "{mood:?}: {before} {after}");
            redis.feel(Mood::Well);
            redis.flush();
            let gets = redis.gets();
            // Questions that nobody asked yet, until one gets through again.
            let mut turn = 0;
            while redis.gets() == gets {
                turn += 1;
                let document = format!("{EVENTS} # {mood:?} {turn}");
                let (again, _) = asked(&server, None, &document, &slug("NGHE_AN")).await;
                assert_eq!(again, after, "{mood:?}");
            }
            server.stop().await;
        }
    })
    .await;
}

#[tokio::test]
async fn answers_of_lost_changes_are_not_given_again() {
    on_both_databases(|settings| async move {
        let redis = FakeRedis::start().await;
        let settings = sharing(settings, &redis);
        let server = Server::start(settings.clone()).await;
        let desk = Desk::of("NGHE_AN", server.register());
        let past = Past::keep(&settings).await;
        desk.publish("Lost").await;
        let (lost, _) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(lost.to_string().contains("\"Lost\""), "{lost}");
        redis.has_set(1).await;
        past.bring_back().await;
        server.register().follow().await.expect("the database answers");
        // It has the position of the lost one.
        desk.publish("New").await;
        let shows_new =
            |told: &Value| told.to_string().contains("\"New\"") && !told.to_string().contains("\"Lost\"");
        let (now, _) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(shows_new(&now), "{now}");
        server.stop().await;
        let server = Server::start(settings).await;
        let (now, _) = asked(&server, None, EVENTS, &slug("NGHE_AN")).await;
        assert!(shows_new(&now), "{now}");
        server.stop().await;
    })
    .await;
}
