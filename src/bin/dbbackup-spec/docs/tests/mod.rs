//! No change of a page goes unseen, in whatever form the page is.

mod edits;
mod pages;
mod phrases;
mod sheets;
mod tables;

use std::fs;
use std::path::Path;

use super::blocks::Layout;
use super::compare::compare;
use super::facts::{Documented, Fact, Loci};
use super::operation::OperationFacts;
use super::verdict::Row;
use super::{Places, extract};
use crate::document::Document;
use pages::{FORMS, Form, page};
use sheets::{Redirect, sheets};

/// The facts of each page, and the service that it is about.
const FIXTURES: [(&str, &str); 5] = [
    ("rds-v1", "rds-v1"),
    ("rds-v1-text", "rds-v1"),
    ("rds-v3", "rds-v3"),
    ("taurusdb-v3", "taurusdb-v3"),
    ("gaussdb-v3", "gaussdb-v3"),
];

fn documented(fixture: &str) -> Documented {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("tests/fixtures/documented/{fixture}.json"));
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// The facts of a page by their names.
fn plain(places: &Loci) -> Places {
    serde_json::from_value(serde_json::to_value(places).unwrap()).unwrap()
}

fn typed(places: &Places) -> Loci {
    serde_json::from_value(serde_json::to_value(places).unwrap()).unwrap()
}

fn contract(service: &str) -> OperationFacts {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = Document::read(&root.join(format!("openapi/{service}.yaml"))).unwrap();
    OperationFacts::of(&document, "create_backup").unwrap()
}

fn findings(page: &Documented, contract: &OperationFacts) -> Vec<Row> {
    let mut rows = compare(page, contract);
    rows.retain(|row| row.finding);
    rows
}

