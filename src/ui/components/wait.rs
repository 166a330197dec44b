//! A wait that the server asked for.

use crate::{client::now, ui::clock};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use std::time::Duration;

/// The seconds left at which the wait is announced again.
const ANNOUNCED: [u32; 2] = [30, 10];

/// Counts down the seconds of a `Retry-After`.
#[derive(Clone, Copy)]
pub struct Wait {
    why: RwSignal<String>,
    left: RwSignal<u32>,
    /// When it is over, in milliseconds on the monotonic clock: a tab in the background ticks when it pleases.
    ends_at: StoredValue<u64>,
    /// What assistive technology reads out; the seconds themselves would be a torrent.
    announcement: RwSignal<String>,
    timer: StoredValue<Option<IntervalHandle>>,
}

impl Wait {
    /// Nothing to wait for yet; the timer ends with the component that this is made in.
    pub fn idle() -> Self {
        let timer = StoredValue::new(None::<IntervalHandle>);
        on_cleanup(move || stop(timer));
        Self {
            why: RwSignal::new(String::new()),
            left: RwSignal::new(0),
            ends_at: StoredValue::new(0),
            announcement: RwSignal::new(String::new()),
            timer,
        }
    }

    /// Waits `seconds` because of `why`.
    pub fn start(self, why: String, seconds: u32) {
        stop(self.timer);
        self.announcement.set(format!("{why}. You can try again in {seconds} seconds."));
        self.why.set(why);
        self.left.set(seconds);
        self.ends_at.set_value(now() + u64::from(seconds) * 1000);
        let timer = set_interval_with_handle(move || self.tick(), Duration::from_secs(1));
        self.timer.set_value(timer.ok());
    }

    /// Whether there is time left.
    pub fn is_on(self) -> bool {
        self.left.get() > 0
    }

    /// What is left, each second for the eye and now and then for the ear.
    pub fn view(self) -> impl IntoView {
        let Self { why, left, announcement, .. } = self;
        let sentence = move || match left.get() {
            0 => String::new(),
            seconds => format!("{}. You can try again in {}.", why.get(), clock(seconds)),
        };
        view! {
            <div class="wait">
                <p>{sentence}</p>
                <p role="status" class:visually-hidden=move || self.is_on()>
                    {announcement}
                </p>
            </div>
        }
    }

    fn tick(self) {
        let before = self.left.get_untracked();
        let left = self.ends_at.get_value().saturating_sub(now()).div_ceil(1000);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        self.left.set(left);
        if left == 0 {
            stop(self.timer);
            self.announcement.set("You can try again now.".to_owned());
        } else if ANNOUNCED.iter().any(|mark| (left..before).contains(mark)) {
            self.announcement.set(format!("You can try again in {left} seconds."));
        }
    }
}

fn stop(timer: StoredValue<Option<IntervalHandle>>) {
    if let Some(timer) = timer.try_update_value(Option::take).flatten() {
        timer.clear();
    }
}
