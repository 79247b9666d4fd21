//! Paging: how the items of a page, and how many there are in all, are taken from an answer.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use super::operation::Rendering;
use super::syntax::{Here, ident};
use crate::ir::{Field, Pagination, Step, Type, TypeKind};

impl<'a> Context<'a> {
    /// The function that takes the items of a page from an answer.
    pub(super) fn page(&self, rendering: &Rendering<'_>, pagination: &Pagination) -> TokenStream {
        let (value, item) = (&rendering.success.ty, self.ty(&pagination.item, Here::Crate));
        let read = &rendering.success.function;
        let (items, items_optional) = self.walk(&pagination.items, false);
        let items = if items_optional { quote!(#items.unwrap_or_default()) } else { items };
        let total = match &pagination.total {
            None => quote!(None),
            Some(steps) => {
                let is_wide = steps.last().is_some_and(|step| self.step_type(step) == Some(&Type::Integer64));
                match (self.walk(steps, true), is_wide) {
                    ((total, true), true) => total,
                    ((total, true), false) => quote!(#total.map(i64::from)),
                    ((total, false), true) => quote!(Some(#total)),
                    ((total, false), false) => quote!(Some(i64::from(#total))),
                }
            }
        };
        // The number is copied before the items are moved out.
        let page = match &pagination.total {
            None => quote!(Ok(Page::new(#items, None))),
            Some(_) => quote! {
                let total = #total;
                Ok(Page::new(#items, total))
            },
        };
        quote! {
            fn page(answer: &Answer) -> Result<Page<#item>, DecodeError> {
                let body: #value = #read(answer)?;
                #page
            }
        }
    }

    /// The expression along steps from `body`, and whether it is an `Option`. The value at its end is moved out of the body,
    /// or copied with `borrows`, so that the body stays whole.
    fn walk(&self, steps: &[Step], borrows: bool) -> (TokenStream, bool) {
        let mut expression = quote!(body);
        let mut is_optional = false;
        let last = steps.len().saturating_sub(1);
        for (index, step) in steps.iter().enumerate() {
            let Some((field, name)) = self.step(step) else { continue };
            let may_be_missing = !field.required || field.nullable;
            let is_borrowed = borrows && index < last;
            let access = |from: TokenStream| match (may_be_missing, is_borrowed) {
                (true, true) => quote!(#from.#name.as_ref()),
                (true, false) if self.is_optional_nullable(field) => quote!(#from.#name.value()),
                (false, true) if is_optional => quote!(&#from.#name),
                _ => quote!(#from.#name),
            };
            expression = match (is_optional, may_be_missing) {
                (false, _) => access(expression),
                (true, false) => {
                    let value = access(quote!(value));
                    quote!(#expression.map(|value| #value))
                }
                (true, true) => {
                    let value = access(quote!(value));
                    quote!(#expression.and_then(|value| #value))
                }
            };
            is_optional |= may_be_missing;
        }
        (expression, is_optional)
    }

    fn step(&self, step: &Step) -> Option<(&'a Field, Ident)> {
        let TypeKind::Record(record) = &self.api.ty(step.record)?.kind else { return None };
        let name = self.names.ty(step.record)?.members.get(step.field)?;
        Some((record.fields.get(step.field)?, ident(name)))
    }

    fn step_type(&self, step: &Step) -> Option<&'a Type> {
        self.step(step).map(|(field, _)| &field.ty)
    }
}
