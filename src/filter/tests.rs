//! Tests what filters admit and which are errors, case by case; `random` generates further cases.

mod cursor;
mod oracle;
mod random;

use super::*;
use crate::model::{Domain, Entity, Owner, Ownership, RawDefinition, State, Stuck, StuckSet, TaskGuid};

const SECOND: i64 = 1_000_000_000;
const NOW: Timestamp = Timestamp::from_nanos(1_000_000 * SECOND);

fn ago(seconds: i64) -> Timestamp {
    Timestamp::from_nanos(NOW.as_nanos() - seconds * SECOND)
}

fn task() -> Task {
    Task {
        guid: TaskGuid::from("6f1c-aBc"),
        domain: Domain::from("cf-tasks"),
        state: State::Completed,
        cell: None,
        created_at: ago(600),
        updated_at: ago(30),
        first_completed_at: Timestamp::UNSET,
        failed: true,
        failure_reason: "Exit status 137: out of Memory".into(),
        result: "".into(),
        rejection_count: 2,
        rejection_reason: "no room | ÄRGER \u{212a}".into(),
        definition: RawDefinition::default(),
        owner: Owner::default(),
    }
}

/// Applies the filter to [`task`], which ran on a cell and has ended.
fn admits(text: &str) -> bool {
    let (task, cell) = (task(), CellId::from("cell-01"));
    let filter = Filter::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    filter.admits(&Subject {
        task: &task,
        cell: Some(&cell),
        cause: Some(Cause::Expired),
        stuck: StuckSet::NONE,
        now: NOW,
    })
}

fn parse(text: &str) -> Filter {
    Filter::parse(text).unwrap()
}

#[test]
fn stuck_tasks_are_found_by_kind_and_only_in_the_dashboard() {
    let task = Task { state: State::Pending, ..task() };
    let stuck = StuckSet::NONE.with(Stuck::Pending, true);
    let subject = Subject { stuck, ..Subject::held(&task, NOW) };
    for (text, is_admitted) in [
        ("stuck:any", true),
        ("stuck:pend", true),
        ("stuck:cell|PENDING", true),
        ("stuck:cell", false),
        ("!stuck:any", false),
        ("stuck:c", false),
    ] {
        assert_eq!(parse(text).admits(&subject), is_admitted, "{text}");
        assert!(parse(text).depends_on_time(), "{text}");
    }
    assert!(parse("stuck:cell").is_narrower_than(&parse("stuck:any")));
    let message = Filter::parse("stuck:cel1").unwrap_err().to_string();
    assert!(message.contains("did you mean") || message.contains("Did you mean \"cell\""), "{message}");
    let refused = Filter::parse_for_script("age:>1m !stuck:any").unwrap_err();
    assert_eq!(refused.at(), 8..18);
    assert!(refused.to_string().starts_with("Only the dashboard sees which tasks are stuck"), "{refused}");
    assert!(Filter::parse_for_script("age:>1m").is_ok());
}

#[test]
fn words_match_anywhere_and_an_uppercase_letter_makes_them_case_sensitive() {
    for text in [
        "",
        "   ",
        "6f1c",
        "cf-tasks",
        "cell-01",
        "completed",
        "Compl",
        "failed",
        "exit",
        "Exit",
        "memory room",
        "out*mem",
        "nothing|memory",
        "\"out of\"",
        "\"room | \"",
        "ärger",
        "ÄRGER",
        "*",
        "!nothing",
        "\"completed\"",
        "of\" \"memory",
    ] {
        assert!(admits(text), "{text}");
    }
    for text in [
        "nothing",
        "6F1C-aBc",
        "EXIT",
        "MEMORY",
        "memory nothing",
        "mem*out",
        "!memory",
        "\"out  of\"",
        "Ärger",
        "\"out*mem\"",
        // The kelvin sign is not the letter K, although its lower case is k.
        "\"ärger k\"",
    ] {
        assert!(!admits(text), "{text}");
    }
}

#[test]
fn names_match_whole_and_case_sensitively() {
    for text in [
        "domain:cf-tasks",
        "Domain:cf-tasks",
        "domain:cf-*",
        "domain:*-tasks",
        "domain:c*-*s",
        "domain:*",
        "domain:x|cf-tasks",
        "domain:\"cf-tasks\"",
        "!domain:cf",
        "guid:6f*",
        "cell:cell-01",
        "cell:*01",
        "!cell:\"\"",
        "domain:~^cf",
        "domain:~^CF|tasks$",
        "guid:~abc",
        "cell:*",
    ] {
        assert!(admits(text), "{text}");
    }
    for text in [
        "domain:cf",
        "domain:CF-TASKS",
        "domain:cf-task",
        "domain:*cf",
        "domain:\"cf-*\"",
        "cell:\"\"",
        "domain:cf-tasks*s",
        "domain:~^CF",
        "guid:~ABC",
        "guid:6F*",
    ] {
        assert!(!admits(text), "{text}");
    }
}

