//! The command line.

use super::{
    auth::{administration::Actor, denial_feed, key_feed::KeyFeed, revocation::WhenBlind},
    bootstrap,
    clock::{Clock, SystemClock},
    config::{Mode, Settings, lab::Switch},
    entropy::SystemEntropy,
    lab::Lab,
    listener,
    metrics::exporter,
    pruning,
    router::router,
    state::AppState,
    store::model::Pruned,
    telemetry,
};
use crate::shared::{Email, Role};
use clap::{Parser, Subcommand};
use std::{
    future::{self, Future},
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

mod database;
mod doctor;
mod keys;

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
    User(UserCommand),
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
enum UserCommand {
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
            serve(settings).await?;
        }
        Command::User(command) => user(command, settings).await?,
        Command::Keys(command) => keys::run(command, &settings).await?,
        Command::Prune => prune(settings).await?,
        Command::Migrate => database::migrate(&settings).await?,
        Command::Export { file } => database::export(&settings, &file).await?,
        Command::Import { file } => database::import(&settings, &file).await?,
        Command::Doctor { json } => return doctor::run(&settings, json).await,
        Command::Config(ConfigCommand::Check) => check(&settings)?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: Settings) -> Result<(), Failure> {
    telemetry::start(&settings)?;
    let state = bootstrap::open(settings).await?;
    let settings = state.settings.clone();
    if !settings.site_root.join("pkg").is_dir() {
        tracing::warn!(path = %settings.site_root.display(), "no built browser half here: pages will not come alive");
    }
    if settings.insecure_cookies {
        tracing::warn!(
            "INSECURE COOKIES: the refresh cookie is sent without Secure. For development on this machine only"
        );
    }
    if settings.hides_clients() {
        tracing::warn!(
            "the addresses of clients cannot be known: name the proxy in COUNTERFOIL_TRUSTED_PROXIES, or all of its \
             clients count as one"
        );
    }
    let others = tokio::spawn(state.clone().follow_others());
    state.readiness.settle(settings.denylist_blind_after).await;
    let listeners = listener::bind(&settings).await?;
    let metrics = serve_metrics(&state).await?;
    let lab = open_lab(&state).await?;
    welcome(&state, lab.as_ref().map(|lab| &*lab.origins().control.origin)).await?;
    let lab = lab.map(|lab| tokio::spawn(lab.serve()));
    let sessions = &state.sessions;
    let feed =
        denial_feed::follow(sessions.store.clone(), sessions.revocation.denylist.clone(), sessions.clock.clone());
    let feed = tokio::spawn(feed);
    let key_feed = KeyFeed::new(settings.key_file(), sessions.access_tokens.keys().clone());
    let key_feed = tokio::spawn(key_feed.follow());
    let pruning = pruning::repeat(
        sessions.store.clone(),
        sessions.revocation.denylist.clone(),
        settings.retention(),
        sessions.clock.clone(),
    );
    let pruning = tokio::spawn(pruning);
    let stop = stop_signal(state.clone())?;
    listener::serve(listeners, router(state.clone()), &settings, stop).await;
    for task in [Some(feed), Some(key_feed), Some(pruning), Some(others), metrics, lab].into_iter().flatten() {
        task.abort();
    }
    state.sessions.proof_of_use.finish().await;
    state.sessions.store.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Serves the metrics beside the site, if an address is set for them.
async fn serve_metrics(state: &AppState) -> Result<Option<JoinHandle<()>>, Failure> {
    let Some(address) = state.settings.metrics_listen else {
        return Ok(None);
    };
    let listener = listener::bind_to(address).await?;
    let router = exporter::router(state.clone(), exporter::install()?);
    let settings = state.settings.clone();
    tracing::info!(%address, "serving metrics");
    let serving = async move { listener::serve(vec![listener], router, &settings, future::pending()).await };
    Ok(Some(tokio::spawn(serving)))
}

/// Opens the lab, if it is on. One that nobody asked for by name gives way to whatever has its ports.
async fn open_lab(state: &AppState) -> Result<Option<Lab>, Failure> {
    let settings = state.settings.clone();
    if !settings.lab.is_on(settings.mode) {
        return Ok(None);
    }
    let was_asked_for = settings.lab.switch.is_some();
    match Lab::bind(settings, state.sessions.clock.clone(), state.sessions.entropy.clone()).await {
        Ok(lab) => {
            tracing::info!(origin = lab.origins().control.origin, "serving the lab, which is vulnerable on purpose");
            Ok(Some(lab))
        }
        Err(error) if was_asked_for => Err(error.into()),
        Err(error) => {
            tracing::warn!(%error, "no lab: set COUNTERFOIL_LAB_PORT to the first of four free ports");
            Ok(None)
        }
    }
}

async fn welcome(state: &AppState, lab: Option<&str>) -> Result<(), Failure> {
    let settings = &state.settings;
    tracing::info!(origin = settings.origin(), addresses = ?settings.addresses(), "listening");
    if settings.mode != Mode::Development {
        return Ok(());
    }
    let mut out = io::stdout().lock();
    let created = bootstrap::demo_accounts(state).await?;
    writeln!(out, "\n  Counterfoil is at {}", settings.origin())?;
    if let Some(lab) = lab {
        writeln!(out, "  Its lab, vulnerable on purpose, is at {lab}")?;
    }
    writeln!(out)?;
    if created.is_empty() {
        writeln!(out, "  Demo accounts: see {}", bootstrap::demo_file(settings).display())?;
    } else {
        writeln!(out, "  Demo accounts, printed this once (also in {}):", bootstrap::demo_file(settings).display())?;
        for (email, password) in &created {
            writeln!(out, "    {email:<20} {}", **password)?;
        }
    }
    writeln!(out, "  Keys and data: {} (development mode made what was missing)", settings.data_dir.display())?;
    writeln!(out, "  Stop with Ctrl-C\n")?;
    Ok(())
}

/// Resolves when the process is asked to stop, and those who send requests here have had time to notice.
fn stop_signal(state: AppState) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        state.readiness.stop();
        tokio::time::sleep(state.settings.drain_time).await;
        tracing::info!("stopping: requests in flight may finish");
    })
}

