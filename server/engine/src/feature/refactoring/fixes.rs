//! Fixes of many files at once, each tried out before it is made: what would bring a finding that was not there is left.

mod known;

use crate::edit::{Edit, Fix, apply};
use crate::feature::Source;
use crate::path::FilePath;
use crate::rule::{self, Finding, identity::identify};
use crate::text::{Encoding, Span};
use crate::world::{Snapshot, Trial};
use known::{brought_by, moved};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Fixes make room for others; more rounds than this are nobody's document.
const MOST_ROUNDS: usize = 64;

/// Features see few others; more passes over all than this are none's either.
const MOST_PASSES: usize = 16;

/// What gives the findings of files, whose texts the source has, in their order. Whoever has threads may use them.
pub type Checker<'a> = &'a dyn Fn(&Snapshot, &[FilePath], &(dyn Source + Sync)) -> Vec<Vec<Finding>>;

/// What has been mended.
#[derive(Debug)]
pub struct Mended {
    /// What is known once it is.
    pub snapshot: Snapshot,
    /// The files that are other than they were.
    pub files: Vec<MendedFile>,
    /// Fixes that were not made, by file and place.
    pub left: Vec<Left>,
    /// Files that are not any more what was read, of which nothing was mended.
    pub changed: Vec<FilePath>,
}

/// A file that is another than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MendedFile {
    /// The file.
    pub path: FilePath,
    /// What it said.
    pub before: String,
    /// What it says now.
    pub after: String,
    /// How many findings of each rule were mended in it.
    pub mended: BTreeMap<&'static str, usize>,
}

/// A fix that was not made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The file.
    pub path: FilePath,
    /// The line of the finding, from 1.
    pub line: u32,
    /// The rule that found it.
    pub rule: &'static str,
    /// What the fix would do.
    pub title: String,
    /// The findings that it would bring, as a rule and a message; none where it would mend nothing.
    pub brings: Vec<(&'static str, String)>,
}

/// The fixes of which none overlaps one before it.
pub(crate) fn without_overlaps<'a>(fixes: impl Iterator<Item = &'a Fix>) -> Vec<&'a Fix> {
    let mut out: Vec<&Fix> = Vec::new();
    for fix in fixes {
        let taken = || out.iter().flat_map(|other| &other.edits);
        if !fix.edits.iter().any(|edit| taken().any(|other| overlap(edit.span, other.span))) {
            out.push(fix);
        }
    }
    out
}

fn overlap(a: Span, b: Span) -> bool {
    a == b || a.start < b.end && b.start < a.end
}

/// The findings of one file, with their fixes and what they are about, in which the file is called `name`: what a [`Checker`] gives
/// of each.
#[must_use]
pub fn findings_of(snapshot: &Snapshot, path: &FilePath, name: &str, source: &dyn Source) -> Vec<Finding> {
    let text = || source.text(path);
    // Asking for the index keeps it, and here it is asked for by every file of the folder.
    let _ = snapshot.scope_of(path).and_then(|scope| snapshot.index(scope));
    let mut found = rule::check_text(snapshot, path, &text);
    identify(snapshot, path, name, &mut found, text);
    rule::complete(snapshot, path, &mut found, text);
    found
}

/// Makes the fixes of findings in `paths` that `is_wanted` accepts, none of which brings a finding that was not there, until there
/// is none any more that can be made.
#[must_use]
pub fn mend(
    snapshot: &Snapshot,
    source: &(dyn Source + Sync),
    paths: &[FilePath],
    is_wanted: &dyn Fn(&FilePath, &Finding) -> bool,
    check: Checker<'_>,
) -> Mended {
    let mut work = Work {
        now: snapshot.clone(),
        texts: Texts { own: BTreeMap::new(), source },
        before: BTreeMap::new(),
        found: FxHashMap::default(),
        mended: BTreeMap::new(),
        left: BTreeMap::new(),
        is_wanted,
        check,
    };
    let mut scopes: BTreeMap<FilePath, Vec<FilePath>> = BTreeMap::new();
    for path in paths {
        if let Some(scope) = snapshot.scope_of(path) {
            scopes.entry(scope.clone()).or_default().push(path.clone());
        }
    }
    let changed = work.begin(paths);
    for files in scopes.values_mut() {
        files.retain(|path| work.before.contains_key(path));
    }
    scopes.retain(|_, files| !files.is_empty());
    for _ in 0..MOST_PASSES {
        let mut any = false;
        for (scope, files) in &scopes {
            any |= work.mend_scope(scope, files);
        }
        if !any {
            break;
        }
    }
    work.end(changed)
}

