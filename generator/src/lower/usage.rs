//! What follows from how types are used: their groups, whether requests contain them, and where a pointer breaks a cycle.

use std::collections::BTreeSet;

use super::Lowering;
use crate::ir::{Api, Content, GroupId, Operation, Type, TypeId, TypeKind};

impl Lowering<'_> {
    /// Fills in what follows from use.
    pub(super) fn usage(&mut self) {
        for id in self.api.type_ids() {
            self.fill_shapes(id);
        }
        mark_uses(&mut self.api);
        mark_headers(&mut self.api);
        keep_common_failure(&mut self.api);
        mark_boxes(&mut self.api);
        if !self.selected.is_everything() {
            mark_selected(&mut self.api);
        }
    }
}

/// Marks the types that the operations which are selected reach, and those that the client speaks of by itself.
fn mark_selected(api: &mut Api) {
    let mut roots: Vec<TypeId> = api.common_failure.iter().filter_map(Type::named).collect();
    for operation in api.operations.iter().filter(|operation| operation.is_selected) {
        let (parameters, body, answers) = uses(operation);
        roots.extend(parameters.into_iter().chain(body).chain(answers));
        let headers = operation.headers.iter().filter_map(|header| api.headers.get(*header));
        roots.extend(headers.filter_map(|header| header.ty.named()));
    }
    let reached = api.reach(roots);
    for id in api.type_ids() {
        if let Some(definition) = api.types.get_mut(id.0) {
            definition.is_selected = reached.contains(&id);
        }
    }
}

fn mark_uses(api: &mut Api) {
    for index in 0..api.operations.len() {
        let Some(operation) = api.operations.get(index) else { continue };
        let group = operation.group;
        let (parameters, body, answers) = uses(operation);
        for id in api.reach(parameters.clone()) {
            mark(api, id, group, |definition| definition.in_request = true);
        }
        for id in parameters {
            mark(api, id, group, |definition| {
                definition.in_parameter =
                    matches!(definition.kind, TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_));
            });
        }
        for id in api.reach(body) {
            mark(api, id, group, |definition| definition.in_request = true);
        }
        for id in api.reach(answers) {
            mark(api, id, group, |_| {});
        }
    }
}

/// Finds the type that all documented failures have. The crate's error speaks of it, so that it belongs to no group.
fn keep_common_failure(api: &mut Api) {
    let common = common_failure(api).cloned();
    for id in api.reach(common.iter().filter_map(Type::named).collect()) {
        if let Some(definition) = api.types.get_mut(id.0) {
            definition.groups.clear();
        }
    }
    api.common_failure = common;
}

fn common_failure(api: &Api) -> Option<&Type> {
    let mut common: Option<&Type> = None;
    for operation in &api.operations {
        match (operation.failure_types().as_slice(), common) {
            ([only], None) => common = Some(only),
            ([only], Some(known)) if *only == known => {}
            _ => return None,
        }
    }
    common
}

/// The types of headers are spoken of outside of all groups.
fn mark_headers(api: &mut Api) {
    let types: Vec<TypeId> = api.headers.iter().filter_map(|header| header.ty.named()).collect();
    for id in types {
        for group in api.group_ids() {
            mark(api, id, group, |_| {});
        }
    }
}

fn mark(api: &mut Api, id: TypeId, group: GroupId, change: impl Fn(&mut crate::ir::TypeDefinition)) {
    if let Some(definition) = api.types.get_mut(id.0) {
        definition.groups.insert(group);
        change(definition);
    }
}

/// The types with a name that an operation has in its parameters, in its body, and in its answers, those of its callbacks
/// included.
fn uses(operation: &Operation) -> (Vec<TypeId>, Vec<TypeId>, Vec<TypeId>) {
    let mut answers = Vec::new();
    for outcome in operation.success.iter().chain(&operation.failure) {
        let types = outcome.bodies.iter().filter_map(|body| body.kind.ty());
        answers.extend(types.filter_map(Type::named));
    }
    let contents = operation.body.iter().flat_map(|body| &body.contents);
    let mut body: Vec<TypeId> = contents.flat_map(Content::types).filter_map(Type::named).collect();
    // What the service sends is read, and what it is answered with is written.
    for callback in &operation.callbacks {
        answers.extend(callback.sent().filter_map(Type::named));
        body.extend(callback.answered().filter_map(Type::named));
    }
    (operation.parameters.iter().filter_map(|parameter| parameter.ty.named()).collect(), body, answers)
}

