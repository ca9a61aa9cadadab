#!/usr/bin/env bash
# reqwest 0.13.5: NO_PROXY=* sends calls to a host name past the proxy, but not calls to an IP address.
#
# A star is the common way to switch a proxy off for one command; curl takes it for every host. With
# reqwest a call to https://10.0.0.5 or to a gateway of one's own network by its address still goes to the
# proxy, with whatever token it carries. An IPv6 address in brackets, as it stands in the URL, never fits
# either; without brackets it does. Whoever excepts a private cloud from a company's proxy, with an endpoint
# that is an address, has to write the address or its network.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cargo init --quiet --name finding --vcs none
cargo add --quiet --no-default-features reqwest@=0.13.5
cargo add --quiet tokio@=1.54.1 --features io-util,macros,net,rt
cat >src/main.rs <<'RUST'
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers each request with its name.
async fn serve(name: &'static str, address: &str) -> u16 {
    let listener = TcpListener::bind((address, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", name.len());
            let _ = stream.write_all((head + name).as_bytes()).await;
        }
    });
    port
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let proxy = serve("proxy", "127.0.0.1").await;
    let (v4, v6) = (serve("service", "127.0.0.1").await, serve("service", "::1").await);
    let hosts = [
        ("localhost", format!("http://localhost:{v4}/")),
        ("127.0.0.1", format!("http://127.0.0.1:{v4}/")),
        ("[::1]", format!("http://[::1]:{v6}/")),
    ];
    for entry in ["*", "127.0.0.1", "127.0.0.0/8", "[::1]", "::1"] {
        for (host, url) in &hosts {
            let no_proxy = reqwest::NoProxy::from_string(entry);
            let proxy = reqwest::Proxy::http(format!("http://127.0.0.1:{proxy}")).unwrap();
            let client = reqwest::Client::builder().proxy(proxy.no_proxy(no_proxy)).build().unwrap();
            let by = client.get(url).send().await.unwrap().text().await.unwrap();
            println!("{entry}: {host} by the {by}");
        }
    }
}
RUST
cargo run --quiet | tee seen
diff - seen <<'SEEN'
*: localhost by the service
*: 127.0.0.1 by the proxy
*: [::1] by the proxy
127.0.0.1: localhost by the proxy
127.0.0.1: 127.0.0.1 by the service
127.0.0.1: [::1] by the proxy
127.0.0.0/8: localhost by the proxy
127.0.0.0/8: 127.0.0.1 by the service
127.0.0.0/8: [::1] by the proxy
[::1]: localhost by the proxy
[::1]: 127.0.0.1 by the proxy
[::1]: [::1] by the proxy
::1: localhost by the proxy
::1: 127.0.0.1 by the proxy
::1: [::1] by the service
SEEN
