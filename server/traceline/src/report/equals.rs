//! Equal findings of a file: a rule says the same of several ids or places. A person is told one of them, and where the others are.

use std::collections::HashMap;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;

/// Up to so many are told each by itself. In real documents they come in ones, twos and threes, or by the dozen.
const FEW: usize = 3;

/// So many places are named; nobody goes through more of them by hand.
const MOST_PLACES: usize = 40;

/// A line of places is about so long, in characters.
const WIDTH: usize = 92;

/// A finding that is told, and those like it that are not.
pub(super) struct Told<'f> {
    pub(super) finding: &'f Finding,
    others: Vec<&'f Finding>,
}

/// Which of `findings`, all of one file, are told, in their order.
pub(super) fn together<'f>(findings: &[&'f Finding]) -> Vec<Told<'f>> {
    if findings.len() <= FEW {
        return findings.iter().map(|finding| Told { finding, others: Vec::new() }).collect();
    }
    let mut groups: HashMap<(&str, Level, String), Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        let key = (finding.rule.name, finding.level, pattern(&finding.message).0);
        groups.entry(key).or_default().push(at);
    }
    let mut told: Vec<(usize, Told<'f>)> = Vec::new();
    for group in groups.into_values() {
        match &group[..] {
            [first, others @ ..] if group.len() > FEW => {
                let others = others.iter().map(|at| findings[*at]).collect();
                told.push((*first, Told { finding: findings[*first], others }));
            }
            few => told.extend(few.iter().map(|at| (*at, Told { finding: findings[*at], others: Vec::new() }))),
        }
    }
    told.sort_by_key(|(at, _)| *at);
    told.into_iter().map(|(_, told)| told).collect()
}

impl Told<'_> {
    /// How many others there are and where, with what each is about where they differ in that; none where there are none.
    /// `line` gives a finding's line.
    pub(super) fn note(&self, line: impl Fn(&Finding) -> u32) -> Option<String> {
        if self.others.is_empty() {
            return None;
        }
        let own = pattern(&self.finding.message).1;
        let names: Vec<Vec<&str>> = self.others.iter().map(|other| pattern(&other.message).1).collect();
        let differs = (0..own.len()).find(|at| names.iter().any(|names| names[*at] != own[*at]));
        let mut places: Vec<(String, usize)> = Vec::new();
        for (other, names) in self.others.iter().zip(&names) {
            let line = line(other);
            let place = differs.map_or_else(|| line.to_string(), |at| format!("{line} (`{}`)", names[at]));
            match places.last_mut().filter(|(last, _)| *last == place) {
                Some((_, times)) => *times += 1,
                None => places.push((place, 1)),
            }
        }
        let lines = if places.len() == 1 { "line" } else { "lines" };
        let mut note = format!("{} more like it, on {lines}", self.others.len());
        let mut column = note.len();
        let count = places.len();
        for (at, (place, times)) in places.into_iter().take(MOST_PLACES).enumerate() {
            let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
            let comma = if at + 1 < count { "," } else { "" };
            let words = format!("{place}{times}{comma}");
            let length = words.chars().count();
            let wraps = column + 1 + length > WIDTH;
            note.push(if wraps { '\n' } else { ' ' });
            column = if wraps { length } else { column + 1 + length };
            note += &words;
        }
        if count > MOST_PLACES {
            note += &format!("\nand in {} more places; --format concise has a line for each", count - MOST_PLACES);
        }
        Some(note)
    }
}

/// A message with a mark in the place of each id, number and title, and those.
fn pattern(message: &str) -> (String, Vec<&str>) {
    let (mut pattern, mut names) = (String::new(), Vec::new());
    for (at, part) in message.split('`').enumerate() {
        if at % 2 == 1 {
            pattern.push('`');
            names.push(part);
            continue;
        }
        for word in part.split_inclusive(' ') {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let counts = bare.bytes().any(|byte| byte.is_ascii_digit());
            match counts.then(|| word.split_once(bare)).flatten() {
                Some((before, behind)) => {
                    pattern += before;
                    pattern.push('`');
                    pattern += behind;
                    names.push(bare);
                }
                None => pattern += word,
            }
        }
    }
    (pattern, names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_equal_but_for_what_they_name() {
        let pattern = |message| pattern(message).0;
        assert_eq!(pattern("`FR-9` is not defined in a/b"), pattern("`NFR-1.2` is not defined in a/b"));
        assert_eq!(pattern("task T017 names no requirement"), pattern("task 1.2 names no requirement"));
        assert_ne!(pattern("task 1 names no requirement"), pattern("this task names no requirement"));
        assert_ne!(pattern("`FR-9` is not defined · did you mean `FR-1`?"), pattern("`FR-9` is not defined"));
        assert_eq!(super::pattern("`FR-9` stands (2) twice, on 3").1, ["FR-9", "2", "3"]);
        assert_eq!(super::pattern("an odd ` mark · 🎉").1, [" mark · 🎉"]);
    }
}
