//! The same calls as somebody would write them who has reqwest, serde, and the pages of these two operations.
//!
//! It does no more than it has to: it does not know what to do about a failure, and keeps nothing but the body of an answer.

use std::net::SocketAddr;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use serde::{Deserialize, Serialize};

use super::{CONNECT_TIMEOUT, Calls, PROJECT, TIMEOUT, TOKEN};

#[derive(Clone)]
pub(super) struct Written {
    http: reqwest::Client,
    base: String,
    project: String,
}

impl Written {
    pub(super) fn new(address: SocketAddr) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        // Neither is known when a program is compiled.
        let value = |text: &str| HeaderValue::from_str(text).map_err(|error| error.to_string());
        headers.insert("X-Project-Id", value(PROJECT)?);
        let mut token = value(TOKEN)?;
        token.set_sensitive(true);
        headers.insert("X-Auth-Token", token);
        let http = reqwest::Client::builder()
            .user_agent(concat!("huaweicloud-modelarts/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { http, base: format!("http://{address}"), project: PROJECT.to_owned() })
    }

    fn url(&self, what: &str) -> String {
        let project = utf8_percent_encode(&self.project, NON_ALPHANUMERIC);
        format!("{}/v1/{project}/{what}", self.base)
    }

    async fn list(&self, query: &ListQuery<'_>) -> Result<JobList, reqwest::Error> {
        let request = self.http.get(self.url("training-jobs")).query(query);
        request.send().await?.error_for_status()?.json().await
    }

    async fn create(&self, workspace: &NewWorkspace) -> Result<Workspace, reqwest::Error> {
        let request = self.http.post(self.url("workspaces")).json(workspace);
        request.send().await?.error_for_status()?.json().await
    }
}

impl Calls for Written {
    async fn get(&self) -> Result<usize, String> {
        let query = ListQuery { status: 8, per_page: 10, page: 1, search_content: "resnet" };
        let list = self.list(&query).await.map_err(|error| error.to_string())?;
        if list.is_success == Some(false) {
            return Err(list.error_message.unwrap_or_default());
        }
        Ok(list.jobs.as_ref().map_or(0, Vec::len))
    }

    async fn post(&self) -> Result<usize, String> {
        let grant = |user_id: &str, user_name: &str| Grant {
            user_id: Some(user_id.to_owned()),
            user_name: Some(user_name.to_owned()),
        };
        let request = NewWorkspace {
            name: "vision-research".to_owned(),
            description: Some("Everything that the vision group trains and serves".to_owned()),
            enterprise_project_id: None,
            auth_type: Some(Access::Internal),
            grants: Some(vec![
                grant("4d1f3b2a5c6e47f8a9b0c1d2e3f4a5b6", "li.wei"),
                grant("7a8b9c0d1e2f43a4b5c6d7e8f9a0b1c2", "jan.novak"),
            ]),
        };
        let workspace = self.create(&request).await.map_err(|error| error.to_string())?;
        Ok(workspace.grants.as_ref().map_or(0, Vec::len))
    }
}

#[derive(Serialize)]
struct ListQuery<'a> {
    status: u8,
    per_page: u32,
    page: u32,
    search_content: &'a str,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as the generated client reads them")]
struct JobList {
    is_success: Option<bool>,
    error_message: Option<String>,
    error_code: Option<String>,
    job_total_count: Option<i32>,
    job_count_limit: Option<i32>,
    jobs: Option<Vec<Job>>,
    quotas: Option<i32>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as the generated client reads them")]
struct Job {
    job_id: i64,
    job_name: String,
    version_id: Option<i64>,
    status: i64,
    create_time: Option<i64>,
    duration: Option<i64>,
    job_desc: Option<String>,
    version_count: Option<i64>,
}

#[derive(Serialize)]
struct NewWorkspace {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enterprise_project_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_type: Option<Access>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grants: Option<Vec<Grant>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "read as the generated client reads them")]
struct Workspace {
    id: String,
    name: Option<String>,
    description: Option<String>,
    owner: Option<String>,
    create_time: Option<i64>,
    update_time: Option<i64>,
    auth_type: Option<Access>,
    enterprise_project_id: Option<String>,
    enterprise_project_name: Option<String>,
    status: Option<Status>,
    status_info: Option<String>,
    grants: Option<Vec<Grant>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Access {
    Public,
    Private,
    Internal,
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    CreateFailed,
    Normal,
    Deleting,
    DeleteFailed,
    #[serde(other)]
    Unknown,
}

#[derive(Serialize, Deserialize)]
struct Grant {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
}
