//! Which section of the template each heading is.

use super::heading::Fit;
use super::sections::Outline;
use crate::facts::fold_title;
use crate::template::originals_of;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;

/// Groups with more headings that nobody knows are not compared letter by letter.
const MOST_UNKNOWN: usize = 64;

pub(super) fn assign(outline: &mut Outline<'_>) {
    let folded = vec![OnceCell::new(); outline.headings.len()];
    let mut work = Assign { outline, taken: FxHashSet::default(), folded };
    work.exact();
    if work.misspelt() {
        work.exact();
    }
    if work.astray() {
        work.exact();
    }
    work.elsewhere();
    work.alike();
}

struct Assign<'o, 'a> {
    outline: &'o mut Outline<'a>,
    /// Sections that are there: under which heading, and which of the template.
    taken: FxHashSet<(Option<usize>, usize)>,
    /// The title of each heading, [folded](fold_title) once it has been asked for.
    folded: Vec<OnceCell<String>>,
}

impl Assign<'_, '_> {
    fn put(&mut self, at: usize, slot: usize, parent: Option<usize>, number: Option<u32>, fit: Fit) {
        self.taken.insert((parent, slot));
        let heading = &mut self.outline.headings[at];
        (heading.slot, heading.number, heading.fit) = (Some(slot), number, fit);
    }

    fn folded(&self, at: usize) -> &str {
        self.folded[at].get_or_init(|| fold_title(self.outline.headings[at].title()))
    }

    /// The sections that the template has where the heading stands.
    fn expected(&self, at: usize) -> &[usize] {
        let heading = &self.outline.headings[at];
        let schema = self.outline.schema;
        match heading.parent {
            None if heading.depth == 1 => &schema.top,
            None => &[],
            Some(parent) => match self.outline.headings[parent].slot {
                Some(slot) if schema.slots[slot].depth + 1 == heading.depth => &schema.slots[slot].children,
                _ => &[],
            },
        }
    }

    fn is_open(&self, parent: Option<usize>, slot: usize) -> bool {
        self.outline.schema.slots[slot].options.repeats || !self.taken.contains(&(parent, slot))
    }

    /// Headings with the template's title where the template has them.
    fn exact(&mut self) {
        let schema = self.outline.schema;
        for at in 0..self.outline.headings.len() {
            let heading = &self.outline.headings[at];
            let expected = self.expected(at);
            if heading.slot.is_some() || expected.is_empty() {
                continue;
            }
            let (key, parent) = (heading.section.key, heading.parent);
            let fixed = expected.iter().copied().find(|slot| schema.slots[*slot].heading.pattern.key == Some(key));
            if let Some(slot) = fixed {
                if self.is_open(parent, slot) {
                    self.put(at, slot, parent, None, Fit::Exact);
                }
                continue;
            }
            let mut loose =
                expected.iter().copied().filter(|slot| schema.slots[*slot].heading.pattern.key.is_none()).peekable();
            if loose.peek().is_none() {
                continue;
            }
            let folded = self.folded(at);
            let found = loose.find_map(|slot| Some((slot, schema.slots[slot].heading.pattern.matches(folded)?)));
            if let Some((slot, number)) = found.filter(|(slot, _)| self.is_open(parent, *slot)) {
                self.put(at, slot, parent, number, Fit::Exact);
            }
        }
    }

    /// Headings that nobody knows yet, by the sections that the template has where they stand.
    fn unknown(&self) -> FxHashMap<Option<usize>, Vec<usize>> {
        let mut groups: FxHashMap<Option<usize>, Vec<usize>> = FxHashMap::default();
        for at in 0..self.outline.headings.len() {
            if self.outline.headings[at].slot.is_none() && !self.expected(at).is_empty() {
                groups.entry(self.outline.headings[at].parent).or_default().push(at);
            }
        }
        groups.retain(|_, group| group.len() <= MOST_UNKNOWN);
        groups
    }

    /// Headings a letter or two away from the title of a section that is not there.
    fn misspelt(&mut self) -> bool {
        let schema = self.outline.schema;
        let mut any = false;
        for (parent, group) in self.unknown() {
            for at in group {
                // *Glossaire* is French, and no slip for *Glossary*.
                if !originals_of(self.outline.headings[at].section.key).is_empty() {
                    continue;
                }
                let folded = self.folded(at);
                let found =
                    self.expected(at).iter().copied().filter(|slot| self.is_open(parent, *slot)).find_map(|slot| {
                        let heading = &schema.slots[slot].heading;
                        match heading.pattern.fixed() {
                            Some(right) => is_misspelt(folded, right).then(|| (slot, heading.filled(1), None)),
                            None => {
                                let (wrong, right, number) = heading.pattern.nearly(folded)?;
                                Some((slot, mended(self.outline.headings[at].title(), &wrong, &right), number))
                            }
                        }
                    });
                if let Some((slot, right, number)) = found {
                    self.put(at, slot, parent, number, Fit::Misspelt(right));
                    any = true;
                }
            }
        }
        any
    }

