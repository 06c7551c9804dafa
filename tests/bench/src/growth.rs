//! Growth: time and memory over workspaces of 100 to 100,000 files, as a table and as a plot for the documents.

use crate::row::{Metric, Row};
use anyhow::Result;
use std::fmt::Write as _;

/// The workspaces, three files a feature.
pub(crate) const WORKSPACES: [&str; 4] = ["f33", "f333", "f3333", "f33333"];

/// What was measured of one workspace: files, and in milliseconds and megabytes the best wall time, the median of CPU and memory.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    files: f64,
    wall: f64,
    cpu: f64,
    memory: f64,
}

/// The table and the plot of the rows of one run; none where nothing has grown.
pub(crate) fn report(rows: &[Row]) -> Result<Option<(String, String)>> {
    let points: Vec<Point> = WORKSPACES.iter().filter_map(|name| point(rows, name)).collect();
    let Some(first) = rows.first().filter(|_| points.len() > 1) else { return Ok(None) };
    let mut out = String::from(
        "| files | ready: wall | a file | CPU | a file | memory | a file |\n|---|---|---|---|---|---|---|\n",
    );
    for point in &points {
        let of_one = |value: f64| value * 1e3 / point.files;
        writeln!(
            out,
            "| {:.0} | {:.0} ms | {:.0} µs | {:.0} ms | {:.0} µs | {:.0} MB | {:.1} KB |",
            point.files,
            point.wall,
            of_one(point.wall),
            point.cpu,
            of_one(point.cpu),
            point.memory,
            of_one(point.memory)
        )?;
    }
    let machine = &first.machine;
    write!(
        out,
        "\n{} with {} cores, load {:.1} at the start, {}. The best wall time of several starts, and the median of CPU and memory.\n",
        machine.processor, machine.cores, machine.load, machine.date
    )?;
    Ok(Some((out, plot(&points))))
}

fn point(rows: &[Row], name: &str) -> Option<Point> {
    let of = |metric: Metric| {
        let fits = |row: &&Row| row.strict && row.workspace == name && row.metric == metric && row.faults == 0;
        rows.iter().rfind(fits)
    };
    let (ready, cpu, memory) = (of(Metric::StartReady)?, of(Metric::StartCpu)?, of(Metric::StartMemory)?);
    let files = u32::try_from(ready.contents.files).ok()?;
    Some(Point { files: f64::from(files), wall: ready.spread.min, cpu: cpu.spread.p50, memory: memory.spread.p50 })
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 240.0;

/// Two logarithmic plots side by side: times, and memory. What grows with the files is parallel to the dashed line.
fn plot(points: &[Point]) -> String {
    let line = |value: fn(&Point) -> f64| points.iter().map(|point| (point.files, value(point))).collect::<Vec<_>>();
    let times = [("wall", "#0969da", line(|point| point.wall)), ("CPU", "#cf222e", line(|point| point.cpu))];
    let memory = [("memory", "#1a7f37", line(|point| point.memory))];
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 820 330\" font-family=\"sans-serif\" font-size=\"12\">\n\
         <title>Time and memory over the number of files</title>\n<rect width=\"820\" height=\"330\" fill=\"#ffffff\"/>\n{}{}</svg>\n",
        panel(70.0, "ms until ready", &times),
        panel(480.0, "MB in memory", &memory)
    )
}

type Series<'a> = (&'a str, &'a str, Vec<(f64, f64)>);

fn panel(left: f64, unit: &str, series: &[Series<'_>]) -> String {
    let top = 30.0;
    let all = || series.iter().flat_map(|(.., points)| points);
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MAX, f64::min).max(1e-3).log10().floor();
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(1e-3, f64::max).log10().ceil();
    let (x0, y0) = (least(&mut all().map(|it| it.0)), least(&mut all().map(|it| it.1)));
    let (x1, y1) = (most(&mut all().map(|it| it.0)).max(x0 + 1.0), most(&mut all().map(|it| it.1)).max(y0 + 1.0));
    let x = |files: f64| left + (files.log10() - x0) / (x1 - x0) * WIDTH;
    let y = |value: f64| top + HEIGHT - (value.max(1e-3).log10() - y0) / (y1 - y0) * HEIGHT;
    let mut out = format!("<text x=\"{left}\" y=\"18\" font-weight=\"bold\">{unit}</text>\n");
    let mut rule = |x1: f64, y1: f64, x2: f64, y2: f64| {
        let _ = writeln!(out, "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#d0d7de\"/>");
    };
    let powers = |from: f64, to: f64| {
        std::iter::successors(Some(from), |it| Some(it + 1.0)).take_while(move |it| *it <= to).map(|it| 10_f64.powf(it))
    };
    powers(x0, x1).for_each(|files| rule(x(files), top, x(files), top + HEIGHT));
    powers(y0, y1).for_each(|value| rule(left, y(value), left + WIDTH, y(value)));
    for files in powers(x0, x1) {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{files:.0}</text>",
            x(files),
            top + HEIGHT + 18.0
        );
    }
    for value in powers(y0, y1) {
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            left - 6.0,
            y(value) + 4.0
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">files</text>",
        left + WIDTH / 2.0,
        top + HEIGHT + 38.0
    );
    for (at, (name, colour, points)) in series.iter().enumerate() {
        // What grows as the files do, from the largest on down.
        if let (0, Some((files, value))) = (at, points.last()) {
            let from = (value / files * 10_f64.powf(x0)).max(10_f64.powf(y0));
            let _ = writeln!(
                out,
                "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#8c959f\" stroke-dasharray=\"4 4\"/>",
                x(from / value * files),
                y(from),
                x(*files),
                y(*value)
            );
        }
        let path: Vec<String> =
            points.iter().map(|(files, value)| format!("{:.1},{:.1}", x(*files), y(*value))).collect();
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for (files, value) in points {
            let _ =
                writeln!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>", x(*files), y(*value));
        }
        let at = u32::try_from(at).map_or(0.0, f64::from);
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
            left + 12.0,
            top + 18.0 + at * 16.0
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_with_the_files_is_parallel_to_the_dashed_line() {
        let of = |files: f64| Point { files, wall: files / 10.0, cpu: files / 5.0, memory: 20.0 };
        let svg = plot(&[of(100.0), of(1_000.0), of(10_000.0), of(100_000.0)]);
        assert!(svg.contains("stroke-dasharray"), "{svg}");
        // Wall times are drawn on the line itself, from its first point to its last.
        let ends = svg.lines().find(|line| line.contains("dasharray")).unwrap();
        let polyline = svg.lines().find(|line| line.contains("polyline")).unwrap();
        let attribute = |name: &str| ends.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap();
        assert!(polyline.contains(&format!("{},{}", attribute("x1"), attribute("y1"))), "{ends} {polyline}");
        assert!(polyline.contains(&format!("{},{}", attribute("x2"), attribute("y2"))), "{ends} {polyline}");
    }
}
