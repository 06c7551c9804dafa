//! The one way out: messages from any thread queue here, and one thread writes them to the client in whole frames.

use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::thread;
use std::time::Instant;

use tokio::io::AsyncWrite;

use super::gate::Gate;
use super::ready::TAIL;

/// The queue that a client may leave unread before its own messages wait, in bytes: some hundred times what a busy
/// editor has in flight.
const FULL: usize = 64 << 20;

/// What is given to the system in one call, in bytes, once a queue is longer.
const CHUNK: usize = 256 << 10;

/// A handle for sending messages to the client. Clones share one queue, which keeps the order of `send`.
#[derive(Clone)]
pub(crate) struct Outbox {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    /// Told when there is something to write, and when everything was written.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Outgoing>,
    /// Bytes that were sent and not yet taken by the client's end of the pipe.
    backlog: usize,
    /// The client cannot be written to any more.
    lost: bool,
    /// The task that waits for the client to read. Both ends of tower-lsp are one task, so one waker is enough.
    reading_resumes: Option<Waker>,
}

enum Outgoing {
    Body(Vec<u8>),
    /// A message whose result, which may be long, stands between a head and [`TAIL`].
    Answer {
        head: Vec<u8>,
        result: Vec<u8>,
    },
    /// One or more whole messages with their headers.
    Framed(Vec<u8>),
}

impl Outgoing {
    fn len(&self) -> usize {
        match self {
            Outgoing::Body(bytes) | Outgoing::Framed(bytes) => bytes.len(),
            Outgoing::Answer { head, result } => head.len() + result.len() + TAIL.len(),
        }
    }
}

impl Outbox {
    /// Starts the thread that writes to `client`, and calls `lost` once when the client cannot be written to.
    pub(super) fn start<W, L>(client: W, lost: L) -> io::Result<Outbox>
    where
        W: Write + Send + 'static,
        L: FnOnce() + Send + 'static,
    {
        let outbox = Outbox { queue: Arc::default() };
        let writer = outbox.clone();
        thread::Builder::new().name("wire-write".to_owned()).spawn(move || {
            if let Err(error) = writer.write_to(client) {
                tracing::warn!(%error, "the client does not take messages any more");
                lost();
            }
        })?;
        Ok(outbox)
    }

    /// Queues one message, given as its JSON without headers. Never waits for the client.
    pub(crate) fn send(&self, body: impl Into<Vec<u8>>) {
        self.queue_up(Outgoing::Body(body.into()));
    }

    /// Queues the answer to a request, see [`super::answer_with`].
    pub(super) fn send_answer(&self, head: Vec<u8>, result: Vec<u8>) {
        self.queue_up(Outgoing::Answer { head, result });
    }

    /// Bytes that were sent and that the client has not yet made room for.
    pub(crate) fn backlog(&self) -> usize {
        self.lock().backlog
    }

