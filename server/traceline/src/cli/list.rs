//! `traceline list`: the requirements of some family or state, a line each.

use super::matrix::matrix;
use super::outcome::COULD_NOT_RUN;
use super::stdout::stdout;
use super::{empty, workspace};
use crate::report;
use anyhow::Result;
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use traceline_engine::export::list::{self, Wanted};
use traceline_engine::export::matrix::Stage;

/// What is listed, and how.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Files and folders whose requirements are listed [default: the current folder]
    paths: Vec<PathBuf>,
    /// Only this family of ids, such as NFR; may be given several times
    #[arg(long, value_name = "FAMILY")]
    family: Vec<String>,
    #[command(flatten)]
    states: States,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Accept a folder that holds no plan document; without this the run fails with code 2
    #[arg(long)]
    allow_empty: bool,
}

/// How far requirements are, as the matrix has it; of several, all of these.
#[derive(Debug, Args)]
struct States {
    /// Those that nothing serves, though others of their family are served
    #[arg(long)]
    uncovered: bool,
    /// Those that nothing serves, where nothing serves their family yet
    #[arg(long)]
    untraced: bool,
    /// Those that a section of a plan serves, and no task
    #[arg(long)]
    planned: bool,
    /// Those that a task serves, where not all are done
    #[arg(long)]
    tasked: bool,
    /// Those whose tasks are all done
    #[arg(long)]
    done: bool,
    /// Those that are put off, or left out on purpose
    #[arg(long)]
    deferred: bool,
    /// Those that are given up
    #[arg(long, visible_alias = "withdrawn")]
    retired: bool,
}

impl States {
    fn stages(&self) -> Vec<Stage> {
        let all = [
            (self.uncovered, Stage::Uncovered),
            (self.untraced, Stage::Untraced),
            (self.planned, Stage::Planned),
            (self.tasked, Stage::Tasked),
            (self.done, Stage::Done),
            (self.deferred, Stage::Deferred),
            (self.retired, Stage::Withdrawn),
        ];
        all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, stage)| stage).collect()
    }
}

/// How it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, a line each
    Table,
    /// The names alone, as `show` and `trace` take them, a line each
    Ids,
    /// For programs, by its schema
    Json,
    /// For a spreadsheet, as the matrix has it
    Csv,
}

pub(super) fn run(asked: &List) -> Result<ExitCode> {
    let workspace = workspace::read(&asked.paths)?;
    workspace::complain(&workspace);
    let empty = if asked.allow_empty { Vec::new() } else { empty::complaints(&workspace) };
    for words in empty.iter().cloned().chain(empty::prompts(&workspace)).chain(empty::remark(&workspace)) {
        anstream::eprintln!("traceline: {words}");
    }
    let matrix = matrix(&workspace);
    let wanted = Wanted { families: asked.family.clone(), stages: asked.states.stages() };
    for family in wanted.unknown_families(&matrix) {
        let known: Vec<&str> = matrix.families.iter().map(|it| it.name.as_str()).filter(|it| !it.is_empty()).collect();
        let known = if known.is_empty() { String::new() } else { format!(" · there are {}", known.join(", ")) };
        anstream::eprintln!("traceline: no requirement is of the family `{family}`{known}");
    }
    let told = list::report(&workspace.snapshot, &matrix, &wanted);
    let mut out = stdout();
    match asked.format {
        Format::Table => report::list::table(&mut out, &told)?,
        Format::Ids => report::list::ids(&mut out, &told)?,
        Format::Json => report::json::print(&mut out, &told)?,
        Format::Csv => report::list::csv(&mut out, &told)?,
    }
    out.flush()?;
    let incomplete = workspace.is_incomplete() || !empty.is_empty();
    Ok(if incomplete { ExitCode::from(COULD_NOT_RUN) } else { ExitCode::SUCCESS })
}
