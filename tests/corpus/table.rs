//! The rows of the shared table of cases, read at run time: real lines, each with what it must mean.

use std::collections::HashMap;
use std::fs;

use traceline_tests::places;

/// The input of each row by its id, or `None`, said aloud, where the table is absent.
pub(crate) fn inputs() -> Option<HashMap<String, String>> {
    let path = places::shared("cases.tsv")?;
    let text = fs::read_to_string(path).expect("the table is there");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().expect("the table has a head").split('\t').collect();
    let column = |name: &str| head.iter().position(|it| *it == name).unwrap_or_else(|| panic!("no column {name}"));
    let (id, input) = (column("id"), column("input"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        (cells[id].to_owned(), cells[input].to_owned())
    };
    Some(lines.filter(|line| !line.is_empty()).map(row).collect())
}
