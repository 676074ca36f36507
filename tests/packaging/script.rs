//! The functions of `packaging/build`, run on the program under test.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::{TASKDECK, manifest, path, printed, run_if_installed, tell};

/// Returns a shell that has read the script and runs these lines.
fn script(lines: &str) -> Command {
    let mut bash = Command::new("bash");
    let all = format!("source packaging/build\n{lines}");
    bash.current_dir(path("")).args(["-c", &all, "bash", TASKDECK]);
    bash
}

/// Returns the files below a directory, with their paths in it.
fn files(directory: &Path, root: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, root, found);
        } else {
            assert!(path.metadata().unwrap().len() > 0, "{} is empty", path.display());
            found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
        }
    }
}

fn staged() -> BTreeSet<String> {
    let stage = tempfile::tempdir().unwrap();
    printed(script(r#"stage "$1""#).env("TASKDECK_STAGE", stage.path()));
    let mut found = BTreeSet::new();
    files(stage.path(), stage.path(), &mut found);
    found
}

/// Returns the names of all commands, of which some have no place in the help.
fn verbs() -> Vec<String> {
    let output = Command::new(TASKDECK).args(["man", "nope"]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let (_, names) = error.trim_end().split_once("the commands are ").unwrap();
    let names: Vec<_> = names.split(", ").map(str::to_owned).collect();
    assert!(names.len() > 20, "{names:?}");
    names
}

#[test]
fn the_stage_has_every_page_and_completion() {
    let staged = staged();
    let pages: BTreeSet<_> =
        staged.iter().filter_map(|file| file.strip_prefix("share/man/man1/")).map(str::to_owned).collect();
    let page = |verb: &String| format!("taskdeck-{verb}.1");
    let expected = verbs().iter().map(page).chain(["taskdeck.1".to_owned()]).collect();
    assert_eq!(pages, expected);
    for file in [
        "bin/taskdeck",
        "share/bash-completion/completions/taskdeck",
        "share/zsh/vendor-completions/_taskdeck",
        "share/fish/vendor_completions.d/taskdeck.fish",
        "share/doc/taskdeck/examples/config.example.toml",
    ] {
        assert!(staged.contains(file), "{file}: {staged:?}");
    }
}

#[test]
fn the_debian_package_has_each_staged_file() {
    let manifest = manifest();
    let deb = &manifest["package"]["metadata"]["deb"];
    let assets: Vec<_> =
        deb["assets"].as_array().unwrap().iter().map(|asset| asset[0].as_str().unwrap()).collect();
    let staged = staged();
    for asset in &assets {
        let Some(file) = asset.strip_prefix("target/packaging-stage/") else {
            assert!(path(asset).exists(), "{asset}");
            continue;
        };
        let is_made_for_debian = file.starts_with("debian/");
        assert!(is_made_for_debian || staged.contains(file), "{file} is not staged");
    }
    // What Debian has in its own form: compressed pages and changelog, and its file of licences.
    let other = ["share/man/", "share/doc/taskdeck/CHANGELOG.md", "share/doc/taskdeck/LICENSE-"];
    for file in staged.iter().filter(|file| !other.iter().any(|start| file.starts_with(start))) {
        let asset = format!("target/packaging-stage/{file}");
        assert!(assets.contains(&asset.as_str()), "{file} is not in the Debian package");
    }
}

#[test]
fn the_glibc_of_the_script_is_the_one_that_is_promised() {
    let glibc = printed(&mut script("echo $GLIBC"));
    let glibc = glibc.trim();
    let depends = manifest()["package"]["metadata"]["deb"]["depends"].as_str().unwrap().to_owned();
    assert_eq!(depends, format!("libc6 (>= {glibc})"));
    for file in ["packaging/build", "packaging/bosh/README.md"] {
        assert!(crate::text(file).contains(&format!("glibc {glibc} ")), "{file}");
    }
}

#[test]
fn a_program_that_wants_too_much_is_refused() {
    let unchecked = "whether packaging/build refuses newer symbols";
    if run_if_installed(Command::new("objdump").arg("--version"), unchecked).is_none() {
        return;
    }
    if !cfg!(all(target_os = "linux", target_env = "gnu", target_arch = "x86_64")) {
        return tell(&format!("this system has no packages: {unchecked} NOT CHECKED"));
    }
    let refused = |glibc: &str| {
        let output = script(&format!(r#"check_symbols "$1" {glibc}"#)).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (status, error) = refused("2.2.5");
    assert_eq!(status, Some(1), "{error}");
    assert!(error.contains(" needs GLIBC_2.") && error.contains("but is to run on glibc 2.2.5"), "{error}");
    // That of a test is linked as the machine does it, with a library of its compiler.
    let (status, error) = refused("9.99");
    let is_refused = status == Some(1) && error.contains("needs libgcc_s.so.1, which is no part of glibc");
    assert!(is_refused || status == Some(0), "{error}");
}

#[test]
fn shell_scripts_have_no_mistakes() {
    for file in [".ci/run", "packaging/build", "packaging/bosh/packages/taskdeck/packaging"] {
        let parsed = Command::new("bash").arg("-n").arg(path(file)).output().unwrap();
        assert!(parsed.status.success(), "{}", String::from_utf8_lossy(&parsed.stderr));
        let mut shellcheck = Command::new("shellcheck");
        let checked = run_if_installed(shellcheck.args(["--shell", "bash"]).arg(path(file)), file);
        if let Some(output) = checked {
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}
