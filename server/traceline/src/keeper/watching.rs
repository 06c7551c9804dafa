//! Who sees changes on disk: the client or, where it tells of none, a watch of our own.

use crate::watch::Watch;

/// Who sees changes on disk.
pub(super) enum Watching {
    Client,
    /// Ourselves, as soon as it is set up.
    Wanted,
    Own(Watch),
}

impl Watching {
    /// Who it is, in a word.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Client => "editor",
            Self::Wanted | Self::Own(Watch { missed: None, .. }) => "server",
            Self::Own(Watch { missed: Some(_), .. }) => "server in part",
        }
    }
}
