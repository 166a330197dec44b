//! `counterfoil keys`: the signing keys of access tokens.

use super::Failure;
use crate::{
    server::{
        auth::{
            key_file::{KeyFile, KeyFileError},
            key_set::{KeySet, KeySetError},
        },
        bootstrap,
        clock::{Clock, SystemClock, Timestamp},
        config::Settings,
        entropy::SystemEntropy,
        store::model::SecurityEvent,
    },
    shared::{
        EventKind,
        wire::{KeyState, SigningKey},
    },
};
use clap::Subcommand;
use std::io::{self, Write};

#[derive(Subcommand, Debug)]
pub enum KeysCommand {
    /// List the keys and what each is used for
    List {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Make a new key. It is published at once, signs when every verifier has it, and the old one verifies until its
    /// last token has ended. A running server notices by itself
    Rotate {
        /// Let the new key sign at once: other services may refuse its tokens until they fetch the JWKS again
        #[arg(long)]
        now: bool,
    },
    /// Take a key out at once
    Retire {
        /// Which
        #[arg(long, allow_hyphen_values = true)]
        kid: String,
        /// Take out even the one that signs, and with it all others, for a key that signs at once
        #[arg(long)]
        now: bool,
    },
}

/// Does what the command line says.
///
/// # Errors
/// What went wrong, as a sentence for the terminal.
pub async fn run(command: KeysCommand, settings: &Settings) -> Result<(), Failure> {
    settings.check()?;
    match command {
        KeysCommand::List { json } => list(settings, json),
        KeysCommand::Rotate { now } => rotate(settings, now).await,
        KeysCommand::Retire { kid, now } => retire(settings, kid, now).await,
    }
}

fn list(settings: &Settings, json: bool) -> Result<(), Failure> {
    let keys = settings.key_file().load()?.describe(SystemClock.now());
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &keys)?;
        writeln!(out)?;
        return Ok(());
    }
    for key in keys {
        writeln!(out, "{}", line(&key))?;
    }
    Ok(())
}

async fn rotate(settings: &Settings, at_once: bool) -> Result<(), Failure> {
    let file = settings.key_file();
    bootstrap::private_folder(file.folder())?;
    let _lock = file.lock()?;
    let now = SystemClock.now();
    let key = file.generate(&SystemEntropy)?;
    let event = (EventKind::KeyRotated, key.id().to_owned());
    let set = match file.load() {
        Ok(set) => set.rotate(key, at_once, now)?,
        Err(KeyFileError::Missing(_)) => file.only(key, now)?,
        Err(error) => return Err(error.into()),
    };
    publish(settings, &file, &set, &[event], now).await
}

async fn retire(settings: &Settings, kid: String, at_once: bool) -> Result<(), Failure> {
    let file = settings.key_file();
    let _lock = file.lock()?;
    let now = SystemClock.now();
    let mut events = vec![(EventKind::KeyRetired, kid.clone())];
    let set = match file.load()?.retire(&kid, now) {
        // Whoever can read one key of the file can read them all.
        Err(KeySetError::Current(_)) if at_once => {
            let key = file.generate(&SystemEntropy)?;
            events.push((EventKind::KeyRotated, key.id().to_owned()));
            file.only(key, now)?
        }
        result => result?,
    };
    publish(settings, &file, &set, &events, now).await
}

/// Writes the events and puts the set in force. The new file is complete before the events are written, so that only
/// a name has to change after them.
async fn publish(
    settings: &Settings,
    file: &KeyFile,
    set: &KeySet,
    events: &[(EventKind, String)],
    now: Timestamp,
) -> Result<(), Failure> {
    let draft = file.draft(set)?;
    let store = bootstrap::store(settings).await?;
    for (kind, kid) in events {
        store.record(&SecurityEvent { detail: kid.clone(), ..SecurityEvent::of_site(*kind, now) }).await?;
    }
    store.close().await;
    draft.publish()?;
    tell(set, now)
}

/// What happens from now on, and that nothing is left to do.
fn tell(set: &KeySet, now: Timestamp) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    for key in set.describe(now) {
        writeln!(out, "{}", line(&key))?;
    }
    writeln!(out, "\nA running server takes this over within seconds. There is nothing else to do.")?;
    Ok(())
}

fn line(key: &SigningKey) -> String {
    let moment =
        |secs: Option<i64>| secs.map_or("an unknown time".to_owned(), |secs| Timestamp::from_secs(secs).to_string());
    let times = match (key.state, key.retired_at) {
        (KeyState::Next, _) => {
            format!("published {}, signs from {}", moment(key.published_at), moment(key.current_from))
        }
        (KeyState::Current, None) => format!("signs since {}", moment(key.current_from)),
        (KeyState::Current, Some(_)) => {
            format!("signs until {}, verifies until {}", moment(key.retired_at), moment(key.ends_at))
        }
        (KeyState::Retired, None) => "verifies until it is taken out".to_owned(),
        (KeyState::Retired, Some(_)) => format!("verifies until {}", moment(key.ends_at)),
    };
    format!("{:<43}  {:<5}  {:<7}  {times}", key.kid, key.algorithm, key.state.as_str())
}
