//! Requirements that are given up and stay where they are: struck through, marked behind the id, by a line about their
//! status, or listed under a heading that says it of all.

use super::Form;
use super::inline::{named_number, number_end};
use super::line_head::{behind_symbols, behind_tags, checkbox};
use super::reader::{Nest, Reader};
use super::signs::Signs;
use super::trace_opening::first_colon;
use crate::dialect::Role;
use crate::dialect::{Lexicon, Withdrawn, contains};
use crate::id::{Families, Id};
use crate::text::Trim;
use std::ops::Range;

/// The words that a dialect has for it.
struct Words<'d> {
    table: &'d Withdrawn,
    families: &'d Families,
    /// What stands before a number: `Requirement 3`.
    nouns: &'d Lexicon,
}

/// No cell and no line about a status is longer, in bytes.
const LONGEST_NOTE: usize = 120;

impl Reader<'_> {
    fn withdrawn_words(&self) -> Words<'_> {
        let nouns = &self.dialect.table.traces.nouns;
        Words { table: &self.dialect.table.withdrawn, families: &self.dialect.families, nouns }
    }

    fn deferred_words(&self) -> Words<'_> {
        let nouns = &self.dialect.table.traces.nouns;
        Words { table: &self.dialect.deferred, families: &self.dialect.families, nouns }
    }

    /// Brings up to date whether requirements are withdrawn here, or put off, whatever they say themselves.
    pub(super) fn heed_withdrawal(&mut self) {
        self.builder.withdraws = self.context.withdraws();
        self.builder.defers = self.context.defers();
    }

    /// Whether the statement that fills `block` and whose id is at `id` says that it is given up, and what takes its place.
    pub(super) fn withdrawal(&self, id: &Range<usize>, block: &Range<usize>, form: Form) -> Option<Vec<Id>> {
        let words = self.withdrawn_words();
        let (before, behind) = self.around(id, block);
        let says = self.builder.withdraws || words.gives_up(before, behind, form);
        says.then(|| words.successors(behind))
    }

    /// What stands in `block` before the id at `id`, and behind it.
    fn around(&self, id: &Range<usize>, block: &Range<usize>) -> (&str, &str) {
        (&self.text[block.start.min(id.start)..id.start], &self.text[id.end.min(block.end)..block.end])
    }

    /// Marks the definition if its statement says that it is given up; whether it is.
    pub(super) fn heed_statement(&mut self, index: usize, id: &Range<usize>, block: &Range<usize>, form: Form) -> bool {
        if !matches!(form, Form::Name | Form::Scenario) {
            self.heed_former_names(index, id.end.min(block.end)..block.end);
        }
        let found = self.withdrawal(id, block, form);
        if let Some(by) = &found {
            self.builder.withdraw(index, by);
        } else {
            let (before, behind) = self.around(id, block);
            if self.deferred_words().gives_up(before, behind, form) {
                self.builder.defer(index);
            }
        }
        found.is_some()
    }

    /// Whether the brackets at `range` say that something is given up: `[REMOVED - no longer applicable]`.
    pub(super) fn notes_withdrawal(&self, range: &Range<usize>) -> bool {
        self.withdrawn_words().says(&self.text[range.clone()])
    }

    /// Where a block goes on behind a mark that withdraws what it states, or puts it off: `[DEPRECATED] **FR-3**`.
    pub(super) fn behind_mark(&self, start: usize, end: usize) -> Option<usize> {
        let text = &self.text[start..end];
        let mark = self.withdrawn_words().mark(text).or_else(|| self.deferred_words().mark(text));
        mark.map(|mark| start + mark)
    }

    /// Says that the requirements below a heading with these words are withdrawn, if it says so or states one that is.
    pub(super) fn heed_heading(&mut self, words: &str) {
        let headings = &self.dialect.table.withdrawn.headings;
        let all = self.role == Role::Spec && contains(headings, words.trim_matches(|c: char| !c.is_alphanumeric()));
        if all || self.headed.is_some_and(|made| self.builder.is_withdrawn(made)) {
            self.context.set_withdrawn();
        }
        let later = &self.dialect.deferred.headings;
        let all = self.role == Role::Spec && contains(later, words.trim_matches(|c: char| !c.is_alphanumeric()));
        if all || self.headed.is_some_and(|made| self.builder.is_deferred(made)) {
            self.context.set_deferred();
        }
        self.heed_withdrawal();
    }

    /// Marks the requirement of a row whose cell says nothing else; in a column about its `status` it may say why.
    pub(super) fn heed_cell(&mut self, index: usize, cell: &str, status: bool) {
        let words = self.withdrawn_words();
        let bare = cell.trim_matches(|c: char| !c.is_alphanumeric());
        if cell.len() > LONGEST_NOTE {
            return;
        }
        if words.fills(bare, status) || words.says_successor(bare) {
            let by = words.successors(bare);
            self.builder.withdraw(index, &by);
        } else if self.deferred_words().fills(bare, status) {
            self.builder.defer(index);
        }
    }

    /// Marks the requirement around a line about its status: `**Status**: Withdrawn`.
    pub(super) fn heed_status(&mut self, line: &Range<usize>) {
        if self.role != Role::Spec || line.len() > LONGEST_NOTE || !self.signs.hold(Signs::COLON | Signs::WIDE) {
            return;
        }
        let text = &self.text[line.clone()];
        let Some(Range { start: colon, .. }) = first_colon(text) else { return };
        let key = text[..colon].trim_matches(|c: char| !c.is_alphanumeric());
        if !contains(&self.dialect.table.withdrawn.keys, key) {
            return;
        }
        let words = self.withdrawn_words();
        if !words.says(&text[colon..]) {
            self.heed_put_off(&text[colon..]);
            return;
        }
        let by = words.successors(&text[colon..]);
        if let Some(index) = self.stated_by_item() {
            self.builder.withdraw(index, &by);
        } else if let Some(index) = self.headed {
            self.builder.withdraw(index, &by);
            self.context.set_withdrawn();
            self.heed_withdrawal();
        }
    }
}

