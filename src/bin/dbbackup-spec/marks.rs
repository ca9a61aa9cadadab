//! Where everything stands in a text in YAML, as its parser tells it.
//!
//! JSON is read as YAML, which it is a part of. What an alias stands for is where the alias is.

use serde_saphyr::granit_parser::{Event, Parser, ScalarStyle};

use crate::pointer::join;

/// A key or a value.
pub(crate) struct Mark {
    pub(crate) line: u64,
    /// JSON pointer of the value, also for its key.
    pub(crate) pointer: String,
    pub(crate) is_key: bool,
    /// A scalar with neither quotes nor a tag.
    pub(crate) plain: Option<String>,
}

/// A list or a mapping that is being read.
struct Open {
    pointer: String,
    next: Next,
}

/// What comes next in it.
enum Next {
    Item(usize),
    Key,
    /// The value of a key.
    Value(String),
}

/// All keys and values of a text that has no faults.
pub(crate) fn marks(text: &str) -> impl Iterator<Item = Mark> {
    let mut open: Vec<Open> = Vec::new();
    let events = Parser::new_from_str(text).map_while(Result::ok);
    events.filter_map(move |(event, span)| {
        let is_key = open
            .last()
            .is_some_and(|open| matches!(open.next, Next::Key));
        let mut mark = Mark {
            line: span.start.line() as u64,
            pointer: pointer(&open),
            is_key: false,
            plain: None,
        };
        match event {
            Event::Scalar(text, style, _, tag) => {
                if is_key {
                    mark.is_key = true;
                    mark.pointer = join(&mark.pointer, &text);
                }
                close(&mut open, &text);
                let is_plain = style == ScalarStyle::Plain && tag.is_none();
                mark.plain = is_plain.then(|| text.into_owned());
            }
            Event::Alias(_) => close(&mut open, "*"),
            Event::SequenceStart(..) => open.push(Open {
                pointer: mark.pointer.clone(),
                next: Next::Item(0),
            }),
            Event::MappingStart(..) => open.push(Open {
                pointer: mark.pointer.clone(),
                next: Next::Key,
            }),
            Event::SequenceEnd | Event::MappingEnd => {
                open.pop();
                close(&mut open, "?");
                return None;
            }
            _ => return None,
        }
        Some(mark)
    })
}

/// The pointer of what comes next.
fn pointer(open: &[Open]) -> String {
    let Some(Open { pointer, next }) = open.last() else {
        return String::new();
    };
    match next {
        Next::Item(index) => join(pointer, &index.to_string()),
        Next::Key => pointer.clone(),
        Next::Value(key) => join(pointer, key),
    }
}

/// Notes that a key or a value is over.
fn close(open: &mut [Open], text: &str) {
    let Some(Open { next, .. }) = open.last_mut() else {
        return;
    };
    *next = match next {
        Next::Item(index) => Next::Item(*index + 1),
        Next::Key => Next::Value(text.to_owned()),
        Next::Value(_) => Next::Key,
    };
}
