//! All accounts.

use super::{frame, is_admin, table::table};
use crate::{
    api,
    client::local_time,
    shared::{
        Role, paths,
        wire::{UserPage, UserSummary},
    },
    ui::{
        components::{asked::Asked, moment::ago},
        eager::{erase, late},
        pages::signed_in_user,
    },
};
use leptos::{
    ev::SubmitEvent,
    html::{Input, Select},
    prelude::*,
};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};

const COLUMNS: [&str; 6] = ["Email", "Role", "Status", "Sessions", "Last seen", "Manage"];

/// `/admin/users`
#[component]
pub fn AdminUsers() -> impl IntoView {
    let user = signed_in_user();
    let query = use_query_map();
    let filter = Memo::new(move |_| query.with(Filter::read));
    let page = Asked::new(move || {
        let Filter { search, role, offset } = filter.get_untracked();
        Box::pin(api::admin::users(search, role, offset))
    });
    Effect::new(move |before: Option<_>| {
        let now = user.get();
        filter.track();
        if before.as_ref() != Some(&now) {
            page.forget();
        }
        if is_admin(user) {
            page.ask();
        }
        now
    });
    let body = erase(view! {
        <div class="stack">
            {search_form(filter)} {page.view(5, move |page| found(page, &filter.get_untracked()))}
        </div>
    });
    view! {
        <Title text="Accounts" />
        {frame("Accounts", user, body)}
    }
}

/// What is looked for, as it stands in the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Filter {
    search: String,
    role: Option<Role>,
    offset: u32,
}

impl Filter {
    fn read(query: &ParamsMap) -> Self {
        Self {
            search: query.get("search").unwrap_or_default(),
            role: query.get("role").and_then(|role| role.parse().ok()),
            offset: query.get("offset").and_then(|offset| offset.parse().ok()).unwrap_or_default(),
        }
    }

    fn path(&self) -> String {
        let mut query = ParamsMap::new();
        if !self.search.is_empty() {
            query.insert("search", self.search.clone());
        }
        if let Some(role) = self.role {
            query.insert("role", role.to_string());
        }
        if self.offset > 0 {
            query.insert("offset", self.offset.to_string());
        }
        format!("{}{}", paths::ADMIN_USERS, query.to_query_string())
    }
}

fn search_form(filter: Memo<Filter>) -> AnyView {
    let search: NodeRef<Input> = NodeRef::new();
    let role: NodeRef<Select> = NodeRef::new();
    let navigate = use_navigate();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let wanted = Filter {
            search: search.get_untracked().map(|input| input.value().trim().to_owned()).unwrap_or_default(),
            role: role.get_untracked().and_then(|select| select.value().parse().ok()),
            offset: 0,
        };
        navigate(&wanted.path(), NavigateOptions { scroll: false, ..Default::default() });
    };
    let is = move |role: Option<Role>| move || filter.with(|filter| filter.role == role);
    erase(view! {
        <form class="search ready" role="search" method="post" on:submit=submit>
            <div class="field">
                <label for="search">"Email contains"</label>
                <input
                    id="search"
                    name="search"
                    r#type="search"
                    autocapitalize="off"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || filter.with(|filter| filter.search.clone())
                    node_ref=search
                />
            </div>
            <div class="field">
                <label for="role">"Role"</label>
                <select id="role" name="role" node_ref=role>
                    <option value="" selected=is(None)>
                        "Any"
                    </option>
                    <option value="user" selected=is(Some(Role::User))>
                        "user"
                    </option>
                    <option value="admin" selected=is(Some(Role::Admin))>
                        "admin"
                    </option>
                </select>
            </div>
            <button r#type="submit" class="button">
                "Search"
            </button>
        </form>
    })
}

fn found(page: &UserPage, filter: &Filter) -> AnyView {
    let count = u32::try_from(page.users.len()).unwrap_or(u32::MAX);
    let caption = match count {
        0 => "No account was found.".to_owned(),
        _ => format!("Accounts {} to {} of {}", filter.offset + 1, filter.offset + count, page.total),
    };
    let to = |offset: u32, text: &'static str| {
        let path = Filter { offset, ..filter.clone() }.path();
        view! { <a href=path>{text}</a> }
    };
    let previous = (filter.offset > 0).then(|| to(filter.offset.saturating_sub(page.page_size), "Previous page"));
    let next = (filter.offset + count < page.total).then(|| to(filter.offset + page.page_size, "Next page"));
    late(view! {
        {table("users-caption", caption, &COLUMNS, page.users.iter().map(row).collect())}
        <nav class="buttons" aria-label="Pages">
            {previous}
            {next}
        </nav>
    })
}

fn row(user: &UserSummary) -> AnyView {
    let email = user.email.clone();
    late(view! {
        <tr>
            <th scope="row">{email.clone()}</th>
            <td>{user.role.as_str()}</td>
            <td>{status(user)}</td>
            <td>{user.sessions}</td>
            <td>{user.last_seen_at.map_or_else(|| "never".into_any(), ago)}</td>
            <td>
                <a href=format!("{}/{}", paths::ADMIN_USERS, user.id)>
                    "Manage" <span class="visually-hidden">" " {email}</span>
                </a>
            </td>
        </tr>
    })
}

/// Whether sign-in is open to it.
pub fn status(user: &UserSummary) -> String {
    user.locked_until.map_or_else(|| "Active".to_owned(), |until| format!("Locked until {}", local_time(until)))
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use crate::shared::Role;
    use leptos_router::params::ParamsMap;

    #[test]
    fn what_is_looked_for_survives_the_url() {
        let filter = Filter { search: "a&b=c+d@e".to_owned(), role: Some(Role::Admin), offset: 50 };
        let mut query = ParamsMap::new();
        for (name, value) in [("search", "a&b=c+d@e"), ("role", "admin"), ("offset", "50")] {
            query.insert(name, value.to_owned());
        }
        assert_eq!(Filter::read(&query), filter);
        assert_eq!(Filter::default().path(), "/admin/users");
    }

    #[test]
    fn what_makes_no_sense_is_not_looked_for() {
        let mut query = ParamsMap::new();
        query.insert("role", "root".to_owned());
        query.insert("offset", "-1".to_owned());
        assert_eq!(Filter::read(&query), Filter::default());
    }
}
