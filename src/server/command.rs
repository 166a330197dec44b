//! The command line.

mod check;
mod database;
mod doctor;
mod keys;
mod serve;
mod user;

use super::{
    bootstrap,
    config::{Settings, lab::Switch},
    pruning,
    store::model::Pruned,
};
use clap::{Parser, Subcommand};
use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

type Failure = Box<dyn std::error::Error>;

/// JWT login done the right way: short-lived access tokens in memory, rotating refresh tokens in a cookie.
#[derive(Parser, Debug)]
#[command(name = "counterfoil", version, max_term_width = 110)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the site (the default)
    Serve {
        /// Without the lab
        #[arg(long)]
        no_lab: bool,
    },
    /// Create and change accounts
    #[command(subcommand)]
    User(user::UserCommand),
    /// Look after the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Delete what nobody needs any more, as `serve` does every hour
    Prune,
    /// Make the database, or bring its schema up to date, as `serve` does at its start
    Migrate,
    /// Write accounts, sessions, denials and events into a new file, for `import`; stop the servers before
    Export {
        /// The file, which must not exist
        file: PathBuf,
    },
    /// Fill an empty database from the file of `export`; every session goes on, with the same key files
    Import {
        /// The file
        file: PathBuf,
    },
    /// Look at a deployment and say what to do; exits with 0, with 1 for a warning or with 2 for a failure
    Doctor {
        /// As JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand, Debug)]
enum ConfigCommand {
    /// Check the settings and the secrets as `serve` would, and print the settings in force
    Check,
}

/// Does what the command line says, and gives the exit status.
///
/// # Errors
/// What went wrong, as a sentence for the terminal.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let Cli { command, mut settings } = cli;
    match command.unwrap_or(Command::Serve { no_lab: false }) {
        Command::Serve { no_lab } => {
            if no_lab {
                settings.lab.switch = Some(Switch::Off);
            }
            serve::run(settings).await?;
        }
        Command::User(command) => user::run(command, settings).await?,
        Command::Keys(command) => keys::run(command, &settings).await?,
        Command::Prune => prune(settings).await?,
        Command::Migrate => database::migrate(&settings).await?,
        Command::Export { file } => database::export(&settings, &file).await?,
        Command::Import { file } => database::import(&settings, &file).await?,
        Command::Doctor { json } => return doctor::run(&settings, json).await,
        Command::Config(ConfigCommand::Check) => check::run(&settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn prune(settings: Settings) -> Result<(), Failure> {
    let state = bootstrap::open(settings).await?;
    let sessions = &state.sessions;
    let pruned = pruning::prune(&*sessions.store, state.settings.retention(), sessions.clock.now()).await?;
    sessions.store.close().await;
    let Pruned { denials, sessions, events } = pruned;
    writeln!(io::stdout(), "deleted {denials} expired denials, {sessions} sessions long over, {events} old events")?;
    Ok(())
}
