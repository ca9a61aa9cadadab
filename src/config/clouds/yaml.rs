//! YAML as a tree of texts, which keeps numbers as they are written and the line of each value.
//!
//! What is wrong with a value shows when it is asked for, so that a mistake in another cloud does no
//! harm. Aliases share what they stand for: a file does not grow as it is read.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use secrecy::{ExposeSecret, SecretString};
use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle, Tag, options};

use super::invalid;
use crate::error::Error;

/// Keys with their values.
pub(super) type Map = BTreeMap<String, Rc<Node>>;

/// Keys that merges (`<<`) may copy in a file; a hostile one could ask for any number of them.
const MOST_MERGED: usize = 100_000;

/// A value, and where it stands.
pub(super) struct Node {
    kind: Kind,
    line: usize,
    /// What the value is of, such as `cloud "otc" in clouds.yaml`; nothing for a variable.
    of: Option<Rc<str>>,
}

enum Kind {
    Null,
    Text(SecretString),
    List(Vec<Rc<Node>>),
    Map(Map),
    /// `<<`, which is a key only.
    Merge,
    /// Something with a tag that makes it more than a text, or a part of itself.
    Odd,
}

impl Node {
    /// The value of a variable, or one that a source has from somebody else.
    pub(super) fn text_of(of: Option<Rc<str>>, text: SecretString) -> Self {
        let kind = Kind::Text(text);
        Self { kind, line: 0, of }
    }

    /// What it is of, if it is no variable.
    pub(super) fn of(&self) -> Option<Rc<str>> {
        self.of.clone()
    }

    pub(super) fn line(&self) -> usize {
        self.line
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// Whether it is the same text.
    pub(super) fn says_like(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Text(one), Kind::Text(two)) => one.expose_secret() == two.expose_secret(),
            _ => false,
        }
    }

    /// How the source calls a key.
    pub(super) fn name(&self, key: &str) -> String {
        name(self.of.as_deref(), key)
    }

    /// The same with its line, for those who have to correct it.
    pub(super) fn place(&self, key: &str) -> String {
        let name = self.name(key);
        match self.line {
            0 => name,
            line => format!("{name}, line {line},"),
        }
    }

    /// The text; none if there is nothing.
    pub(super) fn text(&self, key: &str) -> Result<Option<&SecretString>, Error> {
        match &self.kind {
            Kind::Text(text) if text.expose_secret().is_empty() => Ok(None),
            Kind::Text(text) => Ok(Some(text)),
            Kind::Null => Ok(None),
            _ => Err(self.must_be(key, "a text without a tag")),
        }
    }

    /// The keys below it; none if there is nothing.
    pub(super) fn map(&self, key: &str) -> Result<Option<&Map>, Error> {
        match &self.kind {
            Kind::Map(map) => Ok(Some(map)),
            Kind::Null => Ok(None),
            _ => Err(self.must_be(key, "a mapping of keys")),
        }
    }

    /// The entries of a list.
    pub(super) fn list(&self) -> Option<&[Rc<Self>]> {
        match &self.kind {
            Kind::List(list) => Some(list),
            _ => None,
        }
    }

    fn must_be(&self, key: &str, what: &str) -> Error {
        invalid(format!("{} must be {what}: correct it", self.place(key)))
    }
}

/// How a source calls a key: a variable, or a key of something.
pub(super) fn name(of: Option<&str>, key: &str) -> String {
    match of {
        Some(of) => format!("{key} of {of}"),
        None => format!("OS_{}", key.trim_start_matches("auth.").to_uppercase()),
    }
}

/// The one document of a file, or the line that cannot be read.
pub(super) fn parse(text: &str, of: &Rc<str>) -> Result<Rc<Node>, usize> {
    let mut tree = Tree {
        of: Rc::clone(of),
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        room: MOST_MERGED,
    };
    let options = options! { emit_comments: false };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| error.marker().line())?;
        let line = span.start.line();
        tree.take(event, line).ok_or(line)?;
    }
    let nothing = tree.node(Kind::Null, 1);
    Ok(tree.root.unwrap_or(nothing))
}