#[test]
fn an_owner_matches_by_name_or_guid() {
    let entity = |guid: &str, name: &str| Entity { guid: guid.to_owned(), name: name.to_owned() };
    let owner = Owner::new(Ownership {
        app: entity("a1-guid", "web shop"),
        space: entity("s1-guid", ""),
        org: Entity::default(),
    });
    let task = Task { owner, ..task() };
    let admits = |text: &str| parse(text).admits(&Subject::held(&task, NOW));
    for text in [
        "app:\"web shop\"",
        "app:a1-guid",
        "app:web*",
        "app:~shop$",
        "app:other|a1-*",
        "space:s1-guid",
        "org:\"\"",
        "shop",
        "s1-guid|x",
        "kind:task",
        "kind:other|task",
        "kind:t",
        "!kind:staging",
        "!app:api",
    ] {
        assert!(admits(text), "{text}");
    }
    for text in ["app:web", "app:Web*", "!app:a1-guid", "app:\"\"", "space:\"\"", "org:x", "kind:staging"] {
        assert!(!admits(text), "{text}");
    }
}

#[test]
fn texts_match_in_part() {
    for text in [
        "reason:memory",
        "reason:\"out of\"",
        "failure:exit*memory",
        "rejection:room|nothing",
        "result:\"\"",
        "!reason:room",
        "failure:~exit.status.1\\d+",
        "reason:~\"out of \\w+$\"",
        "!reason:~EXIT",
        "rejection:~ärger",
        "failure:~a|x|m",
        "reason:\"137: out\"",
        "failure:exit:|137:",
        "rejection:\"|\"",
    ] {
        assert!(admits(text), "{text}");
    }
    for text in
        ["reason:MEMORY", "reason:room", "result:x", "!result:\"\"", "failure:\"\"", "failure:~^status"]
    {
        assert!(!admits(text), "{text}");
    }
}

#[test]
fn states_flags_counts_and_ages_are_compared() {
    for text in [
        "state:completed",
        "STATE:Comp",
        "state:r|c",
        "state:gone",
        "state:pending|g",
        "cause:expired",
        "cause:EXP|cancelled",
        "!cause:c|d|v",
        "lastcell:cell-01",
        "lastcell:~01$",
        "!state:pending",
        "failed:true",
        "failed:yes",
        "!failed:no",
        "failed:true|false",
        "ended:true",
        "rejections:2",
        "rejections:>1",
        "rejections:<=2",
        "rejections:1|2",
        "!rejections:0",
        "age:>=10m",
        "age:<=10m",
        "age:>9m59s",
        "age:<1h",
        "in-state:<1m",
        "in-state:>29s999ms",
        "in-state:<1s|>20s",
        "age:<999999999999999y",
        "rejections:>-1",
        "age:>0s",
    ] {
        assert!(admits(text), "{text}");
    }
    for text in [
        "state:pending",
        "state:r",
        "!state:gone",
        "cause:callback",
        "cause:v",
        "!cause:e",
        "lastcell:cell",
        "lastcell:\"\"",
        "failed:false",
        "ended:false",
        "rejections:>2",
        "rejections:<2",
        "rejections:<-9223372036854775808",
        "age:>10m",
        "age:<10m",
        "in-state:>1h",
        "age:<0s",
    ] {
        assert!(!admits(text), "{text}");
    }
}

#[test]
fn what_the_bbs_holds_has_no_cause_and_a_last_cell_only_once_it_no_longer_runs() {
    let held = |state| Task { state, cell: Some(CellId::from("cell-01")), ..task() };
    for (state, last_cell) in [(State::Running, "\"\""), (State::Completed, "cell-01")] {
        let task = held(state);
        let subject = Subject::held(&task, NOW);
        assert!(parse(&format!("lastcell:{last_cell} !state:gone !cause:c|u|r|d|e|v")).admits(&subject));
        let ended = Subject { cause: Some(Cause::Vanished), ..subject };
        assert!(
            parse("lastcell:cell-01 state:gone cause:vanished").admits(&ended),
            "it ran there when it ended"
        );
    }
}

#[test]
fn an_age_with_an_unknown_start_matches_no_comparison() {
    let task = Task { created_at: Timestamp::UNSET, ..task() };
    let subject = Subject::held(&task, NOW);
    assert!(!parse("age:>=0s").admits(&subject));
    assert!(!parse("age:<1y").admits(&subject));
}

#[test]
fn a_state_of_a_newer_release_matches_no_state() {
    let task = Task { state: State::Other(9), ..task() };
    let subject = Subject::held(&task, NOW);
    assert!(!parse("state:p|r|c").admits(&subject));
    assert!(parse("!state:p|r|c").admits(&subject));
}

