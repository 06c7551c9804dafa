//! Tables: whether one states requirements or only lists them beside something else.

use crate::dialect::{Definitions, contains};

/// Whether a table with these column names states a requirement in each row. The names are plain text.
pub(super) fn states_requirements(columns: &[String], rules: &Definitions) -> bool {
    let is = |name: &String, list: &[String]| contains(list, name.trim_matches(['*', '_', '`', ' ']));
    let Some((first, others)) = columns.split_first() else { return false };
    let named = is(first, &rules.id_columns);
    let text = others.iter().any(|name| is(name, &rules.text_columns));
    let elsewhere = others.iter().any(|name| is(name, &rules.other_columns));
    // An id and its text make a requirement, whatever is noted beside them.
    named && text || (named || text) && !elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn a_matrix_states_nothing() {
        let states = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            states_requirements(&columns, &Dialect::home().table.definitions)
        };
        assert!(states(&["ID", "Requirement", "Priority", "Criteria"]));
        assert!(states(&["**#**", "Text"]));
        assert!(states(&["ID", "Requirement", "Priority", "Source"]));
        assert!(!states(&["Requirement", "Component", "Test"]));
        assert!(!states(&["ID", "Task", "Owner"]));
        assert!(!states(&[]));
    }
}
