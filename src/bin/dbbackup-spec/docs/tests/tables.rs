//! The table of verdicts.

use serde_json::json;
use unicode_width::UnicodeWidthStr;

use crate::docs::facts::{Fact, Locus, Part};
use crate::docs::report::table;
use crate::docs::verdict::Row;

#[test]
fn columns_are_straight_whatever_the_width_of_characters() {
    let place = Locus::from(Part::Request).below("name");
    let rows = ["数据库名称", "name"].map(|text| {
        let subject = (place.clone(), Some(Fact::Format));
        Row::new(subject, Some(json!(text)), Some(json!("CONTRACT")))
    });
    let mut out = Vec::new();
    table(&rows, 2, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let before = text.lines().filter_map(|line| line.split_once("CONTRACT"));
    let widths: Vec<usize> = before.map(|(before, _)| before.width()).collect();
    assert_eq!(widths, [46; 3], "{text}");
}
