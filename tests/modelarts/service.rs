//! A simulator for each test, and the program run against it.

use std::fmt;
use std::process::{Command, Stdio};
use std::time::Duration;

use modelarts_simulator::{RecordedRequest, Settings, Simulator, credentials};
use tokio::runtime::Runtime;

/// What must never be shown, whatever happens.
const SECRETS: [&str; 6] = [
    credentials::SECRET_KEY,
    credentials::TEMPORARY_SECRET_KEY,
    credentials::SECURITY_TOKEN,
    credentials::TOKEN,
    credentials::EXPIRED_TOKEN,
    credentials::PASSWORD,
];

/// A simulator, with the runtime that drives it.
pub(crate) struct Service {
    simulator: Simulator,
    _runtime: Runtime,
}

impl Service {
    pub(crate) fn start() -> Self {
        Self::start_with(Settings::default())
    }

    /// With resources that are in each status on their way for a moment only.
    pub(crate) fn start_fast() -> Self {
        Self::start_with(Settings { stage: Duration::from_millis(20), ..Settings::default() })
    }

    fn start_with(settings: Settings) -> Self {
        let runtime = Runtime::new().unwrap();
        let simulator = runtime.block_on(Simulator::start_with(settings)).unwrap();
        Self { simulator, _runtime: runtime }
    }

    /// The program with the simulator's endpoint, keys and project in its environment, and nothing else.
    pub(crate) fn program(&self) -> Program {
        Program::new()
            .variable("MODELARTS_ENDPOINT", &self.simulator.endpoint())
            .variable("HUAWEICLOUD_SDK_AK", credentials::ACCESS_KEY)
            .variable("HUAWEICLOUD_SDK_SK", credentials::SECRET_KEY)
            .variable("HUAWEICLOUD_SDK_PROJECT_ID", credentials::PROJECT_ID)
    }

    /// The URL of the simulator.
    pub(crate) fn endpoint(&self) -> String {
        self.simulator.endpoint()
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &str) -> Run {
        self.program().run(arguments)
    }

    /// All requests that came in, oldest first.
    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.simulator.requests()
    }

    /// How many requests of that method came in for paths with that end.
    pub(crate) fn count(&self, method: &str, path_end: &str) -> usize {
        let requests = self.simulator.requests();
        let path = |target: &str| target.split('?').next().unwrap_or_default().to_owned();
        let is_meant = |target: &str| path(target).ends_with(path_end);
        requests.iter().filter(|one| one.method == method && is_meant(&one.path_and_query)).count()
    }
}

/// The program and its environment.
pub(crate) struct Program {
    variables: Vec<(&'static str, String)>,
}

impl Program {
    /// With an empty environment.
    pub(crate) fn new() -> Self {
        Self { variables: Vec::new() }
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_modelarts"));
        command.env_clear().args(arguments.split_whitespace()).stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    pub(crate) fn run(&self, arguments: &str) -> Run {
        let output = self.command(arguments).output().unwrap();
        let run = Run {
            arguments: arguments.to_owned(),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        let given =
            self.variables.iter().filter(|(name, _)| name.ends_with("_SK") || name.ends_with("TOKEN"));
        for secret in SECRETS.into_iter().chain(given.map(|(_, value)| value.as_str())) {
            assert!(!run.to_string().contains(secret), "a secret is shown: {run}");
        }
        run
    }
}

/// What came of running the program.
pub(crate) struct Run {
    arguments: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The output as JSON; the program must have succeeded.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, Some(0), "{self}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// Whether it failed for a reason that is the caller's, with one line that has all of these parts.
    pub(crate) fn assert_usage_error(&self, parts: &[&str]) {
        assert_eq!(self.code, Some(2), "{self}");
        assert!(self.stdout.is_empty() && self.stderr.starts_with("error: "), "{self}");
        assert_eq!(self.stderr.lines().count(), 1, "{self}");
        for part in parts {
            assert!(self.stderr.contains(part), "`{part}` is missing: {self}");
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "$ modelarts {}", self.arguments)?;
        if !self.stdout.is_empty() {
            writeln!(f, "--- standard output\n{}", self.stdout.trim_end())?;
        }
        if !self.stderr.is_empty() {
            writeln!(f, "--- standard error\n{}", self.stderr.trim_end())?;
        }
        write!(f, "--- exit code {}", self.code.unwrap_or(-1))
    }
}

/// Compares runs with the snapshot of that name, request ids, ports and times aside.
pub(crate) fn assert_runs(name: &str, runs: &[Run]) {
    let text = runs.iter().map(Run::to_string).collect::<Vec<_>>().join("\n\n");
    let filters = [
        (r"\b[0-9a-f]{32}\b", "[request id]"),
        (r"127\.0\.0\.1:\d+", "[address]"),
        (r"\b\d+\.\d s\b", "[time] s"),
    ];
    insta::with_settings!({filters => filters, omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}
