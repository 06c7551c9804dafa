//! Where the project, the shared corpus and its table of cases are; absent ones are skipped aloud.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The root of the project.
///
/// # Panics
/// Never: the tests are a folder of the project.
#[must_use]
pub fn project() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests lie in the project").to_owned()
}

/// The folder of shared material: `TRACELINE_SHARED`, else `../shared` beside the project; says so when it is absent.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = env::var_os("TRACELINE_SHARED").map_or_else(|| project().join("../shared"), PathBuf::from);
    present(&root.join(path), "TRACELINE_SHARED")
}

/// The corpus of real plan documents: `TRACELINE_CORPUS`, else `../shared/corpus`; says so when it is absent.
#[must_use]
pub fn corpus() -> Option<PathBuf> {
    match env::var_os("TRACELINE_CORPUS") {
        Some(path) => present(&PathBuf::from(path), "TRACELINE_CORPUS"),
        None => shared("corpus"),
    }
}

fn present(path: &Path, variable: &str) -> Option<PathBuf> {
    if let Ok(path) = dunce::canonicalize(path) {
        return Some(path);
    }
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    // Not `eprintln!`, which cargo hides where a test passes: what was not tested is said aloud.
    let _ = writeln!(io::stderr(), "skipped {test}: {} is not there (set {variable})", path.display());
    None
}
