//! Relative links: where they lead, and how one is written that leads somewhere.

use crate::path::FilePath;

/// The path that a relative link in the file at `from` leads to; none for an address, an absolute path, or a place above the root.
pub(crate) fn resolved(link: &str, from: &FilePath) -> Option<FilePath> {
    if link.starts_with(['/', '\\']) || link.contains(':') {
        return None;
    }
    let link = unescaped(link);
    let folder = from.folder();
    let mut parts: Vec<&str> = folder.as_str().trim_end_matches('/').split('/').collect();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.len() <= from.root_parts() {
                    return None;
                }
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    Some(FilePath::new(&parts.join("/")))
}

/// The text with `%20` and the like replaced by what they stand for, where that is UTF-8.
pub(crate) fn unescaped(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = text.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_string())
}

/// The path from the file `from` to `target`; none from one drive or share to another.
pub(crate) fn relative(from: &FilePath, target: &FilePath) -> Option<String> {
    let folder = from.folder();
    let (have, want): (Vec<&str>, Vec<&str>) =
        (folder.as_str().trim_end_matches('/').split('/').collect(), target.as_str().split('/').collect());
    let shared = have.iter().zip(&want[..want.len() - 1]).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", have.len() - shared);
    (shared >= from.root_parts()).then(|| up.chain(want[shared..].iter().copied()).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_link_is_resolved_like_a_path() {
        let from = FilePath::new("/w/a/tasks.md");
        let path = |link: &str| resolved(link, &from).map(|path| path.to_string());
        assert_eq!(path("../b%20c/./x.md").as_deref(), Some("/w/b c/x.md"));
        assert_eq!(path("https://e.org/x.md"), None);
        assert_eq!(path("/x.md"), None);
        for (from, link, wanted) in [
            ("/tasks.md", "a/x.md", Some("/a/x.md")),
            ("/tasks.md", "../x.md", None),
            ("C:/tasks.md", "./x.md", Some("C:/x.md")),
            ("C:/tasks.md", "../x.md", None),
            ("//server/share/a/tasks.md", "../x.md", Some("//server/share/x.md")),
            ("//server/share/tasks.md", "../x.md", None),
        ] {
            let found = resolved(link, &FilePath::new(from)).map(|path| path.to_string());
            assert_eq!(found.as_deref(), wanted, "{link} in {from}");
        }
    }

    #[test]
    fn no_path_leads_from_one_drive_to_another() {
        for (from, target, wanted) in [
            ("/w/a/x.md", "/w/b/y.md", Some("../b/y.md")),
            ("/x.md", "/b/y.md", Some("b/y.md")),
            ("C:/w/x.md", "C:/y.md", Some("../y.md")),
            ("C:/w/x.md", "D:/w/y.md", None),
            ("//server/share/x.md", "//server/share/a/y.md", Some("a/y.md")),
            ("//server/share/x.md", "//server/other/y.md", None),
        ] {
            let found = relative(&FilePath::new(from), &FilePath::new(target));
            assert_eq!(found.as_deref(), wanted, "{from} to {target}");
        }
    }
}
