//! Ids of requirements: how one is written, compared, ordered and taken apart.

mod words;

use ecow::EcoString;
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use words::holds_blank;

/// A requirement's id as it is written. Two ids are equal when they differ in case alone.
#[derive(Clone, Debug)]
pub struct Id(EcoString);

/// What stands between the name of a requirement and that of a scenario.
const SCENARIO: &str = " › ";

impl Id {
    /// The id written as `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(EcoString::from(text))
    }

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `text` is written as this id is, but for the case.
    #[must_use]
    pub fn is_written(&self, text: &str) -> bool {
        words::are_equal(self.0.as_bytes(), text.as_bytes())
    }

    /// The id of a scenario: its name and that of the requirement that it belongs to.
    #[must_use]
    pub fn of_scenario(requirement: &Id, name: &str) -> Self {
        Self(ecow::eco_format!("{requirement}{SCENARIO}{name}"))
    }

    /// Whether it is a requirement's name rather than a number: then it has no family and no number.
    #[must_use]
    pub fn is_name(&self) -> bool {
        holds_blank(self.0.as_bytes())
    }

    /// The name of a scenario without that of its requirement.
    #[must_use]
    pub fn scenario(&self) -> Option<&str> {
        self.parts().map(|(_, name)| name)
    }

    /// The names of requirement and scenario, where it is a scenario's.
    fn parts(&self) -> Option<(&str, &str)> {
        // Most ids are too short for it.
        const SHORTEST: usize = SCENARIO.len();
        if self.0.len() < SHORTEST || !self.is_name() { None } else { self.0.split_once(SCENARIO) }
    }

    /// The part before the number, with its hyphen: `FR-`, `NFR-PERF-`, empty for a bare number.
    #[must_use]
    pub fn prefix(&self) -> &str {
        let text = self.0.as_str();
        &text[..number_at(text.as_bytes())]
    }

    /// The leading letters: `FR` of `FR-1.2`, `NFR` of `NFR-PERF-001`, empty for a bare number.
    #[must_use]
    pub fn family(&self) -> &str {
        let text = self.0.as_str();
        let end = text.bytes().position(|byte| !byte.is_ascii_alphabetic());
        end.filter(|_| !holds_blank(text.as_bytes())).map_or("", |end| &text[..end])
    }

    /// Whether [`Id::family`] is empty, as it is of a bare number and of a name.
    #[must_use]
    pub fn has_no_family(&self) -> bool {
        let bytes = self.0.as_bytes();
        !bytes.first().is_some_and(u8::is_ascii_alphabetic) || self.family().is_empty()
    }

    /// The number with its dots and letters: `1.2a` of `FR-1.2a`, `2A.1` of `US2A.1`.
    #[must_use]
    pub fn tail(&self) -> &str {
        let text = self.0.as_str();
        &text[number_at(text.as_bytes())..]
    }

    /// [`Id::prefix`] and [`Id::tail`].
    #[must_use]
    pub fn split(&self) -> (&str, &str) {
        let text = self.0.as_str();
        text.split_at(number_at(text.as_bytes()))
    }

    /// The numbers of [`Id::tail`]: `[1, 2]` of `FR-1.2a`.
    pub fn numbers(&self) -> impl Iterator<Item = u64> + '_ {
        let digits = |part: &str| part.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse();
        self.tail().split('.').map(move |part| digits(part).unwrap_or(u64::MAX))
    }

    /// How many [`Id::numbers`] there are.
    #[must_use]
    pub fn count_of_numbers(&self) -> usize {
        self.tail().bytes().filter(|byte| *byte == b'.').count() + 1
    }

    /// The letter that ends the number: `a` of `FR-1.2a`. Then the id stands beside those without one, or is a half of one.
    #[must_use]
    pub fn letter(&self) -> Option<char> {
        self.tail().chars().next_back().filter(char::is_ascii_alphabetic)
    }

    /// The id one step up the tree: `FR-1` of `FR-1.2`, and of `FR-1a`, the requirement of a scenario; none for `FR-1`.
    #[must_use]
    pub fn parent(&self) -> Option<Id> {
        let text = self.0.as_str();
        let bytes = text.as_bytes();
        let start = number_at(bytes);
        let Some(last) = bytes[start..].last() else {
            return self.parts().map(|(requirement, _)| Id::new(requirement));
        };
        let end = if last.is_ascii_alphabetic() {
            bytes.len() - 1
        } else {
            start + bytes[start..].iter().rposition(|byte| *byte == b'.')?
        };
        Some(Id::new(&text[..end]))
    }

    /// How many ids stand above it in the tree, told without making any of them.
    #[must_use]
    pub fn depth(&self) -> usize {
        let bytes = self.0.as_bytes();
        let tail = &bytes[number_at(bytes)..];
        if tail.is_empty() {
            return self.parts().map_or(0, |(requirement, _)| 1 + Id::new(requirement).depth());
        }
        // A step takes away a dot or a letter.
        tail.iter().filter(|byte| !byte.is_ascii_digit()).count()
    }

    /// Whether this id stands somewhere below `above` in the tree.
    #[must_use]
    pub fn is_below(&self, above: &Id) -> bool {
        // Most ids are told apart by their first letters; a parent is spelt as its child begins.
        let head = self.0.as_bytes().get(..above.0.len());
        let begins = self.0.len() > above.0.len() && head.is_some_and(|it| it.eq_ignore_ascii_case(above.0.as_bytes()));
        begins && std::iter::successors(self.parent(), Id::parent).any(|parent| parent == *above)
    }

    /// This id's child with the last number `number`: `FR-1.3` of `FR-1` and `3`.
    #[must_use]
    pub fn child(&self, number: &str) -> Id {
        Id(ecow::eco_format!("{}.{number}", self.0))
    }

    /// The same id with a hyphen between family and number, if it has none: `FR-1.1` of `FR1.1`.
    #[must_use]
    pub fn hyphenated(&self) -> Option<Id> {
        let (prefix, tail) = (self.prefix(), self.tail());
        (!prefix.is_empty() && !tail.is_empty() && !prefix.ends_with('-'))
            .then(|| Id(ecow::eco_format!("{prefix}-{tail}")))
    }

    /// The ids from this one to `last` when they differ in the last number alone, ends included and zeros kept
    /// (`FR-001` to `FR-003`); none where they do not, where `last` is not behind, or where there are over 500.
    #[must_use]
    pub fn through(&self, last: &Id) -> Option<Vec<Id>> {
        const MOST: u64 = 500;
        let split = |id: &Id| -> Option<(String, u64, usize)> {
            let digits = id.0.len() - id.0.bytes().rev().take_while(u8::is_ascii_digit).count();
            let number = &id.0[digits..];
            Some((id.0[..digits].to_ascii_uppercase(), number.parse().ok()?, number.len()))
        };
        let ((from, first, width), (to, end, _)) = (split(self)?, split(last)?);
        if from != to || end < first || end - first >= MOST {
            return None;
        }
        let stem = &self.0[..self.0.len() - width];
        let padded = self.0.as_bytes()[stem.len()] == b'0';
        let name = |n: u64| if padded { format!("{stem}{n:0width$}") } else { format!("{stem}{n}") };
        Some((first..=end).map(|n| Id::new(&name(n))).collect())
    }
}

