//! `counterfoil migrate`, `export` and `import`: looking after the database.

use super::Failure;
use crate::server::{
    archive::{self, Counts},
    bootstrap,
    config::Settings,
};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Brings the schema up to date, and says what there was to do.
pub async fn migrate(settings: &Settings) -> Result<(), Failure> {
    settings.check()?;
    let pending = bootstrap::inspect(settings).await?.map(|inspection| inspection.pending_migrations);
    bootstrap::store(settings).await?.close().await;
    let name = settings.database_name();
    match pending {
        Some(0) => writeln!(io::stdout(), "{name}: the schema was up to date")?,
        Some(count) => writeln!(io::stdout(), "{name}: the schema is up to date now, {count} changes later")?,
        None => writeln!(io::stdout(), "{name}: made, with its schema")?,
    }
    Ok(())
}

/// Writes everything into a new file that nobody else can read; none is left when that fails.
pub async fn export(settings: &Settings, path: &Path) -> Result<(), Failure> {
    settings.check()?;
    let store = bootstrap::store(settings).await?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
    let exported = archive::export(&*store, BufWriter::new(&file)).await;
    store.close().await;
    let counts = exported.inspect_err(|_| drop(fs::remove_file(path)))?;
    file.sync_all()?;
    writeln!(io::stdout(), "{} -> {}: {counts}", settings.database_name(), path.display())?;
    Ok(())
}

/// Fills an empty database from such a file.
pub async fn import(settings: &Settings, path: &Path) -> Result<(), Failure> {
    settings.check()?;
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let store = bootstrap::store(settings).await?;
    let imported = archive::import(&*store, BufReader::new(file)).await;
    store.close().await;
    writeln!(io::stdout(), "{} -> {}: {}", path.display(), settings.database_name(), imported?)?;
    Ok(())
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accounts, sessions, denials, events } = self;
        write!(f, "{accounts} accounts, {sessions} sessions, {denials} denials, {events} events")
    }
}
