//! Reads the trusted documents of the settings: `*.graphql` in a folder and in its sub-folders, one
//! document per file. A sub-folder per partner keeps their files apart; the ids are hashes and need
//! no names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use caunoi_graphql::execution::TrustedDocuments;

use crate::StartError;

/// Adds the documents of a folder.
///
/// # Errors
/// Returns the file that cannot be read or contains no valid document.
pub(crate) fn add_folder(documents: &mut TrustedDocuments, folder: &Path) -> Result<(), StartError> {
    for path in files(folder, true).map_err(|source| unreadable(folder, &source))? {
        let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, &source))?;
        documents
            .add_checked(&text)
            .map_err(|message| StartError::TrustedDocument { path: path.clone(), message })?;
    }
    Ok(())
}

/// Returns the `*.graphql` files of a folder, with those of its sub-folders if `is_deep`.
fn files(folder: &Path, is_deep: bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && is_deep {
            found.extend(files(&path, false)?);
        } else if path.extension().is_some_and(|kind| kind == "graphql") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn unreadable(path: &Path, source: &io::Error) -> StartError {
    StartError::TrustedDocument { path: path.to_owned(), message: source.to_string() }
}
