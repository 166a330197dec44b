//! What the server is asked for when a page is opened.

use super::busy_button::BusyButton;
use crate::{shared::Problem, ui::eager::erase};
use futures::future::LocalBoxFuture;
use leptos::{prelude::*, task::spawn_local};

type Call<T> = Box<dyn Fn() -> LocalBoxFuture<'static, Result<T, Problem>> + Send + Sync>;

/// Something that the server is asked for: not there yet, there, or refused.
///
/// Resources are no use here: a page renders on the server as somebody whom nobody knows, and is hydrated in one go.
pub struct Asked<T: Send + Sync + 'static> {
    call: StoredValue<Call<T>>,
    /// How many times it was asked for or forgotten; an answer to an earlier question is not one any more.
    turn: StoredValue<u32>,
    asking: RwSignal<bool>,
    answer: RwSignal<Option<T>>,
    problem: RwSignal<Option<Problem>>,
}

impl<T: Send + Sync> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Asked<T> {}

impl<T: Send + Sync> Asked<T> {
    /// Not asked for yet.
    pub fn new(call: impl Fn() -> LocalBoxFuture<'static, Result<T, Problem>> + Send + Sync + 'static) -> Self {
        Self {
            call: StoredValue::new(Box::new(call)),
            turn: StoredValue::new(0),
            asking: RwSignal::new(false),
            answer: RwSignal::new(None),
            problem: RwSignal::new(None),
        }
    }

    /// Asks the server. What it said before stays until it answers.
    pub fn ask(self) {
        self.ask_and(|_| ());
    }

    /// Asks the server, and does something with the answer before it is shown.
    pub fn ask_and(self, then: impl FnOnce(&Result<T, Problem>) + 'static) {
        let turn = self.next_turn();
        self.asking.set(true);
        let call = self.call.with_value(|call| call());
        spawn_local(async move {
            let outcome = call.await;
            // By now the page may be gone, and its signals with it, or somebody else may be signed in.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.asking.set(false);
            then(&outcome);
            match outcome {
                Ok(answer) => {
                    self.answer.set(Some(answer));
                    self.problem.set(None);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Forgets what the server said and will say.
    pub fn forget(self) {
        self.next_turn();
        self.asking.set(false);
        self.answer.set(None);
        self.problem.set(None);
    }

    /// Whether an answer is on its way.
    pub fn asking(self) -> ReadSignal<bool> {
        self.asking.read_only()
    }

    /// What the server said last.
    pub fn answer(self) -> ReadSignal<Option<T>> {
        self.answer.read_only()
    }

    /// One fact of the answer, once there is one.
    pub fn found<F>(self, of: fn(&T) -> F) -> impl Fn() -> Option<F> + Copy {
        move || self.answer.with(|answer| answer.as_ref().map(of))
    }

    /// The answer as it is shown, blank rows until it is there, or why it is not and a way to ask again.
    pub fn view(self, rows: usize, show: impl Fn(&T) -> AnyView + Send + 'static) -> AnyView {
        erase(view! {
            {move || self.problem.get().map(|problem| refusal(&problem, self.asking, move || self.ask()))}
            {move || match (self.answer.with(|answer| answer.as_ref().map(&show)), self.problem.with(Option::is_some)) {
                (Some(shown), _) => shown,
                (None, true) => ().into_any(),
                (None, false) => blank(rows),
            }}
        })
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }
}

fn refusal(problem: &Problem, asking: RwSignal<bool>, again: impl Fn() + 'static) -> AnyView {
    let sentence = format!("{}. {}", problem.title, problem.detail);
    let press = move |_| {
        if !asking.get_untracked() {
            again();
        }
    };
    erase(view! {
        <div class="notice failed stack">
            <p role="alert">{sentence}</p>
            <p>
                <BusyButton
                    r#type="button"
                    class="button plain"
                    idle="Try again"
                    doing="Trying…"
                    busy=asking
                    held=false
                    press
                />
            </p>
        </div>
    })
}

/// As high as the rows that will take their place.
fn blank(rows: usize) -> AnyView {
    let rows = (0..rows).map(|_| view! { <li class="row blank"></li> }).collect_view();
    erase(view! {
        <ul class="rows" aria-hidden="true">
            {rows}
        </ul>
    })
}
