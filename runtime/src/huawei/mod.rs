//! Huawei Cloud: credentials, and requests signed with them.
//!
//! - [`CredentialChain`]: access keys from where they are, as the vendor's SDKs look for them. Each of the places can be used alone:
//!   [`AkSk::from_env`], [`Profile`], [`EcsMetadata`]. Temporary keys are renewed before they expire.
//! - [`AkSk`]: an access key and its secret key, permanent or temporary. Secrets are wiped from memory on drop and never shown.
//! - [`IamToken`]: a token of the identity service (IAM) for a user's name and password, renewed before it expires.
//! - [`sign_request`]: signs a request exactly as it is about to be sent, with `SDK-HMAC-SHA256`. Every attempt is
//!   signed anew, with the time that the caller gives, so that a retry never carries an expired signature and a clock
//!   that is known to be wrong can be corrected.
//! - [`signing`]: the algorithm itself, without I/O and without a clock.
//!
//! All of them supply the client's `project_id` where it is not given: the one that comes with the credentials, or else the one that IAM
//! has by the name of the region, which is asked for once.
//!
//! Not implemented: the algorithms `SDK-HMAC-SM3`, `SDK-ECDSA-P256-SHA256`, `SDK-SM2-SM3` and the derived-key `V11-HMAC-SHA256`;
//! tokens had by other means than a password. Bodies that are not held in memory are sent, and not covered by the signature.

mod answer;
mod authenticate;
mod chain;
mod credentials;
mod iam;
mod metadata;
mod moment;
mod profile;
mod request;
pub mod signing;
mod token;

use std::time::Duration;

pub use chain::CredentialChain;
pub use credentials::{AkSk, CredentialPart, CredentialsError};
pub use metadata::EcsMetadata;
pub use profile::{Profile, ProfileError};
pub use request::{SigningError, sign_request, sign_streamed_request};
pub use token::IamToken;

/// How long before its end what expires is renewed.
const MARGIN: Duration = Duration::from_secs(300);
