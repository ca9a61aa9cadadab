//! The page of a version of a contract: its operations and its files.

use super::html::{self, code, escape, prose};
use super::page::Page;
use super::{Site, Version};
use crate::folder::sha256;

pub(super) fn page(site: &Site<'_>, version: &Version<'_>) -> String {
    let info = version.root().member("info");
    let mut page = Page {
        title: format!("{}, version {}", version.title(), version.blessed.version),
        file: version.file("index"),
        version: Some(version),
        operation: None,
        body: String::new(),
    };
    page.body = format!(
        "<h1>{}</h1>\n<p class=\"of\">Version {}, service {}</p>\n{}",
        escape(version.title()),
        version.blessed.version,
        code(&version.contract.service),
        prose(info.member("description").text()),
    );
    page.body += &html::heading("Operations");
    page.body += &operations(version, &page);
    page.body += &html::heading("Hosts");
    page.body += &hosts(version);
    page.body += &html::heading("Files");
    page.body += &downloads(site, version, &page);
    page.render(site)
}

fn operations(version: &Version<'_>, page: &Page<'_>) -> String {
    let row = |operation: &super::Operation<'_>| {
        format!(
            "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td>{}</td><td>{}</td></tr>\n",
            page.link(&version.file(operation.id())),
            html::name(operation.id()),
            code(&format!("{} {}", operation.method, operation.path)),
            escape(operation.at.member("summary").text()),
        )
    };
    let rows: String = version.operations().iter().map(row).collect();
    let columns = ["operation", "call", "what it does"]
        .map(html::column)
        .concat();
    html::framed("Operations", &columns, &rows)
}

fn hosts(version: &Version<'_>) -> String {
    let row = |(_, server): (String, crate::at::At<'_>)| {
        let regions = server
            .member("variables")
            .member("region")
            .member("enum")
            .members();
        let regions: Vec<&str> = regions.iter().map(|(_, region)| region.text()).collect();
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
            code(server.member("url").text()),
            escape(server.member("description").text()),
            escape(&regions.join(", ")),
        )
    };
    let rows: String = version
        .root()
        .member("servers")
        .members()
        .into_iter()
        .map(row)
        .collect();
    let columns = ["base URL", "where", "regions"].map(html::column).concat();
    html::framed("Hosts", &columns, &rows)
}

/// The files of a version, with their checksums.
pub(super) fn downloads(site: &Site<'_>, version: &Version<'_>, page: &Page<'_>) -> String {
    let folder = version.folder();
    let files = site
        .published
        .iter()
        .filter(|(path, _)| path.starts_with(&folder));
    // Those of single operations are many, and their pages show them.
    let files = files.filter(|(path, _)| path.matches('/').count() == 2);
    let row = |(path, text): (&String, &String)| {
        format!(
            "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td class=\"number\">{}</td><td><code class=\"sum\">{}</code></td></tr>\n",
            page.link(path),
            html::name(&path[folder.len()..]),
            text.len(),
            sha256(text.as_bytes()),
        )
    };
    let rows: String = files.map(row).collect();
    let columns = ["file", "bytes", "SHA-256"].map(html::column).concat();
    html::framed("Files", &columns, &rows)
}
