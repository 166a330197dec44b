//! A measured table: strategies against attacks, as one browser met them.

use super::{Attack, Defence, Judgement, Strategy, Verdict, defence::Hole, evidence::Deed};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A measured table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The browser and its version.
    pub browser: String,
    /// The time of the last measurement, in milliseconds since 1970.
    pub measured_at: i64,
    /// How many seconds it took, if all of it was measured in one go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
    /// What was measured, a cell at most for each pair.
    pub cells: Vec<Cell>,
}

/// What came of one attack on one strategy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The strategy.
    pub strategy: Strategy,
    /// The attack.
    pub attack: Attack,
    /// The defences that were on.
    #[serde(default)]
    pub defences: Vec<Defence>,
    /// The hole of the guestbook.
    #[serde(default)]
    pub hole: Hole,
    /// What came of it.
    pub verdict: Verdict,
    /// The bytes that the attacker received.
    pub bytes: Option<usize>,
    /// The status that the attacker's own server got for them.
    pub replay: Option<u16>,
    /// What was done in the user's name.
    pub deed: Option<Deed>,
}

/// The tables that this project's own tests have measured, each in a browser; Chromium's is the first.
pub fn measured() -> Vec<Matrix> {
    [
        include_str!("measured/chromium.json"),
        include_str!("measured/firefox.json"),
        include_str!("measured/webkit.json"),
    ]
    .into_iter()
    .filter_map(|text| serde_json::from_str(text).ok())
    .collect()
}

impl Cell {
    /// The cell of a judgement.
    pub fn new(strategy: Strategy, attack: Attack, defences: Vec<Defence>, hole: Hole, judgement: &Judgement) -> Self {
        let Judgement { verdict, bytes, replay, deed, .. } = *judgement;
        Self { strategy, attack, defences, hole, verdict, bytes, replay, deed }
    }

    /// What it says.
    pub fn words(&self) -> String {
        self.verdict.words(self.bytes, self.deed)
    }
}

impl Matrix {
    /// The cell of a pair, if it was measured.
    pub fn cell(&self, strategy: Strategy, attack: Attack) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.strategy == strategy && cell.attack == attack)
    }

    /// Puts a cell in, in place of the one of the same pair.
    pub fn put(&mut self, cell: Cell) {
        self.cells.retain(|other| (other.strategy, other.attack) != (cell.strategy, cell.attack));
        self.cells.push(cell);
        self.cells.sort_by_key(|cell| (cell.strategy, cell.attack));
    }

    /// The table in Markdown.
    pub fn to_markdown(&self) -> String {
        let mut text = String::from("| Lives in |");
        for attack in Attack::ALL {
            let _ = write!(text, " {} |", attack.label());
        }
        let _ = writeln!(text, "\n|---|{}", "---|".repeat(Attack::ALL.len()));
        for strategy in Strategy::ALL {
            let _ = write!(text, "| {} |", strategy.label());
            for attack in Attack::ALL {
                let _ = write!(text, " {} |", self.words(*strategy, *attack));
            }
            text.push('\n');
        }
        text
    }

    /// What the table says of a pair.
    pub fn words(&self, strategy: Strategy, attack: Attack) -> String {
        let Some(cell) = self.cell(strategy, attack) else {
            return if attack.applies_to(strategy) { "not run" } else { "–" }.to_owned();
        };
        let mut words = cell.words();
        if !cell.defences.is_empty() {
            let labels: Vec<_> = cell.defences.iter().map(|defence| defence.label()).collect();
            let _ = write!(words, " (with {})", labels.join(", "));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Hole, Matrix};
    use crate::lab::{Attack, Defence, Strategy, Verdict};

    fn cell(verdict: Verdict, defences: Vec<Defence>) -> Cell {
        Cell {
            strategy: Strategy::LocalStorage,
            attack: Attack::XssReads,
            defences,
            hole: Hole::Dom,
            verdict,
            bytes: None,
            replay: None,
            deed: None,
        }
    }

    #[test]
    fn a_cell_takes_the_place_of_an_earlier_one_of_its_pair() {
        let mut matrix = Matrix::default();
        matrix.put(cell(Verdict::Nothing, vec![]));
        matrix.put(cell(Verdict::Blocked, vec![Defence::NonceCsp]));
        assert_eq!(matrix.cells.len(), 1);
        let words = matrix.words(Strategy::LocalStorage, Attack::XssReads);
        assert_eq!(words, "Blocked by the browser (with CSP with a nonce)");
    }

    #[test]
    fn the_markdown_tells_what_was_not_run_from_what_cannot_be() {
        let text = Matrix::default().to_markdown();
        assert_eq!(text.lines().count(), 2 + Strategy::ALL.len());
        assert!(text.lines().all(|line| line.matches('|').count() == 2 + Attack::ALL.len()), "{text}");
        let first = text.lines().nth(2).unwrap();
        assert_eq!(first.matches("not run").count() + first.matches('–').count(), Attack::ALL.len(), "{first}");
        assert_eq!(first.matches('–').count(), 3, "{first}");
    }
}
