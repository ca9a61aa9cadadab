//! The facts of a contract as lines of text: everything that matters on the wire, no prose.

use serde_json::{Map, Value};

/// Keywords that hold prose, or that have lines of their own.
const NOT_CONSTRAINTS: [&str; 9] = [
    "$ref",
    "allOf",
    "description",
    "example",
    "items",
    "properties",
    "required",
    "summary",
    "x-source",
];

/// All facts of a contract, a line each.
pub(crate) fn facts(document: &Value) -> String {
    let mut lines = vec![format!(
        "openapi {} version {}",
        document["openapi"], document["info"]["version"]
    )];
    for server in array(&document["servers"]) {
        let regions = &server["variables"]["region"];
        let names: Vec<_> = array(&regions["enum"]).map(text).collect();
        let default = regions
            .get("default")
            .map(|d| format!(" [{d}] {}", names.join(" ")));
        lines.push(format!(
            "server {}{}",
            server["url"],
            default.unwrap_or_default()
        ));
    }
    for security in array(&document["security"]) {
        lines.push(format!("security {security}"));
    }
    for (name, scheme) in object(&document["components"]["securitySchemes"]) {
        lines.push(format!("scheme {name}{}", constraints(scheme)));
    }
    for (path, item) in object(&document["paths"]) {
        for (method, operation) in object(item) {
            lines.push(format!(
                "{} {path} {}",
                method.to_uppercase(),
                text(&operation["operationId"])
            ));
            lines.push(format!("page {}", text(&operation["externalDocs"]["url"])));
            operation_lines(operation, &mut lines);
        }
    }
    for (name, parameter) in object(&document["components"]["parameters"]) {
        let required = &parameter["required"];
        let schema = target(&parameter["schema"]);
        lines.push(format!(
            "parameter {name} required={required}{}{schema}{}",
            constraints(parameter),
            constraints(&parameter["schema"])
        ));
    }
    for (code, row) in object(&document["components"]["x-error-codes"]["codes"]) {
        lines.push(format!("code {code} status={}", row["status"]));
    }
    for (name, response) in object(&document["components"]["responses"]) {
        lines.push(format!("response {name}{}", contents(response)));
        for (header, content) in object(&response["headers"]) {
            lines.push(format!(
                "  header {header}{}",
                constraints(&content["schema"])
            ));
        }
    }
    for (name, schema) in object(&document["components"]["schemas"]) {
        schema_lines(name, schema, &mut lines);
    }
    lines.join("\n")
}

fn operation_lines(operation: &Value, lines: &mut Vec<String>) {
    for parameter in array(&operation["parameters"]) {
        lines.push(format!("  parameter{}", target(parameter)));
    }
    let body = &operation["requestBody"];
    if body.is_object() {
        let required = if body["required"] == true { "" } else { "?" };
        lines.push(format!("  request{required}{}", contents(body)));
    }
    for (status, response) in object(&operation["responses"]) {
        lines.push(format!(
            "  {status}{}{}",
            target(response),
            contents(response)
        ));
    }
    if let Some(availability) = operation.get("x-availability") {
        lines.push(format!("  x-availability={availability}"));
    }
    let codes: Vec<_> = array(&operation["x-error-codes"]).map(text).collect();
    lines.push(format!("  codes: {}", codes.join(" ")));
    let errata: Vec<_> = array(&operation["x-errata"])
        .map(|erratum| text(&erratum["id"]))
        .collect();
    if !errata.is_empty() {
        lines.push(format!("  errata: {}", errata.join(" ")));
    }
}

fn schema_lines(name: &str, schema: &Value, lines: &mut Vec<String>) {
    lines.push(format!("{name}{}{}", constraints(schema), items(schema)));
    let required: Vec<_> = array(&schema["required"]).map(text).collect();
    for (field, content) in object(&schema["properties"]) {
        let optional = if required.contains(&field.as_str()) {
            ""
        } else {
            "?"
        };
        let target = target(content) + &array(&content["allOf"]).map(target).collect::<String>();
        lines.push(format!(
            "  {field}{optional}{}{target}{}",
            constraints(content),
            items(content)
        ));
    }
    for field in required
        .iter()
        .filter(|field| schema["properties"].get(**field).is_none())
    {
        lines.push(format!("  {field} is required, but unknown"));
    }
}

fn items(schema: &Value) -> String {
    let of = |items: &Value| format!(" of{}{}", constraints(items), target(items));
    schema.get("items").map(of).unwrap_or_default()
}

/// Media types with their schema and examples.
fn contents(value: &Value) -> String {
    let content = |(media, content): (&String, &Value)| {
        let examples = object(&content["examples"]).map(|(name, example)| {
            let value = example.get("value").map(|value| format!(" = {value}"));
            format!(
                ", example {name}{}{}",
                target(example),
                value.unwrap_or_default()
            )
        });
        format!(
            " {media}{}{}",
            target(&content["schema"]),
            examples.collect::<String>()
        )
    };
    object(&value["content"]).map(content).collect()
}

fn target(value: &Value) -> String {
    let target = value["$ref"]
        .as_str()
        .map(|target| target.trim_start_matches("#/components/"));
    target
        .map(|target| format!(" -> {target}"))
        .unwrap_or_default()
}

/// Keywords that constrain or describe a value on the wire, and whether a source is named.
fn constraints(value: &Value) -> String {
    let own = object(value).filter(|(keyword, value)| {
        // The schema of a parameter is a reference, which has its place in the line.
        let reference = keyword.as_str() == "schema" && value.is_object();
        !reference && !NOT_CONSTRAINTS.contains(&keyword.as_str())
    });
    let sourced = if value.get("x-source").is_some() {
        " (sourced)"
    } else {
        ""
    };
    own.map(|(keyword, value)| format!(" {keyword}={value}"))
        .collect::<String>()
        + sourced
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter()
}
