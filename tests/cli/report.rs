//! `report`: from a recording on disk to a report, and in a browser.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use taskdeck::model::recording::{Entry, Recorded, TaskEntry};
use taskdeck::model::{Evidence, State, Task, Timestamp};
use taskdeck::record::{Appender, Program, Recording, RunInfo};
use tempfile::TempDir;

use crate::run::{Output, command, run};

/// 2026-06-01 12:00 UTC.
const NOON: Timestamp = Timestamp::from_nanos(1_780_315_200_000_000_000);

fn at(seconds: u64) -> Timestamp {
    NOON.plus(Duration::from_secs(seconds))
}

/// A failed task as two entries of a recording.
fn failure(number: u64, seconds: u64) -> [Entry; 2] {
    let pending = Task {
        created_at: at(seconds),
        updated_at: at(seconds),
        ..Task::blank(format!("task-{number}").into(), "cf-tasks".into(), State::Pending)
    };
    let failed = Task {
        state: State::Completed,
        failed: true,
        failure_reason: "no such <host>".into(),
        updated_at: at(seconds + 1),
        first_completed_at: at(seconds + 1),
        ..pending.clone()
    };
    let change = |at, before: Option<&Task>, task: &Task| {
        let before = before.cloned();
        let entry =
            TaskEntry { evidence: Evidence::Event, before, task: task.clone(), limits: None, end: None };
        Entry { at, what: Recorded::Task(Box::new(entry)) }
    };
    [change(at(seconds), None, &pending), change(at(seconds + 1), Some(&pending), &failed)]
}

/// Writes an hour of these targets: a failure every second in the 30th minute.
fn record(file: &Path, targets: &[&str]) {
    for target in targets {
        let recording = Recording::create(file).unwrap();
        let info = RunInfo {
            target: (*target).to_owned(),
            program: Program::Record,
            user: "operator".to_owned(),
            host: "jumpbox".to_owned(),
            pid: 7,
            started: NOON,
        };
        let run = recording.begin_run(&info).unwrap();
        let entries: Vec<_> = (0..60).flat_map(|nth| failure(nth, 1_799 + nth)).collect();
        let mut appender = Appender::new(recording);
        appender.append(run, &entries).unwrap();
        Recording::create(file).unwrap().end_run(run, at(3_600)).unwrap();
    }
}

/// A recording in a directory of its own.
fn recorded(targets: &[&str]) -> (TempDir, PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("incident.db");
    record(&file, targets);
    (home, file)
}

fn report(file: &Path, more: &[&str]) -> Output {
    let mut arguments = vec!["report", "--file", file.to_str().unwrap()];
    arguments.extend(more);
    run(command(&arguments))
}

#[test]
fn a_report_is_markdown_on_standard_output() {
    let (_home, file) = recorded(&["production"]);
    let ran = report(&file, &[]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.starts_with("# 60 tasks failed between 12:30 and 12:31 UTC\n"), "{}", ran.out);
    assert!(ran.out.contains("> `no such <host>`\n"), "{}", ran.out);
    assert!(
        ran.out.contains("\nNothing: a run recorded all the time, and no events were lost.\n"),
        "{}",
        ran.out
    );
    assert!(ran.out.ends_with(" from `incident.db`. Credentials in URLs are masked; definitions and environments are not recorded.\n"));
    let berlin = report(&file, &["--zone", "Europe/Berlin"]);
    assert!(berlin.out.contains("between 14:30 and 14:31 CEST\n"), "{}", berlin.out);
}

#[test]
fn a_report_is_html_in_a_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt as _;
    let (home, file) = recorded(&["production"]);
    let output = home.path().join("incident.html");
    let ran = report(&file, &["--output", output.to_str().unwrap()]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
    assert_eq!(ran.err, format!("taskdeck: wrote {}\n", output.display()));
    let html = std::fs::read_to_string(&output).unwrap();
    assert!(html.starts_with("<!DOCTYPE html>\n") && html.contains("no such &lt;host&gt;"), "{html}");
    assert_eq!(std::fs::metadata(&output).unwrap().permissions().mode() & 0o777, 0o600);
    let printed = report(&file, &["--format", "html"]);
    assert_eq!(printed.out, html, "the same recording gives the same report");
}

