//! The dashboard for Grafana, the alerts for Prometheus and the documentation name the metrics that there are.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use serde_json::{Value, json};
use taskdeck::record::metrics::{Kind, METRICS, Metric};

use crate::promtool;

const DASHBOARD: &str = include_str!("../../assets/grafana/taskdeck.json");
const ALERTS: &str = "assets/prometheus/taskdeck.rules.yml";
const DOCUMENTATION: [&str; 2] = ["docs/guide/metrics.md", "docs/reference/metrics.md"];

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn dashboard() -> Value {
    serde_json::from_str(DASHBOARD).unwrap()
}

fn panels(dashboard: &Value) -> &[Value] {
    dashboard["panels"].as_array().unwrap()
}

fn title(panel: &Value) -> &str {
    panel["title"].as_str().unwrap()
}

/// Returns the queries of all panels, with the panels' titles.
fn queries(dashboard: &Value) -> Vec<(&str, &str)> {
    let targets = |panel: &Value| panel["targets"].as_array().map_or(&[][..], Vec::as_slice).len();
    let of = |panel| (0..targets(panel)).map(move |nth| (title(panel), &panel["targets"][nth]));
    panels(dashboard)
        .iter()
        .flat_map(of)
        .map(|(title, target)| (title, target["expr"].as_str().unwrap()))
        .collect()
}

/// Returns the names of metrics in a text.
fn named(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("taskdeck_")).collect()
}

/// Returns the metric that a series belongs to.
fn metric_of(series: &str) -> &'static Metric {
    let is_of = |metric: &&Metric| match metric.kind {
        Kind::Histogram => ["_bucket", "_sum", "_count"]
            .iter()
            .any(|suffix| series.strip_suffix(suffix) == Some(metric.name)),
        Kind::Gauge | Kind::Counter | Kind::Info => series == metric.name,
    };
    METRICS.iter().find(is_of).unwrap_or_else(|| panic!("there is no metric {series}"))
}

/// Returns the labels that a query selects or groups by.
fn labels(query: &str) -> Vec<&str> {
    let between = |open: &str, close: char| {
        let parts: Vec<_> = query.split(open).skip(1).filter_map(|rest| rest.split(close).next()).collect();
        parts
    };
    let selected = between("{", '}')
        .into_iter()
        .flat_map(|part| part.split(','))
        .filter_map(|matcher| matcher.split(['=', '!', '~']).next());
    let grouped = between(" by (", ')').into_iter().flat_map(|part| part.split(','));
    selected.chain(grouped).map(str::trim).filter(|label| !label.is_empty()).collect()
}

/// A query must name metrics that there are, and only labels that these have.
fn names_what_there_is(query: &str) {
    let metrics: Vec<_> = named(query).into_iter().map(metric_of).collect();
    assert!(!metrics.is_empty(), "{query}");
    for label in labels(query) {
        let known = ["target", "le"].contains(&label);
        assert!(known || metrics.iter().any(|metric| metric.labels.contains(&label)), "{label}: {query}");
    }
}

#[test]
fn the_dashboard_queries_metrics_and_labels_that_there_are() {
    let dashboard = dashboard();
    for (_, query) in queries(&dashboard) {
        names_what_there_is(query);
    }
    let all: Vec<_> = queries(&dashboard).into_iter().map(|(_, query)| query).collect();
    let shown: HashSet<_> = named(&all.join(" ")).into_iter().map(|series| metric_of(series).name).collect();
    let missing: Vec<_> =
        METRICS.iter().map(|metric| metric.name).filter(|name| !shown.contains(name)).collect();
    assert!(missing.is_empty(), "no panel shows {missing:?}");
}

