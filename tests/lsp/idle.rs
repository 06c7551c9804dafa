//! A server that nobody asks anything rests.

use std::fs;
use std::time::Duration;

use traceline_tests::{Client, Setup, Workspace};

use crate::LOGIN;

/// How long it is watched.
const WATCH: Duration = Duration::from_secs(4);
/// Ticks of the scheduler, ten milliseconds each, that it may take meanwhile: nothing, but for how they are rounded.
const TICKS: u64 = 2;

/// What of the processor a process and its threads have had, in ticks, and how often they have woken up.
fn taken(process: u32) -> (u64, u64) {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the server runs");
    // The name in brackets may hold anything; the fields are counted behind it.
    let fields: Vec<&str> = stat[stat.rfind(')').expect("a name in brackets") + 2..].split(' ').collect();
    let ticks = fields[11..13].iter().map(|it| it.parse::<u64>().expect("ticks are a number")).sum();
    let threads = fs::read_dir(format!("/proc/{process}/task")).expect("the server runs").flatten();
    let woken = threads.filter_map(|thread| {
        let status = fs::read_to_string(thread.path().join("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse::<u64>().ok()
    });
    (ticks, woken.sum())
}

#[test]
fn an_idle_server_takes_no_processor() {
    for setup in [Setup::rich(), Setup::bare()] {
        let workspace = Workspace::new(LOGIN);
        let mut client = Client::start_with(&workspace, &setup);
        client.open(&workspace, "specs/login/tasks.md");
        client.diagnostics(&workspace.uri("specs/login/tasks.md"), 1);
        client.settle();
        // What follows an opening, such as the findings of other files, comes after a moment.
        client.listen(Duration::from_millis(500));
        let (ticks, woken) = taken(client.process_id());
        client.listen(WATCH);
        let (later, woken_later) = taken(client.process_id());
        let seconds = WATCH.as_secs();
        eprintln!("{} ticks and {} wake-ups in {seconds} s", later - ticks, woken_later - woken);
        assert!(later - ticks <= TICKS, "{} ticks in {seconds} s of nothing", later - ticks);
        assert!(woken_later - woken <= 4 * seconds, "{} wake-ups in {seconds} s of nothing", woken_later - woken);
        assert_eq!(client.shut_down(), 0);
    }
}
