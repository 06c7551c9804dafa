//! Figures in the documents are of the program whose work was counted last.

use std::fs;

use traceline_tests::places;

use crate::none;

/// The sentence that `tests/bench/figures` puts below figures.
fn counted() -> String {
    let table = fs::read_to_string(places::project().join("tests/bench/counted.tsv")).expect("there are numbers");
    let stages: Vec<String> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.replace('\t', " ")).collect();
    format!("Counted then, in instructions a byte: {}.", stages.join(", "))
}

#[test]
fn figures_are_as_new_as_the_numbers_of_the_guard() {
    let counted = counted();
    let mut faults = Vec::new();
    for path in ["README.md", "server/docs/latency.md", "server/docs/growth.md"] {
        let text = fs::read_to_string(places::project().join(path)).unwrap_or_default();
        let figures = text.split("<!-- bench:begin -->").nth(1).and_then(|it| it.split("<!-- bench:end -->").next());
        if !figures.is_some_and(|figures| figures.contains(&counted)) {
            faults.push(format!(
                "{path}: its figures are older than tests/bench/counted.tsv · make them anew: tests/bench/figures"
            ));
        }
    }
    none(&faults);
}
