//! `traceline.restartReading`: forgets what was read and reads the workspace again; open documents stay as they are. It is
//! answered when everything has been read.

use super::call::Command;
use crate::keeper::{Message, Needs};
use crate::lsp::progress::Progress;
use crate::server::state::failed;

pub(super) const COMMAND: Command = Command {
    name: "traceline.restartReading",
    run: |server, arguments| {
        let progress = Progress::begin(&server.editor.outbox, arguments.progress, "Reading plan documents");
        server.inbox.post(Message::RestartReading);
        let read = server.inbox.ask(Needs::Everything, |_| ());
        Ok(Box::pin(async move {
            let read = read.await.map_err(failed);
            drop(progress);
            read.map(|()| None)
        }))
    },
};
