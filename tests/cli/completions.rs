//! `traceline completions`: shells complete commands, options and rules.

use traceline_tests::Workspace;
use traceline_tests::command::traceline;

fn script(shell: &str) -> String {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["completions", shell]);
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    outcome.stdout
}

#[test]
fn every_shell_gets_a_script_with_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = script(shell);
        for word in ["check", "inspect", "explain", "server", "fail-on"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        // The generators of the others leave out what a value may be.
        assert_eq!(script.contains("unknown-requirement"), ["bash", "zsh", "fish"].contains(&shell), "{shell}");
    }
}

/// What bash offers after these words, the last one unfinished.
#[cfg(unix)]
fn offered(words: &[&str]) -> Vec<String> {
    let line = words.join("' '");
    let ask = format!(
        "{}\nCOMP_WORDS=('{line}'); COMP_CWORD={}; COMPREPLY=(); _traceline traceline \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
        script("bash"),
        words.len() - 1
    );
    let outcome = traceline_tests::command::run(std::process::Command::new("bash").args(["--norc", "-c", &ask]));
    assert_eq!(outcome.code(), 0, "{outcome:#?}");
    outcome.stdout.lines().filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

/// Not on Windows: Wine has no bash.
#[test]
#[cfg(unix)]
fn bash_completes_commands_options_and_rules() {
    assert_eq!(offered(&["traceline", "expl"]), ["explain"]);
    assert_eq!(offered(&["traceline", "check", "--fail"]), ["--fail-on"]);
    assert_eq!(offered(&["traceline", "explain", "unknown-req"]), ["unknown-requirement"]);
    assert_eq!(offered(&["traceline", "check", "--select", "unknown-req"]), ["unknown-requirement"]);
    assert_eq!(offered(&["traceline", "check", "--format", "con"]), ["concise"]);
}

#[test]
fn an_unknown_shell_is_told_the_known_ones() {
    let workspace = Workspace::new("");
    let outcome = traceline(workspace.root(), ["completions", "tcsh"]);
    assert_eq!(outcome.code(), 2);
    assert!(outcome.stderr.contains("bash") && outcome.stderr.contains("fish"), "{outcome:#?}");
}
