//! What is changed in generated code.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Field, Fields, Item, ItemStruct, Lit, Meta, Pat, PatLit, Token, Type, parse_quote};

/// The names of the types that answers have.
pub(super) type Answers = BTreeSet<String>;

/// Makes reading lenient: a field of an answer that is absent, null or of another form than the
/// documented one is no reason to fail after an accepted call.
pub(super) fn lenient(types: &mut Vec<Item>, answers: &Answers) {
    let mut readers = BTreeMap::new();
    for item in types.iter_mut() {
        let Item::Struct(of) = item else { continue };
        match &mut of.fields {
            Fields::Unnamed(fields) => fields.unnamed.iter_mut().for_each(read_list),
            _ => readers.extend(read_fields(of, answers)),
        }
    }
    let readers = readers.into_iter().map(|(reader, name)| -> Item {
        parse_quote! {
            pub(super) fn #reader<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<::std::option::Option<T>, D::Error> {
                ::dbbackup::model::field(#name, deserializer)
            }
        }
    });
    types.push(parse_quote! {
        /// Readers of fields.
        mod lenient {
            use ::serde::{Deserialize, Deserializer};
            #(#readers)*
        }
    });
}

/// The list of a type that is nothing else.
fn read_list(field: &mut Field) {
    if is(&field.ty, "Vec") {
        let list = parse_quote!(#[serde(deserialize_with = "::dbbackup::model::list")]);
        field.attrs.push(list);
    }
}

/// The optional fields of a struct; returns the readers that they need, each with the name of its field.
fn read_fields(of: &mut ItemStruct, answers: &Answers) -> Vec<(syn::Ident, String)> {
    let is_answer = answers.contains(&of.ident.to_string());
    let mut readers = Vec::new();
    for field in &mut of.fields {
        let (Some(name), true) = (field.ident.clone(), is(&field.ty, "Option")) else {
            continue;
        };
        let mut words: Vec<Meta> = Vec::new();
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("serde")) {
            let list = Punctuated::<Meta, Token![,]>::parse_terminated;
            words.extend(attribute.parse_args_with(list).into_iter().flatten());
        }
        // A nullable field, which is mandatory for progenitor so that its null is kept (see
        // `prepare`), may be absent, too.
        words.retain(|word| !word.path().is_ident("deserialize_with"));
        words.push(parse_quote!(default));
        if is_answer {
            let reader = format!("lenient::{name}");
            words.push(parse_quote!(deserialize_with = #reader));
            let written = words.iter().find_map(renamed);
            readers.push((name.clone(), written.unwrap_or_else(|| name.to_string())));
        }
        field.attrs.retain(|a| !a.path().is_ident("serde"));
        field.attrs.push(parse_quote!(#[serde(#(#words),*)]));
    }
    readers
}

/// The name that a field has in JSON, if it has another one in Rust.
fn renamed(word: &Meta) -> Option<String> {
    match word {
        Meta::NameValue(pair) if pair.path.is_ident("rename") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: Lit::Str(name),
                ..
            }) => Some(name.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a type has this name, whatever its path and parameters.
fn is(of: &Type, name: &str) -> bool {
    let last = match of {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    };
    last.is_some_and(|segment| segment.ident == name)
}

/// Makes refusals of values say why: setters of operations drop the reason, enums name no words.
#[derive(Default)]
pub(super) struct Explain {
    function: String,
    is_setter: bool,
}

impl VisitMut for Explain {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        self.function = function.sig.ident.to_string();
        visit_mut::visit_impl_item_fn_mut(self, function);
        if std::mem::take(&mut self.is_setter) {
            let clause = function.sig.generics.make_where_clause();
            clause
                .predicates
                .push(parse_quote!(V::Error: ::std::fmt::Display));
        }
    }

    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        if matches!(closure.inputs.first(), Some(Pat::Wild(_))) {
            let field = &self.function;
            *closure = parse_quote!(|reason| format!("{}: {reason}", #field));
            self.is_setter = true;
        }
    }

    fn visit_expr_match_mut(&mut self, words: &mut syn::ExprMatch) {
        let text = |arm: &Arm| match &arm.pat {
            Pat::Lit(PatLit {
                lit: Lit::Str(word),
                ..
            }) => Some(word.value()),
            _ => None,
        };
        let known: Vec<String> = words.arms.iter().filter_map(text).collect();
        if let (false, Some(other)) = (known.is_empty(), words.arms.last_mut()) {
            let rule = format!("must be one of: {}", known.join(", "));
            other.body = parse_quote!(Err(#rule.into()));
        }
        visit_mut::visit_expr_match_mut(self, words);
    }
}
