//! A system's paths, the engine's and an editor's addresses: the one place that knows how each is spelt.
//!
//! Three spellings of one file, and what leads from one to the next:
//!
//! ```text
//! \\?\C:\w\a.md, c:/w\a.md   ── decode ─▶   C:/w/a.md   ◀─ decode_address ──   file:///c%3A/w/a.md
//!              C:\w\a.md    ◀─ encode ──               ── encode_address ─▶   file:///C:/w/a.md
//! ```
//!
//! The engine compares paths letter by letter, so whatever comes in is spelt as the disk spells it (`as_on_disk`, `whole`).

use percent_encoding::AsciiSet;
use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;
use tower_lsp::ls_types::Uri;
use traceline_engine::path::FilePath;
use unicode_normalization::UnicodeNormalization;

/// How a system spells paths. Both are known on each, so that the tests are the same everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Unix,
    Windows,
}

const HERE: System = if cfg!(windows) { System::Windows } else { System::Unix };

/// Whether file systems here take one name in several spellings: `Spec.md` for `spec.md`, a letter and its accent for one letter.
const FOLDS: bool = cfg!(any(windows, target_os = "macos"));

/// The path as the engine writes it; none where it is not Unicode.
pub(crate) fn decode(path: &Path) -> Option<FilePath> {
    Some(HERE.decode(path.to_str()?))
}

/// The path as the system writes it.
pub(crate) fn encode(path: &FilePath) -> Cow<'_, Path> {
    match HERE {
        System::Unix => Cow::Borrowed(Path::new(path.as_str())),
        System::Windows => Cow::Owned(PathBuf::from(path.as_str().replace('/', "\\"))),
    }
}

/// A path as a message says it: with `/` on every system, and with marks where it is not Unicode.
pub(crate) fn spoken(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

/// The absolute path of a file or folder that is there, links followed, spelt as the disk spells it. One file has one such path.
///
/// # Errors
/// Where there is no such file or folder, it cannot be reached, or its path is not Unicode.
pub(crate) fn whole(path: &Path) -> io::Result<PathBuf> {
    let near = if cfg!(windows) { Cow::Owned(std::env::current_dir()?.join(path)) } else { Cow::Borrowed(path) };
    let found = openable(&near).canonicalize().or_else(|error| match error.kind() {
        // Some drives, such as those in memory, cannot say where a file lies in the end.
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => Err(error),
        _ if cfg!(windows) && path.exists() => std::path::absolute(path),
        _ => Err(error),
    })?;
    let plain = decode(&found).ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "its path is not Unicode"))?;
    Ok(encode(&plain).into_owned())
}

/// Whether `path`, its links followed, lies outside of the folder `root`, or where it lies cannot be told.
pub(crate) fn leads_out(path: &Path, root: &Path) -> bool {
    match (whole(path), whole(root)) {
        (Ok(path), Ok(root)) => !path.starts_with(root),
        _ => true,
    }
}

/// The path by which the system opens the file: on Windows `nul.md` is a device wherever it lies, unless it is said with
/// `\\?\`, which takes no `..`.
pub(crate) fn openable(path: &Path) -> Cow<'_, Path> {
    let reserved = |name: &str| {
        let verbatim = format!(r"\\?\C:\{name}");
        dunce::simplified(Path::new(&verbatim)) == Path::new(&verbatim)
    };
    match path.to_str() {
        Some(text) if cfg!(windows) && path.is_absolute() && !text.starts_with(r"\\?\") => {
            let plain = HERE.decode(text);
            let parts = || plain.as_str().split('/').skip(plain.root_parts());
            if parts().any(reserved) && !parts().any(|part| part == "..") {
                Cow::Owned(PathBuf::from(verbatim(&plain)))
            } else {
                Cow::Borrowed(path)
            }
        }
        _ => Cow::Borrowed(path),
    }
}

/// The path in the form that Windows takes literally.
fn verbatim(path: &FilePath) -> String {
    let text = path.as_str().replace('/', "\\");
    match text.strip_prefix(r"\\") {
        Some(share) => format!(r"\\?\UNC\{share}"),
        None => format!(r"\\?\{text}"),
    }
}

