//! What travels with a call, past the generated client, to the transport and back.

use std::cell::RefCell;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::error::Error;

tokio::task_local! {
    /// The innermost call that is being made; none for users of a generated client.
    static CALL: Scope;
}

struct Scope {
    deadline: Instant,
    record: RefCell<CallRecord>,
}

/// What a call went through, for those who have to explain it.
#[derive(Debug, Default)]
pub(crate) struct CallRecord {
    /// Requests that were sent.
    pub(crate) attempts: u32,
    /// Whether the service may have acted on an attempt before the last one; not on one that reads.
    pub(crate) earlier_may_have_acted: bool,
    /// Whether it may have acted on the last one, or says that it has.
    pub(crate) last_may_have_acted: bool,
    /// `Date` of the last answer.
    pub(crate) date: Option<Timestamp>,
    /// Bytes of all answers.
    pub(crate) bytes: u64,
    /// A failure that a generated client cannot hand on, such as a refusal.
    pub(crate) failure: Option<Error>,
}

/// Makes a call that has to end by the deadline, and says what it went through.
///
/// The record belongs to this future alone: calls of the same client that run at the same time, also
/// in one task, have their own, and a call that is dropped takes its record along.
pub(crate) async fn recorded<T>(
    deadline: Instant,
    call: impl Future<Output = T>,
) -> (T, CallRecord) {
    let scope = Scope {
        deadline,
        record: RefCell::default(),
    };
    let call = async {
        let result = call.await;
        (result, CALL.with(|call| call.record.take()))
    };
    CALL.scope(scope, call).await
}

/// Adds to the record of the call, if there is one.
pub(super) fn note(change: impl FnOnce(&mut CallRecord)) {
    // Without a call there is nobody to read it.
    let _ = CALL.try_with(|call| change(&mut call.record.borrow_mut()));
}

/// When the call has to end, if one is being made.
pub(super) fn deadline() -> Option<Instant> {
    CALL.try_with(|call| call.deadline).ok()
}
