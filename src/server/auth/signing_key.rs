//! Signing keys: each has one algorithm, which no token can choose (RFC 8725 section 3.1).

use crate::server::{entropy::Entropy, secret::Secret};
use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{self, KeySize},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::ValueEnum;
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    errors::Error,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fmt;
use zeroize::Zeroizing;

/// The fewest bytes of an RSA modulus, for the strength of the other algorithms here (NIST SP 800-57, 128 bits).
const MIN_RSA_BYTES: usize = 3072 / 8;
/// In PKCS#8, what comes before the PKCS#1 form of an RSA key of any size from 2048 bits to 64 KiB.
const PKCS8_RSA_HEAD: usize = 26;

/// How access tokens are signed (RFC 7518 section 3.1, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "UPPERCASE")]
pub enum SigningAlgorithm {
    /// HMAC with SHA-256: one secret signs and verifies, so only this server can do either
    Hs256,
    /// RSA of 3072 bits with SHA-256, for the widest choice of verifiers
    Rs256,
    /// ECDSA on P-256 with SHA-256: short signatures that most verifiers know
    Es256,
    /// Ed25519: short signatures, and fast
    #[serde(rename = "EdDSA")]
    #[value(name = "eddsa")]
    EdDsa,
}

impl SigningAlgorithm {
    /// The name in `alg`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Whether others can verify without being able to sign.
    pub const fn is_asymmetric(self) -> bool {
        !matches!(self, Self::Hs256)
    }

    const fn of_library(self) -> Algorithm {
        match self {
            Self::Hs256 => Algorithm::HS256,
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A key that signs and verifies access tokens with one algorithm. It never prints itself.
pub struct SigningKey {
    id: String,
    algorithm: SigningAlgorithm,
    private: Zeroizing<Vec<u8>>,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    public: Option<Jwk>,
}

/// Why there is no such key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not base64, or of another algorithm.
    #[error("not a private key for {0}: PKCS#8 in base64 is")]
    Malformed(SigningAlgorithm),
    /// Easier to find out than it should be.
    #[error("{0}")]
    Weak(&'static str),
    /// The library failed.
    #[error("the key could not be made")]
    NotMade,
}

impl SigningKey {
    /// Makes a key. The library draws asymmetric ones from the operating system's generator itself.
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the library fails.
    pub fn generate(algorithm: SigningAlgorithm, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let private = match algorithm {
            SigningAlgorithm::Hs256 => return Ok(Self::from_secret(&Secret::from_bytes(&entropy.bytes::<32>()))),
            SigningAlgorithm::Rs256 => rsa::KeyPair::generate(KeySize::Rsa3072).and_then(|pair| {
                let der: Pkcs8V1Der<'_> = pair.as_der()?;
                Ok(der.as_ref().to_vec())
            }),
            SigningAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec())),
            // The library that signs takes the form without the public half alone.
            SigningAlgorithm::EdDsa => {
                Ed25519KeyPair::generate().and_then(|pair| Ok(pair.to_pkcs8v1()?.as_ref().to_vec()))
            }
        };
        Self::from_pkcs8(algorithm, Zeroizing::new(private.map_err(|_| KeyError::NotMade)?))
    }

    /// Reads a key from base64: the secret itself for HS256, PKCS#8 for the others.
    ///
    /// # Errors
    /// [`KeyError`] when it is no such key, or a weak one.
    pub fn parse(algorithm: SigningAlgorithm, text: &str) -> Result<Self, KeyError> {
        if algorithm == SigningAlgorithm::Hs256 {
            return Secret::parse(text).map(|secret| Self::from_secret(&secret)).map_err(KeyError::Weak);
        }
        let private = STANDARD.decode(text).map_err(|_| KeyError::Malformed(algorithm))?;
        Self::from_pkcs8(algorithm, Zeroizing::new(private))
    }

    /// The `EdDSA` key that grows from these 32 bytes, the same each time (RFC 8032 section 5.1.5).
    ///
    /// # Errors
    /// [`KeyError::NotMade`] when the library fails.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::NotMade)?;
        let private = pair.to_pkcs8v1().map_err(|_| KeyError::NotMade)?;
        Self::from_pkcs8(SigningAlgorithm::EdDsa, Zeroizing::new(private.as_ref().to_vec()))
    }

    /// An HS256 key.
    pub fn from_secret(secret: &Secret) -> Self {
        Self {
            id: secret.id(),
            algorithm: SigningAlgorithm::Hs256,
            private: Zeroizing::new(secret.expose().to_vec()),
            encoding: EncodingKey::from_secret(secret.expose()),
            decoding: DecodingKey::from_secret(secret.expose()),
            validation: signature_alone(SigningAlgorithm::Hs256),
            public: None,
        }
    }

    fn from_pkcs8(algorithm: SigningAlgorithm, private: Zeroizing<Vec<u8>>) -> Result<Self, KeyError> {
        let malformed = KeyError::Malformed(algorithm);
        let encoding = match algorithm {
            SigningAlgorithm::Hs256 => return Err(malformed),
            SigningAlgorithm::Rs256 => {
                let pair = rsa::KeyPair::from_pkcs8(&private).map_err(|_| malformed)?;
                if pair.public_modulus_len() < MIN_RSA_BYTES {
                    return Err(KeyError::Weak("an RSA key has 3072 bits or more"));
                }
                EncodingKey::from_rsa_der(private.get(PKCS8_RSA_HEAD..).ok_or(malformed)?)
            }
            SigningAlgorithm::Es256 => EncodingKey::from_ec_der(&private),
            SigningAlgorithm::EdDsa => EncodingKey::from_ed_der(&private),
        };
        let (public, decoding) = public_half(algorithm, &encoding).map_err(|_| malformed)?;
        let id = public.common.key_id.clone().ok_or(malformed)?;
        let validation = signature_alone(algorithm);
        Ok(Self { id, algorithm, private, encoding, decoding, validation, public: Some(public) })
    }

    /// Its name in `kid`: the thumbprint of the public key (RFC 7638), or of a secret the name that tells nothing.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its algorithm.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The public half, which an HS256 key does not have.
    pub const fn public(&self) -> Option<&Jwk> {
        self.public.as_ref()
    }

    /// The private half as [`SigningKey::parse`] reads it.
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(&*self.private))
    }

    /// Signs a token of this type with these claims.
    ///
    /// # Errors
    /// When the library fails, which it does for no input of ours.
    pub fn sign<T: Serialize>(&self, typ: &str, claims: &T) -> Result<String, Error> {
        let mut header = Header::new(self.algorithm.of_library());
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.id.clone());
        jsonwebtoken::encode(&header, claims, &self.encoding)
    }

    /// The claims of a token that this key signed, otherwise unchecked.
    ///
    /// # Errors
    /// When it did not, or they are of another form.
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, Error> {
        Ok(jsonwebtoken::decode(token, &self.decoding, &self.validation)?.claims)
    }
}

fn public_half(algorithm: SigningAlgorithm, encoding: &EncodingKey) -> Result<(Jwk, DecodingKey), Error> {
    let mut public = Jwk::from_encoding_key(encoding, algorithm.of_library())?;
    public.common.key_id = Some(public.thumbprint(ThumbprintHash::SHA256)?);
    public.common.public_key_use = Some(PublicKeyUse::Signature);
    let decoding = DecodingKey::from_jwk(&public)?;
    Ok((public, decoding))
}

/// The library reads the system's clock and passes over absent claims, so it checks the signature alone, by the one
/// algorithm of the key.
fn signature_alone(algorithm: SigningAlgorithm) -> Validation {
    let mut validation = Validation::new(algorithm.of_library());
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests;
