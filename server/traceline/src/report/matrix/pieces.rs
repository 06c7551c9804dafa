//! Long lists, each stretch of things written on whichever core is free while those before it go out, in their order.

use crate::parallel::in_order;
use std::io::{self, Write};

/// So many things are made one text.
const PIECE: usize = 512;

/// Writes what `one` makes of each number below `count`, with `between` between them.
pub(super) fn write(
    out: &mut impl Write,
    count: usize,
    between: &str,
    one: impl Fn(&mut String, usize) + Sync,
) -> io::Result<()> {
    let text_of = |piece: usize| {
        let mut text = String::new();
        for at in piece * PIECE..count.min((piece + 1) * PIECE) {
            if at > 0 {
                text.push_str(between);
            }
            one(&mut text, at);
        }
        text
    };
    in_order(count.div_ceil(PIECE), text_of, |text| out.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn all_is_there_in_order() {
        for count in [0, 1, 2, PIECE, 10 * PIECE + 3] {
            let mut out = Vec::new();
            write(&mut out, count, ",", |text, at| write!(text, "{at}").unwrap()).unwrap();
            let wanted: Vec<String> = (0..count).map(|at| at.to_string()).collect();
            assert!(String::from_utf8(out).unwrap() == wanted.join(","), "{count}");
        }
    }
}
