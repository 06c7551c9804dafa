//! The way in: a thread reads and decodes what the client sends, and tower-lsp's task takes it from a queue in order.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::decode::{Message, Refusal, decode, encode_error};
use super::frame::{Framer, Piece};
use super::gate::{Gate, Verdict};
use super::outbox::Outbox;

/// What may wait for tower-lsp before reading stops, in bytes: four messages of the greatest length.
const FULL: usize = 256 << 20;

/// Bytes asked for in one read.
const CHUNK: usize = 64 << 10;

/// The queue between the two threads.
#[derive(Clone, Default)]
pub(super) struct Inbox {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    room: Condvar,
}

#[derive(Default)]
struct State {
    messages: VecDeque<Message>,
    bytes: usize,
    /// Nothing more will come.
    closed: bool,
    arrival: Option<Waker>,
}

impl Inbox {
    /// Queues what the client sends. True if `is_exit` said so of a message, which is the last that is read and is not
    /// queued; false if the client closed its end. What is no message is answered right away.
    pub(super) fn fill(
        &self,
        mut client: impl Read,
        outbox: &Outbox,
        mut is_exit: impl FnMut(&Message) -> bool,
    ) -> bool {
        let mut framer = Framer::default();
        let mut chunk = vec![0; CHUNK];
        loop {
            match client.read(&mut chunk) {
                Ok(0) => return false,
                Ok(read) => framer.push(&chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    tracing::warn!(%error, "the client cannot be read");
                    return false;
                }
            }
            let mut messages = Vec::new();
            let mut exits = false;
            while !exits && let Some(piece) = framer.next() {
                match decoded(piece) {
                    Ok(message) if is_exit(&message) => exits = true,
                    Ok(message) => messages.push(message),
                    Err(refusal) => refuse(refusal, &mut framer, outbox),
                }
            }
            self.put(messages);
            if exits {
                return true;
            }
        }
    }

