//! Renders the templates of the BOSH job, and checks them with the program: its configuration connects to a simulated BBS.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use taskdeck::sim::{Options, Sim};
use tokio::runtime::Runtime;

use crate::{TASKDECK, path, printed, run_if_installed, text};

const JOB: &str = "packaging/bosh/jobs/taskdeck";

type Rendered = BTreeMap<String, String>;

/// Renders the job. Returns `None` without ruby, and the message of the template that failed.
fn try_render(given: &Value) -> Option<Result<Rendered, String>> {
    run_if_installed(Command::new("ruby").arg("--version"), "the templates of the BOSH job are")?;
    let mut ruby = Command::new("ruby")
        .args([path("tests/packaging/render.rb"), path(JOB)])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    ruby.stdin.take().unwrap().write_all(given.to_string().as_bytes()).unwrap();
    let output = ruby.wait_with_output().unwrap();
    Some(if output.status.success() {
        Ok(serde_json::from_slice(&output.stdout).unwrap())
    } else {
        Err(String::from_utf8(output.stderr).unwrap())
    })
}

fn render(given: &Value) -> Option<Rendered> {
    try_render(given).map(|rendered| rendered.unwrap_or_else(|error| panic!("{error}")))
}

/// Returns the configuration, and requires that the program takes it.
fn configuration(rendered: &Rendered) -> toml::Table {
    let text = &rendered["config/config.toml"];
    let output = taskdeck_with(text, &["docs", "commands"]);
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    text.parse().unwrap()
}

fn taskdeck_with(configuration: &str, arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("config.toml");
    fs::write(&file, configuration).unwrap();
    Command::new(TASKDECK).env_clear().arg("--config").arg(&file).args(arguments).output().unwrap()
}

#[test]
fn without_properties_it_is_the_bbs_of_diego_with_the_certificates_of_cfdot() {
    let Some(rendered) = render(&json!({})) else { return };
    let configuration = configuration(&rendered);
    assert_eq!(configuration["target"].as_str(), Some("diego"));
    let cfdot = "/var/vcap/jobs/cfdot/config/certs/cfdot";
    let expected = format!(
        "url = 'https://bbs.service.cf.internal:8889'\n\
         ca_cert = '{cfdot}/ca.crt'\nclient_cert = '{cfdot}/client.crt'\nclient_key = '{cfdot}/client.key'\n\
         timeout = '30s'\nread_only = false\nconfirm = 'ask'\nwrites_per_second = 10\n"
    );
    let expected: toml::Table = expected.parse().unwrap();
    assert_eq!(configuration["targets"]["diego"].as_table(), Some(&expected));
    for file in ["ca.crt", "client.crt", "client.key"] {
        assert_eq!(rendered[&format!("config/certs/{file}")], "", "{file} is that of cfdot");
    }
}

#[test]
fn a_link_gives_port_and_limits_of_the_server() {
    let given = json!({
        "properties": {"target": {"name": "production", "colour": "red", "confirm": "type-name", "read_only": true}},
        "links": {"bbs": {"address": "10.0.0.1", "properties": {
            "tasks": {"max_retries": 5},
            "diego": {"bbs": {
                "listen_addr": "0.0.0.0:8890",
                "convergence": {
                    "expire_pending_task_duration_in_seconds": 900,
                    "expire_completed_task_duration_in_seconds": 240,
                    "kick_task_duration_in_seconds": 20,
                    "repeat_interval_in_seconds": 15,
                },
            }},
        }}},
    });
    let Some(rendered) = render(&given) else { return };
    let target = &configuration(&rendered)["targets"]["production"];
    let text = |key: &str| target[key].as_str().unwrap().to_owned();
    assert_eq!(text("url"), "https://bbs.service.cf.internal:8890", "its certificate has no address");
    assert_eq!((text("pending_limit"), text("completed_limit")), ("900s".to_owned(), "240s".to_owned()));
    assert_eq!((text("resolving_limit"), text("sweep_interval")), ("20s".to_owned(), "15s".to_owned()));
    assert_eq!(target["rejection_limit"].as_integer(), Some(5));
    assert_eq!((text("colour"), text("confirm")), ("red".to_owned(), "type-name".to_owned()));
    assert_eq!(target["read_only"].as_bool(), Some(true));
}

#[test]
fn a_property_before_the_link_and_texts_that_toml_would_read_otherwise() {
    let link = json!({"address": "x", "properties": {"diego": {"bbs": {"listen_addr": "0.0.0.0:8890"}}}});
    let given = json!({
        "properties": {"bbs": {"port": 9999, "hostname": "a\"b\\\n#"}, "target": {"colour": "#d03030"}},
        "links": {"bbs": link},
    });
    let Some(rendered) = render(&given) else { return };
    let configuration: toml::Table = rendered["config/config.toml"].parse().unwrap();
    let target = &configuration["targets"]["diego"];
    assert_eq!(target["url"].as_str(), Some("https://a\"b\\\n#:9999"));
    assert_eq!(target["colour"].as_str(), Some("#d03030"));
}

