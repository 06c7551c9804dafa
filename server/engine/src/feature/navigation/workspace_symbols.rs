//! Workspace symbols: requirements of every feature, by id, by words of their title, and by letters of either in order.

use crate::batch::RequirementKey;
use crate::facts::{Form, Named};
use crate::id::Id;
use crate::letter_set::LetterSet;
use crate::path::FilePath;
use crate::query::{Defined, Place, definitions_of};
use crate::text::Span;
use crate::world::{Snapshot, View};
use memchr::memmem::Finder;
use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use rustc_hash::FxHashSet;

/// A requirement that matches a query.
#[derive(Clone, Debug)]
pub struct SymbolMatch<'a> {
    /// The scope that it belongs to.
    pub scope: &'a FilePath,
    /// Its id there.
    pub id: Id,
    /// Its id and title.
    pub name: String,
    /// The feature it belongs to, from its workspace folder on.
    pub container: &'a str,
    /// The file that defines it.
    pub view: View<'a>,
    /// Where its id stands.
    pub span: Span,
    /// Whether it has been given up.
    pub withdrawn: bool,
}

/// What is answered at most where no id is named whole: nobody reads on.
const MOST: usize = 256;

/// How many requirements that hold the query's words are ranked at most: ranking costs a microsecond each and more, and a
/// workspace holds hundreds of thousands.
const MOST_RANKED: usize = 2_000;

/// The same of those that hold its letters in order, and how many that hold them are looked at for that.
const MOST_LIKELY: usize = 1_000;
const MOST_TRIED: usize = 8_000;

/// How many of those are ranked: the ones whose letters stand closest. Ranking letters costs ten times what finding them does.
const MOST_SCORED: usize = 384;

/// Where so many hold the query's words, nobody looks for letters.
const ENOUGH: usize = 32;

/// Who has one kind of work done on many things: the engine starts no threads itself.
pub trait Spread {
    /// What `work` makes of `items`, in their order: all at once or, unless there are fewer than `few`, in pieces.
    fn spread<T: Sync, R: Send>(&self, items: &[T], few: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R>;
}

/// So many features are looked into at once, of which most are told by letters, and so many requirements ranked: others who
/// help would not be there in time.
const FEW_FEATURES: usize = 1_000;
const FEW_RANKED: usize = 384;

/// So many are found before `put` is called: what it looks at is at hand then.
const PIECE: usize = 64;

/// The requirements that match `query`, best first: one whose id it is, then those that hold its words in any case, then those
/// that hold its letters in order. Words may also name the feature. What is found is handed to `put` piece by piece; what that
/// makes of them comes back in order. Many features are looked into by way of `spread`.
pub fn workspace_symbols<'a, R: Send>(
    snapshot: &'a Snapshot,
    query: &str,
    put: impl Fn(&[SymbolMatch<'a>]) -> R + Sync,
    spread: &(impl Spread + Sync),
) -> Vec<R> {
    let query = query.trim();
    let id = Id::new(query);
    if !query.is_empty() {
        let scopes: Vec<&FilePath> = snapshot.scopes_defining(&id).collect();
        let exact = spread.spread(&scopes, FEW_FEATURES, |scopes| {
            let found = |scopes: &[&'a FilePath]| -> Vec<SymbolMatch<'a>> {
                snapshot.views_in_each(scopes).filter_map(|views| found_by(snapshot, views, &id)).collect()
            };
            let pieces = scopes.chunks(PIECE).map(found).filter(|found| !found.is_empty());
            pieces.map(|found| put(&found)).collect()
        });
        if !exact.is_empty() {
            return exact;
        }
    }
    let mut found = spoken(snapshot, query);
    if found.is_empty() {
        found = Search::of(query).through(snapshot, spread);
    }
    if found.is_empty() { Vec::new() } else { vec![put(&found)] }
}

/// What is found by a noun or another name before its number: `Requirement 2`, `R2.1`, `user story 3`.
fn spoken<'a>(snapshot: &'a Snapshot, query: &str) -> Vec<SymbolMatch<'a>> {
    let noun = query.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &query[noun.len()..];
    let noun = noun.trim_end_matches([' ', '-']).to_lowercase();
    if noun.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let mut ids = vec![(String::new(), Id::new(number))];
    for numbered in snapshot.dialect().table.definitions.numbered.iter().filter(|numbered| !numbered.prefix.is_empty())
    {
        for sign in ["", "-"] {
            ids.push((numbered.prefix.to_string(), Id::new(&format!("{}{sign}{number}", numbered.prefix))));
        }
    }
    let mut out = Vec::new();
    for (prefix, id) in &ids {
        for scope in snapshot.scopes_defining(id) {
            let table = &snapshot.dialect_of(scope).table;
            let alias = || prefix.is_empty() && table.ids.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(&noun));
            let named = table.definitions.numbered.iter().any(|numbered| {
                numbered.prefix == prefix.as_str() && numbered.nouns.iter().any(|known| known.as_str() == noun)
            });
            if named || alias() {
                out.extend(found_by(snapshot, snapshot.views_in(scope), id));
            }
        }
    }
    out
}