    /// Nothing more will come; tower-lsp still takes what is there.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        wake(state);
    }

    fn put(&self, messages: Vec<Message>) {
        let mut state = self.lock();
        while state.bytes > FULL {
            state = self.queue.room.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.bytes += messages.iter().map(Message::len).sum::<usize>();
        state.messages.extend(messages);
        wake(state);
    }

    /// Takes everything that has arrived, or registers to be woken.
    fn poll_take(&self, cx: &Context) -> Poll<Option<VecDeque<Message>>> {
        let mut state = self.lock();
        if !state.messages.is_empty() {
            state.bytes = 0;
            self.queue.room.notify_one();
            return Poll::Ready(Some(std::mem::take(&mut state.messages)));
        }
        if state.closed {
            return Poll::Ready(None);
        }
        state.arrival = Some(cx.waker().clone());
        Poll::Pending
    }

    // Nothing in here panics while it holds the lock, so a poisoned queue is still whole.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.queue.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Wakes the reader of the queue after its lock is released, so that it does not wake into the lock.
fn wake(mut state: MutexGuard<'_, State>) {
    let waker = state.arrival.take();
    drop(state);
    if let Some(waker) = waker {
        waker.wake();
    }
}

fn decoded(piece: Piece) -> Result<Message, Refusal> {
    match piece {
        Piece::Body(body) => decode(body),
        Piece::Refused(reason) => Err(Refusal::invalid_request(tower_lsp::jsonrpc::Id::Null, reason)),
    }
}

fn refuse(refusal: Refusal, framer: &mut Framer, outbox: &Outbox) {
    let recovered = refusal.unreadable.is_some_and(|body| framer.recover(&body));
    tracing::warn!(code = %refusal.code, recovered, "the client sent something that is no message");
    outbox.send(encode_error(refusal.id, refusal.code, refusal.reason));
}

/// Where tower-lsp reads: the queue's messages, framed again, as far as the session's lifecycle admits them.
pub(super) struct Feed {
    inbox: Inbox,
    outbox: Outbox,
    gate: Gate,
    taken: VecDeque<Message>,
    /// One framed message, of which tower-lsp has read the first `given` bytes.
    framed: Vec<u8>,
    given: usize,
}

impl Feed {
    pub(super) fn new(inbox: Inbox, outbox: Outbox, gate: Gate) -> Feed {
        Feed { inbox, outbox, gate, taken: VecDeque::new(), framed: Vec::new(), given: 0 }
    }

    /// Frames the next message that is admitted; false at the end of the session's input.
    fn poll_next(&mut self, cx: &Context) -> Poll<bool> {
        loop {
            ready!(self.gate.poll_open(cx));
            ready!(self.outbox.poll_room(cx));
            let Some(message) = self.taken.pop_front() else {
                match ready!(self.inbox.poll_take(cx)) {
                    Some(messages) => self.taken = messages,
                    None => return Poll::Ready(false),
                }
                continue;
            };
            match self.gate.admit(message) {
                Verdict::Drop => {}
                Verdict::Answer(body) => self.outbox.send(body),
                Verdict::Pass(body) => {
                    self.given = 0;
                    self.framed.clear();
                    self.framed.shrink_to(CHUNK);
                    write!(self.framed, "Content-Length: {}\r\n\r\n", body.len()).expect("a Vec takes every write");
                    self.framed.extend_from_slice(&body);
                    return Poll::Ready(true);
                }
            }
        }
    }
}

impl AsyncRead for Feed {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let empty = buf.filled().len();
        while buf.remaining() > 0 {
            if self.given == self.framed.len() {
                match self.poll_next(cx) {
                    Poll::Ready(true) => {}
                    Poll::Pending if buf.filled().len() == empty => return Poll::Pending,
                    Poll::Ready(false) | Poll::Pending => break,
                }
            }
            let end = self.framed.len().min(self.given + buf.remaining());
            buf.put_slice(&self.framed[self.given..end]);
            self.given = end;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// What the client gets, message by message.
    struct Client(mpsc::Sender<String>);

    impl Write for Client {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(String::from_utf8_lossy(bytes).into_owned()).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn framed(body: &str) -> String {
        format!("Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// What tower-lsp reads and what the client is answered, when the client sends `stream` and closes its end.
    /// tower-lsp asks for `room` bytes at a time.
    fn session(stream: &str, room: usize) -> (String, String) {
        let (sent, answers) = mpsc::channel();
        let outbox = Outbox::start(Client(sent), || {}).unwrap();
        let inbox = Inbox::default();
        inbox.fill(stream.as_bytes(), &outbox, |_| false);
        inbox.close();
        let mut feed = Feed::new(inbox, outbox.clone(), Gate::new());
        let mut context = Context::from_waker(Waker::noop());
        let mut read = Vec::new();
        let mut bytes = vec![0; room];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut feed).poll_read(&mut context, &mut buffer) {
                Poll::Ready(result) => result.unwrap(),
                Poll::Pending => break,
            }
            if buffer.filled().is_empty() {
                break;
            }
            read.extend_from_slice(buffer.filled());
        }
        assert!(outbox.flush(std::time::Instant::now() + std::time::Duration::from_secs(10)));
        (String::from_utf8(read).unwrap(), answers.try_iter().collect())
    }

    #[test]
    fn tower_lsp_reads_whole_messages_in_reads_of_any_size() {
        let initialize = framed(r#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#);
        let stream = format!("junk\r\n{}{initialize}", framed("[]"));
        for room in 1..2 * initialize.len() {
            let (read, answers) = session(&stream, room);
            assert_eq!(read, initialize, "{room} bytes at a time");
            assert_eq!(answers.matches("-32600").count(), 1);
        }
    }

    #[test]
    fn what_follows_initialize_waits_for_its_answer() {
        let initialize = framed(r#"{"jsonrpc":"2.0","id":1,"method":"initialize"}"#);
        let hover = framed(r#"{"jsonrpc":"2.0","id":2,"method":"textDocument/hover"}"#);
        let (read, answers) = session(&format!("{hover}{initialize}{hover}"), 4096);
        assert_eq!(read, initialize);
        assert_eq!(answers.matches("-32002").count(), 1);
    }

    #[test]
    fn reading_ends_with_exit() {
        let (sent, _answers) = mpsc::channel();
        let outbox = Outbox::start(Client(sent), || {}).unwrap();
        let exit = framed(r#"{"jsonrpc":"2.0","method":"exit"}"#);
        let inbox = Inbox::default();
        let is_exit = |message: &Message| matches!(message, Message::Notification { method, .. } if method == "exit");
        assert!(inbox.fill(format!("{exit}{exit}").as_bytes(), &outbox, is_exit));
        assert!(inbox.lock().messages.is_empty());
        assert!(!inbox.fill(framed("{}").as_bytes(), &outbox, is_exit));
    }
}
