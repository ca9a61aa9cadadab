//! The tables of a page as fields with their parts: a table belongs to the field that refers to it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure};
use serde_json::{Value, json};

use super::blocks::{Cell, PageTable};
use super::facts::{Fact, Loci, Locus, Statements, state};
use super::language::{Column, Language};
use super::sentences;

/// More fields than any page has: tables that refer to each other again and again.
const MOST_FIELDS: usize = 10_000;

pub(super) struct Tables<'a> {
    language: &'a Language,
    tables: Vec<Placed<'a>>,
    /// Numbers that the order of the tables without captions contradicts.
    misplaced: BTreeSet<u32>,
}

struct Placed<'a> {
    /// Where its fields are, unless a field refers to it.
    group: Locus,
    table: &'a PageTable,
    columns: Vec<Column>,
    number: Option<u32>,
}

impl<'a> Tables<'a> {
    pub(super) fn new(language: &'a Language) -> Self {
        Self {
            language,
            tables: Vec::new(),
            misplaced: BTreeSet::new(),
        }
    }

    /// Adds the next table of a part of the page.
    pub(super) fn add(&mut self, group: Locus, table: &'a PageTable) -> anyhow::Result<()> {
        let Some(columns) = table.columns(self.language) else {
            let mut unknown = table.headings.clone();
            unknown.retain(|heading| self.language.column(heading).is_none());
            bail!(
                "{} has headings that are no {} ones known: {}",
                table.title(),
                self.language.name(),
                unknown.join(", ")
            );
        };
        ensure!(
            columns.contains(&Column::Name),
            "{} has no column of names",
            table.title()
        );
        if let Some(row) = table.rows.iter().find(|row| row.len() != columns.len()) {
            bail!(
                "{} has a row `{}` with {} cells, but {} columns",
                table.title(),
                row.first().map_or(String::new(), Cell::text),
                row.len(),
                columns.len()
            );
        }
        let caption = self.language.table_title(&table.caption);
        let number = caption.then(|| self.language.tables(&table.caption)[0]);
        self.tables.push(Placed {
            group,
            table,
            columns,
            number,
        });
        Ok(())
    }

    /// The fields of all tables, each at its place.
    pub(super) fn places(mut self) -> anyhow::Result<Loci> {
        self.number();
        let mut reader = Fields {
            places: Loci::new(),
            open: Vec::new(),
            used: BTreeSet::new(),
            borrowed: Vec::new(),
        };
        let mut roots = BTreeMap::new();
        for (i, placed) in self.tables.iter().enumerate() {
            roots.entry(&placed.group).or_insert(i);
        }
        for (group, root) in roots {
            self.read(root, group, &mut reader)?;
        }
        for (i, placed) in self.tables.iter().enumerate() {
            if reader.used.contains(&i) {
                continue;
            }
            let facts = reader.places.entry(placed.group.clone()).or_default();
            state(facts, Fact::UnreferencedTable, self.called(i));
            // It may be the one that is meant where a field borrows a table of another part.
            for (place, table) in &reader.borrowed {
                if place.is_within(&placed.group)
                    && let Some(facts) = reader.places.get_mut(place)
                {
                    state(facts, Fact::BorrowedTable, self.called(*table));
                }
            }
        }
        Ok(reader.places)
    }

    fn read(&self, table: usize, place: &Locus, reader: &mut Fields) -> anyhow::Result<()> {
        reader.used.insert(table);
        reader.open.push(table);
        let placed = &self.tables[table];
        for row in &placed.table.rows {
            let cell = |column| {
                let i = placed.columns.iter().position(|one| *one == column)?;
                row.get(i)
            };
            let name = cell(Column::Name).map_or(String::new(), |cell| cell.lines.join(""));
            ensure!(
                !name.is_empty(),
                "{} has a row without a name",
                placed.table.title()
            );
            let place = place.below(&name);
            let known = reader.places.remove(&place);
            let is_repeated = known.is_some();
            let mut facts = known.unwrap_or_default();
            self.read_field(&cell, &mut facts);
            if is_repeated {
                state(&mut facts, Fact::Repeated, true);
            }
            let mut part = self.part(&cell, &reader.open, &mut facts);
            if let Some(table) = part
                && !is_container(&facts)
            {
                state(&mut facts, Fact::TableOfScalar, self.called(table));
                part = None;
            }
            let part = part.filter(|_| !is_repeated);
            reader.places.insert(place.clone(), facts);
            ensure!(
                reader.places.len() < MOST_FIELDS,
                "{} leads to more than {MOST_FIELDS} fields",
                placed.table.title()
            );
            if let Some(part) = part {
                if self.tables[part].group != placed.group {
                    reader.borrowed.push((place.clone(), part));
                }
                self.read(part, &place, reader)?;
            }
        }
        reader.open.pop();
        Ok(())
    }

