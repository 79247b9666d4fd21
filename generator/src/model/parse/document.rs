//! The document itself: info, servers, tags, and the order in which all else is read.

use super::Parser;
use super::reader::{Fields, Part};
use crate::model::keywords::{self, Version};
use crate::model::{
    Components, Contact, Document, ExternalDocs, Info, License, Located, Server, ServerVariable, Tag,
};

impl<'tree> Parser<'tree, '_> {
    pub(super) fn document(&mut self, root: &Part<'tree>) -> Option<Document> {
        let fields = self.fields(root, &keywords::DOCUMENT)?;
        let version = self.located_text(&fields, "openapi")?;
        let info = match fields.part("info") {
            Some(info) => self.info(&info).unwrap_or_default(),
            None => {
                self.incomplete(&fields, "info", "title and version are taken for empty texts");
                Info::default()
            }
        };
        // Components come first, since they give schemas their names.
        let components = self.components(&fields);
        let mut document = Document {
            place: root.node.place,
            version,
            info,
            servers: self.servers(&fields),
            tags: self.each(&fields, "tags", Self::tag),
            security: self.security(&fields),
            operations: self.operations(&fields),
            components,
            external_docs: self.external_docs(&fields),
            error: self.error_rule(&fields),
            error_when: self.error_when(&fields).unwrap_or_default(),
            retry: self.retry_rule(&fields),
            schemas: Default::default(),
        };
        document.schemas = self.schemas();
        Some(document)
    }

    fn components(&mut self, document: &Fields<'tree>) -> Components {
        let Some(part) = document.part("components") else { return Components::default() };
        let Some(fields) = self.fields(&part, &keywords::COMPONENTS) else { return Components::default() };
        self.name_schemas(&fields);
        Components {
            schemas: self.named(&fields, "schemas", Self::schema_ref),
            security_schemes: self.named(&fields, "securitySchemes", Self::security_scheme),
        }
    }

    fn info(&mut self, part: &Part<'tree>) -> Option<Info> {
        let fields = self.fields(part, &keywords::INFO)?;
        Some(Info {
            title: self.expected_text(&fields, "title"),
            version: self.expected_text(&fields, "version"),
            summary: if self.since(Version::V3_1) { self.text(&fields, "summary") } else { None },
            description: self.text(&fields, "description"),
            terms_of_service: self.text(&fields, "termsOfService"),
            contact: fields.part("contact").and_then(|part| self.contact(&part)),
            license: fields.part("license").and_then(|part| self.license(&part)),
        })
    }

    fn contact(&mut self, part: &Part<'tree>) -> Option<Contact> {
        let fields = self.fields(part, &keywords::CONTACT)?;
        Some(Contact {
            name: self.text(&fields, "name"),
            url: self.text(&fields, "url"),
            email: self.text(&fields, "email"),
        })
    }

    fn license(&mut self, part: &Part<'tree>) -> Option<License> {
        let fields = self.fields(part, &keywords::LICENSE)?;
        Some(License { name: self.expected_text(&fields, "name"), url: self.text(&fields, "url") })
    }

    /// `externalDocs` of any object.
    pub(super) fn external_docs(&mut self, fields: &Fields<'tree>) -> Option<ExternalDocs> {
        let fields = self.fields(&fields.part("externalDocs")?, &keywords::EXTERNAL_DOCS)?;
        if fields.get("url").is_none() {
            self.incomplete(&fields, "url", "the object is left out");
            return None;
        }
        Some(ExternalDocs { url: self.text(&fields, "url")?, description: self.text(&fields, "description") })
    }

    /// `servers` of any object.
    pub(super) fn servers(&mut self, fields: &Fields<'tree>) -> Vec<Server> {
        self.each(fields, "servers", Self::server)
    }

    fn server(&mut self, part: &Part<'tree>) -> Option<Server> {
        let fields = self.fields(part, &keywords::SERVER)?;
        let variables = self.named(&fields, "variables", Self::server_variable);
        Some(Server {
            place: fields.place,
            url: self.required_text(&fields, "url")?,
            description: self.text(&fields, "description"),
            variables,
        })
    }

    fn server_variable(&mut self, part: &Part<'tree>) -> Option<ServerVariable> {
        let fields = self.fields(part, &keywords::SERVER_VARIABLE)?;
        let values = self.plain_texts(&fields, "enum");
        let default = match values.first() {
            Some(first) if fields.get("default").is_none() => {
                self.incomplete(&fields, "default", "the first value of `enum` is taken");
                first.clone()
            }
            _ => self.required_text(&fields, "default")?.value,
        };
        Some(ServerVariable { default, values, description: self.text(&fields, "description") })
    }

    fn tag(&mut self, part: &Part<'tree>) -> Option<Tag> {
        let fields = self.fields(part, &keywords::TAG)?;
        let rust_name = self.rust_name(&fields);
        let external_docs = self.external_docs(&fields);
        let Located { value: name, .. } = self.required_text(&fields, "name")?;
        Some(Tag {
            place: fields.place,
            name,
            description: self.text(&fields, "description"),
            external_docs,
            rust_name,
        })
    }
}
