//! The lab's own sites: their walls, what they forget, and what their tokens are worth elsewhere.

mod forgetting;
mod isolation;
mod loot;
mod settings;
mod support;
mod victim;
mod walls;
