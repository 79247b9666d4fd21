//! Mutual TLS: a handshake with a server that asks for a certificate.

use std::sync::Arc;

use clientsmith_runtime::transport::ReqwestTransport;
use clientsmith_runtime::{BuildError, ErrorKind, Settings};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::support::api::{API, UPLOAD, filled};
use crate::support::{FakeTransport, json_answer, send};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn issuer() -> Issuer {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key.
fn issued(issuer: &Issuer) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    (parameters.signed_by(&key, issuer).unwrap(), key)
}

/// A server that answers whoever has a certificate of the issuer, and what it is called.
async fn start(issuer: &Issuer) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(issuer.der().clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    let (certificate, key) = issued(issuer);
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // Who has no certificate is not let in.
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                assert!(stream.read_buf(&mut request).await.unwrap() > 0);
            }
            stream.write_all(&json_answer("200 OK", &[], "{}")).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    url
}

/// A server that asks for no certificate, and has one of an authority that nobody knows.
pub(crate) async fn start_for_anyone() -> String {
    let (certificate, key) = issued(&issuer());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            drop(acceptor.accept(stream).await);
        }
    });
    url
}

fn identity(issuer: &Issuer) -> String {
    let (certificate, key) = issued(issuer);
    format!("{}{}", certificate.pem(), key.serialize_pem())
}

#[tokio::test]
async fn an_identity_is_shown_to_the_server() {
    let issuer = issuer();
    let url = start(&issuer).await;
    let settings = || {
        let mut settings = Settings::new(&API);
        settings.endpoint(&url);
        settings.root_certificate(issuer.pem());
        settings
    };
    let mut known = settings();
    known.identity(identity(&issuer));
    send(filled(&known.build().unwrap(), &UPLOAD)).await.unwrap();

    let unknown = settings();
    send(filled(&unknown.build().unwrap(), &UPLOAD)).await.unwrap_err();
    let mut foreign = settings();
    foreign.identity(identity(&self::issuer()));
    send(filled(&foreign.build().unwrap(), &UPLOAD)).await.unwrap_err();

    let mut mistrusting = Settings::new(&API);
    mistrusting.endpoint(&url);
    mistrusting.identity(identity(&issuer));
    let error = send(filled(&mistrusting.build().unwrap(), &UPLOAD)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[test]
fn an_identity_that_cannot_be_used_is_an_error_that_does_not_show_it() {
    let mut settings = Settings::new(&API);
    settings.identity("-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n");
    assert!(!format!("{settings:?}").contains("hidden"));
    let error = settings.build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the transport cannot be set up: the identity is not a certificate chain and a private key in PEM"
    );
    assert!(!format!("{error:?}").contains("hidden"));
    assert!(ReqwestTransport::builder().root_certificate("none").build().is_err());
}

#[test]
fn an_identity_is_not_dropped_in_silence() {
    let mut settings = Settings::new(&API);
    settings.identity(identity(&issuer()));
    settings.transport(FakeTransport::new([]));
    assert!(matches!(settings.build(), Err(BuildError::ForeignTransport)));
}

#[tokio::test]
async fn the_authorities_of_the_system_can_be_left_out() {
    let issuer = issuer();
    let url = start(&issuer).await;
    let transport = |roots: Option<String>| {
        let transport = ReqwestTransport::builder().only_given_roots().identity(identity(&issuer));
        let transport = match roots {
            Some(roots) => transport.root_certificate(roots),
            None => transport,
        };
        let mut settings = Settings::new(&API);
        settings.endpoint(&url);
        settings.transport(Arc::new(transport.build().unwrap()));
        settings.build().unwrap()
    };
    send(filled(&transport(Some(issuer.pem())), &UPLOAD)).await.unwrap();
    for roots in [None, Some(self::issuer().pem())] {
        let error = send(filled(&transport(roots), &UPLOAD)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    }
}
