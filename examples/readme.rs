//! The client in ten lines, as the README shows it.

use huaweicloud_modelarts::{Client, JobStatus, auth::AkSk};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keys = AkSk::from_env()?; // HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK
    let project_id = std::env::var("HUAWEICLOUD_SDK_PROJECT_ID")?;
    let client = Client::builder().region("cn-north-4").project_id(project_id).credentials(keys).build()?;
    let mut failed = client.training_jobs().list().status(JobStatus::Failed).items();
    while let Some(job) = failed.try_next().await? {
        println!("{} {}", job.job_id, job.job_name);
    }
    client.training_jobs().delete(10).wait().await?;
    Ok(())
}
