//! The parts of the page that need no script: totals with their bars, and the first requirements.

use super::escape::text;
use crate::report::matrix::{Links, words};
use std::collections::HashMap;
use std::io::{self, Write};
use traceline_engine::export::matrix::{Feature, Matrix, ServerEntry, Stage, Stated, Through, Totals};

/// So many requirements stand in the page; its script adds as many at a time.
const PORTION: usize = 200;

/// So many features have a row of their own.
const MOST: usize = 30;

/// So many phases do.
const MOST_PHASES: usize = 16;

/// So many sections or tasks of a requirement are shown before one asks for more.
const MOST_SERVERS: usize = 6;

/// A share of a bar: how many, and what they are.
type Share = (usize, &'static str);

/// All that there is, in three figures and a bar.
pub(super) fn overview(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let summary = &matrix.summary;
    let totals = &summary.totals;
    writeln!(out, "<section class=\"overview\" aria-label=\"All in all\">\n<dl class=\"figures\">")?;
    let share = |part: usize, whole: usize| format!("{}<small> %</small>", words::percent(part, whole));
    let figures = [
        ("covered", share(totals.served(), totals.wanted()), of(totals.served(), totals.wanted(), "requirement")),
        ("done", share(totals.done, totals.wanted()), of(totals.done, totals.wanted(), "requirement")),
        ("tasks done", share(summary.tasks_done, summary.tasks), of(summary.tasks_done, summary.tasks, "task")),
        (
            "with a gap",
            words::thousands(summary.lacking),
            "lack a section or a task that others of their family have".to_string(),
        ),
    ];
    for (name, value, note) in figures {
        let bad = if name == "with a gap" && summary.lacking > 0 { " class=\"bad\"" } else { "" };
        writeln!(out, "<div{bad}><dt>{name}</dt><dd>{value}</dd><dd class=\"note\">{note}</dd></div>")?;
    }
    writeln!(out, "</dl>")?;
    bar(out, &shares(totals), true)?;
    writeln!(out, "<ul class=\"legend\">")?;
    for stage in Stage::ALL.into_iter().filter(|stage| totals.of(*stage) > 0) {
        let (name, number) = (stage.as_str(), words::thousands(totals.of(stage)));
        writeln!(
            out,
            "<li><span class=\"stage {name}\">{name}</span><b>{number}</b><span>{}</span></li>",
            about(stage)
        )?;
    }
    writeln!(out, "</ul>\n</section>")
}

fn of(part: usize, whole: usize, one: &str) -> String {
    format!("{} of {}", words::thousands(part), words::count(whole, one, &format!("{one}s")))
}

fn about(stage: Stage) -> &'static str {
    match stage {
        Stage::Uncovered => "nothing serves them; their family is served",
        Stage::Untraced => "nothing serves them, nor their family yet",
        Stage::Planned => "a section of a plan serves them, and no task",
        Stage::Tasked => "a task serves them, and not all is done",
        Stage::Done => "all of their tasks are done",
        Stage::Deferred => "put off or left out on purpose",
        Stage::Withdrawn => "given up",
    }
}

/// What is done first, and what need not be last.
fn shares(totals: &Totals) -> Vec<Share> {
    use Stage::{Deferred, Done, Planned, Tasked, Uncovered, Untraced, Withdrawn};
    let order = [Done, Tasked, Planned, Untraced, Uncovered, Deferred, Withdrawn];
    order.map(|stage| (totals.of(stage), stage.as_str())).to_vec()
}

/// A bar of these shares; its words say the same.
fn bar(out: &mut impl Write, shares: &[Share], wide: bool) -> io::Result<()> {
    let all: usize = shares.iter().map(|(number, _)| number).sum();
    let there = || shares.iter().filter(|(number, _)| *number > 0);
    let said: Vec<String> = there().map(|(number, name)| format!("{} {name}", words::thousands(*number))).collect();
    let class = if wide { "bar wide" } else { "bar" };
    let said = said.join(", ");
    write!(
        out,
        "<svg class=\"{class}\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{said}\"><title>{said}</title>"
    )?;
    let mut before = 0;
    for (number, name) in there() {
        // Counted from the start, so that no rounding adds up.
        let (from, to) = (before * 1000 / all, (before + number) * 1000 / all);
        before += number;
        write!(out, "<rect class=\"{name}\" x=\"{from}\" width=\"{}\" height=\"10\"/>", to - from)?;
    }
    writeln!(out, "</svg>")
}

