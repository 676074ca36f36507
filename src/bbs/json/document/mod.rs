//! The text of a task that is to be desired: JSON with `//` comments, for an editor.
//!
//! The text has the guid, the domain and the fields of the definition in one object, named as `cfdot` names them. It holds
//! secrets in clear text: a clone needs them. Does no I/O.

mod annotate;
mod comments;
mod layout;
mod loss;
mod read;
#[cfg(test)]
mod tests;
mod unique_keys;

use prost::Message as _;

use super::write::Secrets;
use crate::bbs::wire::{Action, RunAction, TaskDefinition, action::Kind};
use crate::model::{DocumentLine, NewTask, Task, TaskGuid, controller_that_cancels};

pub use annotate::annotate;
pub use loss::losses;
pub use read::read;

/// Domain of the template. No controller knows it.
const TEMPLATE_DOMAIN: &str = "operator";

/// Returns the text of a small task, as a start for a new one.
pub fn template(guid: &TaskGuid) -> String {
    let run = RunAction {
        path: "/bin/sh".into(),
        args: vec!["-c".into(), "echo hello".into()],
        user: "vcap".into(),
        log_source: "TASK".into(),
        ..RunAction::default()
    };
    let definition = TaskDefinition {
        root_fs: "preloaded:cflinuxfs4".into(),
        action: Some(Action { kind: Some(Kind::RunAction(run)) }),
        memory_mb: 128,
        disk_mb: 512,
        cpu_weight: 1,
        max_pids: 1_024,
        log_source: "TASK".into(),
        ..TaskDefinition::default()
    };
    let head = ["A new task. Nothing is sent before you have seen and confirmed it.".to_owned()];
    layout::commented(guid, TEMPLATE_DOMAIN, &definition, &head, &[])
}

/// Returns the text of a new task with the definition of another one. What would report its end to the source's creator is
/// commented out.
///
/// # Errors
/// Says why the definition cannot be copied.
pub fn copy_of(source: &Task, guid: &TaskGuid) -> Result<String, String> {
    let encoded = source.definition.as_bytes();
    if encoded.is_empty() {
        return Err("it has no definition".to_owned());
    }
    let mut definition =
        TaskDefinition::decode(encoded).map_err(|error| format!("its definition is damaged: {error}"))?;
    let left_out = leave_callback_out(&mut definition);
    let mut head = vec![
        format!("A clone of task {}, with a new guid.", source.guid),
        "Nothing is sent before you have seen and confirmed it.".to_owned(),
        "To send nothing, leave the text unchanged. To clone the task unchanged,".to_owned(),
        "delete this comment.".to_owned(),
    ];
    if let Some(controller) = controller_that_cancels(&source.domain) {
        head.push(String::new());
        head.push(format!("{controller} cancels tasks in {} that it did not create,", source.domain));
        head.push("so this clone will be cancelled soon. Choose another domain to keep it.".to_owned());
    }
    let lost = losses(&source.definition);
    if !lost.is_empty() {
        head.push(String::new());
        head.push("NOT COPIED, because this version of taskdeck cannot show it:".to_owned());
        head.extend(lost.iter().map(|what| format!("  {what}")));
    }
    Ok(layout::commented(guid, source.domain.as_str(), &definition, &head, &left_out))
}

/// Removes the callback, and the annotation that belongs to it. Returns their lines of text.
fn leave_callback_out(definition: &mut TaskDefinition) -> Vec<String> {
    if definition.completion_callback_url.is_empty() {
        return Vec::new();
    }
    let url = std::mem::take(&mut definition.completion_callback_url);
    let annotation = std::mem::take(&mut definition.annotation);
    let named = [("completion_callback_url", url), ("annotation", annotation)];
    let set = named.into_iter().filter(|(_, value)| !value.is_empty());
    set.map(|(key, value)| format!("\"{key}\": {},", layout::quoted(&value))).collect()
}

/// Returns the text of a task without comments, line by line. Equal tasks have equal lines.
pub fn lines(task: &NewTask) -> Vec<DocumentLine> {
    let definition = TaskDefinition::decode(task.definition.as_bytes()).unwrap_or_default();
    let text = |secrets| layout::plain(&task.guid, task.domain.as_str(), &definition, secrets);
    // A secret is a string, which takes one line, masked or not.
    let (clear, masked) = (text(Secrets::Shown), text(Secrets::Masked));
    let pairs = clear.lines().zip(masked.lines());
    pairs.map(|(clear, masked)| DocumentLine { clear: clear.to_owned(), masked: masked.to_owned() }).collect()
}
