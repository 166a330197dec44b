//! The description of every call, for people: a page without scripts, made from the OpenAPI document.

use super::{config::Settings, document::Document, openapi, state::AppState};
use crate::shared::paths;
use axum::{Router, response::Html, routing::get};
use leptos::prelude::*;
use serde_json::Value;

/// `GET /docs/api`. The page never changes while the server runs, so it is rendered once.
pub fn router(settings: &Settings) -> Router<AppState> {
    let description = serde_json::from_str(&openapi::document(settings)).unwrap_or_default();
    let page = page(&Description(description), &settings.origin());
    Router::new().route(paths::API_DOCS, get(async move || Html(page.clone())))
}

/// The media type of every error.
const PROBLEM: &str = "application/problem+json";

struct Description(Value);

/// One call of the document.
struct Call<'a> {
    method: String,
    path: &'a str,
    said: &'a Value,
}

impl Description {
    /// What a reference points to, or the value itself.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        value["$ref"].as_str().and_then(|reference| self.0.pointer(reference.trim_start_matches('#'))).unwrap_or(value)
    }

    fn calls<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = Call<'a>> {
        members(&self.0["paths"])
            .flat_map(|(path, methods)| members(methods).map(move |(method, said)| (path, method, said)))
            .filter(move |(.., said)| said["tags"][0] == tag)
            .map(|(path, method, said)| Call { method: method.to_uppercase(), path, said })
    }

    /// The codes that an answer may carry.
    fn codes<'a>(&'a self, response: &'a Value) -> impl Iterator<Item = &'a str> {
        let schema = &self.resolve(response)["content"][PROBLEM]["schema"];
        schema["properties"]["code"]["enum"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }
}

impl Call<'_> {
    fn id(&self) -> String {
        text(&self.said["operationId"])
    }

    fn body(&self) -> &Value {
        &self.said["requestBody"]["content"]["application/json"]
    }

    fn needs(&self, scheme: &str) -> bool {
        self.said["security"].as_array().is_some_and(|any| any.iter().any(|one| one.get(scheme).is_some()))
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        self.said["parameters"].as_array().into_iter().flatten()
    }

    /// The call with curl alone. `jar` keeps the refresh cookies.
    fn curl(&self, origin: &str) -> String {
        let query = self.parameters().map(|one| format!("{}={}", text(&one["name"]), text(&one["example"])));
        let query = query.collect::<Vec<_>>().join("&");
        let mut words = Vec::new();
        if self.method != "GET" && self.method != "POST" {
            words.push(format!("-X {}", self.method));
        }
        if self.path.starts_with(paths::AUTH) {
            words.push("-b jar -c jar".to_owned());
        }
        if self.needs("accessToken") {
            words.push(r#"-H "Authorization: Bearer $ACCESS_TOKEN""#.to_owned());
        }
        if self.body().is_object() {
            words.push(format!("-H 'Content-Type: application/json' -d '{}'", self.body()["example"]));
        }
        let separator = if query.is_empty() { "" } else { "?" };
        words.push(format!("'{origin}{}{separator}{query}'", self.path));
        format!("curl {}", words.join(" \\\n  "))
    }
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (&**name, value))
}

/// A string without its quotes, nothing as nothing, and the rest as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The name of the schema that a reference points to.
fn schema_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/components/schemas/")
}

fn page(described: &Description, origin: &str) -> String {
    let info = &described.0["info"];
    let walls = &described.0["components"]["responses"]["Problem"];
    let tags = described.0["tags"].as_array().into_iter().flatten();
    let parts = tags.map(|tag| part(described, tag, origin)).collect_view();
    let schemas = members(&described.0["components"]["schemas"]).map(|(name, schema)| schema_view(name, schema));
    let main = view! {
        <div class="stack">
            <h1>"The calls"</h1>
            <p>{text(&info["description"])}</p>
            <p>
                "For programs: " <a href=paths::OPENAPI>"the same as an OpenAPI document"</a> ", version "
                {text(&info["version"])} "."
            </p>
        </div>
        <p>{text(&walls["description"])} {code_links(described, walls)}</p>
        {parts}
        <section class="stack" aria-labelledby="schemas">
            <h2 id="schemas">"What the bodies hold"</h2>
            {schemas.collect_view()}
        </section>
    };
    let nothing = || ().into_any();
    Document { path: paths::API_DOCS, title: "The calls", head: nothing(), above: nothing(), main: main.into_any() }
        .render()
}

fn part(described: &Description, tag: &Value, origin: &str) -> impl IntoView + use<> {
    let name = text(&tag["name"]);
    let calls = described.calls(&name).map(|call| call_view(described, &call, origin)).collect_view();
    view! {
        <section class="stack" aria-labelledby=name.clone()>
            <h2 id=name.clone()>{name.clone()}</h2>
            <p>{text(&tag["description"])}</p>
            {calls}
        </section>
    }
}

