//! What the headings above a place mean for it: whose criteria are listed there, and what a change does.

use crate::dialect::ChangeKind;
use crate::id::Id;
use crate::text::Trim;

/// What the headings so far mean for what follows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    open: Vec<OpenSection>,
    /// A fence of Markdown was ended by a fence inside it: what follows was meant as its example.
    spilled: bool,
    /// The file's front matter says that it is written for an agent.
    prompt: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OpenSection {
    level: u8,
    id: Option<Id>,
    meaning: Meaning,
    change: Option<ChangeKind>,
    /// Requirements below are withdrawn.
    withdrawn: bool,
    /// Requirements below are put off.
    deferred: bool,
    /// Requirements below are named again, and stated elsewhere.
    restates: bool,
    /// Tables below say what is traced to what.
    lists: bool,
    /// The number that the heading begins with, where it states no requirement.
    number: Option<Id>,
}

/// What a heading means for the items below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing.
    Plain,
    /// Ordered items below it, or below a heading of criteria in it, are counted.
    Counts,
    /// It lists the criteria of the requirement above it.
    Criteria,
}

impl Context {
    pub(super) fn enter(&mut self, level: u8, id: Option<Id>, meaning: Meaning) {
        self.leave(level);
        let (change, withdrawn) = (self.change(), self.withdraws());
        let (deferred, restates, lists) = (self.defers(), self.restates(), self.lists());
        let number = None;
        self.open.push(OpenSection { level, id, meaning, change, withdrawn, deferred, restates, lists, number });
    }

    /// Whether the requirements here are put off.
    pub(super) fn defers(&self) -> bool {
        self.open.last().is_some_and(|section| section.deferred)
    }

    /// Says that the requirements in the section that was entered last are put off.
    pub(super) fn set_deferred(&mut self) {
        if let Some(section) = self.open.last_mut() {
            section.deferred = true;
        }
    }

    /// Whether the requirements here are named again, and stated elsewhere.
    pub(super) fn restates(&self) -> bool {
        self.open.last().is_some_and(|section| section.restates)
    }

    /// Says that the section that was entered last names requirements again.
    pub(super) fn set_restates(&mut self) {
        if let Some(section) = self.open.last_mut() {
            section.restates = true;
        }
    }

    /// Whether the tables here say what is traced to what.
    pub(super) fn lists(&self) -> bool {
        self.open.last().is_some_and(|section| section.lists)
    }

    /// Says that the tables in the section that was entered last say what is traced to what.
    pub(super) fn set_lists(&mut self) {
        if let Some(section) = self.open.last_mut() {
            section.lists = true;
        }
    }

    /// Gives the section that was entered last its number.
    pub(super) fn set_number(&mut self, number: Id) {
        if let Some(section) = self.open.last_mut() {
            section.number = Some(number);
        }
    }

    /// The number of the section whose criteria are listed here: `### 2. Oars` above `#### Criteria`.
    pub(super) fn section_of_criteria(&self) -> Option<&Id> {
        let mut sections = self.open.iter().rev();
        sections.next().filter(|inner| inner.meaning == Meaning::Criteria)?;
        sections.next()?.number.as_ref()
    }

    /// Whether the requirements here are withdrawn.
    pub(super) fn withdraws(&self) -> bool {
        self.open.last().is_some_and(|section| section.withdrawn)
    }

    /// Says that the requirements in the section that was entered last are withdrawn.
    pub(super) fn set_withdrawn(&mut self) {
        if let Some(section) = self.open.last_mut() {
            section.withdrawn = true;
        }
    }

    /// What the sections around do with the requirements in them.
    pub(super) fn change(&self) -> Option<ChangeKind> {
        self.open.last().and_then(|section| section.change)
    }

    /// Says what the section that was entered last does with the requirements in it.
    pub(super) fn set_change(&mut self, change: ChangeKind) {
        if let Some(section) = self.open.last_mut() {
            section.change = Some(change);
        }
    }

    /// Leaves the sections that a heading of this level ends.
    pub(super) fn leave(&mut self, level: u8) {
        while self.open.last().is_some_and(|section| section.level >= level) {
            self.open.pop();
        }
    }

    /// The named requirement that a heading of this level is right below.
    pub(super) fn name_above(&self, level: u8) -> Option<&Id> {
        let above = self.open.last().filter(|section| section.level + 1 == level)?;
        above.id.as_ref().filter(|_| above.meaning == Meaning::Plain)
    }

    /// Whether no heading but the title stands above.
    pub(super) fn is_near_top(&self) -> bool {
        self.open.len() <= 1
    }

    /// Whether the file is written for an agent.
    pub(super) fn is_prompt(&self) -> bool {
        self.prompt
    }

    /// Says that the file is written for an agent.
    pub(super) fn set_prompt(&mut self) {
        self.prompt = true;
    }

    /// Whether the text here was meant to stand in a fence.
    pub(super) fn is_spilled(&self) -> bool {
        self.spilled
    }

    /// Notes a fenced block: an example in Markdown ends too soon where it holds a fence as long as its own.
    pub(super) fn fence(&mut self, block: &str) {
        let mut lines = block.lines();
        let first = lines.next().unwrap_or_default().trim_start();
        let info = first.trim_start_matches(['`', '~', ' ']).trimmed_end();
        let mark = &first[..first.bytes().take_while(|b| matches!(b, b'`' | b'~')).count()];
        let markdown = matches!(info, "markdown" | "md" | "Markdown");
        if !(markdown || self.spilled) {
            return;
        }
        let inner = lines.any(|line| {
            let rest = line.trim_start().strip_prefix(mark).filter(|_| !mark.is_empty());
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
        });
        self.spilled = if self.spilled { info.is_empty() && !inner } else { inner };
    }

    /// The requirement around, whose items would be counted where it lists its criteria.
    pub(super) fn owner(&self) -> Option<&Id> {
        self.open.iter().rev().find(|section| section.meaning == Meaning::Counts)?.id.as_ref()
    }

    /// The requirement right above a heading that says nothing of criteria: what is listed below may be such all the same.
    pub(super) fn loose_parent(&self) -> Option<&Id> {
        let mut sections = self.open.iter().rev();
        sections.next().filter(|inner| inner.meaning == Meaning::Plain && inner.id.is_none())?;
        sections.next().filter(|owner| owner.meaning == Meaning::Counts)?.id.as_ref()
    }

    /// Whether a heading above says that criteria are listed here, of whatever requirement.
    pub(super) fn is_in_criteria(&self) -> bool {
        self.open.iter().any(|section| section.meaning == Meaning::Criteria)
    }

    /// The id whose criteria are being listed here.
    pub(super) fn counted_parent(&self) -> Option<&Id> {
        let mut sections = self.open.iter().rev();
        let mut inner = sections.next()?;
        // A heading inside the criteria groups them: `#### Acceptance Criteria`, `##### Errors`.
        if inner.meaning == Meaning::Plain {
            inner = sections.next().filter(|outer| outer.meaning == Meaning::Criteria)?;
        }
        let owner = if inner.meaning == Meaning::Criteria { sections.next()? } else { inner };
        owner.id.as_ref().filter(|_| owner.meaning == Meaning::Counts)
    }

    /// The id that the nearest heading around states whose items count.
    pub(super) fn stated_parent(&self) -> Option<&Id> {
        self.open.iter().rev().find(|section| section.meaning == Meaning::Counts)?.id.as_ref()
    }
}
