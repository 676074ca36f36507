//! Holds the tables of terminals in `RELIABILITY.md` to what is tested here.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::terminals::{self, Charset, Colours, Gets, TERMINALS};

/// What happens to a terminal, what the user sees, and the file and function of the test.
struct Case {
    happens: &'static str,
    sees: &'static str,
    file: &'static str,
    test: &'static str,
}

const fn case(happens: &'static str, sees: &'static str, file: &'static str, test: &'static str) -> Case {
    Case { happens, sees, file, test }
}

const CASES: &[Case] = &[
    case(
        "The dashboard ends: `q`, `^c`, SIGTERM, SIGINT or SIGHUP",
        "The screen and the modes from before",
        "restore.rs",
        "signals_that_ask_for_the_end_end_it",
    ),
    case(
        "It ends while it uses the mouse and a prompt is open",
        "The same; the cursor is visible, and the mouse is the terminal's",
        "restore.rs",
        "what_is_in_use_is_given_back",
    ),
    case(
        "SIGQUIT (`^\\`)",
        "The same, then the signal's core dump",
        "environment.rs",
        "sigquit_restores_the_terminal_and_kills",
    ),
    case(
        "A panic, in the event loop or in a task",
        "The same, then where it panicked; exit status 101",
        "restore.rs",
        "a_panic_gives_the_terminal_back_and_says_where_it_was",
    ),
    case(
        "The terminal has no alternate screen: the Linux console, GNU screen by default",
        "The dashboard on an empty screen, and an empty screen after it",
        "terminals/mod.rs",
        "without_an_alternate_screen_the_dashboard_begins_and_ends_on_an_empty_one",
    ),
    case(
        "The terminal takes no output: a frozen SSH connection, a paused emulator",
        "The last frame, cut. Keys, events and saves go on; afterwards the latest state, whole",
        "interruptions.rs",
        "a_frozen_terminal_holds_nothing_up_and_shows_the_latest_afterwards",
    ),
    case(
        "A question opens while it takes no output",
        "The question afterwards. Keys from before are no answer",
        "interruptions.rs",
        "a_question_that_a_frozen_terminal_hides_is_not_answered",
    ),
    case(
        "A signal comes while it takes no output",
        "The end within about a second, and the terminal as before",
        "interruptions.rs",
        "a_signal_ends_it_while_the_terminal_is_frozen",
    ),
    case(
        "The terminal closes",
        "Nothing; the dashboard ends",
        "restore.rs",
        "a_terminal_that_goes_away_ends_it",
    ),
    case(
        "The terminal closes while a frame is being sent",
        "Nothing; the dashboard ends",
        "interruptions.rs",
        "a_terminal_that_closes_within_a_frame_ends_it",
    ),
    case(
        "`^z`, then `fg`",
        "The shell's screen and modes, then the whole dashboard",
        "job_control.rs",
        "ctrl_z_suspends_and_fg_resumes",
    ),
    case(
        "`^z`, then `bg`",
        "It stops again until `fg`",
        "job_control.rs",
        "in_the_background_it_stops_until_fg",
    ),
    case("SIGSTOP, then `fg`", "The whole dashboard", "job_control.rs", "it_resumes_after_sigstop"),
    case(
        "SIGSTOP, other modes and another size, then SIGCONT",
        "The whole dashboard in the new size, with its own modes",
        "interruptions.rs",
        "modes_and_size_that_change_while_it_is_stopped_are_set_and_drawn_again",
    ),
    case(
        "Several resizes within one frame",
        "The whole dashboard in the last size",
        "interruptions.rs",
        "sizes_that_follow_each_other_at_once_end_with_the_last",
    ),
    case(
        "A size of 0×0, or of 1×1",
        "80×24, or one cell; all again when it grows",
        "interruptions.rs",
        "a_size_of_nothing_is_drawn_as_80_by_24_and_one_of_one_cell_is_accepted",
    ),
    case(
        "Standard input or output is closed, a file or a pipe",
        "A sentence on standard error; exit status 3",
        "no_terminal.rs",
        "one_end_is_a_terminal",
    ),
    case(
        "Standard error is closed",
        "The dashboard",
        "no_terminal.rs",
        "a_closed_standard_error_does_no_harm",
    ),
    case(
        "The terminal answers a query of another program",
        "Nothing; answers are no keys",
        "unsolicited_input.rs",
        "replies_of_the_terminal_are_no_keys",
    ),
    case(
        "In tmux, whatever the `tmux` program does",
        "The dashboard; no program is run to ask about colours",
        "terminals/mod.rs",
        "no_program_is_asked_about_the_terminal",
    ),
];

fn terminals() -> String {
    let mut table = "| terminal | what you get | test |\n| --- | --- | --- |\n".to_owned();
    for terminal in TERMINALS {
        let is: Vec<_> = terminal.is.split(' ').map(|word| format!("`{word}`")).collect();
        let gets = match &terminal.gets {
            Gets::Dashboard(charset, colours) => {
                format!("{}, {}", name_charset(*charset), name_colours(*colours))
            }
            Gets::Sentence(sentence) => format!("`{sentence}…`, exit status 3"),
        };
        writeln!(table, "| {} | {gets} | `{}` |", is.join(" "), terminals::TEST).unwrap();
    }
    table
}

const fn name_charset(charset: Charset) -> &'static str {
    match charset {
        Charset::Ascii => "ASCII",
        Charset::Unicode => "Unicode",
    }
}

const fn name_colours(colours: Colours) -> &'static str {
    match colours {
        Colours::None => "bold, underlined and reversed text instead of colours",
        Colours::Sixteen => "16 colours",
        Colours::Palette256 => "256 colours",
        Colours::TrueColour => "all colours",
    }
}

fn interruptions() -> String {
    let mut table = "| what happens | what you see | test |\n| --- | --- | --- |\n".to_owned();
    for Case { happens, sees, test, .. } in CASES {
        writeln!(table, "| {happens} | {sees} | `{test}` |").unwrap();
    }
    table
}

/// `TASKDECK_DRAW=1 cargo test --test pty reliability` regenerates the tables.
#[test]
fn its_tables_are_those_of_the_tests() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("RELIABILITY.md");
    let document = fs::read_to_string(&path).unwrap();
    let mut text = document.clone();
    for (name, table) in [("terminals", terminals()), ("interruptions", interruptions())] {
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
        let (before, rest) = text.split_once(&begin).unwrap();
        let (_, after) = rest.split_once(&end).unwrap();
        text = [before, &begin, &table, &end, after].concat();
    }
    if std::env::var_os("TASKDECK_DRAW").is_some() {
        fs::write(path, text).unwrap();
        return;
    }
    assert!(document == text, "regenerate with TASKDECK_DRAW=1 cargo test --test pty reliability");
}

#[test]
fn the_tests_that_it_names_are_there() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pty");
    let terminals = ("terminals/mod.rs", terminals::TEST);
    for (file, test) in CASES.iter().map(|case| (case.file, case.test)).chain([terminals]) {
        let source = fs::read_to_string(directory.join(file)).unwrap();
        assert!(source.contains(&format!("#[test]\nfn {test}(")), "{file} has no {test}");
    }
}