/// Texts that were read, or have come since.
struct Texts<'a> {
    own: BTreeMap<FilePath, Arc<str>>,
    source: &'a (dyn Source + Sync),
}

impl Source for Texts<'_> {
    fn text(&self, path: &FilePath) -> Option<String> {
        self.own.get(path).map(ToString::to_string).or_else(|| self.source.text(path))
    }
}

struct Work<'a> {
    now: Snapshot,
    texts: Texts<'a>,
    /// What the files say that may be mended.
    before: BTreeMap<FilePath, Arc<str>>,
    /// What is found now, of files that were looked at.
    found: FxHashMap<FilePath, Arc<[Finding]>>,
    mended: BTreeMap<FilePath, BTreeMap<&'static str, usize>>,
    /// Fixes that could not be made when each scope was looked at last.
    left: BTreeMap<FilePath, Vec<Left>>,
    is_wanted: &'a dyn Fn(&FilePath, &Finding) -> bool,
    check: Checker<'a>,
}

/// A fix that may be made.
#[derive(Clone, Debug)]
struct Candidate {
    path: FilePath,
    finding: Finding,
    fix: Fix,
}

/// What would be if some were.
struct Tried {
    snapshot: Snapshot,
    texts: BTreeMap<FilePath, Arc<str>>,
    found: Vec<(FilePath, Arc<[Finding]>)>,
}

