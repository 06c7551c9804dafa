//! Faults on purpose, so that tests see what becomes of them. A release has none of this.
//!
//! `TRACELINE_FAULT` names a place and what goes wrong there: `answer` panics the first time that a question is answered,
//! `keeper always` each time that edits are taken, `check slow` takes its time with every file that is checked, `list never` does
//! not come to an end of listing, `find tasks.md` panics whenever the findings of a file of that name are looked for, `watch 3` is a
//! system that watches three folders, `progress 0` a check that takes long from its first file on, `silent share` a folder of that
//! name that does not answer for seconds.

use traceline_engine::path::FilePath;

/// Panics if a fault is wanted here, once or `always`.
pub(crate) fn panic_at(place: &str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicBool, Ordering};
        static DONE: AtomicBool = AtomicBool::new(false);
        let always = wanted().and_then(|it| it.strip_suffix(" always")) == Some(place);
        assert!(!always, "a fault on purpose: {place}");
        assert!(wanted() != Some(place) || DONE.swap(true, Ordering::Relaxed), "a fault on purpose: {place}");
    }
    let _ = place;
}

/// Panics over a file of this name, each time: `find tasks.md`.
pub(crate) fn panic_over(place: &str, path: &FilePath) {
    #[cfg(debug_assertions)]
    assert!(wanted().and_then(|it| it.split_once(' ')) != Some((place, path.name())), "a fault on purpose: {place}");
    let _ = (place, path);
}

/// Takes a while, or for ever, if that is wanted here.
pub(crate) fn slow_at(place: &str) {
    #[cfg(debug_assertions)]
    if wanted().and_then(|it| it.strip_suffix(" slow")) == Some(place) {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    #[cfg(debug_assertions)]
    while wanted().and_then(|it| it.strip_suffix(" never")) == Some(place) {
        std::thread::park();
    }
    let _ = place;
}

/// Does not come back for seconds where a folder of this name is asked about: `silent share`.
pub(crate) fn silent_at(path: &FilePath) {
    #[cfg(debug_assertions)]
    if wanted().and_then(|it| it.split_once(' ')) == Some(("silent", path.name())) {
        std::thread::sleep(std::time::Duration::from_secs(4));
    }
    let _ = path;
}

/// `usual`, if no other number is wanted here.
pub(crate) fn number_at(place: &str, usual: usize) -> usize {
    #[cfg(debug_assertions)]
    if let Some((named, number)) = wanted().and_then(|it| it.split_once(' '))
        && named == place
        && let Ok(number) = number.parse()
    {
        return number;
    }
    let _ = place;
    usual
}

#[cfg(debug_assertions)]
fn wanted() -> Option<&'static str> {
    static WANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    WANTED.get_or_init(|| std::env::var("TRACELINE_FAULT").ok()).as_deref()
}
