//! What the server is asked for when a page is opened.

use super::{busy_button::BusyButton, heading};
use crate::{
    client::focus,
    shared::Problem,
    ui::eager::{erase, late},
};
use futures::{FutureExt, future::LocalBoxFuture};
use leptos::{prelude::*, task::spawn_local};
use std::{any::Any, marker::PhantomData, sync::Arc};

/// Of which type it is, only [`Asked`] knows: signals of every type of answer would be a large part of the program.
type Answer = Arc<dyn Any + Send + Sync>;
type Call = Box<dyn Fn() -> LocalBoxFuture<'static, Result<Answer, Problem>> + Send + Sync>;

/// Something that the server is asked for: not there yet, there, or refused.
///
/// Resources are no use here: a page renders on the server as somebody whom nobody knows, and is hydrated in one go.
pub struct Asked<T> {
    question: Question,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for Asked<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Asked<T> {}

impl<T: Send + Sync + 'static> Asked<T> {
    /// Not asked for yet.
    pub fn new(call: impl Fn() -> LocalBoxFuture<'static, Result<T, Problem>> + Send + Sync + 'static) -> Self {
        let call = move || call().map(|outcome| outcome.map(|answer| Arc::new(answer) as Answer)).boxed_local();
        Self { question: Question::new(Box::new(call)), answer: PhantomData }
    }

    /// Asks the server. What it said before stays until it answers.
    pub fn ask(self) {
        self.question.ask(|_| ());
    }

    /// Asks the server, and does something with the answer before it is shown.
    pub fn ask_and(self, then: impl FnOnce(Result<&T, &Problem>) + 'static) {
        self.question.ask(|outcome| then(outcome.map(typed)));
    }

    /// Forgets what the server said and will say.
    pub fn forget(self) {
        self.question.forget();
    }

    /// Whether an answer is on its way.
    pub fn asking(self) -> ReadSignal<bool> {
        self.question.asking.read_only()
    }

    /// Something about what the server said last, once it has said something.
    pub fn with<F>(self, of: impl FnOnce(&T) -> F) -> Option<F> {
        self.question.answer.with(|answer| answer.as_ref().map(|answer| of(typed(answer))))
    }

    /// The same, for now.
    pub fn with_untracked<F>(self, of: impl FnOnce(&T) -> F) -> Option<F> {
        untrack(|| self.with(of))
    }

    /// One fact of the answer, once there is one.
    pub fn found<F>(self, of: fn(&T) -> F) -> impl Fn() -> Option<F> + Copy {
        move || self.with(of)
    }

    /// Whether there is an answer.
    pub fn is_there(self) -> bool {
        self.question.answer.with(Option::is_some)
    }

    /// The answer as it is shown, blank rows until it is there, or why it is not and a way to ask again.
    pub fn view(self, rows: usize, show: impl Fn(&T) -> AnyView + Send + 'static) -> AnyView {
        self.question.view(rows, Box::new(move |answer| show(typed(answer))))
    }
}

fn typed<T: 'static>(answer: &Answer) -> &T {
    answer.downcast_ref().expect("the answer to the question that was asked")
}

#[derive(Clone, Copy)]
struct Question {
    call: StoredValue<Call>,
    /// How many times it was asked or forgotten; an answer to an earlier turn is not one any more.
    turn: StoredValue<u32>,
    asking: RwSignal<bool>,
    answer: RwSignal<Option<Answer>>,
    problem: RwSignal<Option<Problem>>,
}

impl Question {
    fn new(call: Call) -> Self {
        Self {
            call: StoredValue::new(call),
            turn: StoredValue::new(0),
            asking: RwSignal::new(false),
            answer: RwSignal::new(None),
            problem: RwSignal::new(None),
        }
    }

    fn ask(self, then: impl FnOnce(Result<&Answer, &Problem>) + 'static) {
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
            then(outcome.as_ref());
            match outcome {
                Ok(answer) => {
                    self.answer.set(Some(answer));
                    self.problem.set(None);
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    fn forget(self) {
        self.next_turn();
        self.asking.set(false);
        self.answer.set(None);
        self.problem.set(None);
    }

    fn next_turn(self) -> u32 {
        self.turn.update_value(|turn| *turn += 1);
        self.turn.get_value()
    }

    fn view(self, rows: usize, show: Box<dyn Fn(&Answer) -> AnyView + Send>) -> AnyView {
        erase(view! {
            {move || self.problem.get().map(|problem| refusal(&problem, self.asking, move || self.ask(|outcome| {
                if outcome.is_ok() {
                    // The button that had the focus goes with the refusal.
                    focus(heading::ID);
                }
            })))}
            {move || match (self.answer.with(|answer| answer.as_ref().map(&show)), self.problem.with(Option::is_some)) {
                (Some(shown), _) => shown,
                (None, true) => ().into_any(),
                (None, false) => blank(rows),
            }}
        })
    }
}

fn refusal(problem: &Problem, asking: RwSignal<bool>, again: impl Fn() + 'static) -> AnyView {
    let sentence = format!("{}. {}", problem.title, problem.detail);
    let press = move || {
        if !asking.get_untracked() {
            again();
        }
    };
    late(view! {
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
                    press=Box::new(press)
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