    /// Headings with the title of a section that is missing in its own place.
    fn astray(&mut self) -> bool {
        let schema = self.outline.schema;
        let mut any = false;
        for at in 0..self.outline.headings.len() {
            let heading = &self.outline.headings[at];
            if heading.slot.is_some() || heading.depth == 0 {
                continue;
            }
            let (depth, holder) = (heading.depth, heading.parent);
            let mut found = schema
                .keys
                .get(&heading.section.key)
                .into_iter()
                .flatten()
                .map(|slot| (*slot, None))
                .collect::<Vec<_>>();
            if found.is_empty() {
                let counted = (0..schema.slots.len()).filter(|slot| schema.slots[*slot].options.sequence);
                for slot in counted.filter(|slot| schema.slots[*slot].depth == depth) {
                    if let Some(Some(number)) = schema.slots[slot].heading.pattern.matches(self.folded(at))
                        && self.misses(slot, number, holder)
                    {
                        found.push((slot, Some(number)));
                    }
                }
            }
            let Some((slot, number)) = found.into_iter().find(|(slot, _)| schema.slots[*slot].depth == depth) else {
                continue;
            };
            let (target, fit) = match schema.slots[slot].parent {
                None => (None, Fit::Astray(None)),
                Some(parent) if schema.slots[parent].options.repeats => continue,
                Some(parent) => match self.outline.headings.iter().position(|other| other.slot == Some(parent)) {
                    Some(target) => (Some(target), Fit::Astray(Some(target))),
                    None => (Some(usize::MAX), Fit::Orphan),
                },
            };
            if target != holder && (number.is_some() || self.is_open(target, slot)) {
                self.put(at, slot, target, number, fit);
                any = true;
            }
        }
        any
    }

    /// Whether the counted section `number` is missing in its place, and the heading that holds it holds no others.
    fn misses(&self, slot: usize, number: u32, holder: Option<usize>) -> bool {
        let pattern = &self.outline.schema.slots[slot].heading.pattern;
        let own = self.outline.headings.iter().filter(|heading| heading.slot == Some(slot));
        let numbers: Vec<u32> = own.filter_map(|heading| heading.number).collect();
        let last = numbers.iter().copied().max().unwrap_or_default();
        let alone = self.outline.inside(holder).filter(|at| pattern.matches(self.folded(*at)).is_some()).count() == 1;
        last > 0 && !numbers.contains(&number) && number <= last + 1 && alone
    }

    /// Headings with the title of a section that is missing, on another level or in another language.
    fn elsewhere(&mut self) {
        let schema = self.outline.schema;
        for at in 0..self.outline.headings.len() {
            let heading = &self.outline.headings[at];
            if heading.slot.is_some() {
                continue;
            }
            let key = heading.section.key;
            let keys = std::iter::once(key).chain(originals_of(key).iter().copied());
            let slots: Vec<usize> = keys.filter_map(|key| schema.keys.get(&key)).flatten().copied().collect();
            for slot in slots {
                let target = schema.slots[slot].parent.map(|parent| {
                    self.outline.headings.iter().position(|other| other.slot == Some(parent)).unwrap_or(usize::MAX)
                });
                if self.is_open(target, slot) {
                    self.put(at, slot, target, None, Fit::Alike);
                    break;
                }
            }
        }
    }

    /// Headings that seem to mean a section that is missing.
    fn alike(&mut self) {
        let schema = self.outline.schema;
        for (parent, group) in self.unknown() {
            for at in group {
                let own: Vec<&str> = stems(self.folded(at)).collect();
                let found = self.expected(at).iter().copied().find(|slot| {
                    let right = schema.slots[*slot].heading.pattern.fixed();
                    self.is_open(parent, *slot) && right.is_some_and(|right| is_alike(&own, right))
                });
                if let Some(slot) = found {
                    self.put(at, slot, parent, None, Fit::Alike);
                }
            }
        }
    }
}

