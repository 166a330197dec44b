use super::{Command, Event, Grant, Machine, Millis, Reply};
use crate::shared::EndReason;
use proptest::prelude::*;

/// A quarter of an hour.
const LIFE: Millis = 900_000;
/// When a refresh is due without jitter.
const DUE: Millis = LIFE * 75 / 100;
const REUSED: Option<EndReason> = Some(EndReason::RefreshTokenReused);

fn grant(generation: u32) -> Grant {
    Grant { session: "one".to_owned(), generation, life: LIFE }
}

fn fresh(request: u32, generation: u32) -> Event {
    Event::Replied { request, reply: Reply::Fresh(grant(generation)) }
}

fn refused(request: u32, reason: Option<EndReason>) -> Event {
    Event::Replied { request, reply: Reply::Refused(reason) }
}

fn failed(request: u32) -> Event {
    Event::Replied { request, reply: Reply::Failed { retry_after: None } }
}

fn send(request: u32) -> Vec<Command> {
    vec![Command::Send { request }]
}

/// What is done with a token that this tab got.
fn kept() -> Vec<Command> {
    vec![Command::Keep, Command::TellFresh, Command::Settle(true), Command::Reachable(true), Command::Wake(DUE)]
}

/// What is done with a token that another tab got.
fn taken_over() -> Vec<Command> {
    kept().into_iter().filter(|command| *command != Command::TellFresh).collect()
}

/// Takes events in one after the other, at the start of time and without jitter; the answer to the last.
fn feed<const N: usize>(machine: &mut Machine, events: [Event; N]) -> Vec<Command> {
    events.into_iter().map(|event| machine.step(event, 0, 0)).last().unwrap_or_default()
}

/// A tab that has signed in, generation 0.
fn signed_in() -> Machine {
    let mut machine = Machine::default();
    feed(&mut machine, [Event::SignedIn(grant(0))]);
    machine
}

/// A signed-in tab whose first refresh has left.
fn refreshing() -> Machine {
    let mut machine = signed_in();
    feed(&mut machine, [Event::Rejected, Event::Dispatched { request: 1 }]);
    machine
}

#[test]
fn start_sends_once() {
    let mut machine = Machine::default();
    assert_eq!(feed(&mut machine, [Event::Started]), send(1));
    assert_eq!(feed(&mut machine, [Event::Started]), []);
    assert!(machine.wants(1) && !machine.wants(2));
}

#[test]
fn a_fresh_token_is_kept_and_the_other_tabs_are_told() {
    let mut machine = Machine::default();
    assert_eq!(feed(&mut machine, [Event::Started, fresh(1, 4)]), kept());
    assert!(!machine.wants(1));
}

#[test]
fn a_sign_in_is_kept_and_the_other_tabs_are_told() {
    assert_eq!(feed(&mut Machine::default(), [Event::SignedIn(grant(0))]), kept());
}

#[test]
fn every_new_token_has_the_next_serial_number() {
    let mut machine = signed_in();
    assert_eq!(machine.serial(), 1);
    feed(&mut machine, [Event::PeerFresh(grant(1))]);
    assert_eq!(machine.serial(), 2);
}

#[test]
fn a_refresh_is_due_at_75_to_85_per_cent_of_the_life() {
    for jitter in 0..100 {
        let mut machine = Machine::default();
        let commands = machine.step(Event::SignedIn(grant(0)), 1_000, jitter);
        let Some(Command::Wake(wait)) = commands.last() else { panic!("{commands:?}") };
        assert_eq!(*wait, LIFE * (7500 + 10 * jitter) / 10_000);
        assert_eq!(machine.step(Event::TimerFired, 1_000 + wait - 1, 0), [Command::Wake(1)]);
        assert_eq!(machine.step(Event::TimerFired, 1_000 + wait, 0), send(1));
    }
}

