//! What is under the cursor: the tree-sitter tree of one segment, which survives half-typed text.

use crate::text::Span;
use pulldown_cmark::{Event, Options, Parser as CommonMark};
use ropey::Rope;
use std::ops::ControlFlow;
use std::sync::OnceLock;
use tree_sitter::{InputEdit, Node, ParseOptions, Parser, Point, Tree};

/// What kind of text a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surroundings {
    /// A paragraph or list item.
    Prose,
    /// A heading.
    Heading,
    /// A table cell.
    Cell,
    /// A fenced or indented code block, or a code span.
    Code,
    /// HTML or a comment.
    Html,
    /// The target or label of a link.
    LinkTarget,
    /// Front matter.
    Metadata,
}

impl Surroundings {
    /// Whether ids are only text here, and nothing of ours is offered.
    #[must_use]
    pub fn is_literal(self) -> bool {
        matches!(self, Self::Code | Self::Html | Self::LinkTarget | Self::Metadata)
    }
}

/// Inline parsing has inputs that take it seconds per kilobyte, so a longer block is not parsed for its inlines.
const MOST_INLINE: usize = 16 * 1024;
/// How often the inline parser may report progress before it is stopped: about 10 ms of work.
const MOST_PROGRESS: usize = 200;

/// A longer segment is not parsed for a selection: this is two milliseconds of work, again after each edit.
pub(crate) const MOST_BLOCKS: usize = 8 * 1024;

/// The elements of `text` around byte `at`, outer ones first, without a tree: some fifteen times as fast, for a segment that
/// is long because a document has few headings.
pub(crate) fn elements_around(text: &str, at: usize) -> Vec<Span> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = CommonMark::new_ext(text, options).into_offset_iter();
    let begun = events.filter(|(event, _)| !matches!(event, Event::End(_) | Event::Text(_)));
    let before = begun.map(|(_, range)| range).take_while(|range| range.start <= at);
    before.filter(|range| at <= range.end).map(|range| Span::new(range.start, range.end)).collect()
}

/// The block tree of one segment, made when it is first asked for, from the tree before the edit if there was one.
#[derive(Debug, Default)]
pub(crate) struct Syntax {
    before: Option<Tree>,
    tree: OnceLock<Option<Tree>>,
}

impl Syntax {
    /// The syntax of the segment after an edit that replaced `old` by text up to `new_end`, both relative to its start.
    pub(crate) fn edited(&self, old: Span, new_end: usize) -> Self {
        let before = self.tree.get().cloned().flatten().or_else(|| self.before.clone());
        let before = before.map(|mut tree| {
            // Only bytes are asked of these trees, so the points need not be true.
            tree.edit(&InputEdit {
                start_byte: old.start as usize,
                old_end_byte: old.end as usize,
                new_end_byte: new_end,
                start_position: Point::default(),
                old_end_position: Point::default(),
                new_end_position: Point::default(),
            });
            tree
        });
        Self { before, tree: OnceLock::new() }
    }

    /// Whether the tree has been made.
    pub(crate) fn is_parsed(&self) -> bool {
        self.tree.get().is_some()
    }

    fn tree(&self, rope: &Rope, segment: Span) -> Option<&Tree> {
        let parse = || {
            let mut parser = Parser::new();
            parser.set_language(&tree_sitter_md::LANGUAGE.into()).ok()?;
            let end = segment.end as usize;
            let mut chunk = |offset: usize, _| {
                let at = segment.start as usize + offset;
                if at >= end {
                    return "";
                }
                let (text, start, _, _) = rope.chunk_at_byte(at);
                &text[at - start..(end - start).min(text.len())]
            };
            parser.parse_with_options(&mut chunk, self.before.as_ref(), None)
        };
        self.tree.get_or_init(parse).as_ref()
    }

