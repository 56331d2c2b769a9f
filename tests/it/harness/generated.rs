//! Registers filled with synthetic entries.

use caunoi_domain::clock::day_begins_at_us;
use caunoi_domain::entry::SourceId;
use caunoi_domain::reference::Source;
use caunoi_register::Origin;
use caunoi_server::Settings;
use caunoi_transfer::shipped::COMPILED_ON;
use caunoi_transfer::synthetic::{SOURCE_CODE, SOURCE_TITLE, Synthetic, Wish};

use super::open;

/// Fills the database of these settings, in which no server runs.
pub(crate) async fn fill(settings: &Settings, wish: Wish) {
    let register = open(settings).await;
    let source = Source {
        id: SourceId::new(0),
        code: SOURCE_CODE.to_owned(),
        title: SOURCE_TITLE.to_owned(),
        address: String::new(),
        kind: "DATASET".to_owned(),
    };
    let origin = Origin { author: wish.author(), at_us: day_begins_at_us(COMPILED_ON), source };
    let written = register.populate(origin, |directory| Synthetic::new(wish, directory), |_| ()).await;
    assert_eq!(written.unwrap_or_else(|error| panic!("{error}")), wish.len());
    register.close().await;
}