#[test]
fn a_tiny_life_is_not_refreshed_without_pause() {
    let tiny = Grant { life: 100, ..grant(0) };
    let commands = Machine::default().step(Event::SignedIn(tiny), 0, 0);
    assert_eq!(commands.last(), Some(&Command::Wake(500)));
}

#[test]
fn an_expired_call_refreshes() {
    assert_eq!(feed(&mut signed_in(), [Event::Expired { serial: 1 }]), send(1));
}

#[test]
fn an_expired_call_while_a_refresh_is_in_flight_shares_it() {
    let mut machine = signed_in();
    feed(&mut machine, [Event::Expired { serial: 1 }]);
    assert_eq!(feed(&mut machine, [Event::Expired { serial: 1 }]), []);
    assert!(feed(&mut machine, [fresh(1, 1)]).contains(&Command::Settle(true)));
}

#[test]
fn a_call_that_used_an_older_token_is_retried_without_a_refresh() {
    let mut machine = signed_in();
    feed(&mut machine, [Event::PeerFresh(grant(1))]);
    assert_eq!(feed(&mut machine, [Event::Expired { serial: 1 }]), [Command::Settle(true)]);
}

#[test]
fn a_call_without_any_token_refreshes() {
    assert_eq!(feed(&mut Machine::default(), [Event::Expired { serial: 0 }]), send(1));
}

#[test]
fn a_rejected_token_is_refreshed_to_learn_why() {
    let mut machine = signed_in();
    assert_eq!(feed(&mut machine, [Event::Rejected]), send(1));
    assert_eq!(feed(&mut machine, [Event::Rejected]), []);
}

#[test]
fn failures_back_off_and_double_up_to_a_minute() {
    let mut machine = signed_in();
    feed(&mut machine, [Event::Rejected]);
    for (failures, seconds) in [1, 2, 4, 8, 16, 32, 60, 60, 60].into_iter().enumerate() {
        let request = u32::try_from(failures).unwrap() + 1;
        let waits = [Command::Settle(false), Command::Reachable(false), Command::Wake(seconds * 1_000)];
        assert_eq!(feed(&mut machine, [failed(request)]), waits);
        assert_eq!(feed(&mut machine, [Event::TimerFired]), send(request + 1));
    }
}

#[test]
fn a_back_off_has_jitter_of_half_its_length() {
    for jitter in [0, 50, 99] {
        let mut machine = refreshing();
        let commands = machine.step(failed(1), 0, jitter);
        assert_eq!(commands.last(), Some(&Command::Wake(1_000 + 5 * jitter)));
    }
}

#[test]
fn the_server_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
    for (asked, waits) in [(5_000, 5_000), (10, 1_000)] {
        let reply = Reply::Failed { retry_after: Some(asked) };
        let commands = feed(&mut refreshing(), [Event::Replied { request: 1, reply }]);
        assert_eq!(commands.last(), Some(&Command::Wake(waits)));
    }
}

#[test]
fn a_failure_is_not_a_sign_out_however_often_it_comes() {
    let mut machine = refreshing();
    for request in 1..100 {
        let commands = feed(&mut machine, [failed(request)]);
        assert!(!commands.iter().any(|command| matches!(command, Command::Forget(_) | Command::TellSignedOut(_))));
        feed(&mut machine, [Event::TimerFired]);
    }
    assert_eq!(feed(&mut machine, [fresh(100, 1)]), kept());
}

#[test]
fn a_first_refresh_that_fails_is_tried_again() {
    let mut machine = Machine::default();
    feed(&mut machine, [Event::Started, failed(1)]);
    assert_eq!(feed(&mut machine, [Event::TimerFired]), send(2));
}

#[test]
fn a_success_ends_the_back_off() {
    let mut machine = refreshing();
    feed(&mut machine, [failed(1), Event::TimerFired, failed(2), Event::TimerFired, fresh(3, 1)]);
    feed(&mut machine, [Event::Rejected]);
    assert_eq!(feed(&mut machine, [failed(4)]).last(), Some(&Command::Wake(1_000)));
}

