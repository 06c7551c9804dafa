//! The whole of the extension: where the server is, from Zed's settings, else from the path.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{register_extension, Command, Extension, LanguageServerId, Result, Worktree};

struct Traceline;

impl Extension for Traceline {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.binary);
        let (path, arguments) = binary.map(|binary| (binary.path, binary.arguments)).unwrap_or_default();
        let command = path
            .or_else(|| worktree.which("traceline"))
            .ok_or("traceline is not on the path: install it, or name it in lsp.traceline.binary.path")?;
        let args = arguments.unwrap_or_else(|| vec!["server".into()]);
        Ok(Command { command, args, env: worktree.shell_env() })
    }
}

register_extension!(Traceline);
