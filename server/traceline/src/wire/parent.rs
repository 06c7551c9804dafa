//! Watches the process that started the server, because an editor that crashes cannot send `exit`.

/// A process that was alive when it was first looked at.
pub(super) struct Parent(Process);

impl Parent {
    /// The process, or `None` if no such process is visible: then its end cannot be seen either. That happens where the
    /// editor counts its processes otherwise, such as outside the server's container.
    pub(super) fn find(pid: u32) -> Option<Parent> {
        Process::find(pid).filter(Process::is_alive).map(Parent)
    }

    pub(super) fn is_alive(&self) -> bool {
        self.0.is_alive()
    }
}

/// A process by its number and when it was born, so that another process that inherits its number is not taken for it.
#[cfg(unix)]
struct Process {
    pid: u32,
    birth: Birth,
}

#[cfg(unix)]
impl Process {
    fn find(pid: u32) -> Option<Self> {
        Some(Self { pid, birth: birth(pid)? })
    }

    fn is_alive(&self) -> bool {
        birth(self.pid).is_some_and(|birth| birth == self.birth)
    }
}

/// Clock ticks since boot, or 0 where a system tells safely only whether the number is in use.
#[cfg(unix)]
#[derive(PartialEq)]
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

/// A process by a handle, which keeps its number from another process for as long as it is held.
#[cfg(windows)]
struct Process(winsafe::guard::CloseHandleGuard<winsafe::HPROCESS>);

#[cfg(windows)]
impl Process {
    fn find(pid: u32) -> Option<Self> {
        winsafe::HPROCESS::OpenProcess(winsafe::co::PROCESS::SYNCHRONIZE, false, pid).ok().map(Self)
    }

    fn is_alive(&self) -> bool {
        // Whoever waits for a process waits for its end.
        self.0.WaitForSingleObject(Some(0)).is_ok_and(|state| state == winsafe::co::WAIT::TIMEOUT)
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A program that ends when its input does.
    fn program() -> Child {
        let name = if cfg!(windows) { "cmd" } else { "cat" };
        Command::new(name).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
    }

    #[test]
    fn a_process_is_alive_until_it_ends() {
        let mut child = program();
        let parent = Parent::find(child.id()).unwrap();
        assert!(parent.is_alive());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!parent.is_alive());
        drop((child, parent));
    }

    #[test]
    fn nobody_has_this_number() {
        assert!(Parent::find(u32::MAX - 3).is_none());
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
