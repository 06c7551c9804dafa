//! What code actions are: the place that they are asked for, their kinds, what is offered, and what an action does.

use crate::edit::{Fix, Refusal};
use crate::feature::Source;
use crate::feature::refactoring::renumber::Elsewhere;
use crate::id::Id;
use crate::path::FilePath;
use crate::rule::{Finding, Rule};
use crate::text::Span;
use crate::world::Snapshot;

/// The place that actions are asked for.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The moment.
    pub snapshot: &'a Snapshot,
    /// Texts of closed files.
    pub source: &'a dyn Source,
    /// The open document.
    pub path: &'a FilePath,
    /// The selection, or the cursor.
    pub span: Span,
}

/// What an action is for, from the widest to the narrowest that an editor asks by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It mends a finding.
    QuickFix,
    /// It changes the text where nothing is wrong.
    Rewrite,
    /// It mends all of the file that is sure.
    FixAll,
    /// It puts the file's trace lines in order.
    Organize(Style),
}

impl Kind {
    /// The kinds without the styles, most used first.
    pub const ALL: [Kind; 6] = [
        Kind::QuickFix,
        Kind::Rewrite,
        Kind::FixAll,
        Kind::Organize(Style::Keep),
        Kind::Organize(Style::Join),
        Kind::Organize(Style::WriteOut),
    ];

    /// The kind in the protocol's words (LSP 3.17, `CodeActionKind`).
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::QuickFix => "quickfix",
            Self::Rewrite => "refactor.rewrite",
            Self::FixAll => "source.fixAll.traceline",
            Self::Organize(Style::Keep) => "source.organizeTraces",
            Self::Organize(Style::Join) => "source.organizeTraces.join",
            Self::Organize(Style::WriteOut) => "source.organizeTraces.writeOut",
        }
    }

    /// Whether it is among what was asked for: `refactor` asks for `refactor.rewrite` too. Of the ways to organize, a client
    /// that asks for `source.organizeTraces`, perhaps on each save, gets the one.
    #[must_use]
    pub fn is_wanted(self, only: Option<&[&str]>) -> bool {
        let variant = matches!(self, Self::Organize(Style::Join | Style::WriteOut));
        let Some(only) = only else { return !variant };
        only.iter().any(|wanted| {
            let rest = self.name().strip_prefix(*wanted);
            let within = wanted.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
            within && !(variant && *wanted == Self::Organize(Style::Keep).name())
        })
    }
}

/// An action that can be taken.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What it does, in the imperative.
    pub title: String,
    /// What it is for.
    pub kind: Kind,
    /// Whether it is what most would do.
    pub preferred: bool,
    /// What it mends.
    pub mends: Option<Finding>,
    /// What is done.
    pub deed: Deed,
    /// Why it cannot be done now.
    pub disabled: Option<Refusal>,
}

/// What an action does, before it is known which edits that takes.
#[derive(Clone, Debug)]
pub enum Deed {
    /// The fix of a finding.
    Fix(Fix),
    /// All fixes of one rule in the file.
    FixRule(&'static Rule),
    /// All fixes in the file that are sure.
    FixAll,
    /// The trace lines in the span, or all of the file, in order.
    Organize(Style, Option<Span>),
    /// The id defined in the specification; the reference at the span then names it.
    Define(Id, Option<Span>),
    /// A new requirement before this one, which gets the next number as all behind it do.
    Insert(Id),
    /// The numbers of what follows the requirement at the place in order.
    Renumber(Elsewhere),
    /// This requirement given up.
    Retire(Id),
    /// This requirement split into these.
    Split(Id, Vec<Id>),
    /// These requirements merged into the first of them.
    Merge(Vec<Id>),
    /// A trace line for the task or section at the place, with ids that speak of the same; or with this one.
    Trace(Option<Id>),
    /// The task at the place done or open again.
    Toggle,
    /// What the template has and the document lacks.
    FillIn,
    /// The requirement of this scope written down as reviewed.
    Review(FilePath, Id),
}

impl Offer {
    pub(super) fn new(title: String, kind: Kind, deed: Deed) -> Self {
        Self { title, kind, preferred: false, mends: None, deed, disabled: None }
    }
}

/// What becomes of ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// They stay.
    Keep,
    /// Three or more ids in a row become one.
    Join,
    /// Each becomes its ids.
    WriteOut,
}
