//! Questions, one at a time, in a workspace with thirty open documents; every answer is looked at.

use super::{Bench, ms, start, within};
use crate::client::{Answer, Client, asked_at};
use crate::document::Spot;
use crate::row::{Metric, Tally};
use crate::server::At;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FEATURES: usize = 10;

/// Starts the server, opens three documents in each of ten features and asks; hands the server on.
pub(crate) fn questions(bench: &mut Bench<'_>, with_idle: bool) -> Result<Option<Client>> {
    let Some(mut client) = bench.begin(Metric::Hover)? else { return Ok(None) };
    let features = bench.features(FEATURES)?;
    for feature in &features {
        for file in ["requirements.md", "plan.md", "tasks.md"] {
            client.open(&feature.join(file))?;
        }
    }
    client.settle(Duration::from_millis(500));
    if with_idle {
        start::idle(bench, &mut client)?;
    }
    for (question, metric) in
        [("hover", Metric::Hover), ("definition", Metric::Definition), ("references", Metric::References)]
    {
        if let (Some(at), true) = (bench.server.at.get(question).cloned(), client.offers(question)) {
            point(bench, &mut client, &features, question, metric, &at)?;
        }
    }
    if let (Some(at), true) = (bench.server.at.get("completion").cloned(), client.offers("completion")) {
        complete(bench, &mut client, &features, &at)?;
    }
    Ok(Some(client))
}

fn point(
    bench: &mut Bench<'_>,
    client: &mut Client,
    features: &[PathBuf],
    question: &str,
    metric: Metric,
    at: &At,
) -> Result<()> {
    let mut places = Vec::new();
    for feature in features {
        let uri = crate::client::uri(&feature.join(format!("{}.md", at.file)));
        let spots = client.document(&uri).spots(&at.needle, at.offset);
        places.push((feature, uri, spots));
    }
    places.retain(|(_, _, spots)| !spots.is_empty());
    let (mut tally, begun) = (Tally::default(), Instant::now());
    for round in 0..bench.pace.questions {
        let (feature, uri, spots) =
            places.get(round % places.len().max(1)).context("the place of a question is in no file")?;
        let spot = spots[round / places.len() % spots.len()];
        let mut params = asked_at(uri, spot);
        if question == "references" {
            params["context"] = json!({"includeDeclaration": true});
        }
        let (answer, took) = match client.ask(&format!("textDocument/{question}"), &params, bench.pace.patience) {
            Ok(answered) => answered,
            Err(silence) => {
                tally.fault(silence);
                break;
            }
        };
        let id = id_at(&client.document(uri).lines[spot.line], spot);
        let title = title(&client.document(&crate::client::uri(&feature.join("requirements.md"))).lines, &id);
        match judge(question, &answer, bench.server.strict, feature, &id, title.as_deref()) {
            None => tally.take(ms(took)),
            Some(fault) => tally.fault(fault),
        }
        if !within(bench.pace.budget, begun) {
            break;
        }
    }
    bench.enter(metric, &tally, "")
}

/// Completion where the text is there already, and right behind the last letter, timed from that letter.
fn complete(bench: &mut Bench<'_>, client: &mut Client, features: &[PathBuf], at: &At) -> Result<()> {
    let typed = at.typed.as_deref().context("`at.completion` needs `typed`")?;
    let last = typed.len() - 1;
    let mut ends = Vec::new();
    for feature in features {
        let uri = crate::client::uri(&feature.join(format!("{}.md", at.file)));
        let line = client.document(&uri).lines.len() - 1;
        client.edit(&uri, line, 0, 0, typed);
        ends.push((feature, uri, line));
    }
    client.settle(Duration::from_millis(300));
    for (metric, typing) in [(Metric::Completion, false), (Metric::CompletionTyped, true)] {
        let (mut tally, begun) = (Tally::default(), Instant::now());
        for round in 0..bench.pace.questions {
            let (feature, uri, line) = &ends[round % ends.len()];
            let mut sent = None;
            if typing {
                client.edit(uri, *line, last, typed.len(), "");
                client.settle(Duration::from_millis(3));
                sent = Some(client.edit(uri, *line, last, last, &typed[last..]).1);
            }
            let mut params = asked_at(uri, Spot { line: *line, column: typed.len() });
            params["context"] = json!({"triggerKind": 1});
            let (id, asked) = client.send("textDocument/completion", &params);
            let answer = match client.answer(id, bench.pace.patience) {
                Ok(answer) => answer,
                Err(silence) => {
                    tally.fault(silence);
                    break;
                }
            };
            match judge("completion", &answer, bench.server.strict, feature, "FR-1.1", None) {
                None => tally.take(ms(answer.at - sent.unwrap_or(asked))),
                Some(fault) => tally.fault(fault),
            }
            if !within(bench.pace.budget, begun) {
                break;
            }
        }
        bench.enter(metric, &tally, "")?;
    }
    Ok(())
}

