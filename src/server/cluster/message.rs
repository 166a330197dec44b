//! What nodes write to Redis and say to each other: words of text, with nothing secret in them.

use crate::server::{
    auth::{denylist::Denied, throttle::limiter::Key},
    clock::Timestamp,
};
use redis::{FromRedisValue, PushInfo};
use std::{fmt, time::Duration};

/// The names of everything in Redis that belongs to one site.
#[derive(Clone, Debug)]
pub struct Names {
    prefix: String,
}

/// What a node says to the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// These tokens are refused for so long. Not until when: the clocks of two nodes differ.
    Deny(Denied, Duration),
    /// The sender lives.
    Beat(Beat),
}

/// What a node says of itself, again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Who.
    pub node: String,
    /// The how manieth.
    pub number: u64,
    /// The identifiers of all its signing keys, the one that signs first.
    pub keys: Vec<String>,
}

impl Names {
    /// The names that begin with this prefix.
    pub const fn new(prefix: String) -> Self {
        Self { prefix }
    }

    /// Where nodes talk.
    pub fn channel(&self) -> String {
        format!("{}:nodes", self.prefix)
    }

    /// A denial's key.
    pub fn denial(&self, subject: Denied) -> String {
        format!("{}:denied:{}", self.prefix, Subject(subject))
    }

    /// What the keys of all denials look like.
    pub fn denials(&self) -> String {
        format!("{}:denied:*", self.prefix)
    }

    /// Whom a denial's key denies.
    pub fn denied(&self, key: &str) -> Option<Denied> {
        Subject::parse(key.strip_prefix(&self.prefix)?.strip_prefix(":denied:")?)
    }

    /// A count's key.
    pub fn count(&self, Key { counter, of }: Key) -> String {
        format!("{}:count:{counter:?}:{:032x}", self.prefix, u128::from_be_bytes(of))
    }
}

impl Message {
    /// What Redis passes on, if it is a message of a node.
    pub fn of_push(push: PushInfo) -> Option<Self> {
        let text = push.data.into_iter().last().and_then(|value| String::from_redis_value(value).ok())?;
        Self::parse(&text)
    }

    /// Reads what a node has said, if it is a message.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ').map(str::to_owned);
        match &*words.next()? {
            "deny" => {
                let remaining = Duration::from_millis(words.next()?.parse().ok()?);
                Some(Self::Deny(Subject::parse(&words.next()?)?, remaining))
            }
            "beat" => {
                let (node, number) = (words.next()?, words.next()?.parse().ok()?);
                Some(Self::Beat(Beat { node, number, keys: words.collect() }))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deny(subject, remaining) => write!(f, "deny {} {}", remaining.as_millis(), Subject(*subject)),
            Self::Beat(Beat { node, number, keys }) => {
                write!(f, "beat {node} {number}")?;
                keys.iter().try_for_each(|key| write!(f, " {key}"))
            }
        }
    }
}

struct Subject(Denied);

impl Subject {
    fn parse(text: &str) -> Option<Denied> {
        let (kind, id) = text.split_once(':')?;
        Some(match kind {
            "token" => Denied::Token(id.parse().ok()?),
            "session" => Denied::Session(id.parse().ok()?),
            "user" => {
                let (id, not_before) = id.split_once(':')?;
                Denied::User(id.parse().ok()?, Timestamp::from_millis(not_before.parse().ok()?))
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Denied::Token(id) => write!(f, "token:{id}"),
            Denied::Session(id) => write!(f, "session:{id}"),
            Denied::User(id, not_before) => write!(f, "user:{id}:{}", not_before.as_millis()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Beat, Message, Names};
    use crate::server::{
        auth::denylist::Denied,
        clock::Timestamp,
        id::{SessionId, TokenId, UserId},
    };
    use std::time::Duration;

    const SUBJECTS: [Denied; 3] = [
        Denied::Token(TokenId::from_bytes([1; 16])),
        Denied::Session(SessionId::from_bytes([2; 16])),
        Denied::User(UserId::from_bytes([3; 16]), Timestamp::from_millis(1_800_000_000_123)),
    ];

    #[test]
    fn messages_and_keys_read_back() {
        let names = Names::new("site".to_owned());
        for subject in SUBJECTS {
            let message = Message::Deny(subject, Duration::from_millis(1234));
            assert_eq!(Message::parse(&message.to_string()), Some(message));
            assert_eq!(names.denied(&names.denial(subject)), Some(subject));
            assert_eq!(Names::new("other".to_owned()).denied(&names.denial(subject)), None);
        }
        for keys in [vec!["a".to_owned(), "b".to_owned()], vec![]] {
            let message = Message::Beat(Beat { node: "n".to_owned(), number: 7, keys });
            assert_eq!(Message::parse(&message.to_string()), Some(message));
        }
    }

    #[test]
    fn what_is_no_message_is_nothing() {
        for text in ["", "deny", "deny 5", "deny x token:0", "deny 5 token:xyz", "deny 5 user:00", "beat", "beat n x"] {
            assert_eq!(Message::parse(text), None, "{text}");
        }
    }
}
