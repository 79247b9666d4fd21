//! Huawei Cloud: access keys, and requests signed with them.
//!
//! Implemented here:
//!
//! - [`AkSk`]: an access key and its secret key, permanent or temporary, from code or from the environment variables
//!   that the vendor's SDKs read. Secrets are wiped from memory on drop and never shown.
//! - [`sign_request`]: signs a request exactly as it is about to be sent, with `SDK-HMAC-SHA256`. Every attempt is
//!   signed anew, with the time that the caller gives, so that a retry never carries an expired signature and a clock
//!   that is known to be wrong can be corrected.
//! - [`signing`]: the algorithm itself, without I/O and without a clock.
//!
//! Not implemented: other sources of keys (the profile `~/.huaweicloud/credentials`, the metadata service of an ECS
//! instance) and the refreshing of temporary ones; tokens of IAM; the algorithms `SDK-HMAC-SM3`,
//! `SDK-ECDSA-P256-SHA256`, `SDK-SM2-SM3` and the derived-key `V11-HMAC-SHA256`. Bodies that are not held in memory are sent, and not covered by the signature.

mod authenticate;
mod credentials;
mod request;
pub mod signing;

pub use credentials::{AkSk, CredentialPart, CredentialsError};
pub use request::{SigningError, sign_request, sign_streamed_request};
