//! The scenarios: each starts the server it measures and enters rows.

pub(crate) mod burst;
pub(crate) mod check;
pub(crate) mod methods;
pub(crate) mod opened;
pub(crate) mod questions;
pub(crate) mod start;
pub(crate) mod typing;

use crate::client::Client;
use crate::row::{Ledger, Metric, Subject, Tally};
use crate::server::Server;
use crate::workspace::{Contents, workspace};
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How much is sampled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) starts: usize,
    pub(crate) letters: usize,
    pub(crate) fences: usize,
    pub(crate) questions: usize,
    pub(crate) steady: u32,
    /// For the samples of one metric; the first is always taken.
    pub(crate) budget: Duration,
    /// For one answer: whoever needs longer is said to.
    pub(crate) patience: Duration,
}

impl Pace {
    pub(crate) const FULL: Self = Self {
        starts: 5,
        letters: 1_000,
        fences: 100,
        questions: 1_000,
        steady: 150,
        budget: Duration::from_secs(4),
        patience: Duration::from_secs(25),
    };
    pub(crate) const QUICK: Self = Self {
        starts: 3,
        letters: 200,
        fences: 20,
        questions: 200,
        steady: 30,
        budget: Duration::from_secs(2),
        patience: Duration::from_secs(10),
    };
}

/// One server in one workspace.
pub(crate) struct Bench<'a> {
    pub(crate) server: &'a Server,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) pace: Pace,
    pub(crate) name: &'a str,
    pub(crate) root: PathBuf,
    pub(crate) contents: Contents,
    /// As the server states it; known once it has been started.
    pub(crate) version: String,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(
        server: &'a Server,
        ledger: &'a mut Ledger,
        pace: Pace,
        data: &Path,
        name: &'a str,
    ) -> Result<Self> {
        let (root, contents) = workspace(data, name)?;
        Ok(Self { server, ledger, pace, name, root, contents, version: String::new() })
    }

    pub(crate) fn enter(&mut self, metric: Metric, tally: &Tally, note: &str) -> Result<()> {
        let title = self.server.title.clone();
        self.enter_as(&title, metric, tally, note)
    }

    pub(crate) fn enter_as(&mut self, title: &str, metric: Metric, tally: &Tally, note: &str) -> Result<()> {
        let subject = Subject {
            server: title,
            version: &self.version,
            strict: self.server.strict,
            workspace: self.name,
            contents: &self.contents,
        };
        self.ledger.enter(&subject, metric, tally, note)
    }

    /// A started server that has read the workspace; `None` (and a row of `metric` that says why) when it does not get there.
    pub(crate) fn begin(&mut self, metric: Metric) -> Result<Option<Client>> {
        let begun = Client::start(self.server, &self.root, self.pace.patience).and_then(|mut client| {
            start::ready(self, &mut client)?;
            Ok(client)
        });
        match begun {
            Ok(client) => {
                client.version.clone_into(&mut self.version);
                Ok(Some(client))
            }
            Err(fault) => {
                self.enter(metric, &Tally::failed(fault), "")?;
                Ok(None)
            }
        }
    }

    /// Up to `count` feature folders, spread over the workspace.
    pub(crate) fn features(&self, count: usize) -> Result<Vec<PathBuf>> {
        let mut all = std::fs::read_dir(self.root.join("specs"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<_>>>()?;
        all.sort();
        let step = (all.len() / count).max(1);
        Ok(all.into_iter().step_by(step).take(count).collect())
    }
}

pub(crate) fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Whether there is time for one more sample.
pub(crate) fn within(budget: Duration, since: Instant) -> bool {
    since.elapsed() < budget
}