/// Coverage by feature and by family.
pub(super) fn totals(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let mut features: Vec<&Feature> = matrix.features.iter().filter(|it| it.totals.requirements > 0).collect();
    let named = |feature: &Feature| words::feature(&feature.scope).to_string();
    let count = features.len();
    if count > MOST {
        features.sort_by_key(|it| std::cmp::Reverse(it.totals.uncovered + it.totals.untraced));
    }
    writeln!(
        out,
        "<div class=\"columns\">\n<div>\n<section aria-labelledby=\"features\">\n<h2 id=\"features\">Coverage by feature</h2>"
    )?;
    let rows = features.iter().take(MOST).map(|feature| (named(feature), feature.totals));
    table(out, "Feature", rows, true)?;
    if count > MOST {
        writeln!(
            out,
            "<p class=\"more\">and {} that lack less</p>",
            words::count(count - MOST, "feature", "features")
        )?;
    }
    writeln!(out, "</section>\n<section aria-labelledby=\"families\">\n<h2 id=\"families\">Coverage by family</h2>")?;
    let rows = matrix.families.iter().map(|family| (words::family(&family.name).to_string(), family.totals));
    table(out, "Family", rows, false)?;
    writeln!(out, "</section>\n</div>")
}

fn table(
    out: &mut impl Write,
    what: &str,
    rows: impl Iterator<Item = (String, Totals)>,
    leads: bool,
) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"scroll\"><table class=\"totals\">\n<thead><tr><th scope=\"col\">{what}</th><th scope=\"col\">How far</th>\
         <th scope=\"col\" class=\"number\">Covered</th><th scope=\"col\" class=\"number\">Done</th></tr></thead>\n<tbody>"
    )?;
    for (name, totals) in rows {
        let shown = text(&name);
        if leads {
            write!(
                out,
                "<tr><th scope=\"row\"><a href=\"#requirements\" data-feature=\"{shown}\">{shown}</a></th><td>"
            )?;
        } else {
            write!(out, "<tr><th scope=\"row\">{shown}</th><td>")?;
        }
        bar(out, &shares(&totals), false)?;
        let (served, done, wanted) = (totals.served(), totals.done, totals.wanted());
        writeln!(
            out,
            "</td><td class=\"number\">{} <small>of {}</small></td><td class=\"number\">{}</td></tr>",
            words::thousands(served),
            words::thousands(wanted),
            words::thousands(done)
        )?;
    }
    writeln!(out, "</tbody></table></div>")
}

/// How much is done below each heading of the task lists; lists with the same headings are told together.
pub(super) fn phases(out: &mut impl Write, matrix: &Matrix) -> io::Result<()> {
    let mut order: Vec<&str> = Vec::new();
    let mut all: HashMap<&str, (usize, usize, usize)> = HashMap::new();
    for phase in matrix.features.iter().flat_map(|feature| &feature.phases) {
        let known = all.entry(&phase.title).or_insert_with(|| {
            order.push(&phase.title);
            (0, 0, 0)
        });
        *known = (known.0 + phase.tasks, known.1 + phase.done, known.2 + phase.begun);
    }
    if order.is_empty() {
        return writeln!(out, "</div>");
    }
    let count = order.len();
    if count > MOST_PHASES {
        order.sort_by_key(|title| std::cmp::Reverse(all[title].0));
    }
    writeln!(
        out,
        "<section aria-labelledby=\"phases\">\n<h2 id=\"phases\">Done by phase</h2>\n<div class=\"scroll\"><table class=\"totals\">\n\
         <thead><tr><th scope=\"col\">Heading of the task list</th><th scope=\"col\">How far</th><th scope=\"col\" class=\"number\">Done</th></tr></thead>\n<tbody>"
    )?;
    for title in order.iter().take(MOST_PHASES) {
        let (tasks, done, begun) = all[title];
        write!(out, "<tr><th scope=\"row\">{}</th><td>", text(title))?;
        bar(out, &[(done, "done"), (begun, "begun"), (tasks - done - begun, "open")], false)?;
        let (tasks, done) = (words::thousands(tasks), words::thousands(done));
        writeln!(out, "</td><td class=\"number\">{done} <small>of {tasks}</small></td></tr>")?;
    }
    writeln!(out, "</tbody></table></div>")?;
    if count > MOST_PHASES {
        writeln!(
            out,
            "<p class=\"more\">and {} with fewer tasks</p>",
            words::count(count - MOST_PHASES, "heading", "headings")
        )?;
    }
    writeln!(out, "</section>\n</div>")
}

/// Where the script draws the trace graph.
pub(super) fn graph(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"graph\" aria-labelledby=\"graphs\" tabindex=\"-1\" hidden>\n<div class=\"head\"><h2 id=\"graphs\">Trace graph</h2>\
         <label>Feature <select id=\"drawn\"></select></label></div>\n<div class=\"scroll\" id=\"drawing\"></div>\n\
         <p id=\"graph-words\" class=\"more\" role=\"status\"></p>\n</section>"
    )
}

