use super::{Verdict, judge};
use crate::lab::{
    Attack, Evidence,
    evidence::{Credential, Deed, FINISHED, Loot, Obstacle, Replay, Request, Site},
};

fn request(deed: Deed, site: Site, credential: Option<Credential>, status: u16) -> Request {
    Request {
        at: 0,
        method: "POST".into(),
        path: "/".into(),
        deed,
        site,
        origin: None,
        content_type: None,
        authorization: None,
        cookies: vec![],
        credential,
        status,
        refusal: None,
    }
}

fn own(deed: Deed, credential: Credential, status: u16) -> Request {
    request(deed, Site::SameOrigin, Some(credential), status)
}

fn signed_in(credential: Credential) -> Evidence {
    Evidence { requests: vec![own(Deed::Who, credential, 200)], ..Evidence::default() }
}

fn with(mut evidence: Evidence, request: Request) -> Evidence {
    evidence.requests.push(request);
    evidence
}

fn finished(mut evidence: Evidence) -> Evidence {
    evidence.reports.push(FINISHED.into());
    evidence
}

fn loot(statuses: &[u16]) -> Loot {
    let replay = |(at, status): (i64, &u16)| Replay { at, status: *status, body: String::new() };
    Loot {
        at: 0,
        via: "fetch".into(),
        credential: Credential::Bearer,
        value: "eyJ.e30.c2ln".into(),
        proof: None,
        replays: (0..).zip(statuses).map(replay).collect(),
    }
}

fn with_loot(statuses: &[u16]) -> Evidence {
    Evidence { loot: vec![loot(statuses)], ..signed_in(Credential::Bearer) }
}

#[test]
fn stolen_is_what_the_attackers_server_could_use() {
    let judgement = judge(Attack::XssReads, &with_loot(&[200, 401]));
    assert_eq!((judgement.verdict, judgement.bytes, judgement.replay), (Verdict::Stolen, Some(12), Some(200)));
    assert_eq!(judgement.words(), "Stolen, 12 B");
}

#[test]
fn bytes_that_were_refused_at_once_are_dead_on_arrival() {
    assert_eq!(judge(Attack::XssReads, &with_loot(&[401])).verdict, Verdict::DeadOnArrival);
}

#[test]
fn bytes_that_were_not_tried_or_not_answered_prove_nothing() {
    assert_eq!(judge(Attack::XssReads, &with_loot(&[])).verdict, Verdict::Inconclusive);
    assert_eq!(judge(Attack::XssReads, &finished(with_loot(&[502]))).verdict, Verdict::Inconclusive);
}

#[test]
fn a_script_that_ran_to_its_end_and_took_nothing_found_nothing() {
    let evidence = signed_in(Credential::Cookie);
    assert_eq!(judge(Attack::XssReads, &evidence).verdict, Verdict::Inconclusive);
    assert_eq!(judge(Attack::XssReads, &finished(evidence)).verdict, Verdict::Nothing);
}

#[test]
fn a_script_is_blocked_by_a_report_about_scripts_alone() {
    let reported = |directive: &str| Evidence { violations: vec![directive.into()], ..signed_in(Credential::Bearer) };
    for directive in ["script-src-attr", "script-src-elem", "require-trusted-types-for"] {
        assert_eq!(judge(Attack::XssReads, &reported(directive)).verdict, Verdict::Blocked, "{directive}");
        assert_eq!(judge(Attack::XssRides, &reported(directive)).verdict, Verdict::Blocked, "{directive}");
    }
    assert_eq!(judge(Attack::XssReads, &reported("connect-src")).verdict, Verdict::Inconclusive);
}

#[test]
fn riding_is_an_effect_from_the_own_origin() {
    let evidence = signed_in(Credential::Cookie);
    let rode = with(evidence.clone(), own(Deed::Transfer, Credential::Cookie, 200));
    assert_eq!(judge(Attack::XssRides, &rode).verdict, Verdict::Rode);
    let refused = with(evidence.clone(), own(Deed::Transfer, Credential::Cookie, 403));
    assert_eq!(judge(Attack::XssRides, &refused).verdict, Verdict::Inconclusive);
    assert_eq!(judge(Attack::XssRides, &finished(refused)).verdict, Verdict::Refused);
    let foreign = with(evidence, request(Deed::Transfer, Site::SameSite, Some(Credential::Cookie), 200));
    assert_eq!(judge(Attack::XssRides, &foreign).verdict, Verdict::Inconclusive);
}