impl Id {
    /// What it is a part of where a hyphen parts its last number from another one: `FR-12` of `FR-12-4`.
    #[must_use]
    pub fn level_above(&self) -> Option<Id> {
        let (above, last) = self.0.rsplit_once('-')?;
        let number = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
        (number(above) && last.starts_with(|c: char| c.is_ascii_digit())).then(|| Id::new(above))
    }

    /// The ends of the range that it is where nothing has this id: `FR-05` and `FR-13` of `FR-05-13`.
    #[must_use]
    pub fn ends(&self) -> Option<(Id, Id)> {
        let (head, last) = self.0.rsplit_once('-')?;
        let (stem, first) = head.rsplit_once('-')?;
        let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        (two(first) && two(last) && first < last).then(|| (Id::new(head), Id::new(&format!("{stem}-{last}"))))
    }
}

/// Where the number begins that ends an id: at its end where none does.
fn number_at(bytes: &[u8]) -> usize {
    let mut start = bytes.len();
    while let Some(at) = start.checked_sub(1) {
        let byte = bytes[at];
        if !(b'.'..=b'9').contains(&byte) || byte == b'/' {
            // `2A.1`: a letter belongs to the number that it ends.
            let letter = byte.is_ascii_alphabetic()
                && at > 0
                && bytes[at - 1].is_ascii_digit()
                && bytes.get(start).is_none_or(|next| *next == b'.');
            if !letter {
                break;
            }
        }
        start = at;
    }
    // The tail of a name is none.
    let number = bytes.get(start).is_some_and(u8::is_ascii_digit) && !holds_blank(&bytes[..start]);
    if number { start } else { bytes.len() }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for Id {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        words::are_equal(self.0.as_bytes(), other.0.as_bytes())
    }
}

