//! What the page's script knows: all requirements and what serves them, as JSON in few bytes.

use super::escape::Script;
use crate::report::matrix::Links;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Matrix, Row, Stage, Through};

/// Names and numbers; the script names the places of each list.
#[derive(Serialize)]
struct Data<'a> {
    /// An address with `{path}` and `{line}`.
    link: String,
    stages: [&'static str; Stage::ALL.len()],
    features: Vec<&'a str>,
    files: Vec<&'a str>,
    /// Title, file, line, state of a task.
    servers: Vec<(&'a str, usize, u32, u8)>,
    rows: Vec<Line<'a>>,
}

/// Id, title, feature, file, line, stage, what is missing (1 a plan, 2 a task), sections and by way of what, tasks and by way of what.
type Line<'a> = (&'a str, &'a str, usize, usize, u32, usize, u8, &'a [u32], u8, &'a [u32], u8);

/// A file has a number by when it is first met.
#[derive(Default)]
struct Files<'a> {
    names: Vec<&'a str>,
    known: HashMap<&'a str, usize>,
}

impl<'a> Files<'a> {
    fn number(&mut self, path: &'a str) -> usize {
        if self.names.last() == Some(&path) {
            return self.names.len() - 1;
        }
        *self.known.entry(path).or_insert_with(|| {
            self.names.push(path);
            self.names.len() - 1
        })
    }
}

pub(super) fn write(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    let mut files = Files::default();
    let state = |state: Option<&str>| match state {
        None => 0,
        Some("open") => 1,
        Some("done") => 3,
        Some(_) => 2,
    };
    let servers = matrix.servers.iter();
    let servers = servers.map(|it| (it.title.as_str(), files.number(&it.path), it.line, state(it.state))).collect();
    let stage = |row: &Row| Stage::ALL.iter().position(|stage| *stage == row.stage).unwrap_or_default();
    let through = |through: Through| match through {
        Through::Itself => 0,
        Through::Whole => 1,
        Through::Parts => 2,
        Through::All => 3,
    };
    let mut rows = Vec::with_capacity(matrix.rows.len());
    for (feature, row) in &matrix.rows {
        rows.push((
            row.id.as_str(),
            row.title.as_str(),
            *feature,
            files.number(matrix.path_of(row)),
            row.line,
            stage(row),
            u8::from(row.lacks_plan) + 2 * u8::from(row.lacks_task),
            &row.sections[..],
            through(row.sections_through),
            &row.tasks[..],
            through(row.tasks_through),
        ));
    }
    let data = Data {
        link: links.pattern(),
        stages: Stage::ALL.map(Stage::as_str),
        features: matrix.features.iter().map(|feature| super::words::feature(&feature.scope)).collect(),
        files: files.names,
        servers,
        rows,
    };
    out.write_all(b"<script type=\"application/json\" id=\"data\">")?;
    serde_json::to_writer(Script(&mut *out), &data)?;
    out.write_all(b"</script>\n")
}
