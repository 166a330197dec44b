//! Signing keys: the algorithms, their forgeries, the JWKS, and rotation.

mod admin;
mod algorithms;
mod commands;
mod forgeries;
mod jwks;
mod rotation;

use counterfoil::server::auth::signing_key::SigningAlgorithm;

/// The algorithms with a public half.
const ASYMMETRIC: [SigningAlgorithm; 3] = [SigningAlgorithm::Rs256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];
