//! What is wrong with a form, in one place.

use crate::{client::focus, ui::eager::late};
use leptos::{either::Either, ev::MouseEvent, prelude::*};

const ID: &str = "error-summary";

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Where it can be put right: the id of a field after `#`, or the path of a page. None if nowhere here.
    pub target: Option<&'static str>,
    /// What to do about it.
    pub text: String,
}

impl Mistake {
    /// Something to put right at `target`.
    pub fn at(target: &'static str, text: impl Into<String>) -> Self {
        Self { target: Some(target), text: text.into() }
    }

    /// Whether it is to be put right in the field with this id.
    pub fn is_of(&self, id: &str) -> bool {
        self.target.and_then(|target| target.strip_prefix('#')) == Some(id)
    }
}

/// Lists the mistakes and takes the focus each time there are new ones.
pub fn error_summary(mistakes: RwSignal<Vec<Mistake>>) -> impl IntoView {
    move || {
        let mistakes = mistakes.get();
        (!mistakes.is_empty()).then(|| summary(mistakes))
    }
}

fn summary(mistakes: Vec<Mistake>) -> AnyView {
    Effect::new(|| focus(ID));
    let items = mistakes.into_iter().map(|Mistake { target, text }| match target {
        None => Either::Left(view! { <li>{text}</li> }),
        Some(target) => {
            let go = move |event: MouseEvent| {
                if let Some(field) = target.strip_prefix('#') {
                    // The router would only scroll to it.
                    event.prevent_default();
                    focus(field);
                }
            };
            Either::Right(view! {
                <li>
                    <a href=target on:click=go>
                        {text}
                    </a>
                </li>
            })
        }
    });
    late(view! {
        <div class="error-summary" id=ID tabindex="-1">
            <div role="alert">
                <h2>"There is a problem"</h2>
                <ul>{items.collect_view()}</ul>
            </div>
        </div>
    })
}
