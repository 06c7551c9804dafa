//! `traceline.apply`: does a code action for a client that knows commands alone.

use super::call::Command;
use crate::server::answer::APPLY;
use crate::server::state::failed;

pub(super) const COMMAND: Command = Command {
    name: APPLY,
    run: |server, mut arguments| {
        let taken = arguments.next("an action that was offered")?;
        let edit = server.edit_of(taken);
        Ok(Box::pin(async move {
            if let Some(edit) = edit.await.map_err(failed)?.map_err(|failure| failure.error())? {
                server.client.apply_edit(edit).await?;
            }
            Ok(None)
        }))
    },
};
