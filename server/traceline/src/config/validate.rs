//! Validation: what of a tree of settings fits its JSON schema, and what is wrong with the rest.
//!
//! The schema is made from the types, so types, schema, documentation and these messages cannot differ.

use super::problem::Problem;
use serde_json::Value as Schema;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Settings as they were written.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Bytes of the text.
    pub(super) span: Range<usize>,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Table(Vec<Entry>),
    List(Vec<Node>),
    Text(String),
    Truth(bool),
    Whole(i64),
    /// A date, a fraction or a number that is too large.
    Other,
    /// As good as not written.
    Nothing,
}

#[derive(Clone, Debug)]
struct Entry {
    key: String,
    span: Range<usize>,
    value: Node,
}

impl Node {
    /// The tree of a TOML table.
    pub(super) fn of_toml(span: Range<usize>, table: &DeTable<'_>) -> Self {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: key.span(),
            value: Self::of_value(value.span(), value.get_ref()),
        });
        let mut entries: Vec<Entry> = entries.collect();
        // Problems are told in the order of the text.
        entries.sort_by_key(|entry| entry.span.start);
        Self { span, what: What::Table(entries) }
    }

    fn of_value(span: Range<usize>, value: &DeValue<'_>) -> Self {
        let what = match value {
            DeValue::Table(table) => return Self::of_toml(span, table),
            DeValue::Array(list) => What::List(list.iter().map(|it| Self::of_value(it.span(), it.get_ref())).collect()),
            DeValue::String(text) => What::Text(text.to_string()),
            DeValue::Boolean(truth) => What::Truth(*truth),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(What::Other, What::Whole)
            }
            DeValue::Float(_) | DeValue::Datetime(_) => What::Other,
        };
        Self { span, what }
    }

    /// The tree of a JSON value, which has no places.
    pub(super) fn of_json(value: &serde_json::Value) -> Self {
        use serde_json::Value;
        let what = match value {
            Value::Null => What::Nothing,
            Value::Bool(truth) => What::Truth(*truth),
            Value::Number(number) => number.as_i64().map_or(What::Other, What::Whole),
            Value::String(text) => What::Text(text.clone()),
            Value::Array(list) => What::List(list.iter().map(Self::of_json).collect()),
            Value::Object(table) => What::Table(
                table
                    .iter()
                    .map(|(key, value)| Entry { key: key.clone(), span: 0..0, value: Self::of_json(value) })
                    .collect(),
            ),
        };
        Self { span: 0..0, what }
    }

    /// What stands at `path`: names of keys, and numbers of entries of lists.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Node> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        match &self.what {
            What::Table(entries) => entries.iter().find(|entry| entry.key == *first)?.value.at(rest),
            What::List(list) => list.get(first.parse::<usize>().ok()?)?.at(rest),
            _ => None,
        }
    }
}

/// What of `node` fits `schema`, and what does not. Of a table or list that fits in part, that part is left.
pub(super) fn validate(node: &Node, schema: &Schema) -> (Option<toml::Value>, Vec<Problem>) {
    let mut sieve = Sieve { root: schema, path: Vec::new(), problems: Vec::new() };
    let left = sieve.node(node, schema);
    (left, sieve.problems)
}

struct Sieve<'s> {
    root: &'s Schema,
    /// The keys that lead to where the sieve is.
    path: Vec<String>,
    problems: Vec<Problem>,
}

impl<'s> Sieve<'s> {
    fn node(&mut self, node: &Node, schema: &'s Schema) -> Option<toml::Value> {
        let schema = self.resolved(schema, node);
        match (&node.what, kind(schema)) {
            (What::Nothing, _) => None,
            (What::Table(entries), "object") => Some(self.table(entries, schema)),
            (What::List(list), "array") => {
                let items = schema.get("items").unwrap_or(&Schema::Null);
                Some(toml::Value::Array(list.iter().filter_map(|it| self.node(it, items)).collect()))
            }
            (What::Text(text), "string") => {
                let known = allowed(schema);
                if known.is_empty() || known.contains(&text.as_str()) {
                    return Some(toml::Value::String(text.clone()));
                }
                let near = nearest(text, &known).map_or(String::new(), |name| format!(", did you mean `\"{name}\"`?"));
                self.tell(node.span.clone(), format!("this must be {}{near}", wanted(self.root, schema)));
                None
            }
            (What::Truth(truth), "boolean") => Some(toml::Value::Boolean(*truth)),
            (What::Whole(number), "integer") if bounds(schema).contains(number) => Some(toml::Value::Integer(*number)),
            // No schema: anything goes.
            (_, "") => None,
            _ => {
                self.tell(node.span.clone(), format!("this must be {}", wanted(self.root, schema)));
                None
            }
        }
    }

    fn table(&mut self, entries: &[Entry], schema: &'s Schema) -> toml::Value {
        let mut table = toml::Table::new();
        let properties = schema.get("properties").and_then(Schema::as_object);
        let others = schema.get("additionalProperties").filter(|it| it.is_object());
        for entry in entries {
            let Some(inside) = properties.and_then(|all| all.get(&entry.key)).or(others) else {
                self.unknown(entry, schema);
                continue;
            };
            self.path.push(entry.key.clone());
            if let Some(value) = self.node(&entry.value, inside) {
                table.insert(entry.key.clone(), value);
            }
            self.path.pop();
        }
        toml::Value::Table(table)
    }

