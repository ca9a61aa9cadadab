//! Pages made of facts, in each form and language that the command reads.

use serde_json::Value;

use super::sheets::{CHINESE, ENGLISH, Redirect, Sheet, Words, sheets};
use crate::docs::Places;

/// The forms of pages; text with pipes comes with headings and captions, or without any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Html,
    Markdown,
    Pipes,
    BarePipes,
    Lines,
}

pub(super) const FORMS: [Form; 5] = [
    Form::Html,
    Form::Markdown,
    Form::Pipes,
    Form::BarePipes,
    Form::Lines,
];

/// A page in one form.
pub(super) fn page(
    places: &Places,
    form: Form,
    is_english: bool,
    redirect: Option<Redirect<'_>>,
) -> String {
    let words = if is_english { &ENGLISH } else { &CHINESE };
    let mut sheets = sheets(places, is_english);
    if let Some(redirect) = redirect {
        for row in sheets.iter_mut().flat_map(|sheet| &mut sheet.rows) {
            if row.place == redirect.place {
                row.part = Some(redirect.to);
            }
        }
    }
    let mut writer = Writer {
        form,
        words,
        text: String::new(),
    };
    writer.write(places, &sheets);
    writer.text
}

struct Writer<'a> {
    form: Form,
    words: &'a Words,
    text: String,
}

impl Writer<'_> {
    fn write(&mut self, places: &Places, sheets: &[Sheet]) {
        let [uri, request, example_request, response, example_response] = self.words.sections;
        self.heading(uri);
        let call = places.get("call");
        if let Some(call) = call.filter(|_| self.form != Form::BarePipes) {
            let part = |name: &str| call[name].as_str().unwrap();
            self.line(&format!("{} https://host{}", part("method"), part("path")));
        }
        self.tables(sheets, "parameters");
        self.heading(request);
        self.tables(sheets, "headers");
        self.tables(sheets, "request");
        self.heading(example_request);
        self.examples(places, "examples.request.");
        self.heading(response);
        if let Some(statuses) = places.get("response").and_then(|facts| facts.get("status")) {
            for status in statuses.as_array().unwrap() {
                self.line(&format!("{}{status}", self.words.status));
            }
        }
        self.tables(sheets, "response");
        let mut errors: Vec<&String> = sheets
            .iter()
            .map(|sheet| &sheet.group)
            .filter(|group| group.starts_with("errors."))
            .collect();
        errors.dedup();
        for group in errors {
            self.line(&format!(
                "{}{}",
                self.words.status,
                &group["errors.".len()..]
            ));
            self.tables(sheets, group);
        }
        self.heading(example_response);
        self.examples(places, "examples.response.");
    }

    fn heading(&mut self, text: &str) {
        self.text += &match self.form {
            Form::Html => format!("<h4 class=\"sectiontitle\">{text}</h4>\n"),
            Form::Markdown => format!("\n## {text}<a name=\"section\"></a>\n\n"),
            Form::BarePipes => String::new(),
            Form::Pipes | Form::Lines => format!("{text}\n\n"),
        };
    }

    fn line(&mut self, text: &str) {
        self.text += &match self.form {
            Form::Html => format!("<p>{}</p>\n", escape(text)),
            Form::Markdown => format!("{}\n\n", text.replace('_', "\\_").replace('{', "\\{")),
            _ => format!("{text}\n\n"),
        };
    }

    fn examples(&mut self, places: &Places, prefix: &str) {
        for (_, facts) in places.iter().filter(|(place, _)| place.starts_with(prefix)) {
            let call = facts.get("call").and_then(Value::as_str);
            let call = call.map_or(String::new(), |call| format!("{call}\n"));
            let body = format!("{:#}", facts["value"]);
            self.text += &match self.form {
                Form::Html => format!("<pre class=\"screen\">{}</pre>\n", escape(&(call + &body))),
                Form::Markdown => format!("```\n{call}{body}\n```\n\n"),
                _ => format!("{call}{body}\n\n"),
            };
        }
    }

    fn tables(&mut self, sheets: &[Sheet], group: &str) {
        for (i, sheet) in sheets
            .iter()
            .enumerate()
            .filter(|(_, sheet)| sheet.group == group)
        {
            let number = i + 1;
            let of = if group == "headers" {
                self.words.headers
            } else {
                "x"
            };
            let caption = format!("{}{number} {of}", self.words.table);
            match self.form {
                Form::Html | Form::Markdown => self.markup(sheet, number, &caption),
                Form::Pipes => {
                    self.line(&caption);
                    self.cells(sheet, " |\n");
                }
                Form::BarePipes => self.cells(sheet, " |\n"),
                Form::Lines => {
                    self.line(&caption);
                    self.cells(sheet, "\n\n");
                }
            }
        }
    }

    fn markup(&mut self, sheet: &Sheet, number: usize, caption: &str) {
        let row = |cells: Vec<String>, tag: &str| {
            let cells = cells
                .iter()
                .map(|cell| format!("<{tag}><p>{cell}</p>\n</{tag}>\n"));
            format!("<tr>{}</tr>\n", cells.collect::<String>())
        };
        let headings = row(
            sheet
                .headings
                .iter()
                .map(|heading| (*heading).to_owned())
                .collect(),
            "th",
        );
        let rows = sheet.rows.iter().map(|one| {
            let lines: Vec<String> = one.description.iter().map(|line| escape(line)).collect();
            let mut cells: Vec<String> = one.cells.iter().map(|cell| escape(cell)).collect();
            if let Some(part) = one.part {
                let last = cells.len() - 1;
                cells[last] += &format!(
                    ". <a href=\"#page__t{part}\">{}{part}</a>",
                    self.words.table
                );
            }
            cells.push(lines.join("</p>\n<p>"));
            row(cells, "td")
        });
        let body = format!(
            "<thead>{headings}</thead>\n<tbody>{}</tbody>",
            rows.collect::<String>()
        );
        self.text += &match self.form {
            Form::Markdown => {
                format!("**{caption}**\n\n<a name=\"t{number}\"></a>\n<table>{body}\n</table>\n\n")
            }
            _ => format!(
                "<table id=\"page__t{number}\"><caption>{caption}</caption>{body}</table>\n"
            ),
        };
    }

    fn cells(&mut self, sheet: &Sheet, end: &str) {
        for heading in &sheet.headings {
            self.text += &format!("{heading}{end}");
        }
        if end.contains('|') {
            self.text += &format!("|{}\n", "---|".repeat(sheet.headings.len()));
        }
        for row in &sheet.rows {
            for cell in &row.cells {
                self.text += &format!("{cell}{end}");
            }
            let mut lines = row.description.clone();
            if let Some(part) = row.part {
                lines.push(format!("{}{part}", self.words.table));
            }
            self.text += &format!("{}{end}", lines.join("\n"));
        }
        self.text += "\n";
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