#[test]
fn a_report_is_of_a_stretch_of_time() {
    let (_home, file) = recorded(&["production"]);
    let quiet = report(&file, &["--until", "2026-06-01T12:20"]);
    assert!(quiet.out.starts_with("# No task failed and none was rejected\n"), "{}", quiet.out);
    assert!(
        quiet.out.contains("from 2026-06-01 12:00:00 UTC to 2026-06-01 12:20:00 UTC (20m)"),
        "{}",
        quiet.out
    );
    let late = report(&file, &["--since", "30m"]);
    assert!(
        late.out.contains("Recorded from 2026-06-01 12:30:00 UTC to 2026-06-01 13:00:00 UTC"),
        "{}",
        late.out
    );
    let berlin = report(&file, &["--zone", "Europe/Berlin", "--until", "2026-06-01 14:20"]);
    assert!(berlin.out.contains("(20m)"), "{}", berlin.out);
    let other = report(&file, &["--filter", "domain:other"]);
    assert!(other.out.starts_with("# No task failed"), "{}", other.out);
}

#[test]
fn the_configuration_names_the_recording() {
    let (home, file) = recorded(&["production"]);
    let config = home.path().join("config.toml");
    std::fs::write(&config, format!("[record]\nfile = {file:?}\n")).unwrap();
    let report = |config: &Path| run(command(&["report", "--config", config.to_str().unwrap()]));
    assert!(report(&config).out.starts_with("# 60 tasks failed"));
    std::fs::write(&config, "[record]\nfile = 7\n").unwrap();
    let broken = report(&config);
    assert_eq!((broken.status, broken.out.as_str()), (Some(3), ""), "{}", broken.err);
    assert!(broken.err.contains("line 2"), "{}", broken.err);
}

#[test]
fn what_cannot_be_reported_is_said() {
    let (home, file) = recorded(&["production", "staging"]);
    let text = home.path().join("notes.txt");
    std::fs::write(&text, "not a recording, but long enough to be taken for one").unwrap();
    let missing = home.path().join("missing.db");
    let nowhere = home.path().join("missing/incident.md");
    let nowhere = nowhere.to_str().unwrap();
    let cases: [(&Path, &[&str], i32, &str); 9] = [
        (&file, &[], 3, "the recording has several targets; choose one with --target: production, staging"),
        (
            &file,
            &["--target", "test"],
            3,
            "the recording has no target \"test\"; its targets: production, staging",
        ),
        (&file, &["--target", "staging", "--filter", "sate:x"], 3, "invalid filter: "),
        (&file, &["--target", "staging", "--since", "8"], 3, "did you mean 8s, 8m or 8h?"),
        (
            &file,
            &["--target", "staging", "--zone", "Mars"],
            3,
            "expected UTC, local, or a name like Europe/Berlin",
        ),
        (
            &file,
            &["--target", "staging", "--until", "2025-01-01T00:00"],
            5,
            "nothing was recorded in that time; the recording is from 2026-06-01 12:00:00 to 2026-06-01 13:00:00",
        ),
        (&file, &["--target", "staging", "--output", nowhere], 5, "could not write "),
        (&missing, &[], 5, "there is no recording at "),
        (&text, &[], 5, "it is not a recording"),
    ];
    for (file, arguments, status, message) in cases {
        let ran = report(file, arguments);
        assert_eq!((ran.status, ran.out.as_str()), (Some(status), ""), "{arguments:?} {}", ran.err);
        assert!(ran.err.contains(message), "{arguments:?} {}", ran.err);
    }
    assert!(report(&file, &["--target", "staging"]).out.contains("Incident report: `staging`"));
    assert!(!missing.exists(), "reading creates nothing");
}