#[test]
fn a_refusal_says_why_and_tells_the_other_tabs() {
    let expected = [
        Command::Forget(REUSED),
        Command::Settle(false),
        Command::Sleep,
        Command::TellSignedOut(REUSED),
        Command::Reachable(true),
    ];
    assert_eq!(feed(&mut refreshing(), [refused(1, REUSED)]), expected);
    // Even a tab that has only just started.
    assert_eq!(feed(&mut Machine::default(), [Event::Started, refused(1, REUSED)]), expected);
}

#[test]
fn a_refusal_where_nobody_was_signed_in_is_no_news() {
    let expected = [Command::Forget(None), Command::Settle(false), Command::Sleep, Command::Reachable(true)];
    assert_eq!(feed(&mut Machine::default(), [Event::Started, refused(1, None)]), expected);
}

#[test]
fn a_refusal_that_another_tab_has_overtaken_asks_again() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(1))]);
    assert_eq!(feed(&mut machine, [refused(1, REUSED)]), send(2));
    // The second answer counts.
    assert!(feed(&mut machine, [refused(2, REUSED)]).contains(&Command::Forget(REUSED)));
}

#[test]
fn a_failure_that_another_tab_has_overtaken_does_not_back_off() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(1))]);
    assert_eq!(feed(&mut machine, [failed(1)]), [Command::Wake(DUE)]);
}

#[test]
fn a_fresh_token_of_another_tab_settles_the_waiting_calls() {
    let mut machine = refreshing();
    assert_eq!(feed(&mut machine, [Event::PeerFresh(grant(1))]), taken_over());
}

#[test]
fn a_fresh_token_of_another_tab_cancels_a_request_that_has_not_left() {
    let mut machine = Machine::default();
    feed(&mut machine, [Event::Started, Event::PeerFresh(grant(1))]);
    assert!(!machine.wants(1));
    assert_eq!(feed(&mut machine, [Event::Dispatched { request: 1 }, fresh(1, 1)]), []);
}

#[test]
fn a_fresh_token_of_another_tab_lets_a_request_run_that_has_left() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(1))]);
    assert!(machine.wants(1));
    assert_eq!(feed(&mut machine, [fresh(1, 1)]), kept());
}

#[test]
fn an_older_token_of_another_tab_is_not_taken() {
    let mut machine = signed_in();
    feed(&mut machine, [Event::PeerFresh(grant(5))]);
    assert_eq!(feed(&mut machine, [Event::PeerFresh(grant(4))]), []);
    // The generations of two sessions do not compare.
    let another = Grant { session: "two".to_owned(), ..grant(0) };
    assert_eq!(feed(&mut machine, [Event::PeerFresh(another)]), taken_over());
}

#[test]
fn a_reply_older_than_what_another_tab_has_refreshes_again_at_once() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(5))]);
    assert_eq!(feed(&mut machine, [fresh(1, 4)]), send(2));
    assert_eq!(feed(&mut machine, [fresh(2, 5)]), kept());
}

#[test]
fn a_reply_that_stays_outdated_is_taken_as_it_is_after_three_more_requests() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(5))]);
    for request in 1..=3 {
        assert_eq!(feed(&mut machine, [fresh(request, 4)]), send(request + 1));
    }
    assert_eq!(feed(&mut machine, [fresh(4, 4)]), kept());
}

#[test]
fn each_good_reply_gives_three_more_requests_back() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(5)), fresh(1, 4), fresh(2, 4), fresh(3, 5)]);
    feed(&mut machine, [Event::Rejected, Event::Dispatched { request: 4 }, Event::PeerFresh(grant(7))]);
    for request in 4..=6 {
        assert_eq!(feed(&mut machine, [fresh(request, 6)]), send(request + 1));
    }
    assert_eq!(feed(&mut machine, [fresh(7, 6)]), kept());
}