/// Whether a finding is about a place or about a part of it.
fn names(found: &[Row], place: &str) -> bool {
    let is_within = |row: &Row| {
        let found = row.place.to_string();
        let rest = found.strip_prefix(place);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    found.iter().any(is_within)
}

#[test]
fn the_pages_give_no_finding() {
    for (fixture, service) in FIXTURES {
        let found = findings(&documented(fixture), &contract(service));
        assert!(found.is_empty(), "{fixture}: {found:#?}");
    }
}

#[test]
fn each_changed_fact_is_found() {
    let mut tried = 0;
    for (fixture, service) in FIXTURES {
        let (page, contract) = (documented(fixture), contract(service));
        for edit in edits::edits(&plain(&page.places)) {
            let changed = Documented {
                layout: page.layout,
                language: page.language.clone(),
                places: typed(&edit.places),
            };
            let found = findings(&changed, &contract);
            assert!(
                names(&found, &edit.place),
                "{fixture}: {}: {found:#?}",
                edit.what
            );
            tried += 1;
        }
    }
    assert!(tried > 500, "only {tried} changes were tried");
}

/// What a page in some form can say of the facts.
fn sayable(places: &Places, form: Form) -> Places {
    let mut places = places.clone();
    for facts in places.values_mut() {
        facts.remove("note");
    }
    if form == Form::BarePipes {
        places.remove("call");
        places.remove("response");
        places.retain(|place, _| {
            !["parameters.", "headers.", "errors."]
                .iter()
                .any(|group| place.starts_with(group))
        });
    }
    places
}

#[test]
fn pages_of_each_form_say_what_they_are_made_of() {
    for (fixture, _) in FIXTURES {
        let page_facts = documented(fixture);
        for form in FORMS {
            let mut expected = sayable(&plain(&page_facts.places), form);
            for facts in expected.values_mut() {
                facts.remove("missing_table");
            }
            for is_english in [true, false] {
                let text = page(&expected, form, is_english, None);
                let read = extract::facts(&text)
                    .unwrap_or_else(|error| panic!("{fixture} as {form:?}: {error}\n{text}"));
                assert_eq!(
                    plain(&read.places),
                    expected,
                    "{fixture} as {form:?}:\n{text}"
                );
                let layout = match form {
                    Form::Html => Layout::Html,
                    Form::Markdown => Layout::Markdown,
                    Form::Pipes | Form::BarePipes => Layout::Pipes,
                    Form::Lines => Layout::Lines,
                };
                assert_eq!(read.layout, layout);
                assert_eq!(
                    read.language,
                    if is_english { "English" } else { "Chinese" }
                );
            }
        }
    }
}

/// Reads a page, with what its form cannot say taken from elsewhere.
fn read(text: &str, original: &Documented) -> Documented {
    let mut read = extract::facts(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    // The errata of an edition count for it alone.
    read.layout = original.layout;
    for (place, facts) in &original.places {
        if let Some(note) = facts.get(&Fact::Note)
            && let Some(example) = read.places.get_mut(place)
        {
            example.insert(Fact::Note, note.clone());
        }
    }
    read
}

fn each_change_is_found_in_pages_of(form: Form) {
    let mut tried = 0;
    for (fixture, service) in FIXTURES
        .into_iter()
        .filter(|(fixture, _)| *fixture != "rds-v1-text")
    {
        let (original, contract) = (documented(fixture), contract(service));
        let known = findings(
            &read(
                &page(&sayable(&plain(&original.places), form), form, true, None),
                &original,
            ),
            &contract,
        );
        assert!(
            form == Form::BarePipes || known.is_empty(),
            "{fixture}: {known:#?}"
        );
        let places = sayable(&plain(&original.places), form);
        for (i, edit) in edits::edits(&places).into_iter().enumerate() {
            let text = page(&edit.places, form, i % 2 == 0, None);
            let mut found = findings(&read(&text, &original), &contract);
            found.retain(|row| {
                known.iter().all(|known| {
                    !(known.place == row.place && known.fact == row.fact && known.page == row.page)
                })
            });
            assert!(
                names(&found, &edit.place),
                "{fixture} as {form:?}: {}: {found:#?}\n{text}",
                edit.what
            );
            tried += 1;
        }
    }
    assert!(tried > 300, "only {tried} changes were tried");
}

#[test]
fn each_change_is_found_in_html() {
    each_change_is_found_in_pages_of(Form::Html);
}

#[test]
fn each_change_is_found_in_markdown() {
    each_change_is_found_in_pages_of(Form::Markdown);
}

#[test]
fn each_change_is_found_in_text_with_pipes() {
    each_change_is_found_in_pages_of(Form::Pipes);
}

#[test]
fn each_change_is_found_in_text_with_pipes_alone() {
    each_change_is_found_in_pages_of(Form::BarePipes);
}

#[test]
fn each_change_is_found_in_text_with_a_line_for_each_cell() {
    each_change_is_found_in_pages_of(Form::Lines);
}

#[test]
fn each_redirected_reference_is_found() {
    let mut tried = 0;
    for (fixture, service) in FIXTURES
        .into_iter()
        .filter(|(fixture, _)| *fixture != "rds-v1-text")
    {
        let (original, contract) = (documented(fixture), contract(service));
        for form in FORMS {
            let places = sayable(&plain(&original.places), form);
            let parents = places.keys().filter(|place| {
                let of_place = |other: &String| {
                    other
                        .rsplit_once('.')
                        .is_some_and(|(parent, _)| parent == *place)
                };
                place.contains('.') && places.keys().any(of_place)
            });
            let expected = read(&page(&places, form, true, None), &original);
            let count = sheets(&places, true).len();
            for place in parents {
                for to in 1..=count + 1 {
                    let text = page(&places, form, true, Some(Redirect { place, to }));
                    if text == page(&places, form, true, None) {
                        continue;
                    }
                    let read = read(&text, &original);
                    // Without captions, a number tells no more than an order; and two tables may be alike.
                    if read.places == expected.places {
                        continue;
                    }
                    let found = findings(&read, &contract);
                    assert!(
                        names(&found, place),
                        "{fixture} as {form:?}: {place} refers to {to}: {found:#?}\n{text}"
                    );
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "only {tried} references were tried");
}
