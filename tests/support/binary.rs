//! Where the binary under test is.

use std::env;
use std::path::PathBuf;

/// The `traceline` that the tests run: `TRACELINE_BIN`, else the one that cargo built beside this test.
///
/// # Panics
/// When there is none, with the command that makes one.
#[must_use]
pub fn binary() -> PathBuf {
    if let Some(path) = env::var_os("TRACELINE_BIN") {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "TRACELINE_BIN names {}, which is not a file", path.display());
        return path;
    }
    // A test is target/<profile>/deps/<name>-<hash>; the binary is target/<profile>/traceline.
    let test = env::current_exe().expect("a running test has a path");
    let profile = test.parent().and_then(|deps| deps.parent()).expect("cargo puts tests two folders below target");
    let path = profile.join(format!("traceline{}", env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is not there: build it first with `cargo build -p traceline`, or name one in TRACELINE_BIN",
        path.display()
    );
    path
}
