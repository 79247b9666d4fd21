//! Paging: the parameters that ask for a page, and the fields that hold it.

use super::Lowering;
use crate::diagnostics::Code;
use crate::ir::{OperationId, Pagination, PagingKind, Step, Type, TypeKind};
use crate::model::{self, Located, PaginationKind};

impl Lowering<'_> {
    /// Lowers the paging of all operations that have one.
    pub(super) fn pagination(&mut self) {
        let document = self.document;
        for (index, id) in self.lowered.clone() {
            let Some(setting) =
                document.operations.get(index).and_then(|operation| operation.pagination.as_ref())
            else {
                continue;
            };
            let before = self.speak_for(self.selected.has_operation(index));
            let lowered = self.paging(setting, id);
            self.speak_for(before);
            if let Some(operation) = self.api.operations.get_mut(id.0) {
                operation.pagination = lowered;
            }
        }
    }

    fn paging(&mut self, setting: &model::Pagination, id: OperationId) -> Option<Pagination> {
        let kind = match setting.kind {
            PaginationKind::Page => PagingKind::Page {
                page: self.role(setting, id, "page")??,
                size: self.role(setting, id, "size")?,
                first: setting.first.unwrap_or(1),
            },
            PaginationKind::Offset => PagingKind::Offset {
                offset: self.role(setting, id, "offset")??,
                limit: self.role(setting, id, "limit")?,
            },
            PaginationKind::Cursor | PaginationKind::Token | PaginationKind::Link => {
                self.not_generated(
                    setting.place,
                    "this kind of paging is not generated",
                    "ask for the pages one by one",
                );
                return None;
            }
        };
        let (items, ty) = self.walk(&setting.items, id)?;
        let Type::Array(item) = ty else {
            self.diagnostics
                .report(
                    Code::UnknownTarget,
                    setting.items.place,
                    format!("`{}` is no array in the answer", setting.items.value),
                )
                .help("`items` is the JSON Pointer to the array of items");
            return None;
        };
        let total = match &setting.total {
            None => None,
            Some(pointer) => {
                let (steps, ty) = self.walk(pointer, id)?;
                if !matches!(ty, Type::Integer32 | Type::Integer64) {
                    self.diagnostics
                        .report(
                            Code::UnknownTarget,
                            pointer.place,
                            format!("`{}` is no integer in the answer", pointer.value),
                        )
                        .help("`total` is the JSON Pointer to the number of all items");
                    return None;
                }
                Some(steps)
            }
        };
        Some(Pagination { kind, items, item: *item, total })
    }

    /// The index of the parameter that has a role: `Some(None)` when the setting names none, `None` when it is wrong.
    fn role(&mut self, setting: &model::Pagination, id: OperationId, role: &str) -> Option<Option<usize>> {
        let Some((_, name)) = setting.parameters.iter().find(|(known, _)| known.value == role) else {
            return Some(None);
        };
        let operation = self.api.operation(id)?;
        let index = operation.parameters.iter().position(|parameter| parameter.name == name.value);
        let parameter = index.and_then(|index| operation.parameters.get(index));
        if parameter.is_some_and(|parameter| matches!(parameter.ty, Type::Integer32 | Type::Integer64)) {
            return Some(index);
        }
        let message = format!("the operation `{}` has no integer parameter `{}`", operation.id, name.value);
        self.diagnostics.report(Code::UnknownTarget, name.place, message);
        None
    }

    /// The steps from the body of the success along a JSON Pointer, and the type at its end.
    fn walk(&mut self, pointer: &Located<String>, id: OperationId) -> Option<(Vec<Step>, Type)> {
        let operation = self.api.operation(id)?;
        let mut steps = Vec::new();
        let mut ty = match operation.success.as_slice() {
            [only] => only.json(),
            _ => None,
        };
        for token in pointer.value.split('/').skip(1) {
            let name = token.replace("~1", "/").replace("~0", "~");
            ty = match ty {
                Some(Type::Named(record)) => match self.api.ty(*record).map(|definition| &definition.kind) {
                    Some(TypeKind::Record(definition)) => {
                        let field = definition.fields.iter().position(|field| field.name == name);
                        steps.extend(field.map(|field| Step { record: *record, field }));
                        field.and_then(|field| definition.fields.get(field)).map(|field| &field.ty)
                    }
                    _ => None,
                },
                _ => None,
            };
        }
        match ty {
            Some(ty) => Some((steps, ty.clone())),
            None => {
                let message =
                    format!("`{}` leads to no property of the answer to `{}`", pointer.value, operation.id);
                self.diagnostics
                    .report(Code::UnknownTarget, pointer.place, message)
                    .help("write a JSON Pointer into the JSON body of the one success, such as `/items`");
                None
            }
        }
    }
}
