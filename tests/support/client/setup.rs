//! What a client is and can do, said before it starts a server.

use serde_json::{Value, json};

use crate::{Encoding, Workspace, capabilities};

/// What the client tells the server at the start.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What it can do.
    pub capabilities: Value,
    /// `initializationOptions`; left out when null.
    pub options: Value,
    /// What it answers to `workspace/configuration`.
    pub settings: Value,
    /// Paths of workspace folders, from the workspace's root; `""` is the root itself.
    pub folders: Vec<&'static str>,
    /// Whether it registers what the server wants registered.
    pub registers: bool,
    /// What goes wrong in the server on purpose (`TRACELINE_FAULT`); only debug builds do that.
    pub fault: Option<&'static str>,
    /// How much it logs (`TRACELINE_LOG`).
    pub log: Option<&'static str>,
    /// Whose death should end the server.
    pub parent: Option<u32>,
}

impl Setup {
    /// A client with these capabilities and one folder, the workspace's root.
    #[must_use]
    pub fn new(capabilities: Value) -> Self {
        Self {
            capabilities,
            options: Value::Null,
            settings: json!({}),
            folders: vec![""],
            registers: true,
            fault: None,
            log: None,
            parent: None,
        }
    }

    /// A client that can do everything.
    #[must_use]
    pub fn rich() -> Self {
        Self::new(capabilities::rich())
    }

    /// A client that can do everything and asks for diagnostics.
    #[must_use]
    pub fn pulling() -> Self {
        Self::new(capabilities::pulling())
    }

    /// A client that can do nothing.
    #[must_use]
    pub fn bare() -> Self {
        Self::new(capabilities::bare())
    }

    /// The same with these encodings offered.
    #[must_use]
    pub fn offering(self, encodings: &[Encoding]) -> Self {
        Self { capabilities: capabilities::offering(self.capabilities, encodings), ..self }
    }

    /// The same with these settings.
    #[must_use]
    pub fn with_settings(self, settings: Value) -> Self {
        Self { settings, ..self }
    }

    pub(super) fn initialize(&self, workspace: &Workspace) -> Value {
        let uri = |folder: &str| if folder.is_empty() { workspace.root_uri() } else { workspace.uri(folder) };
        let folders: Vec<Value> = self.folders.iter().map(|it| json!({ "uri": uri(it), "name": it })).collect();
        let mut params = json!({
            "processId": self.parent,
            "clientInfo": { "name": "traceline-tests" },
            "rootUri": self.folders.first().map(|it| uri(it)),
            "capabilities": self.capabilities,
            "workspaceFolders": folders,
        });
        if !self.options.is_null() {
            params["initializationOptions"] = self.options.clone();
        }
        params
    }
}
