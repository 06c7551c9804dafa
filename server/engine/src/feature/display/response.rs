//! What a requirement's sentence demands, without the words that all sentences of EARS share.

use crate::dialect::Definitions;
use std::borrow::Cow;

/// Shorter than this, in characters, a response alone says little: *refuse it*.
const LEAST: usize = 12;

/// What `sentence` demands, its *response* in the words of EARS: *open a session* of *WHEN a user signs in THEN the system SHALL
/// open a session*. A short one keeps its condition, *it is wrong → refuse it*, and a sentence of another shape stays as it is.
pub(super) fn response_of<'a>(sentence: &'a str, words: &Definitions) -> Cow<'a, str> {
    let opened = opening(sentence, words);
    let Some(Demand { condition, response }) = demand(sentence, opened, words) else {
        return opened.map_or(sentence, |len| sentence[len..].trim_start()).into();
    };
    let condition = match opened {
        Some(len) if len <= condition => without_consequence(&sentence[len..condition], words),
        _ => "",
    };
    let response = sentence[response..].trim_start_matches(SEPARATORS);
    if response.is_empty() {
        return sentence.into();
    }
    if !condition.is_empty() && response.chars().count() < LEAST {
        return format!("{condition} → {response}").into();
    }
    response.into()
}

const SEPARATORS: [char; 6] = [' ', ',', '，', '、', ':', '：'];

/// Where a sentence's condition ends and its response begins, in bytes.
struct Demand {
    condition: usize,
    response: usize,
}

/// The length of the word that opens a condition at the sentence's start.
fn opening(sentence: &str, words: &Definitions) -> Option<usize> {
    let len = words.conditions.starting(sentence).filter(|len| is_apart(sentence, 0, *len)).max()?;
    // Who says `When?` says no more.
    sentence[len..].contains(char::is_alphanumeric).then_some(len)
}

fn demand(sentence: &str, opened: Option<usize>, words: &Definitions) -> Option<Demand> {
    let longest = |all: &crate::dialect::Lexicon, at: usize| {
        all.starting(&sentence[at..]).filter(|len| is_apart(sentence, at, *len)).max()
    };
    // The last of these words, and where a modal begins that ends where this one would.
    let (mut clause, mut modal): (Option<usize>, Option<(usize, usize)>) = (None, None);
    // What it is if nobody is named who is to do it: a clause of its own, or what follows a name whose modal is far.
    let (mut own, mut loose): (Option<Demand>, Option<Demand>) = (None, None);
    let mut skip = 0;
    for (at, c) in sentence.char_indices() {
        if at < skip {
            continue;
        }
        if let Some(len) = longest(&words.systems, at) {
            let behind = at + len;
            let gap = sentence[behind..].len() - sentence[behind..].trim_start().len();
            if let Some(len) = longest(&words.modals, behind + gap) {
                return Some(Demand { condition: at, response: behind + gap + len });
            }
            // MUSS das System …
            if let Some((start, _)) = modal.filter(|(_, end)| sentence[*end..at].trim().is_empty()) {
                return Some(Demand { condition: start, response: behind });
            }
            // Where no blanks part words, what binds may end the sentence.
            let wide = sentence[..behind].ends_with(|c| c >= '\u{2e80}');
            if wide && loose.is_none() && (at == 0 || sentence[..at].ends_with(SEPARATORS)) {
                loose = Some(Demand { condition: at, response: behind });
            }
        }
        if let Some(len) = longest(&words.modals, at) {
            if own.is_none() && opened.is_some() {
                own = clause.map(|clause| Demand { condition: clause, response: clause });
            }
            modal = Some((at, at + len));
            skip = at + len;
        } else if let Some(len) = longest(&words.consequences, at).filter(|_| at > 0) {
            clause = Some(at + len);
        } else if matches!(c, ',' | '，' | '、') {
            clause = Some(at + c.len_utf8());
        }
    }
    loose.or(own)
}

/// A condition without the comma or the word that ends it.
fn without_consequence<'a>(condition: &'a str, words: &Definitions) -> &'a str {
    let mut condition = condition.trim_matches(SEPARATORS);
    let folded = |text: &str| text.to_lowercase();
    if let Some(word) = words.consequences.iter().find(|word| {
        let start = condition.len().wrapping_sub(word.len());
        condition.get(start..).is_some_and(|end| folded(end) == **word) && is_apart(condition, start, word.len())
    }) {
        condition = condition[..condition.len() - word.len()].trim_end_matches(SEPARATORS);
    }
    condition
}

/// Whether the `len` bytes at `at` are no part of a longer word, where letters of words are parted by blanks.
fn is_apart(text: &str, at: usize, len: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && c < '\u{2e80}');
    let (first, last) = (text[at..].chars().next(), text[..at + len].chars().next_back());
    let before = letter(first) && letter(text[..at].chars().next_back());
    let behind = letter(last) && letter(text[at + len..].chars().next());
    !before && !behind
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Dialect;

    fn response(sentence: &str) -> String {
        response_of(sentence, &Dialect::home().table.definitions).into_owned()
    }

    #[test]
    fn what_all_sentences_share_is_left_out() {
        for (sentence, wanted) in [
            ("WHEN a user signs in THEN the system SHALL open a session", "open a session"),
            ("When a user signs in, the system shall open a session", "open a session"),
            ("The system **MUST** wait", "The system **MUST** wait"),
            ("The system SHALL lock the account", "lock the account"),
            ("WHEN a password must be changed THEN the system SHALL ask for another", "ask for another"),
            ("WHILE a file is read THE SYSTEM SHALL show how far it is", "show how far it is"),
            ("WENN jemand sich anmeldet, MUSS das System die Sitzung öffnen", "die Sitzung öffnen"),
            ("Das System muss Kennwörter prüfen", "Kennwörter prüfen"),
            ("CUANDO el usuario entra ENTONCES el sistema DEBE abrir la sesión", "abrir la sesión"),
            ("QUAND un compte est bloqué ALORS le système DOIT prévenir son propriétaire", "prévenir son propriétaire"),
            ("Система должна проверять пароль", "проверять пароль"),
            ("当用户登录系统时，系统应记录登录时间和所在的地址信息", "记录登录时间和所在的地址信息"),
            ("システムは入力されたパスワードを検証しなければならない", "入力されたパスワードを検証しなければならない"),
            ("사용자가 로그인하면, 시스템은 세션을 하나 시작해야 한다", "세션을 하나 시작해야 한다"),
        ] {
            assert_eq!(response(sentence), wanted, "{sentence}");
        }
    }

    #[test]
    fn a_response_that_says_little_keeps_its_condition() {
        assert_eq!(
            response("IF the password is wrong THEN the system SHALL refuse it"),
            "the password is wrong → refuse it"
        );
        assert_eq!(
            response("WENN das Kennwort falsch ist, MUSS das System es ablehnen"),
            "das Kennwort falsch ist → es ablehnen"
        );
        assert_eq!(response("The system SHALL wait"), "wait");
    }

    #[test]
    fn what_only_some_sentences_say_stays() {
        for sentence in [
            "Signing in SHALL take less than a second",
            "The system log SHALL rotate",
            "Passwords are hashed, then salted",
            "Somewhere else",
            "When?",
            "",
        ] {
            assert_eq!(response(sentence), sentence);
        }
        assert_eq!(
            response("WHEN a form is sent THEN the form SHALL say what is wrong"),
            "the form SHALL say what is wrong"
        );
        assert_eq!(
            response("WHEN a user, who has waited for long, signs in at the"),
            "a user, who has waited for long, signs in at the"
        );
    }
}
