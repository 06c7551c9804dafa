//! What the page's script knows: all requirements and what serves them, as JSON in few bytes.

use super::escape::{push_script, script};
use crate::report::matrix::{Links, pieces, words};
use std::io::{self, Write};
use traceline_engine::export::matrix::{Matrix, ServerEntry, Stage, Stated, Through};

pub(super) fn write(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    // An address with `{path}` and `{line}`.
    let (link, stages) = (script(&links.pattern()), script(&Stage::ALL.map(Stage::as_str)));
    write!(out, "<script type=\"application/json\" id=\"data\">{{\"link\":{link},\"stages\":{stages},\"features\":[")?;
    pieces::write(out, matrix.features.len(), ",", |text, at| {
        push_script(text, words::feature(&matrix.features[at].scope));
    })?;
    out.write_all(b"],\"files\":[")?;
    let files: Vec<&str> = matrix.files().collect();
    pieces::write(out, files.len(), ",", |text, at| push_script(text, files[at]))?;
    out.write_all(b"],\"servers\":[")?;
    let servers = matrix.servers();
    pieces::write(out, servers.len(), ",", |text, at| {
        for (which, (file, entry)) in servers[at].clone().enumerate() {
            if which > 0 {
                text.push(',');
            }
            server(text, file, &entry);
        }
    })?;
    out.write_all(b"],\"rows\":[")?;
    pieces::write(out, matrix.len(), ",", |text, at| row(text, &matrix.row(at)))?;
    out.write_all(b"]}</script>\n")
}

/// Title, file, line, state of a task.
fn server(text: &mut String, file: u32, entry: &ServerEntry<'_>) {
    let state = match entry.state {
        None => 0,
        Some("open") => 1,
        Some("done") => 3,
        Some(_) => 2,
    };
    text.push('[');
    push_script(text, entry.title);
    for number in [file, entry.line, state] {
        text.push(',');
        push_number(text, number);
    }
    text.push(']');
}

/// Id, title, feature, file, line, stage, what is missing (1 a plan, 2 a task), sections and by way of what, tasks and by way of what.
fn row(text: &mut String, stated: &Stated<'_>) {
    let row = stated.row;
    let stage = Stage::ALL.iter().position(|stage| *stage == row.stage).unwrap_or_default();
    let missing = u32::from(row.lacks_plan) + 2 * u32::from(row.lacks_task);
    text.push('[');
    push_script(text, row.id.as_str());
    text.push(',');
    push_script(text, &row.title);
    for number in [small(stated.feature), stated.file(), row.line, small(stage), missing] {
        text.push(',');
        push_number(text, number);
    }
    list(text, stated.sections(), row.sections_through);
    list(text, stated.tasks(), row.tasks_through);
    text.push(']');
}

fn list(text: &mut String, numbers: impl Iterator<Item = u32>, through: Through) {
    text.push_str(",[");
    for (at, number) in numbers.enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_number(text, number);
    }
    text.push_str(match through {
        Through::Itself => "],0",
        Through::Whole => "],1",
        Through::Parts => "],2",
        Through::All => "],3",
    });
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Millions of numbers are written, nearly all of few digits.
fn push_number(text: &mut String, mut number: u32) {
    let mut digits = [0; 10];
    let mut first = digits.len();
    loop {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    text.extend(digits[first..].iter().map(|digit| char::from(*digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written() {
        for number in [0, 7, 10, 305, 99_999, u32::MAX] {
            let mut text = String::new();
            push_number(&mut text, number);
            assert_eq!(text, number.to_string());
        }
    }
}
