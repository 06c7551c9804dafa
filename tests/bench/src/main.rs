//! Measures language servers for plan documents over stdio; `README.md` says what each figure means.

mod client;
mod counted;
mod document;
mod feature;
mod growth;
mod memory;
mod methods;
mod parser;
mod process;
mod prose;
mod report;
mod row;
mod scenario;
mod server;
mod wire;
mod workspace;

use anyhow::{Context, Result, bail};
use row::Ledger;
use scenario::{Bench, Pace};
use server::Server;
use std::path::{Path, PathBuf};

const USAGE: &str = "\
usage: traceline-bench gen DIR [WORKSPACE…]
       traceline-bench run --server FILE --data DIR --rows FILE [--run N] [--quick] [--huge] [--only start,questions,methods,typing,check]
                           [--growth] [--target DIR] [--peers DIR] [--bench DIR]
       traceline-bench counted --data DIR --numbers FILE [--write]
       traceline-bench memory DIR
       traceline-bench report --rows FILE --numbers FILE --data DIR [--write FILE] [--write-methods FILE] [--write-growth FILE]
WORKSPACE is f1000, f10000, f1000-p100k, f0-p10m, openspec1000 and the like.";

fn main() -> Result<()> {
    let arguments = Arguments(std::env::args().skip(1).collect());
    match arguments.0.first().map(String::as_str) {
        Some("gen") => {
            let data = arguments.0.get(1).context(USAGE)?;
            for name in arguments.0.iter().skip(2) {
                let (root, contents) = workspace::workspace(Path::new(data), name)?;
                println!("{}: {contents:?}", root.display());
            }
            Ok(())
        }
        Some("stages") => counted::stages(Path::new(arguments.0.get(1).context(USAGE)?)),
        Some("memory") => {
            println!("{}", memory::table(Path::new(arguments.0.get(1).context(USAGE)?))?);
            Ok(())
        }
        Some("parse") => parser::parse(Path::new(arguments.0.get(1).context(USAGE)?)),
        Some("counted") => {
            let write = arguments.has("--write");
            counted::counted(&arguments.path("--data")?, &arguments.path("--numbers")?, write)
        }
        Some("run") => run(&arguments),
        Some("report") => {
            let rows = row::last_run(&arguments.path("--rows")?)?;
            // What stands in the repository then, so that a test can say when figures are older.
            let then = counted::told(&arguments.path("--numbers")?)?;
            let put = |report: String, flag: &str| -> Result<()> {
                let report = format!("{report}\n{then}\n");
                println!("{report}");
                arguments.value(flag).map_or(Ok(()), |file| report::write_into(Path::new(file), &report))
            };
            put(report::report(&rows)?, "--write")?;
            if let Some(methods) = methods::report(&rows)? {
                put(methods, "--write-methods")?;
            }
            let Some((growth, plot)) = growth::report(&rows)? else { return Ok(()) };
            if let Some(file) = arguments.value("--write-growth") {
                std::fs::write(Path::new(file).with_extension("svg"), plot)?;
            }
            put(format!("{growth}\n{}", memory::table(&arguments.path("--data")?)?), "--write-growth")
        }
        _ => bail!("{USAGE}"),
    }
}

struct Arguments(Vec<String>);

impl Arguments {
    fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|word| word == flag)
    }

    fn value(&self, flag: &str) -> Option<&str> {
        let at = self.0.iter().position(|word| word == flag)?;
        self.0.get(at + 1).map(String::as_str)
    }

    fn path(&self, flag: &str) -> Result<PathBuf> {
        let path = self.value(flag).with_context(|| format!("`{flag}` is missing\n{USAGE}"))?;
        Ok(std::path::absolute(path)?)
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let (quick, huge) = (arguments.has("--quick"), arguments.has("--huge"));
    let folder = |flag: &str| arguments.value(flag).map(std::path::absolute).transpose().map(Option::unwrap_or_default);
    let (target, peers, bench) = (folder("--target")?, folder("--peers")?, folder("--bench")?);
    let server =
        Server::read(&arguments.path("--server")?, &[("target", &target), ("peers", &peers), ("bench", &bench)])?;
    if !server.is_installed() {
        eprintln!("bench: {} is not installed and left out", server.title);
        return Ok(());
    }
    let data = arguments.path("--data")?;
    let number = arguments.value("--run").map_or(Ok(0), str::parse).context("`--run` wants a number")?;
    let mut ledger = Ledger::open(&arguments.path("--rows")?, number, quick)?;
    let pace = if quick { Pace::QUICK } else { Pace::FULL };
    let wanted =
        |scenario: &str| arguments.value("--only").is_none_or(|only| only.split(',').any(|one| one == scenario));
    let mut sizes = vec!["f1000"];
    sizes.extend(huge.then_some("f10000"));
    for name in sizes.into_iter().filter(|_| !server.command.is_empty()) {
        let mut bench = Bench::new(&server, &mut ledger, pace, &data, name)?;
        if wanted("start") && !scenario::start::start(&mut bench)? {
            continue;
        }
        if wanted("start") {
            scenario::opened::opened(&mut bench)?;
        }
        if wanted("questions") {
            let small = name == "f1000";
            if let Some(mut client) = scenario::questions::questions(&mut bench, small)? {
                if small {
                    scenario::burst::burst(&mut bench, &mut client)?;
                }
                client.stop();
            }
        }
    }
    for name in ["f1000-p100k", "f0-p10m"] {
        if wanted("typing") && !server.command.is_empty() {
            scenario::typing::typing(&mut Bench::new(&server, &mut ledger, pace, &data, name)?)?;
        }
    }
    if wanted("methods") && server.strict {
        let name = if huge { "f10000-p100k" } else { "f1000-p100k" };
        scenario::methods::methods(&mut Bench::new(&server, &mut ledger, pace, &data, name)?)?;
    }
    for name in growth::WORKSPACES.into_iter().filter(|_| arguments.has("--growth") && server.strict) {
        scenario::start::start(&mut Bench::new(&server, &mut ledger, pace, &data, name)?)?;
    }
    let large = |check: &&server::Check| check.workspace == "f10000";
    for check in server.check.iter().filter(|check| wanted("check") && (huge || !large(check))) {
        scenario::check::check(&mut Bench::new(&server, &mut ledger, pace, &data, &check.workspace)?, check)?;
    }
    Ok(())
}
