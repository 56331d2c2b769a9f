//! Compares the files of `deploy/` with the program.

use std::collections::BTreeSet;
use std::fs;

use cargo_metadata::MetadataCommand;
use caunoi_metrics::catalogue;
use serde_json::Value;

use crate::commands::profile_of_make_run;
use crate::process::program::Program;

const DEPLOY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy");
/// The suffixes that Prometheus adds to the name of a histogram.
const PARTS: [&str; 3] = ["_bucket", "_sum", "_count"];

fn read(file: &str) -> String {
    fs::read_to_string(format!("{DEPLOY}/{file}")).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// Returns the words of a text with this prefix.
fn words<'a>(text: &'a str, beginning: &str) -> BTreeSet<&'a str> {
    let is_sign = |sign: char| !sign.is_ascii_alphanumeric() && sign != '_';
    text.split(is_sign).filter(|word| word.starts_with(beginning)).collect()
}

/// Returns the metrics that an expression uses.
fn figures(text: &str) -> BTreeSet<String> {
    let names =
        ["caunoi_", "http_server_", "process_"].into_iter().flat_map(|beginning| words(text, beginning));
    names
        .map(|name| {
            let whole = PARTS.into_iter().find_map(|part| name.strip_suffix(part));
            whole.unwrap_or(name).to_owned()
        })
        .collect()
}

fn expressions(dashboard: &Value) -> Vec<&str> {
    let panels = dashboard["panels"].as_array().expect("panels");
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    targets.map(|target| target["expr"].as_str().expect("an expression")).collect()
}

/// Returns every setting that `caunoi config` lists.
fn settings() -> BTreeSet<String> {
    let listed = Program::new(["config"]).run();
    let rows = listed.out.lines().skip(1).filter_map(|row| row.split_whitespace().next());
    let settings: BTreeSet<String> = rows.map(str::to_owned).collect();
    assert!(settings.contains("listen"), "{listed}");
    settings
}

#[test]
fn dashboard_and_alerts_use_existing_metrics() {
    let known: BTreeSet<&str> = catalogue::ALL.iter().map(|figure| figure.name).collect();
    let dashboard: Value = serde_json::from_str(&read("grafana/dashboards/caunoi.json")).expect("JSON");
    let shown: BTreeSet<String> = expressions(&dashboard).into_iter().flat_map(figures).collect();
    let watched = figures(&read("alerts.yml"));
    assert!(watched.len() > 5, "{watched:?}");
    for name in shown.iter().chain(&watched) {
        assert!(known.contains(name.as_str()), "{name} is no figure");
    }
    for name in known {
        assert!(shown.contains(name), "no panel shows {name}");
    }
}

#[test]
fn every_alert_is_in_the_runbook() {
    let (alerts, runbook) = (read("alerts.yml"), read("RUNBOOK.md"));
    let names: Vec<&str> = alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(names.len() > 5, "{names:?}");
    for name in names {
        assert!(runbook.contains(&format!("`{name}`")), "{name} is not in the runbook");
    }
}

#[test]
fn images_and_units_set_known_settings_only() {
    let settings = settings();
    for file in ["compose.yaml", "Dockerfile", "caunoi.service"] {
        let text = read(file);
        // `${CAUNOI_…}` is a variable of the shell of the caller, not of the program.
        let received = text.replace("${CAUNOI_", "${");
        let variables = words(&received, "CAUNOI_");
        assert!(!variables.is_empty(), "{file}");
        for variable in variables {
            let key = variable.trim_start_matches("CAUNOI_").to_ascii_lowercase();
            let plain = key.strip_suffix("_file").unwrap_or(&key);
            assert!(settings.contains(&key) || settings.contains(plain), "{file} sets {variable}");
        }
    }
}

#[test]
fn image_and_readme_name_the_tested_rust() {
    let tested = env!("CARGO_PKG_RUST_VERSION");
    let image = format!("ARG BUILD_IMAGE=rust:{tested}-slim-bookworm");
    assert!(read("Dockerfile").lines().any(|line| line == image), "{image}");
    let needed = format!("Rust {tested} or newer");
    assert!(read("../README.md").contains(&needed), "{needed}");
}

