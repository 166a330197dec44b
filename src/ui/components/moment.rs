//! Moments, as people say them.

use crate::{
    client::{iso_date, local_date, unix_time},
    ui::eager::late,
};
use leptos::prelude::*;

/// A date and a time.
pub fn at(unix_seconds: i64) -> AnyView {
    late(view! { <time datetime=iso_date(unix_seconds)>{local_date(unix_seconds)}</time> })
}

/// How long ago it was.
pub fn ago(unix_seconds: i64) -> AnyView {
    let words = words(unix_time() - unix_seconds);
    late(view! {
        <time datetime=iso_date(unix_seconds) title=local_date(unix_seconds)>
            {words}
        </time>
    })
}

/// A moment that is ahead, by a clock that is not the server's, was just now.
fn words(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_largest_unit_counts() {
        let said = [-5, 59, 60, 3_599, 3_600, 7_200, 86_400, 40 * 86_400].map(words);
        let expected = [
            "just now",
            "just now",
            "1 minute ago",
            "59 minutes ago",
            "1 hour ago",
            "2 hours ago",
            "1 day ago",
            "40 days ago",
        ];
        assert_eq!(said, expected);
    }
}
