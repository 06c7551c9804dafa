//! Names of features' folders: their number, and the words that they are made of.

/// `012-log-in` as 12 and `log-in`.
pub(crate) fn numbered(folder: &str) -> Option<(u32, &str)> {
    let (number, rest) = folder.split_once('-')?;
    (number.len() == 3 && !rest.is_empty()).then_some((number.parse().ok()?, rest))
}

/// `name` as a folder is called: `Log in (again)` is `log-in-again`.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        if c.is_alphanumeric() || matches!(c, '_' | '.') {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_matches(['-', '.']).to_string()
}

/// What a folder's name speaks of: `012-log-in` of `Log in`.
pub(crate) fn subject(folder: &str) -> String {
    let bare = numbered(folder).map_or(folder, |(_, rest)| rest).trim_start_matches('.');
    let words = bare.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