impl Eq for Id {}

impl Hash for Id {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        words::hash(self.0.as_bytes(), state);
    }
}

impl Ord for Id {
    /// By prefix, then by numbers as numbers: `FR-2` before `FR-10`, `FR-1` before `FR-1.1`, `2.10` before `2A.1`.
    fn cmp(&self, other: &Self) -> Ordering {
        // Most are compared with themselves, or differ in the number alone.
        if self.0 == other.0 {
            return Ordering::Equal;
        }
        let (own, others) = (self.tail(), other.tail());
        let (prefix, other_prefix) = (&self.0[..self.0.len() - own.len()], &other.0[..other.0.len() - others.len()]);
        let prefixes = if prefix == other_prefix { Ordering::Equal } else { fold(prefix).cmp(fold(other_prefix)) };
        prefixes.then_with(|| steps_of(own).cmp(steps_of(others))).then_with(|| fold(&self.0).cmp(fold(&other.0)))
    }
}

/// The numbers of an id's tail with the letter behind each: what ids are ordered by.
fn steps_of(tail: &str) -> impl Iterator<Item = (u64, Option<u8>)> + '_ {
    let mut rest = Some(tail.as_bytes());
    std::iter::from_fn(move || {
        let bytes = rest?;
        let end = bytes.iter().position(|byte| *byte == b'.').unwrap_or(bytes.len());
        rest = bytes.get(end + 1..);
        let part = &bytes[..end];
        let letter = part.last().filter(|last| last.is_ascii_alphabetic()).map(u8::to_ascii_uppercase);
        let letters = part.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let digits = &part[..part.len() - letters];
        let number = digits.iter().try_fold(0_u64, |number, digit| {
            number.checked_mul(10)?.checked_add(u64::from(digit.checked_sub(b'0').filter(|digit| *digit < 10)?))
        });
        Some((number.filter(|_| !digits.is_empty()).unwrap_or(u64::MAX), letter))
    })
}

fn fold(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_uppercase())
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The families of ids that a dialect believes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Families {
    always: Vec<SmolStr>,
    when_defined: Vec<SmolStr>,
    /// Capitals before a number that name no requirements: `ISO-8601`.
    others: Vec<SmolStr>,
    /// Bit n: some family begins with the n-th letter. Most words in small letters are turned away by it.
    first: u32,
}

/// One bit for a letter in any case, none for anything else.
fn letter_bit(byte: u8) -> u32 {
    if byte.is_ascii_alphabetic() { 1 << (byte.to_ascii_lowercase() - b'a') } else { 0 }
}

/// How many digits end before `at`.
fn digits_before(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count()
}

