//! Markdown that means harm: nothing of it may stop the server, or make it wait.

use serde_json::json;
use traceline_tests::{Position, text};

use crate::{assert_alive, login};

/// Texts that break parsers, each with a name.
fn texts() -> Vec<(&'static str, String)> {
    let many = |unit: &str, count: usize| unit.repeat(count);
    vec![
        ("emphasis that never closes", many("*a **b _c ", 1_250)),
        ("emphasis in a trace line", format!("_Requirements: {}_", many("*a **b _c ", 1_250))),
        ("brackets", many("[", 20_000)),
        ("brackets with parentheses", many("[a](", 10_000)),
        ("images in images", many("![", 10_000)),
        ("quotes in quotes", many(">", 5_000) + " FR-1.1"),
        ("lists in lists", (0..400).map(|depth| format!("{}- FR-1.{depth}\n", " ".repeat(depth * 2))).collect()),
        ("tasks in tasks", (0..400).map(|depth| format!("{}- [ ] {depth}. x\n", " ".repeat(depth * 2))).collect()),
        ("a fence that never closes", format!("```\n{}", many("_Requirements: FR-1.1_\n", 2_000))),
        ("fences of all lengths", (3..300).map(|ticks| "`".repeat(ticks) + "\n").collect()),
        ("backticks of all lengths", (1..300).map(|ticks| "`".repeat(ticks) + " ").collect()),
        ("a comment that never closes", format!("<!-- {}", many("FR-1.1 ", 5_000))),
        ("comments", many("<!-- traceline: allow x -->\n", 5_000)),
        ("tags", many("<a ", 10_000)),
        ("a table with many cells", format!("|{}\n|{}\n", many("a|", 5_000), many("-|", 5_000))),
        ("a table with many rows", format!("|a|b|\n|-|-|\n{}", many("|FR-1.1|x\n", 5_000))),
        (
            "a table whose rows are short",
            format!("|{}\n|{}\n{}", many("a|", 1_000), many("-|", 1_000), many("|x\n", 1_000)),
        ),
        ("headings of all depths", (0..1_000).map(|n| format!("{} FR-1.{n}\n", "#".repeat(n % 8))).collect()),
        ("underlines", many("a\n-\nb\n=\n", 3_000)),
        ("link definitions", (0..5_000).map(|n| format!("[{n}]: /x\n")).collect()),
        ("one long line", many("word FR-1.1 ", 50_000)),
        ("one long word", many("a", 1 << 20)),
        ("one long id", format!("FR-{}.1", many("9", 10_000))),
        ("an id with many parts", format!("FR-1{}", many(".1", 10_000))),
        ("a huge range", "_Requirements: FR-1.1–1.999999999, FR-1-FR-4294967295, 1.1-9999999.9999999_".to_owned()),
        ("many huge ranges", many("_Requirements: FR-1.1 through FR-1.99999999_\n\n", 500)),
        ("a reversed range", "_Requirements: FR-9.9–FR-1.1, FR-1.5-1.2_".to_owned()),
        ("a long slash list", format!("_Requirements: FR-001{}_", many("/002", 4_000))),
        ("wildcards", many("_Requirements: FR-*.*, R1.*, *.x_\n", 500)),
        ("a long trace line", format!("_Requirements: {}FR-1.1_", many("FR-1.1, ", 4_000))),
        ("trace lines that never close", many("_Requirements: ", 5_000)),
        ("brackets behind an id", format!("- **FR-1.1**: {}", many("([", 10_000))),
        (
            "former names",
            (0..3_000)
                .fold("| Old ID | New ID |\n|-|-|\n".to_owned(), |all, n| all + &format!("| FR-{n} | FR-1.1 |\n")),
        ),
        ("definitions of one id", many("- **FR-1.1**: x\n", 5_000)),
        ("definitions of many ids", (0..20_000).map(|n| format!("- **FR-{n}**: x\n")).collect()),
        (
            "numbers beyond 64 bits",
            "99999999999999999999. **FR-99999999999999999999.99999999999999999999**: x\n".to_owned(),
        ),
        ("front matter that never closes", format!("---\n{}", many("a: FR-1.1\n", 2_000))),
        ("nul", "a\0b FR-1.1\0\n_Requirements: \0FR-1.1_\n".to_owned()),
        ("directions", "\u{202e}_Requirements: FR-1.1_\u{202c} \u{2066}FR-1.2\u{2069}\n".to_owned()),
        ("combining marks", format!("FR-1.1{}", many("\u{301}", 20_000))),
        ("emoji", many("👩‍👩‍👧‍👦", 10_000)),
        ("entities", many("&amp;&#x0;&#99999999;", 5_000)),
        ("escapes", many("\\", 50_000)),
        ("tabs", many("\t", 50_000) + "- FR-1.1"),
        ("blank lines", many("\n", 200_000)),
        ("carriage returns", many("\r", 100_000)),
        ("placeholders", many("[x] {{Y}} [NEEDS CLARIFICATION: z] ", 3_000)),
        ("half a placeholder", many("{{", 20_000)),
        ("autolinks", many("<http://", 10_000)),
        ("footnotes", many("[^1]", 10_000) + "\n\n[^1]: x"),
        ("math", many("$$ FR-1.1 ", 5_000)),
    ]
}

