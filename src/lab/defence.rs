//! What the victim can be told to do against attacks.

use super::named;

named! {
    /// A switch of the victim: the same hole, with one defence more.
    Defence {
        /// `script-src` with a nonce and `strict-dynamic`.
        NonceCsp: "nonce-csp", "CSP with a nonce";
        /// `require-trusted-types-for 'script'`.
        TrustedTypes: "trusted-types", "Trusted Types";
        /// `connect-src 'self'; img-src 'self'` alone.
        ConnectSrc: "connect-src", "connect-src 'self' alone";
        /// `SameSite=Lax` on the cookies that have less.
        SameSite: "same-site", "SameSite=Lax at least";
        /// Requests that change something must come from the victim's own origin.
        OriginCheck: "origin-check", "Origin and Sec-Fetch-Site check";
        /// The buffer of the token is overwritten at sign-out.
        Zeroize: "zeroize", "Wipe the token at sign-out";
        /// Access tokens live for 30 seconds instead of 5 minutes.
        ShortLife: "short-life", "Tokens that live 30 s";
        /// Tokens are bound to a key that cannot be exported (RFC 9449).
        Dpop: "dpop", "DPoP, key not extractable";
        /// Each proof must carry the server's newest nonce (RFC 9449 section 9). Needs [`Defence::Dpop`].
        DpopNonce: "dpop-nonce", "DPoP with a nonce";
    }
}

named! {
    /// Where the guestbook lets markup through.
    #[derive(Default)]
    Hole {
        /// The page's own script writes an entry with `innerHTML`.
        #[default]
        Dom: "dom", "in the browser (innerHTML)";
        /// The server's template writes an entry as it is.
        Template: "template", "on the server (template)";
    }
}
