//! What a rule found: its place and words, what would mend it, and what it is told together with.

use super::doubt::Doubted;
use super::identity::Identity;
use super::repeated::MOST_PLACES;
use super::{Check, Rule};
use crate::edit::{Edit, Fix};
use crate::id::Id;
use crate::outline::Mend;
use crate::query::Place;
use crate::settings::Level;
use crate::text::Span;
use std::borrow::Cow;

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How serious it is here.
    pub level: Level,
    /// The text it is about.
    pub span: Span,
    /// The fact, in the user's words.
    pub message: String,
    /// What would work.
    pub help: Option<Cow<'static, str>>,
    /// Edits that make it go away; of some only after [`super::complete`].
    pub fix: Option<Fix>,
    /// Edits that each mend a part of it, where it tells of several things; after [`super::complete`].
    pub steps: Vec<Fix>,
    /// Other places that it is about, each with what they have to do with it.
    pub related: Vec<(Place, String)>,
    /// What makes it less sure than its rule.
    pub doubt: Option<Doubted>,
    /// What it is about, so that it is known again after other edits; only after [`super::identity::identify`].
    pub identities: Vec<Identity>,
    /// Whether the text could go without loss; editors fade it.
    pub unnecessary: bool,
    /// Whether the text means what holds no more; editors strike it through.
    pub deprecated: bool,
    /// Whether another finding tells of its cause already: then it stays a hint, however loud its rule is.
    pub(super) beside: bool,
    /// Whether it says that hardly any of the document is written yet.
    pub(super) hardly_begun: bool,
    /// Whether it says of a requirement that it does not bind, and that binds in another language.
    pub(super) translated: bool,
    /// What a fix does that needs the document's text, and how.
    pub(super) mend: Option<(String, Mend)>,
    /// The same of each part that can be mended alone.
    pub(super) mends: Vec<(String, Mend)>,
    /// Whether these follow the template that the workspace keeps.
    pub(super) by_form: bool,
    /// What it is one of, where several like it are told together.
    pub(super) part: Option<Part>,
    /// The names of all that are told together here, where there are several.
    pub(super) told: Vec<String>,
    /// The id that nothing defines, and whether it can be replaced alone.
    pub(super) unknown: Option<(Id, bool)>,
    /// An id that is defined elsewhere. The places of that move while the finding is kept, so they are looked up last.
    pub(super) elsewhere: Option<Id>,
}

/// One of several findings that have one cause, and are told together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    /// Where they are told, if there are several.
    pub(super) home: Span,
    /// What this one is about.
    pub(super) name: String,
}

impl Finding {
    pub(super) fn new(rule: &'static Rule, span: Span, message: String) -> Self {
        Self {
            rule,
            level: rule.level.unwrap_or(Level::Hint),
            span,
            message,
            help: None,
            fix: None,
            steps: Vec::new(),
            related: Vec::new(),
            doubt: None,
            identities: Vec::new(),
            unnecessary: false,
            deprecated: false,
            beside: false,
            hardly_begun: false,
            translated: false,
            mend: None,
            mends: Vec::new(),
            part: None,
            by_form: false,
            told: Vec::new(),
            unknown: None,
            elsewhere: None,
        }
    }

    /// Whether another finding of the file tells of its cause already.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        self.beside
    }

    /// Whether its fix needs the file's text: [`super::complete`] makes it.
    #[must_use]
    pub fn awaits_text(&self) -> bool {
        self.mend.is_some()
    }

    /// Names further places of the file that it is about.
    pub(super) fn also_at(&mut self, check: &Check<'_>, places: &[Span], what: &str) {
        let place = |span: &Span| Place { path: check.view.path.clone(), span: *span };
        self.related.extend(places.iter().take(MOST_PLACES).map(|span| (place(span), what.to_string())));
    }

    /// Says that another finding tells of its cause.
    pub(super) fn set_beside(&mut self) {
        (self.beside, self.level) = (true, Level::Hint);
    }

    pub(super) fn shifted(&self, by: u32) -> Self {
        let mut moved = self.clone();
        moved.span = moved.span.shifted(by);
        if let Some(part) = &mut moved.part {
            part.home = part.home.shifted(by);
        }
        if let Some(fix) = &mut moved.fix {
            for Edit { span, .. } in &mut fix.edits {
                *span = span.shifted(by);
            }
        }
        moved
    }
}