/// The path as the disk spells it, where file systems take other spellings too. Unlike [`whole`] it follows no links: what an
/// editor has opened by one stays where the editor sees it.
pub(crate) fn as_on_disk(path: FilePath) -> FilePath {
    if !FOLDS || !is_absolute(&path) {
        return path;
    }
    let whole = |path: &FilePath| decode(&openable(&encode(path)).canonicalize().ok()?);
    spelt_by(&whole, path)
}

/// The same where a share may not answer for minutes: after a while the path is left as it is written.
pub(crate) fn as_on_disk_soon(path: FilePath) -> FilePath {
    const PATIENCE: Duration = Duration::from_secs(2);
    if !FOLDS {
        return path;
    }
    let (tell, told) = mpsc::channel();
    let asked = path.clone();
    // Whoever does not answer keeps this thread and nobody else.
    let look = move || drop(tell.send(as_on_disk(asked)));
    match std::thread::Builder::new().name("traceline-path".into()).spawn(look) {
        Ok(_) => told.recv_timeout(PATIENCE).unwrap_or(path),
        Err(_) => path,
    }
}

/// The path as a disk spells it that says of each path where it lies in the end.
fn spelt_by(whole: &impl Fn(&FilePath) -> Option<FilePath>, path: FilePath) -> FilePath {
    let found = whole(&path);
    if let Some(found) = &found
        && folded(found.as_str()) == folded(path.as_str())
    {
        return found.clone();
    }
    let above = path.folder();
    if above.as_str().is_empty() {
        return path;
    }
    // A link has another name than what it leads to, and what is not there has only the one that is written.
    let name = found.as_ref().map(FilePath::name).filter(|name| folded(name) == folded(path.name()));
    let above = spelt_by(whole, above);
    FilePath::new(&format!("{}/{}", above.as_str().trim_end_matches('/'), name.unwrap_or_else(|| path.name())))
}

/// What all spellings of a name have in common.
fn folded(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.nfc().flat_map(char::to_lowercase).nfc().collect() }
}

/// Whether it is the path of a file or folder and not the name of a document that has none.
pub(crate) fn is_absolute(path: &FilePath) -> bool {
    HERE.is_absolute(path.as_str())
}

/// The path that an address names; none where it is none of a file.
pub(crate) fn decode_address(uri: &Uri) -> Option<FilePath> {
    HERE.decode_address(uri)
}

/// The address of `path` where an editor has not said how it spells it; a name that is no path is its own.
pub(crate) fn encode_address(path: &FilePath) -> String {
    HERE.encode_address(path)
}

/// `text` as a part of an address.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    // RFC 3986, section 3.3; the slashes between the parts stay.
    const ESCAPED: &AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    percent_encoding::utf8_percent_encode(text, ESCAPED).into()
}

