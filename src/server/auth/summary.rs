//! What people see of sessions and events: names instead of headers, networks instead of addresses.

use super::device_name::device_name;
use crate::{
    server::{
        clock::Timestamp,
        id::{SessionId, UserId},
        store::model::{SecurityEvent, SessionRecord},
    },
    shared::{EndReason, wire},
};
use std::net::{IpAddr, Ipv6Addr};

/// The sessions of an account: the one that asks first, then the live ones, then those that ended, latest first.
pub fn sessions(records: &[SessionRecord], current: Option<SessionId>, now: Timestamp) -> Vec<wire::SessionSummary> {
    let mut sessions: Vec<_> = records.iter().map(|record| session(record, current, now)).collect();
    sessions.sort_by_key(|session| {
        let latest = session.ended_at.unwrap_or(session.last_seen_at);
        (!session.current, session.ended_at.is_some(), std::cmp::Reverse(latest))
    });
    sessions
}

fn session(record: &SessionRecord, current: Option<SessionId>, now: Timestamp) -> wire::SessionSummary {
    let ended = end(record, now);
    wire::SessionSummary {
        id: record.id.to_string(),
        name: device_name(&record.client.user_agent),
        current: current == Some(record.id),
        network: network(&record.client.ip),
        signed_in_at: record.created_at.as_secs(),
        last_seen_at: record.last_seen_at.as_secs(),
        ended_at: ended.map(|(at, _)| at.as_secs()),
        end_reason: ended.map(|(_, reason)| reason),
    }
}

/// When and why a session ended, be it that somebody ended it or that it ran out.
fn end(record: &SessionRecord, now: Timestamp) -> Option<(Timestamp, EndReason)> {
    let ran_out = if record.absolute_expires_at <= record.idle_expires_at {
        (record.absolute_expires_at, EndReason::Absolute)
    } else {
        (record.idle_expires_at, EndReason::Idle)
    };
    record.ended.or_else(|| (now >= ran_out.0).then_some(ran_out))
}

/// The events in the list of an account, or in the site's.
pub fn events(events: &[SecurityEvent], of: Option<UserId>) -> Vec<wire::Event> {
    events.iter().map(|event| self::event(event, of)).collect()
}

fn event(event: &SecurityEvent, of: Option<UserId>) -> wire::Event {
    let device = if event.client.user_agent.is_empty() { String::new() } else { device_name(&event.client.user_agent) };
    wire::Event {
        kind: event.kind,
        at: event.at.as_secs(),
        by_admin: event.actor_id.is_some(),
        account_id: event.user_id.filter(|_| event.user_id != of).map(|id| id.to_string()),
        device,
        network: network(&event.client.ip),
        detail: event.detail.clone(),
    }
}

/// The address without the part that tells one household or office from its neighbours: IPv4 without its last byte,
/// IPv6 without everything after its first 48 bits.
fn network(ip: &str) -> String {
    match ip.parse::<IpAddr>() {
        Ok(ip) if ip.is_loopback() => "this machine".to_owned(),
        Ok(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.x")
        }
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn an_address_loses_its_last_part() {
        assert_eq!(network("203.0.113.77"), "203.0.113.x");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
        assert_eq!(network("127.0.0.1"), "this machine");
        assert_eq!(network("::1"), "this machine");
        assert_eq!(network(""), "");
    }
}