impl Reader<'_> {
    /// Marks the counted criterion that fills `block` if it says that it is put off.
    pub(super) fn heed_deferral(&mut self, index: usize, block: &Range<usize>) {
        if self.deferred_words().gives_up("", &self.text[block.clone()], Form::Counted) {
            self.builder.defer(index);
        }
    }

    /// The same for one that is put off: `**Status**: Deferred`.
    fn heed_put_off(&mut self, value: &str) {
        if !self.deferred_words().says(value) {
            return;
        }
        if let Some(index) = self.stated_by_item() {
            self.builder.defer(index);
        } else if let Some(index) = self.headed {
            self.builder.defer(index);
            self.context.set_deferred();
            self.heed_withdrawal();
        }
    }

    /// The definition of the item around, else that of the heading.
    pub(super) fn definition_around(&self) -> Option<usize> {
        self.stated_by_item().or(self.headed)
    }

    /// The definition of the item around.
    fn stated_by_item(&self) -> Option<usize> {
        self.nest.iter().rev().find_map(|nest| match nest {
            Nest::Item(item) => item.definition,
            _ => None,
        })
    }
}

impl Words<'_> {
    /// Whether a statement says that it is given up: what stands before its id and behind it.
    fn gives_up(&self, before: &str, behind: &str, form: Form) -> bool {
        self.mark(before).is_some()
            || self.strikes(before, behind)
            // A name that is one of these words is a name.
            || form != Form::Name && self.says(behind)
            || form == Form::Item && self.says_at_end(behind)
            || matches!(form, Form::Heading | Form::Numbered | Form::Name) && self.says_last(behind)
    }

    /// Whether a cell says nothing else; in a column about the `status` it may say why.
    fn fills(&self, cell: &str, status: bool) -> bool {
        self.table.words.starting(cell).any(|end| end == cell.len() || status && is_noted(&cell[end..]))
    }

    /// The length of the mark that `text` begins with, which withdraws what follows it: `[DEPRECATED] `, `(removed) `,
    /// `**Withdrawn:** `. Without brackets it is emphasised or in capitals.
    fn mark(&self, text: &str) -> Option<usize> {
        const PAIRS: [(char, char); 5] = [('[', ']'), ('(', ')'), ('（', '）'), ('【', '】'), ('［', '］')];
        // Most lines begin with a word in small letters, and are turned away here.
        match *text.as_bytes() {
            [] | [b'*'] | [b'*', b'*'] => return None,
            [first, second, ..]
                if first.is_ascii_alphanumeric()
                    && second.is_ascii()
                    && !(first.is_ascii_uppercase() && second.is_ascii_uppercase()) =>
            {
                return None;
            }
            _ => {}
        }
        let boxed = checkbox(text, 0, text.len()).map_or(0, |(_, at)| at);
        let from = behind_symbols(text, behind_tags(text, boxed, text.len()), text.len());
        let open = text[from..].trim_start_matches(['*', '_', '~', '`', ' ']);
        let emphasised = text[from..].starts_with(['*', '_', '`']);
        let word_at = |text: &str| self.table.words.longest_start(text);
        let first = open.chars().next()?;
        let rest = if let Some((_, close)) = PAIRS.iter().find(|(sign, _)| *sign == first) {
            let (note, rest) = open[first.len_utf8()..].split_once(*close)?;
            let note = note.trim_matches(['*', '_', '~', '`', ' ']);
            if !is_noted(&note[word_at(note)?..]) {
                return None;
            }
            rest
        } else {
            let loud = first.is_uppercase() && open.chars().nth(1).is_some_and(char::is_uppercase);
            if !(emphasised || loud) {
                return None;
            }
            let end = word_at(open)?;
            let (word, rest) = (&open[..end], &open[end..]);
            let closed = rest.trim_start_matches([':', '：']).starts_with(['*', '_', '`']);
            let loud = word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
            if !(emphasised && closed || loud && rest.starts_with([':', '：', ' '])) {
                return None;
            }
            rest
        };
        let rest = rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, '*' | '_' | '~' | '`' | ':' | '：' | '—' | '–' | '-')
        });
        // The marks of what follows belong to it.
        let marks = text[..text.len() - rest.len()].trim_end_matches(['*', '_', '~']).len();
        Some(marks)
    }

    /// Whether a statement ends with such a word in square brackets: `… text [REMOVED]`.
    fn says_at_end(&self, behind: &str) -> bool {
        let text = behind.trimmed_end().trim_end_matches(['*', '_', '.', '`']);
        let Some(inner) = text.strip_suffix([']', '】']) else { return false };
        let note =
            inner.rfind(['[', '【']).map_or("", |open| inner[open..].trim_start_matches(['[', '【', '*', '_', ' ']));
        self.table.words.starting(note).any(|end| is_noted(&note[end..]))
    }

    /// Whether an id is struck through, or all of its statement is: `before` the id and `behind` it in its block.
    fn strikes(&self, before: &str, behind: &str) -> bool {
        if !self.table.struck {
            return false;
        }
        let deleted = |tag: &str| before.contains(tag) && behind.contains("</");
        if before.len() > 2 && ["<del>", "<s>", "<strike>"].iter().any(|tag| deleted(tag)) {
            return behind.rfind('>').is_some_and(|close| !self.is_fulfilled(&behind[close + 1..]));
        }
        if before.len() > 1 && before.as_bytes().windows(2).any(|pair| pair == b"~~") {
            return behind.find("~~").is_some_and(|close| !self.is_fulfilled(&behind[close + 2..]));
        }
        let Some(struck) = statement(behind).strip_prefix("~~") else { return false };
        let Some(close) = struck.find("~~") else { return false };
        // What follows is the new wording, unless it says why the old one went.
        let rest = &struck[close + 2..];
        rest.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() && !self.is_fulfilled(rest) || self.says(rest)
    }

    fn is_fulfilled(&self, text: &str) -> bool {
        let begins = |text: &str| {
            let mut ends = self.table.fulfilled.starting(text);
            ends.any(|end| !text[end..].starts_with(|c: char| c.is_ascii_alphanumeric()))
        };
        let bare = text.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ':' | '—' | '–' | '-' | '*' | '_' | '(' | '[')
        });
        begins(bare) || begins(bare.trim_start_matches(|c: char| !c.is_alphanumeric()))
    }

    /// Whether the text behind an id begins by saying that it is given up.
    fn says(&self, behind: &str) -> bool {
        let mut text = statement(behind);
        let (mut bracketed, mut marked) = (false, false);
        while !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            let bare = text.trim_start_matches(['*', '_', ' ']);
            marked |= text.starts_with(['*', '_']);
            let inner = bare.trim_start_matches(['(', '[', '（', '【', '［']);
            bracketed |= inner.len() < bare.len();
            if inner.len() == text.len() {
                break;
            }
            text = inner;
        }
        if self.says_successor(text) {
            return true;
        }
        let word = self.table.words.longest_start(text);
        let Some(rest) = word.map(|end| &text[end..]) else { return false };
        let closed = rest.trim_start_matches(['*', '_', '~', '`']);
        if bracketed {
            return is_noted(closed) || self.says_successor(closed.trim_start());
        }
        let emphasised = marked && closed.len() < rest.len();
        // `*Removed in v2*` is a note, `**Removed** users are …` no more than a stress.
        emphasised && closed.starts_with([':', '：'])
            || is_ended(closed)
            || self.says_successor(closed.trim_start())
            || marked && !emphasised && is_noted(rest)
    }

    /// Whether a heading ends by saying so: `### FR-3: Title (withdrawn)`, `### FR-3: Title — withdrawn`.
    fn says_last(&self, behind: &str) -> bool {
        let text = behind.trim_end_matches(['#', ' ', '*', '_', '~']);
        if text.ends_with([')', ']', '）', '】', '］']) {
            let Some(open) = text.rfind(['(', '[', '（', '【', '［']) else { return false };
            let note = &text[open..];
            // `(Status: Archived - superseded by FR-20)`
            let status = note.find([':', '：']).filter(|colon| {
                contains(&self.table.keys, note[..*colon].trim_matches(|c: char| !c.is_alphanumeric()))
            });
            return self.says(note)
                || status.is_some_and(|colon| self.says(&note[colon..]))
                || !self.successors(note).is_empty();
        }
        if text.is_ascii() && !text.contains('-') {
            return false;
        }
        let last = ["—", "–", " - "].iter().filter_map(|dash| text.rsplit_once(dash)).map(|(_, last)| last.trimmed());
        let shortest = last.min_by_key(|last| last.len());
        shortest.is_some_and(|last| self.table.words.starting(last).any(|end| end == last.len()))
    }

    /// Whether `text` begins with the words before a successor, and one stands behind them.
    fn says_successor(&self, text: &str) -> bool {
        let end = self.table.successors.longest_start(text);
        end.is_some_and(|end| !self.ids(&text[end..]).is_empty())
    }

    /// The ids that `text` says take the place of what it gives up.
    fn successors(&self, text: &str) -> Vec<Id> {
        let mut before = None;
        for (at, c) in text.char_indices() {
            let inside = |c: char| c.is_ascii_alphanumeric();
            if !(before.is_some_and(inside) && inside(c)) {
                let end = self.table.successors.longest_start(&text[at..]);
                let ids = end.map(|end| self.ids(&text[at + end..])).unwrap_or_default();
                if !ids.is_empty() {
                    return ids;
                }
            }
            before = Some(c);
        }
        Vec::new()
    }

    /// The list of ids that `text` begins with.
    fn ids(&self, text: &str) -> Vec<Id> {
        const MARKS: [char; 10] = [' ', ':', '：', '*', '_', '`', '[', '(', '§', '\u{a0}'];
        let mut out = Vec::new();
        let mut at = text.len() - text.trim_start_matches(MARKS).len();
        loop {
            let end = match self.families.token_at(text, at) {
                Some(token) if !token.wildcard() => token.end,
                _ => match number_end(text.as_bytes(), at).filter(|end| text[at..*end].contains('.')) {
                    Some(end) => end,
                    None => {
                        let letters = text[at..].bytes().take_while(u8::is_ascii_alphabetic).count();
                        let named = named_number(text, at..at + letters, text.len(), self.nouns);
                        let Some(named) = named else { return out };
                        at = named.start;
                        named.end
                    }
                },
            };
            out.push(Id::new(&text[at..end]));
            let rest = text[end..].trim_start_matches([']', '*', '_', '`']);
            // `[FR-7](#fr-7)`
            let rest = match rest.strip_prefix('(').filter(|_| text[end..].starts_with(']')) {
                Some(target) => target.split_once(')').map_or("", |(_, rest)| rest),
                None => rest,
            };
            let list = rest.trim_start();
            let next = list.strip_prefix([',', '&', '/', '+', '、', '，']).unwrap_or(list).trim_start();
            let word = next.find(' ').filter(|at| *at <= 4 && next[..*at].bytes().all(|b| b.is_ascii_lowercase()));
            let next = word.map_or(next, |at| next[at..].trim_start()).trim_start_matches(MARKS);
            if next.len() == rest.len() {
                return out;
            }
            at = text.len() - next.len();
        }
    }
}

