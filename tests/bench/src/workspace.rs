//! Generated workspaces: the same shape and seed give the same bytes.

use crate::feature::{DANGLING, Feature, feature, put};
use crate::prose::{Dice, ENDS, NOUNS, VERBS};
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

const SEED: u64 = 1;

/// Changes whenever the generator's output changes, so that stale data is written anew.
const EDITION: u32 = 1;

/// Name of the feature whose plan is long, when a workspace has one; it sorts behind the others.
pub(crate) const LONG: &str = "99999-long-plan";

/// What a workspace holds: `f1000` is 1,000 features, `f1000-p100k` adds one with a plan of 100 KB, `openspec1000` speaks OpenSpec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Features { count: usize, long_plan: Option<usize> },
    OpenSpec { count: usize },
}

/// What was generated, for the checks and the report; kept beside the workspace as `<shape>.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contents {
    pub(crate) edition: u32,
    pub(crate) features: usize,
    pub(crate) files: usize,
    pub(crate) bytes: usize,
    pub(crate) definitions: usize,
    /// References in trace lines to an id that nothing defines.
    pub(crate) dangling: usize,
}

impl Shape {
    pub(crate) fn named(name: &str) -> Result<Self> {
        let unknown =
            || format!("`{name}` is no workspace · write `f1000`, `f1000-p100k`, `f0-p10m` or `openspec1000`");
        if let Some(count) = name.strip_prefix("openspec") {
            return Ok(Self::OpenSpec { count: count.parse().with_context(unknown)? });
        }
        let Some(rest) = name.strip_prefix('f') else { bail!(unknown()) };
        let (count, long_plan) = match rest.split_once("-p") {
            Some((count, size)) => (count, Some(bytes(size).with_context(unknown)?)),
            None => (rest, None),
        };
        Ok(Self::Features { count: count.parse().with_context(unknown)?, long_plan })
    }
}

fn bytes(size: &str) -> Option<usize> {
    let (digits, unit) = match size.as_bytes().last()? {
        b'k' => (&size[..size.len() - 1], 1_000),
        b'm' => (&size[..size.len() - 1], 1_000_000),
        _ => (size, 1),
    };
    Some(digits.parse::<usize>().ok()? * unit)
}

/// Writes the workspace `name` under `data` unless it is there already; returns its root and contents.
pub(crate) fn workspace(data: &Path, name: &str) -> Result<(PathBuf, Contents)> {
    let (shape, root, record) = (Shape::named(name)?, data.join(name), data.join(format!("{name}.json")));
    let known = fs::read_to_string(&record).ok().and_then(|text| serde_json::from_str::<Contents>(&text).ok());
    if let Some(contents) = known.filter(|contents| contents.edition == EDITION) {
        return Ok((root.canonicalize()?, contents));
    }
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("{} could not be emptied", root.display()))?;
    }
    let mut contents = Contents { edition: EDITION, ..Contents::default() };
    write(
        shape,
        &mut |path, text| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("every file lies in the workspace"))?;
            fs::write(path, text)
        },
        &mut contents,
    )?;
    // Written last: a run that was cut short leaves no record and is done again.
    fs::write(record, serde_json::to_string(&contents)?)?;
    Ok((root.canonicalize()?, contents))
}

type Sink<'a> = dyn FnMut(&str, &str) -> std::io::Result<()> + 'a;

fn write(shape: Shape, sink: &mut Sink<'_>, contents: &mut Contents) -> std::io::Result<()> {
    match shape {
        Shape::Features { count, long_plan } => plan_documents(count, long_plan, sink, contents),
        Shape::OpenSpec { count } => openspec(count, sink, contents),
    }
}

