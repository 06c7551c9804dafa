//! Patterns of paths, as roles and dialects are told by.

/// A lower-case file pattern: `*` within one part, `#` for a digit, `**` for any parts; without a `/` it is compared with the
/// file's name. What parts two words may be a hyphen, an underscore, a blank or nothing; a number before a name, by which
/// folders are sorted (`2_Requirements`), is none of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// As it was written.
    pub(super) written: String,
    /// The folder that the pattern begins in.
    folder: Vec<String>,
    parts: Vec<Part>,
    /// What a path's parts must begin with.
    begins: Begins,
}

/// A bit each for first letters of parts of a path, for the first two, and for any two side by side: most paths lack one that
/// a pattern asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Begins {
    first: u64,
    two: u64,
    pairs: u64,
}

impl Begins {
    /// With those of `name`, and of the same without what parts its words.
    fn and(mut self, name: &str, joined: &str) -> Self {
        if let Some(first) = name.bytes().next() {
            self.first |= 1 << (first & 63);
        }
        if let [first, second, ..] = joined.as_bytes() {
            self.two |= 1 << ((first.wrapping_mul(7) ^ second) & 63);
        }
        self
    }

    /// With all pairs of `joined` but those with what parts words, or stands for anything.
    fn and_pairs(mut self, joined: &str) -> Self {
        let plain = |byte: &u8| !matches!(byte, b'-' | b'_' | b' ' | b'*' | b'#');
        for pair in joined.as_bytes().windows(2).filter(|pair| pair.iter().all(plain)) {
            self.pairs |= 1 << ((pair[0].wrapping_mul(11) ^ pair[1].wrapping_mul(3)) & 63);
        }
        self
    }

    /// Whether these are among `others`.
    fn are_in(self, others: Self) -> bool {
        (self.first & !others.first) | (self.two & !others.two) | (self.pairs & !others.pairs) == 0
    }
}

/// A part of a pattern's path.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    text: String,
    /// The same without what parts its words, where it has several or is one whole name.
    joined: Option<String>,
    /// Whether it stands for nothing but itself.
    plain: bool,
}

impl Part {
    fn new(text: String) -> Self {
        let joined = join_words(&text);
        let plain = !text.contains(['*', '#']);
        let flexible = joined.len() < text.len() || plain;
        Self { joined: flexible.then_some(joined), text, plain }
    }

    fn matches(&self, part: &PathPart<'_>) -> bool {
        let own = self.text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '*' | '#'));
        self.fits(&part.name) || !own && part.unnumbered.as_ref().is_some_and(|name| self.fits(name))
    }

    fn fits(&self, (part, whole): &Name<'_>) -> bool {
        let matches = |own: &str, part: &str| {
            if self.plain { own == part } else { matches_part(own.as_bytes(), part.as_bytes()) }
        };
        matches(&self.text, part)
            || self.joined.as_ref().is_some_and(|joined| {
                // Most parts are one word, and were told apart already.
                let several = joined.len() < self.text.len() || whole.is_some();
                several && matches(joined, whole.as_deref().unwrap_or(part))
            })
    }
}

/// A part of a path, and itself without what parts its words, where it has several.
type Name<'p> = (&'p str, Option<String>);

/// A part of a path in the ways in which patterns look at it.
pub(super) struct PathPart<'p> {
    name: Name<'p>,
    /// The same behind a number that it is only sorted by.
    unnumbered: Option<Name<'p>>,
}

/// The parts of a lower-case path: made once for all patterns that it is held against.
pub(super) struct Parts<'p> {
    parts: Vec<PathPart<'p>>,
    begins: Begins,
}

impl<'p> Parts<'p> {
    pub(super) fn of(path: &'p str) -> Self {
        let name = |part: &'p str| (part, part.contains(['-', '_', ' ']).then(|| join_words(part)));
        let parts: Vec<_> =
            path.split('/').map(|part| PathPart { name: name(part), unnumbered: unnumbered(part).map(name) }).collect();
        let names = parts.iter().flat_map(|part| std::iter::once(&part.name).chain(&part.unnumbered));
        let begins =
            names.fold(Begins::default(), |begins, (name, joined)| begins.and(name, joined.as_deref().unwrap_or(name)));
        // What stands behind a number is a part of the whole name.
        let begins = parts.iter().fold(begins, |begins, PathPart { name: (name, joined), .. }| {
            begins.and_pairs(joined.as_deref().unwrap_or(name))
        });
        Self { parts, begins }
    }
}

/// `name` behind the number that it is sorted by, of one or two digits: longer ones name features and days.
fn unnumbered(name: &str) -> Option<&str> {
    let digits = name.bytes().take(3).take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let rest = name[digits..].strip_prefix(['-', '_', '.', ' '])?.trim_start_matches([' ', '-', '_']);
    rest.starts_with(char::is_alphabetic).then_some(rest)
}

/// `text` without hyphens, underscores and blanks between letters and digits.
fn join_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        let bytes = text.as_bytes();
        let letter = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        for (at, byte) in bytes.iter().enumerate() {
            let parts = matches!(byte, b'-' | b'_' | b' ')
                && letter(out.as_bytes().last().copied())
                && letter(bytes.get(at + 1).copied());
            if !parts {
                out.push(char::from(*byte));
            }
        }
        return out;
    }
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let between = out.ends_with(char::is_alphanumeric) && chars.peek().is_some_and(|next| next.is_alphanumeric());
        if !(matches!(c, '-' | '_' | ' ') && between) {
            out.push(c);
        }
    }
    out
}

