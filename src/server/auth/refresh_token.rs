//! Refresh tokens: their form, their tag, and how each follows from the one before (DESIGN section 3).

use crate::server::{entropy::Entropy, id::SessionId, secret::Secret};
use aws_lc_rs::{constant_time, digest, hmac};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

const PREFIX: &str = "cf1_";
const SECRET: usize = 32;
const TAG: usize = 16;
/// Session id, generation and secret: what the tag vouches for.
const BODY: usize = 16 + 4 + SECRET;

/// A refresh token that carries this server's tag. It never prints itself.
#[derive(Clone)]
pub struct RefreshToken {
    session_id: SessionId,
    generation: u32,
    secret: Zeroizing<[u8; SECRET]>,
}

/// What the store keeps of a refresh token: SHA-256 of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefreshTokenHash([u8; 32]);

/// How a presented token relates to the current one of its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lineage {
    /// Its secret does not meet the hash in the store: made by nobody who was handed a token.
    Foreign,
    /// It is the current token.
    Current,
    /// An earlier generation whose secret, derived forward, meets the hash in the store.
    Ancestor,
    /// A later generation than the store knows, with a good tag: the store has lost a commit.
    Ahead,
}

impl RefreshToken {
    /// The session it belongs to.
    pub const fn session_id(&self) -> SessionId {
        self.session_id
    }

    /// How many times the session had rotated when it was issued.
    pub const fn generation(&self) -> u32 {
        self.generation
    }

    fn body(&self) -> Zeroizing<[u8; BODY]> {
        let mut body = Zeroizing::new([0; BODY]);
        body[..16].copy_from_slice(self.session_id.as_bytes());
        body[16..20].copy_from_slice(&self.generation.to_be_bytes());
        body[20..].copy_from_slice(&*self.secret);
        body
    }
}

impl RefreshTokenHash {
    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The two keys behind every refresh token, derived from one secret that signs nothing else.
pub struct RefreshKeys {
    tag: hmac::Key,
    rotation: hmac::Key,
}

impl RefreshKeys {
    /// Derives the keys (HKDF, RFC 5869).
    pub fn derive(secret: &Secret) -> Self {
        let key = |label| hmac::Key::new(hmac::HMAC_SHA256, &*secret.derive(label));
        Self { tag: key("counterfoil refresh tag"), rotation: key("counterfoil refresh rotation") }
    }

    /// The first token of a new session.
    pub fn first(&self, session_id: SessionId, entropy: &dyn Entropy) -> RefreshToken {
        RefreshToken { session_id, generation: 0, secret: Zeroizing::new(entropy.bytes()) }
    }

    /// The one successor of a token; the same however often it is asked for.
    pub fn successor(&self, token: &RefreshToken) -> RefreshToken {
        let generation = token.generation.saturating_add(1);
        let mut context = hmac::Context::with_key(&self.rotation);
        context.update(token.session_id.as_bytes());
        context.update(&generation.to_be_bytes());
        context.update(&*token.secret);
        let mut secret = Zeroizing::new([0; SECRET]);
        secret.copy_from_slice(context.sign().as_ref());
        RefreshToken { session_id: token.session_id, generation, secret }
    }

    /// The descendant of a token at a generation; the token itself when it is not older than that.
    pub fn descendant(&self, token: &RefreshToken, generation: u32) -> RefreshToken {
        (token.generation..generation).fold(token.clone(), |ancestor, _| self.successor(&ancestor))
    }

    /// Relates a token to the session's current generation and hash.
    pub fn lineage(&self, token: &RefreshToken, generation: u32, hash: &RefreshTokenHash) -> Lineage {
        if token.generation > generation {
            return Lineage::Ahead;
        }
        let derived = self.hash(&self.descendant(token, generation));
        if constant_time::verify_slices_are_equal(derived.as_bytes(), hash.as_bytes()).is_err() {
            return Lineage::Foreign;
        }
        if token.generation == generation { Lineage::Current } else { Lineage::Ancestor }
    }

    /// The token as the cookie carries it.
    pub fn encode(&self, token: &RefreshToken) -> Zeroizing<String> {
        let body = token.body();
        let mut bytes = Zeroizing::new([0; BODY + TAG]);
        bytes[..BODY].copy_from_slice(&*body);
        bytes[BODY..].copy_from_slice(&hmac::sign(&self.tag, &*body).as_ref()[..TAG]);
        let encoded = Zeroizing::new(URL_SAFE_NO_PAD.encode(*bytes));
        Zeroizing::new(format!("{PREFIX}{}", *encoded))
    }