/// Returns the arguments of cargo after `command` in each line of a file that has it.
fn arguments_of(text: &str, command: &str) -> Vec<String> {
    let found = text.lines().filter_map(|line| line.split_once(command)).map(|(_, arguments)| arguments);
    found.map(|arguments| arguments.trim_end_matches(" \\").to_owned()).collect()
}

#[test]
fn image_builds_dependencies_and_code_as_make_dist_does() {
    let dist = arguments_of(&read("release/dist"), " cargo build ");
    let (arguments, _) = dist[0].split_once(" --target-dir").expect("a folder of its own");
    let image = read("Dockerfile");
    assert_eq!(arguments_of(&image, "cargo build "), [arguments, arguments]);
    // The first build has the manifests alone, and nothing of it counts as the code of the second.
    let order = ["COPY --from=manifests", "cargo build", "COPY . .", "-exec touch", "cargo build"];
    let (_, stage) = image.split_once("AS build\n").expect("a stage that builds");
    let mut rest = stage;
    for step in order {
        (_, rest) = rest.split_once(step).unwrap_or_else(|| panic!("{step} is missing or too early"));
    }
}

#[test]
fn image_has_every_member_of_the_workspace() {
    let workspace = MetadataCommand::new().no_deps().exec().expect("the workspace");
    let ignored = read("../.dockerignore");
    for member in workspace.workspace_packages() {
        let path = member.manifest_path.strip_prefix(&workspace.workspace_root).expect("a path within");
        let folder = path.components().next().expect("a folder");
        assert!(ignored.lines().any(|line| line == format!("!{folder}")), "{path}");
    }
}

#[test]
fn profile_of_make_run_exists_and_overrides_packages_of_the_build() {
    let profile = profile_of_make_run();
    for arguments in arguments_of(&read("../tests/build/run"), " --profile ") {
        assert_eq!(arguments.split_whitespace().next(), Some(profile.as_str()), "{arguments}");
    }
    let manifest = read("../Cargo.toml");
    let heading = format!("[profile.{profile}]");
    assert!(manifest.lines().any(|line| line == heading), "{heading}");
    let prefix = format!("[profile.{profile}.package.");
    let overridden: Vec<&str> =
        manifest.lines().filter_map(|line| line.strip_prefix(prefix.as_str())?.strip_suffix(']')).collect();
    assert!(!overridden.is_empty(), "no package is overridden");
    let lock = read("../Cargo.lock");
    for name in overridden {
        let entry = format!("name = \"{name}\"");
        assert!(lock.lines().any(|line| line == entry), "no package {name} is built");
    }
}

/// Returns the lines of a section of the compose file below `heading`, up to the same indent.
fn section_lines<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let indent = heading.len() - heading.trim_start().len();
    let is_inside = |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indent;
    text.lines().skip_while(|line| *line != heading).skip(1).take_while(is_inside).collect()
}

#[test]
fn compose_servers_reach_the_internet() {
    let compose = read("compose.yaml");
    let networks = section_lines(&compose, "networks:");
    let leads_out = |name: &str| networks.contains(&format!("  {name}:").as_str());
    let servers = compose.lines().find_map(|line| line.strip_prefix("  networks: ["));
    let servers = servers.and_then(|names| names.strip_suffix(']')).expect("the networks of the servers");
    assert!(servers.split(", ").any(leads_out), "webhooks cannot be called from {servers}");
    // No client can connect through it: the servers publish no port.
    assert!(!section_lines(&compose, "x-caunoi: &caunoi").iter().any(|line| line.starts_with("  ports:")));
    for closed in ["front", "data", "watch"] {
        assert!(networks.contains(&format!("  {closed}: {{ internal: true }}").as_str()), "{networks:?}");
    }
}

