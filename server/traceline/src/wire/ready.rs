//! Answers that are JSON already. They go past tower-lsp, which would build a tree of values of each before it writes one:
//! for ten thousand symbols that costs more than finding them.

use std::cell::RefCell;
use std::future::Future;

use tower_lsp::jsonrpc::Id;

tokio::task_local! {
    static READY: RefCell<Option<Vec<u8>>>;
}

/// Answers the request that is being handled with `result`, a JSON text. What its handler returns is then sent only if it is
/// an error.
pub(crate) fn answer_with(result: Vec<u8>) {
    // Outside of a session there is nobody to answer.
    let _ = READY.try_with(|ready| ready.replace(Some(result)));
}

/// The handler's output, and the result that it has ready.
pub(super) async fn collect<T>(handler: impl Future<Output = T>) -> (T, Option<Vec<u8>>) {
    let handled = async {
        let output = handler.await;
        (output, READY.with(RefCell::take))
    };
    READY.scope(RefCell::default(), handled).await
}

/// What stands before the result in the message that answers request `id`; behind it stands [`TAIL`].
pub(super) fn head(id: &Id) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":{},"result":"#, serde_json::json!(id)).into_bytes()
}

/// What stands behind the result.
pub(super) const TAIL: &[u8] = b"}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ready_is_collected_and_nothing_is_left_for_the_next() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let handler = async {
                answer_with(b"[1]".to_vec());
                2
            };
            assert_eq!(collect(handler).await, (2, Some(b"[1]".to_vec())));
            assert_eq!(collect(async { 3 }).await, (3, None));
        });
        answer_with(Vec::new());
        let message = [&head(&Id::String("a\"".into())), &b"[]"[..], TAIL].concat();
        assert_eq!(message, br#"{"jsonrpc":"2.0","id":"a\"","result":[]}"#);
    }
}
