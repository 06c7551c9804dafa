//! Ranges and wildcards whose ids part ways when some of them move: written as lists that name the same requirements.

use super::moves::{End, pieces, rewrite};
use crate::facts::Reach;
use crate::id::Id;

/// A run of fewer ids is no range.
const LEAST: usize = 3;

/// An id that a range names: before, after, and whether anything defines it.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) old: Id,
    pub(super) new: Id,
    pub(super) defined: bool,
}

/// A reference that is written as a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) text: String,
    /// How many references it has become.
    pub(super) count: usize,
}

/// The range `text` over `members` as a list; none where it goes on being a range, or where not all that it means is known.
/// `arrives` says whether a requirement gets that id.
pub(super) fn split_range(text: &str, members: &[Member], arrives: &dyn Fn(&Id) -> bool) -> Option<Split> {
    let (first, last) = (members.first()?, members.last()?);
    if !(first.defined && last.defined) {
        return None;
    }
    let stays = first.new.through(&last.new).is_some_and(|all| all.iter().eq(members.iter().map(|it| &it.new)));
    if stays && !members.iter().any(|it| !it.defined && arrives(&it.new)) {
        return None;
    }
    let (head, tail) = pieces(text, &first.old, Some(&last.old));
    let written = text.get(..head).filter(|written| *written == first.old.as_str())?;
    let joint = text.get(head..text.len() - tail).filter(|_| tail > 0)?;
    // What closes one id and opens the next: the marks of code or bold.
    let is_mark = |c: char| matches!(c, '`' | '*');
    let close = &joint[..joint.len() - joint.trim_start_matches(is_mark).len()];
    let open = &joint[joint.trim_end_matches(is_mark).len()..];
    let defined: Vec<&Member> = members.iter().filter(|it| it.defined).collect();
    let mut pieces: Vec<String> = Vec::new();
    for run in defined.chunk_by(|a, b| a.new.through(&b.new).is_some_and(|two| two.len() == 2)) {
        let end = |new| End { old: &first.old, new };
        if run.len() < LEAST {
            pieces.extend(run.iter().map(|it| rewrite(written, end(&it.new), None)));
        } else {
            let behind = End { old: &last.old, new: &run[run.len() - 1].new };
            pieces.push(rewrite(text, end(&run[0].new), Some(behind)));
        }
    }
    Some(Split { text: pieces.join(&format!("{close}, {open}")), count: defined.len() })
}

/// The wildcard `text` for all below `above` with those `children` behind it that leave; none where none does, or where what
/// stays would be nothing.
pub(super) fn split_children(text: &str, above: &Id, new: &Id, children: &[Member]) -> Option<Split> {
    let (stay, leave): (Vec<_>, Vec<_>) = children.iter().partition(|child| child.new.parent().as_ref() == Some(new));
    if stay.is_empty() || leave.is_empty() || !text.starts_with(above.as_str()) {
        return None;
    }
    let mut pieces = vec![rewrite(text, End { old: above, new }, None)];
    pieces.extend(leave.iter().map(|child| child.new.to_string()));
    Some(Split { count: pieces.len(), text: pieces.join(", ") })
}

/// Whether a reference of this reach can be written as a list.
pub(super) fn is_splittable(reach: Reach, count: usize) -> bool {
    reach == Reach::Children || reach == Reach::One && count > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(moves: &[(&str, &str)]) -> Vec<Member> {
        moves.iter().map(|(old, new)| Member { old: Id::new(old), new: Id::new(new), defined: true }).collect()
    }

    fn range(text: &str, moves: &[(&str, &str)]) -> Option<String> {
        split_range(text, &members(moves), &|_| false).map(|split| split.text)
    }

    #[test]
    fn a_range_with_a_hole_is_a_list_of_what_is_left() {
        let moves = [("FR-1.1", "FR-1.1"), ("FR-1.2", "FR-9"), ("FR-1.3", "FR-1.3")];
        for (text, wanted) in [
            ("FR-1.1–1.3", "FR-1.1, FR-9, FR-1.3"),
            ("FR-1.1 - FR-1.3", "FR-1.1, FR-9, FR-1.3"),
            ("FR-1.1` through `FR-1.3", "FR-1.1`, `FR-9`, `FR-1.3"),
        ] {
            assert_eq!(range(text, &moves).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_still_follows_one_another_is_a_range() {
        let moves = [("FR-1", "FR-1"), ("FR-2", "FR-2"), ("FR-3", "FR-3"), ("FR-4", "FR-9")];
        assert_eq!(range("FR-1..FR-4", &moves).as_deref(), Some("FR-1..FR-3, FR-9"));
        assert_eq!(range("FR-1-4", &moves).as_deref(), Some("FR-1-3, FR-9"));
        let together = [("FR-1.1", "FR-7.1"), ("FR-1.2", "FR-7.2"), ("FR-1.3", "FR-7.3")];
        assert_eq!(range("FR-1.1–1.3", &together), None, "it stays one range");
    }

    #[test]
    fn what_is_not_known_whole_stays() {
        let mut known = members(&[("FR-1", "FR-1"), ("FR-2", "FR-9"), ("FR-3", "FR-3")]);
        assert_eq!(split_range("002–003", &known, &|_| false), None, "the end of a slash list");
        known[2].defined = false;
        assert_eq!(split_range("FR-1–FR-3", &known, &|_| false), None);
    }

    #[test]
    fn a_hole_that_is_filled_parts_a_range() {
        let mut known = members(&[("FR-1", "FR-1"), ("FR-2", "FR-2"), ("FR-3", "FR-3")]);
        known[1].defined = false;
        let split = |arrives: bool| split_range("FR-1–FR-3", &known, &|_| arrives).map(|split| split.text);
        assert_eq!((split(true).as_deref(), split(false)), (Some("FR-1, FR-3"), None));
    }

    #[test]
    fn who_leaves_a_wildcard_is_named_behind_it() {
        let children = members(&[("FR-1.1", "FR-1.1"), ("FR-1.2", "FR-9")]);
        let split = |children: &[Member]| {
            let above = Id::new("FR-1");
            split_children("FR-1.*", &above, &above, children).map(|split| split.text)
        };
        assert_eq!(split(&children).as_deref(), Some("FR-1.*, FR-9"));
        assert_eq!(split(&children[..1]), None, "all stay");
        assert_eq!(split(&children[1..]), None, "none stays");
    }
}
