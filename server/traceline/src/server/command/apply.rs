//! `traceline.apply`: does a code action for a client that knows commands alone.

use super::call::Command;
use crate::server::answer::APPLY;
use crate::server::state::failed;
use tower_lsp::ls_types::ExecuteCommandParams;

pub(super) const COMMAND: Command = Command {
    name: APPLY,
    run: |server, mut arguments| {
        let taken = arguments.next("an action that was offered")?;
        let done = server.do_taken(taken);
        Ok(Box::pin(async move {
            let done = done.await.map_err(failed)?.map_err(|failure| failure.error())?;
            if let Some(edit) = done.edit {
                server.client.apply_edit(edit).await?;
            }
            let Some(then) = done.then else { return Ok(None) };
            let arguments = then.arguments.unwrap_or_default();
            let then = ExecuteCommandParams { command: then.command, arguments, ..Default::default() };
            server.answer_execute_command(then).await
        }))
    },
};