async fn user(command: UserCommand, settings: Settings) -> Result<(), Failure> {
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

async fn prune(settings: Settings) -> Result<(), Failure> {
    let state = bootstrap::open(settings).await?;
    let sessions = &state.sessions;
    let pruned = pruning::prune(&*sessions.store, state.settings.retention(), sessions.clock.now()).await?;
    sessions.store.close().await;
    let Pruned { denials, sessions, events } = pruned;
    writeln!(io::stdout(), "deleted {denials} expired denials, {sessions} sessions long over, {events} old events")?;
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
fn explained(error: super::error::Error) -> Failure {
    let problem = crate::shared::Problem::from(error);
    format!("{}. {}", problem.title, problem.detail).into()
}

fn check(settings: &Settings) -> Result<(), Failure> {
    let now = SystemClock.now();
    let secrets = bootstrap::secrets(settings, &SystemEntropy, now)?;
    let keys = secrets.access_token.describe(now);
    let keys = keys.iter().map(|key| format!("{} {} ({})", key.algorithm, key.kid, key.state.as_str()));
    let ids = |file: &super::secret::SecretFile| file.all().iter().map(super::secret::Secret::id).collect::<Vec<_>>();
    let policy = settings.rotation_policy();
    let for_people = |duration| humantime::format_duration(duration).to_string();
    let lines = [
        ("mode", format!("{:?}", settings.mode).to_lowercase()),
        ("public origin", settings.origin()),
        ("host", settings.host()),
        ("listen", settings.addresses().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("database", settings.database_name()),
        ("issuer", settings.issuer()),
        ("audience", settings.audience()),
        ("access token life", for_people(settings.access_token_life)),
        ("algorithm of new keys", settings.access_token_algorithm.to_string()),
        ("access token keys", keys.collect::<Vec<_>>().join(", ")),
        ("refresh token keys", ids(&secrets.refresh_token).join(", ")),
        ("peppers", ids(&secrets.pepper).join(", ")),
        ("session idle life", for_people(policy.idle)),
        ("session absolute life", for_people(settings.session_absolute_life)),
        ("refresh grace", for_people(policy.grace)),
        (
            "password",
            format!("{} characters or more, bcrypt cost {}", settings.password_min_chars, settings.bcrypt_cost),
        ),
        (
            "limits",
            format!(
                "login {}, register {}, refresh {}, password {}",
                settings.login_limit, settings.register_limit, settings.refresh_limit, settings.password_limit
            ),
        ),
        ("lock-out", settings.lockout.to_string()),
        ("trusted proxies", settings.trusted_proxies.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ("redis", settings.redis_name()),
        ("longest exposure", exposure(settings)),
        ("cookies", if settings.insecure_cookies { "INSECURE (development switch)" } else { "Secure" }.to_owned()),
    ];
    let mut out = io::stdout().lock();
    for (name, value) in lines {
        writeln!(out, "{name:<26} {value}")?;
    }
    writeln!(out, "\nThe settings are good.")?;
    Ok(())
}

/// For how long a token that another node has revoked may be accepted here, at worst.
fn exposure(settings: &Settings) -> String {
    let for_people = humantime::format_duration;
    let (by_store, life) = (for_people(denial_feed::INTERVAL), for_people(settings.access_token_life));
    match (&settings.redis_url, settings.denylist_blind) {
        (None, _) => format!("{by_store}, the store's"),
        (Some(_), WhenBlind::Refuse) => {
            format!("{}; then access tokens are refused", for_people(settings.denylist_blind_after))
        }
        (Some(_), WhenBlind::Allow) => {
            format!("without Redis {by_store}, the store's; without both {life}, the life of an access token")
        }
    }
}
