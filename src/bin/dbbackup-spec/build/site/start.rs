//! The first page: what this is, the services side by side, errata, files, first steps.

use super::html::{self, Page, code, escape, heading, inline};
use super::{Site, Version, compared, service};

const WHAT: &str = "\
<h1>Backups of managed databases, described exactly</h1>
<p>OpenAPI contracts for manual backups of RDS, TaurusDB and GaussDB on Huawei Cloud and Open Telekom
Cloud. The vendor documents the same job four times, with other paths, fields, units and words; here
each service has one contract, with every documented fact, the vendor's examples and error codes, and a
list of what the vendor's pages get wrong.</p>
";

const STEPS: [(&str, &str); 3] = [
    ("Rust", include_str!("../../../../../examples/create.rs")),
    ("Command", include_str!("first-steps.sh")),
    ("curl", include_str!("first-steps.curl.sh")),
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
    for (name, text) in STEPS {
        // Without what is there for the compiler alone.
        let lines = text.lines().filter(|line| !line.starts_with("#!["));
        let text = lines.collect::<Vec<_>>().join("\n");
        page.body += &format!(
            "<h3>{name}</h3>\n<pre tabindex=\"0\"><code>{}</code></pre>\n",
            escape(&text)
        );
    }
    page.body += &heading("Operations side by side");
    page.body += "<p>Marked: what is unlike most of the services. Numbers are the statuses of success.</p>\n";
    page.body += &compared::operations(&newest, |file| page.link(file));
    for (title, operation, group) in [
        ("What create takes", "create_backup", "request"),
        ("What create answers", "create_backup", "response"),
        ("What a list answers", "list_backups", "response"),
    ] {
        page.body += &heading(title);
        page.body += &compared::fields(&newest, operation, group)?;
    }
    page.body += &heading("Errata of the vendor's pages");
    page.body += &errata(&newest, &page);
    page.body += &heading("Files");
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
                    code(erratum.member("id").text()),
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
    html::framed(&format!(
        "<thead><tr>{columns}</tr></thead>\n<tbody>\n{rows}</tbody>"
    ))
}