/// What is wrong with an answer. Of peers only that there is one can be asked: they know nothing of requirements.
fn judge(
    question: &str,
    answer: &Answer,
    strict: bool,
    feature: &Path,
    id: &str,
    title: Option<&str>,
) -> Option<String> {
    if let Some(error) = &answer.error {
        return Some(format!("error {error}"));
    }
    let value = answer.value();
    let folder = format!("/{}/", feature.file_name()?.to_string_lossy());
    let uris = targets(&value);
    match question {
        "hover" if text(&value["contents"]).trim().is_empty() => Some("empty hover".to_owned()),
        "hover" if strict && !title.is_some_and(|title| text(&value["contents"]).contains(title)) => {
            Some(format!("hover lacks the text of `{id}`"))
        }
        "definition" | "references" if uris.is_empty() => Some(format!("no {question}")),
        "definition" if strict && !uris.iter().all(|uri| uri.ends_with(&format!("{folder}requirements.md"))) => {
            Some(format!("`{id}` is not followed to the requirements.md of its feature"))
        }
        "references" if strict && !uris.iter().any(|uri| uri.ends_with(&format!("{folder}plan.md"))) => {
            Some(format!("references to `{id}` lack the one that was pointed at"))
        }
        "references" if strict && !uris.iter().all(|uri| uri.contains(&folder)) => {
            Some(format!("references to `{id}` lie in another feature"))
        }
        "completion" => {
            let items = value["items"].as_array().or_else(|| value.as_array()).map_or(&[][..], Vec::as_slice);
            if items.is_empty() {
                return Some("nothing to complete".to_owned());
            }
            let offered = items.iter().any(|item| item["label"].as_str().is_some_and(|label| label.contains(id)));
            (strict && !offered).then(|| format!("`{id}` is not among {} completions", items.len()))
        }
        _ => None,
    }
}

fn targets(value: &Value) -> Vec<&str> {
    let one = std::slice::from_ref(value);
    let items = value.as_array().map_or(one, Vec::as_slice);
    items.iter().filter_map(|item| item["targetUri"].as_str().or_else(|| item["uri"].as_str())).collect()
}

/// The words of a hover, in any of the forms that the protocol allows.
fn text(contents: &Value) -> String {
    match contents {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(text).collect(),
        Value::Object(_) => contents["value"].as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// What a requirement is called where it is defined: `#### FR-1.1: Title` or `- **FR-1.2**: Title. Text.`
fn title(lines: &[String], id: &str) -> Option<String> {
    let defined = |line: &String| {
        line.strip_prefix(&format!("#### {id}: ")).or(line.strip_prefix(&format!("- **{id}**: "))).map(str::to_owned)
    };
    let words = lines.iter().find_map(defined)?;
    words.split('.').next().map(str::to_owned)
}

/// The id that the spot lies in.
fn id_at(line: &str, spot: Spot) -> String {
    let of_id = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let letters: Vec<char> = line.chars().collect();
    let at = spot.column.min(letters.len());
    let start = letters[..at].iter().rposition(|c| !of_id(c)).map_or(0, |before| before + 1);
    letters[start..].iter().take_while(|c| of_id(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_under_the_spot_is_read_both_ways() {
        let line = "_Requirements: FR-2.2, NFR-1.1_";
        assert_eq!(id_at(line, Spot { line: 0, column: 16 }), "FR-2.2");
        assert_eq!(id_at(line, Spot { line: 0, column: 23 }), "NFR-1.1");
    }

    #[test]
    fn a_requirement_is_called_what_its_definition_says() {
        let lines =
            ["#### FR-1.1: Sign the token".to_owned(), "- **FR-1.2**: Store the cache. The service shall.".to_owned()];
        assert_eq!(title(&lines, "FR-1.1").as_deref(), Some("Sign the token"));
        assert_eq!(title(&lines, "FR-1.2").as_deref(), Some("Store the cache"));
        assert_eq!(title(&lines, "FR-1.3"), None);
    }

    #[test]
    fn an_answer_from_another_feature_is_a_fault() {
        let answer = |uri: &str| Answer {
            at: Instant::now(),
            result: Some(serde_json::value::to_raw_value(&json!([{"targetUri": uri}])).unwrap()),
            error: None,
        };
        let feature = Path::new("/w/specs/login");
        assert_eq!(
            judge("definition", &answer("file:///w/specs/login/requirements.md"), true, feature, "FR-1.1", None),
            None
        );
        assert!(
            judge("definition", &answer("file:///w/specs/logout/requirements.md"), true, feature, "FR-1.1", None)
                .is_some()
        );
        assert!(judge("definition", &answer("file:///w/specs/login/plan.md"), true, feature, "FR-1.1", None).is_some());
    }
}
