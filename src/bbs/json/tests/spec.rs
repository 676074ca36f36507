//! Task specs: the output of `cfdot` can be parsed, and errors name the place.

use serde_json::Value;

use super::*;

#[test]
fn parses_the_output_of_cfdot() {
    let request = TaskSpec::parse(EVERYTHING).unwrap().into_request();
    assert_eq!(request.task_guid, "everything-1");
    assert_eq!(request.domain, "cf-tasks");
    let read = written(&task_with(request.task_definition.unwrap()), task);
    let definition_of = |text: &str| text.split(r#","task_guid""#).next().unwrap().to_owned();
    assert_eq!(definition_of(&read), definition_of(EVERYTHING));
}

#[test]
fn rare_fields_round_trip() {
    assert_eq!(written(&task_with(rare()), task), RARE);
    assert_eq!(TaskSpec::parse(RARE).unwrap().into_request().task_definition, Some(rare()));
}

#[test]
fn a_spec_has_no_required_keys_and_ignores_unknown_ones() {
    let request = |text: &str| TaskSpec::parse(text).unwrap().into_request();
    assert_eq!(request("{}"), wire::DesireTaskRequest::default());
    let some = request(r#"{"task_guid":"a","DOMAIN":"d","state":5,"nope":[1],"rootfs":null}"#);
    assert_eq!((&*some.task_guid, &*some.domain), (&b"a"[..], &b"d"[..]));
    assert_eq!(some.task_definition, Some(wire::TaskDefinition::default()));
}

#[test]
fn definition_keys_match_the_output() {
    for key in serde_json::from_str::<serde_json::Map<String, Value>>(EVERYTHING).unwrap().keys() {
        let definition =
            TaskSpec::parse(&format!("{{{key:?}:null}}")).unwrap().into_request().task_definition;
        let is_task_key = written(&wire::Task::default(), task).contains(&format!("{key:?}:"));
        assert_eq!(definition.is_some(), !is_task_key, "{key}");
    }
}

#[test]
fn errors_in_a_spec_contain_the_path() {
    for (spec, mistake) in [
        ("{", "unexpected end of JSON input"),
        ("", "unexpected end of JSON input"),
        ("{} x", "trailing characters at line 1 column 4"),
        ("null", "expected an object, got null"),
        ("[]", "expected an object, got an array"),
        (r#"{"domain":5}"#, "domain: expected a string, got 5"),
        (r#"{"disk_mb":1.5}"#, "disk_mb: expected a whole number, got 1.5"),
        (r#"{"cpu_weight":-1}"#, "cpu_weight: -1 is out of range"),
        (r#"{"env":[{},{"name":true}]}"#, "env[1].name: expected a string, got a boolean"),
        (
            r#"{"action":{"try":{"action":{"run":{"args":["a",{}]}}}}}"#,
            "action.try.action.run.args[1]: expected a string, got an object",
        ),
        (r#"{"action":{"run":{},"try":{}}}"#, "action: an action can have only one kind"),
        (r#"{"network":{"properties":{"a":1}}}"#, "network.properties.a: expected a string, got 1"),
        (
            r#"{"image_layers":[{"layer_type":"SHRAED"}]}"#,
            "image_layers[0].layer_type: unknown value \"SHRAED\"; expected one of LayerTypeInvalid, SHARED, EXCLUSIVE",
        ),
    ] {
        assert_eq!(TaskSpec::parse(spec).unwrap_err(), mistake);
    }
}

#[test]
fn strict_errors_contain_line_and_column() {
    for (spec, mistake) in [
        ("{", "EOF while parsing an object at line 1 column 1"),
        ("{\n  \"domain\": 5\n}", "line 2, column 13: domain: expected a string, got 5"),
        (
            "{\"action\":\n {\"run\": {\"path\": \"é\", \"pth\": 1}}}",
            "line 2, column 31: action.run.pth: unknown field; expected one of path, args, dir, env, \
             resource_limits, user, log_source, suppress_log_output, volume_mounted_files",
        ),
        (
            r#"{"env":[{"name":"A","valeu":""}]}"#,
            "line 1, column 29: env[0].valeu: unknown field; expected one of name, value",
        ),
        (
            r#"{"metric_tags":{"a":{"statik":"x"}}}"#,
            "line 1, column 31: metric_tags.a.statik: unknown field; expected one of static, dynamic",
        ),
        (
            r#"{"env":[{"name":"A","value":"••••••"}]}"#,
            "line 1, column 29: env[0].value: the value is masked; replace it with the actual secret",
        ),
        ("null", "expected an object, got null"),
    ] {
        assert_eq!(TaskSpec::parse_strictly(spec).unwrap_err(), mistake);
    }
    let unknown = TaskSpec::parse_strictly(r#"{"nope":1}"#).unwrap_err();
    assert!(unknown.starts_with("line 1, column 9: nope: unknown field; expected one of "), "{unknown}");
    for known in ["task_guid", "domain", "rootfs", "volume_mounted_files", "state"] {
        assert!(unknown.contains(known), "{unknown}");
    }
}

#[test]
fn strict_mode_accepts_the_output_of_cfdot() {
    for text in [EVERYTHING, RARE] {
        assert_eq!(TaskSpec::parse_strictly(text), TaskSpec::parse(text));
    }
}