impl Work<'_> {
    /// Reads the files that have something to mend; those that are not any more what was read are left alone.
    fn begin(&mut self, paths: &[FilePath]) -> Vec<FilePath> {
        self.look_at(paths);
        let mut changed = Vec::new();
        let mut trial = Trial::of(&self.now);
        for path in paths {
            let is_mended = |finding: &Finding| finding.fix.is_some() && (self.is_wanted)(path, finding);
            if !self.found.get(path).is_some_and(|found| found.iter().any(is_mended)) {
                continue;
            }
            let text =
                self.texts.source.text(path).filter(|text| self.now.view(path).is_some_and(|it| it.is_as_read(text)));
            let Some(text) = text else {
                changed.push(path.clone());
                continue;
            };
            // From here on what is known of it is what this text says.
            trial.put(path, &text);
            let text: Arc<str> = text.into();
            self.texts.own.insert(path.clone(), Arc::clone(&text));
            self.before.insert(path.clone(), text);
        }
        self.now = trial.end();
        self.found.clear();
        changed
    }

    /// Makes sure that it is known what is found in these files.
    fn look_at(&mut self, paths: &[FilePath]) {
        let unknown: Vec<FilePath> = paths.iter().filter(|path| !self.found.contains_key(*path)).cloned().collect();
        let found = (self.check)(&self.now, &unknown, &self.texts);
        self.found.extend(unknown.into_iter().zip(found.into_iter().map(Arc::<[Finding]>::from)));
    }

    /// The files in which something may be found otherwise when a file of `scope` changes: who looks ids up there, and where it
    /// looks them up itself.
    fn around(&self, scope: &FilePath) -> Vec<FilePath> {
        let seeing = self.now.scopes_seeing(scope).cloned();
        let scopes: BTreeSet<FilePath> = seeing.chain(self.now.lookup_chain(scope)).collect();
        let files = scopes.iter().filter_map(|scope| self.now.scope(scope)).flat_map(|scope| scope.files());
        files.cloned().collect()
    }

    /// Mends what can be mended in the files of one scope. Returns whether anything was.
    fn mend_scope(&mut self, scope: &FilePath, files: &[FilePath]) -> bool {
        self.look_at(files);
        let mut any = false;
        let mut refused: Vec<(Candidate, Left)> = Vec::new();
        for _ in 0..MOST_ROUNDS {
            let candidates = self.candidates(files, &refused);
            if candidates.is_empty() {
                break;
            }
            let around = self.around(scope);
            self.look_at(&around);
            let (mut accepted, mut last) = (Vec::new(), None);
            self.settle(&around, &candidates, &mut accepted, &mut last, &mut refused);
            if let Some(tried) = last {
                self.accept(&accepted, tried);
                // What could not be made before perhaps can be now.
                refused.clear();
                any = true;
            }
        }
        self.left.insert(scope.clone(), refused.into_iter().map(|(_, left)| left).collect());
        any
    }

    /// The fixes that may be made together.
    fn candidates(&self, files: &[FilePath], refused: &[(Candidate, Left)]) -> Vec<Candidate> {
        let mut out = Vec::new();
        for path in files {
            let found = self.found.get(path).map_or(&[][..], |found| found);
            let wanted = found.iter().filter(|finding| (self.is_wanted)(path, finding));
            let open = wanted.filter_map(|finding| Some((finding, finding.fix.as_ref()?))).filter(|(finding, fix)| {
                let same = |it: &Candidate| it.path == *path && it.finding.span == finding.span && it.fix == **fix;
                !refused.iter().any(|(candidate, _)| same(candidate))
            });
            let open: Vec<(&Finding, &Fix)> = open.collect();
            for fix in without_overlaps(open.iter().map(|(_, fix)| *fix)) {
                let finding =
                    open.iter().find(|(_, own)| std::ptr::eq(*own, fix)).map(|(finding, _)| (*finding).clone());
                out.extend(finding.map(|finding| Candidate { path: path.clone(), finding, fix: fix.clone() }));
            }
        }
        out
    }

    /// Adds of `group` to `accepted` what can be made beside it: all, or what half by half is left when what cannot is found.
    fn settle(
        &self,
        around: &[FilePath],
        group: &[Candidate],
        accepted: &mut Vec<Candidate>,
        last: &mut Option<Tried>,
        refused: &mut Vec<(Candidate, Left)>,
    ) {
        let together: Vec<&Candidate> = accepted.iter().chain(group).collect();
        match self.tried(around, &together) {
            Ok(tried) => {
                accepted.extend_from_slice(group);
                *last = Some(tried);
            }
            Err(brings) => {
                if let [only] = group {
                    refused.push((only.clone(), self.left(only, brings)));
                    return;
                }
                let (front, back) = group.split_at(group.len() / 2);
                self.settle(around, front, accepted, last, refused);
                self.settle(around, back, accepted, last, refused);
            }
        }
    }

    /// What would be if these fixes were made, or the findings that they would bring.
    fn tried(&self, around: &[FilePath], fixes: &[&Candidate]) -> Result<Tried, Vec<(&'static str, String)>> {
        let mut edits: BTreeMap<&FilePath, Vec<Edit>> = BTreeMap::new();
        for candidate in fixes {
            edits.entry(&candidate.path).or_default().extend(candidate.fix.edits.iter().cloned());
        }
        let mut trial = Trial::of(&self.now);
        let mut own = self.texts.own.clone();
        for (path, edits) in &edits {
            let text = own.get(*path).map_or("", |text| &**text);
            let after = with_same_end(text, apply(text, edits));
            trial.put(path, &after);
            own.insert((*path).clone(), after.into());
        }
        let snapshot = trial.end();
        let texts = Texts { own, source: self.texts.source };
        let after = (self.check)(&snapshot, around, &texts);
        let mut brings = Vec::new();
        let (mut was, mut is) = (0, 0);
        let count = |found: &[Finding]| found.iter().map(|it| it.identities.len()).sum::<usize>();
        for (path, after) in around.iter().zip(&after) {
            let before = self.found.get(path).map_or(&[][..], |found| found);
            let edits = edits.get(path).map_or(&[][..], Vec::as_slice);
            (was, is) = (was + count(before), is + count(after));
            brings.extend(brought_by(before, after, &|span| moved(span, edits)));
        }
        // Each makes its own finding go away, so this ends.
        if !brings.is_empty() || is + fixes.len() > was {
            return Err(brings);
        }
        let found = around.iter().cloned().zip(after.into_iter().map(Arc::from)).collect();
        Ok(Tried { snapshot, texts: texts.own, found })
    }

    fn accept(&mut self, accepted: &[Candidate], tried: Tried) {
        self.now = tried.snapshot;
        self.texts.own = tried.texts;
        self.found.extend(tried.found);
        for candidate in accepted {
            let counts = self.mended.entry(candidate.path.clone()).or_default();
            *counts.entry(candidate.finding.rule.name).or_default() += 1;
        }
    }

    fn left(&self, candidate: &Candidate, brings: Vec<(&'static str, String)>) -> Left {
        let start = candidate.finding.span.start;
        let line = self.now.view(&candidate.path).map_or(0, |view| view.position(start, Encoding::Utf16).line + 1);
        Left {
            path: candidate.path.clone(),
            line,
            rule: candidate.finding.rule.name,
            title: candidate.fix.title.clone(),
            brings,
        }
    }

    fn end(self, changed: Vec<FilePath>) -> Mended {
        let mut files = Vec::new();
        for (path, before) in &self.before {
            let after = self.texts.own.get(path).unwrap_or(before);
            if after != before {
                let mended = self.mended.get(path).cloned().unwrap_or_default();
                let (before, after) = (before.to_string(), after.to_string());
                files.push(MendedFile { path: path.clone(), before, after, mended });
            }
        }
        let mut left: Vec<Left> = self.left.into_values().flatten().collect();
        left.sort_by(|a, b| (&a.path, a.line, a.rule).cmp(&(&b.path, b.line, b.rule)));
        Mended { snapshot: self.now, files, left, changed }
    }
}

