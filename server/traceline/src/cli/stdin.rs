//! `--stdin`: the text of one file as an editor has it, whatever the disk says.

use crate::disk;
use crate::paths;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A text that is checked in the place of a file's.
#[derive(Debug, Args)]
pub(super) struct Stdin {
    /// Check the text that comes on stdin, as an editor checks an open document
    #[arg(long, requires = "stdin_filename", conflicts_with_all = ["paths", "watch", "diff", "write_baseline"])]
    stdin: bool,
    /// With --stdin: the file that the text is of, be it there or not
    #[arg(long, value_name = "PATH", requires = "stdin")]
    stdin_filename: Option<PathBuf>,
}

/// A document and its text.
pub(super) struct OpenDocument {
    /// As it was written.
    pub(super) words: String,
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl Stdin {
    /// The document, where there is one: all that comes on stdin.
    pub(super) fn read(&self) -> Result<Option<OpenDocument>> {
        let Some(name) = self.stdin_filename.as_deref().filter(|_| self.stdin) else { return Ok(None) };
        let words = name.display().to_string();
        if !disk::is_markdown(name) {
            bail!("{words} is no Markdown file");
        }
        let path = place(name).with_context(|| format!("{words} cannot be the name of a file"))?;
        if path.is_dir() {
            bail!("{words} is a folder, and --stdin-filename takes a file");
        }
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(disk::LARGEST + 1).read_to_end(&mut bytes).context("stdin cannot be read")?;
        if bytes.len() as u64 > disk::LARGEST {
            bail!("stdin has more than the {} MB that are read of a file", disk::LARGEST >> 20);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            anyhow::anyhow!("stdin is not UTF-8 (byte {}), send it as UTF-8", error.utf8_error().valid_up_to())
        })?;
        Ok(Some(OpenDocument { words, path, text }))
    }
}

/// The absolute path of a file that need not be there, nor its folder; what of it is there is spelt as the disk spells it.
fn place(path: &Path) -> Result<PathBuf> {
    let whole = std::path::absolute(path)?;
    let there = whole.ancestors().find_map(|above| Some((paths::whole(above).ok()?, above)));
    let (mut found, above) = there.context("nothing of its path is there")?;
    let rest = whole.strip_prefix(above).unwrap_or(Path::new(""));
    if rest.components().any(|part| !matches!(part, std::path::Component::Normal(_))) || rest.to_str().is_none() {
        bail!("nothing is there, and its path is not plain");
    }
    // An empty rest would add a separator.
    if rest != Path::new("") {
        found.push(rest);
    }
    Ok(found)
}
