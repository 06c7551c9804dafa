//! Which ids become which others, and how a place that names one is written then.

use crate::id::Id;

/// Ids that get others.
#[derive(Clone, Debug)]
pub(crate) enum Moves {
    /// Each id with all that is below it: `FR-2` takes `FR-2.1` and `FR-2a` along.
    Ids(Vec<(Id, Id)>),
    /// Every id with this prefix.
    Family { from: String, to: String },
}

impl Moves {
    /// The new id of `id`; none where it stays as it is.
    pub(crate) fn of(&self, id: &Id) -> Option<Id> {
        match self {
            Self::Ids(pairs) => {
                let (from, to) = pairs.iter().find(|(from, _)| from == id || is_below(id, from))?;
                let rest = &id.as_str()[from.as_str().len()..];
                Some(Id::new(&format!("{to}{rest}"))).filter(|new| new.as_str() != id.as_str())
            }
            Self::Family { from, to } => {
                let own = id.prefix().eq_ignore_ascii_case(from) && !id.tail().is_empty();
                own.then(|| Id::new(&format!("{to}{}", id.tail()))).filter(|new| new.as_str() != id.as_str())
            }
        }
    }
}

/// Whether `id` is somewhere below `above`: `FR-2.1.1` and `FR-2a` below `FR-2`, a scenario below its requirement.
pub(crate) fn is_below(id: &Id, above: &Id) -> bool {
    if id.scenario().is_some() {
        return id.parent().as_ref() == Some(above);
    }
    let (id, above) = (id.as_str(), above.as_str());
    let same = id.get(..above.len()).is_some_and(|start| start.eq_ignore_ascii_case(above));
    let next = id.as_bytes().get(above.len());
    same && !above.contains(' ') && next.is_some_and(|byte| *byte == b'.' || byte.is_ascii_alphabetic())
}

/// `new` in the way in which `written` says `known`: in lower case, or without the hyphen.
pub(crate) fn respell(written: &str, known: &Id, new: &Id) -> String {
    if written == known.as_str() || known.is_name() {
        return new.to_string();
    }
    let hyphen = |id: &Id| id.prefix().ends_with('-');
    let (own, mut out) = (Id::new(written), new.to_string());
    if new.family().is_empty() {
        // A number has no hyphen to lose.
    } else if !hyphen(&own) && hyphen(known) {
        out = format!("{}{}", new.prefix().trim_end_matches('-'), new.tail());
    } else if hyphen(&own) && !hyphen(known) && !hyphen(new) {
        out = format!("{}-{}", new.prefix(), new.tail());
    }
    let lower =
        !written.bytes().any(|b| b.is_ascii_uppercase()) && known.family().bytes().any(|b| b.is_ascii_uppercase());
    if lower { out.to_ascii_lowercase() } else { out }
}

/// One end of a written reference: the id that it says before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End<'a> {
    pub(crate) old: &'a Id,
    pub(crate) new: &'a Id,
}

/// The lengths of the pieces of `text`, a written reference, that say its first id and, for a range, its last:
/// `FR-1.1` and `1.3` of `FR-1.1–1.3`.
pub(crate) fn pieces(text: &str, first: &Id, last: Option<&Id>) -> (usize, usize) {
    let spaced = format!("{} {}", first.prefix().trim_end_matches('-'), first.tail());
    let head = if text.starts_with(first.as_str()) {
        first.as_str().len()
    } else if text.starts_with(&spaced) {
        spaced.len()
    } else {
        // An element of a slash list: the number, or its last part.
        text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'.').count()
    };
    let rest = &text[head..];
    let ends = |piece: &&str| !piece.is_empty() && rest.len() > piece.len() && rest.ends_with(piece);
    let tail = last.and_then(|last| [last.as_str(), last.tail(), last_part(last)].into_iter().find(ends));
    (head, tail.map_or(0, str::len))
}

