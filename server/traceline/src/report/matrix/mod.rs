//! The matrix of requirements, as people and programs read it: one file for each format.

mod links;
mod pieces;
mod words;
pub(super) mod csv;
mod json;
mod markdown;
mod html;

pub(crate) use links::Links;

use super::plain::Plain;
use clap::ValueEnum;
use std::io::{self, Write};
use traceline_engine::export::matrix::Matrix;

/// How `traceline matrix` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One page with plots, search and links, which loads nothing from elsewhere
    Html,
    /// For the description of a pull request
    Markdown,
    /// For a spreadsheet, a line for each requirement
    Csv,
    /// For programs, by its schema
    Json,
}

impl Format {
    /// Writes the matrix, with links where the format has them.
    pub(crate) fn write(self, out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
        match self {
            Self::Html => html::write(out, matrix, links),
            Self::Markdown => markdown::write(&mut Plain::new(out), matrix, links),
            Self::Csv => csv::write(&mut Plain::new(out), matrix),
            // It has escapes of its own.
            Self::Json => json::write(out, matrix),
        }
    }
}
