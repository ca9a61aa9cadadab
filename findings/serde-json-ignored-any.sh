#!/usr/bin/env bash
# serde_json 1.0.154: whether a body is JSON depends on the type that it is read into.
#
# `from_slice::<IgnoredAny>` is the cheap way to ask whether a body is JSON. It accepts an error body of a
# cloud service whose message is in Latin-1, has half of a surrogate pair, or holds a number beyond a
# double or 200 levels of arrays. `from_slice::<Value>` refuses all four. A client that asks with the one
# and reads with the other calls a documented refusal unreadable; where an unreadable answer is as good as
# an empty one, as after a DELETE, the refusal passes for success and the backup for deleted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --name finding --vcs none
cargo add --quiet serde@=1.0.229 serde_json@=1.0.154
cat >src/main.rs <<'RUST'
use serde::de::IgnoredAny;
use serde_json::{Value, from_slice};

fn main() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let bodies: [(&str, Vec<u8>); 5] = [
        ("plain", br#"{"error_code":"DBS.200010","error_msg":"No."}"#.to_vec()),
        ("Latin-1", b"{\"error_code\":\"DBS.200010\",\"error_msg\":\"Verf\xfcgbar\"}".to_vec()),
        ("half a pair", br#"{"error_code":"DBS.200010","error_msg":"\ud83d"}"#.to_vec()),
        ("1e999", br#"{"error_code":"DBS.200010","retry":1e999}"#.to_vec()),
        ("200 levels", format!(r#"{{"error_code":"DBS.200010","trace":{deep}}}"#).into_bytes()),
    ];
    for (name, body) in bodies {
        let ignored = from_slice::<IgnoredAny>(&body).is_ok();
        let value = from_slice::<Value>(&body).is_ok();
        println!("{name}: IgnoredAny {ignored}, Value {value}");
    }
}
RUST
cargo run --quiet | tee seen
diff - seen <<'SEEN'
plain: IgnoredAny true, Value true
Latin-1: IgnoredAny true, Value false
half a pair: IgnoredAny true, Value false
1e999: IgnoredAny true, Value false
200 levels: IgnoredAny true, Value false
SEEN
