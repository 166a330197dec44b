//! A button that says when it is busy.

use leptos::prelude::*;

/// A button with two labels in one place, so that its width stays. Busy or held back, it keeps the focus: it is never
/// `disabled`, and whoever handles its event looks at the same signals.
#[component]
pub fn BusyButton(
    /// `submit` or `button`.
    r#type: &'static str,
    class: &'static str,
    /// What it does.
    #[prop(into)]
    idle: String,
    /// What it is doing.
    doing: &'static str,
    #[prop(into)] busy: Signal<bool>,
    /// Cannot be used for now.
    #[prop(into)]
    held: Signal<bool>,
    /// What a press does beside submitting.
    #[prop(optional)]
    press: Option<Box<dyn Fn()>>,
) -> impl IntoView {
    let yes = |is: bool| if is { "true" } else { "false" };
    let press = move |_| {
        if let Some(press) = &press {
            press();
        }
    };
    view! {
        <button
            r#type=r#type
            class=class
            on:click=press
            aria-busy=move || yes(busy.get())
            aria-disabled=move || yes(busy.get() || held.get())
        >
            <span class="idle">{idle}</span>
            <span class="busy">{doing}</span>
        </button>
    }
}
