//! A labelled input with its hint and its error.

use super::error_summary::Mistake;
use crate::ui::PasswordRule;
use leptos::{ev::KeyboardEvent, html::Input, prelude::*, wasm_bindgen::JsCast};

/// An email field, or with `shown` a password field that can be shown and that tells of Caps Lock.
///
/// Its value stays in the element alone: what was typed before hydration counts, and a password has no second copy.
#[component]
pub fn Field(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    autocomplete: &'static str,
    /// The rule of a new password.
    rule: Option<PasswordRule>,
    /// Whether the password is on screen as text; none for an email field.
    shown: Option<RwSignal<bool>>,
    node: NodeRef<Input>,
    /// The mistakes of the whole form; the field shows its own.
    mistakes: RwSignal<Vec<Mistake>>,
) -> impl IntoView {
    let error = move || mistakes.with(|list| list.iter().find(|mistake| mistake.is_of(id)).map(|m| m.text.clone()));
    let kind = move || match shown {
        None => "email",
        Some(shown) if shown.get() => "text",
        Some(_) => "password",
    };
    let caps = RwSignal::new(false);
    let watch_caps = move |event: KeyboardEvent| {
        // Password managers send key events that are not KeyboardEvents and have no modifiers.
        if shown.is_some() && event.has_type::<KeyboardEvent>() {
            caps.set(event.get_modifier_state("CapsLock"));
        }
    };
    let described_by = match (rule, shown) {
        (None, None) => format!("{id}-err"),
        (None, Some(_)) => format!("{id}-caps {id}-err"),
        (Some(_), _) => format!("{id}-hint {id}-caps {id}-err"),
    };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {rule
                .map(|rule| {
                    view! {
                        <p class="field-hint" id=format!("{id}-hint")>
                            {rule.hint()}
                        </p>
                    }
                })}
            <div class="field-box">
                <input
                    id=id
                    name=name
                    r#type=kind
                    autocomplete=autocomplete
                    inputmode=shown.is_none().then_some("email")
                    autocapitalize="off"
                    spellcheck="false"
                    required
                    aria-describedby=described_by
                    aria-invalid=move || error().map(|_| "true")
                    node_ref=node
                    on:keydown=watch_caps
                    on:keyup=watch_caps
                    on:blur=move |_| caps.set(false)
                />
                {shown.map(|shown| show_button(id, label, shown))}
            </div>
            <div class="field-note">
                {shown
                    .map(|_| {
                        view! {
                            <p id=format!("{id}-caps") role="status">
                                {move || caps.get().then_some("Caps Lock is on.")}
                            </p>
                        }
                    })} <p class="field-error" id=format!("{id}-err")>
                    {error}
                </p>
            </div>
        </div>
    }
}

/// Its name does not change with its state: `aria-pressed` says that.
fn show_button(id: &'static str, label: &'static str, shown: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            r#type="button"
            class="button plain small"
            aria-controls=id
            aria-pressed=move || if shown.get() { "true" } else { "false" }
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            "Show"
            <span class="visually-hidden">" " {label.to_ascii_lowercase()}</span>
        </button>
    }
}
