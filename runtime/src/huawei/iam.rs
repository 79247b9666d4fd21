//! The identity service (IAM): where it is, and which project a region has.

use bytes::Bytes;
use http::header::{ACCEPT, HeaderValue};
use http::{Request, StatusCode, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::answer::{Object, refusal, without};
use super::{AkSk, sign_request};
use crate::auth::{AuthError, ClockOffset, Context, exchange};
use crate::retry::date;

pub(super) const WHAT: &str = "the identity service (IAM)";

/// Where the caller's project is, as far as that is said.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) region: Option<String>,
    pub(super) iam_endpoint: Option<String>,
}

impl Place {
    /// The region, or else the one in the URL of the API: `https://<service>.<region>.myhuaweicloud.com`.
    pub(super) fn region<'a>(&'a self, context: Context<'a>) -> Result<&'a str, AuthError> {
        let said = self.region.as_deref().or_else(|| of_host(context.base).map(|(region, _)| region));
        said.ok_or_else(|| {
            let host = context.base.host().unwrap_or_default();
            AuthError::new(
                format!("the project is not set, and which region it is in cannot be told from `{host}`: set the project or the region"),
                None,
            )
        })
    }

    /// The URL of a path of IAM, that of the region where no endpoint is said.
    pub(super) fn iam(
        &self,
        path: &str,
        of_keys: Option<&str>,
        context: Context<'_>,
    ) -> Result<Uri, AuthError> {
        let endpoint = match self.iam_endpoint.as_deref().or(of_keys) {
            Some(endpoint) => endpoint.trim_end_matches('/').to_owned(),
            None => {
                let domain = of_host(context.base).map_or("com", |(_, domain)| domain);
                format!("https://iam.{}.myhuaweicloud.{domain}", self.region(context)?)
            }
        };
        exchange::checked(context, &format!("{endpoint}{path}"), WHAT)
    }
}

/// The region and the last label of a host of Huawei Cloud.
fn of_host(base: &Uri) -> Option<(&str, &str)> {
    let mut labels = base.host()?.rsplit('.');
    let (last, name, region) = (labels.next()?, labels.next()?, labels.next()?);
    let is_region = region.contains('-') && labels.next().is_some();
    (is_region && name == "myhuaweicloud" && matches!(last, "com" | "eu")).then_some((region, last))
}

/// The id of the project that a region has for the owner of the keys: the one by the name of the region.
pub(super) async fn project_id(
    keys: &AkSk,
    place: &Place,
    context: Context<'_>,
) -> Result<String, AuthError> {
    let region = place.region(context)?;
    let name = utf8_percent_encode(region, NON_ALPHANUMERIC);
    let uri = place.iam(&format!("/v3/projects?name={name}"), keys.iam(), context)?;
    let mut context = context;
    let mut has_set_clock = false;
    let answer = loop {
        let mut request = Request::get(uri.clone()).body(()).unwrap_or_default().into_parts().0;
        request.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        sign_request(keys, &mut request, b"", context.now()).map_err(|error| {
            AuthError::new(format!("the request to {WHAT} cannot be signed: {error}"), Some(error.into()))
        })?;
        let answer = exchange::exchange(context, Request::from_parts(request, Bytes::new()), WHAT).await?;
        let is_refused = matches!(answer.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        let by_server = date(answer.headers()).filter(|_| is_refused && !has_set_clock);
        let by_server = by_server.map(|theirs| ClockOffset::between(context.transport.now(), theirs));
        match by_server.filter(|offset| offset.contradicts(context.offset())) {
            // Our clock is wrong: the request is signed once more, by the server's.
            Some(offset) => context = context.by_clock(offset),
            None => break answer,
        }
        has_set_clock = true;
    };
    if answer.status() != StatusCode::OK {
        return Err(refusal(&answer, WHAT, &[]));
    }
    let projects = Object::new(answer.body()).and_then(|whole| whole.objects("projects"));
    let projects = projects.ok_or_else(|| without(WHAT, "list of projects"))?;
    match projects.as_slice() {
        [project] => project.get("id").ok_or_else(|| without(WHAT, "id of the project")),
        [] => {
            let message = format!(
                "{WHAT} knows no project of the region `{region}` for these keys: set the project, or another region"
            );
            Err(AuthError::new(message, None))
        }
        several => {
            let message =
                format!("{WHAT} knows {} projects of the region `{region}`: set the project", several.len());
            Err(AuthError::new(message, None))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_stands_in_the_host() {
        for (url, expected) in [
            ("https://modelarts.cn-north-4.myhuaweicloud.com", Some(("cn-north-4", "com"))),
            ("https://modelarts.eu-west-101.myhuaweicloud.eu/v1", Some(("eu-west-101", "eu"))),
            ("https://modelarts.cn-north-4.myhuaweicloud.com.example.com", None),
            ("https://iam.myhuaweicloud.com", None),
            ("https://cn-north-4.myhuaweicloud.com", None),
            ("http://127.0.0.1:80", None),
            ("/relative", None),
        ] {
            assert_eq!(of_host(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
