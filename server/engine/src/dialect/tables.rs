//! The tables of the dialects that come with the program, and what one takes over from another.

use std::sync::LazyLock;

/// In a list: what the list says in the dialect that is extended.
pub const REST: &str = "...";

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

/// The table at `key` of the table `given`, with everything there that it leaves to the dialect it extends.
pub(super) fn part(given: &toml::Table, key: &str) -> toml::Table {
    let below = given.get("extends").and_then(|base| TABLES.iter().find(|table| table.get("name") == Some(base)));
    let mut table = below.map(|below| part(below, key)).unwrap_or_default();
    lay_over(&mut table, given.get(key).and_then(toml::Value::as_table).cloned().unwrap_or_default());
    table
}

/// Puts `upper` over `lower`: what both have is `upper`'s, tables are joined, and `"..."` in a list is `lower`'s list.
pub(super) fn lay_over(lower: &mut toml::Table, upper: toml::Table) {
    use toml::Value;
    for (key, value) in upper {
        let value = match (lower.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => {
                lay_over(below, above);
                continue;
            }
            (Some(Value::Array(below)), Value::Array(above)) => Value::Array(joined(std::mem::take(below), above)),
            (_, Value::Array(above)) => Value::Array(joined(Vec::new(), above)),
            (_, value) => value,
        };
        lower.insert(key, value);
    }
}

fn joined(below: Vec<toml::Value>, above: Vec<toml::Value>) -> Vec<toml::Value> {
    let mut below = Some(below);
    let entries = above.into_iter().flat_map(|entry| match entry.as_str() {
        Some(REST) => below.take().unwrap_or_default(),
        _ => vec![entry],
    });
    entries.collect()
}
