//! The lock of reviews: what each requirement said when somebody last looked at what traces it.
//!
//! A line for each requirement: its scope, its id, the fingerprint of its words and the words, with tabs between them. The
//! words are there so that what has changed can be shown where no history is at hand: in an editor, and in a shallow clone.

use crate::fingerprint::Fingerprint;
use crate::id::Id;
use crate::path::FilePath;
use crate::wording::Wording;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The name of the file, at the top of a workspace folder.
pub const NAME: &str = "traceline-review.lock";

/// The first line, which says what the file is and in which version of the format.
const HEAD: &str = "# traceline-review 1";

/// The second line, for whoever opens the file.
const ABOUT: &str = "# Written by `traceline review`: what each requirement said when it was reviewed. Lines of two branches may stand \
                     beside each other in any order.";

/// What was reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// By scope and id; the name of a scope begins at the folder of the lock. Where two branches have reviewed a requirement
    /// each with its own words, both count until somebody reviews it again.
    scopes: BTreeMap<String, BTreeMap<Id, Vec<Review>>>,
}

/// The review of one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// What it said.
    pub wording: Wording,
    /// The fingerprint of that.
    pub fingerprint: Fingerprint,
    /// The line that says so, from 0.
    pub line: u32,
}

/// What is wrong with a text that is to be a lock, and at which byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The byte.
    pub at: usize,
    /// The fact, in the user's words.
    pub message: String,
}

impl Lock {
    /// What a text says.
    ///
    /// # Errors
    /// What is wrong with it: then nothing of it counts.
    pub fn decode(text: &str) -> Result<Self, Broken> {
        let mut lock = Self::default();
        let mut at = 0;
        for (number, whole) in (0_u32..).zip(text.split_inclusive('\n')) {
            let line = whole.trim_end_matches(['\n', '\r']);
            let broken = |message: String| Broken { at, message };
            if ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|mark| line.starts_with(mark)) {
                let message = "git has left a conflict here · take out its marks and keep the lines of both sides";
                return Err(broken(message.into()));
            }
            if number == 0 && line.trim_start_matches('\u{feff}').trim_end() != HEAD {
                return Err(broken(wrong_head(line)));
            }
            if !line.starts_with('#') && !line.trim().is_empty() {
                lock.decode_line(line, number).map_err(broken)?;
            }
            at += whole.len();
        }
        if text.is_empty() { Err(Broken { at: 0, message: wrong_head("") }) } else { Ok(lock) }
    }

    fn decode_line(&mut self, line: &str, number: u32) -> Result<(), String> {
        let parts: Vec<&str> = line.split('\t').collect();
        let [scope, id, fingerprint, words] = parts[..] else {
            return Err(format!("this is no review: {} of its four parts, with tabs between them", parts.len()));
        };
        let fingerprint: Fingerprint = fingerprint.parse()?;
        let wording = Wording::kept(words);
        if wording.fingerprint() != fingerprint {
            let id = unescape(id);
            return Err(format!(
                "these are not the words of `{id}` that were reviewed · take the line out, and review it again"
            ));
        }
        let review = Review { wording, fingerprint, line: number };
        self.scopes.entry(unescape(scope)).or_default().entry(Id::new(&unescape(id))).or_default().push(review);
        Ok(())
    }

    /// The text of the file, sorted by scope and id, lines ending in `newline`.
    #[must_use]
    pub fn encode(&self, newline: &str) -> String {
        let mut out = format!("{HEAD}{newline}{ABOUT}{newline}");
        for (scope, id, reviews) in self.all() {
            for review in reviews {
                out += &line_of(scope, id, &review.wording);
                out += newline;
            }
        }
        out
    }

    /// The reviews of all requirements of the scope called `name`, by id.
    #[must_use]
    pub fn scope(&self, name: &str) -> Option<&BTreeMap<Id, Vec<Review>>> {
        self.scopes.get(name)
    }

    /// The reviews of one requirement; most have one.
    #[must_use]
    pub fn of(&self, scope: &str, id: &Id) -> &[Review] {
        self.scopes.get(scope).and_then(|ids| ids.get(id)).map_or(&[], Vec::as_slice)
    }

    /// All requirements with their reviews.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Id, &[Review])> {
        self.scopes.iter().flat_map(|(scope, ids)| ids.iter().map(move |(id, it)| (scope.as_str(), id, it.as_slice())))
    }

    /// Notes that a requirement that says this has been reviewed, in the place of what was noted of it.
    pub fn put(&mut self, scope: &str, id: &Id, wording: Wording) {
        let review = Review { fingerprint: wording.fingerprint(), wording, line: 0 };
        self.take(scope, id);
        self.scopes.entry(scope.to_string()).or_default().insert(id.clone(), vec![review]);
    }

    /// Forgets a requirement.
    pub fn take(&mut self, scope: &str, id: &Id) {
        if let Some(ids) = self.scopes.get_mut(scope) {
            ids.remove(id);
        }
    }
}