#[test]
fn what_is_wrong_fails_the_deployment_or_is_told_by_the_program() {
    let name = json!({"properties": {"target": {"name": "a b]"}}});
    let Some(refused) = try_render(&name) else { return };
    assert!(refused.unwrap_err().contains("target.name has other characters"));
    let no_key = json!({"properties": {"tls": {"ca_certificate": "CA", "certificate": "C"}}});
    assert!(try_render(&no_key).unwrap().unwrap_err().contains("no value for tls.private_key"));
    let rendered = render(&json!({"properties": {"target": {"confirm": "perhaps"}}})).unwrap();
    let output = taskdeck_with(&rendered["config/config.toml"], &["docs", "commands"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && error.contains("perhaps"), "the program reads the targets: {error}");
}

/// Lays the job and the package out below a directory that stands for `/var/vcap`.
fn deploy(rendered: &Rendered, vcap: &Path) {
    let job = vcap.join("jobs/taskdeck");
    for (file, text) in rendered {
        let file = job.join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text.replace("/var/vcap", vcap.to_str().unwrap())).unwrap();
    }
    let bin = vcap.join("packages/taskdeck/bin");
    fs::create_dir_all(&bin).unwrap();
    printed(Command::new("ln").arg("-s").arg(TASKDECK).arg(bin.join("taskdeck")));
    printed(Command::new("chmod").args(["-R", "u=rwX,go="]).arg(&job));
    printed(Command::new("chmod").arg("u+x").arg(job.join("bin/taskdeck")));
}

#[test]
fn on_a_vm_the_program_is_on_the_path_and_connects() {
    let certificates = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let options = Options { tls: Some(certificates.path().to_owned()), ..Options::default() };
    let sim = runtime.block_on(Sim::start(options)).unwrap();
    let (ca, certificate, key) = sim.tls_files().unwrap();
    let [ca, certificate, key] = [ca, certificate, key].map(|file| fs::read_to_string(file).unwrap());
    let (_, port) =
        sim.url().rsplit_once(':').map(|(host, port)| (host.to_owned(), port.to_owned())).unwrap();
    let given = json!({"properties": {
        "bbs": {"hostname": "127.0.0.1", "port": port},
        "tls": {"ca_certificate": ca, "certificate": certificate, "private_key": key},
    }});
    let Some(rendered) = render(&given) else { return };
    let vcap = tempfile::tempdir().unwrap();
    deploy(&rendered, vcap.path());

    let profile = vcap.path().join("jobs/taskdeck/bin/profile");
    let in_shell = |lines: &str| {
        let script = format!(". '{0}'; . '{0}'; {lines}", profile.display());
        let mut shell = Command::new("sh");
        shell.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", vcap.path()).args(["-c", &script]);
        shell
    };
    let cells = printed(&mut in_shell("taskdeck cells"));
    assert!(cells.contains("cell_id"), "{cells}");
    let own_path = printed(&mut in_shell("echo $PATH"));
    assert_eq!(own_path.matches("jobs/taskdeck/bin").count(), 1, "{own_path}");

    // Another configuration is taken instead.
    let other = in_shell("taskdeck cells --config /nonexistent.toml").output().unwrap();
    let error = String::from_utf8(other.stderr).unwrap();
    assert!(!other.status.success() && error.contains("/nonexistent.toml"), "{error}");

    // Once the job is gone, what it has left in /etc/profile.d does nothing.
    let left = fs::read_to_string(&profile).unwrap();
    fs::remove_dir_all(vcap.path().join("jobs")).unwrap();
    let script = format!("{left}\necho $PATH:$MANPATH");
    let paths = printed(Command::new("sh").env_clear().env("PATH", "/usr/bin:/bin").args(["-c", &script]));
    assert_eq!(paths.trim(), "/usr/bin:/bin:");
}

#[test]
fn the_spec_has_each_template_and_the_scripts_parse() {
    let spec = text(&format!("{JOB}/spec"));
    for entry in fs::read_dir(path(JOB).join("templates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(spec.contains(&format!("  {name}: ")), "{name} is not in the spec");
        if ["taskdeck.erb", "profile.erb", "pre-start.erb"].contains(&name.as_str()) {
            // They have no tags.
            printed(Command::new("bash").arg("-n").arg(path(JOB).join("templates").join(name)));
        }
    }
    assert_eq!(text(&format!("{JOB}/monit")), "", "it runs no process");
}
