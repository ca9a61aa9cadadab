//! The first page: what this is, the services side by side, errata, files, first steps.

use super::html::{self, escape, heading, inline};
use super::page::Page;
use super::{Site, Version, compared, service};

const FILES: &str = "\
<p>Of all versions: <a href=\"index.json\">index.json</a> has sizes and checksums,
<a href=\"SHA256SUMS\">SHA256SUMS</a> is for <code>sha256sum --check</code>,
<a href=\"llms.txt\">llms.txt</a> for language models, and <code>latest/</code> has the newest version
of each service. JSON Schemas and examples are listed on the pages of the operations.</p>
";

const WHAT: &str = "\
<h1>Backups of managed databases, described exactly</h1>
<p>OpenAPI contracts for manual backups of RDS, TaurusDB and GaussDB on Huawei Cloud and Open Telekom
Cloud. The vendor documents the same job four times, with other paths, fields, units and words; here
each service has one contract, with every documented fact, the vendor's examples and error codes, and a
list of what the vendor's pages get wrong.</p>
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
        "To the same emulator, with <code>cargo run --example create</code> in the same shell.",
        include_str!("../../../../../examples/create.rs"),
    ),
];

pub(super) fn page(site: &Site<'_>) -> anyhow::Result<String> {
    let newest: Vec<Version<'_>> = site.newest().collect();
    let mut page = Page {
        title: "dbbackup: contracts for backups".to_owned(),
        file: "index.html".to_owned(),
        version: None,
        operation: None,
        body: WHAT.to_owned(),
    };
    page.body += &heading("First steps");
    for (name, words, text) in STEPS {
        // Without what is there for the compiler alone.
        let lines = text.lines().filter(|line| !line.starts_with("#!["));
        let text = lines.collect::<Vec<_>>().join("\n");
        page.body += &format!(
            "<h3>{name}</h3>\n<p>{words}</p>\n<pre tabindex=\"0\"><code>{}</code></pre>\n",
            escape(&text)
        );
    }
    page.body += &heading("Operations side by side");
    page.body += compared::LEGEND;
    let names = compared::operation_names(&newest);
    page.body += &compared::operations(&newest, &names, &page);
    for (title, operation, group) in [
        ("What create takes", "create_backup", "request"),
        ("What create answers", "create_backup", "response"),
        ("What a list takes", "list_backups", "parameters"),
        ("What a list answers", "list_backups", "response"),
        ("What a policy has", "set_backup_policy", "request"),
        ("What restore takes", "restore_instance", "request"),
        ("What an error has", "create_backup", "errors.4XX"),
    ] {
        page.body += &heading(title);
        page.body += &compared::fields(&newest, &compared::facts(&newest, operation)?, group);
    }
    page.body += &format!(
        "<p><a href=\"{}\">All operations side by side</a></p>\n",
        page.link(compared::FILE)
    );
    page.body += &heading("Errata of the vendor's pages");
    page.body += &errata(&newest, &page);
    page.body += &heading("Files");
    page.body += FILES;
    for version in &newest {
        let name = format!("{}, version {}", version.title(), version.blessed.version);
        page.body += &format!("<h3>{}</h3>\n", escape(&name));
        page.body += &service::downloads(site, version, &page);
    }
    Ok(page.render(site))
}

fn errata(newest: &[Version<'_>], page: &Page<'_>) -> String {
    let mut rows = String::new();
    for version in newest {
        for operation in version.operations() {
            let href = page.link(&version.file(operation.id()));
            for (_, erratum) in operation.at.member("x-errata").members() {
                let text = |key: &str| inline(erratum.member(key).text());
                rows += &format!(
                    "<tr><th scope=\"row\">{}</th><td><a href=\"{href}\">{}</a></td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                    html::name(erratum.member("id").text()),
                    operation.id(),
                    text("page"),
                    text("contract"),
                    text("reason"),
                );
            }
        }
    }
    let columns = ["id", "operation", "the page", "this contract", "why"]
        .map(html::column)
        .concat();
    html::framed("Errata of the vendor's pages", &columns, &rows)
}
