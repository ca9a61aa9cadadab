//! The tables of a page made of facts, in the words of a language.

use serde_json::Value;

use crate::docs::{Facts, Places};

/// A reference that leads to another table than it should.
#[derive(Clone, Copy)]
pub(super) struct Redirect<'a> {
    /// The field that refers.
    pub(super) place: &'a str,
    pub(super) to: usize,
}

/// A table, whose number is its place in the list.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) group: String,
    pub(super) headings: Vec<&'static str>,
    pub(super) rows: Vec<SheetRow>,
}

#[derive(Clone)]
pub(super) struct SheetRow {
    pub(super) place: String,
    pub(super) cells: Vec<String>,
    pub(super) description: Vec<String>,
    /// The number of the table with its parts.
    pub(super) part: Option<usize>,
}

/// Words of a page; all sentences are given by `sentences`.
pub(super) struct Words {
    pub(super) columns: [&'static str; 4],
    pub(super) yes_no: [&'static str; 2],
    pub(super) table: &'static str,
    pub(super) status: &'static str,
    pub(super) headers: &'static str,
    pub(super) sections: [&'static str; 5],
}

pub(super) const ENGLISH: Words = Words {
    columns: ["Parameter", "Mandatory", "Type", "Description"],
    yes_no: ["Yes", "No"],
    table: "Table ",
    status: "Status code: ",
    headers: "headers",
    sections: [
        "URI",
        "Request Parameters",
        "Example Request",
        "Response Parameters",
        "Example Response",
    ],
};

pub(super) const CHINESE: Words = Words {
    columns: ["名称", "是否必选", "参数类型", "说明"],
    yes_no: ["是", "否"],
    table: "表",
    status: "状态码：",
    headers: "请求头",
    sections: ["URI", "请求参数", "请求示例", "响应参数", "响应示例"],
};

/// What the description of a field says.
fn sentences(facts: &Facts, is_english: bool) -> Vec<String> {
    let say = |english: String, chinese: String| if is_english { english } else { chinese };
    let text = |name: &str| {
        facts.get(name).map(|value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        })
    };
    let list = |name: &str| -> Option<Vec<&str>> {
        Some(
            facts
                .get(name)?
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .collect(),
        )
    };
    let characters = |classes: Vec<&str>| {
        let name = |class: &&str| match *class {
            "A-Z" => say("letters".to_owned(), "字母".to_owned()),
            "a-z" => String::new(),
            "0-9" => say("digits".to_owned(), "数字".to_owned()),
            other => format!("({other})"),
        };
        let names: Vec<String> = classes
            .iter()
            .map(name)
            .filter(|name| !name.is_empty())
            .collect();
        names.join(if is_english { ", " } else { "、" })
    };
    let mut lines = Vec::new();
    match (text("min_length"), text("max_length")) {
        (Some(min), Some(max)) => lines.push(say(
            format!("{min} to {max} characters."),
            format!("{min}-{max}位。"),
        )),
        (Some(min), None) => lines.push(say(
            format!("At least {min} characters."),
            format!("最少{min}个字符。"),
        )),
        (None, Some(max)) => lines.push(say(
            format!("At most {max} characters."),
            format!("最多{max}个字符。"),
        )),
        (None, None) => {}
    }
    if let Some(first) = list("first") {
        let digit = first == ["0-9"];
        let english = if digit { "digit" } else { "letter" };
        lines.push(say(
            format!("Starts with a {english}."),
            format!("以{}开头。", if digit { "数字" } else { "字母" }),
        ));
    }
    if let Some(classes) = list("characters") {
        let names = characters(classes);
        lines.push(say(
            format!("Contains only {names}."),
            format!("可以包含{names}。"),
        ));
    }
    if let Some(symbols) = list("forbidden") {
        let symbols = symbols.concat();
        lines.push(say(
            format!("Cannot contain the special characters ({symbols})."),
            format!("不能包含{symbols}特殊字符。"),
        ));
    }
    if let Some(default) = text("default") {
        lines.push(say(
            format!("The default value is {default}."),
            format!("默认值为{default}。"),
        ));
    }
    if facts.contains_key("nullable") {
        lines.push(say(
            "Its value is null.".to_owned(),
            "值为null。".to_owned(),
        ));
    }
    match text("format").as_deref() {
        Some("uuid") => lines.push("UUID.".to_owned()),
        Some(format) => lines.push(say(
            format!("In the \"{format}\" format."),
            format!("格式为“{format}”。"),
        )),
        None => {}
    }
    if let Some(values) = list("values") {
        lines.push(say("Valid value:".to_owned(), "取值：".to_owned()));
        lines.extend(values.iter().map(|value| format!("{value}: x.")));
    }
    if lines.is_empty() {
        lines.push(say("About it.".to_owned(), "说明。".to_owned()));
    }
    lines
}

/// The tables of a page, each before those it refers to.
pub(super) fn sheets(places: &Places, is_english: bool) -> Vec<Sheet> {
    let words = if is_english { &ENGLISH } else { &CHINESE };
    let mut groups: Vec<String> = Vec::new();
    for place in places.keys() {
        let parts: Vec<&str> = place.split('.').collect();
        let group = match *parts {
            ["errors", status, _, ..] => format!("errors.{status}"),
            [
                group @ ("parameters" | "headers" | "request" | "response"),
                _,
                ..,
            ] => group.to_owned(),
            _ => continue,
        };
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let order = ["parameters", "headers", "request", "response"];
    groups.sort_by_key(|group| {
        (
            order
                .iter()
                .position(|one| one == group)
                .unwrap_or(order.len()),
            group.clone(),
        )
    });
    let mut sheets = Vec::new();
    for group in groups {
        sheet(places, &group, &group, words, &mut sheets);
    }
    sheets
}

fn sheet(
    places: &Places,
    group: &str,
    place: &str,
    words: &Words,
    sheets: &mut Vec<Sheet>,
) -> usize {
    let own: Vec<(&String, &Facts)> = places
        .iter()
        .filter(|(one, _)| {
            one.rsplit_once('.')
                .is_some_and(|(parent, _)| parent == place)
        })
        .collect();
    let has = |fact: &str| own.iter().any(|(_, facts)| facts.contains_key(fact));
    let columns = [true, has("mandatory"), has("type"), true];
    let headings = words
        .columns
        .into_iter()
        .zip(columns)
        .filter_map(|(word, shown)| shown.then_some(word));
    let number = sheets.len();
    sheets.push(Sheet {
        group: group.to_owned(),
        headings: headings.collect(),
        rows: Vec::new(),
    });
    let mut rows = Vec::new();
    for (place, facts) in own {
        let mut cells = vec![place.rsplit('.').next().unwrap().to_owned()];
        if columns[1] {
            cells.push(words.yes_no[usize::from(facts["mandatory"] != true)].to_owned());
        }
        if columns[2] {
            cells.push(match facts["type"].as_str().unwrap() {
                "array of object" => "Array of objects".to_owned(),
                kind => format!("{}{}", kind[..1].to_uppercase(), &kind[1..]),
            });
        }
        let has_parts = places.keys().any(|one| {
            one.rsplit_once('.')
                .is_some_and(|(parent, _)| parent == place)
        });
        rows.push(SheetRow {
            place: place.clone(),
            cells,
            description: sentences(facts, words.table == ENGLISH.table),
            part: has_parts.then_some(0),
        });
    }
    // A table comes before its parts, and these in the order of its rows.
    for row in &mut rows {
        if row.part.is_some() {
            row.part = Some(sheet(places, group, &row.place, words, sheets) + 1);
        }
    }
    sheets[number].rows = rows;
    number
}
