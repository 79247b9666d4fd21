//! The typed client against the simulator: the life of what the service keeps, as a program would write it.

use std::time::Duration;

use huaweicloud_modelarts::auth::AkSk;
use huaweicloud_modelarts::{
    Client, CreateDatasetRequest, CreateModelRequest, CreateServiceRequest, CreateTrainingJobConfigRequest,
    CreateTrainingJobRequest, CreateTrainingJobVersionRequest, CreateVisualizationJobRequest,
    CreateWorkspaceRequest, DatasetSource, DatasetType, DatasetWorkPathType, Error, ErrorCode, ErrorKind,
    InferType, ModelStatus, ModelType, RealTimeServiceConfig, ServiceConfig, ServiceFlavor, ServiceStatus,
    ServiceTargetStatus, TextOrInteger, TrainingJobSettings, TrainingJobVersionSettings,
    UpdateDatasetRequest, UpdateServiceRequest, UpdateTrainingJobConfigRequest, UpdateTrainingJobRequest,
    UpdateVisualizationJobRequest, UpdateWorkspaceRequest,
};
use modelarts_simulator::{Settings, Simulator, credentials, seed};

/// The time between two polls.
const INTERVAL: Duration = Duration::from_millis(5);

/// A simulator whose resources are in each status for a moment only, and a client of it.
async fn start() -> (Simulator, Client) {
    let settings = Settings { stage: Duration::from_millis(20), ..Settings::default() };
    let simulator = Simulator::start_with(settings).await.unwrap();
    let client = Client::builder()
        .endpoint(simulator.endpoint())
        .project_id(credentials::PROJECT_ID)
        .credentials(AkSk::new(credentials::ACCESS_KEY, credentials::SECRET_KEY).unwrap())
        .build()
        .unwrap();
    (simulator, client)
}

/// Whether the service refused with this code.
fn assert_refused<T>(result: Result<T, Error>, status: u16, code: &ErrorCode) {
    let Err(error) = result else { panic!("it was not refused") };
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
    assert_eq!(error.status().unwrap().as_u16(), status, "{error}");
    assert_eq!(error.body().unwrap().error_code.as_ref(), Some(code), "{error}");
    assert!(error.request_id().is_some() && error.message().is_some(), "{error}");
}

/// An id that the service sends as a number or as text.
fn integer(value: &TextOrInteger) -> i64 {
    match value {
        TextOrInteger::Integer(value) => *value,
        TextOrInteger::Text(text) => text.parse().unwrap(),
        other => panic!("{other:?} is no integer"),
    }
}

#[tokio::test]
async fn a_workspace() {
    let (_simulator, client) = start().await;
    let workspaces = client.workspaces();
    let request = CreateWorkspaceRequest::new("orchard").description("Apples and pears");
    let created = workspaces.create(request.clone()).await.unwrap();
    let id = created.id.clone();
    assert_refused(workspaces.create(request).await, 409, &"ModelArts.0103".into());
    let mut names = Vec::new();
    let mut items = workspaces.list().limit(2).items();
    while let Some(workspace) = items.try_next().await.unwrap() {
        names.push(workspace.name.unwrap());
    }
    assert_eq!(names.len(), 4);
    assert!(names.contains(&"orchard".to_owned()));
    workspaces.update(id.clone(), UpdateWorkspaceRequest::new().description("Cherries")).await.unwrap();
    assert_eq!(workspaces.get(id.clone()).await.unwrap().description.as_deref(), Some("Cherries"));
    let deleted = workspaces.delete(id.clone()).wait().interval(INTERVAL).await.unwrap();
    assert!(deleted.polls() > 1);
    assert_refused(workspaces.get(id).await, 400, &ErrorCode::WorkspaceNotFound);
    let not_empty = workspaces.delete(seed::OTHER_WORKSPACE).wait().interval(INTERVAL).await;
    assert_eq!(not_empty.unwrap_err().kind(), ErrorKind::WaitFailed);
}