/// How many digits stand at `at` and right behind it.
fn digits_at(bytes: &[u8], at: usize) -> usize {
    bytes[at.min(bytes.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Where the numbers end that stand below the one at `start..end`, each behind a hyphen: at `end` where that may part the
/// ends of a range.
#[inline(never)]
fn levels_end(bytes: &[u8], start: usize, end: usize) -> usize {
    /// In digits.
    const WIDEST: usize = 3;
    let mut at = end;
    while bytes.get(at) == Some(&b'-') {
        let width = digits_at(bytes, at + 1);
        let behind = at + 1 + width;
        let dotted = bytes.get(behind) == Some(&b'.') && bytes.get(behind + 1).is_some_and(u8::is_ascii_digit);
        let below = at > end || {
            let (above, own) = (&bytes[start..end], &bytes[at + 1..behind]);
            width < above.len() || width == above.len() && own <= above
        };
        if !(1..=WIDEST).contains(&width) || dotted || !below {
            break;
        }
        at = behind;
    }
    at
}

/// Where a feature's name in small letters ends that stands between a family and its number: `-ai-chat` of `REQ-ai-chat-022`.
/// The number is padded or long, so that `REQ-step-1` is none.
fn slug_end(bytes: &[u8], start: usize) -> Option<usize> {
    /// In words.
    const LONGEST: usize = 5;
    let mut at = start;
    for _ in 0..LONGEST {
        let letters = bytes.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        if bytes.get(at) != Some(&b'-') || letters == 0 {
            break;
        }
        at += 1 + letters;
    }
    let digits = bytes.get(at + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (at > start && bytes[at] == b'-' && digits > 1).then_some(at)
}

/// How sure a piece of text is to be an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belief {
    /// Written as ids are: upper case with a hyphen.
    Firm,
    /// In another case or without its hyphen: an id if something of that name is defined.
    Loose,
    /// Of a family that is also a common word (`R2`, `TC1`): an id only where the feature defines that family.
    Conditional,
}

/// An id found in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte of the id.
    pub start: usize,
    /// One past its last byte (before a wildcard's dot).
    pub end: usize,
    /// One past the wildcard (`.x`, `.*`), else `end`.
    pub full_end: usize,
    /// How sure it is.
    pub belief: Belief,
}

impl Token {
    /// Whether the id stands for all its children (`FR-1.*`).
    #[must_use]
    pub fn wildcard(&self) -> bool {
        self.full_end > self.end
    }
}

impl Families {
    /// Families that are always believed, and those believed only where a feature defines them.
    #[must_use]
    pub fn new(always: &[SmolStr], when_defined: &[SmolStr], others: &[SmolStr]) -> Self {
        let letters = always.iter().chain(when_defined).filter_map(|name| name.bytes().next());
        let first = letters.map(letter_bit).fold(0, |all, bit| all | bit);
        Self { always: always.to_vec(), when_defined: when_defined.to_vec(), others: others.to_vec(), first }
    }

    /// The families that are always believed, in the dialect's order.
    #[must_use]
    pub fn always(&self) -> &[SmolStr] {
        &self.always
    }

    /// Whether an id of some family may begin with `byte`.
    #[inline]
    pub(crate) fn may_begin(&self, byte: u8) -> bool {
        byte.is_ascii_uppercase() || letter_bit(byte) & self.first != 0
    }

    fn belief_in(&self, letters: &str) -> Option<Belief> {
        let named = |list: &[SmolStr]| list.iter().any(|name| name.eq_ignore_ascii_case(letters));
        if named(&self.always) {
            Some(if letters.bytes().all(|b| b.is_ascii_uppercase()) { Belief::Firm } else { Belief::Loose })
        } else {
            // A lower-case `r2` is never a requirement.
            (named(&self.when_defined) && letters.bytes().all(|b| b.is_ascii_uppercase()))
                .then_some(Belief::Conditional)
        }
    }

    /// The same of capitals that a feature may have made a family of its own: `PAY` of `PAY-15`, `AUTH` of `AUTH-FR-1`. They
    /// stand at `at..end`.
    fn belief_in_own(&self, text: &str, at: usize, end: usize) -> Option<Belief> {
        let letters = &text[at..end];
        let capitals = letters.len() > 1 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        if !capitals || text.as_bytes().get(end) != Some(&b'-') {
            return None;
        }
        let other = |name: &SmolStr| name.eq_ignore_ascii_case(letters);
        (!self.others.iter().any(other)).then_some(Belief::Conditional)
    }

    /// Whether the dialect has a family of this name: all others are a feature's own.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.always.iter().chain(&self.when_defined).any(|known| known.eq_ignore_ascii_case(name))
    }

    /// The id that starts at byte `at` of `text`, by the grammar
    /// `FAMILY (-CAT){0,2} -? digits (.digits){0,3} letter?`, not inside a longer word, path or number.
    #[must_use]
    pub fn token_at(&self, text: &str, at: usize) -> Option<Token> {
        let bytes = text.as_bytes();
        let byte = |i: usize| bytes.get(i).copied().unwrap_or(0);
        if !self.may_begin(byte(at)) {
            return None;
        }
        if at > 0 {
            let before = bytes[at - 1];
            let inside = before.is_ascii_alphanumeric() || matches!(before, b'.' | b'#' | b'-' | b'=' | b'@' | b'\\');
            let word = before == b'_' && at > 1 && bytes[at - 2].is_ascii_alphanumeric();
            if inside || word {
                return None;
            }
        }
        let mut i = at;
        while i < at + 9 && byte(i).is_ascii_alphabetic() {
            i += 1;
        }
        // Nearly all words end here.
        if !(byte(i) == b'-' || byte(i).is_ascii_digit()) {
            return None;
        }
        let mut belief = self.belief_in(&text[at..i]).or_else(|| self.belief_in_own(text, at, i))?;
        // Categories: `-PERF`, `-FS`, or a letter glued to the number (`REQ-A01`); upper case, so that `us-east-1` is a place.
        for _ in 0..2 {
            let mut j = i + 1;
            while byte(j).is_ascii_uppercase() {
                j += 1;
            }
            let category = byte(i) == b'-' && j > i + 1 && j <= i + 11;
            if !(category && (byte(j).is_ascii_digit() || (byte(j) == b'-' && byte(j + 1).is_ascii_alphanumeric()))) {
                break;
            }
            i = j;
        }
        if belief == Belief::Firm
            && let Some(behind) = slug_end(bytes, i)
        {
            i = behind;
        }
        let hyphen = byte(i) == b'-';
        i += usize::from(hyphen);
        if !hyphen && belief == Belief::Firm {
            belief = Belief::Loose;
        }
        let digits = |from: usize| digits_at(bytes, from);
        let first = digits(i);
        if first == 0 || first > 6 {
            return None;
        }
        let number = i;
        i += first;
        // `US2A.1`
        i += usize::from(byte(i).is_ascii_alphabetic() && byte(i + 1) == b'.' && digits(i + 2) > 0);
        for _ in 0..3 {
            if byte(i) == b'.' && digits(i + 1) > 0 && digits(i + 1) <= 6 {
                i += 1 + digits(i + 1);
            }
        }
        // `FR-3.1-001`: a number of its own, wider than the one before it. `FR-1.1-1.3` is a range.
        let last = digits_before(bytes, i);
        if hyphen && last < i - number && byte(i) == b'-' && byte(i - last) != b'0' {
            let width = digits(i + 1);
            let own =
                (3..=6).contains(&width) && (last == 1 || byte(i + 1) == b'0') || width == 2 && byte(i + 1) == b'0';
            let dotted = byte(i + 1 + width) == b'.' && byte(i + 2 + width).is_ascii_digit();
            if own && width > last && !dotted {
                i += 1 + width;
            }
        }
        // `TC-02-01`: two numbers of two digits are one id. Where they rise (`FR-05-13`) they may be a range: see [`Id::ends`].
        if hyphen && i == number + 2 && byte(i) == b'-' && digits(i + 1) == 2 && !byte(i + 3).is_ascii_digit() {
            i += 3;
        }
        // `BR-F001-02`, `FR-12-4`: a number narrower than the one before it, or one that is not above it, is no end of a range.
        if byte(i) == b'-' && i == number + first && (hyphen || first >= 3) {
            i = levels_end(bytes, number, i);
        }
        let end = i + usize::from(
            byte(i).is_ascii_alphabetic() && !byte(i + 1).is_ascii_alphanumeric() && byte(i + 1) != b'-',
        );
        let after = byte(end);
        // `FR-1x` and `FR-1-*` are groups of no certain ids.
        let group = end > i && matches!(byte(i), b'x' | b'X') || after == b'-' && byte(end + 1) == b'*';
        let longer = group
            || after.is_ascii_alphanumeric()
            || (after == b'.' && byte(end + 1).is_ascii_digit())
            || (after == b'_' && byte(end + 1).is_ascii_alphanumeric())
            || (after == b'-' && byte(end + 1).is_ascii_alphabetic() && !self.starts_at(text, end + 1));
        if longer {
            return None;
        }
        let mut full_end = end;
        if after == b'.' {
            let next = byte(end + 2);
            match byte(end + 1) {
                b'x' | b'X' if !next.is_ascii_alphanumeric() => full_end = end + 2,
                b'*' if next != b'*' => full_end = end + 2,
                c if c.is_ascii_alphabetic() => return None, // `FR-001.md` is a file
                _ => {}
            }
        }
        let path = after == b'/'
            && byte(end + 1) != b'/'
            && !byte(end + 1).is_ascii_digit()
            && byte(end + 1).is_ascii_alphabetic()
            && !self.starts_at(text, end + 1);
        if path || after == b'\\' {
            return None;
        }
        if at > 0 && bytes[at - 1] == b'/' && !self.ends_at(text, at - 1) {
            return None; // the middle of a path
        }
        Some(Token { start: at, end, full_end, belief })
    }

    /// Whether an id of a known family seems to start at `at`, without looking at what surrounds it.
    fn starts_at(&self, text: &str, at: usize) -> bool {
        let bytes = text.as_bytes();
        let end = at + bytes[at..].iter().take(9).take_while(|b| b.is_ascii_alphabetic()).count();
        self.belief_in(&text[at..end]).is_some() && bytes.get(end).is_some_and(|b| *b == b'-' || b.is_ascii_digit())
    }

    /// Whether what ends at `end` looks like an id (for `FR-1/FR-2`).
    fn ends_at(&self, text: &str, end: usize) -> bool {
        let start = text.as_bytes()[..end]
            .iter()
            .rposition(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')))
            .map_or(0, |at| at + 1);
        start < end
            && text.is_char_boundary(start)
            && self.starts_at(text, start)
            && text.as_bytes()[end - 1].is_ascii_digit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn families() -> Families {
        let names = |list: &[&str]| list.iter().map(SmolStr::new).collect::<Vec<_>>();
        Families::new(&names(&["FR", "NFR", "US", "REQ", "TC"]), &names(&["R"]), &names(&["ISO", "UTF", "GPT", "ADR"]))
    }

    #[test]
    fn capitals_before_a_number_may_be_a_family_of_ones_own() {
        let belief =
            |text: &str| families().token_at(text, 0).map(|token| (text[..token.end].to_string(), token.belief));
        for (text, id) in [("PAY-15 x", "PAY-15"), ("AUTH-FR-001", "AUTH-FR-001"), ("DSH-1.2", "DSH-1.2")] {
            assert_eq!(belief(text), Some((id.to_string(), Belief::Conditional)), "{text}");
        }
        for text in ["ISO-8601", "UTF-8", "GPT-4", "pay-15", "PAY15", "P-1", "ADR-001", "MIXEDCASEANDLONG-1", "Top-10"]
        {
            assert_eq!(belief(text).map(|(_, belief)| belief), None, "{text}");
        }
    }

    fn found(text: &str) -> Vec<&str> {
        let families = families();
        let mut at = 0;
        let mut out = Vec::new();
        while at < text.len() {
            match text.is_char_boundary(at).then(|| families.token_at(text, at)).flatten() {
                Some(token) => {
                    out.push(&text[token.start..token.full_end]);
                    at = token.full_end;
                }
                None => at += 1,
            }
        }
        out
    }

    #[test]
    fn an_id_may_touch_emphasis_and_cjk_but_no_word() {
        assert_eq!(found("_Requirements: FR-2.2, FR-1.2_"), ["FR-2.2", "FR-1.2"]);
        assert_eq!(found("见FR-1.1。**NFR-2**"), ["FR-1.1", "NFR-2"]);
        assert_eq!(found("FR-1.1x2 FR-1_a xFR-1 .FR-1 #fr-1 FR-1-beta FR-1.2.3.4.5"), [""; 0]);
    }

    #[test]
    fn paths_files_and_regions_are_no_ids() {
        assert_eq!(found("specs/FR-1/x docs/FR-001.md FR-1/plan us-east-1"), [""; 0]);
        assert_eq!(found("FR-1/FR-2 and FR-001/002"), ["FR-1", "FR-2", "FR-001"]);
    }

    #[test]
    fn categories_letters_wildcards_and_double_numbers_belong_to_the_id() {
        assert_eq!(
            found("NFR-PERF-001 REQ-A01 FR-2a R1.x FR-1.* TC-02-01"),
            ["NFR-PERF-001", "REQ-A01", "FR-2a", "R1.x", "FR-1.*", "TC-02-01"]
        );
        assert_eq!(found("US2A FR-2A.1 FR-2a.10 FR-1x FR-1-*"), ["US2A", "FR-2A.1", "FR-2a.10"]);
    }

    #[test]
    fn the_name_of_a_feature_may_stand_in_the_middle_of_an_id() {
        assert_eq!(found("REQ-ai-chat-022, FR-login-01"), ["REQ-ai-chat-022", "FR-login-01"]);
        assert_eq!(found("REQ-step-1 us-east-022 REQ-a-b-c-d-e-f-022 FR-is-on"), [""; 0]);
    }

    #[test]
    fn a_milestone_may_stand_in_the_middle_of_an_id() {
        assert_eq!(
            found("REQ-F001-02 FR-001-01 FR-001-003 FR-001-02.1"),
            ["REQ-F001-02", "FR-001-01", "FR-001", "FR-001"]
        );
        assert_eq!(
            found("FR-12-4 FR-3-3 FR-004-5-5 FR-12-1-3 FR-3-4 FR-9-12 FR-12-4b FR-12-4.1"),
            ["FR-12-4", "FR-3-3", "FR-004-5-5", "FR-12-1-3", "FR-3", "FR-9", "FR-12-4b", "FR-12"]
        );
        assert_eq!(
            found("FR-3.1-001 FR-12.4-0007 FR-3.1-02 FR-3.1-101"),
            ["FR-3.1-001", "FR-12.4-0007", "FR-3.1-02", "FR-3.1-101"]
        );
        assert_eq!(
            found("FR-1.1-1.3 FR-1.1-3 FR-1.1-10 FR-001-003 FR-1.01-03 FR-1.98-102 FR-1.1-001.2"),
            ["FR-1.1", "FR-1.1", "FR-1.1", "FR-001", "FR-1.01", "FR-1.98", "FR-1.1"],
            "ranges stay such"
        );
        let id = Id::new("FR-3.1-001");
        assert_eq!((id.family(), id.prefix(), id.tail(), id.parent()), ("FR", "FR-3.1-", "001", None));
        assert_eq!(id.through(&Id::new("FR-3.1-003")).unwrap().len(), 3);
        assert!(Id::new("FR-3.1-002") < Id::new("FR-3.1-010"));
    }

    #[test]
    fn an_id_comes_apart_and_together() {
        let id = Id::new("NFR-PERF-001.2");
        assert_eq!((id.family(), id.prefix(), id.tail()), ("NFR", "NFR-PERF-", "001.2"));
        assert_eq!(id.parent(), Some(Id::new("NFR-PERF-001")));
        assert_eq!(Id::new("FR-1").parent(), None);
        assert_eq!(Id::new("FR-2a").parent(), Some(Id::new("FR-2")));
        assert_eq!(Id::new("fr-1").child("3"), Id::new("FR-1.3"));
        assert_eq!(Id::new("FR1.1").hyphenated(), Some(Id::new("FR-1.1")));
        assert_eq!((Id::new("2.3").family(), Id::new("2.3").tail()), ("", "2.3"));
    }

    #[test]
    fn a_letter_is_part_of_the_number_that_it_ends() {
        for (text, prefix, tail, parent) in [
            ("2A", "", "2A", Some("2")),
            ("2A.1", "", "2A.1", Some("2A")),
            ("US2A.10", "US", "2A.10", Some("US2A")),
            ("REQ-A01", "REQ-A", "01", None),
        ] {
            let id = Id::new(text);
            assert_eq!((id.prefix(), id.tail(), id.parent()), (prefix, tail, parent.map(Id::new)), "{text}");
        }
        let mut ids = ["3.1", "2A.2", "2.10", "2A.1", "2.2"].map(Id::new);
        ids.sort();
        assert_eq!(ids.map(|id| id.to_string()), ["2.2", "2.10", "2A.1", "2A.2", "3.1"]);
    }

    #[test]
    fn the_depth_is_how_many_stand_above() {
        for text in [
            "FR-1",
            "FR-1.2",
            "fr-1.2.3a",
            "US2A.1",
            "2",
            "",
            "FR",
            "FR-1.",
            "Log in",
            "Log in › Wrong 1.2",
            "1..2",
            "A1B.2",
        ] {
            let id = Id::new(text);
            assert_eq!(id.depth(), std::iter::successors(id.parent(), Id::parent).count(), "{text}");
        }
    }

    #[test]
    fn ids_are_ordered_by_number() {
        let mut ids = ["FR-10", "NFR-1", "FR-2.1", "FR-2"].map(Id::new);
        ids.sort();
        assert_eq!(ids.map(|id| id.to_string()), ["FR-2", "FR-2.1", "FR-10", "NFR-1"]);
    }

    #[test]
    fn a_range_counts_in_the_last_number() {
        let through = |a: &str, b: &str| {
            Id::new(a).through(&Id::new(b)).map(|ids| ids.iter().map(Id::to_string).collect::<Vec<_>>())
        };
        assert_eq!(through("FR-1.1", "FR-1.3").unwrap(), ["FR-1.1", "FR-1.2", "FR-1.3"]);
        assert_eq!(through("FR-009", "FR-011").unwrap(), ["FR-009", "FR-010", "FR-011"]);
        assert_eq!(through("FR-1.1", "FR-2.3"), None);
        assert_eq!(through("FR-3", "FR-1"), None);
        assert_eq!(through("FR-1", "FR-9999"), None);
    }
}
