//! A wait that the server asked for.

use crate::ui::clock;
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use std::time::Duration;

/// Counts down the seconds of a `Retry-After`.
#[derive(Clone, Copy)]
pub struct Wait {
    why: RwSignal<String>,
    left: RwSignal<u32>,
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
        let left = self.left.get_untracked().saturating_sub(1);
        self.left.set(left);
        match left {
            0 => {
                stop(self.timer);
                self.announcement.set("You can try again now.".to_owned());
            }
            10 | 30 => self.announcement.set(format!("You can try again in {left} seconds.")),
            _ => {}
        }
    }
}

fn stop(timer: StoredValue<Option<IntervalHandle>>) {
    if let Some(timer) = timer.try_update_value(Option::take).flatten() {
        timer.clear();
    }
}