#[test]
fn systemd_unit_restarts_until_the_database_is_up() {
    let unit = read("caunoi.service");
    assert!(unit.lines().any(|line| line == "Restart=on-failure"), "{unit}");
    assert!(unit.lines().any(|line| line == "StartLimitIntervalSec=0"), "a limit of starts keeps it down");
    let prevented = unit.lines().find_map(|line| line.strip_prefix("RestartPreventExitStatus="));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let unconfigured = Program::new(["serve"])
        .with("CAUNOI_LISTEN", "127.0.0.1:0")
        .with("CAUNOI_DATA_DIR", folder.path())
        .with("CAUNOI_DATABASE_URL", "postgres://caunoi@127.0.0.1:1/caunoi")
        .run();
    let code = unconfigured.code.expect("it ends by itself").to_string();
    assert!(!prevented.expect("a list of codes").split(' ').any(|listed| listed == code), "{unconfigured}");
}

#[test]
fn sample_config_has_every_default() {
    let sample = format!("{DEPLOY}/caunoi.toml");
    let read_by_program = Program::new(["config", "--config", &sample]).run();
    let without = Program::new(["config"]).run();
    assert_eq!(read_by_program.code, Some(0), "{read_by_program}");
    let values = |out: &str| -> Vec<Vec<String>> {
        let rows = out.lines().map(|row| row.split_whitespace().take(2).map(str::to_owned).collect());
        rows.collect()
    };
    assert_eq!(values(&read_by_program.out), values(&without.out));
    let text = read("caunoi.toml");
    let lines = text.lines().map(|line| line.trim_start_matches("# "));
    let named: BTreeSet<&str> = lines.filter_map(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    for setting in settings() {
        assert!(named.contains(setting.as_str()), "the sample does not name {setting}");
    }
}

#[test]
fn settings_reference_has_every_setting() {
    let reference = read("../docs/reference/settings.md");
    let rows: Vec<Vec<&str>> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    let documented: BTreeSet<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(documented, settings());
    for row in rows {
        assert_eq!(row[1], format!("CAUNOI_{}", row[0].to_ascii_uppercase()));
    }
}

/// Returns the texts in a file that look like the body of an error response.
fn error_bodies(text: &str) -> Vec<Value> {
    let starts = text.match_indices(r#"{"errors":"#).map(|(at, _)| &text[at..]);
    let bodies = starts.map(|rest| serde_json::Deserializer::from_str(rest).into_iter::<Value>().next());
    bodies.map(|body| body.expect("a body").expect("JSON")).collect()
}

#[test]
fn errors_of_proxies_have_the_form_of_the_api() {
    let reference = read("../docs/reference/errors.md");
    for (file, statuses) in [("nginx.conf", [413, 429, 503, 504]), ("Caddyfile", [413, 502, 503, 504])] {
        let text = read(file);
        for status in statuses {
            assert!(text.contains(&status.to_string()), "{file} does not handle {status}");
        }
        let bodies = error_bodies(&text);
        assert!(bodies.len() >= 4, "{file}: {bodies:?}");
        for body in bodies {
            let error = &body["errors"][0];
            let code = error["extensions"]["code"].as_str().expect("a code");
            assert!(reference.contains(&format!("| `{code}`")), "{file}: {code}");
            assert!(
                error["message"].is_string() && error["extensions"]["retryable"].is_boolean(),
                "{file}: {body}"
            );
        }
    }
}

#[test]
fn proxies_write_the_header_of_addresses_that_the_server_reads() {
    let settings = Program::new(["config"]).run();
    let header = settings.out.lines().find_map(|row| row.strip_prefix("forwarded_header"));
    let header = header.and_then(|row| row.split_whitespace().next()).expect("the setting");
    let nginx = read("nginx.conf").to_ascii_lowercase();
    assert!(nginx.contains(&format!("proxy_set_header {header} $proxy_add_x_forwarded_for;")), "{header}");
    assert!(nginx.contains("proxy_set_header forwarded \"\";"), "clients could write the other header");
    // Caddy writes X-Forwarded-For by itself.
    assert_eq!(header, "x-forwarded-for");
    let compose = read("compose.yaml");
    let trusted = compose.lines().find_map(|line| line.trim().strip_prefix("CAUNOI_TRUSTED_PROXIES: "));
    let trusted = trusted.expect("the proxy is trusted").trim_matches('"');
    let read_by_program = Program::new(["config"]).with("CAUNOI_TRUSTED_PROXIES", trusted).run();
    assert_eq!(read_by_program.code, Some(0), "{read_by_program}");
}