/// `after` with a line end at its end just where `before` has one.
fn with_same_end(before: &str, mut after: String) -> String {
    let end =
        |text: &str| text.len() - text.strip_suffix('\n').map_or(text, |it| it.strip_suffix('\r').unwrap_or(it)).len();
    let (had, has) = (end(before), end(&after));
    if had == 0 && !before.is_empty() {
        after.truncate(after.len() - has);
    } else if has == 0 && !after.is_empty() {
        after.push_str(&before[before.len() - had..]);
    }
    after
}

impl Mended {
    /// What of it does not hold where everything is read anew: nothing must be written then. `fresh` knows what the files say
    /// after it, and `read` is what was known before.
    #[must_use]
    pub fn faults(
        &self,
        read: &Snapshot,
        fresh: &Snapshot,
        source: &(dyn Source + Sync),
        check: Checker<'_>,
    ) -> Vec<String> {
        let paths: Vec<FilePath> = fresh.files().cloned().collect();
        let after = Texts {
            own: self.files.iter().map(|file| (file.path.clone(), Arc::from(file.after.as_str()))).collect(),
            source,
        };
        let (now, anew) = (check(&self.snapshot, &paths, &after), check(fresh, &paths, &after));
        let old = check(read, &paths, source);
        let mut faults = Vec::new();
        for (((path, now), anew), old) in paths.iter().zip(now).zip(anew).zip(old) {
            let name = fresh.display_path(path);
            if now != anew {
                faults.push(format!("{name} is understood otherwise when it is read anew"));
            }
            // What was mended was held against what was there step by step.
            if after.own.contains_key(path) || self.changed.contains(path) {
                continue;
            }
            let brought = brought_by(&old, &anew, &|span| Some(span));
            faults.extend(brought.into_iter().map(|(rule, message)| format!("{name}: {message} ({rule})")));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Safety;
    use crate::fixture::{Texts as Kept, files, world};

    const SPEC: &str = "//- a/spec.md\n# S\n\n- **FR-1**: The system SHALL check it.\n- **FR-2**: The system SHALL lock it.\n- **FR-3**: The system SHALL tell it.\n";

    fn findings(snapshot: &Snapshot, paths: &[FilePath], source: &(dyn Source + Sync)) -> Vec<Vec<Finding>> {
        paths.iter().map(|path| findings_of(snapshot, path, path.as_str(), source)).collect()
    }

    fn mended(fixture: &str, safety: Safety) -> Mended {
        let snapshot = world(fixture).snapshot();
        let kept = Kept(files(fixture));
        let paths: Vec<FilePath> = snapshot.files().cloned().collect();
        let mended = mend(&snapshot, &kept, &paths, &|_, finding| finding.is_mended(safety), &findings);
        let fresh = world(&drawn(&mended, fixture)).snapshot();
        assert_eq!(mended.faults(&snapshot, &fresh, &kept, &findings), [""; 0]);
        mended
    }

    /// The fixture once it is mended.
    fn drawn(mended: &Mended, fixture: &str) -> String {
        let text = |path: &FilePath, text: String| {
            mended.files.iter().find(|file| file.path == *path).map_or(text, |file| file.after.clone())
        };
        let all = files(fixture).into_iter();
        all.map(|(path, own)| format!("//- {}\n{}", path.relative_to("/w"), text(&path, own))).collect()
    }

    fn check(fixture: &str, safety: Safety, wanted: &[(&str, &str)]) {
        let wanted = wanted.iter().fold(fixture.to_string(), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replacen(from, to, 1)
        });
        let found = drawn(&mended(fixture, safety), fixture);
        assert_eq!(found, wanted);
        assert_eq!(drawn(&mended(&wanted, safety), &wanted), wanted, "a second time changes nothing");
    }

    #[test]
    fn safe_ones_are_made_until_none_is_left() {
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n  - _Requirements: fr-1, FR-1, FR-2 FR-3\n- [ ] 2. B\n  - _Requirements: FR-2, FR-9_\n";
        check(&format!("{SPEC}{tasks}"), Safety::Safe, &[("fr-1, FR-1, FR-2 FR-3\n", "FR-1, FR-2, FR-3_\n")]);
    }

    #[test]
    fn what_was_likely_meant_is_written_where_that_is_wanted() {
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n  - _Requirements: FR-01, FR-2_\n- [ ] 2. B\n  - _Requirements: fr-3_\n";
        check(&format!("{SPEC}{tasks}"), Safety::Safe, &[("fr-3", "FR-3")]);
        check(&format!("{SPEC}{tasks}"), Safety::Suggested, &[("FR-01", "FR-1"), ("fr-3", "FR-3")]);
    }

    #[test]
    fn what_would_bring_a_finding_is_left_and_told() {
        // Once the slip is mended, the line names one twice.
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n  - _Requirements: FR-1, FR-01, FR-2, FR-3_\n";
        let fixture = format!("{SPEC}{tasks}");
        let found = mended(&fixture, Safety::Suggested);
        assert_eq!(drawn(&found, &fixture), fixture);
        let [left] = &found.left[..] else { panic!("{:?}", found.left) };
        assert_eq!((left.path.as_str(), left.line, left.rule), ("/w/a/tasks.md", 4, "unknown-requirement"));
        assert_eq!(left.brings.iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), ["duplicate-reference"]);
    }

