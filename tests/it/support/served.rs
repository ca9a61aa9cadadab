//! Servers whose answers follow from the requests.

use dbbackup::Service;
use dbbackup::emulator::Emulator;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::server::{http, read_request};
use super::watch;

/// A server on loopback that answers each request by a function; its URL.
pub(crate) async fn served<F, Fut>(answer: F) -> String
where
    F: Fn(String) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Vec<u8>> + Send,
{
    watch();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = answer.clone();
            tokio::spawn(async move {
                let answer = answer(read_request(&mut stream).await).await;
                // A client may stop reading before the end.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    url
}

/// The URL of a server that passes reads on to a service of an emulator, and counts only the entries of
/// a page.
pub(crate) async fn miscounting(emulator: &Emulator, service: Service) -> String {
    let client = emulator.client(service).unwrap();
    let (http_client, token) = (client.http().clone(), emulator.token().to_owned());
    let url = emulator.url(service).to_owned();
    served(move |request| {
        let path = request.split(' ').nth(1).unwrap();
        let get = http_client.get(format!("{url}{path}"));
        let get = get.header("X-Auth-Token", &token);
        async move {
            let answer = get.send().await.unwrap();
            assert!(answer.status().is_success(), "{request}: {answer:?}");
            let body = answer.bytes().await.unwrap();
            let mut body: Value = serde_json::from_slice(&body).unwrap();
            let lists = ["backups", "instances"].map(|list| body[list].as_array().map(Vec::len));
            body["total_count"] = lists.into_iter().flatten().sum::<usize>().into();
            http("200 OK", &[], &body.to_string())
        }
    })
    .await
}
