//! Answers about what is found: `textDocument/diagnostic` and `workspace/diagnostic`.

use crate::disk::Disk;
use crate::keeper::{Message, Needs, Pull, Pulled, Report, ResultId, WorkspacePull};
use crate::lsp::diagnostics::Encoder;
use crate::lsp::progress::Progress;
use crate::server::state::{Server, failed};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::Result;
#[allow(clippy::wildcard_imports, reason = "half of the protocol's types are named here")]
use tower_lsp::ls_types::*;
use traceline_engine::feature::Source;
use traceline_engine::path::FilePath;
use traceline_engine::rule::identity::leave_known;
use traceline_engine::rule::{self, Finding};
use traceline_engine::world::Snapshot;

impl Server {
    pub(crate) async fn answer_diagnostic(
        &self,
        params: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let path = self.editor.uris.decode(&params.text_document.uri);
        if !self.abilities().diagnostics.pulls {
            return self.answer_unexpected(path).await;
        }
        let (reply, answer) = oneshot::channel();
        let previous = params.previous_result_id.as_deref().map(ResultId::decode);
        self.inbox.post(Message::Pull(Pull { path, previous, reply }));
        let Pulled { own, related } = answer.await.map_err(failed)?;
        let related = related.into_iter().filter_map(|(path, report)| {
            let report = match encode_report(report) {
                Ok(full) => DocumentDiagnosticReportKind::Full(full),
                Err(unchanged) => DocumentDiagnosticReportKind::Unchanged(unchanged),
            };
            Some((self.editor.uris.uri(&path)?, report))
        });
        let related: HashMap<Uri, DocumentDiagnosticReportKind> = related.collect();
        let related_documents = (!related.is_empty()).then_some(related);
        Ok(DocumentDiagnosticReportResult::Report(match encode_report(own) {
            Ok(full) => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
                related_documents,
                full_document_diagnostic_report: full,
            }),
            Err(unchanged) => DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents,
                unchanged_document_diagnostic_report: unchanged,
            }),
        }))
    }

    /// What is found of a file, for a client that is sent all findings and asks all the same.
    async fn answer_unexpected(&self, path: FilePath) -> Result<DocumentDiagnosticReportResult> {
        let (uris, abilities) = (self.uris(), self.abilities());
        let answer = self.inbox.ask(Needs::Feature(path.clone()), move |snapshot| {
            let encoder = Encoder { encoding: abilities.encoding, uris: &uris, abilities: abilities.diagnostics };
            encoder.items(snapshot, &path, &found(snapshot, &path)).decode()
        });
        let items = answer.await.map_err(failed)?;
        let full = FullDocumentDiagnosticReport { result_id: None, items };
        Ok(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(
            RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report: full },
        )))
    }

    /// What is found of every file, for a client that is sent all findings and asks all the same.
    async fn answer_unexpected_workspace(&self, progress: Progress) -> Result<WorkspaceDiagnosticReportResult> {
        let (uris, abilities, reporter) = (self.uris(), self.abilities(), progress.reporter());
        let answer = self.inbox.ask_long(Needs::Everything, move |snapshot, cancellation| {
            let encoder = Encoder { encoding: abilities.encoding, uris: &uris, abilities: abilities.diagnostics };
            let all = snapshot.files().count();
            let mut out = Vec::new();
            for (done, path) in snapshot.files().enumerate().take_while(|_| !cancellation.is_cancelled()) {
                reporter.files(done, all);
                let findings = found(snapshot, path);
                if let Some(uri) = uris.uri(path).filter(|_| !findings.is_empty()) {
                    let items = encoder.items(snapshot, path, &findings).decode();
                    let version = snapshot.document(path).map(|document| i64::from(document.version()));
                    out.push(WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                        uri,
                        version,
                        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id: None, items },
                    }));
                }
            }
            out
        });
        let items = answer.await.map_err(failed)?;
        drop(progress);
        Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
    }

    pub(crate) async fn answer_workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let token = params.work_done_progress_params.work_done_token;
        let progress = Progress::begin(&self.editor.outbox, token, "Checking plan documents");
        // Dropped with this answer when the request is cancelled.
        let asked = Arc::new(());
        let (reply, answer) = oneshot::channel();
        let known = params.previous_result_ids.iter();
        let known = known.map(|it| (self.editor.uris.decode(&it.uri), ResultId::decode(&it.value))).collect();
        if !self.abilities().diagnostics.pulls {
            return self.answer_unexpected_workspace(progress).await;
        }
        self.inbox.post(Message::PullWorkspace(WorkspacePull {
            known,
            token: params.partial_result_params.partial_result_token,
            progress: progress.reporter(),
            reply,
            asked: Arc::downgrade(&asked),
        }));
        let files = answer.await.map_err(failed)?;
        drop(progress);
        let report = |(path, version, report): (FilePath, Option<i32>, Report)| {
            let (uri, version) = (self.editor.uris.uri(&path)?, version.map(i64::from));
            Some(match encode_report(report) {
                Ok(full) => WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                    uri,
                    version,
                    full_document_diagnostic_report: full,
                }),
                Err(unchanged) => {
                    WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
                        uri,
                        version,
                        unchanged_document_diagnostic_report: unchanged,
                    })
                }
            })
        };
        let items = files.into_iter().filter_map(report).collect();
        Ok(WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items }))
    }
}

fn encode_report(
    report: Report,
) -> std::result::Result<FullDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport> {
    let result_id = report.result_id.encode();
    match report.items {
        Some(items) => Ok(FullDocumentDiagnosticReport { result_id: Some(result_id), items }),
        None => Err(UnchangedDocumentDiagnosticReport { result_id }),
    }
}

/// The findings of a file that the baseline does not hold.
fn found(snapshot: &Snapshot, path: &FilePath) -> Vec<Finding> {
    let mut findings = rule::check_text(snapshot, path, &|| Disk.text(path));
    leave_known(snapshot, path, &mut findings, || Disk.text(path));
    findings
}
