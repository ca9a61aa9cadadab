//! Servers with prepared answers: one that keeps what it was asked, and one for several calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::watch;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A server on loopback that answers one request with the bytes it was given.
pub(crate) struct FixedAnswer {
    pub(crate) url: String,
    connected: Arc<AtomicBool>,
    asked: JoinHandle<String>,
}

impl FixedAnswer {
    pub(crate) async fn start(answer: Vec<u8>) -> Self {
        watch();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let connected = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&connected);
        let asked = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            flag.store(true, Ordering::Relaxed);
            let request = read_request(&mut stream).await;
            // A client may stop reading before the end; what it makes of that is its own answer.
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
            request
        });
        Self {
            url,
            connected,
            asked,
        }
    }

    /// The request of a call that has ended, as it arrived: head, empty line, body.
    pub(crate) async fn request(self) -> String {
        assert!(self.connected.load(Ordering::Relaxed), "nothing was sent");
        self.asked.await.unwrap()
    }
}

/// What a server does with a connection.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Reads the request and sends these bytes; none to close the connection without an answer.
    Answer(Vec<u8>),
    /// Closes the connection before it has read anything.
    CloseAtOnce,
    /// Closes the connection in the middle of the request.
    CloseMidway,
    /// Reads the request and never answers.
    KeepSilent,
}

impl From<Vec<u8>> for Act {
    fn from(answer: Vec<u8>) -> Self {
        Self::Answer(answer)
    }
}

/// A server on loopback that does one thing after another with the connections it gets; after the
/// last one nobody listens any more.
pub(crate) struct Script {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    pub(crate) async fn start(acts: Vec<impl Into<Act>>) -> Self {
        watch();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let requests = Arc::clone(&asked);
        let acts: Vec<Act> = acts.into_iter().map(Into::into).collect();
        tokio::spawn(async move {
            let mut silent = Vec::new();
            for act in acts {
                let (mut stream, _) = listener.accept().await.unwrap();
                let note = |request: String| requests.lock().unwrap().push(request);
                match act {
                    Act::CloseAtOnce => note(String::new()),
                    Act::CloseMidway => {
                        let mut some = [0; 40];
                        stream.read_exact(&mut some).await.unwrap();
                        note(String::from_utf8_lossy(&some).into_owned());
                    }
                    Act::KeepSilent => {
                        note(read_request(&mut stream).await);
                        silent.push(stream);
                    }
                    Act::Answer(answer) => {
                        note(read_request(&mut stream).await);
                        // A client may stop reading before the end.
                        let _ = stream.write_all(&answer).await;
                        let _ = stream.shutdown().await;
                    }
                }
            }
            drop(listener);
            // As long as the test runs.
            std::future::pending::<()>().await;
            drop(silent);
        });
        Self { url, asked }
    }

    /// The requests so far, as far as they were read.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A server on loopback that answers every request with what a function makes of it, until the runtime
/// ends; its URL.
pub(crate) async fn serve(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> String {
    watch();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let answer = Arc::clone(&answer);
            tokio::spawn(async move {
                let answer = answer(&read_request(&mut stream).await);
                // A client may stop reading before the end.
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    url
}

/// Answers a connection whose request has the words with a body, or gives it back unanswered.
pub(crate) async fn answer_if(mut stream: TcpStream, words: &str, body: &str) -> Option<TcpStream> {
    if !read_request(&mut stream).await.contains(words) {
        return Some(stream);
    }
    // A client may stop reading before the end.
    let _ = stream.write_all(&http("200 OK", &[], body)).await;
    None
}

pub(super) async fn read_request(stream: &mut TcpStream) -> String {
    let request = whole_request(stream).await;
    request.expect("the request is cut off")
}

/// A request, unless the connection ends before it does.
pub(crate) async fn whole_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return Some(text.into_owned());
            }
        }
        if !matches!(stream.read_buf(&mut bytes).await, Ok(1..)) {
            return None;
        }
    }
}

/// An answer with a status line such as `200 OK`, some headers, and a body of honest length.
pub(crate) fn http(status: &str, headers: &[&str], body: &(impl AsRef<[u8]> + ?Sized)) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .map(|header| format!("{header}\r\n"))
        .collect();
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}