#[test]
fn an_error_suggests_a_fix_and_points_at_the_fault() {
    let names = field::names();
    for (text, fault, says) in [
        (
            "a http://x",
            "http",
            "Unknown field \"http\". (Quote text that contains a colon) Fields: guid, domain, ",
        ),
        ("sate:running", "sate", "Unknown field \"sate\". Did you mean \"state\"? (Quote text"),
        ("state:runing", "runing", "Unknown state \"runing\". Did you mean \"running\"? States: "),
        ("a :x", ":x", "Missing field name before the colon. (Quote text"),
        ("ü \"out of", "\"out of", "Missing closing quote"),
        ("a !", "!", "Missing term after the !, for example !cell:cell-01"),
        ("!!a", "!!a", "Use a single !"),
        ("domain:", "domain:", "Missing value after domain:, for example domain:cf-tasks|cf-app-*"),
        ("x a||b", "a||b", "Missing value next to a |"),
        ("state:pending|", "state:pending|", "Missing value next to a |"),
        ("\"\"", "\"\"", "The quotes are empty"),
        ("!state:run|x", "x", "Unknown state \"x\". States: pending, running, completed, resolving, gone"),
        (
            "cause:canceled",
            "canceled",
            "Unknown cause \"canceled\". Did you mean \"cancelled\"? Causes: cancelled, ",
        ),
        (
            "kind:stagng",
            "stagng",
            "Unknown kind \"stagng\". Did you mean \"staging\"? Kinds: staging, task, other",
        ),
        ("failed:maybe", "maybe", "failed must be true or false, not \"maybe\""),
        ("rejections:>x", ">x", "rejections takes a number, for example rejections:>0"),
        ("age:>10", ">10", "a duration with its unit (ms, s, m, h, d, y), for example age:>10m"),
        ("age:10m", "10m", "age needs a comparison: <10m, >10m, <=10m or >=10m"),
        ("age:>", ">", "for example age:>10m"),
        ("reason:~", "reason:~", "after the ~"),
        ("reason:~(a", "(a", "Invalid regular expression: unclosed group"),
        ("reason:~(\\w{1000}){1000}", "(\\w{1000}){1000}", "it is too large"),
    ] {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(text.get(error.at()), Some(fault), "{text}");
        assert!(error.to_string().contains(says), "{text}: {error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    assert!(Filter::parse("x:y").unwrap_err().to_string().contains(&names));
}

#[test]
fn carets_mark_the_fault() {
    let text = "\"日本\" state:x|lost";
    let error = Filter::parse(text).unwrap_err();
    assert_eq!(error.caret(text), "\"日本\" state:x|lost\n             ^\n");
    let text = "\t!";
    assert_eq!(Filter::parse(text).unwrap_err().caret(text), "\u{fffd}!\n ^\n");
}

#[test]
fn typing_on_narrows_the_filter() {
    for (narrower, wider) in [
        ("cell", ""),
        ("cell-0", "cell"),
        ("cellA", "cell"),
        ("cell x", "cell"),
        ("a*b", "a"),
        ("a", "a|b"),
        ("!a", "!ab"),
        ("domain:cf-*", "domain:c*"),
        ("domain:cf-x", "domain:cf-*"),
        ("state:ru", "state:r"),
        ("!state:r", "!state:ru"),
        ("reason:Memory", "reason:mem"),
        ("age:>10m", "age:>9m"),
        ("age:>10m", "age:>=10m"),
        ("rejections:3", "rejections:>0"),
        ("failed:true", "failed:true|false"),
        ("reason:~a x", "reason:~a"),
    ] {
        assert!(parse(narrower).is_narrower_than(&parse(wider)), "{narrower} {wider}");
        assert!(!parse(wider).is_narrower_than(&parse(narrower)), "{wider} {narrower}");
    }
    for (one, other) in
        [("a|b", "a"), ("domain:a", "cell:a"), ("a", "!b"), ("a", "A"), ("reason:~a", "reason:~ab")]
    {
        assert!(!parse(one).is_narrower_than(&parse(other)), "{one} {other}");
    }
}

#[test]
fn a_list_request_names_one_whole_domain_and_cell() {
    let list = |text: &str| {
        let TaskFilter { domain, cell } = parse(text).for_list();
        (domain.map(|domain| domain.to_string()), cell.map(|cell| cell.to_string()))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(list("x domain:cf-Apps age:>1m cell:\"cell *\""), (some("cf-Apps"), some("cell *")));
    for text in ["", "cf-apps", "domain:cf-*", "!domain:a", "domain:a|b", "cell:\"\"", "domain:~a", "guid:a"]
    {
        assert_eq!(list(text), (None, None), "{text}");
    }
}

#[test]
fn only_ages_depend_on_time() {
    assert!(parse("x age:>1m").depends_on_time());
    assert!(parse("!in-state:<1m").depends_on_time());
    assert!(!parse("x rejections:>1 state:p").depends_on_time());
}

#[test]
fn the_example_of_every_field_is_a_filter_on_that_field() {
    for field in FIELDS {
        assert!(
            field.example.trim_start_matches('!').starts_with(&format!("{}:", field.name)),
            "{}",
            field.name
        );
        let filter = Filter::parse(field.example).unwrap_or_else(|error| panic!("{}: {error}", field.name));
        assert!(!filter.is_empty());
    }
}
