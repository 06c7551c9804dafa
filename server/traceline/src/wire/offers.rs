//! Offers that the protocol's types of tower-lsp-server 0.23 have no field for, added to the answer to `initialize`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use serde_json::Value;
use tower_lsp::jsonrpc::{Request, Response};
use tower_service::Service;

/// A service whose offers are completed.
pub(super) struct Offering<S>(pub(super) S);

impl<S> Service<Request> for Offering<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let begins = request.method() == "initialize";
        let answer = self.0.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            Ok(if begins { answer.map(complete) } else { answer })
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
