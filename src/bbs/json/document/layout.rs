//! Lays a task out as JSON for people: a field a line, with comments.

use bytes::Bytes;
use serde_json::ser::PrettyFormatter;
use serde_json::{Deserializer, Serializer};

use super::comments::{self, COMMENTS};
use crate::bbs::json::buffer::JsonBuffer;
use crate::bbs::json::tables::DEFINITION;
use crate::bbs::json::task::encoded;
use crate::bbs::json::text::text;
use crate::bbs::json::write::Secrets;
use crate::bbs::wire::TaskDefinition;
use crate::model::TaskGuid;

/// Returns the text without comments.
pub(super) fn plain(guid: &TaskGuid, domain: &str, definition: &TaskDefinition, secrets: Secrets) -> String {
    let mut compact = JsonBuffer::default();
    compact.put(br#"{"task_guid":"#);
    text(&mut compact, guid.as_str().as_bytes());
    compact.put(br#","domain":"#);
    text(&mut compact, domain.as_bytes());
    compact.put(b",");
    let mut object = JsonBuffer::default();
    encoded(&mut object, definition, &DEFINITION, secrets);
    compact.put(object.as_bytes().strip_prefix(b"{").unwrap_or_default());
    pretty(compact.as_bytes())
}

/// Returns the text with a head, a comment on every field, and the lines that are left out as comments.
pub(super) fn commented(
    guid: &TaskGuid,
    domain: &str,
    definition: &TaskDefinition,
    head: &[String],
    left_out: &[String],
) -> String {
    let plain = plain(guid, domain, definition, Secrets::Shown);
    let mut lines: Vec<_> = head.iter().map(|line| comment("", &escape(line))).collect();
    lines.extend(comments::OF_THE_FILE.iter().map(|line| comment("", line)));
    let mut set = Vec::new();
    for line in plain.lines() {
        if let Some(key) = key_of(line) {
            if key == FIRST_OF_DEFINITION {
                lines.extend(left_out_lines(left_out));
            }
            lines.extend(comments::of(key).map(|text| comment(INDENT, text)));
            set.push(key);
        } else if line == "}" {
            lines.extend(unset_lines(&set));
        }
        lines.push(line.to_owned());
    }
    lines.join("\n") + "\n"
}

/// Returns the value as a JSON string.
pub(super) fn quoted(value: &Bytes) -> String {
    let mut out = JsonBuffer::default();
    text(&mut out, value);
    pretty(out.as_bytes())
}

/// Escapes characters that a terminal would not show as they are, as JSON does inside a string. An editor may pass them on.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            escaped.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

const INDENT: &str = "  ";
/// The first field of the definition in every text.
const FIRST_OF_DEFINITION: &str = "rootfs";
/// The longest line of a list of fields in a comment.
const LIST_WIDTH: usize = 76;

fn pretty(compact: &[u8]) -> String {
    let mut out = Vec::new();
    let mut to = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(INDENT.as_bytes()));
    let copied = serde_transcode::transcode(&mut Deserializer::from_slice(compact), &mut to);
    debug_assert!(copied.is_ok(), "the encoder writes valid JSON");
    let text = String::from_utf8(out).unwrap_or_default();
    // Hidden characters are only inside strings: there, an escape means the same. Line feeds are only between fields.
    text.split('\n').map(escape).collect::<Vec<_>>().join("\n")
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn comment(indent: &str, text: &str) -> String {
    format!("{indent}// {text}").trim_end().to_owned()
}

/// Returns the key if the line starts a field of the outermost object.
fn key_of(line: &str) -> Option<&str> {
    line.strip_prefix("  \"")?.split_once('"').map(|(key, _)| key)
}

fn left_out_lines(left_out: &[String]) -> Vec<String> {
    if left_out.is_empty() {
        return Vec::new();
    }
    let said = comments::LEFT_OUT.iter().map(|line| comment(INDENT, line));
    said.chain(left_out.iter().map(|line| comment(INDENT, line))).collect()
}

/// Lists the fields that have no line of their own, so that nobody has to look their names up.
fn unset_lines(set: &[&str]) -> Vec<String> {
    let unset: Vec<_> = COMMENTS.iter().map(|(key, _)| *key).filter(|key| !set.contains(key)).collect();
    let Some(last_key) = unset.last() else { return Vec::new() };
    let (mut lines, mut line) = (Vec::new(), comment(INDENT, "Not set:"));
    for key in &unset {
        let separator = if key == last_key { "" } else { "," };
        if line.len() + key.len() > LIST_WIDTH {
            lines.push(std::mem::replace(&mut line, comment(INDENT, " ")));
        }
        line.extend([" ", key, separator]);
    }
    lines.push(line);
    lines
}
