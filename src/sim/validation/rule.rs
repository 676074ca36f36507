//! What an egress rule must be: ports where the protocol has them, ICMP's numbers where it has those, and addresses.

use std::net::{IpAddr, Ipv6Addr};

use crate::bbs::wire::SecurityGroupRule;

/// Whether the server takes it. It does not say what is wrong inside a rule.
pub(super) fn is_right(rule: &SecurityGroupRule) -> bool {
    let fits = match rule.protocol.as_ref() {
        b"tcp" => has_ports(rule) && rule.icmp_info.is_none(),
        b"udp" => has_ports(rule) && rule.icmp_info.is_none() && !rule.log,
        b"icmp" | b"icmpv6" => !names_ports(rule) && rule.icmp_info.is_some() && !rule.log,
        b"all" => !names_ports(rule) && rule.icmp_info.is_none(),
        _ => false,
    };
    fits && !rule.destinations.is_empty() && rule.destinations.iter().all(|to| is_destination(to))
}

fn names_ports(rule: &SecurityGroupRule) -> bool {
    rule.port_range.is_some() || !rule.ports.is_empty()
}

/// Some ports or a range of them, and not both.
fn has_ports(rule: &SecurityGroupRule) -> bool {
    match &rule.port_range {
        Some(range) => rule.ports.is_empty() && range.start >= 1 && range.start <= range.end,
        None => !rule.ports.is_empty() && rule.ports.iter().all(|port| *port >= 1),
    }
}

/// An address, a network (`10.0.0.0/8`), a range (`10.0.0.1-10.0.0.9`), or some of these with commas in between.
fn is_destination(destination: &[u8]) -> bool {
    std::str::from_utf8(destination).is_ok_and(|destination| destination.split(',').all(is_reachable))
}

fn is_reachable(destination: &str) -> bool {
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
    fn ports_are_of_tcp_and_udp() {
        for (protocol, wants) in [("tcp", true), ("udp", true), ("all", false)] {
            assert_eq!(is_right(&rule(protocol)), !wants, "{protocol} without ports");
            let some = SecurityGroupRule { ports: vec![80, 443], ..rule(protocol) };
            assert_eq!(is_right(&some), wants, "{protocol} with ports");
            let range =
                SecurityGroupRule { port_range: Some(PortRange { start: 1, end: 2 }), ..rule(protocol) };
            assert_eq!(is_right(&range), wants, "{protocol} with a range");
            assert!(!is_right(&SecurityGroupRule { ports: vec![80], ..range }), "{protocol} with both");
        }
    }

    #[test]
    fn a_range_of_ports_goes_up_from_one() {
        for (start, end, right) in [(0, 5, false), (5, 4, false), (5, 5, true)] {
            let port_range = Some(PortRange { start, end });
            assert_eq!(is_right(&SecurityGroupRule { port_range, ..rule("tcp") }), right, "{start}-{end}");
        }
        assert!(!is_right(&SecurityGroupRule { ports: vec![0], ..rule("tcp") }));
    }

    #[test]
    fn icmp_has_its_numbers_and_only_tcp_and_all_are_logged() {
        let numbered =
            |protocol| SecurityGroupRule { icmp_info: Some(IcmpInfo::default()), ..rule(protocol) };
        assert!(is_right(&numbered("icmp")) && !is_right(&rule("icmp")) && !is_right(&numbered("all")));
        assert!(!is_right(&SecurityGroupRule { log: true, ..numbered("icmp") }));
        assert!(!is_right(&SecurityGroupRule { log: true, ports: vec![1], ..rule("udp") }));
        assert!(is_right(&SecurityGroupRule { log: true, ports: vec![1], ..rule("tcp") }));
        assert!(is_right(&SecurityGroupRule { log: true, ..rule("all") }));
        assert!(!is_right(&rule("sctp")));
    }

    #[test]
    fn destinations_are_addresses_networks_and_ranges() {
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
        for (destinations, right) in cases {
            let destinations: Vec<_> = destinations.iter().map(|one| (*one).into()).collect();
            let said = format!("{destinations:?}");
            assert_eq!(is_right(&SecurityGroupRule { destinations, ..rule("all") }), right, "{said}");
        }
    }
}
