//! The client's settings: those in force, those that the session began with, and what was said of them.

use crate::config::client::{self, ClientSettings};
use std::sync::Arc;

/// The client's settings, and what was said of them.
#[derive(Debug, Default)]
pub(crate) struct KeptSettings {
    in_force: Arc<ClientSettings>,
    /// Those of the session's beginning.
    first: Arc<ClientSettings>,
    warning: Option<String>,
}

impl KeptSettings {
    /// Keeps the settings with which the session begins; see [`Self::keep`].
    pub(crate) fn keep_first(&mut self, sent: &serde_json::Value) -> Option<String> {
        let warning = self.keep(sent);
        self.first = Arc::clone(&self.in_force);
        warning
    }

    /// Keeps the settings that the client sent; where it has none, those of the session's beginning count. What is wrong
    /// with them is returned once, not each time they are sent.
    pub(crate) fn keep(&mut self, sent: &serde_json::Value) -> Option<String> {
        let Some((settings, warning)) = client::decode(sent) else {
            self.in_force = Arc::clone(&self.first);
            return None;
        };
        self.in_force = Arc::new(settings);
        let fresh = warning.clone().filter(|_| self.warning != warning);
        self.warning = warning;
        fresh
    }

    /// Those that are in force.
    pub(crate) fn in_force(&self) -> Arc<ClientSettings> {
        Arc::clone(&self.in_force)
    }
}