/// Where a requirement that was found is defined now.
#[must_use]
pub fn place_of(snapshot: &Snapshot, (scope, id): &RequirementKey) -> Option<Place> {
    definitions_of(snapshot, scope, id).first().map(Defined::place)
}

struct Search {
    words: Vec<String>,
    /// The words as ids, with and without a hyphen.
    ids: Vec<Id>,
    finders: Vec<Finder<'static>>,
    /// The letters of each word, and of all.
    of_words: Vec<LetterSet>,
    letters: LetterSet,
    pattern: Pattern,
}

/// Room for one requirement's text, used again and again.
#[derive(Default)]
struct Room {
    text: String,
    lower: String,
}

/// A definition that may match.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    view: View<'a>,
    named: Named<'a>,
}

impl Search {
    fn of(query: &str) -> Self {
        let pattern = Pattern::new(query, CaseMatching::Ignore, Normalization::Never, AtomKind::Fuzzy);
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        Self {
            ids: words.iter().flat_map(|word| [Some(Id::new(word)), Id::new(word).hyphenated()]).flatten().collect(),
            finders: words.iter().map(|word| Finder::new(word).into_owned()).collect(),
            words,
            of_words: query.split_whitespace().map(LetterSet::of).collect(),
            letters: LetterSet::of(query),
            pattern,
        }
    }

