//! Where the command and the client have credentials from, and how they find the project.

use std::path::PathBuf;

use huaweicloud_modelarts::auth::{CredentialChain, Credentials, EcsMetadata, IamToken, Profile};
use huaweicloud_modelarts::{Client, ErrorKind};
use modelarts_simulator::{Simulator, credentials};

use crate::service::{Program, Service};

const LIST: &str = "training-jobs list --output json";

/// A file with a profile, for one test.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("modelarts-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn keys(name: &str, rest: &str) -> Self {
        let (ak, sk) = (credentials::ACCESS_KEY, credentials::SECRET_KEY);
        Self::new(name, &format!("[basic]\nak = {ak}\nsk = {sk}\n{rest}"))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Where it cannot be removed, it stays behind in the folder for that.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The program with the profile of that file, and the service at its endpoint.
fn with_profile(service: &Service, file: &File) -> Program {
    Program::new()
        .variable("HUAWEICLOUD_SDK_CREDENTIALS_FILE", file.path())
        .variable("MODELARTS_ENDPOINT", &service.endpoint())
}

#[test]
fn a_profile_is_enough() {
    let service = Service::start();
    let file = File::keys("enough", &format!("iam_endpoint = {}\n", service.endpoint()));
    let run = with_profile(&service, &file).run(&format!("{LIST} --region {}", credentials::REGION));
    assert_eq!(run.json()["is_success"], true);
    // The project is looked up by the name of the region.
    assert_eq!((service.count("GET", "/v3/projects"), service.count("GET", "/training-jobs")), (1, 1));
    let run = with_profile(&service, &file).run(&format!("{LIST} --project-id {}", credentials::PROJECT_ID));
    assert_eq!(run.json()["is_success"], true);
    assert_eq!(service.count("GET", "/v3/projects"), 1);
}

#[test]
fn a_profile_says_the_project() {
    let service = Service::start();
    let file = File::keys("project", &format!("project_id = {}\n", credentials::PROJECT_ID));
    assert_eq!(with_profile(&service, &file).run(LIST).json()["is_success"], true);
    assert_eq!(service.count("GET", "/v3/projects"), 0);
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let service = Service::start();
    let file = File::new("wrong", "[basic]\nak: x\n");
    let parts = ["the profile cannot be used: `", "line 2", "`name = value`"];
    with_profile(&service, &file).run(LIST).assert_usage_error(&parts);
    let file = File::keys("nowhere", &format!("iam_endpoint = {}\n", service.endpoint()));
    let program = with_profile(&service, &file);
    program
        .run(&format!("{LIST} --region nowhere-1"))
        .assert_usage_error(&["no project of the region `nowhere-1`"]);
    program
        .run(LIST)
        .assert_usage_error(&["cannot be told from `127.0.0.1`", "set the project or the region"]);
}

fn client(simulator: &Simulator, credentials: impl Into<Credentials>) -> Client {
    Client::builder().endpoint(simulator.endpoint()).credentials(credentials).build().unwrap()
}

#[tokio::test]
async fn the_instance_has_temporary_keys() {
    let simulator = Simulator::start().await.unwrap();
    let chain = CredentialChain::new()
        .variables(|_| None)
        .profile(Profile::new().file("/nowhere/credentials"))
        .metadata(EcsMetadata::at(simulator.endpoint()))
        .iam_endpoint(simulator.endpoint())
        .region(credentials::REGION);
    let client = client(&simulator, chain);
    client.training_jobs().list().await.unwrap();
    client.training_jobs().list().await.unwrap();
    let paths = simulator.requests().into_iter().map(|request| request.path_and_query);
    let jobs = format!("/v1/{}/training-jobs", credentials::PROJECT_ID);
    assert_eq!(
        paths.collect::<Vec<_>>(),
        [
            "/meta-data/latest/api/token",
            "/openstack/latest/securitykey",
            "/v3/projects?name=cn-north-4",
            jobs.as_str(),
            jobs.as_str()
        ]
    );
}

#[tokio::test]
async fn a_password_gives_a_token_which_knows_its_project() {
    let simulator = Simulator::start().await.unwrap();
    let token = |password: &str| {
        IamToken::new(credentials::DOMAIN, credentials::USER, password)
            .iam_endpoint(simulator.endpoint())
            .region(credentials::REGION)
    };
    client(&simulator, token(credentials::PASSWORD)).training_jobs().list().await.unwrap();
    let error = client(&simulator, token("another-password")).training_jobs().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(error.to_string().contains("The username or password is wrong."), "{error}");
}