/// In the schema of Grafana, as far as its panels need it.
#[test]
fn the_dashboard_is_well_formed() {
    let dashboard = dashboard();
    assert!(dashboard["schemaVersion"].as_u64().unwrap() >= 36);
    assert!(dashboard["id"].is_null(), "an id is that of one Grafana");
    assert!((1..=40).contains(&dashboard["uid"].as_str().unwrap().len()));
    let (mut ids, mut taken) = (HashSet::new(), HashSet::new());
    for panel in panels(&dashboard) {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "{}", title(panel));
        let grid = |key: &str| panel["gridPos"][key].as_u64().unwrap();
        assert!(grid("x") + grid("w") <= 24 && grid("w") > 0 && grid("h") > 0, "{}", title(panel));
        for x in grid("x")..grid("x") + grid("w") {
            for y in grid("y")..grid("y") + grid("h") {
                assert!(taken.insert((x, y)), "{} covers another panel", title(panel));
            }
        }
        let kind = panel["type"].as_str().unwrap();
        assert!(["row", "stat", "timeseries", "state-timeline"].contains(&kind), "{kind}");
        if kind == "row" {
            continue;
        }
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string() && panel["options"].is_object());
        let targets = panel["targets"].as_array().unwrap();
        let names: HashSet<_> = targets.iter().map(|target| target["refId"].as_str().unwrap()).collect();
        assert!(!targets.is_empty() && names.len() == targets.len(), "{}", title(panel));
        for source in targets.iter().chain([panel]).map(|with| &with["datasource"]) {
            assert_eq!(*source, json!({"type": "prometheus", "uid": "${datasource}"}), "{}", title(panel));
        }
    }
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    let kinds: Vec<_> = variables.iter().map(|of| (of["name"].as_str(), of["type"].as_str())).collect();
    assert_eq!(
        kinds,
        [("datasource", "datasource"), ("target", "query"), ("domain", "query")]
            .map(|(name, kind)| (Some(name), Some(kind)))
    );
    for variable in &variables[1..] {
        names_what_there_is(variable["query"]["query"].as_str().unwrap());
    }
}

#[test]
fn the_queries_of_the_dashboard_parse() {
    let dashboard = dashboard();
    let expand = |query: &str| {
        [("$__rate_interval", "2m"), ("$__range", "6h"), ("$target", ".*"), ("$domain", ".*")]
            .iter()
            .fold(query.to_owned(), |query, (variable, value)| query.replace(variable, value))
    };
    let rules: Vec<_> = queries(&dashboard)
        .into_iter()
        .enumerate()
        .map(|(nth, (_, query))| json!({"record": format!("query:{nth}"), "expr": expand(query)}))
        .collect();
    assert!(rules.iter().all(|rule| !rule["expr"].as_str().unwrap().contains('$')), "{rules:?}");
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("queries.yml");
    // JSON is YAML.
    let groups = json!({"groups": [{"name": "dashboard", "rules": rules}]});
    std::fs::write(&file, groups.to_string()).unwrap();
    promtool::check_rules(&file);
}

#[test]
fn the_alerts_query_metrics_and_labels_that_there_are() {
    let text = std::fs::read_to_string(path(ALERTS)).unwrap();
    let queries: Vec<_> = text
        .split("expr: ")
        .skip(1)
        .filter_map(|rest| rest.split("\n        ").find(|line| line.contains("taskdeck_")))
        .collect();
    assert!(queries.len() >= 7, "{queries:?}");
    queries.into_iter().for_each(names_what_there_is);
    promtool::check_rules(&path(ALERTS));
}

#[test]
fn the_alerts_are_raised() {
    let file = path("tests/fixtures/prometheus/alerts.yml");
    promtool::check(&["test", "rules", file.to_str().unwrap()], "");
}

#[test]
fn the_documentation_names_metrics_that_there_are() {
    let is_known = |name: &&str| METRICS.iter().any(|metric| metric.name == *name);
    for page in DOCUMENTATION {
        let text = std::fs::read_to_string(path(page)).unwrap();
        assert_eq!(
            named(&text).into_iter().filter(|name| !is_known(name)).collect::<Vec<_>>(),
            [""; 0],
            "{page}"
        );
    }
}
