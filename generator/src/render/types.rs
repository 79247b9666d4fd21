//! The files with types: one per group, and one for what several groups use or none does.

use proc_macro2::TokenStream;
use quote::quote;

use super::syntax::{Here, ident, inner_docs};
use super::{Context, FileContent, PackageOptions, RenderedFile, RuntimeDependency};
use crate::ir::{Api, GroupId, Type, TypeId, TypeKind};
use crate::name::Names;

/// The types of a client without its operations, and how some of them are spelt in the crate that these are in: in
/// modules as the client has them, and only what the named ones are made of. It is for who measures types and wants to
/// build nothing else.
#[must_use]
pub fn only_types(api: &Api, names: &Names, uses: &[Type]) -> (TokenStream, Vec<TokenStream>) {
    let runtime = RuntimeDependency::Version(String::new());
    let options =
        PackageOptions { name: "types".to_owned(), runtime, is_own_workspace: false, license: None };
    let context = Context::new(api, names, &options);
    let reached = api.reach(uses.iter().filter_map(Type::named).collect());
    let module = |home: Option<GroupId>, name: &str| {
        let mut ids = context.types_in(home);
        ids.retain(|id| reached.contains(id));
        let pieces = context.types_pieces(home, &ids);
        let name = ident(name);
        (!ids.is_empty()).then(|| quote! { mod #name { #(#pieces)* } pub use #name::*; })
    };
    let shared = module(None, "shared");
    let groups = api.group_ids().zip(&names.groups);
    let groups = groups.map(|(id, names)| module(Some(id), &names.module));
    let modules = quote! { #shared #(#groups)* };
    (modules, uses.iter().map(|ty| context.ty(ty, Here::Crate)).collect())
}

impl Context<'_> {
    /// The types that live in a module, by name.
    pub(super) fn types_in(&self, module: Option<GroupId>) -> Vec<TypeId> {
        self.api.type_ids().filter(|id| self.home(*id) == module).collect()
    }

    /// A file with types; `None` when there are none.
    pub(super) fn types_file(&self, module: Option<GroupId>) -> Option<RenderedFile> {
        let ids = self.types_in(module);
        if ids.is_empty() {
            return None;
        }
        let path = match module.and_then(|group| self.names.group(group)) {
            Some(names) => format!("src/{}/types.rs", names.module),
            None => "src/shared.rs".to_owned(),
        };
        Some(RenderedFile { path, content: FileContent::Rust(self.types_pieces(module, &ids)) })
    }

    /// What a file with these types holds.
    fn types_pieces(&self, module: Option<GroupId>, ids: &[TypeId]) -> Vec<TokenStream> {
        let about = match module.and_then(|group| self.api.group(group)) {
            Some(group) => format!("The types of the group `{}`.", group.name.replace('`', "'")),
            None => "Types that several groups use, and those that no operation does.".to_owned(),
        };
        let mut pieces = vec![inner_docs(&about), self.imports(ids)];
        pieces.extend(ids.iter().flat_map(|id| self.type_items(*id, Here::Types(module))));
        pieces
    }

    fn type_items(&self, id: TypeId, here: Here) -> Vec<TokenStream> {
        let Some(definition) = self.api.ty(id) else { return Vec::new() };
        match &definition.kind {
            TypeKind::Record(record) => self.record(id, definition, record, here),
            TypeKind::TextEnum(values) => self.text_enum(id, definition, values),
            TypeKind::IntegerEnum(values) => self.integer_enum(id, definition, values),
            TypeKind::Union(union) => self.union(id, definition, union, here),
            TypeKind::Any => self.any(id, definition),
        }
    }
}

/// What the types of a module speak of without a path.
#[derive(Default)]
struct Imports {
    serde: bool,
    records: bool,
    optional: bool,
    typed_other: bool,
    text_enums: bool,
    integer_enums: bool,
    unions: bool,
}

impl Context<'_> {
    fn imports(&self, ids: &[TypeId]) -> TokenStream {
        let mut imports = Imports::default();
        for definition in ids.iter().filter_map(|id| self.api.ty(*id)) {
            match &definition.kind {
                TypeKind::Record(record) => {
                    imports.records = true;
                    imports.typed_other |= record.is_open && record.other.is_some();
                    imports.optional |= record.fields.iter().any(|field| self.is_optional_nullable(field));
                }
                TypeKind::TextEnum(_) => imports.text_enums = true,
                TypeKind::IntegerEnum(_) => imports.integer_enums = true,
                TypeKind::Union(_) => imports.unions = true,
                TypeKind::Any => {}
            }
            imports.serde |= !matches!(definition.kind, TypeKind::Any);
        }
        imports.render()
    }
}

impl Imports {
    fn render(&self) -> TokenStream {
        let enumeration = match (self.text_enums, self.integer_enums) {
            (true, true) => quote!(
                use clientsmith_runtime::enumeration::{self, UnrecognizedInteger, UnrecognizedText};
            ),
            (true, false) => quote!(
                use clientsmith_runtime::enumeration::{self, UnrecognizedText};
            ),
            (false, true) => quote!(
                use clientsmith_runtime::enumeration::{self, UnrecognizedInteger};
            ),
            (false, false) => quote!(),
        };
        let typed_other = self.typed_other.then(|| {
            quote!(
                use clientsmith_runtime::TypedOther;
            )
        });
        let record = self.records.then(|| {
            quote! {
                use clientsmith_runtime::Other;
                #typed_other
                use clientsmith_runtime::record::{self, Record};
                use clientsmith_runtime::serde::de::MapAccess;
                use clientsmith_runtime::serde::ser::SerializeMap as _;
            }
        });
        let optional = self.optional.then(|| {
            quote!(
                use clientsmith_runtime::Optional;
            )
        });
        let union = self.unions.then(|| {
            quote! {
                use clientsmith_runtime::union::{self, Kinds, Union};
                use clientsmith_runtime::{Json, serde_json};
            }
        });
        let serde = self.serde.then(|| {
            quote!(
                use clientsmith_runtime::serde::{Deserialize, Deserializer, Serialize, Serializer};
            )
        });
        quote! {
            #serde
            #enumeration
            #record
            #optional
            #union
        }
    }
}
