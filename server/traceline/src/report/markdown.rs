//! Text as Markdown that shows it as it is, wherever a forge renders it.

/// Text in a line or a table's cell that shows as it is, but for code between back-quotes.
pub(crate) fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    let closes = text.matches('`').count().is_multiple_of(2);
    for character in text.chars() {
        match character {
            '`' if closes => code = !code,
            '|' => out.push('\\'),
            '\n' | '\r' => {
                out.push(' ');
                continue;
            }
            _ if code => {}
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '#' | '~' | '`' | '@' | '$' => out.push('\\'),
            _ => {}
        }
        out.push(character);
    }
    out
}

/// Text as a block of code of a language, whatever fences it holds itself.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_one_line_that_shows_as_it_is() {
        assert_eq!(inline("`FR_1` is *not* | defined\nhere"), r"`FR_1` is \*not\* \| defined here");
        assert_eq!(inline("`a|b`"), r"`a\|b`");
        assert_eq!(inline("a ` b_c"), r"a \` b\_c");
    }

    #[test]
    fn a_fence_is_longer_than_those_inside() {
        assert_eq!(fenced("diff", "a\n"), "```diff\na\n```");
        assert_eq!(fenced("", "````md\n````"), "`````\n````md\n````\n`````");
    }
}
