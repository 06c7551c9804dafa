//! Exports: what is understood and found, in forms that other programs read. Each has a JSON schema in `schemas/`.

pub mod check;
pub mod changes;
pub mod impact;
pub mod inspect;
pub mod matrix;
pub mod place;
pub mod list;
pub mod chain;
pub mod show;
pub mod trace;

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, schema_for};

    /// Compares the committed schema with the types; `UPDATE_SCHEMAS=1 cargo test -p traceline-engine schema` writes it anew.
    fn is_current<T: JsonSchema>(name: &str) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
        let schema = serde_json::to_string_pretty(&schema_for!(T)).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, &schema).unwrap();
        }
        assert_eq!(
            std::fs::read_to_string(&path).unwrap_or_default(),
            schema,
            "{name} is stale: UPDATE_SCHEMAS=1 cargo test -p traceline-engine schema"
        );
    }

    #[test]
    fn the_committed_schemas_are_those_of_the_types() {
        is_current::<super::check::Report>("check.schema.json");
        is_current::<crate::baseline::File>("baseline.schema.json");
        is_current::<super::impact::Report>("impact.schema.json");
        is_current::<super::inspect::Report>("inspect.schema.json");
        is_current::<super::matrix::Report<'_>>("matrix.schema.json");
        is_current::<super::place::Report>("place.schema.json");
        is_current::<super::list::Report<'_>>("list.schema.json");
        is_current::<super::show::Report>("show.schema.json");
        is_current::<super::trace::Report>("trace.schema.json");
    }
}
