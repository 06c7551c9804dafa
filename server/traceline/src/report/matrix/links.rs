//! Where a report's links lead: to a line of a file, on disk or at an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Where links lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// To the files themselves, behind the way from the report to the root.
    Beside(String),
    /// Behind an address.
    At(String),
    /// Into an address with `{path}` and `{line}`.
    Within(String),
}

/// Of what an address may begin with, what no browser runs.
const SCHEMES: [&str; 5] = ["https", "http", "file", "vscode", "vscodium"];

/// What stands in a path as it is. A colon does not: what is before the first one would be taken for a scheme.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Whether a character has to be escaped in an address, or would end it in Markdown.
fn is_unfit(c: char) -> bool {
    c.is_whitespace() || c.is_control() || "\"'<>()|\\`".contains(c)
}

impl Links {
    /// What `--link-base` asks for.
    pub(crate) fn parse(words: &str) -> Result<Self, String> {
        let scheme = words.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
        if !scheme.is_some_and(|scheme| SCHEMES.contains(&scheme.as_str())) || words.contains(is_unfit) {
            return Err(format!(
                "an address such as https://example.org/blob/main, with one of {}",
                SCHEMES.join(", ")
            ));
        }
        Ok(if words.contains("{path}") {
            Self::Within(words.into())
        } else {
            Self::At(words.trim_end_matches('/').into())
        })
    }

    /// A part of a path as it stands in an address.
    pub(crate) fn encoded(path: &str) -> String {
        utf8_percent_encode(path, PATH).to_string()
    }

    /// The address of a line of a file; the path counts from the root.
    pub(crate) fn to(&self, path: &str, line: u32) -> String {
        let path = Self::encoded(path);
        match self {
            Self::Beside(way) => format!("{way}{path}#L{line}"),
            Self::At(base) => format!("{base}/{path}#L{line}"),
            Self::Within(address) => address.replace("{path}", &path).replace("{line}", &line.to_string()),
        }
    }

    /// The address with `{path}` and `{line}` where those go, for a page that puts them in itself.
    pub(super) fn pattern(&self) -> String {
        match self {
            Self::Beside(way) => format!("{way}{{path}}#L{{line}}"),
            Self::At(base) => format!("{base}/{{path}}#L{{line}}"),
            Self::Within(address) => address.clone(),
        }
    }

    /// Whether they lead to an address, and not only on this machine.
    pub(super) fn are_whole(&self) -> bool {
        !matches!(self, Self::Beside(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_no_scheme_and_no_way_out() {
        let beside = Links::Beside("../".into());
        assert_eq!(beside.to("a b/é#1/spec.md", 3), "../a%20b/%C3%A9%231/spec.md#L3");
        assert_eq!(
            Links::Beside(String::new()).to("javascript:alert(1)/spec.md", 1),
            "javascript%3Aalert%281%29/spec.md#L1"
        );
    }

    #[test]
    fn an_address_is_put_before_or_around() {
        let to = |words: &str| Links::parse(words).map(|links| links.to("a/spec.md", 7));
        assert_eq!(to("https://example.org/blob/main/"), Ok("https://example.org/blob/main/a/spec.md#L7".into()));
        assert_eq!(to("https://x.org/{path}?plain=1#L{line}"), Ok("https://x.org/a/spec.md?plain=1#L7".into()));
        assert_eq!(to("vscode://file/w/{path}:{line}"), Ok("vscode://file/w/a/spec.md:7".into()));
        for words in [
            "javascript://x/%0aalert(1)",
            "data:text/html,x",
            "blob/main",
            "",
            "https://a b",
            "https://a)b",
            "https://<b>",
        ] {
            assert!(to(words).is_err(), "{words}");
        }
    }
}
