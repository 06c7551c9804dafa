//! Diagnostics as a client asks for them: it keeps what it was told, with the result id, and takes partial results.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Client, PATIENCE};

/// What the client knows of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Pulled {
    result: Option<String>,
    diagnostics: Vec<Value>,
}

impl Client {
    /// Whether the server wants to be asked for diagnostics in this session.
    #[must_use]
    pub fn pulls(&self) -> bool {
        self.initialized["capabilities"]["diagnosticProvider"].is_object()
    }

    /// Asks for the diagnostics of a document, saying what the client knows of them; gives the server's answer.
    pub fn ask_diagnostics(&mut self, uri: &str) -> Value {
        let mut params = json!({ "textDocument": { "uri": uri }, "identifier": "traceline" });
        if let Some(result) = self.pulled.get(uri).and_then(|it| it.result.clone()) {
            params["previousResultId"] = result.into();
        }
        let answer = self.request("textDocument/diagnostic", params);
        self.learn(uri, &answer);
        for (uri, report) in answer["relatedDocuments"].as_object().into_iter().flatten() {
            self.learn(uri, report);
        }
        answer
    }

    /// The diagnostics of a document, asked for.
    pub fn pull(&mut self, uri: &str) -> Vec<Value> {
        self.ask_diagnostics(uri);
        self.known(uri)
    }

    /// The diagnostics of a document as far as the client knows them without asking.
    #[must_use]
    pub fn known(&self, uri: &str) -> Vec<Value> {
        self.pulled.get(uri).map(|it| it.diagnostics.clone()).unwrap_or_default()
    }

    /// Asks for the diagnostics of a document until they are as `wanted`.
    ///
    /// # Panics
    /// When they never are.
    pub fn pull_until(&mut self, uri: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let found = self.pull(uri);
            if wanted(&found) {
                return found;
            }
            if Instant::now() > end {
                self.fail(&format!("no other diagnostics of {uri} than {found:#?}"));
            }
            self.listen(Duration::from_millis(20));
        }
    }

    /// Sends `workspace/diagnostic` with what the client knows; partial results go to `token`, if there is one.
    pub fn ask_workspace_diagnostics(&mut self, token: Option<&str>) -> i64 {
        let known = self.pulled.iter().filter_map(|(uri, it)| Some((uri, it.result.as_ref()?)));
        let known: Vec<Value> = known.map(|(uri, result)| json!({ "uri": uri, "value": result })).collect();
        let mut params = json!({ "identifier": "traceline", "previousResultIds": known });
        if let Some(token) = token {
            params["partialResultToken"] = token.into();
        }
        self.ask("workspace/diagnostic", params)
    }

    /// The diagnostics of the whole workspace, asked for without partial results; documents without any are left out.
    ///
    /// # Panics
    /// When the server refuses.
    pub fn pull_workspace(&mut self) -> HashMap<String, Vec<Value>> {
        let id = self.ask_workspace_diagnostics(None);
        let answer = self.answer(id).expect("workspace diagnostics are not refused");
        self.learn_all(&answer);
        self.all_known()
    }

    /// Waits until what partial results have told is as `wanted`.
    pub fn streamed_when<T>(
        &mut self,
        token: &str,
        what: &str,
        wanted: impl Fn(&HashMap<String, Vec<Value>>) -> Option<T>,
    ) -> T {
        self.until(what, |client| {
            for partial in client.received("$/progress").iter().filter(|it| it["token"] == token) {
                client.learn_all(&partial["value"]);
            }
            wanted(&client.all_known())
        })
    }

    /// Every document with diagnostics that the client knows of.
    #[must_use]
    pub fn all_known(&self) -> HashMap<String, Vec<Value>> {
        let some = self.pulled.iter().filter(|(_, it)| !it.diagnostics.is_empty());
        some.map(|(uri, it)| (uri.clone(), it.diagnostics.clone())).collect()
    }

    /// Forgets what it knows of a document, as an editor does that closes it.
    pub fn forget(&mut self, uri: &str) {
        self.pulled.remove(uri);
    }

    fn learn_all(&mut self, reports: &Value) {
        for report in reports["items"].as_array().expect("reports are an array") {
            let uri = report["uri"].as_str().expect("a report has a uri").to_owned();
            self.learn(&uri, report);
        }
    }

    fn learn(&mut self, uri: &str, report: &Value) {
        let result = report["resultId"].as_str().map(str::to_owned);
        match report["kind"].as_str() {
            Some("full") => {
                let diagnostics = report["items"].as_array().expect("a full report has items").clone();
                self.pulled.insert(uri.to_owned(), Pulled { result, diagnostics });
            }
            Some("unchanged") => {
                let known = self.pulled.get(uri).and_then(|it| it.result.clone());
                assert_eq!(result, known, "what is unchanged is what the client knows of {uri}");
            }
            kind => panic!("a report of kind {kind:?}: {report}"),
        }
    }
}