/// `title` with the word `wrong` in it replaced.
fn mended(title: &str, wrong: &str, right: &str) -> String {
    let at = title
        .to_lowercase()
        .find(wrong)
        .filter(|at| title.is_char_boundary(*at) && title.is_char_boundary(at + wrong.len()));
    let Some(at) = at else { return title.to_string() };
    let mut letters = right.chars();
    let capital = title[at..].starts_with(char::is_uppercase);
    let first = letters.next().map(|c| if capital { c.to_uppercase().to_string() } else { c.to_string() });
    format!("{}{}{}{}", &title[..at], first.unwrap_or_default(), letters.as_str(), &title[at + wrong.len()..])
}

/// Whether `title` is `right` with a slip of the pen in it, both folded.
fn is_misspelt(title: &str, right: &str) -> bool {
    /// In bytes: two letters more or less.
    const FAR: usize = 8;
    let blanks = |text: &str| memchr::memchr_iter(b' ', text.as_bytes()).count();
    let (own, theirs) = (blanks(title), blanks(right));
    let far =
        if own == theirs { title.len().abs_diff(right.len()) > FAR } else { title.len() - own != right.len() - theirs };
    if far {
        return false;
    }
    let (there, wanted): (Vec<&str>, Vec<&str>) = (title.split(' ').collect(), right.split(' ').collect());
    if there.len() != wanted.len() {
        let bare = |text: &str| text.replace(' ', "");
        return bare(title) == bare(right);
    }
    let slips = there.iter().zip(&wanted).map(|(there, wanted)| {
        let distance = if there == wanted { 0 } else { strsim::osa_distance(there, wanted) };
        let most = match wanted.chars().count() {
            0..=3 => 0,
            4..=7 => 1,
            // External is not a slip for internal.
            _ if there.chars().next() == wanted.chars().next() => 2,
            _ => 1,
        };
        (distance <= most).then_some(distance)
    });
    slips.sum::<Option<usize>>().is_some_and(|sum| (1..=2).contains(&sum))
}

/// The words of a folded title that say something, without their endings.
fn stems(title: &str) -> impl Iterator<Item = &str> {
    let letters = |word: &str| if word.is_ascii() { word.len() } else { word.chars().count() };
    let words = title.split(' ').map(move |word| (word, letters(word)));
    words.filter(|(word, letters)| *letters > 2 && *word != "and").map(|(word, letters)| {
        let kept = letters.saturating_sub(3).max(4);
        if letters == word.len() {
            return &word[..kept.min(letters)];
        }
        word.char_indices().nth(kept).map_or(word, |(end, _)| &word[..end])
    })
}

/// Whether the titles, the first of them by its [`stems`], share what they say: the words of one are among those of the other,
/// but for their endings.
fn is_alike(own: &[&str], right: &str) -> bool {
    let same = |word: &str, other: &str| word.starts_with(other) || other.starts_with(word);
    // Hardly any two share a word at all, so the stems of the other are looked at one by one.
    let (mut any, mut all) = (false, true);
    for stem in stems(right) {
        let shared = own.iter().any(|word| same(word, stem));
        (any, all) = (any || shared, all && shared);
    }
    let within = || own.iter().all(|word| stems(right).any(|stem| same(word, stem)));
    any && (all || within())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_no_other_word() {
        for (title, right) in [
            ("architecture overveiw", "architecture overview"),
            ("loging", "logging"),
            ("dataflow", "data flow"),
            ("risk asessment", "risk assessment"),
        ] {
            assert!(is_misspelt(title, right), "{title}");
        }
        for (title, right) in [
            ("ui testing", "unit testing"),
            ("external services", "internal services"),
            ("unit tests", "unit testing"),
            ("data store", "data flow"),
        ] {
            assert!(!is_misspelt(title, right), "{title}");
        }
    }

    #[test]
    fn titles_that_say_the_same_are_alike() {
        let alike = |title: &str, right: &str| is_alike(&stems(title).collect::<Vec<_>>(), right);
        for (title, right) in [
            ("unit tests", "unit testing"),
            ("architecture", "architecture overview"),
            ("monitoring", "monitoring and observability"),
            ("risks", "risk assessment"),
        ] {
            assert!(alike(title, right), "{title}");
        }
        assert!(!alike("caching", "logging"));
    }

    #[test]
    fn a_misspelt_word_is_mended_in_its_own_case() {
        assert_eq!(mended("Phse 1: Foundation", "phse", "phase"), "Phase 1: Foundation");
    }
}
