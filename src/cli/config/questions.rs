//! The questions of `config init`: what no flag says is asked, and what the environment says is proposed.

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};

use crate::bbs::diagnose;
use crate::cli::prompt::Prompt;
use crate::config::{Flags, NewTarget};

/// Completes the target with the answers. `None` if they end early.
pub(super) fn complete<R: BufRead, W: Write>(
    mut target: NewTarget,
    flags: &Flags,
    home: Option<&str>,
    prompt: &mut Prompt<R, W>,
) -> io::Result<Option<NewTarget>> {
    if flags.target.is_none() {
        let Some(name) = prompt.ask("Name of the target", &target.name, name)? else { return Ok(None) };
        target.name = name;
    }
    if flags.url.is_none() {
        let known = target.url.clone().unwrap_or_default();
        let Some(url) =
            prompt.ask("URL of the BBS, like https://bbs.service.cf.internal:8889", &known, url)?
        else {
            return Ok(None);
        };
        target.url = Some(url);
    }
    if !target.uses_tls() {
        return Ok(Some(target));
    }
    let asked_for_ca = flags.ca.is_none() && !target.skip_verify;
    let questions = [
        (asked_for_ca, "CA certificate (PEM file)", &mut target.ca, certificate as Check),
        (flags.cert.is_none(), "Client certificate (PEM file)", &mut target.cert, certificate as Check),
        (flags.key.is_none(), "Private key of the client certificate (PEM file)", &mut target.key, readable),
    ];
    for (_, question, value, check) in questions.into_iter().filter(|(is_asked, ..)| *is_asked) {
        let known = value.as_deref().map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
        let accept = |answer: &str| file(answer, home, check);
        let Some(path) = prompt.ask(question, &known, accept)? else { return Ok(None) };
        *value = Some(path);
    }
    Ok(Some(target))
}

type Check = fn(&Path) -> Result<(), String>;

fn name(answer: &str) -> Result<String, String> {
    let is_odd = answer.contains(|c: char| c.is_control() || c.is_whitespace());
    if is_odd { Err("Type a name without blanks".to_owned()) } else { Ok(answer.to_owned()) }
}

fn url(answer: &str) -> Result<String, String> {
    if !answer.starts_with("https://") && !answer.starts_with("http://") {
        return Err("Type a URL that begins with https:// (or http://)".to_owned());
    }
    diagnose::address(answer).map(|_| answer.to_owned())
}

fn file(answer: &str, home: Option<&str>, check: Check) -> Result<PathBuf, String> {
    if answer.is_empty() {
        return Err("Type the path of the file".to_owned());
    }
    // No shell sees the answer.
    let path = match (answer.strip_prefix("~/"), home) {
        (Some(rest), Some(home)) => Path::new(home).join(rest),
        _ => PathBuf::from(answer),
    };
    check(&path).map(|()| path)
}

fn certificate(path: &Path) -> Result<(), String> {
    diagnose::certificates(path).map(|_| ())
}

fn readable(path: &Path) -> Result<(), String> {
    let opened = std::fs::File::open(path);
    opened.map(|_| ()).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(url: Option<&str>) -> NewTarget {
        NewTarget { name: NewTarget::NAME.to_owned(), url: url.map(str::to_owned), ..NewTarget::default() }
    }

    fn completed(target: NewTarget, flags: &Flags, answers: &str) -> (Option<NewTarget>, String) {
        let mut said = Vec::new();
        let done =
            complete(target, flags, Some("/nope"), &mut Prompt::new(answers.as_bytes(), &mut said)).unwrap();
        (done, String::from_utf8(said).unwrap())
    }

    #[test]
    fn asks_only_for_what_no_flag_says() {
        let (done, said) = completed(known(None), &Flags::default(), "lab\nlab:1\nhttp://lab:1\n");
        let done = done.unwrap();
        assert_eq!((done.name.as_str(), done.url.as_deref()), ("lab", Some("http://lab:1")));
        assert!(said.contains("begins with https://") && !said.contains("certificate"), "{said}");
        let flags = Flags { target: Some("a".into()), url: Some("http://a:1".into()), ..Flags::default() };
        let (done, said) = completed(known(Some("http://a:1")), &flags, "");
        assert_eq!((done, said.as_str()), (Some(known(Some("http://a:1"))), ""));
    }

    #[test]
    fn a_file_is_read_before_it_is_accepted() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join("client.key");
        std::fs::write(&key, "no certificate").unwrap();
        let flags = Flags { url: Some("https://a:1".into()), cert: Some("c".into()), ..Flags::default() };
        let target = NewTarget { skip_verify: true, ..known(Some("https://a:1")) };
        let answers = format!("\n~/client.key\n{}\n", key.display());
        let (done, said) = completed(target.clone(), &flags, &answers);
        assert_eq!(done.unwrap().key, Some(key.clone()));
        assert!(said.contains("/nope/client.key cannot be read"), "{said}");
        let target = NewTarget { skip_verify: false, ..target };
        let (done, said) = completed(target, &flags, &format!("\n{}\n", key.display()));
        assert_eq!(done, None, "the answers end");
        assert!(said.contains("contains no certificate"), "{said}");
    }
}
