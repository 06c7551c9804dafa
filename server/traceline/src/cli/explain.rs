//! `traceline explain`: what a rule finds and why, with an example.

use super::choose::named;
use anyhow::{Error, Result};
use std::io::Write;
use std::process::ExitCode;
use traceline_engine::rule::{self, Rule};

pub(super) fn run(name: Option<&str>) -> Result<ExitCode> {
    let mut out = anstream::stdout().lock();
    let Some(name) = name else {
        for rule in rule::RULES {
            writeln!(out, "{:24} {:12} {}", rule.name, rule.level_name(), rule.what)?;
        }
        writeln!(out, "\n`traceline explain RULE` says more.")?;
        return Ok(ExitCode::SUCCESS);
    };
    let rule = named(name).map_err(Error::msg)?;
    write!(out, "{}", words(rule))?;
    Ok(ExitCode::SUCCESS)
}

fn words(rule: &Rule) -> String {
    let indent = |text: &str| {
        text.lines().map(|line| if line.is_empty() { "\n".into() } else { format!("    {line}\n") }).collect::<String>()
    };
    let example = |text: &str| indent(&text.replace("//- ", "— "));
    let mut out = format!(
        "{} ({})\n\n{}\n\n{}\n\nRaises it:\n\n{}\nDoes not:\n\n{}",
        rule.name,
        rule.level_name(),
        rule.what,
        wrap(rule.why),
        example(rule.bad),
        example(rule.good)
    );
    for (safety, words) in rule.fix.words() {
        out += &format!("\nFix ({}): {words}\n", safety.as_str());
    }
    let name = rule.name;
    out += &match rule.level {
        Some(_) => format!(
            "\nTo allow it in one place: <!-- traceline: allow {name} reason -->\nTo turn it off: [rules] {name} = \"off\" in traceline.toml\n"
        ),
        None => format!("\nTo turn it on: [rules] {name} = \"hint\" in traceline.toml\n"),
    };
    out
}

fn wrap(text: &str) -> String {
    const WIDTH: usize = 96;
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        if column > 0 && column + 1 + word.chars().count() > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out += word;
        column += word.chars().count();
    }
    out
}
