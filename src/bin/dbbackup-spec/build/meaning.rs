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

/// What a contract says of a field or a parameter.
pub(super) struct Meaning<'a> {
    /// In Markdown.
    pub(super) text: String,
    /// Bounds, default and all other keywords, with their values.
    pub(super) keywords: Vec<(String, &'a Value)>,
    /// The meaning of each item of an array, but not of those within it: an array may hold itself.
    pub(super) each: Option<Box<Self>>,
    /// On which cloud there is one, if not on all.
    pub(super) availability: &'a str,
}

impl<'a> Meaning<'a> {
    /// The meaning of a schema, or of a parameter or header with one.
    pub(super) fn of(holder: &At<'a>) -> Self {
        let schema = holder.member("schema");
        let schema = whole(if schema.exists() { &schema } else { holder });
        let items = whole(&schema.member("items"));
        let [own, general] = [holder, &schema].map(|at| at.member("description").text().trim());
        Self {
            // A schema of its own has words that are true wherever it is used.
            text: match own == general {
                true => own.to_owned(),
                false => format!("{own} {general}").trim().to_owned(),
            },
            keywords: keywords(&schema),
            each: items.exists().then(|| {
                Box::new(Self {
                    text: items.member("description").text().trim().to_owned(),
                    keywords: keywords(&items),
                    each: None,
                    availability: "",
                })
            }),
            availability: holder.member("x-availability").text(),
        }
    }
}

fn keywords<'a>(schema: &At<'a>) -> Vec<(String, &'a Value)> {
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
        let mut parts = vec![self.text.clone()];
        parts.extend(self.keywords.iter().map(keyword));
        let each = self.each.iter().map(|each| each.to_string());
        parts.extend(
            each.filter(|each| !each.is_empty())
                .map(|each| format!("Each: {each}")),
        );
        parts.push(self.availability.to_owned());
        parts.retain(|part| !part.is_empty());
        formatter.write_str(&parts.join(" "))
    }
}
