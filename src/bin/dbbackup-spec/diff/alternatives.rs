//! Alternatives: `oneOf` and `anyOf`, that come, go, or are compared one by one.

use std::slice::from_ref;

use super::schemas::{self, Parts, Shape};
use super::{Comparison, Direction, Label, Labels, Scope};
use crate::at::At;

/// Compares a schema with one that it is an alternative of, in either order; false if they are no such.
pub(super) fn compare_all(
    scope: &mut Scope<'_, '_>,
    (old, before): (&[At<'_>], &Shape<'_>),
    (new, after): (&[At<'_>], &Shape<'_>),
) -> bool {
    match (list(before), list(after)) {
        (None, Some(list)) if takes_in(scope, old, list, Order::OldFirst) => {
            scope.judge(Labels::WIDER, list, "It may have other forms now.");
            true
        }
        (Some(list), None) if takes_in(scope, new, list, Order::NewFirst) => {
            let at = new.first().unwrap_or(list);
            scope.judge(Labels::NARROWER, at, "It has one of its forms alone now.");
            true
        }
        _ => false,
    }
}

/// The alternatives that a schema consists of.
fn list<'a, 'b>(shape: &'b Shape<'a>) -> Option<&'b At<'a>> {
    let (keyword, parts) = shape.only_keyword()?;
    match (keyword, parts) {
        ("oneOf" | "anyOf", [list]) => Some(list),
        _ => None,
    }
}

/// Which of the two contracts has the schema that is no list.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    OldFirst,
    NewFirst,
}

/// Whether one of the alternatives takes all that the schema takes.
fn takes_in(scope: &Scope<'_, '_>, schema: &[At<'_>], list: &At<'_>, order: Order) -> bool {
    let is_wider = |(_, variant): (String, At<'_>)| {
        let [old, new] = [&scope.comparison.old, &scope.comparison.new];
        let (old, new) = match order {
            Order::OldFirst => (old, new),
            Order::NewFirst => (new, old),
        };
        let mut trial = Comparison::new(old.clone(), new.clone());
        let mut request = trial.message("", Direction::Request);
        schemas::compare(&mut request, schema, from_ref(&variant));
        let mut labels = trial.found.keys().map(|(label, ..)| *label);
        labels.all(|label| label != Label::Breaking)
    };
    list.members().into_iter().any(is_wider)
}

/// Compares alternatives: equal ones are set aside, the others compared in their order, if they are
/// as many as before.
pub(super) fn compare(scope: &mut Scope<'_, '_>, old: &At<'_>, new: &At<'_>) {
    let mut added: Parts<'_> = new.members().into_iter().map(|(_, at)| at).collect();
    let mut removed = Vec::new();
    for (_, variant) in old.members() {
        match added.iter().position(|other| other.is_same(&variant)) {
            Some(index) => drop(added.remove(index)),
            None => removed.push(variant),
        }
    }
    if removed.len() == added.len() {
        let pairs = removed.iter().zip(&added);
        pairs.for_each(|(old, new)| schemas::compare(scope, from_ref(old), from_ref(new)));
        return;
    }
    for variant in &removed {
        scope.judge(Labels::NARROWER, variant, "The alternative was removed.");
    }
    for variant in &added {
        scope.judge(Labels::WIDER, variant, "The alternative was added.");
    }
}
