//! What a process and its children have used, read from `/proc`.

use std::fs;
use std::path::Path;

/// Processor time and memory of a process tree.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    /// Milliseconds, in steps of 10.
    pub(crate) cpu: f64,
    /// Megabytes (10⁶ bytes) in memory now.
    pub(crate) memory: f64,
    /// Megabytes at the highest.
    pub(crate) peak: f64,
}

impl Usage {
    pub(crate) fn of(pid: u32) -> Self {
        tree(pid).into_iter().fold(Self::default(), |sum, pid| {
            let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
            let megabytes = |key: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(key));
                line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
                    .map_or(0.0, |kib| kib * 1024.0 / 1e6)
            };
            Self {
                cpu: sum.cpu + cpu(pid, false),
                memory: sum.memory + megabytes("VmRSS:"),
                peak: sum.peak + megabytes("VmHWM:"),
            }
        })
    }
}

/// Milliseconds of processor time of one process, with or without the children it has waited for; a zombie still tells.
pub(crate) fn cpu(pid: u32, with_children: bool) -> f64 {
    let Some(fields) = stat(pid) else { return 0.0 };
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    // Counted from the state: utime, stime, cutime, cstime, in hundredths of a second.
    10.0 * if with_children { ticks(11) + ticks(12) + ticks(13) + ticks(14) } else { ticks(11) + ticks(12) }
}

/// Whether the process has ended without having been waited for.
pub(crate) fn is_zombie(pid: u32) -> bool {
    stat(pid).is_none_or(|fields| fields.first().is_some_and(|state| state == "Z"))
}

/// The process and its descendants.
pub(crate) fn tree(root: u32) -> Vec<u32> {
    let pids = fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parents: Vec<(u32, u32)> = pids.filter_map(|pid| Some((pid, stat(pid)?.get(1)?.parse().ok()?))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| *pid));
        next += 1;
    }
    found
}

/// The fields of `/proc/PID/stat` from the state on; the command before it may hold spaces and brackets.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(") ")?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

/// What the figures depend on: processor, cores, load before the run and the day.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    /// Load average of the minute before.
    pub(crate) load: f64,
    /// Year-month-day, UTC.
    pub(crate) date: String,
}

impl Machine {
    pub(crate) fn here() -> Self {
        let read = |path: &str| fs::read_to_string(Path::new(path)).unwrap_or_default();
        let model = read("/proc/cpuinfo")
            .lines()
            .find_map(|line| Some(line.strip_prefix("model name")?.split_once(':')?.1.trim().to_owned()));
        let day = std::process::Command::new("date")
            .args(["-u", "+%F"])
            .output()
            .map(|out| String::from_utf8_lossy(&out.stdout).trim().to_owned());
        Self {
            processor: model.unwrap_or_else(|| "unknown processor".to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            load: read("/proc/loadavg").split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or(0.0),
            date: day.unwrap_or_default(),
        }
    }
}
