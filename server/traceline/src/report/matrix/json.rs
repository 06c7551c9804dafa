//! The matrix as JSON, by its schema: a line for each requirement, since there may be many.

use super::pieces;
use serde::Serialize;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Matrix, Report};

pub(super) fn write(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let Report { version, root, summary, features, families, requirements } = matrix.report();
    let root = encoded(&root)?;
    writeln!(out, "{{\n\"version\": {version},\n\"root\": {root},\n\"summary\": {},", encoded(&summary)?)?;
    list(out, "features", &features)?;
    out.write_all(b",\n")?;
    list(out, "families", &families)?;
    out.write_all(b",\n")?;
    list(out, "requirements", &requirements)?;
    out.write_all(b"\n}\n")
}

fn list<T: Serialize + Sync>(out: &mut impl Write, name: &str, items: &[T]) -> io::Result<()> {
    writeln!(out, "\"{name}\": [")?;
    pieces::write(out, items.len(), ",\n", |text, at| text.push_str(&encoded(&items[at]).unwrap_or_default()))?;
    out.write_all(b"\n]")
}

fn encoded(value: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(value)?)
}