/// The text with one slash where several follow each other.
fn single_slashes(text: &str) -> Cow<'_, str> {
    if !text.contains("//") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '/' || !out.ends_with('/') {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

impl System {
    fn decode(self, text: &str) -> FilePath {
        match self {
            Self::Unix => FilePath::new(text),
            Self::Windows => {
                let text = text.replace('\\', "/");
                let bare = match text.strip_prefix("//?/") {
                    Some(rest) => match rest.get(..4) {
                        Some(unc) if unc.eq_ignore_ascii_case("UNC/") => format!("//{}", &rest[4..]),
                        _ => rest.to_string(),
                    },
                    None => text,
                };
                let (share, rest) = match bare.strip_prefix("//") {
                    Some(rest) => ("//", rest.trim_start_matches('/')),
                    None => ("", bare.as_str()),
                };
                let mut out = format!("{share}{}", single_slashes(rest));
                if out.as_bytes().get(1) == Some(&b':') {
                    out[..1].make_ascii_uppercase();
                }
                FilePath::new(&out)
            }
        }
    }

    fn is_absolute(self, text: &str) -> bool {
        match (self, text.as_bytes()) {
            (Self::Windows, [drive, b':', b'/', ..]) => drive.is_ascii_alphabetic(),
            (_, [b'/', ..]) => true,
            _ => false,
        }
    }

    fn decode_address(self, uri: &Uri) -> Option<FilePath> {
        if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
            return None;
        }
        let path = uri.path().decode().to_string().ok()?;
        if path.is_empty() {
            return None;
        }
        if self == Self::Unix {
            return Some(FilePath::new(&single_slashes(&path)));
        }
        let host = uri.authority().map(|it| it.host()).unwrap_or_default();
        let host = percent_encoding::percent_decode_str(host).decode_utf8().ok()?;
        let drive = |path: &str| matches!(path.as_bytes(), [b'/', drive, b':', ..] if drive.is_ascii_alphabetic());
        Some(match &*host {
            "" | "localhost" if drive(&path) && path.len() == 3 => self.decode(&format!("{}/", &path[1..])),
            "" | "localhost" if drive(&path) => self.decode(&path[1..]),
            "" => self.decode(&path),
            host => self.decode(&format!("//{host}{path}")),
        })
    }

    fn encode_address(self, path: &FilePath) -> String {
        let text = path.as_str();
        match (self, text.as_bytes()) {
            _ if !self.is_absolute(text) => text.to_string(),
            (Self::Windows, [_, b':', ..]) => format!("file:///{}{}", &text[..2], escaped(&text[2..])),
            (Self::Windows, [b'/', b'/', ..]) => format!("file:{}", escaped(text)),
            _ => format!("file://{}", escaped(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(system: System, text: &str) -> Option<String> {
        system.decode_address(&text.parse().unwrap()).map(|path| path.to_string())
    }

    #[test]
    fn windows_spells_one_path_in_many_ways() {
        for (text, wanted) in [
            (r"C:\w\a.md", "C:/w/a.md"),
            (r"c:\w\a.md", "C:/w/a.md"),
            (r"c:/w\a.md", "C:/w/a.md"),
            (r"C:\w\\a.md", "C:/w/a.md"),
            (r"C:\w\", "C:/w"),
            (r"C:\", "C:/"),
            (r"\\?\C:\w\a.md", "C:/w/a.md"),
            (r"\\?\c:\", "C:/"),
            (r"\\?\UNC\server\share\a.md", "//server/share/a.md"),
            (r"\\?\unc\server\share", "//server/share"),
            (r"\\server\share\a.md", "//server/share/a.md"),
            (r"//server/share/a\b.md", "//server/share/a/b.md"),
            (r"specs\login", "specs/login"),
            ("", ""),
        ] {
            assert_eq!(System::Windows.decode(text).as_str(), wanted, "{text}");
        }
        assert_eq!(System::Unix.decode(r"/w/a\b.md").as_str(), r"/w/a\b.md", "a backslash is a letter elsewhere");
    }

    #[test]
    fn every_editors_address_of_a_file_leads_to_it() {
        for (text, wanted) in [
            ("file:///c%3A/w/a.md", "C:/w/a.md"),
            ("file:///C:/w/a.md", "C:/w/a.md"),
            ("file:///c:/w/a.md", "C:/w/a.md"),
            ("FILE:///C%3a/w/a.md", "C:/w/a.md"),
            ("file://localhost/C:/w/a.md", "C:/w/a.md"),
            ("file:///C:/w/a%20b/%C3%BC.md", "C:/w/a b/ü.md"),
            ("file:///C:/", "C:/"),
            ("file:///C%3A", "C:/"),
            ("file:///C:/w/", "C:/w"),
            ("file:///C:/w%5Ca.md", "C:/w/a.md"),
            ("file://server/share/a.md", "//server/share/a.md"),
            ("file://wsl%24/Debian/a.md", "//wsl$/Debian/a.md"),
            ("file:////server/share/a.md", "//server/share/a.md"),
            ("file://///server/share/a.md", "//server/share/a.md"),
        ] {
            assert_eq!(address(System::Windows, text).as_deref(), Some(wanted), "{text}");
        }
        for (text, wanted) in [
            ("file:///w/a.md", Some("/w/a.md")),
            ("file:////w//a.md", Some("/w/a.md")),
            ("file:///c%3A/w/a.md", Some("/c:/w/a.md")),
            ("untitled:Untitled-1", None),
            ("git:/w/a.md", None),
            ("file:///w/%FF.md", None),
        ] {
            assert_eq!(address(System::Unix, text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn an_address_leads_back_to_its_path() {
        for (system, path, wanted) in [
            (System::Windows, "C:/w/a b.md", "file:///C:/w/a%20b.md"),
            (System::Windows, "C:/", "file:///C:/"),
            (System::Windows, "//server/share/ü.md", "file://server/share/%C3%BC.md"),
            (System::Windows, "//wsl$/Debian/a.md", "file://wsl%24/Debian/a.md"),
            (System::Unix, "/w/c:/a#b.md", "file:///w/c%3A/a%23b.md"),
        ] {
            assert_eq!(system.encode_address(&FilePath::new(path)), wanted);
            assert_eq!(address(system, wanted).as_deref(), Some(path));
        }
        assert_eq!(System::Windows.encode_address(&FilePath::new("untitled:1")), "untitled:1");
    }

    #[test]
    fn plain_letters_of_an_address_are_those_of_the_protocols_library() {
        for byte in (b' '..=b'~').filter(|byte| *byte != b'/') {
            let path = format!("/w/a{}b.md", char::from(byte));
            let wanted = format!("file://{}", escaped(&path));
            if cfg!(unix) {
                assert_eq!(Uri::from_file_path(&path).unwrap().as_str(), wanted);
            }
            assert_eq!(address(System::Unix, &wanted).as_deref(), Some(path.as_str()));
        }
    }

    /// A disk that takes any case and both forms of accents, holds these paths, and in which `/link` leads to `/w`.
    fn volume(path: &FilePath) -> Option<FilePath> {
        let there = ["/", "/w", "/w/Specs", "/w/Specs/Spec.md", "/w/Specs/Cafe\u{301}.md"];
        let text = folded(path.as_str());
        let text = text.strip_prefix("/link").map_or(text.clone(), |rest| format!("/w{rest}"));
        there.iter().find(|it| folded(it) == text).map(|it| FilePath::new(it))
    }

    #[test]
    fn a_volume_that_takes_any_spelling_has_one_of_its_own() {
        for (written, wanted) in [
            ("/w/Specs/Spec.md", "/w/Specs/Spec.md"),
            ("/W/specs/SPEC.MD", "/w/Specs/Spec.md"),
            ("/w/specs/caf\u{e9}.md", "/w/Specs/Cafe\u{301}.md"),
            ("/w/specs/New.md", "/w/Specs/New.md"),
            ("/link/specs/spec.md", "/link/Specs/Spec.md"),
            ("/Link/specs/new/a.md", "/Link/Specs/new/a.md"),
            ("/elsewhere/Spec.md", "/elsewhere/Spec.md"),
        ] {
            assert_eq!(spelt_by(&volume, FilePath::new(written)).as_str(), wanted, "{written}");
        }
    }

    #[test]
    fn what_is_taken_literally_says_so() {
        assert_eq!(verbatim(&FilePath::new("C:/w/nul.md")), r"\\?\C:\w\nul.md");
        assert_eq!(verbatim(&FilePath::new("//server/share/nul.md")), r"\\?\UNC\server\share\nul.md");
        if cfg!(windows) {
            let open = |text: &str| openable(Path::new(text)).to_string_lossy().into_owned();
            assert_eq!(open(r"C:\w\aux.md"), r"\\?\C:\w\aux.md");
            assert_eq!(open(r"C:\w\con\a.md"), r"\\?\C:\w\con\a.md");
            assert_eq!(open(r"C:\w\auxiliary.md"), r"C:\w\auxiliary.md");
        } else {
            assert_eq!(openable(Path::new("/w/aux.md")), Path::new("/w/aux.md"));
        }
    }
}
