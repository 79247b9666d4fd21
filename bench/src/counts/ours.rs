//! What a document holds as our reader reads it.

use std::path::Path;

use clientsmith_generator::diagnostics::Diagnostics;
use clientsmith_generator::{model, source};

use super::Counts;

/// What our reader finds; `None` when the document has errors.
pub(super) fn counts(spec: &Path) -> Option<Counts> {
    let mut diagnostics = Diagnostics::new();
    let tree = source::load(spec, source::Limits::default(), &mut diagnostics)?;
    let document = model::parse(&tree, &mut diagnostics).filter(|_| !diagnostics.has_errors())?;
    Some(Counts {
        operations: document.operations.len(),
        parameters: document.operations.iter().map(|operation| operation.parameters.len()).sum(),
        schemas: document.schemas.iter().count(),
    })
}