#[tokio::test]
async fn a_dataset() {
    let (_simulator, client) = start().await;
    let datasets = client.datasets();
    let request = CreateDatasetRequest::new("leaves", "/orchard/work/", DatasetWorkPathType::Obs)
        .dataset_type(DatasetType::ImageClassification)
        .data_sources(vec![DatasetSource::new().data_path("/orchard/leaves/")]);
    let created = datasets.create(request.clone()).wait().interval(INTERVAL).await.unwrap();
    let id = created.into_response().dataset_id.clone();
    let error = datasets.create(request).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 400), "{error}");
    let mut found = 0;
    let mut items = datasets.list().limit(1).items();
    while let Some(dataset) = items.try_next().await.unwrap() {
        found += usize::from(dataset.dataset_id == id);
    }
    assert_eq!(found, 1);
    let update = UpdateDatasetRequest::new().description("Leaves of apple trees");
    datasets.update(id.clone(), update).await.unwrap();
    let dataset = datasets.get(id.clone()).await.unwrap();
    assert_eq!(dataset.description.as_deref(), Some("Leaves of apple trees"));
    datasets.delete(id.clone()).wait().interval(INTERVAL).await.unwrap();
    assert_refused(datasets.get(id).await, 400, &"ModelArts.4352".into());
}

/// A model, and a service that it is deployed as.
#[tokio::test]
async fn a_model_and_its_service() {
    let (_simulator, client) = start().await;
    let location = "https://orchard.obs.cn-north-4.myhuaweicloud.com/leaves/";
    let request =
        CreateModelRequest::new("leaves", "0.0.1", location, ModelType::PyTorch).runtime("python3.7");
    let created = client.models().create(request).wait().interval(INTERVAL).await.unwrap();
    let model = created.into_response().model_id.clone();
    assert_eq!(client.models().get(model.clone()).await.unwrap().model_status, Some(ModelStatus::Published));

    let services = client.services();
    let config = RealTimeServiceConfig::new(model.clone(), 100, ServiceFlavor::Cpu2U, 1);
    let config = ServiceConfig::RealTime(Box::new(config));
    let request = CreateServiceRequest::new("leaves-online", InferType::RealTime, vec![config]);
    let created = services.create(request.clone()).wait().interval(INTERVAL).await.unwrap();
    let service = created.into_response().service_id.clone();
    assert_refused(services.create(request).await, 409, &"ModelArts.3503".into());
    // The status is one of success: each model has its own outcome.
    let deletion = client.models().delete(model.clone()).await.unwrap();
    let kept = deletion.delete_failed_list.as_ref().unwrap();
    assert_eq!(kept.first().unwrap().error_code, Some(ErrorCode::ModelInUse));
    let mut running = services.list().status(ServiceStatus::Running).limit(1).items();
    let mut ids = Vec::new();
    while let Some(one) = running.try_next().await.unwrap() {
        ids.push(one.service_id);
    }
    assert_eq!(ids.len(), 2);
    assert!(ids.contains(&service));
    let stop = UpdateServiceRequest::new().status(ServiceTargetStatus::Stopped);
    services.update(service.clone(), stop).wait().interval(INTERVAL).await.unwrap();
    assert_eq!(services.get(service.clone()).await.unwrap().status, Some(ServiceStatus::Stopped));
    services.delete(service.clone()).wait().interval(INTERVAL).await.unwrap();
    assert_refused(services.get(service).await, 404, &ErrorCode::ServiceNotFound);
    let deletion = client.models().delete(model.clone()).await.unwrap();
    assert_eq!(deletion.delete_success_list.as_deref(), Some(&[model.clone()][..]));
    assert_refused(client.models().get(model).await, 404, &ErrorCode::ModelNotFound);
}