#[test]
fn an_outdated_reply_whose_repetition_fails_is_repeated_again() {
    let mut machine = refreshing();
    feed(&mut machine, [Event::PeerFresh(grant(5)), fresh(1, 4)]);
    assert_eq!(feed(&mut machine, [failed(2)]).last(), Some(&Command::Wake(1_000)));
    assert_eq!(feed(&mut machine, [Event::TimerFired]), send(3));
}

#[test]
fn a_sign_out_in_another_tab_empties_this_one() {
    let emptied = [Command::Forget(REUSED), Command::Settle(false), Command::Sleep];
    let mut machine = signed_in();
    assert_eq!(feed(&mut machine, [Event::PeerSignedOut(REUSED)]), emptied);
    assert_eq!(feed(&mut machine, [Event::TimerFired]), []);
}

#[test]
fn a_sign_out_in_another_tab_gives_up_the_request_in_flight() {
    let mut machine = refreshing();
    assert_eq!(feed(&mut machine, [Event::PeerSignedOut(None)])[0], Command::Abort);
    assert_eq!(feed(&mut machine, [fresh(1, 1)]), []);
}

#[test]
fn a_sign_out_empties_this_tab_and_tells_the_others() {
    let reason = Some(EndReason::SignedOut);
    let mut machine = signed_in();
    assert_eq!(
        feed(&mut machine, [Event::Interrupted, Event::SignedOut(reason)]),
        [Command::Forget(reason), Command::Settle(false), Command::Sleep, Command::TellSignedOut(reason)]
    );
    assert_eq!(feed(&mut machine, [Event::Woke]), []);
}

#[test]
fn an_interruption_gives_up_the_request_in_flight() {
    let mut machine = refreshing();
    assert_eq!(feed(&mut machine, [Event::Interrupted]), [Command::Abort, Command::Settle(false), Command::Sleep]);
    assert_eq!(feed(&mut machine, [fresh(1, 1)]), []);
    assert_eq!(feed(&mut signed_in(), [Event::Interrupted]), [Command::Settle(false), Command::Sleep]);
}

#[test]
fn after_an_interruption_that_came_to_nothing_everything_goes_on() {
    let mut machine = signed_in();
    assert_eq!(feed(&mut machine, [Event::Interrupted, Event::Woke]), [Command::Wake(DUE)]);
    let mut starting = Machine::default();
    assert_eq!(feed(&mut starting, [Event::Started, Event::Interrupted, Event::Woke]), send(2));
}

#[test]
fn a_page_that_comes_back_checks_at_once() {
    assert_eq!(feed(&mut signed_in(), [Event::Returned]), send(1));
    assert_eq!(feed(&mut Machine::default(), [Event::Returned]), send(1));
}

#[test]
fn waking_before_the_refresh_is_due_only_sets_the_timer() {
    let mut machine = signed_in();
    assert_eq!(machine.step(Event::Woke, 1_000, 0), [Command::Wake(DUE - 1_000)]);
    assert_eq!(machine.step(Event::Woke, DUE, 0), send(1));
}

#[test]
fn waking_after_a_failure_tries_at_once() {
    let mut machine = refreshing();
    feed(&mut machine, [failed(1)]);
    assert_eq!(feed(&mut machine, [Event::Woke]), send(2));
}

#[test]
fn waking_where_nobody_is_signed_in_does_nothing() {
    let mut machine = Machine::default();
    feed(&mut machine, [Event::Started, refused(1, None)]);
    assert_eq!(feed(&mut machine, [Event::Woke]), []);
}

#[test]
fn a_reply_to_another_request_is_not_looked_at() {
    let mut machine = refreshing();
    assert_eq!(feed(&mut machine, [refused(7, REUSED)]), []);
    assert!(machine.wants(1));
}

#[derive(Debug, Clone)]
enum Input {
    Step(Event),
    Dispatch,
    Reply(Reply),
}

