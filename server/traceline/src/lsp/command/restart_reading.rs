//! `traceline.restartReading`: forgets what was read and reads the workspace again; open documents stay as they are.

use super::Command;
use crate::keeper::Message;

pub(super) const COMMAND: Command = Command {
    name: "traceline.restartReading",
    run: |server, _| {
        server.inbox.post(Message::RestartReading);
        Ok(Box::pin(async { Ok(None) }))
    },
};
