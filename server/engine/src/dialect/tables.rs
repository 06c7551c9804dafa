//! The tables of the dialects that come with the program, and what one takes over from another.

use super::own::lay_over;
use std::sync::LazyLock;

/// The tables that come with the program, in the order in which they are tried. The first is the home dialect.
const BUILT_IN: &[&str] = &[
    include_str!("../../dialects/plan.toml"),
    include_str!("../../dialects/openspec.toml"),
    include_str!("../../dialects/bugfix.toml"),
    include_str!("../../dialects/kiro.toml"),
    include_str!("../../dialects/spec-kit.toml"),
    include_str!("../../dialects/bmad.toml"),
    include_str!("../../dialects/stories.toml"),
    include_str!("../../dialects/prd.toml"),
    include_str!("../../dialects/srs.toml"),
];

/// The same as tables, each read once: most extend another.
pub(super) static TABLES: LazyLock<Vec<toml::Table>> = LazyLock::new(|| {
    BUILT_IN.iter().map(|text| toml::from_str(text).expect("a test reads the built-in tables")).collect()
});

/// The table `given` with everything that it leaves to the dialect it extends.
pub(super) fn whole(mut given: toml::Table) -> Result<toml::Table, toml::de::Error> {
    let Some(base) = given.remove("extends") else { return Ok(given) };
    let Some(below) = TABLES.iter().find(|table| table.get("name") == Some(&base)) else {
        return Err(serde::de::Error::custom(format!(
            "there is no dialect {} to extend",
            base.as_str().unwrap_or("of this kind")
        )));
    };
    let mut table = whole(below.clone())?;
    lay_over(&mut table, given);
    table.insert("extends".into(), base);
    Ok(table)
}