    fn through<'a>(&self, snapshot: &'a Snapshot, spread: &(impl Spread + Sync)) -> Vec<SymbolMatch<'a>> {
        let mut room = Room::default();
        let mut holding: Vec<Candidate<'_>> = Vec::new();
        // With how far apart the letters stand, and which of them it is.
        let mut likely: Vec<(usize, usize, Candidate<'_>)> = Vec::new();
        let enough = if self.words.is_empty() { MOST } else { MOST_RANKED };
        let mut tried = 0;
        // The letters of the feature that the last file belongs to: those of one come one after the other.
        let mut last: Option<(&FilePath, LetterSet)> = None;
        let features: Vec<&FilePath> = snapshot.scopes().map(|(folder, _)| folder).collect();
        // Nobody looks for letters any more behind these.
        let mut behind = features.len();
        for view in snapshot.views() {
            if holding.len() >= enough {
                break;
            }
            let begins = last.is_none_or(|(scope, _)| !std::ptr::eq(scope, view.scope));
            if begins && (likely.len() >= MOST_LIKELY || tried >= MOST_TRIED || holding.len() >= ENOUGH) {
                behind = features.partition_point(|folder| *folder < view.scope);
                break;
            }
            let known = view.letter_sets();
            if known.is_some_and(<[LetterSet]>::is_empty) {
                continue;
            }
            let feature = match last {
                Some((scope, letters)) if std::ptr::eq(scope, view.scope) => letters,
                _ => LetterSet::of(view.scope.name()),
            };
            last = Some((view.scope, feature));
            // A closed file has one part, whose letters are kept beside it: most files are told by these alone.
            let trying = likely.len() < MOST_LIKELY && tried < MOST_TRIED && holding.len() < ENOUGH;
            let matches = |own: &LetterSet| {
                let own = own.and(feature);
                own.hold(self.letters) && (trying || self.may_hold_words(own))
            };
            if known.is_some_and(|known| !known.iter().any(matches)) {
                continue;
            }
            let wanted = |at: usize| known.is_none_or(|known| known.get(at).is_some_and(matches));
            for (at, named) in view.definitions(wanted) {
                let own = match known {
                    Some(known) => known.get(at).copied().unwrap_or_default(),
                    None => named.letter_set(),
                };
                let own = own.and(feature);
                if !own.hold(self.letters) || named.form.rank() >= 3 {
                    continue;
                }
                let candidate = Candidate { view, named };
                if self.may_hold_words(own) && self.holds_words(candidate, &mut room) {
                    holding.push(candidate);
                } else if trying {
                    tried += 1;
                    if let Some(apart) = self.holds_letters(candidate, &mut room) {
                        likely.push((apart, likely.len(), candidate));
                    }
                }
            }
        }
        // As many features at a time as there were before: most queries are answered by few of them.
        let mut round = behind.max(FEW_FEATURES);
        while behind < features.len() && holding.len() < enough {
            let some = &features[behind..features.len().min(behind + round)];
            holding.extend(spread.spread(some, FEW_FEATURES, |some| self.holding(snapshot, some)));
            behind += round;
            round *= 2;
        }
        // The file with the last of them is the last one, however many were looked into at a time.
        if let Some(last) = holding.get(enough - 1).map(|last| last.view.path) {
            let more = holding[enough..].iter().take_while(|it| it.view.path == last).count();
            holding.truncate(enough + more);
        }
        let mut out = self.ranked(snapshot, &holding, spread);
        if holding.len() < ENOUGH && !self.words.is_empty() {
            if likely.len() > MOST_SCORED {
                likely.select_nth_unstable_by_key(MOST_SCORED, |(apart, at, _)| (*apart, *at));
                likely.truncate(MOST_SCORED);
                likely.sort_unstable_by_key(|(_, at, _)| *at);
            }
            let likely: Vec<Candidate<'_>> = likely.into_iter().map(|(.., candidate)| candidate).collect();
            let more = self.ranked(snapshot, &likely, spread);
            out.extend(more);
            out.truncate(MOST);
        }
        out
    }

    /// What holds the query's words in these features, and stands in their order.
    fn holding<'a>(&self, snapshot: &'a Snapshot, features: &[&'a FilePath]) -> Vec<Candidate<'a>> {
        let (mut room, mut out) = (Room::default(), Vec::new());
        for views in snapshot.views_in_each(features) {
            let mut feature = None;
            for view in views {
                let known = view.letter_sets();
                if known.is_some_and(<[LetterSet]>::is_empty) {
                    continue;
                }
                let feature = *feature.get_or_insert_with(|| LetterSet::of(view.scope.name()));
                let may_hold = |own: &LetterSet| self.may_hold_words(own.and(feature));
                if known.is_some_and(|known| !known.iter().any(may_hold)) {
                    continue;
                }
                let wanted = |at: usize| known.is_none_or(|known| known.get(at).is_some_and(may_hold));
                for (at, named) in view.definitions(wanted) {
                    let own = match known {
                        Some(known) => known.get(at).copied().unwrap_or_default(),
                        None => named.letter_set(),
                    };
                    if !may_hold(&own) || named.form.rank() >= 3 {
                        continue;
                    }
                    let candidate = Candidate { view, named };
                    if self.holds_words(candidate, &mut room) {
                        out.push(candidate);
                    }
                }
            }
        }
        out
    }

    /// Whether a requirement with these letters may hold the query's words. It does not where this says no.
    fn may_hold_words(&self, own: LetterSet) -> bool {
        self.of_words.iter().all(|word| own.may_hold_word(*word))
    }

    fn holds_words(&self, candidate: Candidate<'_>, room: &mut Room) -> bool {
        candidate.spell(&mut room.text);
        room.lower.clear();
        if room.text.is_ascii() {
            room.lower.push_str(&room.text);
            room.lower.make_ascii_lowercase();
        } else {
            room.lower = room.text.to_lowercase();
        }
        self.finders.iter().all(|word| word.find(room.lower.as_bytes()).is_some())
    }

    /// How far apart the letters of each word stand, if they come in their order: without this nothing would rank it.
    fn holds_letters(&self, candidate: Candidate<'_>, room: &mut Room) -> Option<usize> {
        candidate.spell(&mut room.text);
        let in_order = |word: &String| {
            let mut rest = room.text.as_str();
            let mut first = None;
            let held = word.chars().all(|letter| {
                let found = match u8::try_from(letter) {
                    Ok(byte) if byte.is_ascii() => memchr::memchr2(byte, byte.to_ascii_uppercase(), rest.as_bytes()),
                    _ => rest.find(|c: char| c.to_lowercase().eq([letter])),
                };
                let Some(at) = found else { return false };
                first.get_or_insert(rest.len() - at);
                let mut behind = rest[at..].chars();
                behind.next();
                rest = behind.as_str();
                true
            });
            held.then(|| first.unwrap_or_default().saturating_sub(rest.len()))
        };
        self.words.iter().map(in_order).sum()
    }

    fn ranked<'a>(
        &self,
        snapshot: &'a Snapshot,
        candidates: &[Candidate<'a>],
        spread: &(impl Spread + Sync),
    ) -> Vec<SymbolMatch<'a>> {
        let scores = spread.spread(candidates, FEW_RANKED, |some| {
            let (mut matcher, mut chars, mut text) = (Matcher::new(Config::DEFAULT), Vec::new(), String::new());
            let mut score = |candidate: &Candidate<'a>| {
                candidate.spell(&mut text);
                self.pattern.score(Utf32Str::new(&text, &mut chars), &mut matcher)
            };
            some.iter().map(&mut score).collect()
        });
        // Where a word is an id, what has that id is meant; of what fits alike, short ids come first, as the text has them.
        let mut scored: Vec<(bool, u32, usize, usize)> = Vec::new();
        for (at, (candidate, score)) in candidates.iter().zip(scores).enumerate() {
            let id = candidate.named.id;
            let is_meant = || self.ids.iter().any(|known| known.is_written(id));
            scored.extend(score.map(|score| (!is_meant(), score, id.len(), at)));
        }
        scored.sort_unstable_by_key(|(other, score, length, at)| (*other, std::cmp::Reverse(*score), *length, *at));
        let mut known: FxHashSet<(&FilePath, Id)> = FxHashSet::default();
        let mut out = Vec::new();
        for (.., at) in scored {
            let candidate = candidates[at];
            if known.insert((candidate.view.scope, Id::new(candidate.named.id))) {
                out.extend(candidate.found(snapshot));
            }
            if out.len() >= MOST {
                break;
            }
        }
        out
    }
}

