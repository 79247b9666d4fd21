//! The calls by the generated client.

use std::net::SocketAddr;

use huaweicloud_modelarts::auth::Token;
use huaweicloud_modelarts::{Client, CreateWorkspaceRequest, JobStatus, WorkspaceAccess, WorkspaceGrant};

use super::{CONNECT_TIMEOUT, Calls, PROJECT, TIMEOUT, TOKEN};

#[derive(Clone)]
pub(super) struct Generated(Client);

impl Generated {
    pub(super) fn new(address: SocketAddr) -> Result<Self, String> {
        let client = Client::builder()
            .endpoint(format!("http://{address}"))
            .project_id(PROJECT)
            .credentials(Token::new(TOKEN))
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .build();
        client.map(Self).map_err(|error| error.to_string())
    }
}

impl Calls for Generated {
    async fn get(&self) -> Result<usize, String> {
        let jobs = self.0.training_jobs().list();
        let jobs = jobs.status(JobStatus::Running).per_page(10).page(1).search_content("resnet").await;
        Ok(jobs.map_err(|error| error.to_string())?.jobs.as_ref().map_or(0, Vec::len))
    }

    async fn post(&self) -> Result<usize, String> {
        let grant =
            |user_id: &str, user_name: &str| WorkspaceGrant::new().user_id(user_id).user_name(user_name);
        let request = CreateWorkspaceRequest::new("vision-research")
            .description("Everything that the vision group trains and serves")
            .auth_type(WorkspaceAccess::Internal)
            .grants(vec![
                grant("4d1f3b2a5c6e47f8a9b0c1d2e3f4a5b6", "li.wei"),
                grant("7a8b9c0d1e2f43a4b5c6d7e8f9a0b1c2", "jan.novak"),
            ]);
        let workspace = self.0.workspaces().create(request).await.map_err(|error| error.to_string())?;
        Ok(workspace.grants.as_ref().map_or(0, Vec::len))
    }
}