/// Whether the name of a file or folder is `name` but for case, what parts its words and a number before it.
pub(crate) fn is_same_name(name: &str, other: &str) -> bool {
    is_same(name, other) || unnumbered(other).is_some_and(|other| is_same(name, other))
}

fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || join_words(&one.to_lowercase()) == join_words(&other.to_lowercase())
}

impl Pattern {
    pub(super) fn new(text: &str, folder: &str) -> Self {
        let parts_of = |text: &str| text.to_lowercase().split('/').map(String::from).collect::<Vec<_>>();
        let mut parts = parts_of(text);
        if parts.len() == 1 {
            parts.insert(0, "**".into());
        }
        // What is found anywhere needs no folder to begin in.
        let anywhere = folder.is_empty() || parts[0] == "**";
        let parts: Vec<_> = parts.into_iter().map(Part::new).collect();
        let named = parts.iter().filter(|part| !part.text.starts_with(['*', '#']));
        let begins = named.fold(Begins::default(), |begins, part| {
            let joined = part.joined.as_deref().filter(|_| part.plain).unwrap_or_default();
            begins.and(&part.text, joined)
        });
        let begins = parts.iter().fold(begins, |begins, part| begins.and_pairs(&join_words(&part.text)));
        Self { written: text.into(), folder: if anywhere { Vec::new() } else { parts_of(folder) }, parts, begins }
    }

    pub(super) fn matches(&self, Parts { parts: path, begins }: &Parts<'_>) -> bool {
        if !self.begins.are_in(*begins) {
            return false;
        }
        let Some((folder, rest)) = path.split_at_checked(self.folder.len()) else { return false };
        // Most patterns are held against the file's name alone.
        if let ([any, name], Some(last)) = (&self.parts[..], rest.last())
            && any.text == "**"
            && name.text != "**"
        {
            return self.is_in(folder) && name.matches(last);
        }
        self.is_in(folder) && matches_run(&self.parts, rest, |part| part.text == "**", Part::matches)
    }

    /// How many folders of a path that matches stand where the pattern begins with `**`, as few as can be; none where the
    /// path does not match.
    pub(super) fn depth(&self, path: &Parts<'_>) -> Option<usize> {
        if !self.matches(path) {
            return None;
        }
        if self.parts[0].text != "**" {
            return Some(self.folder.len());
        }
        let tail =
            |start: &usize| matches_run(&self.parts[1..], &path.parts[*start..], |it| it.text == "**", Part::matches);
        (self.folder.len()..path.parts.len()).find(tail)
    }

    fn is_in(&self, folder: &[PathPart<'_>]) -> bool {
        self.folder.iter().zip(folder).all(|(own, part)| own == part.name.0)
    }
}

/// Whether `text` fits `pattern`: `*` for anything, `#` for a digit.
fn matches_part(pattern: &[u8], text: &[u8]) -> bool {
    matches_run(pattern, text, |c| *c == b'*', |c, d| c == d || (*c == b'#' && d.is_ascii_digit()))
}

/// Whether `run` fits `pattern`, in which what is `any` stands for any number of entries. Takes one step back for each
/// entry at the most, whatever the pattern.
fn matches_run<P, T>(pattern: &[P], run: &[T], any: impl Fn(&P) -> bool, same: impl Fn(&P, &T) -> bool) -> bool {
    let (mut p, mut r) = (0, 0);
    // Where the last `any` is, and up to where it reaches so far.
    let mut back: Option<(usize, usize)> = None;
    while r < run.len() {
        if p < pattern.len() && any(&pattern[p]) {
            back = Some((p, r));
            p += 1;
        } else if p < pattern.len() && same(&pattern[p], &run[r]) {
            (p, r) = (p + 1, r + 1);
        } else if let Some((at, reach)) = back {
            back = Some((at, reach + 1));
            (p, r) = (at + 1, reach + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_no_longer_for_many_stars() {
        let matches = |pattern: &str, path: &str| Pattern::new(pattern, "").matches(&Parts::of(path));
        let deep = "a/".repeat(200) + &"a".repeat(200);
        assert!(!matches(&("**/a/".repeat(60) + "b"), &deep));
        assert!(!matches(&("*a".repeat(60) + "b"), &deep));
        assert!(matches(&("**/a/".repeat(60) + "*a"), &deep));
        assert!(matches("specs/**", "specs") && matches("a/**/b*.md", "a/b.md") && matches("**/x/*", "x/y"));
        assert!(matches("**/###-*/**", "specs/001-a/spec.md") && !matches("**/###-*/**", "specs/01-a/spec.md"));
        assert!(matches("**/specs/**", "02_specs/a.md") && matches("plan.md", "3. plan.md"));
        assert!(
            !matches("plan.md", "001-plan.md") && !matches("plan.md", "1plan.md") && !matches("#-a.md", "1-1-a.md")
        );
        assert!(!matches("a/*", "a/b/c") && !matches("*.md", "a.txt"));
    }
}
