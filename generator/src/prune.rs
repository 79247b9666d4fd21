//! Stage prune: what is not selected leaves the [`Api`] and its [`Names`], which have been made of the whole.
//!
//! So a client of a part has the same names in the same modules as the client of the whole, and can be replaced by it. What
//! nothing that is left speaks of any more goes too: types, groups, values of the client, security schemes, servers, headers,
//! rules for failures, and links to operations that are gone. All lists close up, so that every index is given anew.

use std::collections::BTreeSet;

use crate::ir::{
    Api, BodyKind, Callback, ContentKind, GroupId, Link, Operation, OperationId, Outcome, PartKind,
    ServerList, Type, TypeDefinition, TypeId, TypeKind, TypeName,
};
use crate::name::Names;

/// Removes what is not selected.
pub fn prune(api: &mut Api, names: &mut Names) {
    let is_whole = api.operations.iter().all(|operation| operation.is_selected)
        && api.types.iter().all(|definition| definition.is_selected);
    if is_whole {
        return;
    }
    prune_links(api, names);
    let kept = Kept::of(api);
    kept.retain(api, names);
    kept.renumber(api);
}

/// Removes links to operations that are not selected.
fn prune_links(api: &mut Api, names: &mut Names) {
    let selected: Vec<bool> = api.operations.iter().map(|operation| operation.is_selected).collect();
    let leads_on = |link: &Link| selected.get(link.operation.0).copied().unwrap_or_default();
    for (operation, names) in api.operations.iter_mut().zip(&mut names.operations) {
        Indexes::of(operation.links.iter().map(leads_on)).retain(&mut names.links);
        operation.links.retain(leads_on);
    }
}

/// The new index of each entry of a list; none for one that goes.
struct Indexes(Vec<Option<usize>>);

impl Indexes {
    fn of(stays: impl Iterator<Item = bool>) -> Self {
        let mut next = 0..;
        Self(stays.map(|stays| if stays { next.next() } else { None }).collect())
    }

    /// Of a list with that many entries, those stay that are named.
    fn named(length: usize, named: &BTreeSet<usize>) -> Self {
        Self::of((0..length).map(|index| named.contains(&index)))
    }

    fn retain<T>(&self, list: &mut Vec<T>) {
        let mut stays = self.0.iter().map(Option::is_some);
        list.retain(|_| stays.next().unwrap_or(true));
    }

    fn renumbered(&self, old: usize) -> Option<usize> {
        self.0.get(old).copied().flatten()
    }

    fn change(&self, index: &mut usize) {
        if let Some(new) = self.renumbered(*index) {
            *index = new;
        }
    }
}

/// What stays of each list of an API.
struct Kept {
    operations: Indexes,
    types: Indexes,
    groups: Indexes,
    client_values: Indexes,
    schemes: Indexes,
    servers: Indexes,
    server_variables: Indexes,
    headers: Indexes,
    error_rules: Indexes,
}

impl Kept {
    fn of(api: &Api) -> Self {
        let operations = || api.operations.iter().filter(|operation| operation.is_selected);
        let named = |length: usize, named: &dyn Fn(&Operation) -> Vec<usize>| {
            Indexes::named(length, &operations().flat_map(named).collect())
        };
        let used_servers: BTreeSet<usize> = operations().map(|operation| operation.servers).collect();
        // The servers of the document are those of the client, whoever uses them.
        let are_of_client = |list: &ServerList| list.operation.is_none() && !list.servers.is_empty();
        let lists = || api.servers.iter().enumerate();
        let stays =
            |(index, list): &(usize, &ServerList)| used_servers.contains(index) || are_of_client(list);
        let is_variable = |name: &str| {
            let servers = lists().filter(stays).flat_map(|(_, list)| &list.servers);
            servers.flat_map(|server| &server.variables).any(|variable| variable.name == name)
        };
        Self {
            servers: Indexes::of(lists().map(|list| stays(&list))),
            server_variables: Indexes::of(
                api.server_variables.iter().map(|variable| is_variable(&variable.name)),
            ),
            operations: Indexes::of(api.operations.iter().map(|operation| operation.is_selected)),
            types: Indexes::of(api.types.iter().map(|definition| definition.is_selected)),
            groups: named(api.groups.len(), &|operation| vec![operation.group.0]),
            client_values: named(api.client_values.len(), &|operation| {
                operation.parameters.iter().filter_map(|parameter| parameter.client_value).collect()
            }),
            schemes: named(api.schemes.len(), &|operation| operation.security.concat()),
            headers: named(api.headers.len(), &|operation| operation.headers.clone()),
            error_rules: named(api.error_rules.len(), &|operation| vec![operation.error_rule]),
        }
    }