/// Where the statement begins behind an id: without the marks and separators between the two.
fn statement(behind: &str) -> &str {
    let marks = behind.bytes().take_while(|byte| matches!(byte, b'*' | b'_')).count();
    let start = &behind[marks..];
    start.trim_start_matches(|c: char| {
        !(c.is_alphanumeric() || matches!(c, '(' | '[' | '（' | '【' | '［' | '*' | '_' | '~' | '<' | '`' | '"' | '\''))
    })
}

/// Whether nothing that goes on with the sentence follows.
fn is_ended(rest: &str) -> bool {
    let text = rest.trim_start_matches(['*', '_', '~']).trim_start();
    let whole = match text.strip_prefix('(') {
        // `Removed (see below)`, but not `Removed (soft-deleted) users are …`
        Some(inner) => inner.split_once(')').map_or("", |(_, rest)| rest).trim_start_matches(['*', '_', '~', ' ']),
        None => text,
    };
    let dash = rest.starts_with([' ', '\u{a0}']) && (whole.starts_with("- ") || whole.starts_with("-- "));
    whole.is_empty() || dash || whole.starts_with(['.', ';', '—', '–', '→', '。', '；'])
}

/// Whether a note in brackets or emphasis ends behind its word, or goes on with a reason, a date or a version.
fn is_noted(rest: &str) -> bool {
    const ENDS: [char; 17] =
        [')', ']', '）', '】', '］', ',', '.', ';', ':', '—', '–', '→', '，', '。', '；', '：', '/'];
    if rest.is_empty() || rest.starts_with(ENDS) {
        return true;
    }
    let Some(text) = rest.strip_prefix([' ', '\u{a0}']) else { return false };
    let text = text.trim_start();
    if text.starts_with(['-', '—', '–', '→', '(']) {
        return true;
    }
    // `removed in v2.0`, `withdrawn 2024-05-01`, `as of 3.1`
    let short = |word: &&str| word.len() <= 3 && word.bytes().all(|b| b.is_ascii_lowercase());
    let mut words = text.split(' ');
    let first = words.find(|word| !short(word)).unwrap_or_default();
    first.trim_start_matches(['v', 'V', '#']).starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn said(before: &str, behind: &str, heading: bool) -> Option<Vec<String>> {
        let home = Dialect::home();
        let (table, nouns) = (&home.table.withdrawn, &home.table.traces.nouns);
        let words = Words { table, families: &home.families, nouns };
        let says = words.strikes(before, behind) || words.says(behind) || heading && words.says_last(behind);
        says.then(|| words.successors(behind).iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_statement_says_that_it_is_given_up() {
        for (before, behind) in [
            ("~~**", "**: The system locks.~~"),
            ("~~", "~~: locks"),
            ("~~**", "** Locks~~ text about what holds now."),
            ("**", "**: ~~The system\n  locks.~~"),
            ("**", "**: ~~locks~~ (removed)"),
            ("**", "** (withdrawn)"),
            ("**", " (withdrawn)**: The system locks."),
            ("**", "** [DEPRECATED]: locks"),
            ("**", "**: [REMOVED - no longer applicable]"),
            ("**", "**: (removed in v2.0) locks"),
            ("**", "** (deprecated since 2024-01)"),
            ("**", "**: Withdrawn."),
            ("**", "**: Removed — nobody used it."),
            ("**", "** — withdrawn"),
            ("**", "**: _Removed — moved elsewhere._"),
            ("**", "**: *Withdrawn in v3*"),
            ("**", "**: **Deprecated**: locks"),
            ("**", "**: ❌ Removed (see below)"),
            ("**", "**：已废弃"),
            ("**", "**（廃止）: ロック"),
            ("**", "**: Entfallen."),
            ("**", "** (отозвано): текст"),
        ] {
            assert_eq!(said(before, behind, false), Some(Vec::new()), "{before}FR-3{behind}");
        }
        for title in [": Lock accounts (withdrawn)", " — Lock accounts — withdrawn", ": Lock [DEPRECATED] ##"] {
            assert_eq!(said("", title, true), Some(Vec::new()), "{title}");
            assert_eq!(said("", title, false), None, "{title}");
        }
    }

    #[test]
    fn a_mark_may_stand_before_the_id() {
        let home = Dialect::home();
        let (table, nouns) = (&home.table.withdrawn, &home.table.traces.nouns);
        let words = Words { table, families: &home.families, nouns };
        let rest = |text: &'static str| words.mark(text).map(|end| &text[end..]);
        for text in [
            "[DEPRECATED] **FR-3**: x",
            "(removed) **FR-3**: x",
            "**[Removed in v2]** **FR-3**: x",
            "【廃止】**FR-3**: x",
            "**Withdrawn:** **FR-3**: x",
            "DEPRECATED: **FR-3**: x",
            "_Entfallen_ — **FR-3**: x",
            "- [ ] [DEPRECATED] **FR-3**: x".trim_start_matches("- "),
            "⚠️ `DEPRECATED` **FR-3**: x",
        ] {
            assert_eq!(rest(text), Some("**FR-3**: x"), "{text}");
        }
        for text in
            ["Removed users (FR-3)", "[P] **FR-3**", "(optional) FR-3", "[Removed users] FR-3", "**FR-3** [removed]"]
        {
            assert_eq!(rest(text), None, "{text}");
        }
    }

    #[test]
    fn a_sentence_with_such_a_word_is_none_of_it() {
        for (before, behind) in [
            ("**", "**: Removed users MUST stay in the history."),
            ("**", "**: REMOVED 的探针改用共用 matcher"),
            ("**", "**: Deprecated (legacy) endpoints MUST answer 410."),
            ("**", "**: **Removed** users MUST stay."),
            ("**", "**: Deprecated, unmaintained plug-ins MUST be listed."),
            ("**", "** (Deleted users): They MUST stay."),
            ("**", "** (removed-user handling): It MUST stay."),
            ("**", "**: Replaced by-products MUST be listed."),
            ("**", "**: Superseded by the new flow where that is on."),
            ("**", "**: ~~Old wording~~ New wording."),
            ("**", "**: Text with ~~a word~~ that went."),
            ("~~**", "**~~ — ✅ DONE"),
            ("~~**", "** Locks.~~ **Satisfied by #314**"),
            ("**", "**: The system returns 410 (deprecated)"),
        ] {
            assert_eq!(said(before, behind, false), None, "{before}FR-3{behind}");
        }
        assert_eq!(said("", ": Lock accounts (deprecated endpoints)", true), None);
        assert_eq!(said("", ": Well-being — removed users", true), None);
    }

    #[test]
    fn what_takes_its_place_is_named() {
        for (behind, by) in [
            ("**: Superseded by FR-7", &["FR-7"][..]),
            ("** (withdrawn, replaced by **FR-7**)", &["FR-7"]),
            ("**: [REMOVED - merged into FR-003]", &["FR-003"]),
            ("**: _Consolidated into FR-009._ Text.", &["FR-009"]),
            ("**: Withdrawn; superseded by FR-7, FR-8 and [FR-9](#fr-9).", &["FR-7", "FR-8", "FR-9"]),
            ("** (superseded by 2.3)", &["2.3"]),
            ("** (superseded by Requirement 2 and Requirement 3)", &["2", "3"]),
            ("**: Ersetzt durch FR-7.", &["FR-7"]),
            ("**: 替换为 FR-7", &["FR-7"]),
        ] {
            let by: Vec<String> = by.iter().map(ToString::to_string).collect();
            assert_eq!(said("**", behind, false), Some(by), "{behind}");
        }
        let archived = said("", ": Title (Status: Archived - superseded by FR-20)", true);
        assert_eq!(archived, Some(vec!["FR-20".to_string()]));
    }
}
