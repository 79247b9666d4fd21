//! Paging: the parameters that ask for a page, and the fields that hold it.

use super::Lowering;
use crate::diagnostics::Code;
use crate::ir::{NextPage, OperationId, Pagination, PagingKind, Step, TextFormat, Type, TypeKind};
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
                parameter: self.role(setting, id, "page", is_integer)??,
                first: setting.first.unwrap_or(1),
            },
            PaginationKind::Offset => PagingKind::Offset {
                parameter: self.role(setting, id, "offset", is_integer)??,
                first: setting.first.unwrap_or(0),
            },
            PaginationKind::Cursor | PaginationKind::Token => PagingKind::Cursor {
                parameter: self.role(setting, id, "cursor", is_scalar)??,
                next: self.next_page(setting, id)?,
            },
            PaginationKind::Link => PagingKind::Link { next: self.next_page(setting, id)? },
        };
        let by_page = setting.kind == PaginationKind::Page;
        let size = self.role(setting, id, if by_page { "size" } else { "limit" }, is_integer)?;
        let more = match &setting.more {
            None => None,
            Some(pointer) => {
                if !matches!(self.leads_to(pointer, id)?, Type::Boolean | Type::Any) {
                    let message = format!("`{}` is no boolean in the answer", pointer.value);
                    self.diagnostics
                        .report(Code::UnknownTarget, pointer.place, message)
                        .help("`more` is the JSON Pointer to whether there is another page");
                    return None;
                }
                Some(pointer.value.clone())
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
        let pointer = setting.items.value.clone();
        Some(Pagination { kind, size, pointer, items, item: *item, total, more })
    }

    /// Where the answer says what the next page is asked for with.
    fn next_page(&mut self, setting: &model::Pagination, id: OperationId) -> Option<NextPage> {
        if let Some(name) = &setting.next_header {
            return Some(NextPage::Header(name.clone()));
        }
        let Some(pointer) = &setting.next else { return Some(NextPage::Relation) };
        let ty = self.leads_to(pointer, id)?;
        if !is_scalar(&ty) && ty != Type::Any && !matches!(ty, Type::Named(_)) {
            let message = format!("`{}` is neither a text nor a number in the answer", pointer.value);
            self.diagnostics
                .report(Code::UnknownTarget, pointer.place, message)
                .help("`next` is the JSON Pointer to what the next page is asked for with");
            return None;
        }
        Some(NextPage::Body(pointer.value.clone()))
    }

    /// The type of the value at a JSON Pointer into the answer, which is `Any` beyond what has a type of its own.
    fn leads_to(&mut self, pointer: &Located<String>, id: OperationId) -> Option<Type> {
        let operation = self.api.operation(id)?;
        let mut ty = match operation.success.as_slice() {
            [only] => only.json(),
            _ => None,
        };
        for name in names(&pointer.value) {
            ty = match ty {
                Some(Type::Map(value)) => Some(value),
                Some(Type::Array(item)) if name.parse::<usize>().is_ok() => Some(item),
                Some(Type::Named(record)) => match self.api.ty(*record).map(|definition| &definition.kind) {
                    Some(TypeKind::Record(definition)) => {
                        definition.fields.iter().find(|field| field.name == name).map(|field| &field.ty)
                    }
                    // One of several, of which this may be one or not.
                    _ => Some(&Type::Any),
                },
                Some(Type::Any) => Some(&Type::Any),
                _ => None,
            };
            if let Some(Type::Nullable(inner)) = ty {
                ty = Some(inner);
            }
        }
        let found = ty.cloned();
        if found.is_none() {
            self.report_nowhere(pointer, id);
        }
        found
    }

    /// The index of the parameter that has a role: `Some(None)` when the setting names none, `None` when it is wrong.
    fn role(
        &mut self,
        setting: &model::Pagination,
        id: OperationId,
        role: &str,
        fits: fn(&Type) -> bool,
    ) -> Option<Option<usize>> {
        let Some((_, name)) = setting.parameters.iter().find(|(known, _)| known.value == role) else {
            return Some(None);
        };
        let operation = self.api.operation(id)?;
        let index = operation.parameters.iter().position(|parameter| parameter.name == name.value);
        let parameter = index.and_then(|index| operation.parameters.get(index));
        if parameter.is_some_and(|parameter| fits(&parameter.ty)) {
            return Some(index);
        }
        let kind = if fits(&Type::Text(TextFormat::Plain)) { "scalar" } else { "integer" };
        let message = format!("the operation `{}` has no {kind} parameter `{}`", operation.id, name.value);
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
        for name in names(&pointer.value) {
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
        let found = ty.map(|ty| (steps, ty.clone()));
        if found.is_none() {
            self.report_nowhere(pointer, id);
        }
        found
    }

    fn report_nowhere(&mut self, pointer: &Located<String>, id: OperationId) {
        let operation = self.api.operation(id).map_or("", |operation| operation.id.as_str());
        let message = format!("`{}` leads to no property of the answer to `{operation}`", pointer.value);
        self.diagnostics
            .report(Code::UnknownTarget, pointer.place, message)
            .help("write a JSON Pointer into the JSON body of the one success, such as `/items`");
    }
}

/// The names that a JSON Pointer goes through (RFC 6901 §4).
fn names(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

fn is_integer(ty: &Type) -> bool {
    matches!(ty, Type::Integer32 | Type::Integer64)
}

fn is_scalar(ty: &Type) -> bool {
    is_integer(ty) || matches!(ty, Type::Unsigned64 | Type::Number | Type::Decimal | Type::Text(_))
}
