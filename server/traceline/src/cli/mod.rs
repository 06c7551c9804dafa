//! The command line.

mod outcome;
mod output;
mod color;
mod stdout;
mod progress;
mod stdin;
mod workspace;
mod named;
mod write_whole;
mod empty;
mod choose;
mod baseline;
mod git;
mod before;
mod since;
mod findings;
mod fix;
mod check;
mod refresh;
#[cfg(unix)]
mod left_as_found;
mod screen;
mod watch;
mod completions;
mod config;
mod demo;
mod explain;
mod impact;
mod init;
mod inspect;
mod proposed;
mod ids;
mod man;
mod matrix;
mod list;
mod new;
mod review;
mod show;
mod trace;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use color::Color;
use outcome::{COULD_NOT_RUN, is_pipe_closed};
use std::path::PathBuf;
use std::process::ExitCode;

/// Language server and checker for plan documents: requirements, plans and tasks in Markdown.
#[derive(Debug, Parser)]
#[command(name = "traceline", version, max_term_width = 100, after_help = WRITES)]
struct Arguments {
    /// Whether to colour what people read
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

/// What may be written, so that nobody need wonder.
const WRITES: &str = "Files are written by these alone: new, init --write, man FOLDER, demo (in a temporary folder), \
check --fix, rename, renumber, split, merge and retire without --dry-run, check --output, matrix --output, check --write-baseline, review of what is named and review --all; with check --format github, what GITHUB_STEP_SUMMARY names is added to. The server \
writes none.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Check plan documents; with --fix, mend them: writes the files. Exit code: 0 clean, 1 findings at or above --fail-on, 2 could
    /// not run or nothing to check
    Check(check::Check),
    /// Tell which requirements a change touches since a git revision, and what serves them
    Impact(impact::Impact),
    /// Record that what traces requirements was reviewed, or list those that have changed since: writes
    /// traceline-review.lock where something is named. Exit code: 0 done or nothing suspect, 1 something suspect, 2 could
    /// not run
    Review(review::Review),
    /// Tell of each requirement what plans it, what builds it and how far it is, what is missing first
    Matrix(matrix::Matrix),
    /// Show all that is known of one requirement: its statement, its places, what serves it and how far it is, and why. Exit
    /// code: 0 told, 2 none or several are meant
    Show(show::Show),
    /// List requirements by family and state. Exit code: 0 listed, 2 could not run or nothing to list
    List(list::List),
    /// Draw the tree of one requirement: what it is part of, its parts, and the sections and tasks that serve each. Exit
    /// code: 0 told, 2 none or several are meant
    Trace(trace::Trace),
    /// Give a requirement another id, and everything that names it: writes these files. Exit code: 0 done, 2 refused
    Rename(ids::Rename),
    /// Put numbers of requirements in order, from one on or in a file, with everything that names them: writes these files.
    /// Exit code: 0 done, 2 refused, such as where what a line means cannot be told
    Renumber(ids::Renumber),
    /// Make several requirements of one, which all that traces it then names, and list these lines: writes these files. Exit
    /// code: 0 done, 2 refused
    Split(ids::Split),
    /// Let one requirement take the place of several, which are given up: writes these files. Exit code: 0 done, 2 refused
    Merge(ids::Merge),
    /// Give a requirement up: it stays, marked as its document marks others, with the reason and what takes its place: writes
    /// its file. Exit code: 0 done, 2 refused
    Retire(ids::Retire),
    /// Show what is understood of a file or of a place in it, and why
    Inspect {
        /// The file, perhaps with a line and a column: `spec.md:12:5`
        #[arg(value_name = "FILE[:LINE[:COLUMN]]")]
        file: PathBuf,
        /// How to report
        #[arg(long, value_enum, default_value_t = inspect::Format::Human)]
        format: inspect::Format,
    },
    /// Explain a rule, or list all rules
    Explain {
        /// The rule's name, such as `unknown-requirement`
        rule: Option<String>,
    },
    /// Print the JSON schemas of what can be configured
    Config {
        /// Which schema
        #[command(subcommand)]
        of: config::Of,
    },
    /// Write a new plan, specification or task list from its template, or a whole feature
    #[command(subcommand)]
    New(new::New),
    /// Say what is recognised in a repository, and why
    Init {
        /// The folder [default: the current one]
        folder: Option<PathBuf>,
        /// Write a traceline.toml there, with everything in comments
        #[arg(long)]
        write: bool,
    },
    /// Show the main job on a small project made for it, in a temporary folder
    Demo,
    /// Serve an editor over stdin and stdout, by the Language Server Protocol
    #[command(visible_alias = "lsp")]
    Server {
        /// Accepted for editors that always send it; stdin and stdout are the only way there is
        #[arg(long)]
        stdio: bool,
    },
    /// Print a script that lets a shell complete this command
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page, or write the pages of all commands to a folder
    Man {
        /// The folder, such as ~/.local/share/man/man1
        folder: Option<PathBuf>,
    },
}

/// Does what the command line asks.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.choose();
    start_log();
    let done = match arguments.command {
        Command::Check(check) if check.watch => watch::run(&check),
        Command::Check(check) => check::run(&check),
        Command::Impact(impact) => impact::run(&impact),
        Command::Review(review) => review::run(&review),
        Command::Matrix(matrix) => matrix::run(&matrix),
        Command::Show(show) => show::run(&show),
        Command::List(list) => list::run(&list),
        Command::Trace(trace) => trace::run(&trace),
        Command::Rename(rename) => ids::run_rename(&rename),
        Command::Renumber(renumber) => ids::run_renumber(&renumber),
        Command::Split(split) => ids::run_split(&split),
        Command::Merge(merge) => ids::run_merge(&merge),
        Command::Retire(retire) => ids::run_retire(&retire),
        Command::Inspect { file, format } => inspect::run(&file, format),
        Command::Explain { rule } => explain::run(rule.as_deref()),
        Command::Config { of } => config::run(of),
        Command::New(new) => new::run(&new),
        Command::Init { folder, write } => init::run(folder.as_deref(), write),
        Command::Demo => demo::run(),
        Command::Completions { shell } => completions::run(Arguments::command(), shell),
        Command::Man { folder } => man::run(Arguments::command(), folder.as_deref()),
        Command::Server { stdio: _ } => return crate::server::serve(),
    };
    done.unwrap_or_else(|error| {
        if is_pipe_closed(&error) {
            return ExitCode::SUCCESS;
        }
        anstream::eprintln!("traceline: {error:#}");
        ExitCode::from(COULD_NOT_RUN)
    })
}

/// Logs go to stderr; `TRACELINE_LOG=debug` says more, `TRACELINE_LOG=warn,traceline::keeper=debug` of one part. tower-lsp would
/// log whole messages, and with them document text.
fn start_log() {
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::layer::SubscriberExt;
    use tracing_subscriber::util::SubscriberInitExt;
    let wanted = std::env::var("TRACELINE_LOG").unwrap_or_else(|_| "warn".into());
    let filter: Targets = wanted.parse().unwrap_or_else(|_| Targets::new().with_default(tracing::Level::WARN));
    let filter = filter.with_target("tower_lsp_server", tracing::Level::WARN);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(filter).init();
}
