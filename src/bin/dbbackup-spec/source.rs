//! `x-source`: where a contract has from what no page of the vendor says.

use std::slice::from_ref;

use serde::Deserialize;
use serde_json::Value;

/// A source of what stands beside it.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Source<'a> {
    OfAll(&'a str),
    #[serde(borrow)]
    OfSome(Limited<'a>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limited<'a> {
    from: &'a str,
    r#for: Vec<&'a str>,
}

/// The sources that an `x-source` names: one or a list, each as a text, or as an object with what it is
/// `for`. `None` if one of them says nothing.
pub(crate) fn sources(value: &Value) -> Option<Vec<Source<'_>>> {
    let items = value.as_array().map_or(from_ref(value), Vec::as_slice);
    let sources: Vec<_> = items
        .iter()
        .map(Source::deserialize)
        .collect::<Result<_, _>>()
        .ok()?;
    let says = |text: &&str| !text.trim().is_empty();
    let is_whole = |source: &Source<'_>| match source {
        Source::OfAll(text) => says(text),
        Source::OfSome(Limited { from, r#for }) => {
            says(from) && !r#for.is_empty() && r#for.iter().all(says)
        }
    };
    (!sources.is_empty() && sources.iter().all(is_whole)).then_some(sources)
}

/// The source beside a value, if it is that of all that the value says.
pub(crate) fn of_all(value: &Value) -> Option<&str> {
    let sources = sources(&value["x-source"])?.into_iter();
    sources.into_iter().find_map(|source| match source {
        Source::OfAll(text) => Some(text),
        Source::OfSome(_) => None,
    })
}
