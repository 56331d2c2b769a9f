//! Sample tokens for trying out the API, written at each start.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{grant::Grant, local::LocalKey};
use crate::{Settings, StartError};

const FILE: &str = "sample-tokens.txt";

/// One token per role; provincial roles for two provinces, to try what one sees of the other.
const GRANTS: [(&str, Option<&str>); 7] = [
    ("clerk", Some("DONG_NAI")),
    ("publisher", Some("DONG_NAI")),
    ("clerk", Some("NGHE_AN")),
    ("publisher", Some("NGHE_AN")),
    ("analyst", None),
    ("steward", None),
    ("partner", None),
];

/// Writes the tokens into the data folder with mode 0600 and returns the path.
pub(crate) fn write(settings: &Settings) -> Result<PathBuf, StartError> {
    let key = LocalKey::load(settings)?;
    let mut text = format!(
        "# Tokens for this machine, good for 24 hours; each start writes new ones.\n\
         #   curl … -H 'authorization: Bearer TOKEN'\n\
         # Others: caunoi token --data-dir {} --role clerk --province HUE\n",
        settings.data_dir.display()
    );
    for (role, province) in GRANTS {
        let path = settings.data_dir.join(FILE);
        let grant =
            Grant::new(role, province).map_err(|why| StartError::Keys { path, why: Box::new(why) })?;
        let token = key.issue(settings, &grant);
        let holder = province.map_or_else(|| role.to_owned(), |slug| format!("{role}:{slug}"));
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{holder}={token}");
    }
    replace(&settings.data_dir, &text)
        .map_err(|source| StartError::Folder { path: settings.data_dir.clone(), source })
}

/// Replaces the file atomically.
fn replace(folder: &Path, text: &str) -> io::Result<PathBuf> {
    let path = folder.join(FILE);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(&path)?;
    Ok(path)
}
