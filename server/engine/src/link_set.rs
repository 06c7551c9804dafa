//! What the links of a text lead to, as bits: most files that hold no link to one that moves are told so without being read.

use crate::path::FilePath;

/// The targets of a text's links. A link may be said to be there that is not, never the other way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkSet([u64; 2]);

/// So many bits of the second half tell of targets; the others tell how far up a link goes.
const LOW: u32 = 56;

impl LinkSet {
    /// Where a link may lead anywhere.
    const ANYWHERE: Self = Self([u64::MAX; 2]);

    /// Those of `text`, in code or not.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut all = Self::default();
        for at in memchr::memchr3_iter(b']', b'[', b'=', text.as_bytes()) {
            let (ends, wiki) = match text.as_bytes()[at..] {
                [b']', b'(', ..] => (&b")#\t>"[..], false),
                [b']', b':', ..] => (&b"#\t>"[..], false),
                [b'=', b'"', ..] => (&b"\"#"[..], false),
                [b'[', b'[', ..] => (&b"]#|"[..], true),
                _ => continue,
            };
            let target = text[at + 2..].trim_start_matches(['<', ' ']);
            let end = target.bytes().position(|byte| matches!(byte, b'\n' | b'\r') || ends.contains(&byte));
            all.add(&target[..end.unwrap_or(target.len())], wiki);
        }
        all
    }

    fn add(&mut self, target: &str, wiki: bool) {
        let (mut ups, mut inside) = (0, String::new());
        for part in target.split('/') {
            match part {
                "" | "." => {}
                ".." if inside.is_empty() => {
                    ups += 1;
                    // A folder above is led to, whatever its name.
                    self.set(bits(ups, ""));
                }
                // Written in another way than usual.
                _ if part == ".." || part.contains('%') => *self = Self::ANYWHERE,
                _ if wiki => self.set(bits(WIKI, stem(part.trim()))),
                name => {
                    // A blank ends a target, more or less.
                    if let Some((first, _)) = name.split_once(' ') {
                        self.set(bits(ups, &format!("{inside}{first}")));
                    }
                    inside.push_str(name);
                    self.set(bits(ups, &inside));
                    inside.push('/');
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
            if self.may_hold(bits(ups, target.as_str().get(start..).unwrap_or_default())) {
                return true;
            }
            if start == 0 {
                break;
            }
            start = target.as_str()[..start - 1].rfind('/').map_or(0, |slash| slash + 1);
        }
        self.may_hold(bits(WIKI, stem(target.name())))
    }
}

/// Stands for how far wiki links go up: they name files by their names alone.
const WIKI: usize = usize::MAX;

fn stem(name: &str) -> &str {
    name.strip_suffix(".md").unwrap_or(name)
}

/// The bits of a path behind so many steps up: two of the first half, one of the second.
fn bits(ups: usize, inside: &str) -> [u64; 2] {
    let mut hash = (ups as u64).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for byte in inside.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        hash ^= hash >> 29;
    }
    [1 << (hash >> 58) | 1 << (hash >> 52 & 63), 1 << ((hash >> 32 & 0xFFFF) % u64::from(LOW))]
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