#[test]
fn forgery_is_an_effect_from_a_foreign_origin() {
    for site in [Site::SameSite, Site::CrossSite] {
        let evidence =
            with(signed_in(Credential::Cookie), request(Deed::Transfer, site, Some(Credential::Cookie), 200));
        let judgement = judge(Attack::CsrfForm, &evidence);
        assert_eq!((judgement.verdict, judgement.words()), (Verdict::Forged, "Transfer made".to_owned()));
    }
}

#[test]
fn a_session_that_was_rotated_blind_counts_though_the_transfer_failed() {
    let rotated = with(signed_in(Credential::Bearer), request(Deed::Refresh, Site::SameSite, None, 200));
    let evidence = with(rotated, request(Deed::Transfer, Site::SameSite, None, 401));
    let judgement = judge(Attack::SiblingPort, &evidence);
    assert_eq!((judgement.verdict, judgement.words()), (Verdict::Forged, "Session rotated blind".to_owned()));
}

#[test]
fn a_cookie_that_was_kept_back_is_the_browsers_doing() {
    let arrived = |evidence, status| with(evidence, request(Deed::Transfer, Site::CrossSite, None, status));
    let by_cookie = arrived(signed_in(Credential::Cookie), 401);
    assert_eq!(judge(Attack::CsrfForm, &by_cookie).verdict, Verdict::Blocked);
    let by_bearer = arrived(signed_in(Credential::Bearer), 401);
    assert_eq!(judge(Attack::CsrfForm, &by_bearer).verdict, Verdict::Refused);
    let checked = arrived(signed_in(Credential::Cookie), 403);
    assert_eq!(judge(Attack::CsrfForm, &checked).verdict, Verdict::Refused);
    assert_eq!(judge(Attack::CsrfForm, &arrived(signed_in(Credential::Cookie), 500)).verdict, Verdict::Inconclusive);
}

#[test]
fn a_request_that_never_arrived_proves_nothing() {
    assert_eq!(judge(Attack::CsrfBackground, &signed_in(Credential::Cookie)).verdict, Verdict::Inconclusive);
}

#[test]
fn nothing_is_safe_where_nobody_was_signed_in() {
    let nobody = Evidence::default();
    assert_eq!(judge(Attack::XssReads, &finished(nobody.clone())).verdict, Verdict::Inconclusive);
    let refused = with(nobody, request(Deed::Transfer, Site::CrossSite, None, 401));
    assert_eq!(judge(Attack::CsrfForm, &refused).verdict, Verdict::Inconclusive);
}

#[test]
fn an_obstacle_alone_is_inconclusive_for_every_attack() {
    for obstacle in Obstacle::ALL {
        let evidence = Evidence { obstacle: Some(*obstacle), ..signed_in(Credential::Cookie) };
        for attack in Attack::ALL {
            assert_eq!(judge(*attack, &evidence).verdict, Verdict::Inconclusive, "{attack:?}");
        }
    }
}

#[test]
fn after_a_reload_what_counts_is_what_came_after_it() {
    let loaded = || own(Deed::Page, Credential::Cookie, 200);
    let once = with(with(Evidence::default(), loaded()), own(Deed::Who, Credential::Cookie, 200));
    assert_eq!(judge(Attack::AfterReload, &once).verdict, Verdict::Inconclusive);
    let twice = with(with(once, own(Deed::Refresh, Credential::Cookie, 200)), loaded());
    assert_eq!(judge(Attack::AfterReload, &twice).verdict, Verdict::Inconclusive);
    let answered = with(twice.clone(), own(Deed::Who, Credential::Cookie, 200));
    assert_eq!(judge(Attack::AfterReload, &answered).verdict, Verdict::SignedIn);
    let refreshed = with(twice, own(Deed::Refresh, Credential::Cookie, 200));
    let answered = with(refreshed, own(Deed::Who, Credential::Bearer, 200));
    assert_eq!(judge(Attack::AfterReload, &answered).verdict, Verdict::NeedsRefresh);
}

#[test]
fn an_attacker_is_cut_off_by_the_first_refusal_of_what_was_good() {
    assert_eq!(loot(&[200, 200, 401]).cut_off(), Some(2));
    assert_eq!(loot(&[200, 200]).cut_off(), None);
    assert_eq!(loot(&[401]).cut_off(), None);
}
