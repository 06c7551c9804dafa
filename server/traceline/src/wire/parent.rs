//! Watches the process that started the server, because an editor that crashes cannot send `exit`.

/// A process that was alive when it was first looked at.
#[derive(Debug)]
pub(super) struct Parent {
    pid: u32,
    birth: Birth,
}

impl Parent {
    /// The process, or `None` if no such process is visible: then its end cannot be seen either. That happens where the
    /// editor counts its processes otherwise, such as outside the server's container.
    pub(super) fn find(pid: u32) -> Option<Parent> {
        Some(Parent { pid, birth: birth(pid)? })
    }

    pub(super) fn is_alive(&self) -> bool {
        birth(self.pid).is_some_and(|birth| birth == self.birth)
    }
}

/// When the process was born, so that another process that inherits its id is not taken for it. Clock ticks since boot,
/// or 0 where a system tells safely only whether the id is in use.
#[derive(Debug, PartialEq)]
#[cfg_attr(not(unix), allow(dead_code))]
struct Birth(u64);

#[cfg(target_os = "linux")]
fn birth(pid: u32) -> Option<Birth> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // proc_pid_stat(5): the name in parentheses may itself hold spaces and parentheses. State is field 3, birth 22.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    match fields.next()? {
        // A zombie is dead; only its own parent has not asked how it ended.
        "Z" | "X" => None,
        _ => fields.nth(18)?.parse().ok().map(Birth),
    }
}

#[cfg(all(unix, not(target_os = "linux")))]
fn birth(pid: u32) -> Option<Birth> {
    let pid = rustix::process::Pid::from_raw(pid.try_into().ok()?)?;
    match rustix::process::test_kill_process(pid) {
        // Another user's process may not be signalled, but it is there.
        Ok(()) | Err(rustix::io::Errno::PERM) => Some(Birth(0)),
        Err(_) => None,
    }
}

/// Windows has no safe way to ask. There the end of the editor closes its end of stdin, which ends the session.
#[cfg(not(unix))]
fn birth(_: u32) -> Option<Birth> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_is_alive_until_it_ends() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let parent = Parent::find(child.id()).unwrap();
        assert!(parent.is_alive());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!parent.is_alive());
        assert!(Parent::find(child.id()).is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_process_that_nobody_waited_for_is_dead() {
        let mut child = Command::new("true").spawn().unwrap();
        let parent = Parent::find(child.id());
        while parent.as_ref().is_some_and(Parent::is_alive) {
            std::thread::yield_now();
        }
        assert!(std::path::Path::new(&format!("/proc/{}", child.id())).exists());
        child.wait().unwrap();
    }
}