/// Whether one of the reviews was of what the requirement says now.
#[must_use]
pub fn holds(reviews: &[Review], now: Fingerprint) -> bool {
    reviews.iter().any(|review| review.fingerprint == now)
}

/// The name of a scope in the lock of `folder`.
#[must_use]
pub fn scope_name<'a>(scope: &'a FilePath, folder: &FilePath) -> &'a str {
    scope.relative_to(folder.as_str())
}

/// Replaces the lines about a requirement in `text`, which is a lock, by one that it was reviewed saying this; returns the
/// lines to replace, from 0, and what takes their place.
#[must_use]
pub fn line_edits(
    text: &str,
    lock: &Lock,
    scope: &str,
    id: &Id,
    wording: &Wording,
) -> Vec<(std::ops::Range<u32>, String)> {
    let newline = newline_of(text);
    let line = line_of(scope, id, wording) + newline;
    let known = lock.of(scope, id);
    if let Some((first, others)) = known.split_first() {
        let mut edits = vec![(first.line..first.line + 1, line)];
        edits.extend(others.iter().map(|other| (other.line..other.line + 1, String::new())));
        return edits;
    }
    // Behind the last line that comes before it, in a file that is sorted.
    let before = lock.all().filter(|(other, known, _)| (*other, *known) < (scope, id));
    let last = before.flat_map(|(.., reviews)| reviews.iter().map(|review| review.line + 1)).max();
    let at = last.unwrap_or_else(|| crate::text::narrow(text.lines().take_while(|it| it.starts_with('#')).count()));
    // A last line that nothing ends would go on otherwise.
    let glued = !text.ends_with('\n') && at as usize >= text.lines().count();
    vec![(at..at, if glued { format!("{newline}{}", line.trim_end()) } else { line })]
}

/// The line terminator of a lock: that of its first line.
#[must_use]
pub fn newline_of(text: &str) -> &'static str {
    if text.split_inclusive('\n').next().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" }
}

fn line_of(scope: &str, id: &Id, wording: &Wording) -> String {
    let (scope, id) = (escape(scope), escape(id.as_str()));
    format!("{scope}\t{id}\t{}\t{}", wording.fingerprint(), wording.as_str())
}

fn wrong_head(line: &str) -> String {
    let version = line.strip_prefix("# traceline-review ").map(str::trim);
    match version {
        Some(version) => format!("version {version} of a review lock is not known here, only 1"),
        None => format!("this is no review lock: its first line is not `{HEAD}`"),
    }
}

