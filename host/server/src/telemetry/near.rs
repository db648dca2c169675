//! Limits that come near: which are told of, and what is to be done about each.

use hothouse_diff::Used;
use hothouse_runtime::{Bound, CallKind, is_near};

use crate::limits::Limit;

/// Code of the log line.
pub(crate) const NEAR_LIMIT: &str = "near-limit";

/// Every limit that is told of before it is reached, and what helps.
pub(super) const ADVICE: &[(Limit, &str)] = &[
    (Limit::EventCpu, "do less in one callback"),
    (Limit::MountCpu, "do less while mounting"),
    (Limit::RenderCpu, "render less, for example a page of a list"),
    (Limit::TaskCpu, "do less in one task"),
    (Limit::Memory, "keep less state in the view"),
    (Limit::Effects, "return fewer effects from one callback"),
    (Limit::Diff, "change less at once, for example a page of a list"),
    (Limit::Full, "render less, for example a page of a list"),
    (Limit::Nodes, "render fewer nodes and rows, for example a page of a list"),
    (Limit::Depth, "nest less"),
    (Limit::LogLines, "log less"),
    (Limit::Sockets, "serve the app from one more server"),
    (Limit::Instances, "serve the app from one more server"),
    (Limit::Tasks, "start fewer tasks at once"),
    (Limit::TotalMemory, "keep less state in views, or serve the app from one more server"),
];

/// What helps against a limit, beside a higher one.
pub(super) fn advice(limit: Limit) -> &'static str {
    ADVICE.iter().find(|(told, _)| *told == limit).map_or("use less of it", |(_, advice)| advice)
}

/// The limit that the runtime means.
pub(super) fn limit(bound: Bound, call: CallKind) -> Limit {
    match bound {
        Bound::Cpu => match call {
            CallKind::Load | CallKind::Mount | CallKind::Restore => Limit::MountCpu,
            CallKind::Render => Limit::RenderCpu,
            CallKind::RunTask => Limit::TaskCpu,
            CallKind::Connected
            | CallKind::HandleParams
            | CallKind::HandleEvent
            | CallKind::HandleInfo
            | CallKind::HandleTask
            | CallKind::ComponentsRemoved
            | CallKind::Snapshot
            | CallKind::Terminate => Limit::EventCpu,
        },
        Bound::Memory => Limit::Memory,
        Bound::TotalMemory => Limit::TotalMemory,
        Bound::Effects => Limit::Effects,
        Bound::LogLines => Limit::LogLines,
    }
}

/// What a document came near to: the limit, how much of it was used, and of how much.
pub(super) fn of_document(
    used: Used,
    limits: &hothouse_diff::Limits,
) -> impl Iterator<Item = (Limit, u64, u64)> + use<> {
    let bytes = if used.is_full {
        (Limit::Full, used.bytes, limits.max_full_bytes)
    } else {
        (Limit::Diff, used.bytes, limits.max_diff_bytes)
    };
    [bytes, (Limit::Nodes, used.nodes, limits.max_nodes), (Limit::Depth, used.depth, limits.max_depth)]
        .into_iter()
        .map(|(limit, used, max)| (limit, used as u64, max as u64))
        .filter(|(_, used, max)| is_near(*used, *max))
}

#[cfg(test)]
mod tests {
    use hothouse_diff::{Limits, Used};

    use super::{ADVICE, of_document};
    use crate::limits::Limit;

    #[test]
    fn a_document_is_near_to_what_it_uses_four_fifths_of() {
        let limits = Limits {
            max_diff_bytes: 100,
            max_full_bytes: 200,
            max_nodes: 10,
            max_depth: 5,
            max_components: 5,
        };
        let near = |bytes, is_full, nodes, depth| -> Vec<Limit> {
            of_document(Used { bytes, is_full, nodes, depth }, &limits).map(|(limit, ..)| limit).collect()
        };
        assert_eq!(near(79, false, 7, 3), []);
        assert_eq!(near(80, false, 8, 4), [Limit::Diff, Limit::Nodes, Limit::Depth]);
        assert_eq!(near(159, true, 0, 0), []);
        assert_eq!(near(160, true, 0, 0), [Limit::Full]);
    }

    #[test]
    fn the_reference_says_which_limits_are_told_of() {
        let reference = include_str!("../../../../docs/reference/limits.md");
        let (_, section) = reference.split_once("## Before a limit is reached").unwrap();
        for limit in Limit::ALL {
            let is_told = ADVICE.iter().any(|(told, _)| told == limit);
            assert_eq!(section.contains(&format!("`{}`", limit.name())), is_told, "{}", limit.name());
        }
    }
}
