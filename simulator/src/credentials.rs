//! The credentials that every simulator accepts: all of them fake, and public.

/// A permanent access key (AK).
pub const ACCESS_KEY: &str = "AKSIMULATOR000000001";

/// The secret key (SK) of [`ACCESS_KEY`].
pub const SECRET_KEY: &str = "SimulatorSecretKeyNotARealSecret00000001";

/// A temporary access key: a request signed with it carries [`SECURITY_TOKEN`] in `X-Security-Token`, among the signed
/// headers.
pub const TEMPORARY_ACCESS_KEY: &str = "AKSIMULATORTEMPORARY";

/// The secret key of [`TEMPORARY_ACCESS_KEY`].
pub const TEMPORARY_SECRET_KEY: &str = "SimulatorTemporarySecretKeyNotReal000001";

/// The security token that belongs to [`TEMPORARY_ACCESS_KEY`].
pub const SECURITY_TOKEN: &str = "simulator-security-token-not-a-real-one";

/// A token for `X-Auth-Token` that is in force.
pub const TOKEN: &str = "simulator-token-not-a-real-one";

/// A token for `X-Auth-Token` whose 24 hours are over: it is refused with 401 and `APIGW.0301`.
pub const EXPIRED_TOKEN: &str = "simulator-token-that-has-expired";

/// The project that owns the seeded jobs. Paths with another project are refused with 403.
pub const PROJECT_ID: &str = "0123456789abcdef0123456789abcdef";

/// The region that [`PROJECT_ID`] is the project of.
pub const REGION: &str = "cn-north-4";

/// The account of [`USER`].
pub const DOMAIN: &str = "simulated-account";

/// A user that gets [`TOKEN`] for its password.
pub const USER: &str = "simulated-user";

/// The password of [`USER`].
pub const PASSWORD: &str = "simulator-password-not-a-real-one";
