//! Writing a file so that it is never half there.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Writes all of a file or nothing: beside it, and then in its place.
pub(super) fn write_whole(target: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(target).is_ok_and(|before| before == text) {
        return Ok(());
    }
    let name = target.file_name().context("it has no name")?.to_string_lossy().into_owned();
    let beside = target.with_file_name(format!(".{name}.{}", std::process::id()));
    let written = File::create_new(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        // Who may read and write it does not change with what it says.
        if let Ok(before) = fs::metadata(target) {
            file.set_permissions(before.permissions())?;
        }
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, target)).inspect_err(|_| {
        // What is left of it is of no use to anybody.
        let _ = fs::remove_file(&beside);
    })?;
    Ok(())
}