/// The text of a reference with other ids in it: one id, a range (`FR-1.1–1.3`), an element of a slash list (`002`) or a
/// wildcard (`FR-1.*`). The shape stays; whether the result still means what it should is for the caller to try.
pub(crate) fn rewrite(text: &str, first: End<'_>, last: Option<End<'_>>) -> String {
    let (head, tail) = pieces(text, first.old, last.map(|last| last.old));
    let like = |piece: &str, End { old, new }: End<'_>| {
        if piece == old.as_str() {
            new.to_string()
        } else if piece.contains(' ') {
            format!("{} {}", new.prefix().trim_end_matches('-'), new.tail())
        } else if piece.contains('.') || piece == old.tail() && old.tail() == last_part(old) && new.tail().contains('.')
        {
            new.tail().to_string()
        } else {
            last_part(new).to_string()
        }
    };
    let end = text.len() - tail;
    let last = last.filter(|_| tail > 0).map_or(String::new(), |last| like(&text[end..], last));
    format!("{}{}{last}", like(&text[..head], first), &text[head..end])
}

/// The last number of an id with its letter.
pub(crate) fn last_part(id: &Id) -> &str {
    let tail = id.tail();
    tail.rfind('.').map_or(tail, |dot| &tail[dot + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subtree_moves_with_its_root() {
        let moves = Moves::Ids(vec![(Id::new("FR-2"), Id::new("FR-7"))]);
        let of = |id: &str| moves.of(&Id::new(id)).map(|id| id.to_string());
        assert_eq!(
            ["FR-2", "FR-2.1", "fr-2.1.3", "FR-2a", "FR-20", "NFR-2"].map(of),
            [Some("FR-7".into()), Some("FR-7.1".into()), Some("FR-7.1.3".into()), Some("FR-7a".into()), None, None]
        );
        let family = Moves::Family { from: "FR-".into(), to: "REQ-".into() };
        assert_eq!(family.of(&Id::new("FR-2.1")), Some(Id::new("REQ-2.1")));
        assert_eq!(family.of(&Id::new("FR-PERF-1")), None);
    }

    #[test]
    fn a_place_keeps_its_way_of_writing() {
        let spell = |written: &str, known: &str, new: &str| respell(written, &Id::new(known), &Id::new(new));
        assert_eq!(spell("FR-1.1", "FR-1.1", "NFR-2"), "NFR-2");
        assert_eq!(spell("fr-1.1", "FR-1.1", "NFR-2"), "nfr-2");
        assert_eq!(spell("FR1.1", "FR-1.1", "NFR-2"), "NFR2");
        assert_eq!(spell("US-1", "US1", "US9"), "US-9");
    }

    #[test]
    fn the_shape_of_a_reference_stays() {
        let ids = |old: &str, new: &str| (Id::new(old), Id::new(new));
        let written = |text: &str, first: (Id, Id), last: Option<(Id, Id)>| {
            let last = last.as_ref().map(|(old, new)| End { old, new });
            rewrite(text, End { old: &first.0, new: &first.1 }, last)
        };
        let (a, b) = (ids("FR-1.1", "FR-7.1"), ids("FR-1.3", "FR-7.3"));
        for (text, wanted) in [
            ("FR-1.1–FR-1.3", "FR-7.1–FR-7.3"),
            ("FR-1.1–1.3", "FR-7.1–7.3"),
            ("FR-1.1-3", "FR-7.1-3"),
            ("FR-1.1` through `FR-1.3", "FR-7.1` through `FR-7.3"),
        ] {
            assert_eq!(written(text, a.clone(), Some(b.clone())), wanted);
        }
        assert_eq!(written("FR-1.*", ids("FR-1", "FR-7"), None), "FR-7.*");
        assert_eq!(written("002", ids("FR-002", "FR-009"), None), "009");
        assert_eq!(written("1.2", ids("FR-1.2", "FR-3.4"), None), "3.4");
        assert_eq!(written("FR 1.2", ids("FR-1.2", "FR-3.4"), None), "FR 3.4");
    }
}
