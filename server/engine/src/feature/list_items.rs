//! Items of lists and rows of tables as they are written: blanks, mark, checkbox, bars; and how what follows them begins.

/// What a list item's line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head<'a> {
    /// The blanks before the mark.
    pub(crate) indent: &'a str,
    /// `-`, `*`, `+`, `3.` or `3)`.
    pub(crate) mark: &'a str,
    /// The blanks behind it.
    gap: &'a str,
}

impl<'a> Head<'a> {
    /// The head of the item that begins on `line`; none where none does.
    pub(crate) fn of(line: &'a str) -> Option<Self> {
        let own = line.trim_start_matches([' ', '\t']);
        let indent = &line[..line.len() - own.len()];
        let digits = own.bytes().take_while(u8::is_ascii_digit).count();
        let sign = own[digits..].bytes().next()?;
        let is_mark = if digits == 0 { matches!(sign, b'-' | b'*' | b'+') } else { matches!(sign, b'.' | b')') };
        let (mark, behind) = own.split_at_checked(digits + 1).filter(|_| is_mark && digits < 10)?;
        let gap = &behind[..behind.len() - behind.trim_start_matches([' ', '\t']).len()];
        (!gap.is_empty() || behind.is_empty()).then_some(Self { indent, mark, gap })
    }

    /// The number of an ordered item, and the sign behind it.
    pub(crate) fn number(&self) -> Option<(u64, &'a str)> {
        let sign = self.mark.len() - 1;
        Some((self.mark[..sign].parse().ok()?, &self.mark[sign..]))
    }

    /// The blanks with which an item below this one begins: a tab where tabs are the way, else as far as this one's text.
    pub(crate) fn below(&self, tabs: bool) -> String {
        if tabs || self.indent.contains('\t') {
            return format!("{}\t", self.indent);
        }
        let gap = if matches!(self.gap.len(), 1..=4) { self.gap.len() } else { 1 };
        format!("{}{}", self.indent, " ".repeat(self.mark.len() + gap))
    }
}

/// The first item below the one whose lines these are.
pub(crate) fn first_below<'a>(lines: impl IntoIterator<Item = &'a str>) -> Option<Head<'a>> {
    let mut lines = lines.into_iter();
    let own = Head::of(lines.next()?)?;
    let deeper = |head: &Head<'_>| head.indent.len() > own.indent.len() && head.indent.starts_with(own.indent);
    lines.filter_map(Head::of).find(deeper)
}

/// An item's head for the next one: the number of an ordered one goes on, and its box is open.
pub(crate) fn counted_on(head: &str) -> String {
    let number = Head::of(head).and_then(|own| Some((own, own.number()?)));
    let Some((own, (number, sign))) = number else { return opened(head) };
    opened(&format!("{}{}{sign}{}", own.indent, number + 1, &head[own.indent.len() + own.mark.len()..]))
}

/// An item's head for another one that is not done.
pub(crate) fn opened(head: &str) -> String {
    let mut out = head.to_string();
    let bytes = out.as_bytes();
    let ticked = bytes.windows(3).position(|it| it[0] == b'[' && it[2] == b']' && it[1].is_ascii_graphic());
    if let Some(at) = ticked.filter(|at| Head::of(&out[..*at]).is_some()) {
        out.replace_range(at + 1..at + 2, " ");
    }
    out
}

/// Whether nothing but an item's head stands on `line`: a mark, perhaps a box, perhaps a task's number.
pub(crate) fn is_empty(line: &str) -> bool {
    let Some(head) = Head::of(line) else { return false };
    let rest = line[head.indent.len() + head.mark.len()..].trim();
    let rest = rest.strip_prefix('[').and_then(|rest| rest.get(1..)?.strip_prefix(']')).unwrap_or(rest).trim();
    rest.is_empty() || rest.ends_with('.') && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// How many bars end a cell in a row of a table: one that is escaped is text.
pub(crate) fn bars(row: &str) -> usize {
    row.matches('|').count() - row.matches("\\|").count()
}

/// The marks of the ordered items in `lines` that follow one another from `first` on at the blanks `indent`, each with its
/// line, where one number has become taken: they are counted on until a number is free. Where all have one number, they stay.
pub(crate) fn marks_counted_on<'a>(
    lines: impl IntoIterator<Item = &'a str>,
    indent: &str,
    first: u64,
) -> Vec<(usize, usize, String)> {
    let mut out = Vec::new();
    let mut expected = first;
    for (at, line) in lines.into_iter().enumerate() {
        let Some(head) = Head::of(line) else {
            let own = line.trim_start_matches([' ', '\t']);
            // Text in the margin or a heading ends the list; blank lines and what is indented belong to it.
            if own.is_empty() || line.len() - own.len() > indent.len() { continue } else { break }
        };
        if head.indent.len() > indent.len() {
            continue;
        }
        match head.number() {
            Some((number, sign)) if head.indent == indent && number == expected => {
                out.push((at, head.mark.len(), format!("{}{sign}", number + 1)));
                expected += 1;
            }
            Some((number, _)) if head.indent == indent && number < expected => return Vec::new(),
            _ => break,
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_a_mark_and_its_blanks() {
        let of = |line: &'static str| Head::of(line).map(|head| (head.indent, head.mark));
        assert_eq!(of("  - x"), Some(("  ", "-")));
        assert_eq!(of("\t10) x"), Some(("\t", "10)")));
        assert_eq!(of("*"), Some(("", "*")));
        for line in ["-x", "**x**", "1.1 x", "", "words", "2026"] {
            assert_eq!(of(line), None, "{line}");
        }
    }

    #[test]
    fn what_is_below_begins_under_the_text_or_behind_a_tab() {
        let below = |line: &str, tabs| Head::of(line).unwrap().below(tabs);
        assert_eq!(below("- [ ] x", false), "  ");
        assert_eq!(below("  10. x", false), "      ");
        assert_eq!(below("\t* x", false), "\t\t");
        assert_eq!(below("- x", true), "\t");
    }

    #[test]
    fn the_next_item_has_the_next_number_and_an_open_box() {
        assert_eq!(counted_on("2. **"), "3. **");
        assert_eq!(counted_on("- [x] **"), "- [ ] **");
        assert_eq!(counted_on("- [FR]"), "- [FR]");
        assert_eq!(counted_on("- "), "- ");
    }

    #[test]
    fn only_heads_are_empty() {
        for line in ["- ", "2. ", "- [ ] ", "- [ ] 2. ", "  * [x] 2.1. "] {
            assert!(is_empty(line), "{line}");
        }
        for line in ["- x", "2. y", "- [ ] 2. z", "", "---", "- 5"] {
            assert!(!is_empty(line), "{line}");
        }
    }

    #[test]
    fn marks_go_on_until_one_is_free() {
        let marks = |text: &str, first| {
            let found = marks_counted_on(text.lines(), "", first);
            found.into_iter().map(|(line, _, new)| format!("{line} {new}")).collect::<Vec<_>>()
        };
        assert_eq!(marks("2. b\n   more\n\n   - x\n3. c\n5. e\n", 2), ["0 3.", "4 4."]);
        assert_eq!(marks("1. b\n1. c\n", 1), [""; 0], "all have one number");
        assert_eq!(marks("2. b\n\n## Next\n\n3. c\n", 2), ["0 3."]);
    }
}
