//! Changes of what a page documents, one at a time.

use serde_json::{Value, json};

use crate::docs::{Facts, Places};

pub(super) struct Edit {
    pub(super) what: String,
    /// The place that a finding has to name.
    pub(super) place: String,
    pub(super) places: Places,
}

/// Each change of a page that has to be reported.
pub(super) fn edits(places: &Places) -> Vec<Edit> {
    let mut edits = Edits {
        places,
        all: Vec::new(),
    };
    for (place, facts) in places {
        if place.starts_with("examples.") {
            edits.example(place, facts);
            continue;
        }
        for (name, value) in facts {
            edits.fact(place, name, value);
        }
        if place.contains('.') {
            edits.field(place, facts);
        }
    }
    edits.all
}

struct Edits<'a> {
    places: &'a Places,
    all: Vec<Edit>,
}

impl Edits<'_> {
    fn add(&mut self, what: String, place: &str, change: impl FnOnce(&mut Places)) {
        let mut places = self.places.clone();
        change(&mut places);
        assert_ne!(places, *self.places, "{what}");
        let place = place.to_owned();
        self.all.push(Edit {
            what,
            place,
            places,
        });
    }

    fn state(&mut self, place: &str, name: &str, value: Value) {
        let what = format!("{place} {name} becomes {value}");
        self.add(what, place, |places| {
            places
                .get_mut(place)
                .unwrap()
                .insert(name.to_owned(), value);
        });
    }

    fn fact(&mut self, place: &str, name: &str, value: &Value) {
        match name {
            "mandatory" => self.state(place, name, json!(value != true)),
            "min_length" | "max_length" => {
                let bound = value.as_u64().unwrap();
                self.state(place, name, json!(bound + 1));
                self.state(place, name, json!(bound - 1));
            }
            "type" => self.state(
                place,
                name,
                json!(if value == "string" {
                    "integer"
                } else {
                    "string"
                }),
            ),
            "method" => self.state(place, name, json!("PUT")),
            "path" => self.state(place, name, json!(format!("{}/x", value.as_str().unwrap()))),
            "status" => self.state(place, name, json!([207])),
            "first" => self.state(place, name, json!(["0-9"])),
            "characters" => self.list(place, name, value, "+"),
            "forbidden" => self.list(place, name, value, "%"),
            "values" => self.list(place, name, value, "OTHER"),
            "default" | "format" => self.state(place, name, json!("other")),
            "nullable" => {
                let what = format!("{place} {name} is gone");
                self.add(what, place, |places| {
                    _ = places.get_mut(place).unwrap().remove(name)
                });
            }
            "missing_table" => {}
            other => panic!("no edit of {other}"),
        }
    }

    /// One more, and one less.
    fn list(&mut self, place: &str, name: &str, value: &Value, more: &str) {
        let all: Vec<&str> = value
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        let mut longer = all.clone();
        longer.push(more);
        longer.sort_unstable();
        self.state(place, name, json!(longer));
        for one in &all {
            // Letters of both cases are one word.
            let is_gone = |other: &&&str| *other == one || (*one == "A-Z" && **other == "a-z");
            let shorter: Vec<&&str> = all.iter().filter(|other| !is_gone(other)).collect();
            if *one != "a-z" && !shorter.is_empty() {
                self.state(place, name, json!(shorter));
            }
        }
    }

    fn field(&mut self, place: &str, facts: &Facts) {
        let (group, name) = place.rsplit_once('.').unwrap();
        let of_field = |other: &str| {
            other == place
                || other
                    .strip_prefix(place)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        self.add(format!("{place} is removed"), place, |places| {
            places.retain(|other, _| !of_field(other))
        });
        let renamed = format!("{group}.{name}x");
        self.add(format!("{place} is renamed"), place, |places| {
            let moved = places.iter().filter(|(other, _)| of_field(other));
            let moved: Vec<(String, Facts)> = moved
                .map(|(other, facts)| (other.clone(), facts.clone()))
                .collect();
            for (other, facts) in moved {
                places.remove(&other);
                places.insert(format!("{renamed}{}", &other[place.len()..]), facts);
            }
        });
        let added = format!("{group}.added");
        let mut like = facts.clone();
        like.retain(|name, _| name == "mandatory" || name == "type");
        if like.contains_key("type") {
            like.insert("type".to_owned(), json!("string"));
        }
        self.add(format!("{added} is added"), &added, |places| {
            _ = places.insert(added.clone(), like)
        });
    }

    fn example(&mut self, place: &str, facts: &Facts) {
        if let Some(call) = facts.get("call") {
            let call = call.as_str().unwrap();
            self.state(place, "call", json!(call.replacen("POST", "PUT", 1)));
            self.state(place, "call", json!(format!("{call}/x")));
            self.state(
                place,
                "call",
                json!(call.replacen("https://", "https://x", 1)),
            );
        }
        self.leaves(place, "", &facts["value"]);
    }

    fn leaves(&mut self, place: &str, pointer: &str, value: &Value) {
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(key, value)| self.leaves(place, &format!("{pointer}/{key}"), value)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(i, value)| self.leaves(place, &format!("{pointer}/{i}"), value)),
            _ => {
                let name = pointer.replace('/', ".");
                for other in [json!("other"), json!(7)] {
                    let what = format!("{place}{name} becomes {other}");
                    self.add(what, &format!("{place}{name}"), |places| {
                        let example = places.get_mut(place).unwrap();
                        *example
                            .get_mut("value")
                            .unwrap()
                            .pointer_mut(pointer)
                            .unwrap() = other;
                    });
                }
            }
        }
    }
}
