//! The life of each kind of resource by the command: created, waited for, listed, shown, changed and deleted.

use std::fs;
use std::path::Path;

use modelarts_simulator::catalogue::OPERATIONS;
use modelarts_simulator::examples;

use crate::service::{Run, Service};

/// What differs between the kinds.
struct Life {
    group: &'static str,
    /// The operation whose example is created.
    creation: &'static str,
    /// The property with the id, or with the name that stands for one.
    id: &'static str,
    /// The property with the id in the request, for kinds whose creation answers without one.
    is_named_by_request: bool,
    /// Whether a creation can be waited for.
    is_awaited: bool,
    /// Whether a deletion can be waited for.
    is_awaited_to_be_gone: bool,
    /// The property that is changed.
    changed: Option<&'static str>,
    /// The codes with which the name is refused that is taken, and the id that is gone.
    codes: [&'static str; 2],
}

impl Life {
    fn run(&self) {
        let service = Service::start_fast();
        let operation = OPERATIONS.iter().find(|operation| operation.id == self.creation).unwrap();
        let request = examples::body(operation).unwrap();
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.json", self.creation));
        fs::write(&file, request.to_string()).unwrap();
        let run = |arguments: &str| service.run(&format!("{} {arguments}", self.group));
        let create = format!("create --body @{} --output json", file.display());
        let wait = if self.is_awaited { " --wait --interval 0.01" } else { "" };
        let created = run(&format!("{create}{wait}")).json();
        let named = if self.is_named_by_request { &request } else { &created };
        let id = named.get(self.id).unwrap();
        let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        self.assert_refused(&run(&create), self.codes[0]);

        let listed = run("list --all --output json").json();
        let is_meant = |one: &serde_json::Value| {
            one[self.id].as_str().map_or_else(|| one[self.id].to_string(), str::to_owned) == id
        };
        assert_eq!(listed.as_array().unwrap().iter().filter(|one| is_meant(one)).count(), 1, "{listed}");
        let table = run("list --all");
        assert!(table.code == Some(0) && table.stdout.contains(&id), "{table}");
        let get = match self.group {
            "training-jobs" => format!("list-versions {id}"),
            _ => format!("get {id}"),
        };
        assert!(is_meant(&run(&format!("{get} --output json")).json()));
        if let Some(property) = self.changed {
            let mut body = serde_json::json!({property: "Changed"});
            if self.group == "training-job-configs" {
                body = request.clone();
                let fields = body.as_object_mut().unwrap();
                fields.insert(property.to_owned(), "Changed".into());
                fields.remove(self.id);
            }
            fs::write(&file, body.to_string()).unwrap();
            let updated = run(&format!("update {id} --body @{}", file.display()));
            assert_eq!(updated.code, Some(0), "{updated}");
            assert!(run(&get).stdout.contains("Changed"), "{}", run(&get));
        }
        let wait = if self.is_awaited_to_be_gone { " --wait --interval 0.01" } else { "" };
        let deleted = run(&format!("delete {id}{wait}"));
        assert_eq!(deleted.code, Some(0), "{deleted}");
        self.assert_refused(&run(&get), self.codes[1]);
    }

    fn assert_refused(&self, run: &Run, code: &str) {
        assert_eq!(run.code, Some(1), "{run}");
        assert!(run.stdout.is_empty() && run.stderr.lines().count() == 1, "{run}");
        assert!(run.stderr.contains(code), "{code} is missing ({}): {run}", self.group);
    }
}

#[test]
fn a_dataset() {
    let life = Life {
        group: "datasets",
        creation: "createDataset",
        id: "dataset_id",
        is_named_by_request: false,
        is_awaited: true,
        is_awaited_to_be_gone: true,
        changed: Some("description"),
        codes: ["ModelArts.4351", "ModelArts.4352"],
    };
    life.run();
}

#[test]
fn a_workspace() {
    let life = Life {
        group: "workspaces",
        creation: "createWorkspace",
        id: "id",
        is_named_by_request: false,
        is_awaited: false,
        is_awaited_to_be_gone: true,
        changed: Some("description"),
        codes: ["ModelArts.0103", "ModelArts.7005"],
    };
    life.run();
}

#[test]
fn a_model() {
    let life = Life {
        group: "models",
        creation: "createModel",
        id: "model_id",
        is_named_by_request: false,
        is_awaited: true,
        is_awaited_to_be_gone: false,
        changed: None,
        codes: ["ModelArts.3002", "ModelArts.3001"],
    };
    life.run();
}

#[test]
fn a_service() {
    let life = Life {
        group: "services",
        creation: "createService",
        id: "service_id",
        is_named_by_request: false,
        is_awaited: true,
        is_awaited_to_be_gone: true,
        changed: Some("description"),
        codes: ["ModelArts.3503", "ModelArts.3502"],
    };
    life.run();
}

#[test]
fn a_visualization_job() {
    let life = Life {
        group: "visualization-jobs",
        creation: "createVisualizationJob",
        id: "job_id",
        is_named_by_request: false,
        is_awaited: true,
        is_awaited_to_be_gone: true,
        changed: Some("job_desc"),
        codes: ["ModelArts.0103", "ModelArts.0015"],
    };
    life.run();
}

#[test]
fn a_training_job() {
    let life = Life {
        group: "training-jobs",
        creation: "createTrainingJob",
        id: "job_id",
        is_named_by_request: false,
        is_awaited: true,
        is_awaited_to_be_gone: true,
        changed: Some("job_desc"),
        codes: ["ModelArts.0103", "ModelArts.2775"],
    };
    life.run();
}

#[test]
fn a_training_job_configuration() {
    let life = Life {
        group: "training-job-configs",
        creation: "createTrainingJobConfig",
        id: "config_name",
        is_named_by_request: true,
        is_awaited: false,
        is_awaited_to_be_gone: false,
        changed: Some("config_desc"),
        codes: ["ModelArts.0103", "ModelArts.0015"],
    };
    life.run();
}
