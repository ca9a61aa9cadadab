//! Whether a call is sent again: a pure decision, by the table in `mod.rs`.

use crate::error::codes::{self, Signal};
use crate::service::Operation;

/// How freely a call may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It changes nothing.
    Read,
    /// A second one finds nothing left to delete.
    Delete,
    /// A second one may do it twice.
    Change,
}

impl Rule {
    pub(crate) fn of(operation: Operation) -> Self {
        match operation {
            Operation::DeleteBackup => Self::Delete,
            change if change.changes() => Self::Change,
            _ => Self::Read,
        }
    }
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer with 2xx, whole.
    Accepted,
    /// An answer with 2xx that broke off.
    BrokenOff,
    /// Any other answer: its status, and the vendor's code.
    Refused(u16, Option<String>),
    /// There was no connection, so nothing was sent.
    Unconnected,
    /// The other side could not prove who it is, or the URL cannot be used; nothing was sent.
    Unsendable,
    /// The connection broke or the time was up after the request may have been sent.
    Lost,
}

impl Outcome {
    /// Whether the service may have acted although its answer does not say so.
    ///
    /// Of all refusals only a 4xx says that it has not, but for 408: with a redirect some servers answer
    /// what they have done.
    pub(crate) fn may_have_acted(&self) -> bool {
        match self {
            Self::Accepted | Self::Unconnected | Self::Unsendable => false,
            Self::BrokenOff | Self::Lost => true,
            Self::Refused(status, _) => *status == 408 || !(400..=499).contains(status),
        }
    }
}

/// What is known of a call besides its last attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Situation {
    pub(crate) rule: Rule,
    /// Whether there may be another attempt.
    pub(crate) has_attempts: bool,
    /// Whether the token can be renewed, and was not yet.
    pub(crate) can_renew: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Stop,
    /// Wait, and make another attempt.
    Again,
    /// Get a new token, and make another attempt.
    Renew,
}

/// Follows the table.
pub(crate) fn decide(outcome: &Outcome, situation: Situation) -> Decision {
    // Whatever its code says.
    if situation.rule == Rule::Change && outcome.may_have_acted() {
        return Decision::Stop;
    }
    let is_transient = match outcome {
        Outcome::Accepted | Outcome::Unsendable => false,
        Outcome::Unconnected => true,
        Outcome::Lost => true,
        Outcome::BrokenOff => situation.rule == Rule::Read,
        Outcome::Refused(status, code) => {
            let code = code.as_deref().unwrap_or_default();
            let signal = codes::signal(code);
            if *status == 401 || signal == Some(Signal::StaleToken) {
                return if situation.can_renew {
                    Decision::Renew
                } else {
                    Decision::Stop
                };
            }
            match status {
                429 | 500 | 502 | 503 | 504 => true,
                _ => signal == Some(Signal::Throttled),
            }
        }
    };
    if is_transient && situation.has_attempts {
        Decision::Again
    } else {
        Decision::Stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: Situation = Situation {
        rule: Rule::Read,
        has_attempts: true,
        can_renew: false,
    };

    fn refused(status: u16, code: &str) -> Outcome {
        Outcome::Refused(status, Some(code.to_owned()))
    }

    #[test]
    fn each_row_of_the_table_holds() {
        use Decision::{Again, Stop};
        let rows = [
            (Outcome::Unconnected, [Again, Again, Again]),
            (Outcome::Unsendable, [Stop, Stop, Stop]),
            (Outcome::Lost, [Again, Again, Stop]),
            (Outcome::BrokenOff, [Again, Stop, Stop]),
            (refused(429, ""), [Again, Again, Again]),
            (refused(403, "APIGW.0308"), [Again, Again, Again]),
            (refused(408, "APIGW.0308"), [Again, Again, Stop]),
            (refused(599, "APIGW.0308"), [Again, Again, Stop]),
            (refused(303, "APIGW.0308"), [Again, Again, Stop]),
            (refused(307, "APIGW.0308"), [Again, Again, Stop]),
            (refused(302, ""), [Stop, Stop, Stop]),
            (refused(500, ""), [Again, Again, Stop]),
            (refused(502, ""), [Again, Again, Stop]),
            (refused(503, "DBS.200005"), [Again, Again, Stop]),
            (Outcome::Refused(504, None), [Again, Again, Stop]),
            (refused(501, ""), [Stop, Stop, Stop]),
            (refused(408, ""), [Stop, Stop, Stop]),
            (refused(401, "APIGW.0307"), [Stop, Stop, Stop]),
            (refused(409, "DBS.201202"), [Stop, Stop, Stop]),
            (refused(400, "DBS.200001"), [Stop, Stop, Stop]),
            (Outcome::Accepted, [Stop, Stop, Stop]),
        ];
        for (outcome, decisions) in rows {
            for (rule, decision) in [Rule::Read, Rule::Delete, Rule::Change]
                .into_iter()
                .zip(decisions)
            {
                let situation = Situation { rule, ..FREE };
                assert_eq!(
                    decide(&outcome, situation),
                    decision,
                    "{outcome:?} {rule:?}"
                );
                let last = Situation {
                    has_attempts: false,
                    ..situation
                };
                assert_eq!(decide(&outcome, last), Stop, "{outcome:?} {rule:?}");
            }
        }
    }

    #[test]
    fn a_stale_token_is_renewed_even_for_a_change() {
        let situation = Situation {
            rule: Rule::Change,
            can_renew: true,
            ..FREE
        };
        for outcome in [
            Outcome::Refused(401, None),
            refused(401, "APIGW.0301"),
            refused(403, "APIGW.0307"),
            refused(403, "DBS.280056"),
        ] {
            assert_eq!(decide(&outcome, situation), Decision::Renew);
        }
        for unsure in [refused(502, "APIGW.0307"), refused(500, "DBS.280056")] {
            assert_eq!(decide(&unsure, situation), Decision::Stop);
            let read = Situation {
                rule: Rule::Read,
                ..situation
            };
            assert_eq!(decide(&unsure, read), Decision::Renew);
        }
        let forbidden = refused(403, "DBS.200010");
        assert_eq!(decide(&forbidden, situation), Decision::Stop);
    }
}
