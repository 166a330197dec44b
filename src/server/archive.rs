//! The form in which everything that a store keeps moves to another one: a line of JSON a record, between a line that
//! says the version and one that says how many there were. It holds the hashes of passwords and of refresh tokens.

use super::store::{Result, Store, archive::Record};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Write};

const VERSION: u32 = 1;

/// How many records of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Accounts.
    pub accounts: u64,
    /// Sessions.
    pub sessions: u64,
    /// Denials.
    pub denials: u64,
    /// Security events.
    pub events: u64,
}

impl Counts {
    const fn add(&mut self, record: &Record) {
        match record {
            Record::Account(_) => self.accounts += 1,
            Record::Session(_) => self.sessions += 1,
            Record::Denial(_) => self.denials += 1,
            Record::Event(_) => self.events += 1,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Version(u32),
    Record(Record),
    End(Counts),
}

/// Writes down all that the store keeps.
///
/// # Errors
/// The store's, or when it cannot be written.
pub async fn export(store: &dyn Store, mut out: impl Write + Send) -> Result<Counts> {
    let mut counts = Counts::default();
    write(&mut out, &Line::Version(VERSION))?;
    store
        .export(&mut |record| {
            counts.add(&record);
            write(&mut out, &Line::Record(record))
        })
        .await?;
    write(&mut out, &Line::End(counts))?;
    out.flush()?;
    Ok(counts)
}

/// Fills an empty store with what was written down, or leaves it empty.
///
/// # Errors
/// The store's, or when what was written down is not whole.
pub async fn import(store: &dyn Store, input: impl BufRead + Send) -> Result<Counts> {
    let mut records = Records { lines: input.lines(), counts: Counts::default() };
    match records.line()? {
        Line::Version(VERSION) => {}
        _ => return Err(invalid("it begins with no version that is known here").into()),
    }
    store.import(&mut records).await?;
    Ok(records.counts)
}

fn write(out: &mut impl Write, line: &Line) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn invalid(problem: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, problem)
}

/// The records up to the last line, which has to be there and to be right.
struct Records<R> {
    lines: io::Lines<R>,
    counts: Counts,
}

impl<R: BufRead> Records<R> {
    fn line(&mut self) -> io::Result<Line> {
        let line = self.lines.next().ok_or_else(|| invalid("its end is missing"))??;
        Ok(serde_json::from_str(&line)?)
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.line() {
            Ok(Line::Record(record)) => {
                self.counts.add(&record);
                Some(Ok(record))
            }
            Ok(Line::End(counts)) if counts == self.counts => None,
            Ok(_) => Some(Err(invalid("it does not hold what its last line says"))),
            Err(error) => Some(Err(error)),
        }
    }
}