    /// Reads a token back, or nothing when the form or the tag is not ours. Costs no look-up.
    pub fn decode(&self, text: &str) -> Option<RefreshToken> {
        let mut bytes = Zeroizing::new([0; BODY + TAG]);
        let length = URL_SAFE_NO_PAD.decode_slice(text.strip_prefix(PREFIX)?, &mut *bytes).ok()?;
        if length != BODY + TAG {
            return None;
        }
        let (body, tag) = bytes.split_at(BODY);
        constant_time::verify_slices_are_equal(&hmac::sign(&self.tag, body).as_ref()[..TAG], tag).ok()?;
        Some(RefreshToken {
            session_id: SessionId::from_bytes(body[..16].try_into().ok()?),
            generation: u32::from_be_bytes(body[16..20].try_into().ok()?),
            secret: Zeroizing::new(body[20..].try_into().ok()?),
        })
    }

    /// What the store keeps of a token.
    pub fn hash(&self, token: &RefreshToken) -> RefreshTokenHash {
        let digest = digest::digest(&digest::SHA256, self.encode(token).as_bytes());
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        RefreshTokenHash(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::{Lineage, RefreshKeys};
    use crate::server::{entropy::SystemEntropy, id::SessionId, secret::Secret};

    fn keys(byte: u8) -> RefreshKeys {
        RefreshKeys::derive(&Secret::from_bytes(&[byte; 32]))
    }

    #[test]
    fn a_token_reads_back_and_fits_a_cookie() {
        let keys = keys(1);
        let token = keys.first(SessionId::from_bytes([7; 16]), &SystemEntropy);
        let text = keys.encode(&token);
        let read = keys.decode(&text).unwrap();
        assert_eq!((read.session_id(), read.generation()), (token.session_id(), 0));
        assert_eq!(keys.hash(&read), keys.hash(&token));
        assert_eq!(text.len(), 4 + 91);
    }

    #[test]
    fn every_changed_character_is_refused() {
        let keys = keys(1);
        let text = keys.encode(&keys.first(SessionId::from_bytes([7; 16]), &SystemEntropy));
        for index in 0..text.len() {
            let mut tampered = text.as_bytes().to_vec();
            tampered[index] = if tampered[index] == b'A' { b'B' } else { b'A' };
            assert!(keys.decode(std::str::from_utf8(&tampered).unwrap()).is_none(), "at {index}");
        }
        for bad in ["", "cf1_", "cf2_AAAA", &text[..text.len() - 1], &format!("{}A", *text), &format!("{}=", *text)] {
            assert!(keys.decode(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn another_servers_token_is_refused() {
        let text = keys(1).encode(&keys(1).first(SessionId::from_bytes([7; 16]), &SystemEntropy));
        assert!(keys(2).decode(&text).is_none());
    }

    #[test]
    fn a_repeat_derives_the_identical_successor() {
        let keys = keys(1);
        let first = keys.first(SessionId::from_bytes([7; 16]), &SystemEntropy);
        assert_eq!(keys.encode(&keys.successor(&first)), keys.encode(&keys.successor(&first)));
        assert_ne!(keys.encode(&keys.successor(&first)), keys.encode(&first));
    }

    #[test]
    fn lineage_tells_the_current_token_its_ancestors_and_strangers_apart() {
        let keys = keys(1);
        let session = SessionId::from_bytes([7; 16]);
        let first = keys.first(session, &SystemEntropy);
        let third = keys.descendant(&first, 2);
        let hash = keys.hash(&third);
        assert_eq!(keys.lineage(&third, 2, &hash), Lineage::Current);
        assert_eq!(keys.lineage(&first, 2, &hash), Lineage::Ancestor);
        assert_eq!(keys.lineage(&keys.successor(&third), 2, &hash), Lineage::Ahead);
        let stranger = keys.first(session, &SystemEntropy);
        assert_eq!(keys.lineage(&stranger, 2, &hash), Lineage::Foreign);
        assert_eq!(keys.lineage(&keys.descendant(&stranger, 2), 2, &hash), Lineage::Foreign);
    }
}
