//! Puts faults into the text as comments, where they are.

use super::layout::escape;
use crate::model::DocumentFault;

/// Starts a comment that says a fault.
const MARK: &str = "//!";

/// Returns the text with a comment above the line of each fault, and without the comments on earlier ones.
pub fn annotate(text: &str, faults: &[DocumentFault]) -> String {
    // The mark of an editor would no longer be at the start.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let count = if faults.len() == 1 { "1 fault".to_owned() } else { format!("{} faults", faults.len()) };
    let mut lines = vec![
        format!("{MARK} Nothing was sent: {count}, marked with {MARK} below."),
        format!("{MARK} Correct the text and save it, or leave it as it is to give up."),
    ];
    let said = |line: Option<usize>, indent: &str| -> Vec<String> {
        let here = faults.iter().filter(|fault| fault.line == line);
        here.map(|fault| format!("{indent}{MARK} {}", escape(&fault.message))).collect()
    };
    lines.extend(said(None, ""));
    let mut last = 0;
    for (line, number) in text.lines().zip(1..) {
        let indent = line.len() - line.trim_start().len();
        lines.extend(said(Some(number), line.get(..indent).unwrap_or_default()));
        if !line.trim_start().starts_with(MARK) {
            lines.push(line.to_owned());
        }
        last = number;
    }
    let beyond = faults.iter().filter(|fault| fault.line.is_some_and(|line| line > last));
    lines.extend(beyond.map(|fault| format!("{MARK} {}", escape(&fault.message))));
    lines.join("\n") + "\n"
}
