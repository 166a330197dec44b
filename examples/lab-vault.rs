//! What the lab's bank keeps a token with when it keeps it in the memory of WebAssembly.

use js_sys::JsString;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;

/// Holds a token in this module's own memory.
#[wasm_bindgen]
#[derive(Default)]
pub struct Vault {
    token: String,
}

#[wasm_bindgen]
impl Vault {
    /// An empty one.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a token.
    pub fn keep(&mut self, token: String) {
        self.token = token;
    }

    /// The token, copied straight out of the buffer, so that no second copy stays in this memory.
    pub fn token(&self) -> Option<JsString> {
        (!self.token.is_empty()).then(|| self.token.as_str().into())
    }

    /// Gives the buffer back as it is, as every program does that does not think of it.
    pub fn drop(&mut self) {
        self.token = String::new();
    }

    /// Overwrites the buffer before it gives it back.
    pub fn wipe(&mut self) {
        self.token.zeroize();
        self.drop();
    }
}
