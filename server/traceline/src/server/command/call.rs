//! How a command is called: its name, its function, and its arguments, of which a wrong one is refused in the user's words.

use crate::server::state::Server;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, ProgressToken};

/// A command's answer on its way.
pub(super) type Answer<'a> = Pin<Box<dyn Future<Output = Result<Option<LSPAny>>> + Send + 'a>>;

/// A command that an editor can have done.
pub(crate) struct Command {
    /// Its permanent name.
    pub(crate) name: &'static str,
    /// As with every handler, its first act is to post to the keeper; only the answer waits.
    pub(super) run: fn(&Server, Arguments) -> Result<Answer<'_>>,
}

/// The arguments of a command that were not read yet.
pub(crate) struct Arguments {
    command: String,
    rest: std::vec::IntoIter<LSPAny>,
    /// Where the client wants to see how the work goes on.
    pub(crate) progress: Option<ProgressToken>,
}

impl Arguments {
    pub(super) fn of(params: ExecuteCommandParams) -> Self {
        Self {
            command: params.command,
            rest: params.arguments.into_iter(),
            progress: params.work_done_progress_params.work_done_token,
        }
    }

    /// The next argument, which is `what`.
    pub(crate) fn next<T: DeserializeOwned>(&mut self, what: &str) -> Result<T> {
        self.optional(what)?.ok_or_else(|| self.refusal(what))
    }

    /// The next argument, which is `what`; or none.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, what: &str) -> Result<Option<T>> {
        match self.rest.next() {
            None | Some(LSPAny::Null) => Ok(None),
            Some(value) => serde_json::from_value(value).map(Some).map_err(|_| self.refusal(what)),
        }
    }

    fn refusal(&self, what: &str) -> Error {
        Error::invalid_params(format!("`{}` wants {what}", self.command))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_wrong_argument_is_refused_in_words() {
        let params = ExecuteCommandParams {
            command: "traceline.x".into(),
            arguments: vec![json!(1), json!("two"), json!(null)],
            ..Default::default()
        };
        let mut arguments = Arguments::of(params);
        assert_eq!(arguments.next::<u32>("a number"), Ok(1));
        assert_eq!(arguments.next::<u32>("a number").unwrap_err().message, "`traceline.x` wants a number");
        assert_eq!(arguments.optional::<u32>("a number"), Ok(None));
        assert_eq!(arguments.optional::<u32>("a number"), Ok(None));
        assert!(arguments.next::<u32>("a number").is_err());
    }
}