    fn unknown(&mut self, entry: &Entry, schema: &'s Schema) {
        /// Names that fit on a line.
        const MOST: usize = 12;
        let properties = schema.get("properties").and_then(Schema::as_object);
        let known: Vec<&str> = properties.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let mut message = format!("unknown key `{}`", entry.key);
        let deeper = properties.into_iter().flatten().find(|(_, inside)| {
            let inside = self.resolved(inside, &entry.value);
            inside.get("properties").is_some_and(|it| it.get(&entry.key).is_some())
        });
        if let Some(near) = nearest(&entry.key, &known) {
            message += &format!(", did you mean `{near}`?");
        } else if let Some((key, _)) = deeper {
            message += &format!(", did you mean `{}` in `{key}`?", entry.key);
        } else if known.len() <= MOST {
            let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            message += &format!(", known are {}", known.join(", "));
        }
        self.tell(entry.span.clone(), message);
    }

    fn tell(&mut self, span: Range<usize>, message: String) {
        self.problems.push(Problem { span, within: self.path.join("."), message });
    }

    /// The schema that `schema` stands for; of several, the one that `node` looks like, else the first.
    fn resolved(&self, schema: &'s Schema, node: &Node) -> &'s Schema {
        resolved(self.root, schema, |schema| fits(node, kind(schema)))
    }
}

fn resolved<'s>(root: &'s Schema, schema: &'s Schema, fits: impl Fn(&Schema) -> bool) -> &'s Schema {
    let mut schema = schema;
    while let Some(next) = follow(root, schema) {
        schema = next;
    }
    let Some(choices) = schema.get("anyOf").and_then(Schema::as_array) else { return schema };
    let mut choices = choices.iter().map(|choice| follow(root, choice).unwrap_or(choice));
    let first = choices.clone().next().unwrap_or(schema);
    choices.find(|choice| fits(choice)).unwrap_or(first)
}

/// What a `$ref` leads to; in draft 7 it stands alone in an `allOf` where there is more to say.
fn follow<'s>(root: &'s Schema, schema: &'s Schema) -> Option<&'s Schema> {
    if let Some([only]) = schema.get("allOf").and_then(Schema::as_array).map(Vec::as_slice) {
        return Some(only);
    }
    root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn fits(node: &Node, kind: &str) -> bool {
    match node.what {
        What::Table(_) => kind == "object",
        What::List(_) => kind == "array",
        What::Text(_) => kind == "string",
        What::Truth(_) => kind == "boolean",
        What::Whole(_) => kind == "integer",
        What::Other | What::Nothing => false,
    }
}

/// The type that a schema asks for; empty where it asks for none.
fn kind(schema: &Schema) -> &str {
    let named = |it: &Schema| it.as_str().filter(|name| *name != "null").map(String::from);
    match schema.get("type") {
        Some(Schema::String(kind)) => kind,
        Some(Schema::Array(kinds)) => {
            let found = kinds.iter().find(|it| named(it).is_some());
            found.and_then(Schema::as_str).unwrap_or_default()
        }
        _ if schema.get("oneOf").is_some() || schema.get("enum").is_some() => "string",
        _ => "",
    }
}

/// The texts that a schema allows; empty where all are.
fn allowed(schema: &Schema) -> Vec<&str> {
    if let Some(choices) = schema.get("oneOf").and_then(Schema::as_array) {
        return choices.iter().flat_map(|choice| allowed(choice)).collect();
    }
    let listed = schema.get("enum").and_then(Schema::as_array).into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Schema::as_str).collect()
}

fn bounds(schema: &Schema) -> std::ops::RangeInclusive<i64> {
    let bound = |name: &str| schema.get(name).and_then(Schema::as_i64);
    let most = if schema.get("format").and_then(Schema::as_str) == Some("uint32") { u32::MAX.into() } else { i64::MAX };
    bound("minimum").unwrap_or(i64::MIN)..=bound("maximum").unwrap_or(most)
}

/// What a schema asks for, in a person's words.
fn wanted<'s>(root: &'s Schema, schema: &'s Schema) -> String {
    let schema = resolved(root, schema, |_| true);
    let known = allowed(schema);
    if !known.is_empty() {
        let quoted: Vec<String> = known.iter().map(|name| format!("\"{name}\"")).collect();
        return match quoted.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => quoted.concat(),
        };
    }
    match kind(schema) {
        "object" => "a table".into(),
        "array" => {
            let items = schema.get("items").map_or(&Schema::Null, |items| resolved(root, items, |_| true));
            if kind(items) == "object" { "a list of tables".into() } else { "a list of texts, as in [\"…\"]".into() }
        }
        "boolean" => "true or false".into(),
        "integer" => {
            let bounds = bounds(schema);
            if *bounds.end() < i64::from(u32::MAX) {
                format!("a whole number from {} to {}", bounds.start(), bounds.end())
            } else {
                "a whole number".into()
            }
        }
        _ => "a text in quotes".into(),
    }
}

/// The one of `known` that `name` is most like, if it is like any.
pub(super) fn nearest<'n>(name: &str, known: &[&'n str]) -> Option<&'n str> {
    let name = name.to_lowercase();
    let near = known.iter().map(|known| (strsim::osa_distance(known, &name), *known)).min();
    // Half of a short word is another word.
    near.filter(|(distance, known)| *distance <= 3.min(known.chars().count().max(2) / 2)).map(|(_, known)| known)
}
