//! Measured tables: strategies against attacks.

use crate::lab::{Attack, Matrix, Strategy, Verdict};
use leptos::prelude::*;

/// A table with a cell for each pair, whose name the cell carries.
pub fn table(caption: String, matrix: &Matrix) -> AnyView {
    let head = Attack::ALL.iter().map(|attack| view! { <th scope="col">{attack.label()}</th> }).collect_view();
    let row = |strategy: &Strategy| {
        let cells = Attack::ALL.iter().map(|attack| {
            let is_breach = matrix.cell(*strategy, *attack).is_some_and(|cell| cell.verdict.is_breach());
            view! {
                <td
                    data-cell=format!("{}/{}", strategy.as_str(), attack.as_str())
                    data-state=is_breach.then_some("failed")
                >
                    {matrix.words(*strategy, *attack)}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{strategy.label()}</th>
                {cells.collect_view()}
            </tr>
        }
    };
    let label = caption.clone();
    view! {
        <div class="scroll" role="region" aria-label=label tabindex="0">
            <table class="table matrix">
                <caption>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Lives in"</th>
                        {head}
                    </tr>
                </thead>
                <tbody>{Strategy::ALL.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The verdicts and their words, for the module that fills a table in.
pub fn words() -> AnyView {
    let verdicts = Verdict::ALL.iter().map(|verdict| {
        view! {
            <li data-verdict=verdict.as_str() data-breach=verdict.is_breach().then_some("")>
                {verdict.label()}
            </li>
        }
    });
    view! { <ul hidden>{verdicts.collect_view()}</ul> }.into_any()
}
