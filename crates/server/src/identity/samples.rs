//! Tokens to try things out with, written anew at each start.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{grant::Grant, local::LocalKey};
use crate::{Settings, Unable};

const FILE: &str = "sample-tokens.txt";

/// One for each role, and the provincial ones for two provinces, so that one can look at the other.
const WHO: [(&str, Option<&str>); 7] = [
    ("clerk", Some("DONG_NAI")),
    ("publisher", Some("DONG_NAI")),
    ("clerk", Some("NGHE_AN")),
    ("publisher", Some("NGHE_AN")),
    ("analyst", None),
    ("steward", None),
    ("partner", None),
];

/// Writes them into the data folder, for this user alone, and says where.
pub(crate) fn write(settings: &Settings) -> Result<PathBuf, Unable> {
    let key = LocalKey::of(settings)?;
    let mut text = format!(
        "# Tokens for this machine, good for 24 hours; each start writes new ones.\n\
         #   curl … -H 'authorization: Bearer TOKEN'\n\
         # Others: caunoi token --data-dir {} --role clerk --province HUE\n",
        settings.data_dir.display()
    );
    for (role, province) in WHO {
        let path = settings.data_dir.join(FILE);
        let grant = Grant::new(role, province).map_err(|why| Unable::Keys { path, why })?;
        let token = key.issue(settings, &grant)?;
        let who = province.map_or_else(|| role.to_owned(), |slug| format!("{role}:{slug}"));
        // Writing to a String never fails.
        let _ = writeln!(text, "{who}={token}");
    }
    replace(&settings.data_dir, &text)
        .map_err(|source| Unable::Folder { path: settings.data_dir.clone(), source })
}

/// Whole or not at all, for whoever reads at the same time.
fn replace(folder: &Path, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(&path)?;
    Ok(path)
}
