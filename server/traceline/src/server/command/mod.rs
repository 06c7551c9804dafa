//! Commands that an editor can have done: each a name and a function in a file of its own, listed here.

mod call;
mod apply;
mod check;
mod new_file;
mod restart_reading;
mod retire;
mod show_references;
mod status;

use crate::server::state::Server;
use call::{Arguments, Command};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny};

/// All commands.
pub(crate) const COMMANDS: &[Command] = &[
    apply::COMMAND,
    check::COMMAND,
    new_file::COMMAND,
    restart_reading::COMMAND,
    retire::COMMAND,
    show_references::COMMAND,
    status::COMMAND,
];

impl Server {
    pub(crate) async fn answer_execute_command(&self, params: ExecuteCommandParams) -> Result<Option<LSPAny>> {
        let Some(command) = COMMANDS.iter().find(|command| command.name == params.command) else {
            let names: Vec<String> = COMMANDS.iter().map(|command| format!("`{}`", command.name)).collect();
            let message = format!("`{}` is no command of this server · known are {}", params.command, names.join(", "));
            return Err(Error::invalid_params(message));
        };
        (command.run)(self, Arguments::of(params))?.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_ours_and_stands_once() {
        let mut names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        assert!(names.iter().all(|name| name.starts_with("traceline.")), "{names:?}");
        assert!(names.is_sorted(), "{names:?}");
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
    }
}