/// A name without what parts or begins lines.
fn escape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (at, c) in name.char_indices() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            '#' | '<' | '|' | '=' | '>' if at == 0 => {
                let _ = write!(out, "\\{c}");
            }
            c => out.push(c),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '\\' => match rest.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                other => other.unwrap_or('\\'),
            },
            c => c,
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lock(entries: &[(&str, &str, &str)]) -> Lock {
        let mut lock = Lock::default();
        for (scope, id, words) in entries {
            lock.put(scope, &Id::new(id), Wording::of(words));
        }
        lock
    }

    fn told(lock: &Lock) -> Vec<String> {
        lock.all()
            .flat_map(|(scope, id, all)| all.iter().map(move |it| format!("{scope} {id} {}", it.wording.as_str())))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_in_the_order_of_ids() {
        let all =
            lock(&[("b", "FR-10", "ten"), ("b", "FR-9", "nine 字"), ("a c", "User sign-in", "x"), (".", "FR-1", "")]);
        for newline in ["\n", "\r\n"] {
            let text = all.encode(newline);
            let read = Lock::decode(&text).expect("it was just written");
            assert_eq!(told(&read), [". FR-1 ", "a c User sign-in x", "b FR-9 nine字", "b FR-10 ten"]);
            assert_eq!(read.encode(newline_of(&text)), text);
            assert_eq!(text.lines().count(), 6);
        }
        assert_eq!(Lock::decode(&Lock::default().encode("\n")), Ok(Lock::default()));
    }

    #[test]
    fn what_is_broken_is_told_with_its_place() {
        let good = lock(&[("a", "FR-1", "one"), ("a", "FR-2", "two")]).encode("\n");
        for (text, line, words) in [
            (String::new(), 0, "this is no review lock"),
            ("{}".into(), 0, "this is no review lock"),
            (good.replace("review 1", "review 2"), 0, "version 2 of a review lock is not known"),
            (good.replace("a\tFR-2", "<<<<<<< HEAD\na\tFR-2"), 3, "git has left a conflict here"),
            (good.replace("a\tFR-2", "=======\na\tFR-2"), 3, "git has left a conflict here"),
            (good.replace("\ttwo", " two"), 3, "this is no review: 3 of its four parts"),
            (good.replace("\ttwo", "\tthree"), 3, "these are not the words of `FR-2`"),
            (good.replace("FR-1\t", "FR-1\tx"), 2, "is no fingerprint"),
        ] {
            let broken = Lock::decode(&text).expect_err("it is broken");
            assert!(broken.message.contains(words), "{broken:?}");
            assert_eq!(text[..broken.at].matches('\n').count(), line, "{broken:?}");
        }
    }

    #[test]
    fn of_two_branches_both_count_and_one_line_takes_their_place() {
        let text = lock(&[("a", "FR-1", "one"), ("a", "FR-2", "old"), ("b", "FR-1", "x")]).encode("\n");
        let mine = text.lines().find(|it| it.contains("old")).expect("it is there");
        let theirs = lock(&[("a", "FR-2", "new")]).encode("\n").lines().last().expect("it is there").to_string();
        let both = text.replace(mine, &format!("{mine}\n{theirs}"));
        let read = Lock::decode(&both).expect("both sides may stay");
        let reviews = read.of("a", &Id::new("fr-2"));
        for words in ["old", "new"] {
            assert!(holds(reviews, Wording::of(words).fingerprint()), "{words}");
        }
        assert!(!holds(reviews, Wording::of("other").fingerprint()));
        let edited = |text: &str, scope: &str, id: &str| {
            let lock = Lock::decode(text).expect("it is whole");
            let mut lines: Vec<String> = text.split_inclusive('\n').map(String::from).collect();
            let mut edits = line_edits(text, &lock, scope, &Id::new(id), &Wording::of("newest"));
            edits.sort_by_key(|(lines, _)| std::cmp::Reverse(lines.start));
            for (range, new) in edits {
                lines.splice(range.start as usize..range.end as usize, [new]);
            }
            told(&Lock::decode(&lines.concat()).expect("it stays whole"))
        };
        assert_eq!(edited(&both, "a", "FR-2"), ["a FR-1 one", "a FR-2 newest", "b FR-1 x"]);
        assert_eq!(edited(&text, "a", "FR-3"), ["a FR-1 one", "a FR-2 old", "a FR-3 newest", "b FR-1 x"]);
        assert_eq!(edited(&text, ".", "FR-3")[0], ". FR-3 newest");
        assert_eq!(edited(&text.replace('\n', "\r\n"), "b", "FR-1")[2], "b FR-1 newest");
        assert_eq!(edited(&Lock::default().encode("\n"), "b", "FR-1"), ["b FR-1 newest"]);
        for (id, number) in [("FR-1", 2), ("FR-3", 3)] {
            assert_eq!(edited(text.trim_end(), "b", id)[number], format!("b {id} newest"));
        }
    }

    proptest! {
        #[test]
        fn names_of_all_kinds_come_back(scope in "[a#<=>|\\\\\\t\\n\\r /字]{1,9}", id in "[A-Z#\\\\ \\t-]{1,9}", words in "[a b<#\\t字]{0,9}") {
            let lock = lock(&[(&scope, &id, &words), ("a", "FR-1", "x")]);
            let read = Lock::decode(&lock.encode("\n"));
            prop_assert!(read.is_ok(), "{:?}", read);
            prop_assert_eq!(told(&read.unwrap_or_default()), told(&lock));
        }
    }
}
