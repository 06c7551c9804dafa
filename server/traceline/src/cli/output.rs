//! Reports that go to files as well: `--output FORMAT=FILE`.

use anyhow::{Context, Result};
use clap::ValueEnum;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// A report that goes to a file.
#[derive(Clone, Debug)]
pub(super) struct Output<F> {
    pub(super) format: F,
    pub(super) file: PathBuf,
}

impl<F: ValueEnum> Output<F> {
    /// What `words` ask for, where `example` shows how that is written.
    pub(super) fn parse(words: &str, example: &str) -> Result<Self, String> {
        let formats = || {
            let names: Vec<String> =
                F::value_variants().iter().filter_map(|it| Some(it.to_possible_value()?.get_name().into())).collect();
            names.join(", ")
        };
        let (format, file) = words
            .split_once('=')
            .filter(|(_, file)| !file.is_empty())
            .ok_or_else(|| format!("a format and a file: {example}"))?;
        let format =
            F::from_str(format, false).map_err(|_| format!("`{format}` is none of the formats {}", formats()))?;
        Ok(Self { format, file: file.into() })
    }
}

impl<F> Output<F> {
    /// Writes what `write` says, without colours.
    pub(super) fn write(
        &self,
        write: impl FnOnce(&mut BufWriter<anstream::AutoStream<File>>) -> io::Result<()>,
    ) -> Result<()> {
        self.write_as(anstream::AutoStream::never, write)
    }

    /// Writes what `write` says as it is.
    pub(super) fn write_as_it_is(&self, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
        self.write_as(|file| file, write)
    }

    fn write_as<W: Write>(
        &self,
        of: impl FnOnce(File) -> W,
        write: impl FnOnce(&mut BufWriter<W>) -> io::Result<()>,
    ) -> Result<()> {
        let failed = || format!("{} cannot be written", self.file.display());
        let file = File::create(&self.file).with_context(failed)?;
        let mut out = BufWriter::new(of(file));
        write(&mut out).with_context(failed)?;
        out.flush().with_context(failed)
    }
}