    /// The nodes around the byte `offset` of the segment, relative to its start: blocks, then what is inline there.
    pub(crate) fn enclosing(&self, rope: &Rope, segment: Span, offset: u32) -> Vec<Span> {
        let mut out = Vec::new();
        let Some(tree) = self.tree(rope, segment) else { return out };
        let at = offset as usize;
        let mut node = tree.root_node();
        let mut inline = None;
        while let Some(child) = child_at(node, at) {
            node = child;
            if matches!(node.kind(), "inline" | "pipe_table_cell") {
                inline = Some(node.byte_range());
            }
            // A section is what the facts say it is.
            if node.is_named() && node.kind() != "section" {
                out.push(Span::new(node.start_byte(), node.end_byte()));
            }
        }
        let Some(bytes) = inline.filter(|bytes| bytes.len() <= MOST_INLINE) else { return out };
        let base = segment.start as usize;
        let text = rope.byte_slice(base + bytes.start..base + bytes.end).to_string();
        let Some(tree) = inline_tree(&text) else { return out };
        let mut node = tree.root_node();
        while let Some(child) = inside(node, at - bytes.start) {
            node = child;
            if node.is_named() {
                out.push(Span::new(bytes.start + node.start_byte(), bytes.start + node.end_byte()));
            }
        }
        out
    }

    /// What the byte `offset` of the segment is in.
    pub(crate) fn surroundings(&self, rope: &Rope, segment: Span, offset: u32) -> Surroundings {
        let Some(tree) = self.tree(rope, segment) else { return Surroundings::Prose };
        let at = offset as usize;
        let mut node = tree.root_node();
        let mut found = Surroundings::Prose;
        let mut inline = None;
        while let Some(child) = child_at(node, at) {
            node = child;
            match node.kind() {
                "fenced_code_block" | "indented_code_block" => return Surroundings::Code,
                "html_block" => return Surroundings::Html,
                "minus_metadata" | "plus_metadata" => return Surroundings::Metadata,
                "link_reference_definition" => return Surroundings::LinkTarget,
                "atx_heading" | "setext_heading" => found = Surroundings::Heading,
                "pipe_table" => found = Surroundings::Cell,
                "inline" | "pipe_table_cell" => inline = Some(node.byte_range()),
                _ => {}
            }
        }
        let Some(inline) = inline else { return found };
        let bytes = segment.start as usize + inline.start..segment.start as usize + inline.end;
        inline_surroundings(rope, bytes, at - inline.start).unwrap_or(found)
    }
}

/// The tree of the inlines in `text`; none where it takes too long.
fn inline_tree(text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_md::INLINE_LANGUAGE.into()).ok()?;
    let mut steps = 0;
    let mut patience = |_: &tree_sitter::ParseState| {
        steps += 1;
        if steps > MOST_PROGRESS { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut patience);
    parser.parse_with_options(&mut |offset, _| text.as_bytes().get(offset..).unwrap_or_default(), None, Some(options))
}

/// The smallest child that holds `at`, which may be just behind its last byte.
fn child_at(node: Node<'_>, at: usize) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    let mut best = None;
    for child in node.children(&mut cursor) {
        if child.start_byte() <= at && at <= child.end_byte() {
            best = Some(child);
        }
    }
    best
}

fn inline_surroundings(rope: &Rope, bytes: std::ops::Range<usize>, at: usize) -> Option<Surroundings> {
    if bytes.len() > MOST_INLINE {
        return None;
    }
    let tree = inline_tree(&rope.byte_slice(bytes).to_string())?;
    let mut node = tree.root_node();
    // Just behind a closing mark one is outside; strictly inside, in.
    while let Some(child) = inside(node, at) {
        node = child;
        match node.kind() {
            "code_span" => return Some(Surroundings::Code),
            "html_tag" => return Some(Surroundings::Html),
            "link_destination" | "link_label" | "link_title" | "uri_autolink" | "email_autolink" => {
                return Some(Surroundings::LinkTarget);
            }
            _ => {}
        }
    }
    None
}

fn inside(node: Node<'_>, at: usize) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| {
        let edge = matches!(child.kind(), "link_destination" | "link_label" | "link_title");
        if edge {
            child.start_byte() <= at && at <= child.end_byte()
        } else {
            child.start_byte() < at && at < child.end_byte()
        }
    })
}
