//! Where the victim's page keeps its token.

use super::named;

named! {
    /// Where the victim's page keeps its token.
    Strategy {
        /// The access token in `localStorage`.
        LocalStorage: "local-storage", "localStorage";
        /// The access token in a cookie that scripts can read, `SameSite=Lax`.
        ReadableCookie: "readable-cookie", "readable cookie, Lax";
        /// The access token in a cookie with `HttpOnly; SameSite=None; Secure`.
        HttpOnlyNone: "http-only-none", "httpOnly cookie, None";
        /// The access token in a cookie with `HttpOnly` and no `SameSite`.
        HttpOnlyUnspecified: "http-only-unspecified", "httpOnly cookie, no SameSite";
        /// The access token in a cookie with `HttpOnly; SameSite=Lax`.
        HttpOnlyLax: "http-only-lax", "httpOnly cookie, Lax";
        /// The access token in a cookie with `HttpOnly; SameSite=Strict`.
        HttpOnlyStrict: "http-only-strict", "httpOnly cookie, Strict";
        /// The access token in a JavaScript closure, the refresh token in a strict httpOnly cookie.
        MemoryJs: "memory-js", "memory (JavaScript) + httpOnly refresh";
        /// The access token in the heap of WebAssembly, the refresh token in a strict httpOnly cookie.
        MemoryWasm: "memory-wasm", "memory (WebAssembly) + httpOnly refresh";
    }
}

impl Strategy {
    /// Whether the access token lives in memory, and a refresh cookie outlives the page.
    pub const fn refreshes(self) -> bool {
        matches!(self, Self::MemoryJs | Self::MemoryWasm)
    }

    /// Whether the access token itself is a cookie, which the browser adds to requests.
    pub const fn is_cookie(self) -> bool {
        !self.refreshes() && !matches!(self, Self::LocalStorage)
    }
}