#[test]
fn hostile_markdown_is_opened_asked_edited_and_closed() {
    let (workspace, mut client) = login();
    let uri = workspace.uri("specs/login/spec.md");
    for (name, hostile) in texts() {
        eprintln!("{name}");
        client.open_text(&uri, &hostile);
        let end = text::position(&hostile, hostile.len(), client.encoding());
        let middle = Position { line: end.line / 2, character: 10 };
        for at in [Position { line: 0, character: 0 }, middle, end] {
            for method in ["textDocument/hover", "textDocument/definition", "textDocument/completion"] {
                client.ask_at(method, &uri, at);
            }
            let (document, range) = (json!({ "uri": uri }), json!({ "start": at.json(), "end": at.json() }));
            let params = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
            client.request("textDocument/codeAction", params);
            // Refused or not, it is answered.
            let params = json!({ "textDocument": document, "position": at.json(), "newName": "FR-77" });
            let asked = client.ask("textDocument/rename", params);
            let _ = client.answer(asked);
        }
        let options = json!({ "tabSize": 2, "insertSpaces": true });
        client.request("textDocument/formatting", json!({ "textDocument": { "uri": uri }, "options": options }));
        client.change(&uri, &[json!({ "range": { "start": end.json(), "end": end.json() }, "text": "FR-1.1\n" })]);
        let start = json!({ "line": 0, "character": 0 });
        client.change(&uri, &[json!({ "range": { "start": start, "end": start }, "text": "```\n" })]);
        let version =
            client.change(&uri, &[json!({ "range": { "start": start, "end": start }, "text": "# FR-1.1\n" })]);
        client.ask_at("textDocument/hover", &uri, Position { line: 0, character: 3 });
        client.diagnostics(&uri, version);
        client.close(&uri);
    }
    assert_alive(&mut client, &workspace);
}

#[test]
fn hostile_markdown_on_disk_is_read() {
    let workspace = traceline_tests::Workspace::new(crate::LOGIN);
    for (number, (_, hostile)) in texts().into_iter().enumerate() {
        workspace.write(&format!("specs/h{number}/spec.md"), &hostile);
        workspace.write(&format!("specs/h{number}/tasks.md"), &hostile);
    }
    workspace.write("specs/bytes/spec.md", b"- **FR-1.1**: \xff\xfe not UTF-8\n");
    workspace.write("specs/latin/tasks.md", b"caf\xe9 FR-1.1\n");
    let mut client = traceline_tests::Client::start(&workspace);
    client.open(&workspace, "specs/login/tasks.md");
    client.ready();
    assert_alive(&mut client, &workspace);
}