#[tokio::test]
async fn a_visualization_job() {
    let (_simulator, client) = start().await;
    let jobs = client.visualization_jobs();
    let request = CreateVisualizationJobRequest::new("leaves-board", "/orchard/output/");
    let created = jobs.create(request.clone()).wait().interval(INTERVAL).await.unwrap().into_response();
    let id = integer(&created.job_id);
    assert_refused(jobs.create(request).await, 409, &"ModelArts.0103".into());
    jobs.update(id, UpdateVisualizationJobRequest::new("Losses")).await.unwrap();
    assert_eq!(jobs.get(id).await.unwrap().job_desc.as_deref(), Some("Losses"));
    jobs.stop(id).wait().interval(INTERVAL).await.unwrap();
    let again = jobs.stop(id).await.unwrap_err();
    assert_eq!((again.kind(), again.status().unwrap().as_u16()), (ErrorKind::Api, 400), "{again}");
    jobs.restart(id).wait().interval(INTERVAL).await.unwrap();
    let mut items = jobs.list().per_page(2).items();
    let mut count = 0;
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    assert_eq!(count, 4);
    jobs.delete(id).wait().interval(INTERVAL).await.unwrap();
    let gone = jobs.get(id).await.unwrap_err();
    assert_eq!((gone.kind(), gone.status().unwrap().as_u16()), (ErrorKind::Api, 404), "{gone}");
}

#[tokio::test]
async fn a_training_job_and_its_versions() {
    let (_simulator, client) = start().await;
    let jobs = client.training_jobs();
    let settings = TrainingJobSettings::new(1, 6)
        .engine_id(28)
        .app_url("/orchard/code/")
        .boot_file_url("/orchard/code/train.py")
        .data_url("/orchard/leaves/")
        .train_url("/orchard/output/");
    let request = CreateTrainingJobRequest::new("leaves-resnet", settings).job_desc("The first try");
    let created = jobs.create(request.clone()).wait().interval(INTERVAL).await.unwrap().into_response();
    let id = integer(&created.job_id);
    let first = integer(created.version_id.as_ref().unwrap());
    assert_refused(jobs.create(request).await, 409, &"ModelArts.0103".into());
    jobs.update(id, UpdateTrainingJobRequest::new("The second try")).await.unwrap();
    let settings = TrainingJobVersionSettings::new(1, 6, "/orchard/output/", first)
        .model_id(7)
        .data_url("/orchard/leaves/");
    let second = jobs.create_version(id, CreateTrainingJobVersionRequest::new(settings)).await.unwrap();
    let second = second.version_id;
    jobs.stop_version(id, second).wait().interval(INTERVAL).await.unwrap();
    let mut items = jobs.list_versions(id).per_page(1).items();
    let mut versions = Vec::new();
    while let Some(version) = items.try_next().await.unwrap() {
        versions.push(version.version_id);
    }
    assert_eq!(versions.len(), 2);
    assert_eq!(jobs.get_version(id, second).await.unwrap().job_desc.as_deref(), Some("The second try"));
    jobs.delete_version(id, second).wait().interval(INTERVAL).await.unwrap();
    jobs.delete(id).wait().interval(INTERVAL).await.unwrap();
    let error = jobs.get_version(id, first).await.unwrap_err();
    assert_eq!(error.body().unwrap().error_code, Some(ErrorCode::TrainingJobNotFound), "{error}");
}

#[tokio::test]
async fn a_training_job_configuration() {
    let (_simulator, client) = start().await;
    let configs = client.training_job_configs();
    let request = CreateTrainingJobConfigRequest::new(1, 6, "leaves-nightly")
        .config_desc("Every night")
        .data_url("/orchard/leaves/")
        .model_id(7);
    configs.create(request.clone()).await.unwrap();
    assert_refused(configs.create(request).await, 409, &"ModelArts.0103".into());
    let mut items = configs.list().per_page(1).items();
    let mut names = Vec::new();
    while let Some(config) = items.try_next().await.unwrap() {
        names.push(config.config_name);
    }
    assert!(names.contains(&"leaves-nightly".to_owned()) && names.len() > 1, "{names:?}");
    let update = UpdateTrainingJobConfigRequest::new(2, 6)
        .config_desc("Every second night")
        .data_url("/orchard/leaves/")
        .model_id(7);
    configs.update("leaves-nightly", update).await.unwrap();
    let config = configs.get("leaves-nightly").await.unwrap();
    assert_eq!(config.config_desc.as_deref(), Some("Every second night"));
    assert_eq!(config.worker_server_num, Some(2));
    configs.delete("leaves-nightly").await.unwrap();
    assert_refused(configs.get("leaves-nightly").await, 404, &"ModelArts.0015".into());
}
