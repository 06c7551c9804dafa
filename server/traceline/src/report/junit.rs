//! Reports as JUnit XML, in the form that both Jenkins and Surefire read: a suite for each plan document, in which a finding is
//! a test. One at or above `--fail-on` fails; others pass, and say what they say as output.

use super::checked::{Checked, words};
use super::xml::Xml;
use std::collections::BTreeMap;
use std::io::{self, Write};
use traceline_engine::export::check::Entry;
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;

pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let found: BTreeMap<&FilePath, &Vec<Finding>> = checked.found.iter().map(|(path, found)| (path, found)).collect();
    let fails = |finding: &Finding| finding.level >= checked.fail_on;
    // A document in which nothing was found is one test that passes.
    let is_suite =
        |path: &&FilePath| checked.snapshot.view(path).is_some_and(|view| view.is_ours()) || found.contains_key(path);
    let suites: Vec<&FilePath> = checked.files.iter().filter(is_suite).collect();
    let tests = |path: &FilePath| found.get(path).map_or(1, |findings| findings.len());
    let failures =
        |path: &FilePath| found.get(path).map_or(0, |findings| findings.iter().filter(|it| fails(it)).count());
    let count = |of: &dyn Fn(&FilePath) -> usize| suites.iter().map(|path| of(path)).sum::<usize>().to_string();

    let mut xml = Xml::new(out)?;
    xml.open(
        "testsuites",
        &[
            ("name", "traceline"),
            ("tests", &count(&tests)),
            ("failures", &count(&failures)),
            ("errors", "0"),
            ("time", "0"),
        ],
    )?;
    for (at, path) in suites.iter().enumerate() {
        let name = checked.name(path);
        xml.open(
            "testsuite",
            &[
                ("name", name),
                ("tests", &tests(path).to_string()),
                ("failures", &failures(path).to_string()),
                ("errors", "0"),
                ("skipped", "0"),
                ("time", "0"),
            ],
        )?;
        if at == 0 {
            properties(&mut xml, checked)?;
        }
        match found.get(path) {
            None => xml.empty("testcase", &[("name", "no finding"), ("classname", name), ("time", "0")])?,
            Some(findings) => {
                for (finding, entry) in checked.entries(path, findings) {
                    case(&mut xml, &entry, fails(finding))?;
                }
            }
        }
        xml.close("testsuite")?;
    }
    // Where no plan document was read, that is said by a suite without tests.
    if suites.is_empty() {
        let none = [("tests", "0"), ("failures", "0"), ("errors", "0"), ("skipped", "0"), ("time", "0")];
        xml.open("testsuite", &[&[("name", "traceline")], &none[..]].concat())?;
        properties(&mut xml, checked)?;
        xml.close("testsuite")?;
    }
    xml.close("testsuites")?;
    xml.end()
}

/// How much was read.
fn properties(xml: &mut Xml<impl Write>, checked: &Checked<'_>) -> io::Result<()> {
    xml.open("properties", &[])?;
    let summary = checked.summary;
    for (name, value) in [("files", summary.files), ("documents", summary.documents), ("unread", summary.unread)] {
        xml.empty("property", &[("name", name), ("value", &value.to_string())])?;
    }
    xml.close("properties")
}

fn case(xml: &mut Xml<impl Write>, entry: &Entry, fails: bool) -> io::Result<()> {
    let name = format!("{} at {}:{}", entry.rule, entry.line, entry.column);
    let place = format!("{}:{}:{}", entry.path, entry.line, entry.column);
    let text = format!("{place}: {}: {}", entry.level, words(entry));
    xml.open("testcase", &[("name", &name), ("classname", &entry.path), ("time", "0")])?;
    if fails {
        xml.text("failure", &[("message", &entry.message), ("type", entry.rule)], &text)?;
    } else {
        xml.text("system-out", &[], &text)?;
    }
    xml.close("testcase")
}
