//! What the links of a text lead to, as bits: most files that hold no link to one that moves are told so without being read.

use crate::path::FilePath;

/// The targets of a text's links. A link may be said to be there that is not, never the other way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkSet([u64; 2]);

/// So many bits of the second half tell of targets; the others tell how far up a link goes.
const LOW: u32 = 56;

impl LinkSet {
    /// Where a link may lead anywhere.
    pub(crate) const ANYWHERE: Self = Self([u64::MAX; 2]);

    /// Those of `text`, in code or not.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut all = Self::default();
        // Most links of a text lead to few files.
        let mut before = "";
        // Where the last wiki link ended: what stands before it is looked at once.
        let mut closed = 0;
        for at in memchr::memchr2_iter(b']', b'=', bytes) {
            let (start, ends, wiki) = match bytes[at..] {
                [b']', b'(', ..] => (at + 2, &b")#\t>"[..], false),
                [b']', b':', ..] => (at + 2, &b"#\t>"[..], false),
                [b'=', b'"', ..] => (at + 2, &b"\"#"[..], false),
                [b']', b']', ..] => {
                    let from = memchr::memrchr(b'\n', &bytes[closed..at]).map_or(closed, |end| closed + end + 1);
                    // Any of these may be the one that is closed here.
                    let openings = text[from..at].match_indices("[[");
                    openings.for_each(|(open, _)| all.add(ended(&text[from + open + 2..], b"]#|"), true));
                    closed = at;
                    continue;
                }
                _ => continue,
            };
            let target = ended(text[start..].trim_start_matches(['<', ' ']), ends);
            if target != before {
                all.add(target, wiki);
                before = target;
            }
        }
        all
    }

    fn add(&mut self, target: &str, wiki: bool) {
        let (mut ups, mut inside) = (0, None);
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." if inside.is_none() => {
                    ups += 1;
                    // A folder above is led to, whatever its name.
                    self.set(bits(begin(ups)));
                }
                // Written in another way than usual.
                _ if part == ".." || part.contains('%') => *self = Self::ANYWHERE,
                _ if wiki => self.set(bits(onto(begin(WIKI), stem(part.trim())))),
                name => {
                    let folder = inside.map_or_else(|| begin(ups), |inside| onto(inside, "/"));
                    // A blank ends a target, more or less.
                    if let Some((first, _)) = name.split_once(' ') {
                        self.set(bits(onto(folder, first)));
                    }
                    let whole = onto(folder, name);
                    self.set(bits(whole));
                    inside = Some(whole);
                }
            }
        }
        let most = u64::try_from(ups).unwrap_or(u64::MAX).min(u64::from(u8::MAX));
        self.0[1] = self.0[1] & ((1 << LOW) - 1) | (self.0[1] >> LOW).max(most) << LOW;
    }

    fn set(&mut self, bits: [u64; 2]) {
        self.0[0] |= bits[0];
        self.0[1] |= bits[1];
    }

    fn may_hold(self, bits: [u64; 2]) -> bool {
        self.0[0] & bits[0] == bits[0] && self.0[1] & bits[1] == bits[1]
    }

    /// Whether the file at `from`, whose links these are, may hold one to the file or folder `target` or into it.
    #[must_use]
    pub fn may_lead(self, from: &FilePath, target: &FilePath) -> bool {
        if matches!(self, Self([0, 0]) | Self::ANYWHERE) {
            return self == Self::ANYWHERE;
        }
        let (mut shared, mut start) = (0, 0);
        for (have, want) in from.as_str().split('/').zip(target.as_str().split('/')) {
            if have != want {
                break;
            }
            shared += 1;
            start += want.len() + 1;
        }
        let above = from.as_str().split('/').count() - 1;
        let most = usize::try_from(self.0[1] >> LOW).unwrap_or_default();
        // A link may go up farther than it must, and down again.
        for ups in above.saturating_sub(shared)..=most {
            if self.may_hold(bits(onto(begin(ups), target.as_str().get(start..).unwrap_or_default()))) {
                return true;
            }
            if start == 0 {
                break;
            }
            start = target.as_str()[..start - 1].rfind('/').map_or(0, |slash| slash + 1);
        }
        self.may_hold(bits(onto(begin(WIKI), stem(target.name()))))
    }
}

/// Stands for how far wiki links go up: they name files by their names alone.
const WIKI: usize = usize::MAX;

fn stem(name: &str) -> &str {
    name.strip_suffix(".md").unwrap_or(name)
}

/// `text` up to the first of `ends`, or the end of its line.
fn ended<'t>(text: &'t str, ends: &[u8]) -> &'t str {
    let end = text.bytes().position(|byte| matches!(byte, b'\n' | b'\r') || ends.contains(&byte));
    &text[..end.unwrap_or(text.len())]
}

/// The hash of a path that goes so many steps up, and nowhere else yet.
fn begin(ups: usize) -> u64 {
    (ups as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// That of a path that goes on.
fn onto(hash: u64, inside: &str) -> u64 {
    inside.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3).rotate_left(23))
}

/// The bits of a path by its hash: two of the first half, one of the second.
fn bits(hash: u64) -> [u64; 2] {
    let mixed = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    [1 << (mixed >> 58) | 1 << (mixed >> 52 & 63), 1 << ((mixed >> 32 & 0xFFFF) % u64::from(LOW))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(text: &str, from: &str, target: &str) -> bool {
        LinkSet::of(text).may_lead(&FilePath::new(from), &FilePath::new(target))
    }

    #[test]
    fn a_link_leads_where_it_is_written_to() {
        for (text, target) in [
            ("[x](spec.md)", "/w/a/spec.md"),
            ("[x](spec.md#fr-1 \"t\")", "/w/a/spec.md"),
            ("[x](<my spec.md>)", "/w/a/my spec.md"),
            ("[x](my%20spec.md)", "/w/a/my spec.md"),
            ("[x](./spec.md)", "/w/a/spec.md"),
            ("[x](../b/spec.md)", "/w/b/spec.md"),
            ("[x](../b/spec.md)", "/w/b"),
            ("[x](../b/)", "/w/b"),
            ("[x](../b/c/spec.md)", "/w/b/c"),
            ("[x](../../w/b/spec.md)", "/w/b"),
            ("[x](c/../spec.md)", "/w/a/spec.md"),
            ("[x](../a/spec.md)", "/w/a/spec.md"),
            ("[[spec]]", "/w/b/spec.md"),
            ("[[b/spec#FR-1|x]]", "/w/b/spec.md"),
            ("[[b/spec]]", "/w/b"),
            ("[r]: ../b/spec.md", "/w/b/spec.md"),
            ("<a href=\"spec.md#x\">", "/w/a/spec.md"),
            ("[up](..)", "/w"),
        ] {
            assert!(leads(text, "/w/a/plan.md", target), "{text} to {target}");
        }
        for (text, target) in [
            ("[x](spec.md)", "/w/b/spec.md"),
            ("[x](spec.md)", "/w/a/tasks.md"),
            ("[x](../b/spec.md)", "/w/a/spec.md"),
            ("[[spec]]", "/w/a/tasks.md"),
            ("text [ ] and [x] (spec.md)", "/w/a/spec.md"),
        ] {
            assert!(!leads(text, "/w/a/plan.md", target), "{text} to {target}");
        }
    }
}
