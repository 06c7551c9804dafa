//! The file store: closed files are read and parsed by all cores at once, and picked up when they are ready.

use crate::disk::{self, Unread};
use crate::fault;
use crate::parallel::cores;
use crate::paths;
use dashmap::DashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use traceline_engine::dialect::Dialect;
use traceline_engine::path::FilePath;
use traceline_engine::scope::Layout;
use traceline_engine::world::Closed;

/// Files that were read and not yet taken.
#[derive(Default)]
pub(crate) struct FileStore {
    /// Which thread read a file does not matter, so neither does their order.
    read: DashMap<FilePath, Result<Closed, Unread>>,
}

impl FileStore {
    /// Takes all that is there.
    pub(crate) fn take(&self) -> Vec<(FilePath, Result<Closed, Unread>)> {
        let mut paths: Vec<FilePath> = self.read.iter().map(|entry| entry.key().clone()).collect();
        // What is put behind others takes less time and room than what is put between them.
        paths.sort_unstable();
        paths.iter().filter_map(|path| self.read.remove(path)).collect()
    }

    /// Reads `paths` in their order, each once, on as many threads as there are cores; `batch` is told whenever there is
    /// something to take, with whether that was all.
    pub(crate) fn fill(
        &self,
        paths: &[FilePath],
        layout: &Layout,
        dialect: &Arc<Dialect>,
        batch: impl Fn(bool) + Sync,
    ) {
        /// Small enough for the first findings to come soon, large enough not to be a message each.
        const BATCH: usize = 256;
        let next = AtomicUsize::new(0);
        let threads = threads_for(paths);
        let work = || {
            let (mut done, mut buffer) = (0, Vec::new());
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.read.insert(path.clone(), read_in(&mut buffer, path, layout, dialect, Closed::read_at));
                done += 1;
                if done % BATCH == 0 {
                    batch(false);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        batch(true);
    }
}

/// Reads `paths` briefly, each once, on as many threads as there are cores; `take` is given each with what it says, in no
/// order, while others are still being read.
pub(crate) fn read_each<'p>(
    paths: &'p [FilePath],
    layout: &Layout,
    dialect: &Arc<Dialect>,
    mut take: impl FnMut(&'p FilePath, Result<Closed, Unread>),
) {
    /// A message for each file would cost more than some files.
    const BATCH: usize = 32;
    let next = AtomicUsize::new(0);
    let claim = || paths.get(next.fetch_add(1, Ordering::Relaxed));
    let (sender, receiver) = mpsc::channel();
    let work = |sender: Sender<Vec<(&'p FilePath, Result<Closed, Unread>)>>| {
        let (mut buffer, mut batch) = (Vec::new(), Vec::new());
        while let Some(path) = claim() {
            batch.push((path, read_in(&mut buffer, path, layout, dialect, Closed::read_briefly_at)));
            if batch.len() == BATCH && sender.send(std::mem::take(&mut batch)).is_err() {
                return;
            }
        }
        // Whoever takes them is there until all have been sent.
        let _ = sender.send(batch);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads_for(paths) {
            let (work, sender) = (&work, sender.clone());
            scope.spawn(move || work(sender));
        }
        drop(sender);
        let mut buffer = Vec::new();
        while let Some(path) = claim() {
            take(path, read_in(&mut buffer, path, layout, dialect, Closed::read_briefly_at));
            receiver.try_iter().flatten().for_each(|(path, read)| take(path, read));
        }
        receiver.into_iter().flatten().for_each(|(path, read)| take(path, read));
    });
}

fn threads_for(paths: &[FilePath]) -> usize {
    /// More would take what others need.
    const MOST: usize = 8;
    cores().min(MOST).min(paths.len().max(1))
}

/// What the file on disk says.
pub(crate) fn read(path: &FilePath, layout: &Layout, dialect: &Arc<Dialect>) -> Result<Closed, Unread> {
    read_in(&mut Vec::new(), path, layout, dialect, Closed::read_at)
}

fn read_in(
    buffer: &mut Vec<u8>,
    path: &FilePath,
    layout: &Layout,
    dialect: &Arc<Dialect>,
    of_text: fn(&str, &FilePath, &Layout, &Arc<Dialect>) -> Closed,
) -> Result<Closed, Unread> {
    /// What is kept for the next file, in bytes: few are larger.
    const USUAL: usize = 1 << 20;
    buffer.shrink_to(USUAL);
    let read = || {
        fault::panic_at("read");
        fault::slow_at("read");
        let text = disk::read_into(&paths::encode(path), buffer)?;
        Ok(of_text(text, path, layout, dialect))
    };
    // One file that cannot be read must not keep all others from being read.
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Unread::Io(std::io::Error::other("reading it panicked"))))
}
