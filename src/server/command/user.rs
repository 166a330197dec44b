//! `counterfoil user`.

use super::Failure;
use crate::{
    server::{auth::administration::Actor, bootstrap, config::Settings, error::Error},
    shared::{Email, Problem, Role},
};
use clap::Subcommand;
use std::io::{self, IsTerminal, Write};
use zeroize::Zeroizing;

#[derive(Subcommand, Debug)]
pub enum UserCommand {
    /// Create an account; asks for the password, or reads it from standard input
    Create {
        /// Email address
        #[arg(long)]
        email: String,
        /// Role: user or admin
        #[arg(long, default_value = "user")]
        role: Role,
    },
    /// List the accounts
    List,
    /// Change the role of an account; its sessions end, since their tokens carry the old one
    SetRole {
        /// Email address
        #[arg(long)]
        email: String,
        /// Role: user or admin
        #[arg(long)]
        role: Role,
    },
}

/// Does what one of these commands says.
///
/// # Errors
/// What went wrong, as a sentence for the terminal.
pub async fn run(command: UserCommand, settings: Settings) -> Result<(), Failure> {
    let state = bootstrap::open(settings).await?;
    let mut out = io::stdout().lock();
    match command {
        UserCommand::Create { email, role } => {
            let password = read_password()?;
            let account = state.accounts.create(&email, &password, role).await.map_err(explained)?;
            writeln!(out, "created {} ({}), {}", account.email, account.role, account.id)?;
        }
        UserCommand::List => {
            for account in state.sessions.store.accounts().await? {
                writeln!(out, "{}  {:<5}  {}  {}", account.id, account.role, account.created_at, account.email)?;
            }
        }
        UserCommand::SetRole { email, role } => {
            let sessions = &state.sessions;
            let email = Email::parse(&email)?;
            let credentials = sessions.store.credentials(&email).await?;
            let account = credentials.ok_or_else(|| format!("no account has the address {email}"))?.account;
            state.administration.set_role(account.id, role, Actor::default()).await.map_err(explained)?;
            writeln!(out, "{email} is now {role}; its sessions have ended")?;
        }
    }
    state.sessions.store.close().await;
    Ok(())
}

/// A secret never stands on a command line, where other users of the machine could read it.
fn read_password() -> io::Result<Zeroizing<String>> {
    if io::stdin().is_terminal() {
        return rpassword::prompt_password("Password: ").map(Zeroizing::new);
    }
    let mut line = Zeroizing::new(String::new());
    io::stdin().read_line(&mut line)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The advice that a person on the web would get.
fn explained(error: Error) -> Failure {
    let problem = Problem::from(error);
    format!("{}. {}", problem.title, problem.detail).into()
}
