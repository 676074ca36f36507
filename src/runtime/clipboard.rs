//! Hands a text to the desktop's clipboard through the program that serves it: run without a shell, the text on its
//! standard input, and never waited for by the event loop.
//!
//! Over SSH there is none: the desktop is at the other end, and only the terminal (OSC 52) reaches it.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use crossterm::queue;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

use crate::app::ProgramCopy;
use crate::platform::processes::Group;

/// The longest sequence that is sent to a terminal. Many drop a longer one.
const MAX_SEQUENCE: usize = 100_000;
/// The bytes of a sequence around the text: `ESC ] 52 ; c ;` and `ESC \`.
const AROUND: usize = 9;
/// The most bytes that are copied through OSC 52, which carries them in base64.
pub(super) const MAX_TERMINAL_TEXT: usize = (MAX_SEQUENCE - AROUND) / 4 * 3;

/// How long a program may take. It only has to read the text.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A program that puts its standard input on the desktop's clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipboardProgram {
    name: &'static str,
    arguments: &'static [&'static str],
    is_utf16: bool,
}

const PBCOPY: ClipboardProgram = program("pbcopy", &[]);
const WL_COPY: ClipboardProgram = program("wl-copy", &[]);
const XCLIP: ClipboardProgram = program("xclip", &["-selection", "clipboard", "-in"]);
const XSEL: ClipboardProgram = program("xsel", &["--clipboard", "--input"]);
/// Takes other bytes for the console's code page.
const CLIP_EXE: ClipboardProgram = ClipboardProgram { is_utf16: true, ..program("clip.exe", &[]) };

const fn program(name: &'static str, arguments: &'static [&'static str]) -> ClipboardProgram {
    ClipboardProgram { name, arguments, is_utf16: false }
}

/// Returns the sequence that makes a terminal copy the text (OSC 52).
pub(super) fn sequence(text: &str) -> io::Result<Vec<u8>> {
    let mut sequence = Vec::new();
    queue!(sequence, CopyToClipboard::to_clipboard_from(text))?;
    Ok(sequence)
}

/// Returns the programs that may serve the clipboard of this desktop, the best first.
pub(super) fn programs(variable: impl Fn(&str) -> Option<String>) -> Vec<ClipboardProgram> {
    let is_set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
    if ["SSH_CONNECTION", "SSH_TTY"].iter().any(is_set) {
        return Vec::new();
    }
    let macos = cfg!(target_os = "macos").then_some(PBCOPY);
    let windows = is_set(&"WSL_DISTRO_NAME").then_some(CLIP_EXE);
    let wayland = is_set(&"WAYLAND_DISPLAY").then_some(WL_COPY);
    let x11 = if is_set(&"DISPLAY") { vec![XCLIP, XSEL] } else { Vec::new() };
    macos.into_iter().chain(windows).chain(wayland).chain(x11).collect()
}

/// Hands the text to the first of the programs that is installed, if any is.
pub(super) async fn hand_over(programs: &[ClipboardProgram], text: &str) -> Option<ProgramCopy> {
    for program in programs {
        match start(program) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Some(ProgramCopy { name: program.name, result: Err(error.to_string()) }),
            Ok(child) => {
                return Some(ProgramCopy { name: program.name, result: feed(child, program, text).await });
            }
        }
    }
    None
}

fn start(program: &ClipboardProgram) -> io::Result<Child> {
    let mut command = Command::new(program.name);
    command
        .args(program.arguments)
        .stdin(Stdio::piped())
        // Those that stay in the background to serve the clipboard must not hold or draw on the terminal.
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    // Suspending the dashboard must not suspend them.
    Group::create(&mut command).spawn()
}

async fn feed(mut child: Child, program: &ClipboardProgram, text: &str) -> Result<(), String> {
    let bytes = if program.is_utf16 {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    } else {
        text.as_bytes().to_vec()
    };
    let fed = async {
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(&bytes).await?;
            stdin.shutdown().await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(TIMEOUT, fed).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(status.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer within {} s", TIMEOUT.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::present::sanitise::corpus;

    #[test]
    fn the_sequence_carries_each_text_of_the_corpus_and_nothing_else_reaches_the_terminal() {
        for (name, text) in corpus::hostile() {
            let sequence = String::from_utf8(sequence(&text).unwrap()).unwrap();
            let base64 =
                sequence.strip_prefix("\x1b]52;c;").and_then(|rest| rest.strip_suffix("\x1b\\")).unwrap();
            assert!(
                base64.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)),
                "{name}"
            );
            assert_eq!(BASE64_STANDARD.decode(base64).unwrap(), text.as_bytes(), "{name}");
        }
    }

    fn names(set: &[&str]) -> Vec<&'static str> {
        let variable = |name: &str| set.contains(&name).then(|| "x".to_owned());
        programs(variable).iter().map(|program| program.name).filter(|name| *name != "pbcopy").collect()
    }

    #[test]
    fn the_desktop_decides_which_program_is_run() {
        assert_eq!(names(&[]), [""; 0]);
        assert_eq!(names(&["DISPLAY"]), ["xclip", "xsel"]);
        assert_eq!(names(&["DISPLAY", "WAYLAND_DISPLAY"]), ["wl-copy", "xclip", "xsel"]);
        assert_eq!(names(&["WSL_DISTRO_NAME"]), ["clip.exe"]);
        assert_eq!(names(&["DISPLAY", "SSH_CONNECTION"]), [""; 0], "the desktop is elsewhere");
        assert!(!programs(|name| (name == "DISPLAY").then(String::new)).contains(&XCLIP), "it is empty");
    }

    #[test]
    fn the_longest_sequence_is_within_what_terminals_take() {
        let base64 = MAX_TERMINAL_TEXT.div_ceil(3) * 4;
        assert!(base64 + AROUND <= MAX_SEQUENCE, "{base64}");
        assert!((MAX_TERMINAL_TEXT + 1).div_ceil(3) * 4 + AROUND > MAX_SEQUENCE);
    }

    #[tokio::test]
    async fn a_program_that_is_not_installed_is_skipped() {
        let missing = program("taskdeck-no-such-program", &[]);
        assert_eq!(hand_over(std::slice::from_ref(&missing), "text").await, None);
        let copied = hand_over(&[missing, program("cat", &[])], "text").await;
        assert_eq!(copied, Some(ProgramCopy { name: "cat", result: Ok(()) }));
    }

    #[tokio::test]
    async fn a_program_that_fails_is_told() {
        let copied = hand_over(&[program("false", &[])], "text").await.unwrap();
        // It may end before or after it was fed.
        assert!(copied.result.is_err(), "{copied:?}");
    }
}
