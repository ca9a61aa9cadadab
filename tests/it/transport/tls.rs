//! TLS with certificates of an authority that only the test trusts.

use std::path::PathBuf;
use std::sync::Arc;

use dbbackup::transport::Options;
use dbbackup::{Error, ErrorKind};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::{RULES, Rule, accepted, call, client};
use crate::support::local;

/// A certificate authority, with its certificate in a file.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    pub(crate) file: PathBuf,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = format!("dbbackup-{name}-{}.pem", std::process::id());
        let file = std::env::temp_dir().join(file);
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    /// A server with a certificate for a host, expired or not, that answers each call alike.
    pub(crate) async fn serve(&self, host: &str, is_expired: bool, answer: Vec<u8>) -> String {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        if is_expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                // A client that does not trust the certificate ends the handshake.
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let mut some = [0; 4096];
                assert_ne!(stream.read(&mut some).await.unwrap(), 0);
                let _ = stream.write_all(&answer).await;
                let _ = stream.shutdown().await;
            }
        });
        url
    }

    fn trusted(&self) -> Options {
        local().with_ca_file(Some(self.file.clone()))
    }
}

/// The URL of a server that only an authority vouches for which nobody knows.
pub(crate) async fn untrusted_server() -> String {
    let authority = Authority::new("unknown");
    authority.serve("127.0.0.1", false, Vec::new()).await
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

fn assert_untrusted(error: &Error, reason: &str) {
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Unreachable, 1),
        "{error:?}"
    );
    let text = error.to_string();
    assert!(
        text.ends_with(
            "TLS is not accepted; nothing was sent; check the URL and the clock, or name a PEM file with \
             its issuer's certificate in ca_file"
        ),
        "{text}"
    );
    let first: &dyn std::error::Error = error;
    let chain = std::iter::successors(Some(first), |error| error.source());
    let chain: Vec<String> = chain.map(ToString::to_string).collect();
    assert!(chain.join(": ").contains(reason), "{chain:?}");
}

#[tokio::test]
async fn a_server_of_an_extra_authority_is_trusted_only_with_its_file() {
    let authority = Authority::new("extra");
    for rule in RULES {
        let url = authority.serve("127.0.0.1", false, accepted(rule)).await;
        call(&client(&url, authority.trusted()), rule)
            .await
            .unwrap();
        let error = call(&client(&url, local()), rule).await.unwrap_err();
        assert_untrusted(&error, "UnknownIssuer");
    }
}

#[tokio::test]
async fn an_expired_certificate_and_one_of_another_host_are_not_trusted() {
    let authority = Authority::new("odd");
    for rule in RULES {
        let expired = authority.serve("127.0.0.1", true, accepted(rule)).await;
        let error = call(&client(&expired, authority.trusted()), rule)
            .await
            .unwrap_err();
        assert_untrusted(&error, "expired");
        let other = authority
            .serve("elsewhere.example", false, accepted(rule))
            .await;
        let error = call(&client(&other, authority.trusted()), rule)
            .await
            .unwrap_err();
        assert_untrusted(&error, "not valid for");
    }
}

#[tokio::test]
async fn a_server_without_tls_is_not_talked_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .unwrap();
        let mut rest = Vec::new();
        // The client may reset the connection.
        let _ = stream.read_to_end(&mut rest).await;
        rest
    });
    let error = call(&client(&url, local()), Rule::Change)
        .await
        .unwrap_err();
    assert_untrusted(&error, "InvalidContentType");
    let sent = served.await.unwrap();
    assert!(!String::from_utf8_lossy(&sent).contains("token-of-a-test"));
}

#[test]
fn a_file_that_holds_no_certificate_is_refused_with_its_name() {
    let nothing = std::env::temp_dir().join(format!("dbbackup-nothing-{}.pem", std::process::id()));
    std::fs::write(&nothing, "no certificate").unwrap();
    for (file, rule) in [
        (nothing.clone(), "must hold certificates in PEM form"),
        (nothing.with_extension("missing"), "cannot be read"),
        ("/dev/zero".into(), "it has more than 4194304 bytes"),
    ] {
        let options = local().with_ca_file(Some(file.clone()));
        let credentials = dbbackup::auth::Credentials::token("token-of-a-test");
        let error = dbbackup::transport::Transport::with(credentials, options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(
            text.contains(rule) && text.contains(file.to_str().unwrap()),
            "{text}"
        );
    }
    std::fs::remove_file(nothing).unwrap();
}
