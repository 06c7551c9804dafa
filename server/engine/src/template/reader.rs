//! Reading a template's Markdown: headings become sections, comments their help, and mistakes are told.

use super::heading::Heading;
use super::schema::{Label, Mistake, Options, Schema, Slot};
use crate::dialect::{Dialect, Role};
use crate::facts::{Context, Cut, Facts, Section, read as read_facts, title_key};
use crate::text::{Span, lines_of};
use std::ops::Range;

/// The schema that the template `text` says, and what in it cannot be meant. What can is in force all the same.
#[must_use]
pub fn read(text: &str, dialect: &Dialect) -> (Schema, Vec<Mistake>) {
    let mut reading = read_facts(text, dialect, Role::Template, Cut::Never, Context::default(), true, &|_| false);
    let facts = reading.parts.pop().map(|part| part.facts).unwrap_or_default();
    let mut reader = Reader { text, facts: &facts, schema: Schema::default(), mistakes: Vec::new(), open: Vec::new() };
    reader.read();
    (reader.schema, reader.mistakes)
}

struct Reader<'a> {
    text: &'a str,
    facts: &'a Facts,
    schema: Schema,
    mistakes: Vec<Mistake>,
    /// The sections around the present one, with the level of their headings.
    open: Vec<(u8, usize)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let sections: Vec<&Section> = self.facts.sections.iter().filter(|section| section.top).collect();
        if sections.is_empty() {
            let message = "a template needs headings: they are the sections that it asks for".to_string();
            self.mistakes.push(Mistake { span: Span::new(0, self.text.len().min(1)), message });
        }
        for (at, section) in sections.iter().enumerate() {
            let end = sections.get(at + 1).map_or(self.text.len(), |next| next.start as usize);
            let head_end = section.head.range().end;
            let body = self.text[head_end..end].find('\n').map_or(end, |line| head_end + line + 1);
            if section.level == 1 && at == 0 {
                self.title(section, body..end);
            } else {
                self.section(section, body..end);
            }
        }
        let brackets = self.facts.placeholders.iter().copied().chain(self.facts.brackets.iter().map(|it| it.span));
        let inner = |span: Span| self.text[span.range()].strip_prefix('[')?.strip_suffix(']');
        self.schema.hints = brackets.filter_map(inner).map(title_key).collect();
        // Names that the scaffold asks for.
        for slot in &self.schema.slots {
            let filled = slot.heading.numbered(1);
            let hint = filled.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            self.schema.hints.extend(hint.map(|(words, _)| title_key(words)));
        }
    }

    fn mistake(&mut self, range: Range<usize>, message: String) {
        self.mistakes.push(Mistake { span: Span::new(range.start, range.end), message });
    }

    fn heading(&mut self, section: &Section) -> Heading {
        let head = section.head.range();
        let (heading, wrong) = Heading::read(self.text[head.clone()].trim());
        for (range, message) in wrong {
            self.mistake(head.start + range.start..head.start + range.end, message);
        }
        heading
    }

    fn title(&mut self, section: &Section, body: Range<usize>) {
        self.schema.title = Some(self.heading(section));
        let (help, _, rest) = self.comment(body);
        self.schema.help = help;
        self.schema.preface = self.text[rest].trim().to_string();
    }

    fn section(&mut self, section: &Section, body: Range<usize>) {
        let head = section.head.range();
        let heading = self.heading(section);
        if section.level == 1 {
            self.mistake(head, "a template has one title, and it comes first".into());
            return;
        }
        while self.open.last().is_some_and(|(level, _)| *level >= section.level) {
            self.open.pop();
        }
        let parent = self.open.last().map(|(_, slot)| *slot);
        let above = self.open.last().map_or(1, |(level, _)| *level);
        if section.level > above + 1 {
            let message = format!("a heading of level {} cannot stand right under one of level {above}", section.level);
            self.mistake(head.clone(), message);
        }
        let (help, options, rest) = self.comment(body);
        let text = self.text[rest.clone()].trim().to_string();
        let siblings = self.schema.children_of(parent).to_vec();
        let same = siblings.iter().copied().find(|at| self.schema.slots[*at].heading.pattern == heading.pattern);
        if let Some(same) = same {
            self.open.push((section.level, same));
            if !self.schema.slots[same].options.repeats {
                let message =
                    format!("`{}` is asked for twice; say `<!-- repeats -->` if there may be several", heading.shown());
                self.mistake(head, message);
            } else if !help.is_empty() || options != Options::default() {
                self.mistake(head, "the comment of a repeated section stands below the first of them".into());
            }
            self.schema.slots[same].bodies.push((heading, text));
            return;
        }
        if options.sequence && !heading.pattern.is_numbered() {
            self.mistake(head.clone(), "`sequence` needs `{n}` in the heading".into());
        }
        let at = self.schema.slots.len();
        let trace = self.facts.traces.iter().find(|trace| rest.contains(&(trace.line.start as usize))).map(|trace| {
            let (line, value) = (trace.line.range(), trace.value.range());
            format!("{}%{}", &self.text[line.start..value.start], &self.text[value.end..line.end])
        });
        if let Some(key) = heading.pattern.key {
            self.schema.keys.entry(key).or_default().push(at);
        }
        match parent {
            Some(parent) => self.schema.slots[parent].children.push(at),
            None => self.schema.top.push(at),
        }
        self.open.push((section.level, at));
        self.schema.slots.push(Slot {
            depth: u8::try_from(self.open.len()).unwrap_or(u8::MAX),
            parent,
            children: Vec::new(),
            options,
            help,
            trace,
            labels: labels(&text),
            bodies: vec![(heading.clone(), text)],
            heading,
        });
    }

    /// The help and options of the comments that begin `body`, and what follows them.
    fn comment(&mut self, body: Range<usize>) -> (String, Options, Range<usize>) {
        let (mut help, mut options) = (String::new(), Options::default());
        let mut at = body.start;
        loop {
            let rest = &self.text[at..body.end];
            let start = at + (rest.len() - rest.trim_start().len());
            let Some(inner) = self.text[start..body.end].strip_prefix("<!--") else { break };
            let inner = if let Some(close) = inner.find("-->") {
                at = start + 4 + close + 3;
                start + 4..start + 4 + close
            } else {
                self.mistake(start..start + 4, "this comment is not closed by `-->`".into());
                at = body.end;
                start + 4..body.end
            };
            // A comment that speaks to this program is none of the template's.
            if self.text[inner.clone()].trim_start().starts_with("traceline:") {
                at = start;
                break;
            }
            let words = self.options(inner, &mut options);
            if !words.is_empty() {
                help = if help.is_empty() { words } else { format!("{help}\n\n{words}") };
            }
        }
        (help, options, at..body.end)
    }

    /// Takes the options at a comment's start, and returns the rest, which is help.
    fn options(&mut self, inner: Range<usize>, options: &mut Options) -> String {
        const KNOWN: [&str; 5] = ["optional", "usual", "spare", "repeats", "sequence"];
        let text = &self.text[inner.clone()];
        let (head, help) = text.split_once(':').map_or((text, ""), |(head, help)| (head, help));
        let words: Vec<&str> = head.split([',', ' ', '\n', '\t']).filter(|word| !word.is_empty()).collect();
        let near = |word: &str| {
            KNOWN
                .iter()
                .copied()
                .filter(|known| strsim::osa_distance(known, word) <= 2)
                .min_by_key(|known| strsim::osa_distance(known, word))
        };
        // Help that begins with a word and a colon is help.
        if words.is_empty() || words.len() > KNOWN.len() || !words.iter().all(|word| near(word).is_some()) {
            return text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        for word in words {
            match word {
                "optional" => options.optional = true,
                "usual" => (options.optional, options.usual) = (true, true),
                "spare" => (options.optional, options.spare) = (true, true),
                "repeats" => options.repeats = true,
                "sequence" => options.sequence = true,
                wrong => {
                    let start = inner.start + text.find(wrong).unwrap_or_default();
                    let known = near(wrong).unwrap_or_default();
                    self.mistake(
                        start..start + wrong.len(),
                        format!("unknown option `{wrong}`, did you mean `{known}`?"),
                    );
                }
            }
        }
        help.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The labelled bullets of a section's text; a label in brackets is a hint itself.
fn labels(body: &str) -> Vec<Label> {
    let label = |line: Range<usize>| {
        let line = &body[line];
        let inner = line.strip_prefix(['-', '*', '+'])?.trim_start().strip_prefix("**")?;
        let (name, rest) = inner.split_once("**")?;
        let name = name.trim_end_matches([':', '：']);
        let labelled = rest.trim_start().starts_with([':', '：']) || inner[..inner.len() - rest.len()].ends_with(":**");
        (labelled && !name.starts_with('['))
            .then(|| Label { name: name.to_string(), line: line.trim_end().to_string() })
    };
    lines_of(body).filter_map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<(String, String)> {
        let (_, mistakes) = read(text, &Dialect::home());
        mistakes.into_iter().map(|it| (text[it.span.range()].to_string(), it.message)).collect()
    }

    #[test]
    fn the_markdown_says_the_schema() {
        let text = "# Design: {name}\n\n## Context\n<!-- optional: Why\n     now. -->\n\n- **Owner**: [name]\n\n_Covers: [ids]_\n\n## Steps\n\n### Step {n}\n<!-- repeats, sequence -->\n\n[What is done]\n";
        let (schema, mistakes) = read(text, &Dialect::home());
        assert_eq!(mistakes, []);
        assert!(schema.is_titled("design log in") && !schema.is_titled("plan"));
        let [context, steps, step] = &schema.slots[..] else { panic!("{schema:#?}") };
        assert_eq!((context.help.as_str(), context.options.optional), ("Why now.", true));
        assert_eq!(context.trace.as_deref(), Some("_Covers: %_"));
        assert_eq!(context.labels[0].line, "- **Owner**: [name]");
        assert_eq!((steps.children.as_slice(), step.parent, step.depth), ([2].as_slice(), Some(1), 2));
        assert_eq!(step.options, Options { repeats: true, sequence: true, ..Options::default() });
        assert!(schema.hints.contains(&title_key("name")) && schema.hints.contains(&title_key("What is done")));
    }

    #[test]
    fn mistakes_are_told_where_they_are() {
        assert_eq!(mistakes("words\n")[0].1, "a template needs headings: they are the sections that it asks for");
        assert_eq!(
            mistakes("# T\n\n## A\n\n## B\n\n## A\n")[0],
            ("A".into(), "`A` is asked for twice; say `<!-- repeats -->` if there may be several".into())
        );
        assert_eq!(
            mistakes("# T\n\n## A\n<!-- optinal: x -->\n")[0],
            ("optinal".into(), "unknown option `optinal`, did you mean `optional`?".into())
        );
        assert_eq!(mistakes("# T\n\n## A\n<!-- note: x -->\n"), []);
        assert_eq!(
            mistakes("# T\n\n## A\n\n#### B\n")[0],
            ("B".into(), "a heading of level 4 cannot stand right under one of level 2".into())
        );
        assert_eq!(mistakes("# T\n\n# U\n")[0], ("U".into(), "a template has one title, and it comes first".into()));
        assert_eq!(mistakes("# T\n\n## A\n<!-- sequence -->\n")[0].1, "`sequence` needs `{n}` in the heading");
        assert_eq!(mistakes("# T\n\n## A {nam}\n")[0].0, "{nam}");
    }
}
