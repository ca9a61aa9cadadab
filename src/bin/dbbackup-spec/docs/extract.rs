//! The facts of a page.

use serde_json::{Value, json};

use super::blocks::{Block, Layout, PageTable};
use super::brackets::Brackets;
use super::examples::{self, is_call};
use super::facts::{Documented, Fact, Loci, Locus, Part, state};
use super::language::{Column, Section};
use super::page::VendorPage;
use super::tables::Tables;

/// Reads the facts of a page.
///
/// # Errors
///
/// One line says which part of the page cannot be read.
pub(super) fn facts(text: &str) -> anyhow::Result<Documented> {
    let page = VendorPage::read(text)?;
    let mut extraction = Extraction::new(&page);
    let mut blocks = page.blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Table(table) => extraction.table(table)?,
            Block::Code(text) => extraction.example(text, None),
            Block::Line(line) if line.starts_with('{') => {
                let mut brackets = Brackets::default();
                let mut lines = vec![line.as_str()];
                let mut is_whole = brackets.close_with(line);
                while let Some(Block::Line(line)) = blocks.peek().filter(|_| !is_whole) {
                    is_whole = brackets.close_with(line);
                    lines.push(line);
                    blocks.next();
                }
                let note = (page.layout == Layout::Markdown).then_some(examples::ESCAPED);
                extraction.example(&lines.join("\n"), note);
            }
            Block::Line(line) if is_call(line) && matches!(blocks.peek(), Some(Block::Code(_))) => {
                extraction.call = Some(line);
            }
            Block::Line(line) => extraction.line(line),
        }
    }
    let (mut places, tables) = (extraction.places, extraction.tables);
    for (locus, mut statements) in tables.places()? {
        // What is known of it from elsewhere.
        for (fact, value) in places.remove(&locus).into_iter().flatten() {
            state(&mut statements, fact, value);
        }
        places.insert(locus, statements);
    }
    Ok(Documented {
        layout: page.layout,
        language: page.language.name().to_owned(),
        places,
    })
}

struct Extraction<'a> {
    page: &'a VendorPage,
    places: Loci,
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

impl<'a> Extraction<'a> {
    fn new(page: &'a VendorPage) -> Self {
        Self {
            page,
            places: Loci::new(),
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
                self.state_statuses(status);
            }
        } else if is_call(line) {
            let (method, url) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            self.state_call(Fact::Method, method);
            self.state_call(Fact::Path, path_of(url.trim()));
        } else if let Some(path) = labelled(line, "path") {
            self.state_call(Fact::Path, path_of(path));
        } else if let Some(method) = labelled(line, "method") {
            self.state_call(Fact::Method, method);
        }
    }

    fn state_statuses(&mut self, digits: &str) {
        if let Ok(status) = digits.parse() {
            self.state_status(status);
        }
    }

    /// Notes a status that the page says the call is answered with; those of errors have tables.
    fn state_status(&mut self, status: u16) {
        let fact = match (self.section, is_success(status)) {
            (Some(Section::Response | Section::ExampleResponse | Section::Statuses), true) => {
                Fact::Status
            }
            (Some(Section::ExampleResponse), false) => Fact::ExampleStatus,
            _ => return,
        };
        let statements = self.places.entry(Part::Response.into()).or_default();
        let all = statements.entry(fact).or_insert_with(|| json!([]));
        if let Value::Array(all) = all
            && !all.contains(&status.into())
        {
            all.push(status.into());
        }
    }

    fn state_call(&mut self, fact: Fact, value: &str) {
        let statements = self.places.entry(Part::Call.into()).or_default();
        state(statements, fact, value);
    }

    /// Whether what follows is about an accepted call.
    fn is_of_success(&self) -> bool {
        self.status.is_none_or(is_success)
    }

    fn table(&mut self, table: &'a PageTable) -> anyhow::Result<()> {
        let language = self.page.language;
        let is_mandatory = |heading: &String| language.column(heading) == Some(Column::Mandatory);
        let group = match (self.section, self.status) {
            (Some(Section::Uri), _) => Part::Parameters.into(),
            (Some(Section::Request), _) if language.is_of_headers(&table.caption) => {
                Part::Headers.into()
            }
            (Some(Section::Request), _) => Part::Request.into(),
            (Some(Section::Response), Some(status)) if !is_success(status) => {
                Locus::from(Part::Errors).below(&status.to_string())
            }
            (Some(Section::Response), _) => Part::Response.into(),
            (Some(Section::Statuses), _) => {
                let first = table.rows.iter().filter_map(|row| row.first());
                for line in first.flat_map(|cell| &cell.lines) {
                    self.state_statuses(line);
                }
                return Ok(());
            }
            (Some(_), _) => return Ok(()),
            // Pages have other tables around what they are about.
            (None, _) if table.columns(language).is_none() => return Ok(()),
            // Only requests have something to demand.
            (None, _) if table.headings.iter().any(is_mandatory) => Part::Request.into(),
            (None, _) => Part::Response.into(),
        };
        self.has_response |= group == Part::Response.into();
        self.tables.add(group, table)
    }

    fn example(&mut self, text: &str, note: Option<&str>) {
        let is_response = match self.section {
            Some(Section::Request | Section::ExampleRequest) => false,
            Some(Section::Response | Section::ExampleResponse) => true,
            Some(_) => return,
            None => self.has_response,
        };
        if is_response && !self.is_of_success() {
            return;
        }
        let (group, count) = if is_response {
            ("response", &mut self.responses)
        } else {
            ("request", &mut self.requests)
        };
        *count += 1;
        let locus = Locus::from(Part::Examples).below(&format!("{group}.{count}"));
        let text = match self.call.take() {
            Some(call) => format!("{call}\n{text}"),
            None => text.to_owned(),
        };
        self.places.insert(locus, examples::facts(&text, note));
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
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
