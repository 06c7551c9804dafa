//! The state of a task's checkbox.

/// The state of a task's checkbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// `[ ]`
    Open,
    /// `[x]`
    Done,
    /// `[-]`, `[~]` and other marks: begun or set aside.
    Other,
}

impl State {
    /// The state's name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Other => "in-progress",
        }
    }
}
