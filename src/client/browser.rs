//! What a browser has.

use super::transport::{Incoming, Outgoing, Unreachable};
use futures::{
    channel::oneshot,
    future::{Either, select},
};
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Date, Function, Object, Promise, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, Blob, BlobPropertyBag, BroadcastChannel, Element, Event, HtmlAnchorElement,
    HtmlDialogElement, HtmlElement, MessageEvent, PageTransitionEvent, RequestCredentials, RequestInit, RequestMode,
    Response, Url, VisibilityState, Window,
};
use zeroize::Zeroizing;

/// The longest to wait for other tabs. Nothing depends on it but how many requests are sent.
const LOCK_TIMEOUT: u32 = 1_500;

fn window() -> Option<Window> {
    web_sys::window()
}

/// Milliseconds since the page was opened, on a clock that never steps.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page is not open for 500 million years")]
pub fn now() -> u64 {
    window().and_then(|window| window.performance()).map_or(0, |performance| performance.now() as u64)
}

/// A number from 0 up to and without `bound`; good for jitter, not for secrets.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "bounds are small and positive"
)]
pub fn random_below(bound: u64) -> u64 {
    (js_sys::Math::random() * bound as f64) as u64
}

/// Sends a request to this site and reads the whole answer into one buffer that is wiped. Gives up after `patience`
/// milliseconds.
pub async fn fetch(
    request: &Outgoing,
    authorization: Option<&str>,
    abort: &Abort,
    patience: u32,
) -> Result<Incoming, Unreachable> {
    let timeout = Timeout::new(patience, {
        let abort = abort.clone();
        move || abort.abort()
    });
    let answer = try_fetch(request, authorization, abort.signal()).await;
    timeout.cancel();
    answer.map_err(|_| Unreachable)
}

async fn try_fetch(
    request: &Outgoing,
    authorization: Option<&str>,
    signal: Option<AbortSignal>,
) -> Result<Incoming, JsValue> {
    let headers = web_sys::Headers::new()?;
    headers.set("accept", "application/json")?;
    if let Some(authorization) = authorization {
        headers.set("authorization", authorization)?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_mode(RequestMode::SameOrigin);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_signal(signal.as_ref());
    if let Some(body) = &request.body {
        headers.set("content-type", &request.content_type)?;
        init.set_body(&Uint8Array::from(body.as_slice()));
    }
    init.set_headers(&headers);
    let window = window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(&request.path, &init)).await?.dyn_into()?;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Incoming { status: response.status(), body: Zeroizing::new(Uint8Array::new(&buffer).to_vec()) })
}

/// Gives up the request that it was handed to, when asked or when the last copy goes.
#[derive(Clone)]
pub struct Abort(Option<Rc<AbortOnDrop>>);

struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Abort {
    pub fn new() -> Self {
        Self(AbortController::new().ok().map(|controller| Rc::new(AbortOnDrop(controller))))
    }

    pub fn abort(&self) {
        if let Some(controller) = &self.0 {
            controller.0.abort();
        }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.0.as_ref().map(|controller| controller.0.signal())
    }
}

