//! The facts of a page.

use serde_json::Value;

use super::brackets::Brackets;
use super::examples::{self, is_call};
use super::facts::{Documented, Facts, Places, state};
use super::language::{Column, Section};
use super::page::{Block, Layout, Page, Table};
use super::tables::Tables;

/// Reads the facts of a page.
///
/// # Errors
///
/// One line says which part of the page cannot be read.
pub(super) fn facts(text: &str) -> anyhow::Result<Documented> {
    let page = Page::read(text)?;
    let mut walk = Walk::new(&page);
    let mut blocks = page.blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Table(table) => walk.table(table)?,
            Block::Code(text) => walk.example(text, None),
            Block::Line(line) if line.starts_with('{') => {
                let mut brackets = Brackets::default();
                let mut lines = vec![line.as_str()];
                let mut is_whole = brackets.close_with(line);
                while let Some(Block::Line(line)) = blocks.peek().filter(|_| !is_whole) {
                    is_whole = brackets.close_with(line);
                    lines.push(line);
                    blocks.next();
                }
                let text = lines.join("\n");
                let note = (page.layout == Layout::Markdown).then_some(examples::ESCAPED);
                walk.example(&text, note);
            }
            Block::Line(line) if is_call(line) && matches!(blocks.peek(), Some(Block::Code(_))) => {
                walk.call = Some(line);
            }
            Block::Line(line) => walk.line(line),
        }
    }
    let (mut places, tables) = (walk.places, walk.tables);
    places.extend(merged(tables.places()?, &places));
    Ok(Documented {
        layout: page.layout,
        language: page.language.name().to_owned(),
        places,
    })
}

/// Fields of tables, with what is known of their places from elsewhere.
fn merged(fields: Places, known: &Places) -> Places {
    let merge = |(place, mut facts): (String, Facts)| {
        for (name, value) in known.get(&place).into_iter().flatten() {
            state(&mut facts, name, value.clone());
        }
        (place, facts)
    };
    fields.into_iter().map(merge).collect()
}

struct Walk<'a> {
    page: &'a Page,
    places: Places,
    tables: Tables<'a>,
    /// `None` before the first heading that is known; some pages have none.
    section: Option<Section>,
    status: Option<u16>,
    /// The line above the next example.
    call: Option<&'a str>,
    has_response: bool,
    requests: usize,
    responses: usize,
}

impl<'a> Walk<'a> {
    fn new(page: &'a Page) -> Self {
        Self {
            page,
            places: Places::new(),
            tables: Tables::new(page.language),
            section: None,
            status: None,
            call: None,
            has_response: false,
            requests: 0,
            responses: 0,
        }
    }

    fn line(&mut self, line: &str) {
        if let Some(section) = self.page.language.section(line) {
            self.section = Some(section);
            self.status = None;
        } else if let Some(status) = self.page.language.status(line) {
            self.status = Some(status);
            self.state_status(status);
        } else if self.section == Some(Section::Statuses) {
            let numbers = line.split(|c: char| !c.is_ascii_digit());
            for status in numbers.filter(|digits| digits.len() == 3) {
                status
                    .parse()
                    .into_iter()
                    .for_each(|status| self.state_status(status));
            }
        } else if is_call(line) {
            let (method, url) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            self.state_call("method", method);
            self.state_call("path", path_of(url.trim()));
        } else if let Some(path) = labelled(line, "path") {
            self.state_call("path", path_of(path));
        } else if let Some(method) = labelled(line, "method") {
            self.state_call("method", method);
        }
    }

    /// Notes a status that the page says the call is answered with; those of errors have tables.
    fn state_status(&mut self, status: u16) {
        let name = match (self.section, (200..300).contains(&status)) {
            (Some(Section::Response | Section::ExampleResponse | Section::Statuses), true) => {
                "status"
            }
            (Some(Section::ExampleResponse), false) => "example_status",
            _ => return,
        };
        let facts = self.places.entry("response".to_owned()).or_default();
        let all = facts
            .entry(name.to_owned())
            .or_insert_with(|| Value::Array(Vec::new()));
        let all = all
            .as_array_mut()
            .filter(|all| !all.contains(&status.into()));
        all.into_iter().for_each(|all| all.push(status.into()));
    }

    fn state_call(&mut self, name: &str, value: &str) {
        state(
            self.places.entry("call".to_owned()).or_default(),
            name,
            value,
        );
    }

    /// Whether what follows is about an accepted call.
    fn is_success(&self) -> bool {
        self.status
            .is_none_or(|status| (200..300).contains(&status))
    }

    fn table(&mut self, table: &'a Table) -> anyhow::Result<()> {
        let language = self.page.language;
        let group = match (self.section, self.status) {
            (Some(Section::Uri), _) => "parameters".to_owned(),
            (Some(Section::Request), _) if language.is_of_headers(&table.caption) => {
                "headers".to_owned()
            }
            (Some(Section::Request), _) => "request".to_owned(),
            (Some(Section::Response), Some(status)) if !self.is_success() => {
                format!("errors.{status}")
            }
            (Some(Section::Response), _) => "response".to_owned(),
            (Some(Section::Statuses), _) => {
                let first = table.rows.iter().filter_map(|row| row.first());
                for line in first.flat_map(|cell| &cell.lines) {
                    line.parse()
                        .into_iter()
                        .for_each(|status| self.state_status(status));
                }
                return Ok(());
            }
            (Some(_), _) => return Ok(()),
            // Pages have other tables around what they are about.
            (None, _) if table.columns(language).is_none() => return Ok(()),
            // Only requests have something to demand.
            (None, _) => match table
                .headings
                .iter()
                .any(|heading| language.column(heading) == Some(Column::Mandatory))
            {
                true => "request".to_owned(),
                false => "response".to_owned(),
            },
        };
        self.has_response |= group == "response";
        self.tables.add(group, table)
    }

    fn example(&mut self, text: &str, note: Option<&str>) {
        let is_response = match self.section {
            Some(Section::Request | Section::ExampleRequest) => false,
            Some(Section::Response | Section::ExampleResponse) => true,
            Some(_) => return,
            None => self.has_response,
        };
        let (group, count) = match is_response {
            true if !self.is_success() => return,
            true => ("response", &mut self.responses),
            false => ("request", &mut self.requests),
        };
        *count += 1;
        let place = format!("examples.{group}.{count}");
        let text = match self.call.take() {
            Some(call) => format!("{call}\n{text}"),
            None => text.to_owned(),
        };
        self.places.insert(place, examples::facts(&text, note));
    }
}

/// The path of a URL, or of a template of one.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or(rest, |start| &rest[start..])
}

/// What a line has behind a label.
fn labelled<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let (name, rest) = line.split_once([':', '：'])?;
    name.eq_ignore_ascii_case(label).then(|| rest.trim())
}
