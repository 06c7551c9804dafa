//! What a finding is about, said so that it is known again: by its rule, its file and the words of its place, never by lines.

use super::Finding;
use crate::baseline::Baseline;
use crate::fingerprint::{Fingerprint, normalised};
use crate::path::FilePath;
use crate::world::Snapshot;
use rustc_hash::FxHashMap;

/// One thing that a finding is about. Findings that tell of several things together have one for each, so that those that
/// are left when some are mended are still known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// In words: an id, a title, or the words of the place.
    pub about: String,
    /// The same with rule, file and, among equals, its number.
    pub fingerprint: Fingerprint,
}

impl Finding {
    /// The fingerprint of all that it is about; only after [`identify`].
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        match &self.identities[..] {
            [only] => only.fingerprint,
            several => {
                let all: Vec<String> = several.iter().map(|it| it.fingerprint.to_string()).collect();
                Fingerprint::of(all.iter().map(String::as_str))
            }
        }
    }
}

/// Gives all findings of the file at `path`, in the order of its text, their identities; `name` is the file's name in them.
/// `text` is asked only where the file is not open. Of a file that is not any more what was read, findings are known by
/// their messages, which no other time knows again.
pub fn identify(
    snapshot: &Snapshot,
    path: &FilePath,
    name: &str,
    findings: &mut [Finding],
    text: impl FnOnce() -> Option<String>,
) {
    let Some(view) = snapshot.view(path).filter(|_| !findings.is_empty()) else { return };
    let rope = view.document().map(|document| document.rope());
    let closed = if rope.is_none() { text().filter(|text| view.is_as_read(text)) } else { None };
    let words = |finding: &Finding| {
        let words = match rope {
            Some(rope) => rope.get_byte_slice(finding.span.range()).map(|words| normalised(&words.to_string())),
            None => closed.as_ref().and_then(|text| text.get(finding.span.range())).map(normalised),
        };
        words.unwrap_or_else(|| finding.message.clone())
    };
    let mut equals: FxHashMap<(&'static str, String), u32> = FxHashMap::default();
    for finding in findings {
        let about = match &finding.part {
            _ if !finding.told.is_empty() => finding.told.clone(),
            Some(part) => vec![part.name.clone()],
            None => vec![words(finding)],
        };
        let identity = |about: String| {
            let number = equals.entry((finding.rule.name, about.clone())).or_default();
            let fingerprint = Fingerprint::of([finding.rule.name, name, &about, &number.to_string()]);
            *number += 1;
            Identity { about, fingerprint }
        };
        finding.identities = about.into_iter().map(identity).collect();
    }
}

/// Takes out of `findings`, which have identities, those that the baseline holds of the file called `name`; of one that tells of
/// several things all must be known.
pub fn take_known(baseline: &Baseline, name: &str, findings: &mut Vec<Finding>) -> Vec<Finding> {
    let Some(known) = baseline.of_file(name) else { return Vec::new() };
    let all = |finding: &mut Finding| {
        !finding.identities.is_empty() && finding.identities.iter().all(|it| known.contains(&it.fingerprint))
    };
    findings.extract_if(.., all).collect()
}

/// Takes out of all `findings` of the file at `path` what the baseline in force holds. `text` is
/// asked only where there is something to compare and the file is not open.
pub fn leave_known(
    snapshot: &Snapshot,
    path: &FilePath,
    findings: &mut Vec<Finding>,
    text: impl FnOnce() -> Option<String>,
) -> Vec<Finding> {
    let Some((folder, baseline)) = snapshot.baseline_of(path) else { return Vec::new() };
    let name = path.relative_to(folder.as_str());
    if baseline.of_file(name).is_none() {
        return Vec::new();
    }
    identify(snapshot, path, name, findings, text);
    take_known(baseline, name, findings)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::{Entry, File};
    use crate::feature::Source;
    use crate::fixture::{Texts, files, world};
    use crate::rule::check;
    use crate::settings::Settings;
    use crate::world::World;
    use std::collections::BTreeSet;
    use std::sync::Arc;

    /// What is found in the file `path` of a fixture, as rule, words and fingerprint.
    fn identified(fixture: &str, path: &str) -> Vec<(String, String)> {
        let snapshot = world(fixture).snapshot();
        let texts = Texts(files(fixture));
        let path = FilePath::new(&format!("/w/{path}"));
        let mut findings = check(&snapshot, &path);
        identify(&snapshot, &path, path.relative_to("/w"), &mut findings, || texts.text(&path));
        let told = |finding: &Finding| finding.identities.clone();
        findings
            .iter()
            .flat_map(|it| {
                told(it)
                    .into_iter()
                    .map(move |one| (format!("{} {}", it.rule.name, one.about), one.fingerprint.to_string()))
            })
            .collect()
    }

    const SPEC: &str = "//- a/spec.md\n# S\n\n- **FR-1**: x\n";

    #[test]
    fn lines_above_and_marks_around_change_no_fingerprint() {
        let tasks =
            "- [ ] 1. Build\n  - _Requirements: FR-1, FR-9_\n- [ ] 2. Test\n  - _Requirements: FR-9_\n- [ ] 3. Alone\n";
        let before = identified(&format!("{SPEC}//- a/tasks.md\n{tasks}"), "a/tasks.md");
        assert_eq!(before.iter().filter(|(about, _)| about == "unknown-requirement FR-9").count(), 2, "{before:?}");
        let all: BTreeSet<_> = before.iter().map(|(_, fingerprint)| fingerprint).collect();
        assert_eq!(all.len(), before.len(), "equals are told apart: {before:?}");
        let moved = format!(
            "{SPEC}//- a/tasks.md\n# Tasks\n\nWords 🎉.\n\n{}",
            tasks.replace("- [ ] 3. Alone", "* [ ]  3.  Alone")
        );
        assert_eq!(identified(&moved, "a/tasks.md"), before);
        let crlf = format!("{SPEC}//- a/tasks.md\n{}", tasks.replace('\n', "\r\n"));
        assert_eq!(identified(&crlf, "a/tasks.md"), before);
    }

    #[test]
    fn an_open_document_has_the_fingerprints_of_its_file() {
        let fixture =
            format!("{SPEC}//- a/tasks.md\n# T 🎉\n\n- [ ] 1. Build 字\n  - _Requirements: FR-9_\n- [ ] 2. Test\n");
        let path = FilePath::new("/w/a/tasks.md");
        let closed = identified(&fixture, "a/tasks.md");
        let mut world = world(&fixture);
        world.open(&path, 1, &files(&fixture)[1].1);
        let snapshot = world.snapshot();
        let mut findings = check(&snapshot, &path);
        identify(&snapshot, &path, "a/tasks.md", &mut findings, || panic!("an open document is not read"));
        let open: Vec<String> =
            findings.iter().flat_map(|it| &it.identities).map(|it| it.fingerprint.to_string()).collect();
        assert_eq!(open, closed.into_iter().map(|(_, fingerprint)| fingerprint).collect::<Vec<_>>());
        assert!(!open.is_empty());
    }

    #[test]
    fn what_is_told_together_is_known_one_by_one() {
        let prose = |ids: &str| identified(&format!("{SPEC}//- a/plan.md\n# Plan\n\nSee {ids}.\n"), "a/plan.md");
        let (both, one) = (prose("FR-7 and FR-8"), prose("FR-8"));
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(both.contains(&one[0]), "{one:?} in {both:?}");
    }

    #[test]
    fn what_the_baseline_holds_is_left_out() {
        let fixture = format!("{SPEC}//- a/tasks.md\n- [ ] 1. B\n  - _Requirements: FR-9, FR-9, FR-8_\n");
        let (mut world, path) = (world(&fixture), FilePath::new("/w/a/tasks.md"));
        let texts = Texts(files(&fixture));
        let left = |world: &World| {
            let mut findings = check(&world.snapshot(), &path);
            let before = findings.len();
            let count = leave_known(&world.snapshot(), &path, &mut findings, || texts.text(&path)).len();
            assert_eq!(count + findings.len(), before);
            findings.into_iter().map(|it| it.message).collect::<Vec<_>>()
        };
        let all = left(&world);
        let mut entries: BTreeSet<Entry> = BTreeSet::new();
        let mut findings = check(&world.snapshot(), &path);
        identify(&world.snapshot(), &path, "a/tasks.md", &mut findings, || texts.text(&path));
        for (finding, identity) in findings.iter().flat_map(|it| it.identities.iter().map(move |one| (it, one))) {
            let Identity { about, fingerprint } = identity.clone();
            entries.insert(Entry { path: "a/tasks.md".into(), rule: finding.rule.name.into(), about, fingerprint });
        }
        let mut put = |entries: &BTreeSet<Entry>| {
            let file = File { schema: None, version: 1, findings: entries.clone() };
            let baselines = [(FilePath::new("/w"), Arc::new(Baseline::of(&file)))].into();
            world.set_settings(Settings { baselines, ..Settings::default() });
            left(&world)
        };
        assert_eq!(put(&entries), [""; 0]);
        assert_eq!(put(&BTreeSet::new()), all);
        let last = entries.iter().find(|it| it.about == "FR-8").cloned().unwrap();
        entries.remove(&last);
        assert_eq!(put(&entries), ["`FR-8` is not defined in a"]);
    }

    #[test]
    fn another_file_or_word_is_another_finding() {
        let of = |path: &str, id: &str| {
            identified(&format!("{SPEC}//- {path}\n- [ ] 1. B\n  - _Requirements: {id}_\n"), path).remove(0).1
        };
        assert_ne!(of("a/tasks.md", "FR-9"), of("a/tasks.md", "FR-8"));
        assert_ne!(of("a/tasks.md", "FR-9"), of("a/more/tasks.md", "FR-9"));
    }

    #[test]
    fn a_file_that_has_changed_is_known_by_nothing_that_stays() {
        let fixture = format!("{SPEC}//- a/tasks.md\n- [ ] 1. B\n  - _Requirements: FR-9_\n");
        let (snapshot, path) = (world(&fixture).snapshot(), FilePath::new("/w/a/tasks.md"));
        let mut findings = check(&snapshot, &path);
        identify(&snapshot, &path, "a/tasks.md", &mut findings, || Some("gone".into()));
        assert_eq!(findings[0].identities[0].about, findings[0].message);
    }
}
