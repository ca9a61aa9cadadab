//! The first page: what this is, the services side by side, errata, files, first steps.

use maud::{Markup, PreEscaped, html};

use super::facts::facts;
use super::html::{self, heading, inline};
use super::page::Page;
use super::{Site, Version, service, side_by_side};

const WHAT: &str = "\
<h1>Backups of managed databases, described exactly</h1>
<p>OpenAPI contracts for manual backups of RDS, TaurusDB and GaussDB on Huawei Cloud and Open Telekom
Cloud. The vendor documents the same job four times, with other paths, fields, units and words; here
each service has one contract, with every documented fact, the vendor's examples and error codes, and a
list of what the vendor's pages get wrong.</p>
";

const FILES: &str = "\
<p>Of all versions: <a href=\"index.json\">index.json</a> has sizes and checksums,
<a href=\"SHA256SUMS\">SHA256SUMS</a> is for <code>sha256sum --check</code>,
<a href=\"llms.txt\">llms.txt</a> for language models, and <code>latest/</code> has the newest version
of each service. JSON Schemas and examples are listed on the pages of the operations.</p>
";

/// What to try first, in an order in which each step works after the one before.
const STEPS: [(&str, &str, &str); 3] = [
    (
        "Command",
        "In a checkout of the project; the emulator is a local stand-in for all services.",
        include_str!("first-steps.sh"),
    ),
    (
        "curl",
        "To the same emulator.",
        include_str!("first-steps.curl.sh"),
    ),
    (
        "Rust",
        "To the same emulator, with `cargo run --example create` in the same shell.",
        include_str!("../../../../../examples/create.rs"),
    ),
];

/// What of which operations is compared here: heading, operation, group of facts.
const COMPARED: [(&str, &str, &str); 7] = [
    ("What create takes", "create_backup", "request"),
    ("What create answers", "create_backup", "response"),
    ("What a list takes", "list_backups", "parameters"),
    ("What a list answers", "list_backups", "response"),
    ("What a policy has", "set_backup_policy", "request"),
    ("What restore takes", "restore_instance", "request"),
    ("What an error has", "create_backup", "errors.4XX"),
];

pub(super) fn page(site: &Site<'_>) -> anyhow::Result<String> {
    let newest: Vec<Version<'_>> = site.newest().collect();
    let page = Page::new(site, "dbbackup: contracts for backups", "index.html");
    let mut compared = Vec::new();
    for (title, operation, group) in COMPARED {
        let table = side_by_side::fields(&newest, &facts(&newest, operation)?, group);
        compared.push((title, table));
    }
    let operations = side_by_side::operation_names(&newest);
    Ok(page.render(&html! {
        (PreEscaped(WHAT))
        (heading("First steps"))
        @for (name, words, text) in STEPS {
            h3 { (name) }
            p { (inline(words)) }
            // Without what is there for the compiler alone.
            @let lines = text.lines().filter(|line| !line.starts_with("#!["));
            (html::listing(&lines.collect::<Vec<_>>().join("\n")))
        }
        (heading("Operations side by side"))
        (side_by_side::legend())
        (side_by_side::operations(&newest, &operations, &page))
        @for (title, table) in &compared {
            (heading(title))
            @if let Some(table) = table { (table) }
        }
        p { a href=(page.link(side_by_side::FILE)) { "All operations side by side" } }
        (heading("Errata of the vendor's pages"))
        (errata(&newest, &page))
        (heading("Files"))
        (PreEscaped(FILES))
        @for version in &newest {
            h3 { (version.name()) }
            (service::downloads(version, &page))
        }
    }))
}

fn errata(newest: &[Version<'_>], page: &Page<'_>) -> Markup {
    let rows = html! {
        @for version in newest {
            @for operation in version.operations() {
                @for (_, erratum) in operation.at.member("x-errata").members() {
                    tr {
                        th scope="row" { (html::name(erratum.member("id").text())) }
                        td { a href=(page.link(&version.file(operation.id()))) { (operation.id()) } }
                        @for key in ["page", "contract", "reason"] {
                            td { (inline(erratum.member(key).text())) }
                        }
                    }
                }
            }
        }
    };
    let columns = ["id", "operation", "the page", "this contract", "why"];
    html::framed("Errata of the vendor's pages", &columns, &rows)
}
