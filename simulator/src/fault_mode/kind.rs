//! The kinds of faults, by name.

use std::fmt;

/// A way in which a simulator can let a request down. What an answer is spoiled for after the service has done its work
/// is lost to the client alone: [`FaultKind::spares_the_service`] tells these apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// The connection is reset before the request is looked at, and for a moment nobody listens on the port: who connects
    /// in that moment is refused by the system.
    Refused,
    /// A connection is accepted and closed at once, with nothing read of it. Drawn per connection, so that the journal does not
    /// name it.
    ClosedAtOnce,
    /// The connection is reset before the service sees the request.
    Reset,
    /// The service does its work, and the connection is reset before any of the answer.
    LostAnswer,
    /// Half of the body comes, and the connection is closed, or reset.
    HalfBody,
    /// `Content-Length` promises more than comes before the connection is closed.
    LengthTooLong,
    /// `Content-Length` promises less than comes.
    LengthTooShort,
    /// The head comes late.
    SlowHead,
    /// The body trickles.
    SlowBody,
    /// Nothing of the answer comes until the client gives up.
    StalledHead,
    /// Half of the body comes, and nothing more until the client gives up.
    StalledBody,
    /// 429 with `Retry-After` in seconds.
    ThrottledSeconds,
    /// 429 with `Retry-After` as a date.
    ThrottledDate,
    /// 500 with a code of the service.
    InternalError,
    /// 502 of the gateway, as HTML, every other time after the service has done its work.
    BadGateway,
    /// 503 of the service.
    Unavailable,
    /// 409 of the service.
    Conflict,
    /// 200 with a page of HTML, as portals on the way send it.
    Html,
    /// The answer with every property of another type.
    WrongTypes,
    /// 401: the token has expired. For requests with a token alone.
    ExpiredToken,
    /// For this request and all further ones of its call, the service's clock is 20 minutes ahead. For signed requests alone.
    ClockSkew,
    /// 200 with `is_success: false`.
    FailureWithSuccess,
    /// From now on, a list gives this call the same page again and again. For all but the first page of a call that is named.
    RepeatedPage,
    /// A deletion is refused with a code that is worth another attempt. For the first request of a deletion alone.
    DeletionFailsFirst,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 24] = [
        Self::Refused,
        Self::ClosedAtOnce,
        Self::Reset,
        Self::LostAnswer,
        Self::HalfBody,
        Self::LengthTooLong,
        Self::LengthTooShort,
        Self::SlowHead,
        Self::SlowBody,
        Self::StalledHead,
        Self::StalledBody,
        Self::ThrottledSeconds,
        Self::ThrottledDate,
        Self::InternalError,
        Self::BadGateway,
        Self::Unavailable,
        Self::Conflict,
        Self::Html,
        Self::WrongTypes,
        Self::ExpiredToken,
        Self::ClockSkew,
        Self::FailureWithSuccess,
        Self::RepeatedPage,
        Self::DeletionFailsFirst,
    ];

    /// The name by which the command and the journal know it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::ClosedAtOnce => "closed-at-once",
            Self::Reset => "reset",
            Self::LostAnswer => "lost-answer",
            Self::HalfBody => "half-body",
            Self::LengthTooLong => "length-too-long",
            Self::LengthTooShort => "length-too-short",
            Self::SlowHead => "slow-head",
            Self::SlowBody => "slow-body",
            Self::StalledHead => "stalled-head",
            Self::StalledBody => "stalled-body",
            Self::ThrottledSeconds => "throttled-seconds",
            Self::ThrottledDate => "throttled-date",
            Self::InternalError => "internal-error",
            Self::BadGateway => "bad-gateway",
            Self::Unavailable => "unavailable",
            Self::Conflict => "conflict",
            Self::Html => "html",
            Self::WrongTypes => "wrong-types",
            Self::ExpiredToken => "expired-token",
            Self::ClockSkew => "clock-skew",
            Self::FailureWithSuccess => "failure-with-success",
            Self::RepeatedPage => "repeated-page",
            Self::DeletionFailsFirst => "deletion-fails-first",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether the service never sees a request that this befalls. [`FaultKind::BadGateway`] does so every other time; the
    /// journal says when.
    #[must_use]
    pub const fn spares_the_service(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::ClosedAtOnce
                | Self::Reset
                | Self::ThrottledSeconds
                | Self::ThrottledDate
                | Self::InternalError
                | Self::Unavailable
                | Self::Conflict
                | Self::Html
                | Self::ExpiredToken
                | Self::FailureWithSuccess
                | Self::RepeatedPage
                | Self::DeletionFailsFirst
        )
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}