impl<'a> Candidate<'a> {
    /// The requirement's id, title and feature.
    fn spell(self, text: &mut String) {
        let Self { view, named } = self;
        text.clear();
        for part in [named.id, " ", named.title, " ", view.scope.name()] {
            text.push_str(part);
        }
    }

    fn found(self, snapshot: &'a Snapshot) -> Option<SymbolMatch<'a>> {
        let Self { view, named: Named { title, place: span, form, withdrawn, .. } } = self;
        let id = Id::new(self.named.id);
        // A counted id may have given way to written ones.
        if !form.is_written() && snapshot.index_once(view.scope)?.defined(&id).is_none() {
            return None;
        }
        let name = crate::feature::hierarchies::requirement::name_of(&id, title);
        let container = snapshot.display_path(view.scope);
        Some(SymbolMatch { scope: view.scope, id, name, container, view, span, withdrawn })
    }
}

/// The strongest definition of `id` in the files of a scope. Only facts are looked at: making an index for every scope would cost
/// more than it saves here.
fn found_by<'a>(snapshot: &'a Snapshot, views: impl Iterator<Item = View<'a>>, id: &Id) -> Option<SymbolMatch<'a>> {
    let mut best: Option<Candidate<'a>> = None;
    for view in views {
        if view.letter_sets().is_some_and(<[LetterSet]>::is_empty) {
            continue;
        }
        let same = |named: &Named<'_>| named.form.rank() < Form::WEAKEST && id.is_written(named.id);
        for named in view.definitions(|_| true).map(|(_, named)| named).filter(same) {
            if best.is_none_or(|best| best.named.form.rank() > named.form.rank()) {
                best = Some(Candidate { view, named });
            }
            if named.form.rank() == 0 {
                return best?.found(snapshot);
            }
        }
    }
    best?.found(snapshot)
}

#[cfg(test)]
mod tests {
    use super::{MOST, MOST_RANKED};
    use crate::fixture::{cursor, world};

    /// Each thing by itself.
    struct InPieces;

    impl super::Spread for InPieces {
        fn spread<T: Sync, R: Send>(&self, items: &[T], _: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
            items.chunks(1).flat_map(work).collect()
        }
    }

