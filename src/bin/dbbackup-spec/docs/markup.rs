//! Pages in HTML and Markdown, which becomes HTML first.

use pulldown_cmark::{Options, Parser, html::push_html};
use scraper::node::Element;
use scraper::{ElementRef, Html, Node, Selector};

use super::blocks::{Block, Cell, PageTable};

/// Elements that begin a line of their own.
const BLOCKS: &str = "address article aside blockquote body br caption dd div dl dt footer \
    h1 h2 h3 h4 h5 h6 header li main ol p section td th tr ul";

/// Elements that are not read.
const HIDDEN: [&str; 6] = ["head", "nav", "noscript", "script", "style", "template"];

pub(super) fn markdown(text: &str) -> Vec<Block> {
    let mut page = String::new();
    push_html(&mut page, Parser::new_ext(text, Options::ENABLE_TABLES));
    html(&page)
}

pub(super) fn html(text: &str) -> Vec<Block> {
    let document = Html::parse_document(text);
    let mut walk = Reading::default();
    walk.element(document.root_element());
    walk.end_line();
    walk.blocks
}

/// Elements within one another that are read; no page has more.
const DEEPEST: usize = 1000;

/// The lines of a page in the order of reading, with its tables between them.
#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    line: String,
    /// Names of the elements since the last block.
    anchors: Vec<String>,
    depth: usize,
}

impl Reading {
    fn element(&mut self, element: ElementRef<'_>) {
        let name = element.value().name();
        if HIDDEN.contains(&name) || self.depth > DEEPEST {
            return;
        }
        self.depth += 1;
        let is_block = BLOCKS.split(' ').any(|block| block == name);
        if is_block {
            self.end_line();
        }
        self.anchors.extend(anchors(element.value()));
        match name {
            "pre" => {
                self.end_line();
                self.push(Block::Code(element.text().collect()));
            }
            "table" if !has(element, "table") && has(element, "tr") => {
                self.end_line();
                let mut table = table(element);
                table.anchors.append(&mut self.anchors);
                if table.caption.is_empty() {
                    table.caption = PageTable::behind(&self.blocks, Vec::new()).caption;
                }
                self.push(Block::Table(table));
            }
            _ => {
                for child in element.children() {
                    match (child.value(), ElementRef::wrap(child)) {
                        (Node::Text(text), _) => self.line.push_str(text),
                        (_, Some(child)) => self.element(child),
                        _ => {}
                    }
                }
            }
        }
        if is_block {
            self.end_line();
        }
        self.depth -= 1;
    }

    fn end_line(&mut self) {
        let line = plain(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            self.push(Block::Line(line));
        }
    }

    fn push(&mut self, block: Block) {
        self.anchors.clear();
        self.blocks.push(block);
    }
}

fn anchors(element: &Element) -> impl Iterator<Item = String> {
    let names = ["id", "name"].map(|key| element.attr(key).map(str::to_owned));
    names.into_iter().flatten()
}

fn selected<'a>(element: ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    // What is asked for here are names of elements, which always are selectors.
    let selector = Selector::parse(selector).ok();
    selector.map_or_else(Vec::new, |selector| element.select(&selector).collect())
}

fn has(element: ElementRef<'_>, selector: &str) -> bool {
    !selected(element, selector).is_empty()
}

fn table(element: ElementRef<'_>) -> PageTable {
    let caption = selected(element, "caption").into_iter().next();
    let cells = |row| selected(row, "th, td").into_iter().map(cell);
    let mut rows = selected(element, "tr").into_iter();
    let headings = rows.next().into_iter().flat_map(cells);
    PageTable {
        anchors: anchors(element.value()).collect(),
        caption: caption
            .map(|caption| cell(caption).text())
            .unwrap_or_default(),
        headings: headings.map(|cell| cell.text()).collect(),
        rows: rows.map(|row| cells(row).collect()).collect(),
    }
}

fn cell(element: ElementRef<'_>) -> Cell {
    let mut walk = Reading::default();
    walk.element(element);
    walk.end_line();
    let lines = walk.blocks.into_iter().filter_map(|block| match block {
        Block::Line(line) => Some(line),
        _ => None,
    });
    let link = |link: ElementRef<'_>| {
        let anchor = link.value().attr("href")?.rsplit_once('#')?.1;
        Some(anchor.to_owned())
    };
    Cell {
        lines: lines.collect(),
        links: selected(element, "a")
            .into_iter()
            .filter_map(link)
            .collect(),
    }
}

/// Text with single spaces, and without the mark of a link to the heading itself.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['¶', ' ']).to_owned()
}