/// The table of requirements, with the first of them.
pub(super) fn requirements(out: &mut impl Write, matrix: &Matrix, links: &Links) -> io::Result<()> {
    writeln!(
        out,
        "<section id=\"requirements\" aria-labelledby=\"all\" tabindex=\"-1\">\n<h2 id=\"all\">Requirements</h2>\n\
         <form id=\"find\" role=\"search\" hidden>\n\
         <label class=\"search\">Search <input type=\"search\" id=\"words\" placeholder=\"id, words, section, task, file\" autocomplete=\"off\" spellcheck=\"false\" aria-keyshortcuts=\"/\"></label>\n\
         <label>Feature <select id=\"feature\"><option value=\"\">all</option></select></label>\n\
         <label>Order <select id=\"order\"><option value=\"stage\">what is missing first</option><option value=\"id\">by feature and id</option></select></label>\n\
         <fieldset id=\"stages\"><legend>How far</legend></fieldset>\n</form>\n\
         <p id=\"found\" class=\"more\" role=\"status\"></p>\n\
         <div class=\"scroll\"><table class=\"rows\">\n<caption class=\"vh\">Requirements, what plans them and what builds them</caption>\n\
         <thead><tr><th scope=\"col\">Id</th><th scope=\"col\">Requirement</th><th scope=\"col\">State</th><th scope=\"col\">Sections</th><th scope=\"col\">Tasks</th></tr></thead>\n<tbody id=\"rows\">"
    )?;
    for stated in matrix.rows().take(PORTION) {
        row(out, matrix, &stated, links)?;
    }
    writeln!(out, "</tbody></table></div>")?;
    let more = matrix.len().saturating_sub(PORTION);
    if more > 0 {
        writeln!(
            out,
            "<noscript><p class=\"more\">{} more are shown where scripts may run, or by <code>traceline matrix --format csv</code>.</p></noscript>",
            words::thousands(more)
        )?;
    }
    writeln!(out, "<p><button type=\"button\" id=\"next\" hidden>Show more</button></p>\n</section>")
}

/// A requirement; the script makes the same of its data.
fn row(out: &mut impl Write, matrix: &Matrix, stated: &Stated<'_>, links: &Links) -> io::Result<()> {
    let row = stated.row;
    let feature = words::feature(&matrix.features[stated.feature].scope);
    let (path, stage) = (stated.path(), row.stage.as_str());
    write!(
        out,
        "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td>{}<span class=\"where\">{} · {}:{}</span></td><td><span class=\"stage {stage}\">{stage}</span></td><td>",
        text(&links.to(path, row.line)),
        text(row.id.as_str()),
        text(&row.title),
        text(feature),
        text(path.rsplit('/').next().unwrap_or(path)),
        row.line
    )?;
    let sections: Vec<ServerEntry<'_>> = stated.sections().map(|number| matrix.server(number)).collect();
    list(out, &sections, row.sections_through, row.lacks_plan.then_some("no section"), links)?;
    write!(out, "</td><td>")?;
    let tasks: Vec<ServerEntry<'_>> = stated.tasks().map(|number| matrix.server(number)).collect();
    list(out, &tasks, row.tasks_through, row.lacks_task.then_some("no task"), links)?;
    writeln!(out, "</td></tr>")
}

fn list(
    out: &mut impl Write,
    servers: &[ServerEntry<'_>],
    by: Through,
    lacks: Option<&str>,
    links: &Links,
) -> io::Result<()> {
    if servers.is_empty() {
        let (class, words) = lacks.map_or(("none", "–"), |words| ("lacks", words));
        return write!(out, "<span class=\"{class}\">{words}</span>");
    }
    let item = |out: &mut dyn Write, server: &ServerEntry<'_>| {
        let href = links.to(server.path, server.line);
        let (href, title) = (text(&href), text(server.title));
        match server.state {
            Some(state) => write!(
                out,
                "<li class=\"{state}\"><span class=\"vh\">{state}: </span><a href=\"{href}\">{title}</a></li>"
            ),
            None => write!(out, "<li><a href=\"{href}\">{title}</a></li>"),
        }
    };
    let (first, more) = servers.split_at(servers.len().min(MOST_SERVERS));
    write!(out, "<ul>")?;
    first.iter().try_for_each(|server| item(&mut *out, server))?;
    write!(out, "</ul>")?;
    if !more.is_empty() {
        write!(out, "<details><summary>{} more</summary><ul>", more.len())?;
        more.iter().try_for_each(|server| item(&mut *out, server))?;
        write!(out, "</ul></details>")?;
    }
    match by.as_str() {
        Some(name) => write!(out, "<span class=\"through\">{}</span>", words::through(Some(name))),
        None => Ok(()),
    }
}
