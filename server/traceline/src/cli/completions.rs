//! `traceline completions`: a script with which a shell completes this command, down to the names of rules.

use anyhow::Result;
use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use std::io::Write;
use std::process::ExitCode;
use traceline_engine::rule::RULES;

pub(super) fn run(command: Command, shell: Shell) -> Result<ExitCode> {
    // The command itself takes any name, to answer a wrong one with a suggestion.
    let names = || PossibleValuesParser::new(RULES.iter().map(|rule| rule.name));
    let mut command = command
        .mut_subcommand("explain", |explain| explain.mut_arg("rule", |rule| rule.value_parser(names())))
        .mut_subcommand("check", |check| {
            check
                .mut_arg("select", |rules| rules.value_parser(names()))
                .mut_arg("ignore", |rules| rules.value_parser(names()))
        });
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "traceline", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
