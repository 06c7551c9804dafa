//! What the matrix comes to, in words that every format has.

use traceline_engine::export::matrix::{Matrix, Stage, Totals};

pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// A number with its thousands apart.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How many in a hundred, rounded down: all is said only of all.
pub(super) fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(100)
}

/// What all comes to, in a sentence without its full stop.
pub(super) fn total(matrix: &Matrix) -> String {
    let summary = &matrix.summary;
    if summary.totals.requirements == 0 {
        return format!("no requirement is stated in {}", count(summary.files, "file", "files"));
    }
    let stages: Vec<String> = Stage::ALL
        .into_iter()
        .map(|stage| (summary.totals.of(stage), stage.as_str()))
        .filter(|(number, _)| *number > 0)
        .map(|(number, name)| format!("{} {name}", thousands(number)))
        .collect();
    let features = matrix.features.iter().filter(|feature| feature.totals.requirements > 0).count();
    let tasks = if summary.tasks == 0 {
        String::new()
    } else {
        format!("; {} of {} done", thousands(summary.tasks_done), count(summary.tasks, "task", "tasks"))
    };
    format!(
        "{} in {}: {}{tasks}",
        count(summary.totals.requirements, "requirement", "requirements"),
        count(features, "feature", "features"),
        stages.join(", ")
    )
}

/// What a scope is called: its path, or what it is at the root.
pub(super) fn feature(scope: &str) -> &str {
    if scope == "." { "(the workspace)" } else { scope }
}

/// What a family is called.
pub(super) fn family(name: &str) -> &str {
    if name.is_empty() { "(numbers and names)" } else { name }
}

/// How many are served of those that are to be built, as a bar of ten signs and a share.
pub(super) fn bar(totals: &Totals) -> String {
    let share = percent(totals.served(), totals.wanted());
    format!("{}{} {share} %", "█".repeat(share / 10), "░".repeat(10 - share / 10))
}

/// By way of what a requirement is served, in words; nothing where it is named itself.
pub(super) fn through(name: Option<&str>) -> &'static str {
    match name {
        Some("whole") => "by its whole",
        Some("parts") => "by its parts",
        Some(_) => "by “all requirements”",
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_said() {
        assert_eq!([0, 999, 1_000, 240_024].map(thousands), ["0", "999", "1,000", "240,024"]);
        assert_eq!([percent(199, 200), percent(0, 0), percent(1, 3)], [99, 100, 33]);
    }
}
