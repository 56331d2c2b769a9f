//! Registers filled with synthetic entries.

use caunoi_domain::clock::day_begins_at_us;
use caunoi_domain::entry::SourceId;
use caunoi_domain::reference::{Source, SourceKind};
use caunoi_register::BulkOrigin;
use caunoi_server::Settings;
use caunoi_transfer::shipped::COMPILED_ON;
use caunoi_transfer::synthetic::{SOURCE_CODE, SOURCE_TITLE, Synthetic, SyntheticSpec};

use super::open;

/// Generates entries in the database of these settings, while no server uses it.
pub(crate) async fn generate_entries(settings: &Settings, spec: SyntheticSpec) {
    let register = open(settings).await;
    let source = Source::new(SourceId::new(0), SOURCE_CODE, SOURCE_TITLE, "", SourceKind::Dataset);
    let origin = BulkOrigin { author: spec.author(), at_us: day_begins_at_us(COMPILED_ON), source };
    let written = register.populate(origin, |directory| Synthetic::new(spec, directory), |_| ()).await;
    assert_eq!(written.unwrap_or_else(|error| panic!("{error}")), spec.len());
    register.close().await;
}
