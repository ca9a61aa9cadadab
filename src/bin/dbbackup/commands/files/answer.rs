//! What an answer says of the bytes that it brings.

use anyhow::anyhow;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, TRANSFER_ENCODING,
};
use reqwest::{Response, StatusCode};

use super::document;
use super::listed::Listed;
use super::part::Part;

/// Why a download does not go on.
pub(crate) enum Stop {
    /// It may if it is tried again.
    Passing(anyhow::Error),
    Final(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Final(error.into())
    }
}

/// How many bytes an answer announces.
pub(crate) struct Announced {
    /// Those of the whole file.
    pub(crate) all: Option<u64>,
    /// Whether without them the answer shows where the file ends, which no end of a connection does.
    pub(crate) has_end: bool,
}

/// Prepares a part for the bytes of an answer.
pub(crate) fn begin(
    part: &mut Part,
    answer: &Response,
    listed: &Listed,
) -> Result<Announced, Stop> {
    check(answer)?;
    let goes_on = answer.status() == StatusCode::PARTIAL_CONTENT;
    let kind = header(answer, &CONTENT_TYPE).unwrap_or_default();
    if goes_on && kind.to_ascii_lowercase().starts_with("multipart/") {
        let what = "the server sends several parts in one: take the link from --links";
        return Err(Stop::Final(anyhow!(what)));
    }
    let is_same = part.length == 0 || is_tagged_alike(part, answer);
    let total = total(answer).filter(|_| goes_on);
    let begins_there = first(answer) == Some(part.length);
    let fits = is_same && begins_there && total.is_none_or(|total| total >= part.length);
    if answer.status() == StatusCode::RANGE_NOT_SATISFIABLE || goes_on && !fits {
        if part.length > 0 {
            part.begin_anew()?;
        }
        let what = "the server has other bytes: from the beginning";
        return Err(Stop::Passing(anyhow!(what)));
    }
    let announced = if goes_on {
        Announced {
            all: total,
            // The end of a part is not that of the file.
            has_end: false,
        }
    } else {
        Announced {
            all: answer.content_length(),
            has_end: is_chunked(answer),
        }
    };
    if let Some(all) = announced.all {
        let remedy = "to have it all the same, take the link from --links";
        listed
            .check(all)
            .map_err(|problem| anyhow!("the server announces {problem}: {remedy}"))?;
    }
    if part.length > 0 && !goes_on {
        if announced.all.is_none() && !announced.has_end {
            let path = part.path.display();
            let what = "may not be whole, for the server tells no length and sends no parts: take the \
                 link from --links";
            return Err(Stop::Final(anyhow!("{path} {what}")));
        }
        part.begin_anew()?;
    }
    part.set_tag(tag(answer))?;
    Ok(announced)
}

/// Refuses an answer without bytes of the file.
fn check(answer: &Response) -> Result<(), Stop> {
    let status = answer.status();
    match status {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
            let kinds = all(answer, &CONTENT_TYPE);
            if let Some(document) = kinds.iter().find_map(|kind| document::of_type(kind)) {
                return Err(Stop::Final(document.refusal()));
            }
            match encoding(answer) {
                Some(encoding) => Err(Stop::Final(anyhow!(
                    "the server sends the file in the encoding {encoding}, which was not asked for: \
                     take the link from --links"
                ))),
                None => Ok(()),
            }
        }
        StatusCode::RANGE_NOT_SATISFIABLE => Ok(()),
        _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(Stop::Passing(anyhow!("refused with {}", status.as_u16())))
        }
        _ => Err(Stop::Final(anyhow!(
            "refused with {}: the link may have expired, so list the files again",
            status.as_u16()
        ))),
    }
}

/// Whether an answer says that all bytes of a part are there, and no more.
pub(crate) fn is_whole(part: &Part, answer: &Response) -> bool {
    answer.status() == StatusCode::RANGE_NOT_SATISFIABLE
        && total(answer) == Some(part.length)
        && is_tagged_alike(part, answer)
}

/// Whether an answer is about the bytes of a part, and says so.
fn is_tagged_alike(part: &Part, answer: &Response) -> bool {
    part.tag().is_some() && part.tag() == tag(answer).as_deref()
}

fn header<'a>(answer: &'a Response, name: &HeaderName) -> Option<&'a str> {
    answer.headers().get(name)?.to_str().ok()
}

/// All headers of a name, without case.
fn all(answer: &Response, name: &HeaderName) -> Vec<String> {
    let values = answer.headers().get_all(name).iter();
    let lower = |bytes| String::from_utf8_lossy(bytes).to_ascii_lowercase();
    values.map(|value| lower(value.as_bytes())).collect()
}

/// What the server calls these bytes, if that is the same for no others.
fn tag(answer: &Response) -> Option<String> {
    header(answer, &ETAG)
        .filter(|tag| !tag.starts_with("W/"))
        .map(str::to_owned)
}

/// What was done to the bytes of the file on their way, besides what is undone already.
fn encoding(answer: &Response) -> Option<String> {
    let said = [&CONTENT_ENCODING, &TRANSFER_ENCODING].map(|name| all(answer, name));
    said.iter()
        .flatten()
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .find(|one| !matches!(*one, "" | "identity" | "chunked"))
        .map(str::to_owned)
}

fn is_chunked(answer: &Response) -> bool {
    let coding = header(answer, &TRANSFER_ENCODING).unwrap_or_default();
    coding.to_ascii_lowercase().ends_with("chunked")
}

/// The first byte of a partial answer.
fn first(answer: &Response) -> Option<u64> {
    let range = header(answer, &CONTENT_RANGE)?.strip_prefix("bytes ")?;
    range.split('-').next()?.parse().ok()
}

/// The length of the file that an answer is a part of.
fn total(answer: &Response) -> Option<u64> {
    let (_, total) = header(answer, &CONTENT_RANGE)?.rsplit_once('/')?;
    total.parse().ok()
}