fn reply() -> impl Strategy<Value = Reply> {
    prop_oneof![
        a_grant().prop_map(Reply::Fresh),
        prop::option::of(Just(EndReason::Idle)).prop_map(Reply::Refused),
        prop::option::of(0..90_000_u64).prop_map(|retry_after| Reply::Failed { retry_after }),
    ]
}

fn a_grant() -> impl Strategy<Value = Grant> {
    ("[ab]", 0..6_u32, 0..=LIFE).prop_map(|(session, generation, life)| Grant { session, generation, life })
}

fn input() -> impl Strategy<Value = Input> {
    let event = prop_oneof![
        Just(Event::Started),
        Just(Event::TimerFired),
        Just(Event::Woke),
        Just(Event::Returned),
        (0..4_u32).prop_map(|serial| Event::Expired { serial }),
        Just(Event::Rejected),
        Just(Event::Interrupted),
        a_grant().prop_map(Event::SignedIn),
        Just(Event::SignedOut(None)),
        a_grant().prop_map(Event::PeerFresh),
        Just(Event::PeerSignedOut(REUSED)),
    ];
    prop_oneof![3 => event.prop_map(Input::Step), 2 => Just(Input::Dispatch), 2 => reply().prop_map(Input::Reply)]
}

/// The driver, as far as requests are concerned.
#[derive(Default)]
struct Requests {
    /// Asked for, and waiting to leave.
    asked: Vec<u32>,
    /// Left, and neither answered nor given up.
    in_flight: Vec<u32>,
}

impl Requests {
    fn event(&mut self, machine: &Machine, input: Input) -> Option<Event> {
        match input {
            Input::Step(event) => Some(event),
            Input::Dispatch => {
                let request = self.asked.pop().filter(|request| machine.wants(*request))?;
                self.in_flight.push(request);
                Some(Event::Dispatched { request })
            }
            Input::Reply(reply) => Some(Event::Replied { request: self.in_flight.pop()?, reply }),
        }
    }

    fn carry_out(&mut self, commands: &[Command]) {
        for command in commands {
            match command {
                Command::Send { request } => self.asked.push(*request),
                Command::Abort => self.in_flight.clear(),
                _ => {}
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_one_request_is_in_flight_at_most_nothing_is_forgotten_unasked_and_a_token_is_kept_fresh(
        inputs in prop::collection::vec((input(), 0..100_000_u64, 0..100_u64), 0..60),
    ) {
        let mut machine = Machine::default();
        let mut requests = Requests::default();
        let mut now = 0;
        let mut timer = false;
        let mut interrupted = false;
        for (input, later, jitter) in inputs {
            now += later;
            let Some(event) = requests.event(&machine, input) else { continue };
            if event == Event::TimerFired && !std::mem::take(&mut timer) {
                continue;
            }
            interrupted |= event == Event::Interrupted;
            let is_the_end = matches!(
                event,
                Event::Replied { reply: Reply::Refused(_), .. } | Event::SignedOut(_) | Event::PeerSignedOut(_)
            );
            let commands = machine.step(event.clone(), now, jitter);
            requests.carry_out(&commands);
            prop_assert!(requests.in_flight.len() <= 1, "{event:?}");
            let forgets = commands.iter().any(|command| matches!(command, Command::Forget(_)));
            prop_assert!(is_the_end || !forgets, "{event:?} → {commands:?}");
            prop_assert!(commands.iter().filter(|command| matches!(command, Command::Settle(_))).count() <= 1);
            for command in &commands {
                match command {
                    Command::Wake(_) => timer = true,
                    Command::Sleep => timer = false,
                    _ => {}
                }
            }
            // Until the sign-in or sign-out is done that has interrupted it, or that came to nothing.
            interrupted &= !timer && machine.in_flight.is_none() && machine.holding.is_some();
            let goes_on = timer || machine.in_flight.is_some() || interrupted;
            prop_assert!(machine.holding.is_none() || goes_on, "{event:?} → {commands:?}");
        }
    }
}