    /// Removes what goes from all lists, and the names with it.
    fn retain(&self, api: &mut Api, names: &mut Names) {
        self.operations.retain(&mut api.operations);
        self.operations.retain(&mut names.operations);
        self.types.retain(&mut api.types);
        self.types.retain(&mut names.types);
        self.groups.retain(&mut api.groups);
        self.groups.retain(&mut names.groups);
        self.client_values.retain(&mut api.client_values);
        self.client_values.retain(&mut names.client_values);
        self.schemes.retain(&mut api.schemes);
        self.schemes.retain(&mut names.schemes);
        self.schemes.retain(&mut names.scopes);
        self.servers.retain(&mut api.servers);
        self.servers.retain(&mut names.servers);
        self.server_variables.retain(&mut api.server_variables);
        self.server_variables.retain(&mut names.server_variables);
        self.headers.retain(&mut api.headers);
        self.headers.retain(&mut names.headers);
        self.error_rules.retain(&mut api.error_rules);
    }

    /// Gives every index anew.
    fn renumber(&self, api: &mut Api) {
        for operation in &mut api.operations {
            self.operation(operation);
        }
        for definition in &mut api.types {
            self.definition(definition);
        }
        for group in &mut api.groups {
            let stay = group.operations.iter().filter_map(|id| self.operations.renumbered(id.0));
            group.operations = stay.map(OperationId).collect();
        }
        api.headers.iter_mut().for_each(|header| self.ty(&mut header.ty));
        api.examples.iter_mut().for_each(|example| self.ty(&mut example.ty));
        api.common_failure.iter_mut().for_each(|ty| self.ty(ty));
    }

    fn operation(&self, operation: &mut Operation) {
        self.groups.change(&mut operation.group.0);
        self.error_rules.change(&mut operation.error_rule);
        self.servers.change(&mut operation.servers);
        operation.headers.iter_mut().for_each(|header| self.headers.change(header));
        operation.security.iter_mut().flatten().for_each(|scheme| self.schemes.change(scheme));
        operation.links.iter_mut().for_each(|link| self.operations.change(&mut link.operation.0));
        operation.callbacks.iter_mut().for_each(|callback| self.callback(callback));
        for parameter in &mut operation.parameters {
            parameter.client_value.iter_mut().for_each(|value| self.client_values.change(value));
            self.ty(&mut parameter.ty);
        }
        for content in operation.body.iter_mut().flat_map(|body| &mut body.contents) {
            match &mut content.kind {
                ContentKind::Json(ty) | ContentKind::Form(ty, _) => self.ty(ty),
                ContentKind::Multipart(parts) => {
                    for part in parts {
                        match &mut part.kind {
                            PartKind::Value(ty) => self.ty(ty),
                            PartKind::File => {}
                        }
                    }
                }
                ContentKind::AnyMultipart | ContentKind::Text | ContentKind::Bytes => {}
            }
        }
        operation.success.iter_mut().chain(&mut operation.failure).for_each(|outcome| self.outcome(outcome));
        if let Some(pagination) = &mut operation.pagination {
            self.ty(&mut pagination.item);
            let steps = pagination.items.iter_mut().chain(pagination.total.iter_mut().flatten());
            steps.for_each(|step| self.types.change(&mut step.record.0));
        }
    }

    fn callback(&self, callback: &mut Callback) {
        callback.parameters.iter_mut().for_each(|parameter| self.ty(&mut parameter.ty));
        let answered = callback.answers.iter_mut().flat_map(|answer| &mut answer.bodies);
        let types = callback.bodies.iter_mut().chain(answered).filter_map(|body| body.ty.as_mut());
        types.for_each(|ty| self.ty(ty));
    }

    fn outcome(&self, outcome: &mut Outcome) {
        for body in &mut outcome.bodies {
            match &mut body.kind {
                BodyKind::Json(ty)
                | BodyKind::Events(Some(ty))
                | BodyKind::Lines(ty)
                | BodyKind::Sequence(ty) => self.ty(ty),
                BodyKind::Text | BodyKind::Bytes | BodyKind::Events(None) => {}
            }
        }
    }

    fn definition(&self, definition: &mut TypeDefinition) {
        // A type of several groups stays where all types of several groups are, also when one of the groups is left.
        let groups = definition.groups.iter().filter(|_| definition.groups.len() == 1);
        definition.groups = groups.filter_map(|group| self.groups.renumbered(group.0)).map(GroupId).collect();
        if let TypeName::Part { owner, .. } = &mut definition.name {
            self.types.change(&mut owner.0);
        }
        match &mut definition.kind {
            TypeKind::Record(record) => {
                record.fields.iter_mut().for_each(|field| self.ty(&mut field.ty));
                record.other.iter_mut().for_each(|ty| self.ty(ty));
            }
            TypeKind::Union(union) => union.members.iter_mut().for_each(|member| self.ty(&mut member.ty)),
            TypeKind::TextEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Any => {}
        }
    }

    fn ty(&self, ty: &mut Type) {
        match ty {
            Type::Named(TypeId(index)) => self.types.change(index),
            Type::Array(inner) | Type::Map(inner) | Type::Nullable(inner) => self.ty(inner),
            _ => {}
        }
    }
}