/// What has been read of a file.
struct Tree {
    of: Rc<str>,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    root: Option<Rc<Node>>,
    /// Keys that merges may still copy.
    room: usize,
}

/// A list or a mapping that has not ended.
struct Open {
    line: usize,
    anchor: usize,
    is_odd: bool,
    /// Entries, or keys and values by turns.
    parts: Vec<Rc<Node>>,
}

impl Tree {
    fn node(&self, kind: Kind, line: usize) -> Rc<Node> {
        let of = Some(Rc::clone(&self.of));
        Rc::new(Node { kind, line, of })
    }

    /// Takes a piece of the file, unless there may be none there.
    fn take(&mut self, event: Event<'_>, line: usize) -> Option<()> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => return None,
            Event::Scalar(text, style, anchor, tag) => {
                let line = self.line_of(style, line);
                let kind = scalar(&text, style == ScalarStyle::Plain, tag.as_deref());
                let node = self.node(kind, line);
                self.put(node, anchor);
            }
            Event::Alias(id) => {
                let odd = || self.node(Kind::Odd, line);
                let node = self.anchors.get(&id).cloned().unwrap_or_else(odd);
                self.put(node, 0);
            }
            Event::SequenceStart(_, anchor, tag) | Event::MappingStart(_, anchor, tag) => {
                self.open.push(Open {
                    line,
                    anchor,
                    is_odd: tag.is_some_and(|tag| core(&tag).is_none()),
                    parts: Vec::new(),
                });
            }
            Event::SequenceEnd => {
                let open = self.open.pop()?;
                self.close(Kind::List(open.parts), open.is_odd, open.line, open.anchor);
            }
            Event::MappingEnd => {
                let open = self.open.pop()?;
                let map = self.mapping(open.parts)?;
                self.close(Kind::Map(map), open.is_odd, open.line, open.anchor);
            }
            _ => {}
        }
        Some(())
    }

    /// The line of a scalar: that of a block is told by its text, and its key stands above.
    fn line_of(&self, style: ScalarStyle, line: usize) -> usize {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let key = self.open.last().and_then(|open| open.parts.last());
        key.filter(|_| is_block).map_or(line, |key| key.line)
    }

    fn close(&mut self, kind: Kind, is_odd: bool, line: usize, anchor: usize) {
        let kind = if is_odd { Kind::Odd } else { kind };
        let node = self.node(kind, line);
        self.put(node, anchor);
    }

    fn put(&mut self, node: Rc<Node>, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        match self.open.last_mut() {
            Some(open) => open.parts.push(node),
            None => self.root = Some(node),
        }
    }

    /// Keys with values, those of merges below its own; the last one of a name counts.
    fn mapping(&mut self, parts: Vec<Rc<Node>>) -> Option<Map> {
        let (mut own, mut merged) = (Map::new(), Map::new());
        for pair in parts.chunks_exact(2) {
            let [key, value] = pair else { continue };
            match &key.kind {
                Kind::Text(key) => {
                    own.insert(key.expose_secret().to_owned(), Rc::clone(value));
                }
                // Of several the first one wins.
                Kind::Merge => {
                    let several = value.list().unwrap_or(std::slice::from_ref(value));
                    for node in several.iter().rev() {
                        if let Kind::Map(map) = &node.kind {
                            self.room = self.room.checked_sub(map.len())?;
                            merged.extend(map.iter().map(|(k, v)| (k.clone(), Rc::clone(v))));
                        }
                    }
                }
                _ => {}
            }
        }
        merged.extend(own);
        Some(merged)
    }
}

/// The name of a tag that all YAML has.
fn core(tag: &Tag) -> Option<&str> {
    (tag.handle() == "tag:yaml.org,2002:").then(|| tag.suffix())
}

fn scalar(text: &str, is_plain: bool, tag: Option<&Tag>) -> Kind {
    match tag.map(core) {
        None if is_plain && matches!(text, "" | "~" | "null" | "Null" | "NULL") => Kind::Null,
        None if is_plain && text == "<<" => Kind::Merge,
        Some(Some("null")) => Kind::Null,
        None | Some(Some("str" | "int" | "float" | "bool")) => Kind::Text(text.into()),
        Some(_) => Kind::Odd,
    }
}
