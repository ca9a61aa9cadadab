//! Refused values.

use std::borrow::Cow;
use std::fmt;

/// A value that breaks a documented rule; nothing was sent.
///
/// The message names the field, the rule and what is wrong with the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    field: &'static str,
    rule: Cow<'static, str>,
    fault: String,
}

impl InvalidValue {
    pub(crate) fn new(
        field: &'static str,
        rule: impl Into<Cow<'static, str>>,
        fault: String,
    ) -> Self {
        let rule = rule.into();
        Self { field, rule, fault }
    }

    /// The field that the value was meant for.
    pub fn field(&self) -> &'static str {
        self.field
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} must be {}, but it {}",
            self.field, self.rule, self.fault
        )
    }
}

impl std::error::Error for InvalidValue {}
