//! OpenAPI documents read from files, with the line of everything in them; no key may stand twice.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use dbbackup::contract::target;
use serde_json::Value;

use crate::at::{holds_names, is_value};
use crate::depth::{MOST_LEVELS, too_deep};
use crate::form;
use crate::marks::marks;
use crate::pointer::{join, last_key, members};

/// An OpenAPI 3.0 document whose references lead somewhere.
#[derive(Debug)]
pub(crate) struct Document {
    /// The file, as it was named.
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) root: Value,
    lines: BTreeMap<String, u64>,
}

impl Document {
    /// Reads a file; the error is one line with the file and, where there is one, the place.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| file.clone())?;
        Self::parse(file, text)
    }

    fn parse(file: String, text: String) -> anyhow::Result<Self> {
        let root = read(&file, &text)?;
        let mut lines = BTreeMap::new();
        for mark in marks(&text) {
            let (line, is_known) = (mark.line, lines.contains_key(&mark.pointer));
            // The key stands where people look for a member. YAML has keys of two types that are one.
            if mark.is_key && is_known {
                let key = last_key(&mark.pointer);
                bail!("{file}:{line}: duplicate mapping key `{key}`");
            }
            lines.entry(mark.pointer).or_insert(line);
        }
        let document = Self {
            file,
            text,
            root,
            lines,
        };
        document.check_form()?;
        document.check_references(&document.root, "", false)?;
        if let Some(pointer) = too_deep(&document.root) {
            let fault =
                format!("{pointer}: more than {MOST_LEVELS} levels, with references followed");
            return Err(document.fault(pointer, fault));
        }
        Ok(document)
    }

    /// The line of a value, or of what it would be in.
    pub(crate) fn line(&self, pointer: &str) -> u64 {
        let mut pointer = pointer;
        loop {
            match (self.lines.get(pointer), pointer.rsplit_once('/')) {
                (Some(line), _) => return *line,
                (None, Some((parent, _))) => pointer = parent,
                (None, None) => return 1,
            }
        }
    }

    /// `info.version`.
    pub(crate) fn version(&self) -> &str {
        self.root["info"]["version"].as_str().unwrap_or_default()
    }

    fn fault(&self, pointer: &str, fault: impl fmt::Display) -> anyhow::Error {
        anyhow!("{}:{}: {fault}", self.file, self.line(pointer))
    }

    fn check_form(&self) -> anyhow::Result<()> {
        let version = self.root["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.0.") {
            let fault = "not an OpenAPI document: openapi must be 3.0.x";
            return Err(self.fault("/openapi", fault));
        }
        match form::fault(&self.root) {
            None => Ok(()),
            Some((pointer, fault)) => {
                let at = if pointer.is_empty() { "" } else { ": " };
                let fault = fault.lines().next().unwrap_or_default();
                let fault = format!("not an OpenAPI 3.0 document{at}{pointer}: {fault}");
                Err(self.fault(&pointer, fault))
            }
        }
    }

    /// The document, unless a call could mean two of its paths: those cannot be compared.
    pub(crate) fn comparable(self) -> anyhow::Result<Self> {
        let mut templates = BTreeSet::new();
        for (path, _) in members(&self.root["paths"]) {
            if !templates.insert(anonymous(&path)) {
                let fault = format!("{path} is there twice, with other names of its parameters");
                return Err(self.fault(&join("/paths", &path), fault));
            }
        }
        Ok(self)
    }

    /// Refuses references that lead nowhere, to another file, or to themselves.
    fn check_references(&self, value: &Value, pointer: &str, is_named: bool) -> anyhow::Result<()> {
        if let Some(reference) = value["$ref"].as_str() {
            let fault = format!("reference {reference:?} leads nowhere");
            return match target(&self.root, value) {
                Some((_, target)) if !target.is_null() => Ok(()),
                _ => Err(self.fault(&format!("{pointer}/$ref"), fault)),
            };
        }
        for (key, member) in members(value) {
            // What is said of values holds no references.
            if is_named || !(is_value(&key) || key.starts_with("x-")) {
                let has_names = !is_named && member.is_object() && holds_names(&key);
                self.check_references(member, &join(pointer, &key), has_names)?;
            }
        }
        Ok(())
    }
}

fn read(file: &str, text: &str) -> anyhow::Result<Value> {
    let options = serde_saphyr::options! { strict_booleans: true, with_snippet: false };
    let read = serde_saphyr::from_str_with_options(text, options);
    read.map_err(|error: serde_saphyr::Error| {
        let fault = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
        let fault = fault.lines().next().unwrap_or_default();
        match error.location() {
            Some(place) => {
                let (line, column) = (place.line(), place.column());
                let fault = fault.replace(&format!(" at line {line}, column {column}"), "");
                anyhow!("{file}:{line}:{column}: {fault}")
            }
            None => anyhow!("{file}: {fault}"),
        }
    })
}

/// A path without the names of its parameters, which are not on the wire.
pub(crate) fn anonymous(path: &str) -> String {
    let rest = |piece| str::split_once(piece, '}').map_or(piece, |(_, rest)| rest);
    path.split('{').map(rest).collect::<Vec<_>>().join("{}")
}
