//! How server functions reach the server: requests that can be sent again, and bodies that are wiped.

use super::{
    driver,
    platform::{self, Abort},
};
use crate::shared::{Code, Problem};
use bytes::Bytes;
use futures::{Sink, Stream, sink, stream};
use http::Method;
use send_wrapper::SendWrapper;
use server_fn::{client::Client, request::ClientReq, response::ClientRes};
use std::future::Future;
use zeroize::Zeroizing;

/// How long, in milliseconds, a call may take: longer than the server's queue for passwords.
pub const PATIENCE: u32 = 30_000;

/// Sends calls as they are; the cookie goes along where its path lets it.
pub struct Anonymous;

/// Sends calls with the access token. One that is refused because the token has expired is sent once more after one
/// refresh, which all such calls share.
pub struct Bearer;

/// A request, kept so that it can be sent again.
pub struct Outgoing {
    /// Path and query.
    pub path: String,
    /// Method.
    pub method: Method,
    /// Type of the body.
    pub content_type: String,
    /// Body, if there is one.
    pub body: Option<Zeroizing<Vec<u8>>>,
}

/// A response. Its body is wiped when it goes.
pub struct Incoming {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Zeroizing<Vec<u8>>,
}

impl Incoming {
    /// The problem that it tells of, if it is one.
    pub fn problem(&self) -> Option<Problem> {
        if self.status < 400 { None } else { serde_json::from_slice(&self.body).ok() }
    }

    /// Itself, if the server made it: an error without a problem comes from something in between.
    fn understood(self) -> Result<Self, Problem> {
        if self.status >= 400 && self.problem().is_none() {
            return Err(Code::from_status(self.status).into());
        }
        Ok(self)
    }
}

/// The server gave no answer: offline, or the time was up.
#[derive(Debug)]
pub struct Unreachable;

impl From<Unreachable> for Problem {
    fn from(_: Unreachable) -> Self {
        Self::new(Code::Unavailable).with_detail("The server cannot be reached. Check your connection and try again.")
    }
}

impl Client<Problem> for Anonymous {
    type Request = Outgoing;
    type Response = Incoming;

    fn send(request: Outgoing) -> impl Future<Output = Result<Incoming, Problem>> + Send {
        SendWrapper::new(async move { platform::fetch(&request, None, &Abort::new(), PATIENCE).await?.understood() })
    }

    async fn open_websocket(
        _: &str,
    ) -> Result<(impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static), Problem>
    {
        unsupported().map(|()| (stream::empty(), sink::drain()))
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        leptos::task::spawn_local(future);
    }
}

impl Client<Problem> for Bearer {
    type Request = Outgoing;
    type Response = Incoming;

    fn send(request: Outgoing) -> impl Future<Output = Result<Incoming, Problem>> + Send {
        SendWrapper::new(async move { driver::send_with_token(&request).await?.understood() })
    }

    async fn open_websocket(
        path: &str,
    ) -> Result<(impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static), Problem>
    {
        Anonymous::open_websocket(path).await
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        leptos::task::spawn_local(future);
    }
}

impl ClientReq<Problem> for Outgoing {
    type FormData = ();

    fn try_new_req_query(
        path: &str,
        content_type: &str,
        _: &str,
        query: &str,
        method: Method,
    ) -> Result<Self, Problem> {
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Ok(Self { path, method, content_type: content_type.to_owned(), body: None })
    }

    fn try_new_req_text(
        path: &str,
        content_type: &str,
        _: &str,
        body: String,
        method: Method,
    ) -> Result<Self, Problem> {
        let body = Some(Zeroizing::new(body.into_bytes()));
        Ok(Self { path: path.to_owned(), method, content_type: content_type.to_owned(), body })
    }

    fn try_new_req_bytes(
        path: &str,
        content_type: &str,
        _: &str,
        body: Bytes,
        method: Method,
    ) -> Result<Self, Problem> {
        let body = Some(Zeroizing::new(body.into()));
        Ok(Self { path: path.to_owned(), method, content_type: content_type.to_owned(), body })
    }

    fn try_new_req_form_data(_: &str, _: &str, _: &str, (): (), _: Method) -> Result<Self, Problem> {
        unsupported()
    }

    fn try_new_req_multipart(_: &str, _: &str, (): (), _: Method) -> Result<Self, Problem> {
        unsupported()
    }

    fn try_new_req_streaming(
        _: &str,
        _: &str,
        _: &str,
        _: impl Stream<Item = Bytes> + Send + 'static,
        _: Method,
    ) -> Result<Self, Problem> {
        unsupported()
    }
}

impl ClientRes<Problem> for Incoming {
    async fn try_into_string(self) -> Result<String, Problem> {
        String::from_utf8(self.body.to_vec()).map_err(|_| Code::InternalError.into())
    }

    async fn try_into_bytes(self) -> Result<Bytes, Problem> {
        Ok(Bytes::from_owner(self.body))
    }

    fn try_into_stream(self) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, Problem> {
        unsupported().map(|()| stream::empty())
    }

    fn status(&self) -> u16 {
        self.status
    }

    fn status_text(&self) -> String {
        String::new()
    }

    fn location(&self) -> String {
        String::new()
    }

    fn has_redirect(&self) -> bool {
        false
    }
}

/// Calls carry JSON alone.
fn unsupported<T>() -> Result<T, Problem> {
    Err(Code::InternalError.into())
}
