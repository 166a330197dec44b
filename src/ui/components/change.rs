//! Something that a button changes on the server.

use super::{
    busy_button::BusyButton,
    dialog::{Prompt, Question},
    step_up::StepUp,
};
use crate::{
    shared::{Problem, wire::Done},
    ui::eager::erase,
};
use futures::future::LocalBoxFuture;
use leptos::{prelude::*, task::spawn_local};

/// A call that can be made again, after a step-up.
pub type Call = Box<dyn Fn() -> LocalBoxFuture<'static, Result<Done, Problem>>>;

/// What is to be done when a button is pressed.
pub struct Order {
    /// What is asked first, if anything.
    pub question: Option<Question>,
    /// The call.
    pub call: Call,
    /// What is said when it has succeeded.
    pub success: &'static str,
    /// What the page does then.
    pub then: Box<dyn FnOnce()>,
}

/// The changes of one part of a page: one at a time, and what came of the last one.
#[derive(Clone, Copy)]
pub struct Change {
    step_up: StepUp,
    /// The text of the button that was pressed.
    under_way: RwSignal<Option<String>>,
    said: RwSignal<String>,
    failed: RwSignal<bool>,
}

impl Change {
    /// Nothing changed yet.
    pub fn idle() -> Self {
        Self {
            step_up: StepUp::shared(),
            under_way: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            failed: RwSignal::new(false),
        }
    }

    /// A button that carries out an order. No other button of this part may have the same text.
    pub fn button(
        self,
        class: &'static str,
        text: String,
        doing: &'static str,
        order: Box<dyn Fn() -> Order + Send>,
    ) -> AnyView {
        let busy = Signal::derive({
            let text = text.clone();
            move || self.under_way.with(|under_way| under_way.as_ref() == Some(&text))
        });
        let held = Signal::derive(move || self.under_way.with(Option::is_some));
        let press = {
            let text = text.clone();
            move || {
                if !held.get_untracked() {
                    self.carry_out(text.clone(), order());
                }
            }
        };
        erase(
            view! { <BusyButton r#type="button" class=class idle=text doing=doing busy=busy held=held press=Box::new(press) /> },
        )
    }

    /// What came of the last order.
    pub fn view(self) -> AnyView {
        erase(view! {
            <p class="answer" class:failed=self.failed role="status">
                {self.said}
            </p>
        })
    }

    fn carry_out(self, button: String, order: Order) {
        let Order { question, call, success, then } = order;
        self.under_way.set(Some(button));
        self.say(false, String::new());
        spawn_local(async move {
            if let Some(question) = question
                && !self.step_up.dialogs().ask(Prompt::Confirm(question)).await
            {
                self.under_way.try_set(None);
                return;
            }
            let outcome = self.step_up.through(&call).await;
            // By now the page may be gone, and its signals with it.
            if self.under_way.try_set(None).is_some() {
                return;
            }
            match outcome {
                Ok(Done {}) => {
                    self.say(false, success.to_owned());
                    then();
                }
                Err(problem) => self.say(true, format!("{}. {}", problem.title, problem.detail)),
            }
        });
    }

    fn say(self, failed: bool, text: String) {
        self.failed.set(failed);
        self.said.set(text);
    }
}
