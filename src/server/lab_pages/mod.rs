//! The pages of the lab. They are rendered here and come alive by small modules of their own, so that the program
//! behind the sign-in page does not grow by a byte for them.

mod anatomy;
mod challenge;
mod cheat_sheet;
mod choosing;
mod document;
pub mod excerpt;
mod index;
mod matrix;
mod mistakes;
mod parts;
pub mod patterns;
mod quiz;
mod rotation;
mod storage;

use self::{document::document, patterns::PATTERNS};
use super::{config::Settings, lab::origins::Origins, middleware::security_headers::Nonce, state::AppState};
use crate::shared::paths;
use axum::{Extension, Router, response::Html, routing::get};
use leptos::prelude::AnyView;
use std::sync::Arc;

/// One page.
#[derive(Clone, Copy)]
pub struct Page {
    /// Where it is.
    pub path: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What there is to see.
    pub about: &'static str,
    /// The module in `public/lab` that brings its live part to life.
    pub script: Option<&'static str>,
    /// What is on it.
    view: fn(&Surroundings) -> AnyView,
}

/// What the pages know of the rest of the site.
pub struct Surroundings {
    /// Where the attacks are driven from, unless these sites are off.
    pub control_room: Option<String>,
}

impl Surroundings {
    /// Ports that the system chooses are not known here, and give no address to lead to.
    fn new(settings: &Settings) -> Self {
        let lab = &settings.lab;
        let ports = lab.ports(&settings.public_origin);
        let is_known = !lab.origins.is_empty() || !ports.contains(&0);
        let origins = Origins::new(&lab.origins, ports).ok().filter(|_| is_known && lab.is_on(settings.mode));
        Self { control_room: origins.map(|origins| origins.control.origin + "/") }
    }
}

/// Every page, in the order in which they are read.
pub const PAGES: [Page; 10] = [
    Page {
        path: paths::LAB,
        title: "The lab",
        about: "What there is to try.",
        script: Some("index"),
        view: index::view,
    },
    Page {
        path: "/lab/anatomy",
        title: "Anatomy of a token",
        about: "Take a token apart, change a claim, and see at which line the verifier stops.",
        script: Some("anatomy"),
        view: anatomy::view,
    },
    Page {
        path: "/lab/storage",
        title: "Where a token lives",
        about: "Eight places to keep a token against nine attacks and a reload, measured in your browser.",
        script: None,
        view: storage::view,
    },
    Page {
        path: "/lab/rotation",
        title: "Rotation",
        about: "You, the server and an attacker: a refresh, a replay, a faster thief, two tabs, a lost reply.",
        script: Some("rotation"),
        view: rotation::view,
    },
    Page {
        path: "/lab/patterns",
        title: "Six patterns",
        about: "Sign, verify, access and refresh, rotation, denylist, role guard: the source, a run, and a way to break it.",
        script: Some("patterns"),
        view: patterns::view,
    },
    Page {
        path: "/lab/choosing",
        title: "Choosing",
        about: "Which algorithm, how long a life, how many rounds, which place: a number for each.",
        script: Some("choosing"),
        view: choosing::view,
    },
    Page {
        path: "/lab/mistakes",
        title: "Six mistakes",
        about: "The common ones, each failing in front of you.",
        script: Some("mistakes"),
        view: mistakes::view,
    },
    Page {
        path: "/lab/challenge",
        title: "Challenge",
        about: "Open all six patterns and decode all three parts.",
        script: Some("challenge"),
        view: challenge::view,
    },
    Page {
        path: "/lab/quiz",
        title: "Quiz",
        about: "Ten questions, each with an answer that says why.",
        script: Some("quiz"),
        view: quiz::view,
    },
    Page {
        path: "/lab/cheat-sheet",
        title: "Cheat sheet",
        about: "One page to print.",
        script: Some("cheat-sheet"),
        view: cheat_sheet::view,
    },
];

/// The pages as routes.
pub fn router(settings: &Settings) -> Router<AppState> {
    let surroundings = Arc::new(Surroundings::new(settings));
    let router = PAGES.into_iter().fold(Router::new(), |router, page| {
        let surroundings = surroundings.clone();
        let show = async move |Extension(Nonce(nonce)): Extension<Nonce>| {
            Html(document(page.path, page.title, page.script, nonce, (page.view)(&surroundings)))
        };
        router.route(page.path, get(show))
    });
    PATTERNS.iter().fold(router, |router, pattern| {
        let path = patterns::path(pattern);
        let show = {
            let path = path.clone();
            async move |Extension(Nonce(nonce)): Extension<Nonce>| {
                Html(document(&path, pattern.title, Some("pattern"), nonce, patterns::one(pattern)))
            }
        };
        router.route(&path, get(show))
    })
}
