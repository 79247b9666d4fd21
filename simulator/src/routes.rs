//! Which operation a request is for.

use crate::{
    call::{Entry, Handler},
    catalogue::Operation,
};

/// A published operation: one of the description, one that has state, or both.
pub(crate) struct Route {
    method: &'static str,
    segments: Vec<Segment>,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) handler: Option<Handler>,
}

/// What stands between two slashes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Segment {
    Literal(&'static str),
    Parameter(&'static str),
}

/// A request's route, and what its path has for each parameter, as it came over the wire.
pub(crate) struct Match<'a> {
    pub(crate) route: &'a Route,
    pub(crate) path: Vec<(&'static str, String)>,
}

/// All routes.
pub(crate) struct Routes(Vec<Route>);

impl Routes {
    /// Joins the operations with those that have state. They are the same where method and path are, whatever the parameters
    /// are called; the names are those of what has state.
    pub(crate) fn new(
        operations: &'static [Operation],
        entries: impl IntoIterator<Item = &'static Entry>,
    ) -> Self {
        let mut routes = Vec::<Route>::new();
        for (method, path, handler) in entries {
            let segments = segments(path);
            routes.push(Route { method, segments, operation: None, handler: Some(*handler) });
        }
        for operation in operations {
            let segments = segments(operation.path);
            match routes.iter_mut().find(|route| {
                route.operation.is_none()
                    && route.method == operation.method
                    && are_same(&route.segments, &segments)
            }) {
                Some(route) => route.operation = Some(operation),
                None => routes.push(Route {
                    method: operation.method,
                    segments,
                    operation: Some(operation),
                    handler: None,
                }),
            }
        }
        Self(routes)
    }

    /// The route of a request: of those that fit, the one with the earliest literals.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let given = path.strip_prefix('/')?.split('/').collect::<Vec<_>>();
        let fitting = self.0.iter().filter(|route| route.method == method && route.fits(&given));
        let route = fitting.min_by_key(|route| {
            route.segments.iter().map(|segment| matches!(segment, Segment::Parameter(_))).collect::<Vec<_>>()
        })?;
        let path = route.segments.iter().zip(given).filter_map(|(segment, text)| match segment {
            Segment::Parameter(name) => Some((*name, text.to_owned())),
            Segment::Literal(_) => None,
        });
        Some(Match { route, path: path.collect() })
    }
}

impl Route {
    fn fits(&self, given: &[&str]) -> bool {
        self.segments.len() == given.len()
            && self.segments.iter().zip(given).all(|(segment, text)| match segment {
                Segment::Literal(literal) => literal == text,
                Segment::Parameter(_) => !text.is_empty(),
            })
    }
}

/// Whether two paths of a description differ at most in what their parameters are called.
pub(crate) fn is_same(left: &'static str, right: &'static str) -> bool {
    are_same(&segments(left), &segments(right))
}

fn are_same(left: &[Segment], right: &[Segment]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|pair| match pair {
            (Segment::Parameter(_), Segment::Parameter(_)) => true,
            (left, right) => left == right,
        })
}

fn segments(path: &'static str) -> Vec<Segment> {
    let parameter = |segment: &'static str| segment.strip_prefix('{')?.strip_suffix('}');
    let path = path.strip_prefix('/').unwrap_or(path);
    path.split('/')
        .map(|segment| parameter(segment).map_or(Segment::Literal(segment), Segment::Parameter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Reply;

    const OPERATIONS: &[Operation] = &[
        operation("GET", "/v1/{project_id}/services/{id}"),
        operation("GET", "/v1/{project_id}/services/specifications"),
        operation("GET", "/v1/{project_id}/services/{service_id}/logs"),
    ];
    const ENTRIES: &[Entry] = &[
        ("GET", "/v1/{project_id}/services/{service_id}", |_, _| Reply::done()),
        ("DELETE", "/v1/{project_id}/services/{service_id}", |_, _| Reply::done()),
    ];

    const fn operation(method: &'static str, path: &'static str) -> Operation {
        Operation { method, path, id: path, parameters: &[], body: None, status: 200, answer: None }
    }

    #[test]
    fn an_operation_and_its_state_are_one_route() {
        let routes = Routes::new(OPERATIONS, ENTRIES);
        let found = routes.find("GET", "/v1/p/services/s%201").unwrap();
        assert!(found.route.operation.is_some() && found.route.handler.is_some());
        assert_eq!(found.path, [("project_id", "p".to_owned()), ("service_id", "s%201".to_owned())]);
        let found = routes.find("DELETE", "/v1/p/services/s").unwrap();
        assert!(found.route.operation.is_none() && found.route.handler.is_some());
    }

    #[test]
    fn literals_go_before_parameters() {
        let routes = Routes::new(OPERATIONS, ENTRIES);
        let found = routes.find("GET", "/v1/p/services/specifications").unwrap();
        assert!(found.route.handler.is_none());
        assert!(routes.find("GET", "/v1/p/services/s/logs").is_some());
    }

    #[test]
    fn other_methods_and_paths_are_not_published() {
        let routes = Routes::new(OPERATIONS, ENTRIES);
        for (method, path) in [
            ("POST", "/v1/p/services/s"),
            ("GET", "/v1/p/services"),
            ("GET", "/v1/p/services/"),
            ("GET", "/v1/p/services/s/"),
            ("GET", "v1/p/services/s"),
            ("GET", "/v2/p/services/s"),
        ] {
            assert!(routes.find(method, path).is_none(), "{method} {path}");
        }
    }
}
