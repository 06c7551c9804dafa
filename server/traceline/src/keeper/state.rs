//! The keeper: the one owner of the world, and what is going on and due in it.

use super::inbox::{Inbox, Message, Scan};
use super::pool::Pool;
use super::publisher::Publisher;
use super::pulls::Pull;
use super::watching::Watching;
use crate::config::Configs;
use crate::file_store::FileStore;
use crate::places::Places;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;
use traceline_engine::document::Document;
use traceline_engine::path::FilePath;
use traceline_engine::settings::Settings;
use traceline_engine::text::Encoding;
use traceline_engine::world::World;

/// What the keeper owns.
pub(super) struct Keeper {
    pub(super) world: World,
    /// What says whether there is anything beside the known files.
    pub(super) places: Arc<Places>,
    pub(super) roots: Vec<FilePath>,
    /// Workspace folders that do not answer.
    pub(super) unresponsive: Vec<FilePath>,
    pub(super) encoding: Encoding,
    pub(super) client: Settings,
    pub(super) configs: Configs,
    /// Configuration files that are open in the editor.
    pub(super) drafts: BTreeMap<FilePath, Document>,
    pub(super) inbox: Inbox,
    pub(super) pool: Pool,
    pub(super) long: Pool,
    pub(super) background: Pool,
    pub(super) publisher: Publisher,
    pub(super) store: Arc<FileStore>,
    /// Which scan is going on; news of an older one is ignored.
    pub(super) scan: u32,
    pub(super) reading: bool,
    /// Whether the files that are being read are known.
    pub(super) listed: bool,
    /// Listed files that are being put where they belong.
    pub(super) placing: Option<Placing>,
    /// Whether a question is being answered from a part of the workspace.
    pub(super) attempting: bool,
    /// What came behind a question that waits for the reading: it must not overtake it.
    pub(super) deferred: VecDeque<Message>,
    /// Open documents whose findings are to be shown at once.
    pub(super) edited: BTreeSet<FilePath>,
    /// When the findings of `scopes_due` are to be shown.
    pub(super) due: Option<Instant>,
    pub(super) scopes_due: BTreeSet<FilePath>,
    /// A title or a task's state has changed.
    pub(super) titles_changed: bool,
    /// Edited documents that somebody who waits for news of the workspace is to be told of.
    pub(super) documents_due: BTreeSet<FilePath>,
    /// Files whose places have moved and that findings of others point into.
    pub(super) moved: BTreeSet<FilePath>,
    /// When the world had to be made anew.
    pub(super) panics: VecDeque<Instant>,
    pub(super) watching: Watching,
    /// Closed files that are being read again, how often, and who has asked about them meanwhile.
    pub(super) rereading: BTreeMap<FilePath, usize>,
    pub(super) pulls: Vec<Pull>,
    /// Whether facts of closed files wait to be given up.
    pub(super) tidying: bool,
}

/// Files that were listed, of which the first are where they belong.
pub(super) struct Placing {
    pub(super) paths: Vec<FilePath>,
    pub(super) placed: usize,
    pub(super) reply: Sender<Scan>,
}
