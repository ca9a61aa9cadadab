//! Signatures, step by step, against those of the vendor's signer.

mod command;

use std::path::{Path, PathBuf};

use dbbackup::auth::aksk::{Request, sign};

const ACCESS_KEY: &str = "TESTACCESSKEY";
const SECRET_KEY: &str = "testsecretkey";
const DATE: &str = "20260102T030405Z";

/// A case of `tests/fixtures/signing`.
struct Case {
    name: String,
    folder: PathBuf,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Case {
    fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/signing");
        let entries = std::fs::read_dir(root).unwrap();
        let folders = entries.map(|entry| entry.unwrap().path());
        let mut cases: Vec<_> = folders.filter(|f| f.is_dir()).map(Self::read).collect();
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(cases.len() >= 46, "{} cases", cases.len());
        cases
    }

    fn read(folder: PathBuf) -> Self {
        let bytes = std::fs::read(folder.join("request")).unwrap();
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap().split(' ');
        let mut word = || first.next().unwrap().to_owned();
        let header = |line: &str| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_owned(), value.to_owned())
        };
        Self {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            method: word(),
            target: word(),
            headers: lines.map(header).collect(),
            body: bytes[end + 4..].to_vec(),
            folder,
        }
    }

    fn step(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        &headers.find(|(given, _)| given == name).unwrap().1
    }
}

#[test]
fn each_step_is_that_of_the_vendors_signer() {
    for case in Case::all() {
        let (path, query) = case.target.split_once('?').unwrap_or((&case.target, ""));
        let headers = case.headers.iter();
        let headers: Vec<_> = headers.map(|(name, value)| (&**name, &**value)).collect();
        let request = Request {
            method: &case.method,
            path,
            query,
            headers: &headers,
            date: case.header("X-Sdk-Date"),
            body: &case.body,
        };
        let signed = sign(&request, ACCESS_KEY, SECRET_KEY);
        let name = &case.name;
        assert_eq!(
            signed.canonical_request,
            case.step("canonical-request"),
            "{name}"
        );
        assert_eq!(signed.string_to_sign, case.step("string-to-sign"), "{name}");
        assert_eq!(signed.authorization, case.step("authorization"), "{name}");
        assert!(signed.authorization.ends_with(&signed.signature), "{name}");
    }
}