/// A timer that is cancelled when it goes.
pub struct Timer(#[expect(dead_code, reason = "held for its drop")] Timeout);

impl Timer {
    pub fn after(millis: u64, work: impl FnOnce() + 'static) -> Self {
        Self(Timeout::new(u32::try_from(millis).unwrap_or(i32::MAX as u32).min(i32::MAX as u32), work))
    }
}

/// Does something every second for as long as the page is open.
pub fn every_second(work: impl Fn() + 'static) {
    Interval::new(1_000, work).forget();
}

/// Says when the page is looked at or online again; with `true` when it comes back from the browser's cache.
pub fn on_wake(work: impl Fn(bool) + 'static) {
    let Some(window) = window() else { return };
    let Some(document) = window.document() else { return };
    let work = Closure::<dyn Fn(Event)>::new({
        let document = document.clone();
        move |event: Event| {
            let returned = event.dyn_ref::<PageTransitionEvent>().map(PageTransitionEvent::persisted);
            if returned != Some(false) && document.visibility_state() == VisibilityState::Visible {
                work(returned == Some(true));
            }
        }
    });
    let listener = work.as_ref().unchecked_ref::<Function>();
    let _ = document.add_event_listener_with_callback("visibilitychange", listener);
    let _ = window.add_event_listener_with_callback("online", listener);
    let _ = window.add_event_listener_with_callback("pageshow", listener);
    // For as long as the page is open.
    work.forget();
}

/// The channel between the tabs of this site.
pub struct Channel {
    channel: BroadcastChannel,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    pub fn open(name: &str, on_message: impl Fn(Zeroizing<String>) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                on_message(Zeroizing::new(text));
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Some(Self { channel, _listener: listener })
    }

    pub fn post(&self, text: &str) {
        let _ = self.channel.post_message(&JsValue::from_str(text));
    }
}

/// Held by one tab at a time; let go when it goes.
pub struct Lock(Option<Function>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Waits until no other tab holds the lock, but no longer than [`LOCK_TIMEOUT`], and not at all in a browser without
/// Web Locks.
pub async fn lock(name: &str) -> Lock {
    let (granted, release) = oneshot::channel();
    // The browser holds the lock until the promise that this returns is resolved.
    let hold = Closure::once_into_js(move |_: JsValue| {
        let mut granted = Some(granted);
        Promise::new(&mut |release, _| {
            if let Some(granted) = granted.take() {
                let _ = granted.send(release);
            }
        })
    });
    let Ok(request) = request_lock(name, &hold) else { return Lock(None) };
    match select(release, JsFuture::from(request)).await {
        Either::Left((release, _)) => Lock(release.ok()),
        Either::Right(_) => Lock(None),
    }
}

fn request_lock(name: &str, hold: &JsValue) -> Result<Promise, JsValue> {
    let navigator = window().ok_or(JsValue::NULL)?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"signal".into(), &AbortSignal::timeout_with_u32(LOCK_TIMEOUT))?;
    request.call3(&locks, &name.into(), &options, hold)?.dyn_into()
}

/// Tells tests, styles and the early-submit script that the page has come alive.
pub fn mark_hydrated() {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
    if let Ok(event) = Event::new("counterfoil:hydrated") {
        let _ = document.dispatch_event(&event);
    }
}

/// An attribute of the document's root element.
pub fn root_attribute(name: &str) -> Option<String> {
    window()?.document()?.document_element()?.get_attribute(name)
}

fn element<T: JsCast>(id: &str) -> Option<T> {
    let element: Element = window()?.document()?.get_element_by_id(id)?;
    element.dyn_into().ok()
}

/// Focuses the element with this id.
pub fn focus(id: &str) {
    if let Some(element) = element::<HtmlElement>(id) {
        let _ = element.focus();
    }
}

/// Opens the dialog with this id above everything else. The focus goes into it, and back when it is closed.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = element::<HtmlDialogElement>(id) {
        let _ = dialog.show_modal();
    }
}

/// Closes the dialog with this id, if it is open.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = element::<HtmlDialogElement>(id) {
        dialog.close();
    }
}

/// Hands the visitor a file of JSON.
pub fn download(name: &str, json: &str) {
    let _ = try_download(name, json);
}

fn try_download(name: &str, json: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("application/json");
    let url =
        Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(&Array::of1(&json.into()), &kind)?)?;
    let document = window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}

/// The present moment by the visitor's clock, in seconds since 1970 UTC. It may be wrong: good to say how long ago
/// something was, not to decide anything.
#[expect(clippy::cast_possible_truncation, reason = "dates are far below 2^52 milliseconds")]
pub fn unix_time() -> i64 {
    (Date::now() / 1000.0) as i64
}

/// A moment in the visitor's own time and language.
pub fn local_date(unix_seconds: i64) -> String {
    local(unix_seconds, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// The time of day of a moment in the visitor's own time and language.
pub fn local_time(unix_seconds: i64) -> String {
    local(unix_seconds, &[("timeStyle", "short")])
}

/// A moment for machines (RFC 3339).
pub fn iso_date(unix_seconds: i64) -> String {
    date(unix_seconds).to_iso_string().into()
}

fn local(unix_seconds: i64, styles: &[(&str, &str)]) -> String {
    let options = Object::new();
    for (name, style) in styles {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(style));
    }
    date(unix_seconds).to_locale_string("default", &options).into()
}

#[expect(clippy::cast_precision_loss, reason = "dates are far below 2^52 milliseconds")]
fn date(unix_seconds: i64) -> Date {
    Date::new(&JsValue::from_f64(unix_seconds as f64 * 1000.0))
}
