//! The wire: stdin and stdout as the LSP base protocol has them, around tower-lsp.
//!
//! tower-lsp ends the session on the first message that it cannot decode, so it never sees one:
//!
//! ```text
//! stdin ─▶ read thread: frame ▸ decode ─▶ inbox ─▶ gate ─▶ tower-lsp ─▶ Isolated<S>
//!                             │ what is no message        │ out of turn      │ answers, requests
//!                             ▼                           ▼                  ▼
//! stdout ◀─ write thread ◀─ outbox ◀──────────────────────┴──────────────────┴── Outbox::send (any thread)
//! ```
//!
//! Messages are decoded, admitted and first polled in the order in which they were read. The thread that calls
//! [`serve`] only decides when the session is over, so that no handler can keep the process alive.

mod decode;
mod frame;
mod lenient;
mod gate;
mod ready;
mod outbox;
mod offers;
mod inbox;
mod isolate;
mod parent;

use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use tower_lsp::{ClientSocket, LanguageServer, LspService, Server};

use decode::Message;
use gate::Gate;
use inbox::{Feed, Inbox};
use offers::Offering;
use parent::Parent;

pub(crate) use isolate::Isolated;
pub(crate) use outbox::Outbox;
pub(crate) use ready::answer_with;

/// How long handlers may still answer what came before `exit`: some requests wait for a change that will not come.
const EXIT_GRACE: Duration = Duration::from_millis(100);

/// How long handlers may still answer after the end of stdin, where a script may want the answers. With [`FLUSH`] it
/// stays under a second.
const END_GRACE: Duration = Duration::from_millis(500);

/// How long the client may take to read what is queued when the session is over.
const FLUSH: Duration = Duration::from_millis(300);

/// How often the parent process is looked for.
const PARENT_CHECK: Duration = Duration::from_millis(250);

/// Handlers in flight. Not limited, because one that waits must not keep the others from being read.
const CONCURRENCY: usize = usize::MAX;

/// What the other threads tell the one that decides when to end.
enum Event {
    /// `initialize` came from this process.
    Parent(u32),
    Shutdown,
    /// `exit` or the end of stdin: the time that is left to the handlers.
    InputEnded(Duration),
    /// tower-lsp has finished.
    Served,
    OutputLost,
}

/// Serves on stdin and stdout until the session ends. The exit code is 0 if `shutdown` was received, else 1; the caller
/// must end the process with it, because a hanging handler keeps its thread.
///
/// `build` is called once, on this thread. From here on nothing else may read stdin or write to stdout.
pub(crate) fn serve<S, F>(build: F) -> ExitCode
where
    S: LanguageServer,
    F: FnOnce(Outbox) -> (LspService<Isolated<S>>, ClientSocket),
{
    match start(build) {
        Ok((outbox, events)) => {
            let code = session(&outbox, &events);
            if !outbox.flush(Instant::now() + FLUSH) {
                tracing::warn!(bytes = outbox.backlog(), "the client left messages unread");
            }
            code
        }
        Err(error) => {
            tracing::error!(%error, "the session cannot start");
            ExitCode::FAILURE
        }
    }
}

/// Starts the three threads of a session.
fn start<S, F>(build: F) -> io::Result<(Outbox, Receiver<Event>)>
where
    S: LanguageServer,
    F: FnOnce(Outbox) -> (LspService<Isolated<S>>, ClientSocket),
{
    let (events, told) = mpsc::channel();
    // The handles of std go through a lock and a buffer that writes each line by itself.
    let (input, output) = (raw_stdin()?, raw_stdout()?);
    let outbox = Outbox::start(output, teller(&events, Event::OutputLost))?;
    let (service, socket) = build(outbox.clone());

    let inbox = Inbox::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let served = OnDrop(Some(teller(&events, Event::Served)));
    let (feed_inbox, feed_outbox) = (inbox.clone(), outbox.clone());
    let service = Offering { service, outbox: outbox.clone() };
    thread::Builder::new().name("wire-serve".to_owned()).spawn(move || {
        let _served = served;
        let gate = Gate::new();
        let feed = Feed::new(feed_inbox, feed_outbox.clone(), gate.clone());
        let drain = outbox::Drain::new(feed_outbox, gate);
        runtime.block_on(Server::new(feed, drain, socket).concurrency_level(CONCURRENCY).serve(service));
        // Tasks that handlers spawned are not waited for.
        runtime.shutdown_background();
    })?;

    let refusals = outbox.clone();
    thread::Builder::new().name("wire-read".to_owned()).spawn(move || {
        let exited = inbox.fill(input, &refusals, |message| note(message, &events));
        tell(&events, Event::InputEnded(if exited { EXIT_GRACE } else { END_GRACE }));
        inbox.close();
    })?;
    Ok((outbox, told))
}

/// Tells what a message means for the session's end; true if it is `exit`, which some clients give an id.
fn note(message: &Message, events: &Sender<Event>) -> bool {
    match message {
        Message::Request { method, body, .. } if method == "initialize" => {
            if let Some(pid) = decode::process_id(body) {
                tell(events, Event::Parent(pid));
            }
            false
        }
        Message::Request { method, .. } if method == "shutdown" => {
            tell(events, Event::Shutdown);
            false
        }
        Message::Request { method, .. } | Message::Notification { method, .. } => method == "exit",
        Message::Response { .. } => false,
    }
}

/// Waits until the session is over and returns its exit code.
fn session(outbox: &Outbox, events: &Receiver<Event>) -> ExitCode {
    let mut parent: Option<Parent> = None;
    let mut shut_down = false;
    let mut deadline: Option<Instant> = None;
    loop {
        let wait = match (deadline, &parent) {
            (Some(deadline), _) => deadline.saturating_duration_since(Instant::now()),
            (None, Some(_)) => PARENT_CHECK,
            (None, None) => Duration::MAX,
        };
        match events.recv_timeout(wait) {
            Ok(Event::Parent(pid)) => {
                parent = Parent::find(pid);
                if parent.is_none() {
                    tracing::info!(pid, "the client's process is not visible from here and is not watched");
                }
            }
            Ok(Event::Shutdown) => shut_down = true,
            Ok(Event::InputEnded(grace)) => deadline = Some(Instant::now() + grace),
            Ok(Event::Served) => {
                if deadline.is_none() {
                    tracing::error!("the protocol task ended before the session did");
                }
                break;
            }
            Ok(Event::OutputLost) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if deadline.is_some() => {
                tracing::warn!(backlog = outbox.backlog(), "handlers were still busy when the session ended");
                break;
            }
            Err(RecvTimeoutError::Timeout) => {
                if parent.as_ref().is_some_and(|parent| !parent.is_alive()) {
                    tracing::info!("the client's process has ended");
                    break;
                }
            }
        }
    }
    if shut_down { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs its function when it is dropped, also by a panic.
struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}

fn teller(events: &Sender<Event>, event: Event) -> impl FnOnce() + Send + 'static {
    let events = events.clone();
    move || tell(&events, event)
}

/// Nobody listens any more once the session is over; then there is nothing left to tell.
fn tell(events: &Sender<Event>, event: Event) {
    let _ = events.send(event);
}

#[cfg(unix)]
fn raw_stdin() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

#[cfg(unix)]
fn raw_stdout() -> io::Result<File> {
    use std::os::fd::AsFd;
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

#[cfg(windows)]
fn raw_stdin() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdin().as_handle().try_clone_to_owned()?))
}

#[cfg(windows)]
fn raw_stdout() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}
