//! Tables: whether one states requirements or only lists them beside something else.

use crate::dialect::{Definitions, Lexicon, contains};
use crate::text::Trim;

/// The columns, a bit each from the first, in which ids of requirements stand that the rows state; 0 where a table states none.
/// The names are plain text.
pub(super) fn stating_columns(columns: &[String], rules: &Definitions) -> u64 {
    let is = |name: &String, list: &Lexicon| contains(list, column_name(name));
    let Some((first, others)) = columns.split_first() else { return 0 };
    let named = is(first, &rules.id_columns);
    let text = others.iter().any(|name| is(name, &rules.text_columns));
    let story = text || columns.iter().any(|name| is(name, &rules.story_columns));
    let elsewhere = others.iter().any(|name| is(name, &rules.other_columns));
    // An id and its text make a requirement, whatever is noted beside them.
    let states = named && story || (named || text) && !elsewhere;
    // Rows may be counted and grouped before their ids; what stands further behind serves what the row is about.
    const MOST_BEFORE: usize = 2;
    let behind = if story && !elsewhere && !is(first, &rules.other_columns) && (!named || is_counter(first)) {
        let bits = others.iter().take(MOST_BEFORE).zip(1_u64..64).filter(|(name, _)| is(name, &rules.id_columns));
        bits.fold(0, |all, (_, at)| all | 1 << at)
    } else {
        0
    };
    behind | u64::from(states)
}

/// A column's name without the marks around it.
pub(crate) fn column_name(name: &str) -> &str {
    name.without(|byte| matches!(byte, b'*' | b'_' | b'`' | b' '))
}

/// Whether a column only counts the rows: `#`, `No.`, `Nº`.
fn is_counter(name: &str) -> bool {
    name.chars().filter(char::is_ascii_alphabetic).all(|c| matches!(c.to_ascii_lowercase(), 'n' | 'o' | 'r'))
        && !name.chars().any(|c| c.is_alphabetic() && !c.is_ascii() && c != 'º')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    #[test]
    fn a_matrix_states_nothing() {
        let states = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            stating_columns(&columns, &Dialect::home().table.definitions) & 1 == 1
        };
        assert!(states(&["ID", "Requirement", "Priority", "Criteria"]));
        assert!(states(&["**#**", "Text"]));
        assert!(states(&["ID", "Requirement", "Priority", "Source"]));
        assert!(!states(&["Requirement", "Component", "Test"]));
        assert!(!states(&["ID", "Task", "Owner"]));
        assert!(!states(&[]));
    }

    #[test]
    fn ids_stand_in_any_column_that_is_called_so() {
        let at = |columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
            stating_columns(&columns, &Dialect::home().table.definitions)
        };
        assert_eq!(at(&["Feature", "US code", "User Story", "Acceptance Criteria"]), 0b10);
        assert_eq!(at(&["No", "Kode US", "User Story"]), 0b11);
        assert_eq!(at(&["#", "Req ID", "Description"]), 0b11);
        assert_eq!(at(&["ID", "Code", "Description"]), 1, "the first is the requirement's");
        assert_eq!(at(&["模块", "编号", "描述"]) & 0b10, 0b10);
        assert_eq!(at(&["US ID", "Story"]), 1);
        assert_eq!(at(&["Task", "Req ID", "Description"]) & 0b10, 0, "a matrix");
        assert_eq!(at(&["Feature", "Req ID", "User Story", "Test"]), 0, "a matrix");
        assert_eq!(at(&["Feature", "User Story"]), 0);
        assert_eq!(at(&["Action", "Input", "Output", "FR", "Description"]) & 0b1000, 0, "what each action serves");
    }
}
