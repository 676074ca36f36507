//! Validates egress rules: protocol, ports, ICMP type and code, destinations.
//!
//! Source: "What desire refuses" of the API.

use std::net::{IpAddr, Ipv6Addr};

use super::InvalidField;
use crate::bbs::json::JsonPath;
use crate::bbs::wire::SecurityGroupRule;

/// Returns the rule if the server does not accept it. The server's error does not name the field inside the rule.
pub(super) fn check(rule: &SecurityGroupRule, path: &JsonPath) -> Option<InvalidField> {
    let message = "Invalid field: egress_rules".to_owned();
    let requirement = requirement(rule);
    (!is_valid(rule)).then(|| InvalidField { message, path: path.clone(), rule: Some(requirement) })
}

/// Returns what the server requires of a rule with this protocol.
fn requirement(rule: &SecurityGroupRule) -> &'static str {
    match rule.protocol.as_ref() {
        b"tcp" => "tcp needs destinations, and either ports or an ascending port_range, from 1 on",
        b"udp" => "udp needs destinations, and either ports or an ascending port_range; it cannot be logged",
        b"icmp" | b"icmpv6" => "icmp needs destinations and icmp_info, without ports; it cannot be logged",
        b"all" => "all needs destinations, without ports and icmp_info",
        _ => "protocol must be tcp, udp, icmp, icmpv6 or all",
    }
}

/// Returns whether the server accepts the rule.
fn is_valid(rule: &SecurityGroupRule) -> bool {
    let protocol_valid = match rule.protocol.as_ref() {
        b"tcp" => has_valid_ports(rule) && rule.icmp_info.is_none(),
        b"udp" => has_valid_ports(rule) && rule.icmp_info.is_none() && !rule.log,
        b"icmp" | b"icmpv6" => !sets_ports(rule) && rule.icmp_info.is_some() && !rule.log,
        b"all" => !sets_ports(rule) && rule.icmp_info.is_none(),
        _ => false,
    };
    protocol_valid
        && !rule.destinations.is_empty()
        && rule.destinations.iter().all(|list| is_destination_list(list))
}

fn sets_ports(rule: &SecurityGroupRule) -> bool {
    rule.port_range.is_some() || !rule.ports.is_empty()
}

/// Requires ports or a port range, but not both.
fn has_valid_ports(rule: &SecurityGroupRule) -> bool {
    match &rule.port_range {
        Some(range) => rule.ports.is_empty() && range.start >= 1 && range.start <= range.end,
        None => !rule.ports.is_empty() && rule.ports.iter().all(|port| *port >= 1),
    }
}

/// Accepts comma-separated addresses, networks (`10.0.0.0/8`) and ranges (`10.0.0.1-10.0.0.9`).
fn is_destination_list(list: &[u8]) -> bool {
    std::str::from_utf8(list).is_ok_and(|list| list.split(',').all(is_destination))
}

fn is_destination(destination: &str) -> bool {
    if let Some((first, last)) = destination.split_once('-') {
        return matches!((address(first), address(last)), (Some(first), Some(last)) if first <= last);
    }
    match destination.split_once('/') {
        Some((network, length)) => is_network(network, length),
        None => address(destination).is_some(),
    }
}

fn is_network(network: &str, length: &str) -> bool {
    let longest = match network.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    length.parse().is_ok_and(|length: u8| length <= longest)
}

fn address(text: &str) -> Option<Ipv6Addr> {
    match text.parse().ok()? {
        IpAddr::V4(address) => Some(address.to_ipv6_mapped()),
        IpAddr::V6(address) => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bbs::wire::{IcmpInfo, PortRange};

    fn rule(protocol: &'static str) -> SecurityGroupRule {
        SecurityGroupRule {
            protocol: protocol.into(),
            destinations: vec!["10.0.0.0/8".into()],
            ..SecurityGroupRule::default()
        }
    }

    #[test]
    fn tcp_and_udp_require_ports_and_all_forbids_them() {
        for (protocol, requires_ports) in [("tcp", true), ("udp", true), ("all", false)] {
            assert_eq!(is_valid(&rule(protocol)), !requires_ports, "{protocol} without ports");
            let some = SecurityGroupRule { ports: vec![80, 443], ..rule(protocol) };
            assert_eq!(is_valid(&some), requires_ports, "{protocol} with ports");
            let range =
                SecurityGroupRule { port_range: Some(PortRange { start: 1, end: 2 }), ..rule(protocol) };
            assert_eq!(is_valid(&range), requires_ports, "{protocol} with a range");
            assert!(!is_valid(&SecurityGroupRule { ports: vec![80], ..range }), "{protocol} with both");
        }
    }

    #[test]
    fn a_port_range_ascends_from_at_least_one() {
        for (start, end, valid) in [(0, 5, false), (5, 4, false), (5, 5, true)] {
            let port_range = Some(PortRange { start, end });
            assert_eq!(is_valid(&SecurityGroupRule { port_range, ..rule("tcp") }), valid, "{start}-{end}");
        }
        assert!(!is_valid(&SecurityGroupRule { ports: vec![0], ..rule("tcp") }));
    }

    #[test]
    fn icmp_requires_its_info_and_only_tcp_and_all_allow_logging() {
        let with_info =
            |protocol| SecurityGroupRule { icmp_info: Some(IcmpInfo::default()), ..rule(protocol) };
        assert!(is_valid(&with_info("icmp")) && !is_valid(&rule("icmp")) && !is_valid(&with_info("all")));
        assert!(!is_valid(&SecurityGroupRule { log: true, ..with_info("icmp") }));
        assert!(!is_valid(&SecurityGroupRule { log: true, ports: vec![1], ..rule("udp") }));
        assert!(is_valid(&SecurityGroupRule { log: true, ports: vec![1], ..rule("tcp") }));
        assert!(is_valid(&SecurityGroupRule { log: true, ..rule("all") }));
        assert!(!is_valid(&rule("sctp")));
    }

    #[test]
    fn destinations_are_addresses_networks_or_ranges() {
        let cases: [(&[&'static str], bool); 12] = [
            (&[], false),
            (&["10.0.0.1"], true),
            (&["fd00::1"], true),
            (&["10.0.0.0/8", "10.0.0.1-10.0.0.9"], true),
            (&["10.0.0.1,10.0.0.2"], true),
            (&["fd00::/64"], true),
            (&["10.0.0.0/33"], false),
            (&["10.0.0.9-10.0.0.1"], false),
            (&["10.0.0.1", "somewhere"], false),
            (&[""], false),
            (&["10.0.0.1-"], false),
            (&["somewhere/8"], false),
        ];
        for (destinations, valid) in cases {
            let destinations: Vec<_> = destinations.iter().map(|text| (*text).into()).collect();
            let text = format!("{destinations:?}");
            assert_eq!(is_valid(&SecurityGroupRule { destinations, ..rule("all") }), valid, "{text}");
        }
    }
}