    /// True once everything sent so far is written, false if that did not happen before the deadline.
    pub(super) fn flush(&self, deadline: Instant) -> bool {
        let mut state = self.lock();
        while state.backlog > 0 && !state.lost {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.queue.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Ready unless the client leaves so much unread that nothing more should be asked for it.
    pub(super) fn poll_room(&self, cx: &Context) -> Poll<()> {
        let mut state = self.lock();
        if state.backlog < FULL {
            return Poll::Ready(());
        }
        state.reading_resumes = Some(cx.waker().clone());
        Poll::Pending
    }

    fn queue_up(&self, outgoing: Outgoing) {
        let mut state = self.lock();
        if state.lost {
            return;
        }
        state.backlog += outgoing.len();
        state.waiting.push(outgoing);
        let first = state.waiting.len() == 1;
        drop(state);
        if first {
            self.queue.changed.notify_all();
        }
    }

    // Nothing in here panics while it holds the lock, so a poisoned queue is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.queue.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut client: impl Write) -> io::Result<()> {
        let mut buffer = Vec::with_capacity(CHUNK);
        loop {
            let batch = {
                let mut state = self.lock();
                while state.waiting.is_empty() {
                    state = self.queue.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                std::mem::take(&mut state.waiting)
            };
            let mut buffered = 0;
            for outgoing in batch {
                let (len, long) = (outgoing.len(), append(&mut buffer, outgoing));
                buffered += len;
                if let Some(result) = long {
                    // It is not copied once more.
                    buffered -= result.len() + TAIL.len();
                    self.write(&mut client, &buffer, std::mem::take(&mut buffered))?;
                    buffer.clear();
                    self.write(&mut client, &result, result.len())?;
                    buffer.extend_from_slice(TAIL);
                    buffered += TAIL.len();
                }
                if buffer.len() >= CHUNK {
                    self.write(&mut client, &buffer, std::mem::take(&mut buffered))?;
                    buffer.clear();
                    buffer.shrink_to(2 * CHUNK);
                }
            }
            self.write(&mut client, &buffer, buffered)?;
            buffer.clear();
        }
    }

    /// Writes `bytes`, which hold `sent` bytes of the backlog.
    fn write(&self, client: &mut impl Write, bytes: &[u8], sent: usize) -> io::Result<()> {
        let written = client.write_all(bytes).and_then(|()| client.flush());
        let mut state = self.lock();
        state.backlog -= sent;
        if written.is_err() {
            state.lost = true;
            state.backlog = 0;
            state.waiting.clear();
        }
        let resumed = if state.backlog < FULL { state.reading_resumes.take() } else { None };
        let settled = state.backlog == 0;
        drop(state);
        if settled {
            self.queue.changed.notify_all();
        }
        if let Some(waker) = resumed {
            waker.wake();
        }
        written
    }
}

/// Appends the message; gives back a result that is better written from where it is, with its [`TAIL`] behind it.
fn append(buffer: &mut Vec<u8>, outgoing: Outgoing) -> Option<Vec<u8>> {
    let len = outgoing.len();
    let header = || format!("Content-Length: {len}\r\n\r\n").into_bytes();
    match outgoing {
        Outgoing::Body(body) => {
            buffer.extend(header());
            buffer.extend_from_slice(&body);
        }
        Outgoing::Answer { head, result } => {
            buffer.extend(header());
            buffer.extend_from_slice(&head);
            if result.len() >= CHUNK {
                return Some(result);
            }
            buffer.extend_from_slice(&result);
            buffer.extend_from_slice(TAIL);
        }
        Outgoing::Framed(messages) => buffer.extend_from_slice(&messages),
    }
    None
}

/// Where tower-lsp writes. Its bytes are handed on when it flushes, which it does only between messages. A client that
/// does not read keeps this, and with it every handler, waiting.
pub(super) struct Drain {
    outbox: Outbox,
    gate: Gate,
    bytes: Vec<u8>,
}

impl Drain {
    pub(super) fn new(outbox: Outbox, gate: Gate) -> Drain {
        Drain { outbox, gate, bytes: Vec::new() }
    }
}

impl AsyncWrite for Drain {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.outbox.poll_room(cx));
        self.bytes.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let bytes = std::mem::take(&mut self.bytes);
        if !bytes.is_empty() {
            self.gate.sent(&bytes);
            self.outbox.queue_up(Outgoing::Framed(bytes));
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// A client that takes one write for each permit.
    struct Client {
        permits: mpsc::Receiver<()>,
        taken: mpsc::Sender<Vec<u8>>,
    }

    impl Write for Client {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.permits.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            self.taken.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn soon() -> Instant {
        Instant::now() + Duration::from_millis(50)
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_secs(10)
    }

    #[test]
    fn messages_keep_their_order_and_what_waits_is_written_at_once() {
        let (permit, permits) = mpsc::channel();
        let (taken, takes) = mpsc::channel();
        let outbox = Outbox::start(Client { permits, taken }, || {}).unwrap();
        outbox.send("first");
        // The writer has taken the first message once it is no longer waiting.
        while !outbox.lock().waiting.is_empty() {
            thread::yield_now();
        }
        outbox.send("{}");
        outbox.queue_up(Outgoing::Framed(b"Content-Length: 2\r\n\r\n[]".to_vec()));
        assert!(!outbox.flush(soon()));
        assert_eq!(outbox.backlog(), 30);
        permit.send(()).unwrap();
        permit.send(()).unwrap();
        assert!(outbox.flush(later()));
        assert_eq!(outbox.backlog(), 0);
        assert_eq!(takes.recv().unwrap(), b"Content-Length: 5\r\n\r\nfirst");
        assert_eq!(takes.recv().unwrap(), b"Content-Length: 2\r\n\r\n{}Content-Length: 2\r\n\r\n[]");
    }

    #[test]
    fn answers_are_whole_whatever_their_length() {
        let (permit, permits) = mpsc::channel();
        let (taken, takes) = mpsc::channel();
        let outbox = Outbox::start(Client { permits, taken }, || {}).unwrap();
        for _ in 0..9 {
            permit.send(()).unwrap();
        }
        let (mut wanted, mut all) = (String::new(), Vec::new());
        for len in [1, CHUNK - 1, CHUNK, 3 * CHUNK] {
            outbox.send_answer(b"{\"result\":".to_vec(), b"1".repeat(len));
            outbox.send("{}");
            assert!(outbox.flush(later()));
            assert_eq!(outbox.backlog(), 0);
            let body = format!("{{\"result\":{}}}", "1".repeat(len));
            wanted += &format!("Content-Length: {}\r\n\r\n{body}Content-Length: 2\r\n\r\n{{}}", body.len());
            for _ in 0..4 {
                let _ = permit.send(());
            }
        }
        while all.len() < wanted.len() {
            all.extend(takes.recv_timeout(Duration::from_secs(10)).unwrap());
        }
        assert!(all == wanted.as_bytes());
    }

    #[test]
    fn a_lost_client_is_reported_once_and_nothing_more_is_kept() {
        let (permit, permits) = mpsc::channel();
        let (taken, _) = mpsc::channel();
        let (lost, losses) = mpsc::channel();
        drop(permit);
        let outbox = Outbox::start(Client { permits, taken }, move || lost.send(()).unwrap()).unwrap();
        outbox.send("{}");
        losses.recv().unwrap();
        outbox.send("{}");
        assert_eq!(outbox.backlog(), 0);
        assert!(outbox.flush(soon()));
    }
}