fn plan_documents(
    count: usize,
    long_plan: Option<usize>,
    sink: &mut Sink<'_>,
    contents: &mut Contents,
) -> std::io::Result<()> {
    let mut dice = Dice::new(SEED);
    let hub = "# Constitution\n\n## Core Principles\n\nEvery plan names the requirements it serves.\n\n## Governance\n\nText.\n";
    sink("constitution.md", hub)?;
    (contents.files, contents.bytes) = (1, hub.len());
    let ordinary = (1..=count).map(|number| (name(number), None));
    let long = long_plan.map(|bytes| (LONG.to_owned(), Some(bytes)));
    for (folder, plan_bytes) in ordinary.chain(long) {
        let neighbour = if count == 0 { LONG.to_owned() } else { name(1 + dice.below(count)) };
        let Feature { requirements, plan, tasks, definitions } = feature(&mut dice, &folder, &neighbour, plan_bytes);
        for (file, text) in [("requirements", &requirements), ("plan", &plan), ("tasks", &tasks)] {
            sink(&format!("specs/{folder}/{file}.md"), text)?;
            contents.files += 1;
            contents.bytes += text.len();
            contents.dangling += text.matches(DANGLING).count();
        }
        contents.features += 1;
        contents.definitions += definitions;
    }
    Ok(())
}

fn name(number: usize) -> String {
    let mut dice = Dice::new(number as u64 * 7919 + 13);
    format!("{number:05}-{}-{}", dice.pick(VERBS), dice.pick(NOUNS)).replace(' ', "-")
}

/// As many requirements as the other workspaces have, in the form that `openspec validate` reads.
fn openspec(count: usize, sink: &mut Sink<'_>, contents: &mut Contents) -> std::io::Result<()> {
    const EACH: usize = 24;
    let mut dice = Dice::new(SEED);
    let mut shall = || format!("The system SHALL {} the {} {}.", dice.pick(VERBS), dice.pick(NOUNS), dice.pick(ENDS));
    sink("openspec/project.md", "# Project\n")?;
    contents.files = 1;
    for number in 1..=count {
        let folder = name(number);
        let mut text = format!(
            "# {folder} Specification\n\n## Purpose\nThis capability lets users process items of every kind, so that speed can be measured.\n\n## Requirements\n"
        );
        for item in 1..=EACH {
            put(&mut text, format_args!("### Requirement: Item {item}\n{}\n", shall()));
            put(
                &mut text,
                format_args!("#### Scenario: Case {item}\n- **WHEN** a user asks\n- **THEN** {}\n", shall()),
            );
        }
        sink(&format!("openspec/specs/{folder}/spec.md"), &text)?;
        contents.files += 1;
        contents.bytes += text.len();
    }
    (contents.features, contents.definitions) = (count, count * EACH);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, want: &Contents) -> u64 {
        let (mut digest, mut contents) =
            (0xcbf2_9ce4_8422_2325_u64, Contents { edition: EDITION, ..Contents::default() });
        let mut fold = |path: &str, text: &str| {
            for byte in path.bytes().chain(text.bytes()) {
                digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
            Ok(())
        };
        write(Shape::named(name).unwrap(), &mut fold, &mut contents).unwrap();
        assert_eq!(&contents, want, "{name}");
        digest
    }

    #[test]
    fn the_same_shape_gives_the_same_bytes() {
        // Another digest means another workload: raise EDITION, and do not compare figures across it.
        let small = Contents { edition: EDITION, features: 3, files: 10, bytes: 55779, definitions: 75, dangling: 3 };
        assert_eq!(check("f3", &small), 10_873_253_547_201_191_103);
    }

    #[test]
    fn a_long_plan_is_as_long_as_asked() {
        let mut longest = 0;
        let mut contents = Contents::default();
        write(
            Shape::named("f0-p100k").unwrap(),
            &mut |_, text| {
                longest = longest.max(text.len());
                Ok(())
            },
            &mut contents,
        )
        .unwrap();
        assert!((100_000..102_000).contains(&longest), "{longest}");
    }

    #[test]
    fn an_unknown_shape_says_what_would_work() {
        let refused = Shape::named("large").unwrap_err().to_string();
        assert!(refused.contains("`f1000-p100k`"), "{refused}");
    }
}