    fn read_field<'c>(&self, cell: &impl Fn(Column) -> Option<&'c Cell>, facts: &mut Statements) {
        if let Some(cell) = cell(Column::Mandatory) {
            let text = cell.text();
            let answer = self.language.answer(&text).map(Value::from);
            state(facts, Fact::Mandatory, answer.unwrap_or(json!(text)));
        }
        if let Some(cell) = cell(Column::Type) {
            let text = cell.text();
            let kind = self.language.kind(&text).map(str::to_owned);
            state(facts, Fact::Type, kind.unwrap_or(text));
        }
        if let Some(cell) = cell(Column::Description) {
            sentences::read(&cell.lines, self.language, facts);
        }
    }

    /// The table with the parts of a field, which its type or its description refers to.
    fn part<'c>(
        &self,
        cell: &impl Fn(Column) -> Option<&'c Cell>,
        open: &[usize],
        facts: &mut Statements,
    ) -> Option<usize> {
        let mut found = BTreeSet::new();
        let cells = [Column::Type, Column::Description];
        for cell in cells.into_iter().filter_map(cell) {
            for link in &cell.links {
                match self.by_anchor(link) {
                    Some(table) => _ = found.insert(table),
                    None => state(facts, Fact::MissingTable, link.as_str()),
                }
            }
            for number in self.language.tables(&cell.text()) {
                match self.by_number(number) {
                    _ if self.misplaced.contains(&number) => {
                        state(facts, Fact::MisplacedTable, number);
                    }
                    Some(table) => _ = found.insert(table),
                    None => state(facts, Fact::MissingTable, number),
                }
            }
        }
        let parts: Vec<usize> = found.into_iter().collect();
        match *parts {
            [part] if open.contains(&part) => {
                state(facts, Fact::CircularTable, self.called(part));
                None
            }
            [part] => Some(part),
            [] => None,
            _ => {
                let names: Vec<String> = parts.iter().map(|part| self.called(*part)).collect();
                state(facts, Fact::AmbiguousTables, names);
                None
            }
        }
    }

    fn by_anchor(&self, link: &str) -> Option<usize> {
        // A link to another page may carry its name in front.
        let short = link.rsplit_once("__").map_or(link, |(_, short)| short);
        let is_named = |name: &str| {
            let anchors = |placed: &Placed<'_>| placed.table.anchors.iter().any(|one| one == name);
            self.tables.iter().position(anchors)
        };
        is_named(link).or_else(|| is_named(short))
    }

    fn by_number(&self, number: u32) -> Option<usize> {
        self.tables
            .iter()
            .position(|placed| placed.number == Some(number))
    }

    fn called(&self, table: usize) -> String {
        let placed = &self.tables[table];
        match (placed.number, placed.table.anchors.first()) {
            (Some(number), _) => number.to_string(),
            (None, Some(anchor)) => anchor.clone(),
            (None, None) => placed.table.title(),
        }
    }

    /// Gives tables without captions the numbers that the fields above refer to, in their order: each
    /// but the first of a group is the one with the lowest number that is still open.
    fn number(&mut self) {
        let is_called =
            |placed: &Placed<'_>| placed.number.is_some() || !placed.table.anchors.is_empty();
        if self.tables.iter().any(is_called) {
            return;
        }
        let mut open = BTreeSet::new();
        let mut groups = BTreeSet::new();
        let mut all = Vec::new();
        let mut last = 0;
        for i in 0..self.tables.len() {
            let is_first = groups.insert(self.tables[i].group.clone());
            let number = if is_first { None } else { open.pop_first() };
            self.tables[i].number = number;
            let references = self.references(i);
            // Numbers rise from table to table, and a table comes before those that it refers to first.
            // The first of a group stands right before the first one that it refers to.
            let before = references.iter().min().map(|next| next.saturating_sub(1));
            let own = number.or(before).unwrap_or(last + 1);
            let is_gap = is_first && last > 0 && own > last + 1;
            let is_new = |one: &&u32| is_first || self.by_number(**one).is_none();
            let early: Vec<u32> = references
                .iter()
                .filter(is_new)
                .filter(|one| **one <= own.max(last + u32::from(is_first)))
                .copied()
                .collect();
            if own <= last || is_gap || !early.is_empty() {
                self.misplaced.extend([last, own]);
                self.misplaced.extend(early);
            }
            open.extend(
                references
                    .iter()
                    .filter(|one| self.by_number(**one).is_none()),
            );
            // A table that nothing refers to: of two references to another one, one is meant for it.
            if !is_first && number.is_none() {
                let twice = |one: &&u32| all.iter().filter(|other| other == one).count() > 1;
                let twice: Vec<u32> = all.iter().filter(twice).copied().collect();
                self.misplaced.extend(twice);
            }
            all.extend(references);
            last = own;
        }
    }

    /// Numbers of the tables that the fields of one refer to.
    fn references(&self, table: usize) -> Vec<u32> {
        let placed = &self.tables[table];
        let rows = placed.table.rows.iter();
        let cells = rows.flat_map(|row| placed.columns.iter().zip(row));
        let refers = |column| matches!(column, Column::Type | Column::Description);
        cells
            .filter(|(column, _)| refers(**column))
            .flat_map(|(_, cell)| self.language.tables(&cell.text()))
            .collect()
    }
}

struct Fields {
    places: Loci,
    /// The tables that lead here.
    open: Vec<usize>,
    used: BTreeSet<usize>,
    /// Fields that refer to a table of another part of the page.
    borrowed: Vec<(Locus, usize)>,
}

/// Whether a field can have parts: a word for its type that is not known may mean that.
fn is_container(facts: &Statements) -> bool {
    const SCALARS: [&str; 5] = ["string", "integer", "double", "boolean", "array of string"];
    let kind = facts.get(&Fact::Type).and_then(Value::as_str);
    kind.is_none_or(|kind| !SCALARS.contains(&kind))
}
