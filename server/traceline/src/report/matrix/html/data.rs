//! What the page's script knows: all requirements and what serves them, as JSON in few bytes.

use super::escape::script;
use crate::report::matrix::{Links, pieces, words};
use std::collections::HashMap;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Matrix, Row, Stage, Through};

/// Title, file, line, state of a task.
type Server<'a> = (&'a str, usize, u32, u8);

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
    let servers: Vec<Server<'_>> =
        servers.map(|it| (it.title.as_str(), files.number(&it.path), it.line, state(it.state))).collect();
    let stage = |row: &Row| Stage::ALL.iter().position(|stage| *stage == row.stage).unwrap_or_default();
    let through = |through: Through| match through {
        Through::Itself => 0,
        Through::Whole => 1,
        Through::Parts => 2,
        Through::All => 3,
    };
    let mut rows: Vec<Line<'_>> = Vec::with_capacity(matrix.rows.len());
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
    let features: Vec<&str> = matrix.features.iter().map(|feature| words::feature(&feature.scope)).collect();
    // An address with `{path}` and `{line}`.
    let (link, stages) = (script(&links.pattern()), script(&Stage::ALL.map(Stage::as_str)));
    write!(out, "<script type=\"application/json\" id=\"data\">{{\"link\":{link},\"stages\":{stages},\"features\":[")?;
    let one = |text: &mut String, item: &&str| text.push_str(&script(item));
    pieces::write(out, &features, ",", one)?;
    out.write_all(b"],\"files\":[")?;
    pieces::write(out, &files.names, ",", one)?;
    out.write_all(b"],\"servers\":[")?;
    pieces::write(out, &servers, ",", |text, server| text.push_str(&script(server)))?;
    out.write_all(b"],\"rows\":[")?;
    pieces::write(out, &rows, ",", |text, row| text.push_str(&script(row)))?;
    out.write_all(b"]}</script>\n")
}
