//! What the engine does, seen from both ends: descriptors written by hand on one, and on the other a server that plays
//! prepared bytes, or a transport with a clock of its own.

#![cfg(feature = "reqwest")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "what is not there fails the test"
)]

mod support;

#[cfg(feature = "blocking")]
mod blocking;
mod bodies;
mod bounds;
mod by_hand;
mod causes;
mod connections;
mod credentials;
mod decoding;
mod failures;
#[cfg(feature = "test-util")]
mod fake;
#[cfg(feature = "gzip")]
mod gzip;
mod hooks;
mod huawei;
mod limits;
mod links;
mod mutual_tls;
mod oauth2;
mod paging;
mod reconnecting;
#[cfg(feature = "test-util")]
mod record;
mod redirects;
mod requests;
mod resuming;
mod retries;
mod retry_clock;
mod retry_safety;
mod secrets;
mod security;
mod servers;
mod streams;
mod timeouts;
#[cfg(feature = "tower")]
mod tower;
#[cfg(feature = "tracing")]
mod tracing;
mod waiting;
