//! Around tower-lsp's service: offers that the protocol's types of tower-lsp-server 0.23 have no field for are added to the
//! answer to `initialize`, and answers that are ready go past it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;
use tower_lsp::jsonrpc::{Request, Response};
use tower_service::Service;

use super::Outbox;
use super::ready;

/// A service whose offers are completed.
pub(super) struct Offering<S> {
    pub(super) service: S,
    pub(super) outbox: Outbox,
}

impl<S> Service<Request> for Offering<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begins = request.method() == "initialize";
        let answer = self.service.call(request);
        let outbox = self.outbox.clone();
        Box::pin(async move {
            let (answer, ready) = ready::collect(answer).await;
            let answer = answer?;
            Ok(match (answer, ready) {
                (Some(answer), Some(result)) if answer.is_ok() => {
                    outbox.send_answer(ready::head(answer.id()), result);
                    None
                }
                (answer, _) if begins => answer.map(complete),
                (answer, _) => answer,
            })
        })
    }
}

fn complete(answer: Response) -> Response {
    let (id, body) = answer.into_parts();
    Response::from_parts(
        id,
        body.map(|mut result| {
            if let Some(capabilities) = result.get_mut("capabilities").and_then(Value::as_object_mut) {
                capabilities.insert("typeHierarchyProvider".to_owned(), Value::Bool(true));
            }
            result
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tower_lsp::jsonrpc::Id;

    #[test]
    fn only_capabilities_are_completed() {
        let answer = Response::from_ok(Id::Number(1), json!({ "capabilities": { "hoverProvider": true } }));
        let offered = json!({ "hoverProvider": true, "typeHierarchyProvider": true });
        assert_eq!(complete(answer).result().and_then(|result| result.get("capabilities")), Some(&offered));
        let refusal = Response::from_error(Id::Number(1), tower_lsp::jsonrpc::Error::invalid_request());
        assert!(complete(refusal).is_error());
    }
}
