//! What a field or a parameter means, for the pages in Markdown and for comparisons.

use std::fmt;

use serde_json::Value;

use super::fields::whole;
use crate::at::At;

/// Keywords that a row says in its own way, or that hold other rows.
const SAID: [&str; 11] = [
    "allOf",
    "anyOf",
    "description",
    "example",
    "items",
    "nullable",
    "oneOf",
    "properties",
    "required",
    "title",
    "type",
];

type Keywords<'a> = Vec<(String, &'a Value)>;

/// What a contract says of a field or a parameter.
pub(super) struct Meaning<'a> {
    /// In Markdown.
    pub(super) text: String,
    /// Bounds, default and all other keywords, with their values.
    pub(super) keywords: Keywords<'a>,
    /// The same of each item of an array, but not of those within it: an array may hold itself.
    pub(super) each: (String, Keywords<'a>),
    /// On which cloud there is one, if not on all.
    pub(super) availability: &'a str,
}

impl<'a> Meaning<'a> {
    /// The meaning of a schema, or of a parameter or header with one.
    pub(super) fn of(holder: &At<'a>) -> Self {
        let schema = holder.member("schema");
        let schema = whole(if schema.exists() { &schema } else { holder });
        let items = whole(&schema.member("items"));
        let [own, general, each] =
            [holder, &schema, &items].map(|at| at.member("description").text().trim());
        // A schema of its own has words that are true wherever it is used.
        let general = if general == own { "" } else { general };
        Self {
            text: format!("{own} {general}").trim().to_owned(),
            keywords: keywords(&schema),
            each: (each.to_owned(), keywords(&items)),
            availability: holder.member("x-availability").text(),
        }
    }
}

fn keywords<'a>(schema: &At<'a>) -> Keywords<'a> {
    schema
        .members()
        .into_iter()
        .filter(|(keyword, _)| !SAID.contains(&&**keyword) && !keyword.starts_with("x-"))
        .map(|(keyword, at)| (keyword, at.value))
        .collect()
}

impl fmt::Display for Meaning<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = |(keyword, value): &(String, &Value)| match value {
            Value::Array(words) => {
                let words: Vec<String> = words.iter().map(Value::to_string).collect();
                format!("`{keyword}`: {}.", words.join(", "))
            }
            value => format!("`{keyword}`: `{value}`."),
        };
        let said = |text: &str, keywords: &Keywords<'_>| {
            let keywords = keywords.iter().map(keyword);
            let mut parts: Vec<String> = std::iter::once(text.to_owned()).chain(keywords).collect();
            parts.retain(|part| !part.is_empty());
            parts.join(" ")
        };
        let (text, keywords) = &self.each;
        let each = match said(text, keywords) {
            each if each.is_empty() => each,
            each => format!("Each: {each}"),
        };
        let own = said(&self.text, &self.keywords);
        let mut parts = vec![&*own, &*each, self.availability];
        parts.retain(|part| !part.is_empty());
        formatter.write_str(&parts.join(" "))
    }
}
