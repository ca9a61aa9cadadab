//! The pages of a publication for people: plain files that need no server, no script and nothing from
//! outside.
//!
//! They are about all versions and may change with each publication, so they lie beside the folders of
//! the versions and not in them.

mod facts;
mod html;
mod operation;
mod page;
mod reference;
mod search;
mod service;
mod side_by_side;
mod start;

use anyhow::bail;
use dbbackup::{Operation as Known, Service};

use super::Files;
use super::bodies::{self, Operation};
use crate::at::At;
use crate::blessed::{Blessed, Contract};

/// The folder of all pages but the first.
pub(super) const FOLDER: &str = "site";

/// The pages; `published` are the files that they offer.
pub(super) fn files(contracts: &[Contract], published: &Files) -> anyhow::Result<Files> {
    let mut contracts: Vec<&Contract> = contracts.iter().collect();
    contracts.sort_by_key(|contract| place(Service::ALL, Service::as_str, &contract.service));
    let site = Site {
        contracts,
        published,
    };
    let mut files = Files::from([
        ("index.html".to_owned(), start::page(&site)?),
        (side_by_side::FILE.to_owned(), side_by_side::page(&site)?),
    ]);
    for contract in &site.contracts {
        for blessed in &contract.versions {
            let of_version = Version { contract, blessed };
            let page = service::page(&site, &of_version);
            files.insert(of_version.file("index"), page);
            for operation in of_version.operations() {
                let page = operation::page(&site, &of_version, &operation);
                let file = of_version.file(operation.id());
                if files.insert(file.clone(), page).is_some() {
                    bail!("{file} would be there twice: no operation can be called index");
                }
            }
        }
    }
    files.extend(search::files(&site));
    files.extend(reference::files(&site)?);
    let style = include_str!("style.css").to_owned();
    files.insert(format!("{FOLDER}/style.css"), style);
    Ok(files)
}

/// The place of a name in a list; what is not in it comes last.
fn place<T: Copy>(list: &[T], name: fn(T) -> &'static str, wanted: &str) -> usize {
    let place = list.iter().position(|one| name(*one) == wanted);
    place.unwrap_or(list.len())
}

/// What all pages know.
struct Site<'a> {
    /// In the order in which people know the services.
    contracts: Vec<&'a Contract>,
    published: &'a Files,
}

impl<'a> Site<'a> {
    /// The newest version of each contract.
    fn newest(&self) -> impl Iterator<Item = Version<'a>> {
        let newest = |contract: &&'a Contract| {
            let blessed = contract.versions.last()?;
            Some(Version { contract, blessed })
        };
        self.contracts.iter().filter_map(newest)
    }
}

/// A version of a contract.
struct Version<'a> {
    contract: &'a Contract,
    blessed: &'a Blessed,
}

impl<'a> Version<'a> {
    fn root(&self) -> At<'a> {
        At::root(&self.blessed.document.root)
    }

    /// The operations, the most important ones first.
    fn operations(&self) -> Vec<Operation<'a>> {
        let mut operations = bodies::operations(&self.root());
        operations.sort_by_key(|one| place(Known::ALL, Known::as_str, one.id()));
        operations
    }

    fn service(&self) -> &'a str {
        &self.contract.service
    }

    /// The file of a page.
    fn file(&self, name: &str) -> String {
        let (service, version) = (self.service(), self.blessed.version);
        format!("{FOLDER}/{service}/{version}/{name}.html")
    }

    /// The published files: name within the folder of the version, whole path, text.
    fn files(&self, site: &Site<'a>) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        let folder = format!("{}/{}/", self.service(), self.blessed.version);
        let own = move |(path, text): (&'a String, &'a String)| {
            Some((path.strip_prefix(&folder)?, path.as_str(), text.as_str()))
        };
        site.published.iter().filter_map(own)
    }

    fn title(&self) -> &'a str {
        self.root().member("info").member("title").text()
    }

    /// The title with the version.
    fn name(&self) -> String {
        format!("{}, version {}", self.title(), self.blessed.version)
    }

    fn has(&self, operation: &str) -> bool {
        self.operations().iter().any(|one| one.id() == operation)
    }
}
