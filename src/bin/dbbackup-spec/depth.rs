//! How deep a document is with its references followed.
//!
//! Whatever walks through a document goes where its references lead and turns back where it meets a
//! value again, so it never goes deeper than this: the depths of a chain of references add up, and so
//! do those of a circle, which may be walked through once. Within a file alone, the reader of YAML sets
//! a limit.

use std::collections::HashMap;

use dbbackup::contract::target;
use serde_json::Value;

/// The most values within one another.
pub(crate) const MOST_LEVELS: usize = 128;

/// The pointer of a part that is too deep, if there is one.
pub(crate) fn too_deep(root: &Value) -> Option<&str> {
    let mut parts = Parts {
        root,
        all: HashMap::new(),
        open: Vec::new(),
    };
    parts.visit("", root).err()
}

/// The document, or something that a reference leads to.
#[derive(Default)]
struct Part<'a> {
    /// Values within one another, up to the next references.
    height: usize,
    /// Where references lead, and how deep they are.
    references: Vec<(&'a str, usize)>,
    /// The height with references followed, as soon as it is known.
    levels: Option<usize>,
    index: usize,
}

impl<'a> Part<'a> {
    fn read(&mut self, root: &'a Value, value: &'a Value, depth: usize) {
        self.height = self.height.max(depth);
        match (target(root, value), value) {
            (Some((pointer, _)), _) => self.references.push((pointer, depth)),
            (None, Value::Object(members)) => {
                for member in members.values() {
                    self.read(root, member, depth + 1);
                }
            }
            (None, Value::Array(items)) => {
                for item in items {
                    self.read(root, item, depth + 1);
                }
            }
            _ => {}
        }
    }
}

/// The parts of a document; circles are found with Tarjan's algorithm.
struct Parts<'a> {
    root: &'a Value,
    all: HashMap<&'a str, Part<'a>>,
    /// Parts whose levels depend on one that is being visited.
    open: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    /// Finds the levels of a part, and gives the index of the first part in a circle with it; fails
    /// with the pointer of one that is too deep.
    fn visit(&mut self, pointer: &'a str, value: &'a Value) -> Result<usize, &'a str> {
        let index = self.all.len();
        let mut part = Part {
            index,
            ..Part::default()
        };
        part.read(self.root, value, 0);
        let references = part.references.clone();
        self.all.insert(pointer, part);
        self.open.push(pointer);
        // Each open part has a level of its own.
        if self.open.len() > MOST_LEVELS {
            return Err(pointer);
        }
        let mut first = index;
        for (pointer, _) in references {
            let reached = match self.all.get(pointer) {
                None => {
                    let value = self.root.pointer(pointer).unwrap_or(&Value::Null);
                    self.visit(pointer, value)?
                }
                Some(part) if part.levels.is_none() => part.index,
                Some(_) => continue,
            };
            first = first.min(reached);
        }
        if first == index {
            self.close(pointer)?;
        }
        Ok(first)
    }

    /// Sets the levels of a part, and of the circle that it is the first part of.
    fn close(&mut self, pointer: &'a str) -> Result<(), &'a str> {
        let start = self.open.iter().position(|open| *open == pointer);
        let circle = self.open.split_off(start.unwrap_or_default());
        let all: usize = circle.iter().map(|pointer| self.all[pointer].height).sum();
        let levels = |pointer: &&str| {
            let part = &self.all[pointer];
            let below = part.references.iter();
            let below =
                below.filter_map(|(pointer, depth)| Some(depth + self.all[pointer].levels?));
            all - part.height + below.max().unwrap_or_default().max(part.height)
        };
        let levels = circle.iter().map(levels).max().unwrap_or_default();
        if levels > MOST_LEVELS {
            return Err(pointer);
        }
        for pointer in circle {
            if let Some(part) = self.all.get_mut(pointer) {
                part.levels = Some(levels);
            }
        }
        Ok(())
    }
}
