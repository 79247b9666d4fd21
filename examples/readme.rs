//! The client in ten lines, as the README shows it.

use huaweicloud_modelarts::{Client, JobStatus, auth::CredentialChain};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // From the environment, the profile, or the instance; with them comes the project of the region.
    let client = Client::builder().region("cn-north-4").credentials(CredentialChain::new()).build()?;
    let mut failed = client.training_jobs().list().status(JobStatus::Failed).items();
    while let Some(job) = failed.try_next().await? {
        println!("{} {}", job.job_id, job.job_name);
    }
    client.training_jobs().delete(10).wait().await?;
    Ok(())
}
