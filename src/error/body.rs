//! The error bodies of the services, which are read in any shape.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Error body of rds-v3, taurusdb-v3 and gaussdb-v3.
///
/// Any body is read: the documented one, the gateway's, the one of API v1, and plain text or HTML,
/// which becomes the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value")]
#[non_exhaustive]
pub struct ApiError {
    /// Code such as `DBS.200001`, or `APIGW.0301` from the gateway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// Explanation for people; its language and words are not stable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_msg: Option<String>,
    /// Id of the request, if the body has it; the header `X-Request-Id` has it more often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Error body of rds-v1; like [`ApiError`], it reads any body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value")]
#[non_exhaustive]
pub struct ApiErrorV1 {
    /// Code such as `RDS.0001`.
    #[serde(rename = "errCode", skip_serializing_if = "Option::is_none")]
    pub err_code: Option<String>,
    /// Explanation for people; its language and words are not stable.
    #[serde(rename = "externalMessage", skip_serializing_if = "Option::is_none")]
    pub external_message: Option<String>,
}

impl From<ApiErrorV1> for ApiError {
    fn from(body: ApiErrorV1) -> Self {
        Self {
            error_code: body.err_code,
            error_msg: body.external_message,
            request_id: None,
        }
    }
}

// The last of each may mean something else where there is no error.
const CODE: [&str; 4] = ["error_code", "errCode", "errorCode", "code"];
const MESSAGE: [&str; 4] = ["error_msg", "externalMessage", "errorMsg", "message"];
const REQUEST_ID: [&str; 1] = ["request_id"];

impl From<Value> for ApiError {
    fn from(body: Value) -> Self {
        Self {
            error_code: field(&body, &CODE),
            error_msg: field(&body, &MESSAGE).or_else(|| text(&body)),
            request_id: field(&body, &REQUEST_ID),
        }
    }
}

impl ApiError {
    /// Whether a body is that of an error, also one that is no JSON but names the field of a code, or has
    /// a message alone; the code 0 is one of success.
    pub(crate) fn is_in(body: &Value) -> bool {
        match body {
            Value::String(text) => CODE[..3]
                .iter()
                .any(|name| text.contains(&format!("\"{name}\""))),
            _ => match field(body, &CODE) {
                Some(code) => code != "0",
                None => field(body, &MESSAGE[..3]).is_some(),
            },
        }
    }
}

impl From<Value> for ApiErrorV1 {
    fn from(body: Value) -> Self {
        Self {
            err_code: field(&body, &CODE),
            external_message: field(&body, &MESSAGE).or_else(|| text(&body)),
        }
    }
}

/// The first of the names that the body has, at its top or one object further down.
fn field(body: &Value, names: &[&str]) -> Option<String> {
    let nested = body
        .as_object()
        .into_iter()
        .flat_map(|members| members.values());
    std::iter::once(body)
        .chain(nested)
        .flat_map(|object| names.iter().filter_map(|name| object.get(name)))
        .find_map(text)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
