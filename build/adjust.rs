//! What is changed in generated code.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, ExprClosure, ExprMatch, Field, FieldValue, Fields, File, Ident, ImplItem, ImplItemFn,
    Item, ItemImpl, ItemMod, ItemStruct, Lit, Member, Meta, Pat, PatLit, Path, Token, Type,
    parse_quote,
};

/// The names of the types that answers have.
pub(super) type Answers = BTreeSet<String>;

/// Makes all changes.
pub(super) struct Adjust<'a> {
    answers: &'a Answers,
    /// Types that the client uses and that are not generated with it; `None` if no client is wanted.
    elsewhere: Option<Vec<Path>>,
    /// Readers of fields, each with the name that its field has in JSON.
    readers: BTreeMap<Ident, String>,
    /// The function that is being visited.
    function: String,
    is_setter: bool,
}

impl<'a> Adjust<'a> {
    pub(super) fn new(answers: &'a Answers, elsewhere: Option<Vec<Path>>) -> Self {
        Self {
            answers,
            elsewhere,
            readers: BTreeMap::new(),
            function: String::new(),
            is_setter: false,
        }
    }

    /// What is added to the types: names of those that are elsewhere, and the readers of fields.
    fn complete(&mut self, types: &mut Vec<Item>) {
        // Each module names all the types that its calls need.
        let elsewhere = self.elsewhere.iter().flatten();
        let uses = elsewhere.map(|path| -> Item { parse_quote!(pub use #path;) });
        types.splice(0..0, uses);
        let readers = self.readers.iter().map(|(reader, name)| -> Item {
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
}

impl VisitMut for Adjust<'_> {
    fn visit_file_mut(&mut self, file: &mut File) {
        let has_client = self.elsewhere.is_some();
        file.items.retain(|item| match item {
            Item::Mod(module) if module.ident == "types" => true,
            // The generated constructors have a short timeout and follow redirects.
            Item::Impl(block) => has_client && !is_constructors(block),
            _ => has_client,
        });
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut ItemMod) {
        visit_mut::visit_item_mod_mut(self, module);
        if let (true, Some((_, types))) = (module.ident == "types", &mut module.content) {
            self.complete(types);
        }
    }

    /// Makes reading lenient: a field of an answer that is absent, null or of another form than the
    /// documented one is no reason to fail after an accepted call.
    fn visit_item_struct_mut(&mut self, of: &mut ItemStruct) {
        match &mut of.fields {
            Fields::Unnamed(fields) => fields.unnamed.iter_mut().for_each(read_list),
            _ => self.readers.extend(read_fields(of, self.answers)),
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        self.function = function.sig.ident.to_string();
        visit_mut::visit_impl_item_fn_mut(self, function);
        if std::mem::take(&mut self.is_setter) {
            let clause = function.sig.generics.make_where_clause();
            clause
                .predicates
                .push(parse_quote!(V::Error: ::std::fmt::Display));
        }
    }

    /// Lets a call be about the project of the transport, unless it names one.
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        let is_project = matches!(&field.member, Member::Named(name) if name == "project_id");
        if is_project && self.function == "new" {
            field.expr = parse_quote!(client.project());
        }
    }

    /// Makes setters of operations say why a value is refused; the generated ones drop the reason.
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        if matches!(closure.inputs.first(), Some(Pat::Wild(_))) {
            let field = &self.function;
            *closure = parse_quote!(|reason| format!("{}: {reason}", #field));
            self.is_setter = true;
        }
    }

    /// Makes enums name their words when they refuse one.
    fn visit_expr_match_mut(&mut self, words: &mut ExprMatch) {
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

fn is_constructors(block: &ItemImpl) -> bool {
    let mut functions = block.items.iter();
    functions.any(|f| matches!(f, ImplItem::Fn(f) if f.sig.ident == "new_with_client"))
}

/// The list of a type that is nothing else.
fn read_list(field: &mut Field) {
    if is(&field.ty, "Vec") {
        let list = parse_quote!(#[serde(deserialize_with = "::dbbackup::model::list")]);
        field.attrs.push(list);
    }
}

/// The optional fields of a struct; returns the readers that they need, each with the name of its field.
fn read_fields(of: &mut ItemStruct, answers: &Answers) -> Vec<(Ident, String)> {
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
        // `prepare.rs`), may be absent, too.
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