    #[test]
    fn what_cannot_be_made_keeps_nothing_else() {
        let tasks = "//- a/tasks.md\n# T\n\n- [ ] 1. A\n  - _Requirements: FR-1, FR-01, fr-2_\n- [ ] 2. B\n  - _Requirements: fr-3, FR-02_\n";
        let fixture = format!("{SPEC}{tasks}");
        check(&fixture, Safety::Suggested, &[("fr-2", "FR-2"), ("fr-3, FR-02", "FR-3, FR-2")]);
        let found = mended(&fixture, Safety::Suggested);
        let mended = &found.files[0].mended;
        assert_eq!(
            mended.iter().map(|(rule, count)| (*rule, *count)).collect::<Vec<_>>(),
            [("id-case", 2), ("unknown-requirement", 1)]
        );
    }

    #[test]
    fn a_file_that_is_not_what_was_read_is_left_alone() {
        let fixture = format!("{SPEC}//- a/tasks.md\n- [ ] 1. A\n  - _Requirements: fr-1, FR-2, FR-3_\n");
        let snapshot = world(&fixture).snapshot();
        let mut kept = Kept(files(&fixture));
        kept.0[1].1.insert_str(0, "# New\n\n");
        let paths: Vec<FilePath> = snapshot.files().cloned().collect();
        let found = mend(&snapshot, &kept, &paths, &|_, _| true, &findings);
        assert_eq!((found.files.len(), found.changed), (0, vec![FilePath::new("/w/a/tasks.md")]));
    }

    #[test]
    fn the_end_of_a_file_stays_as_it_is() {
        let end = |before: &str, after: &str| with_same_end(before, after.to_string());
        assert_eq!(end("a\n", "b\n"), "b\n");
        assert_eq!(end("a\r\n", "b"), "b\r\n");
        assert_eq!(end("a", "b\r\n"), "b");
        assert_eq!(end("", "b\n"), "b\n");
    }
}
