//! Files and texts.

use std::fs;

use super::{Seeds, files, fixture, lines};
use crate::root;

pub(crate) fn document() -> Seeds {
    let words = "\"task_guid\" \"domain\" \"rootfs\" \"action\" \"run\" \"path\" \"user\" \"env\" \
        \"egress_rules\" \"metric_tags\" { } [ ] , : null true -1 1e400 \"\\ud800\" // /* */ # \" \\ \
        \n 18446744073709551616 \u{feff}";
    let small = r#"{ // a task
  "task_guid": "a", "domain": "d", "rootfs": "preloaded:x",
  /* what it does */ "action": {"run": {"path": "/x", "user": "u", "args": ["-c", "true"]}},
  "env": [{"name": "A", "value": "1"}], "egress_rules": [{"protocol": "tcp", "destinations": ["10.0.0.1"], "ports": [80]}],
}"#;
    let recorded =
        ["again.json", "task.out", "tasks.out", "cell.out"].map(|name| fixture(&format!("cfdot/{name}")));
    Seeds::new(recorded.into_iter().chain([small.as_bytes().to_vec()]), words)
}

pub(crate) fn filter() -> Seeds {
    let words = "! : | * \" ~ \\ < > = ␣ \t ( [ {9 a Ä 日 \u{200b} 1 0 s m age domain state cell guid \
        reason result rejections failed cause stuck app space org running true gone any \
        99999999999999999999 (?i) \\p{L}";
    let filters = [
        "",
        "state:pending age:>10m",
        "domain:cf-* !cell:cell-01 reason:~memory",
        "app:\"my app\"|shop",
        "6f1c !batch",
        "reason:~^out|(disk.+full)$ failed:true rejections:>=2",
        "stuck:any cause:gone",
        "age:1h..2d guid:a*b*c",
    ];
    Seeds::new(lines(&filters), words)
}

pub(crate) fn sanitise() -> Seeds {
    let words = "\u{1b}[31m \u{9b}2J \u{202e} a\u{301} \u{FF9E} \u{1100}\u{1161}\u{11A8} 👍\u{1F3FD} \
        \u{1F1E6} \u{200D} =cmd \" , \n <guid> https://u:p@h/";
    let texts =
        ["Exited with status 137 (out of memory)", "dial tcp 10.0.3.7:5432: connect: connection refused"];
    let guid = "467008c7-b209-43fe-8401-d5dc041dd977 in /var/vcap/data/x.tgz after 1m3.5s at https://user:secret@host.example/a?b=c";
    Seeds::new(
        files("tests/fixtures/hostile", "bin").into_iter().chain(lines(&texts)).chain(lines(&[guid])),
        words,
    )
}

pub(crate) fn configuration() -> Seeds {
    let words = "target log [feed]\n reconcile [dashboard]\n columns sort groups [keys]\n quit \
        cancel [filters]\n [commands.x]\n run [targets.x]\n url ca_cert colour [record]\n ␣=␣ \"5s\" \
        [ ] { } \" ''' \"Ctrl-b\" \"http://x\" true -1 9223372036854775807 0x . # \n \u{feff}";
    let small = [
        "target = \"one\"\n[targets.one]\nurl = \"http://one:1\"\nread_only = true\ntimeout = \"5s\"\n",
        "[dashboard]\ncolumns = [\n  \"guid\",\n  \"reason+20\",\n]\nsort = \"-age\"\n",
        "[keys]\nquit = [\"q\", \"Ctrl-q\"]\ncancel = \"X\"\n[filters]\nstuck = \"state:pending age:>10m\"\n",
        "[commands.logs]\nrun = [\"cf\", \"logs\", \"{app}\"]\nkey = \"L\"\nhelp = \"Show logs\"\n",
    ];
    let example = fs::read(root().join("config.example.toml")).unwrap();
    let uncommented =
        String::from_utf8_lossy(&example).replace("\n# ", "\n").replace("\n#", "\n").into_bytes();
    Seeds::new([example, uncommented].into_iter().chain(lines(&small)), words)
}

pub(crate) fn scenario() -> Seeds {
    let words = "[size]\n tasks churn [[kinds]]\n weight [population]\n pending = nan 1e99 -1 \"\" \
        [] \n";
    Seeds::new(files("assets/scenarios", "toml"), words)
}

pub(crate) fn theme() -> Seeds {
    let words = "summary inherits [roles]\n fg bg modifiers \"bold\" \"#ff7f76\" \"light-red\" { } = \
        \n";
    Seeds::new(files("assets/themes", "toml"), words)
}

pub(crate) fn state() -> Seeds {
    let words = "filters commands theme hints_seen [[views]]\n target filter = \"\\u0000\" [] \n";
    let saved = "filters = [\"state:pending\", \"x\"]\ncommands = [\"sort age\"]\ntheme = \"dark\"\nhints_seen = [\"welcome\"]\n\n\
                 [[views]]\ntarget = \"prod\"\nfilter = \"a\"\nsort = \"-age\"\n";
    Seeds::new(lines(&["", saved]), words)
}