    fn names(world: &crate::world::World, query: &str) -> Vec<(String, String)> {
        let pair = |found: &super::SymbolMatch<'_>| (found.name.clone(), found.container.to_string());
        let put = |found: &[super::SymbolMatch<'_>]| found.iter().map(pair).collect::<Vec<_>>();
        super::workspace_symbols(&world.snapshot(), query, put, &InPieces).concat()
    }

    fn pair(name: &str, container: &str) -> (String, String) {
        (name.to_string(), container.to_string())
    }

    const FEATURES: &str =
        "//- a/spec.md\n- **FR-1**: Check passwords\n- **FR-10**: Lock\n//- b/spec.md\n- **FR-1**: Pay bills\n";

    #[test]
    fn an_answer_does_not_depend_on_how_the_work_is_spread() {
        struct AtOnce;
        impl super::Spread for AtOnce {
            fn spread<T: Sync, R: Send>(&self, items: &[T], _: usize, work: impl Fn(&[T]) -> Vec<R> + Sync) -> Vec<R> {
                work(items)
            }
        }
        // More than are ranked: what comes behind them is left out, though it fits best.
        let last = MOST_RANKED / 4;
        let feature = |at: usize| {
            let word = if at == last { "token" } else { "xtokenx" };
            let lines = (1..6).map(|n| format!("- **FR-{at}.{n}**: Store {word} {}\n", at * n % 7));
            format!("//- f{at:04}/spec.md\n{}//- f{at:04}/plan.md\n# Plan\n", lines.collect::<String>())
        };
        let world = world(&(0..=last).map(feature).collect::<String>());
        let snapshot = world.snapshot();
        for query in ["token", "store token 3", "strtkn", "FR-12", "499", "", "zz"] {
            let put = |found: &[super::SymbolMatch<'_>]| found.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
            let at_once = super::workspace_symbols(&snapshot, query, put, &AtOnce).concat();
            assert_eq!(super::workspace_symbols(&snapshot, query, put, &InPieces).concat(), at_once, "{query}");
            assert!(at_once.len() <= MOST && at_once.is_empty() == (query == "zz"), "{query}: {}", at_once.len());
            assert!(query != "token" || at_once.iter().all(|name| !name.contains(" token ")));
        }
    }

    #[test]
    fn an_id_is_found_in_features_however_far_apart_they_are() {
        let holding = [0, 1, 3, 12, 13, 29];
        let spec =
            |at: usize| format!("//- f{at:02}/spec.md\n- **FR-{}**: Text\n", usize::from(!holding.contains(&at)));
        let world = world(&(0..30).map(spec).collect::<String>());
        let found = names(&world, "FR-0");
        assert_eq!(found, holding.map(|at| pair("FR-0 Text", &format!("f{at:02}"))));
    }

    #[test]
    fn an_exact_id_finds_every_feature_and_words_find_titles() {
        let world = world(FEATURES);
        assert_eq!(names(&world, "fr-1"), [pair("FR-1 Check passwords", "a"), pair("FR-1 Pay bills", "b")]);
        assert_eq!(names(&world, "pay bill"), [pair("FR-1 Pay bills", "b")]);
        assert_eq!(names(&world, "nothing"), []);
        assert_eq!(names(&world, "").len(), 3, "an empty query finds all");
    }

    #[test]
    fn letters_in_order_find_what_words_do_not() {
        let world = world(FEATURES);
        assert_eq!(names(&world, "chkpass"), [pair("FR-1 Check passwords", "a")]);
        assert_eq!(names(&world, "FR10"), [pair("FR-10 Lock", "a")]);
        assert_eq!(names(&world, "ssap"), []);
        assert_eq!(names(&world, "PB 1 b"), [pair("FR-1 Pay bills", "b")]);
    }

    #[test]
    fn the_beginning_of_an_id_finds_what_it_may_become() {
        assert_eq!(
            names(&world(FEATURES), "fr-"),
            [pair("FR-1 Check passwords", "a"), pair("FR-1 Pay bills", "b"), pair("FR-10 Lock", "a")]
        );
    }

    #[test]
    fn an_open_document_is_found_by_what_its_editor_says() {
        let (mut world, path, _) = cursor("//- a/spec.md\n$0- **FR-1**: Old words\n");
        world.open(&path, 2, "- **FR-1**: New words\n");
        assert_eq!(names(&world, "new"), [pair("FR-1 New words", "a")]);
        assert_eq!(names(&world, "old"), []);
    }
}
