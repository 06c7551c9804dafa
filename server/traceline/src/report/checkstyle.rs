//! Reports in the form of Checkstyle's, which many tools read: every file that was read is named, also where nothing was found.

use super::checked::{Checked, words};
use super::xml::Xml;
use std::collections::BTreeMap;
use std::io::{self, Write};
use traceline_engine::path::FilePath;
use traceline_engine::rule::Finding;
use traceline_engine::settings::Level;

pub(crate) fn check(out: &mut impl Write, checked: &Checked<'_>) -> io::Result<()> {
    let found: BTreeMap<&FilePath, &Vec<Finding>> = checked.found.iter().map(|(path, found)| (path, found)).collect();
    let mut xml = Xml::new(out)?;
    xml.open("checkstyle", &[("version", env!("CARGO_PKG_VERSION"))])?;
    for path in checked.files.iter().filter(|path| checked.snapshot.view(path).is_some()) {
        let name = checked.name(path);
        let Some(findings) = found.get(path) else {
            xml.empty("file", &[("name", name)])?;
            continue;
        };
        xml.open("file", &[("name", name)])?;
        for (finding, entry) in checked.entries(path, findings) {
            let severity = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Information => "info",
                // Checkstyle has nothing below `info` that is shown.
                Level::Hint => "info",
            };
            xml.empty(
                "error",
                &[
                    ("line", &entry.line.to_string()),
                    ("column", &entry.column.to_string()),
                    ("severity", severity),
                    ("message", &words(&entry)),
                    ("source", &format!("traceline.{}", entry.rule)),
                ],
            )?;
        }
        xml.close("file")?;
    }
    xml.close("checkstyle")?;
    xml.end()
}
