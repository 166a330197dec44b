//! The lab's model: strategies, attacks, defences, and the rules that turn evidence into verdicts (DESIGN section 8).
//!
//! Pure: it reads no clock, sends nothing, and knows no result beforehand.

pub mod attack;
pub mod defence;
pub mod evidence;
pub mod matrix;
pub mod strategy;
pub mod verdict;

pub use attack::Attack;
pub use defence::Defence;
pub use evidence::Evidence;
pub use matrix::Matrix;
pub use strategy::Strategy;
pub use verdict::{Judgement, Verdict};

/// The text names nothing of this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is nothing of this name")]
pub struct UnknownName;

/// An enum whose variants have a name for programs and a label for people.
macro_rules! named {
    ($(#[$doc:meta])+ $name:ident { $($(#[$variant_doc:meta])+ $variant:ident: $text:literal, $label:literal;)+ }) => {
        $(#[$doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])+ #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name for programs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The name for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::lab::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.as_str() == text).ok_or($crate::lab::UnknownName)
            }
        }
    };
}
pub(crate) use named;
