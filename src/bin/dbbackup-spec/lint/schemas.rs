//! Rules on schemas that Redocly and Spectral do not have: formats that OpenAPI knows, and bounds that
//! leave something.

use super::Findings;
use super::kind::Kind;
use super::objects::Objects;
use crate::pointer::join;

const FORMATS: &str = "binary byte date date-time double float int32 int64 password";

const BOUNDS: [(&str, &str); 4] = [
    ("minimum", "maximum"),
    ("minItems", "maxItems"),
    ("minLength", "maxLength"),
    ("minProperties", "maxProperties"),
];

pub(super) fn check(objects: &Objects<'_>, findings: &mut Findings) {
    for schema in objects.all(Kind::Schema) {
        let is_unknown = |word: &&str| FORMATS.split(' ').all(|known| known != *word);
        if let Some(word) = schema.value["format"].as_str().filter(is_unknown) {
            let pointer = join(&schema.pointer, "format");
            findings.add(pointer, format!("there is no format {word}"));
        }
        for (least, most) in BOUNDS {
            let [low, high] = [least, most].map(|key| schema.value[key].as_f64());
            if low.zip(high).is_some_and(|(low, high)| low > high) {
                let pointer = join(&schema.pointer, least);
                findings.add(pointer, format!("{least} is above {most}"));
            }
        }
    }
}