fn call_view(described: &Description, call: &Call, origin: &str) -> impl IntoView + use<> {
    let needs = match (call.needs("accessToken"), call.needs("refreshCookie")) {
        (true, true) => "Refresh cookie or access token, if there is one",
        (true, false) => "Access token",
        (false, true) => "Refresh cookie",
        (false, false) => "Nothing",
    };
    let parameters = call.parameters().map(|one| {
        let needed = if one["required"] == true { ", required" } else { "" };
        view! {
            <dt>"In the query: " <code>{text(&one["name"])}</code> {needed}</dt>
            <dd>{text(&one["description"])} " " {kind(&one["schema"])}</dd>
        }
    });
    let body = schema_name(&call.body()["schema"]).map(|name| {
        view! {
            <dt>"Body"</dt>
            <dd>{schema_link(name)}</dd>
        }
    });
    let answers = members(&call.said["responses"]).filter(|(status, _)| *status != "default");
    let answers = answers.map(|(status, response)| answer(described, status, response));
    view! {
        <article id=call.id() class="card stack">
            <h3>
                <code>{call.method.clone()} " " {call.path.to_owned()}</code>
            </h3>
            <p>
                <strong>{text(&call.said["summary"])} ". "</strong>
                {text(&call.said["description"])}
            </p>
            <dl class="facts">
                <dt>"Needs"</dt>
                <dd>{needs}</dd>
                {parameters.collect_view()}
                {body}
            </dl>
            <pre class="sample">{call.curl(origin)}</pre>
            <table class="codes">
                <thead>
                    <tr>
                        <th scope="col">"Status"</th>
                        <th scope="col">"What it says"</th>
                    </tr>
                </thead>
                <tbody>{answers.collect_view()}</tbody>
            </table>
        </article>
    }
}

fn answer(described: &Description, status: &str, response: &Value) -> impl IntoView + use<> {
    let said = described.resolve(response);
    let success = members(&said["content"]).find(|(media_type, _)| *media_type != PROBLEM).map(|(_, media)| media);
    let example = success.and_then(|success| success.get("example")).map(|example| {
        let pretty = serde_json::to_string_pretty(example).unwrap_or_default();
        view! { <pre class="sample">{pretty}</pre> }
    });
    view! {
        <tr>
            <th scope="row">{status.to_owned()}</th>
            <td>
                {text(&said["description"])} {code_links(described, response)}
                {success.and_then(|success| schema_name(&success["schema"])).map(|name| view! { " " {schema_link(name)} })} {example}
            </td>
        </tr>
    }
}

fn code_links(described: &Description, response: &Value) -> impl IntoView + use<> {
    let links = described.codes(response).map(|code| {
        let href = format!("{}#{code}", paths::PROBLEMS);
        view! {
            " "
            <a href=href>
                <code>{code.to_owned()}</code>
            </a>
        }
    });
    links.collect_view()
}

fn schema_view(name: &str, schema: &Value) -> impl IntoView + use<> {
    let required = |member: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == member));
    let rows = members(&schema["properties"]).map(|(member, said)| {
        let absent = if required(member) { "" } else { " (may be absent)" };
        view! {
            <dt>
                <code>{member.to_owned()}</code>
                {absent}
            </dt>
            <dd>{kind(said)} " " {text(&said["description"])}</dd>
        }
    });
    let words = schema["enum"].as_array().map(|words| words.iter().map(text).collect::<Vec<_>>().join(", "));
    view! {
        <article class="card stack">
            <h3 id=schema_id(name)>{name.to_owned()}</h3>
            <p>{text(&schema["description"])} " " {words.map(|words| view! { <code>{words}</code> })}</p>
            {schema.get("properties").is_some().then(|| view! { <dl class="facts">{rows.collect_view()}</dl> })}
        </article>
    }
}

/// The type of a member: a link to its schema, or the JSON type with what bounds it.
fn kind(schema: &Value) -> AnyView {
    let items = &schema["items"];
    match (schema_name(schema), schema_name(items)) {
        (Some(name), _) => schema_link(name).into_any(),
        (None, Some(name)) => view! { "array of " {schema_link(name)} }.into_any(),
        (None, None) => {
            let bounds = ["const", "minLength", "maxLength", "minimum", "maximum"];
            let bounds = bounds.into_iter().filter_map(|name| Some(format!(", {name} {}", schema.get(name)?)));
            format!("{}{}.", text(&schema["type"]), bounds.collect::<String>()).into_any()
        }
    }
}

fn schema_link(name: &str) -> impl IntoView + use<> {
    view! { <a href=format!("#{}", schema_id(name))>{name.to_owned()}</a> }
}

fn schema_id(name: &str) -> String {
    format!("schema-{name}")
}