/// The type with a name that a type holds directly, so that it adds to its size.
fn held(ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Named(id) => Some(*id),
        Type::Nullable(inner) => held(inner),
        _ => None,
    }
}

/// Puts a field or member behind a pointer when its type holds the type it is in.
fn mark_boxes(api: &mut Api) {
    let component = components(api);
    let is_record =
        |id: &TypeId| api.ty(*id).is_some_and(|definition| matches!(definition.kind, TypeKind::Record(_)));
    let records: BTreeSet<TypeId> = api.type_ids().filter(is_record).collect();
    let same = |a: TypeId, b: Option<TypeId>| b.is_some_and(|b| component.get(a.0) == component.get(b.0));
    for index in 0..api.types.len() {
        let Some(definition) = api.types.get_mut(index) else { continue };
        let id = TypeId(index);
        match &mut definition.kind {
            TypeKind::Record(record) => {
                for field in &mut record.fields {
                    field.boxed = same(id, held(&field.ty));
                }
            }
            TypeKind::Union(union) => {
                for member in &mut union.members {
                    // A record is always boxed: whether it would make the union large may change with its next property.
                    let is_record = held(&member.ty).is_some_and(|id| records.contains(&id));
                    member.boxed = is_record || same(id, held(&member.ty));
                }
            }
            TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Any => {}
        }
    }
}

/// For each type the number of its strongly connected component in the graph of what holds what.
///
/// Tarjan's algorithm with a stack of its own: a node gets its number when it is first met; `low` is the smallest number
/// that can be reached from it; a node whose `low` is its own number is the root of a component, which is then on top of
/// the stack.
fn components(api: &Api) -> Vec<usize> {
    let holds: Vec<Vec<usize>> = api
        .types
        .iter()
        .map(|definition| match &definition.kind {
            TypeKind::Record(record) => {
                record.fields.iter().filter_map(|field| held(&field.ty)).map(|id| id.0).collect()
            }
            TypeKind::Union(union) => {
                union.members.iter().filter_map(|member| held(&member.ty)).map(|id| id.0).collect()
            }
            TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Any => Vec::new(),
        })
        .collect();
    let mut state = Components {
        number: vec![None; holds.len()],
        low: vec![0; holds.len()],
        component: vec![usize::MAX; holds.len()],
        stack: Vec::new(),
        next: 0,
    };
    for root in 0..holds.len() {
        state.visit(root, &holds);
    }
    state.component
}

struct Components {
    number: Vec<Option<usize>>,
    low: Vec<usize>,
    component: Vec<usize>,
    stack: Vec<usize>,
    next: usize,
}

impl Components {
    fn visit(&mut self, root: usize, holds: &[Vec<usize>]) {
        let mut path: Vec<(usize, usize)> = Vec::new();
        self.enter(root, &mut path);
        while let Some((node, edge)) = path.last().copied() {
            match holds.get(node).and_then(|edges| edges.get(edge)).copied() {
                Some(target) => {
                    if let Some(last) = path.last_mut() {
                        last.1 += 1;
                    }
                    match self.number.get(target).copied().flatten() {
                        None => self.enter(target, &mut path),
                        // Without a component yet, the target is still on the stack.
                        Some(number) if self.component.get(target) == Some(&usize::MAX) => {
                            self.lower_to(node, number)
                        }
                        Some(_) => {}
                    }
                }
                None => {
                    path.pop();
                    let low = self.low.get(node).copied().unwrap_or_default();
                    if let Some((parent, _)) = path.last().copied() {
                        self.lower_to(parent, low);
                    }
                    if self.number.get(node).copied().flatten() == Some(low) {
                        self.close(node);
                    }
                }
            }
        }
    }

    fn enter(&mut self, node: usize, path: &mut Vec<(usize, usize)>) {
        if let (Some(number @ None), Some(low)) = (self.number.get_mut(node), self.low.get_mut(node)) {
            *number = Some(self.next);
            *low = self.next;
            self.next += 1;
            self.stack.push(node);
            path.push((node, 0));
        }
    }

    fn lower_to(&mut self, node: usize, number: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = (*low).min(number);
        }
    }

    fn close(&mut self, root: usize) {
        while let Some(node) = self.stack.pop() {
            if let Some(component) = self.component.get_mut(node) {
                *component = root;
            }
            if node == root {
                break;
            }
        }
    }
}
