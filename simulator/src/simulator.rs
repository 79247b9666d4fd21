//! A running simulator: how it is started, asked and stopped.

use std::{
    fmt, io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use thiserror::Error;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    catalogue,
    clock::Clock,
    fault_mode::{FaultMode, FaultPlan, JournalEntry},
    project::Project,
    requests::RecordedRequest,
    server::{Service, application},
    wire::{Listener, Wire},
};

/// How a simulator behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The port to listen on; 0, the default, lets the system choose one.
    pub port: u16,
    /// How often what is deleted is still found after its deletion is accepted: a training job in its version list, a visualization
    /// job or a workspace in its details. By default 3. The request after those finds that it is gone, or that the deletion failed.
    pub polls_until_gone: u32,
    /// How long what is created or started stays in each status on its way, as a service does in `deploying`; by default 2
    /// seconds. The simulator's clock counts, see [`Simulator::advance`].
    pub stage: Duration,
    /// How many seconds the simulator's clock is ahead of the system's (behind it, when negative); by default 0. The clock
    /// judges `X-Sdk-Date` and is told in the `Date` header of every answer.
    pub clock_offset_seconds: i32,
    /// Which requests are let down, whatever they ask for; by default none.
    pub faults: Option<FaultPlan>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            port: 0,
            polls_until_gone: 3,
            stage: Duration::from_secs(2),
            clock_offset_seconds: 0,
            faults: None,
        }
    }
}

/// Why a simulator did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port could not be listened on.
    #[error("cannot listen on 127.0.0.1:{port}")]
    Listen {
        /// The port of the settings.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
}

/// A running simulator. It stops when it is dropped: it accepts no more connections, and closes those that it has when the
/// request on them is answered.
pub struct Simulator {
    address: SocketAddr,
    service: Arc<Service>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts a simulator with the default settings, as a task of the Tokio runtime that this is called from.
    ///
    /// # Errors
    ///
    /// Fails when the system has no port to listen on.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(Settings::default()).await
    }

    /// Starts a simulator, as a task of the Tokio runtime that this is called from.
    ///
    /// # Errors
    ///
    /// Fails when the port of the settings cannot be listened on, for instance because another program does.
    pub async fn start_with(settings: Settings) -> Result<Self, StartError> {
        let Settings { port, polls_until_gone, stage, clock_offset_seconds, faults } = settings;
        let listen_error = |source| StartError::Listen { port, source };
        let mut listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        if faults.is_some() && port == 0 {
            // The system takes a port that it has chosen away from who stops listening, and leaves them one that they have named.
            drop(listener);
            listener = TcpListener::bind(address).await.map_err(listen_error)?;
        }

        let (stop, mut stopped) = watch::channel(false);
        let fault_mode = faults.clone().map(FaultMode::new);
        let pause = fault_mode.as_ref().map(|mode| Arc::clone(&mode.pause)).unwrap_or_default();
        let listener = Listener::new(listener, address, faults, pause);
        let project = Project::new(polls_until_gone, milliseconds(stage));
        let service = Arc::new(Service::new(
            catalogue::OPERATIONS,
            project,
            Clock::new(clock_offset_seconds),
            fault_mode,
            stopped.clone(),
        ));
        let application = application(Arc::clone(&service)).into_make_service_with_connect_info::<Wire>();
        let server = tokio::spawn(async move {
            let stop_asked = async move {
                // An error means that the simulator is gone, which is a reason to stop as well.
                let _ = stopped.wait_for(|stopped| *stopped).await;
            };
            // Never an error, says axum: failures to accept a connection are waited out.
            let _ = axum::serve(listener, application).with_graceful_shutdown(stop_asked).await;
        });
        Ok(Self { address, service, stop, server })
    }

    /// The URL that a client has to be pointed at, as in `http://127.0.0.1:40123`.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The latest requests that came in (at most 10,000), oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.service.requests()
    }

    /// What befell each request, and what it did, in the order in which answers were decided upon. Empty without
    /// [`Settings::faults`].
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.service.fault_mode().map(|mode| mode.journal().entries()).unwrap_or_default()
    }

    /// Puts the simulator's clock forward, so that what takes time has taken it. Signatures are judged by this clock as well: past
    /// 15 minutes they are refused until the client looks at the `Date` header.
    pub fn advance(&self, by: Duration) {
        self.service.clock().advance(milliseconds(by));
    }

    /// Runs until Ctrl-C is pressed.
    pub async fn run_until_stopped(mut self) {
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => {
                if interrupted.is_err() {
                    // Ctrl-C cannot be listened for, so the system's own reaction to it is what ends the process.
                    let _ = (&mut self.server).await;
                }
            }
            _ = &mut self.server => {}
        }
    }
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Simulator").field("endpoint", &self.endpoint()).finish_non_exhaustive()
    }
}