/// The browsers that can take part, by the names of their programs.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// Measures the page that it stands in, and tells the page around it.
const MEASURE: &str = "<script>addEventListener('load', () => {
  const root = document.documentElement;
  const tooWide = [...document.querySelectorAll('main *')].filter(one =>
    !one.closest('.scroll, svg, thead') && one.getBoundingClientRect().right > innerWidth + 0.5);
  const style = getComputedStyle(root);
  parent.postMessage([innerWidth, root.scrollWidth, tooWide.length, style.backgroundColor, style.color].join('|'), '*');
})</script>";

/// The widths of the page that are tested. A window has a least width, so the page is in frames.
const WIDTHS: [&str; 2] = ["400", "1280"];
/// A page with frames of these widths. It notes what each tells.
const FRAMES: &str = "<!DOCTYPE html><meta name=color-scheme content='light dark'>
<script>addEventListener('message', event => {
  document.documentElement.dataset['width-' + event.data.split('|')[0]] = event.data
})</script>
<iframe src=measured.html width=400 height=900 style='border:0'></iframe>
<iframe src=measured.html width=1280 height=900 style='border:0'></iframe>";

fn browser() -> Option<&'static str> {
    let is_there = |name: &&str| {
        let tried = Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    BROWSERS.into_iter().find(is_there)
}

/// Opens a page, and returns its source as the browser has it, and what it logged.
fn open(browser: &str, page: &Path, is_dark: bool) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom"])
        .args(["--enable-logging=stderr", "--disable-background-networking", "--no-first-run"])
        // The page's time, in milliseconds, which passes as fast as it can.
        .args(["--virtual-time-budget=5000", "--window-size=1400,1000"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        // 0 is dark, 1 is light.
        .arg(format!("--blink-settings=preferredColorScheme={}", u8::from(!is_dark)))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    (String::from_utf8(ran.stdout).unwrap(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

/// Returns the brightness of a colour like `rgb(1, 2, 3)`, from 0 to 255.
fn brightness(colour: &str) -> u32 {
    let digits = colour.trim_start_matches("rgb(").trim_end_matches(')');
    digits.split(", ").map(|part| part.parse::<u32>().unwrap()).sum::<u32>() / 3
}

/// The example is the report of a whole incident; `record::report` checks that it is up to date.
#[test]
fn the_html_fits_wide_and_narrow_pages_in_light_and_dark() {
    let Some(browser) = browser() else {
        eprintln!(
            "\n*** NOT TESTED: no Chromium is installed, so the report was not opened in a browser ***\n"
        );
        return;
    };
    let html = include_str!("../../assets/report.html");
    let home = tempfile::tempdir().unwrap();
    let page = home.path().join("report.html");
    std::fs::write(&page, html).unwrap();
    let (source, logged) = open(browser, &page, false);
    assert!(source.contains("</html>") && !logged.contains("CONSOLE"), "{logged}");
    let (before, policy) = html.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (_, after) = policy.split_once('>').unwrap();
    std::fs::write(home.path().join("measured.html"), [before, MEASURE, after].concat()).unwrap();
    let frames = home.path().join("frames.html");
    std::fs::write(&frames, FRAMES).unwrap();
    for is_dark in [false, true] {
        let (source, _) = open(browser, &frames, is_dark);
        for width in WIDTHS {
            let found = source.split_once(&format!("data-width-{width}=\"{width}|")).map(|(_, rest)| rest);
            let found = found.unwrap_or_else(|| panic!("{width} was not measured: {source}"));
            let found: Vec<_> = found.split('"').next().unwrap().split('|').collect();
            let [scroll, too_wide, back, front] = found[..] else { panic!("{found:?}") };
            assert_eq!((scroll, too_wide), (width, "0"), "nothing is wider than the page");
            assert_eq!(brightness(back) < brightness(front), is_dark, "{back} {front}");
        }
    }
}
