//! The access token of this page, and what the server makes of it.

use super::Page;
use crate::{
    client::use_client,
    shared::{Problem, wire::Me},
    ui::{
        clock,
        components::{
            busy_button::BusyButton,
            ticket::{TicketView, Without},
        },
        eager::erase,
    },
};
use leptos::prelude::*;

/// Asking the server, aloud, who the caller is.
#[derive(Clone, Copy)]
pub struct Token {
    page: Page,
    answer: RwSignal<String>,
}

impl Token {
    pub fn new(page: Page) -> Self {
        Self { page, answer: RwSignal::new(String::new()) }
    }

    pub fn forget(self) {
        self.answer.set(String::new());
    }

    pub fn view(self) -> AnyView {
        let Page { me, .. } = self.page;
        let client = use_client();
        let caption = Signal::derive(move || {
            format!("Expires in {}. Before that it is renewed without you.", clock(client.seconds_left().get()))
        });
        let press = move || {
            if !me.asking().get_untracked() {
                me.ask_and(move |outcome| self.answer.set(sentence(outcome)));
            }
        };
        erase(view! {
            <section class="stack" aria-labelledby="token">
                <h2 id="token">"Your access token"</h2>
                <TicketView without=Without::Blank caption=caption />
                <p class="ready">
                    <BusyButton
                        r#type="button"
                        class="button plain"
                        idle="Ask the server who I am"
                        doing="Asking…"
                        busy=me.asking()
                        held=false
                        press=Box::new(press)
                    />
                </p>
                <p class="answer" role="status">
                    {self.answer}
                </p>
            </section>
        })
    }
}

fn sentence(outcome: Result<&Me, &Problem>) -> String {
    match outcome {
        Ok(me) => format!("The server says: {}, role {}.", me.email, me.role),
        Err(problem) => format!("The server did not say: {}. {}", problem.title, problem.detail),
    }
}
