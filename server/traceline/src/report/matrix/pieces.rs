//! Long lists, each thing written on whichever core is free, in their order.

use crate::parallel::in_pieces;
use std::io::{self, Write};

/// So many things are held as text at a time.
const MOST: usize = 1 << 15;

/// Fewer are written in one thread.
const FEW: usize = 1024;

/// Writes what `one` makes of each of `items`, with `between` between them.
pub(super) fn write<T: Sync>(
    out: &mut impl Write,
    items: &[T],
    between: &str,
    one: impl Fn(&mut String, &T) + Sync,
) -> io::Result<()> {
    let mut first = true;
    for some in items.chunks(MOST) {
        let texts = in_pieces(some, FEW, |piece| {
            let mut text = String::new();
            for (at, item) in piece.iter().enumerate() {
                if at > 0 {
                    text.push_str(between);
                }
                one(&mut text, item);
            }
            vec![text]
        });
        for text in texts {
            if !first {
                out.write_all(between.as_bytes())?;
            }
            first = false;
            out.write_all(text.as_bytes())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    #[test]
    fn all_is_there_in_order() {
        for count in [0, 1, 2, 2_000, MOST + 3] {
            let items: Vec<usize> = (0..count).collect();
            let mut out = Vec::new();
            write(&mut out, &items, ",", |text, item| write!(text, "{item}").unwrap()).unwrap();
            let wanted: Vec<String> = items.iter().map(ToString::to_string).collect();
            assert!(String::from_utf8(out).unwrap() == wanted.join(","), "{count}");
        }
    }
}
