//! Threads that do what they are given, one job after the other; a job that panics takes only itself down.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Queue {
    jobs: Mutex<VecDeque<Job>>,
    added: Condvar,
}

pub(super) struct Pool(Arc<Queue>);

impl Pool {
    pub(super) fn start(name: &str, threads: usize) -> std::io::Result<Self> {
        let queue: Arc<Queue> = Arc::default();
        for _ in 0..threads {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new().name(name.into()).spawn(move || {
                loop {
                    let job = queue.next();
                    // The panic itself has been reported; whoever waits for the job gets an error.
                    let _ = catch_unwind(AssertUnwindSafe(job));
                }
            })?;
        }
        Ok(Self(queue))
    }

    /// Does `job` after all others.
    pub(super) fn last(&self, job: impl FnOnce() + Send + 'static) {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner).push_back(Box::new(job));
        self.0.added.notify_one();
    }

    /// Does `job` before all others.
    pub(super) fn first(&self, job: impl FnOnce() + Send + 'static) {
        self.0.jobs.lock().unwrap_or_else(PoisonError::into_inner).push_front(Box::new(job));
        self.0.added.notify_one();
    }
}

impl Queue {
    fn next(&self) -> Job {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = jobs.pop_front() {
                return job;
            }
            jobs = self.added.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_job_that_panics_takes_only_itself_down() {
        let pool = Pool::start("test", 1).unwrap();
        let (done, told) = mpsc::channel();
        pool.last(|| panic!("on purpose"));
        pool.last(move || done.send(1).unwrap());
        assert_eq!(told.recv_timeout(std::time::Duration::from_secs(10)), Ok(1));
    }
}
