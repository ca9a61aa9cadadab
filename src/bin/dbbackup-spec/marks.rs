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
enum Open {
    List(usize),
    /// With the key that waits for its value.
    Mapping(Option<String>),
}

/// All keys and values of a text that has no faults.
pub(crate) fn marks(text: &str) -> impl Iterator<Item = Mark> {
    let mut open: Vec<Open> = Vec::new();
    let events = Parser::new_from_str(text).map_while(Result::ok);
    events.filter_map(move |(event, span)| {
        let is_key = matches!(open.last(), Some(Open::Mapping(None)));
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
            Event::SequenceStart(..) => open.push(Open::List(0)),
            Event::MappingStart(..) => open.push(Open::Mapping(None)),
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
    open.iter().fold(String::new(), |pointer, open| match open {
        Open::List(index) => join(&pointer, &index.to_string()),
        Open::Mapping(Some(key)) => join(&pointer, key),
        Open::Mapping(None) => pointer,
    })
}

/// Notes that a key or a value is over.
fn close(open: &mut [Open], text: &str) {
    match open.last_mut() {
        Some(Open::List(index)) => *index += 1,
        Some(Open::Mapping(key)) if key.is_none() => *key = Some(text.to_owned()),
        Some(Open::Mapping(key)) => *key = None,
        None => {}
    }
}
