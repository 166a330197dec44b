//! What is tried against a strategy.

use super::{Strategy, named};

named! {
    /// What is tried against a strategy; the last one is no attack, but what the strategy asks of its user.
    Attack {
        /// A script in the page looks for a token where scripts can read, and carries it away.
        XssReads: "xss-reads", "Script in the page reads it";
        /// A script in the page makes a transfer as the user.
        XssRides: "xss-rides", "Script in the page acts as you";
        /// A script in the page calls the refresh endpoint and carries the new token away.
        XssRefreshes: "xss-refreshes", "Script in the page refreshes";
        /// A script in the page wraps `fetch` and takes what the page itself sends.
        FetchHook: "fetch-hook", "Script in the page hooks fetch";
        /// A script in the page searches the memory of WebAssembly.
        HeapScan: "heap-scan", "Script scans the WebAssembly heap";
        /// The same search, after the user has signed out.
        HeapAfterSignOut: "heap-after-sign-out", "Heap scan after sign-out";
        /// Another site sends a request in the background.
        CsrfBackground: "csrf-background", "Other site, in the background";
        /// Another site submits a form and takes the window along.
        CsrfForm: "csrf-form", "Other site, by a form";
        /// Another application on the same host sends a request.
        SiblingPort: "sibling-port", "Other port of the same host";
        /// The page is loaded again.
        AfterReload: "after-reload", "After a reload";
    }
}

impl Attack {
    /// Whether there is something to try: a strategy without a refresh endpoint cannot be refreshed, and one without
    /// WebAssembly has no such heap.
    pub const fn applies_to(self, strategy: Strategy) -> bool {
        match self {
            Self::XssRefreshes => strategy.refreshes(),
            Self::HeapScan | Self::HeapAfterSignOut => matches!(strategy, Strategy::MemoryWasm),
            _ => true,
        }
    }

    /// Whether it is a script in the victim's page.
    pub const fn is_script(self) -> bool {
        !self.needs_popup() && !matches!(self, Self::AfterReload)
    }

    /// Whether it starts from a window of another origin.
    pub const fn needs_popup(self) -> bool {
        matches!(self, Self::CsrfBackground | Self::CsrfForm | Self::SiblingPort)
    }
}
