//! The matrix as one page that loads nothing: totals and plots, and the first requirements, without any script; search, the trace
//! graph and all other requirements with the page's own.

mod escape;
mod data;
mod parts;

use super::Links;
use super::words;
use crate::report::plain::Plain;
use escape::{hash, text};
use std::io::{self, Write};
use traceline_engine::export::matrix::Matrix;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

pub(super) fn write(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    shown(&mut Plain::new(&mut *out), matrix, links)?;
    if !matrix.is_empty() {
        // All that documents say stands in it as JSON.
        data::write(out, matrix, links)?;
        writeln!(out, "<script>{SCRIPT}</script>")?;
    }
    writeln!(
        out,
        "</main>\n<footer><p>Made by <code>traceline matrix</code> {}; this page loads nothing and sends nothing.</p></footer>\n</body>\n</html>",
        env!("CARGO_PKG_VERSION")
    )
}

/// What is there without any script.
fn shown(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    let name = matrix.root.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("workspace");
    // Nothing is loaded and nothing sent; of scripts and styles only these two are in force.
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    );
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"generator\" content=\"traceline {}\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{} · requirements and what serves them</title>\n<style>{STYLE}</style>\n</head>\n<body>",
        text(&policy),
        env!("CARGO_PKG_VERSION"),
        text(name)
    )?;
    writeln!(
        out,
        "<a class=\"skip\" href=\"#requirements\">To the requirements</a>\n<header>\n<p class=\"over\">Requirements and what serves them</p>\n<h1>{}</h1>\n<p class=\"lead\">{}.</p>\n</header>\n<main>",
        text(name),
        text(&capital(&words::total(matrix)))
    )?;
    if matrix.is_empty() {
        return writeln!(out, "<p>No requirement is stated here: there is nothing to trace.</p>");
    }
    parts::overview(out, matrix)?;
    parts::totals(out, matrix)?;
    parts::phases(out, matrix)?;
    parts::graph(out)?;
    parts::requirements(out, matrix, links)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
