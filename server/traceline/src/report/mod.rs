//! Reports: findings and facts as people and programs read them.

pub(crate) mod plain;
mod checked;
mod markdown;
mod xml;
mod paint;
mod equals;
pub(crate) mod human;
pub(crate) mod concise;
pub(crate) mod grouped;
pub(crate) mod statistics;
pub(crate) mod json;
pub(crate) mod checkstyle;
pub(crate) mod fix;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod impact;
pub(crate) mod junit;
pub(crate) mod matrix;
pub(crate) mod place;
pub(crate) mod list;
pub(crate) mod review;
pub(crate) mod sarif;
pub(crate) mod show;
pub(crate) mod trace;

pub(crate) use checked::Checked;

use clap::ValueEnum;
use std::io::{self, Write};

/// How `traceline check` reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with excerpts of the source; equal findings of a file are told once
    Human,
    /// For people, a line for each finding: path:line:column: level rule message
    Concise,
    /// For people, a line for each finding below its file
    Grouped,
    /// For programs, by its schema
    Json,
    /// SARIF 2.1.0, for GitHub's code scanning and others
    Sarif,
    /// JUnit XML, a suite for each plan document
    Junit,
    /// Annotations of a GitHub workflow; its summary goes to the file named by GITHUB_STEP_SUMMARY
    Github,
    /// GitLab's Code Quality
    Gitlab,
    /// Checkstyle XML
    Checkstyle,
}

impl Format {
    /// Writes what was found.
    pub(crate) fn check(self, out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
        match self {
            Self::Human => human::check(out, checked),
            Self::Concise => concise::check(out, checked),
            Self::Grouped => grouped::check(out, checked),
            Self::Json => json::check(out, checked),
            Self::Sarif => sarif::check(out, checked),
            Self::Junit => junit::check(out, checked),
            Self::Github => github::check(out, checked),
            Self::Gitlab => gitlab::check(out, checked),
            Self::Checkstyle => checkstyle::check(out, checked),
        }
    }

    /// Whether people read it.
    pub(crate) fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise | Self::Grouped)
    }

    /// Whether it writes the escape sequences of terminals that a document may hold in a way of its own.
    pub(crate) fn escapes(self) -> bool {
        matches!(self, Self::Json | Self::Sarif | Self::Gitlab)
    }

    /// Whether it names findings by what they are about, which takes the texts of their files.
    pub(crate) fn identifies(self) -> bool {
        matches!(self, Self::Sarif | Self::Gitlab)
    }
}
