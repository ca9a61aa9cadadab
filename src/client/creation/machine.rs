//! The decision what to do next; `mod.rs` has the drawing and the words for it.

/// What the caller wants, and what the service does for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Goal {
    /// A new backup.
    Create,
    /// One backup of a key, where the service refuses a second one of the same name.
    Ensure,
    /// One backup of a key, where it does not.
    EnsureAlone,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// List what is there.
    Survey,
    /// Pause and list: somebody else's post may show up until the window closes.
    Guard,
    /// Send the POST.
    Post,
    /// Wait a little for the instance.
    Rest,
    /// List, with pauses: a backup may show up until the window closes.
    Search(Doubt),
    /// Nothing more.
    End(End),
}

/// Why a backup is looked for after the POST.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Doubt {
    /// Whether the service acted is unknown.
    Lost,
    /// It did not, because there is a backup of this name.
    Taken,
    /// It did not, because the instance is busy, maybe with this very backup.
    Busy,
    /// None: it was accepted, and only has to show up.
    Accepted,
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// With the backup of the answer.
    Accepted,
    /// With a backup of the list.
    Found,
    /// With the service's refusal; there is no backup of this call.
    Refused,
    /// Without knowing; there may be one.
    Unknown,
    /// With the failure of the list; nothing was sent.
    Unlisted,
    /// Because the list does not show all; nothing was sent.
    Hidden,
    /// Because too many backups are being made; nothing was sent.
    Full,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// A list was read, or could not be.
    Look {
        sight: Sight,
        /// Whether it is the last one of the window.
        closing: bool,
    },
    /// The POST came to an end.
    Answer(Answer),
    /// The pause is over.
    Rested,
}

/// What a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// The backup of this call or key.
    Ours,
    /// Nothing that surely is it.
    Nothing,
    /// Failed backups of the key; the next name is free.
    Dead,
    /// Vanishing ones, too; their names will be free.
    Leaving,
    /// Nothing, but it does not show all.
    Hidden,
    /// So many that are being made that one more would drop others out of it.
    Full,
    /// Nothing, because it could not be read; before a plain create, where it cannot do without.
    Failed,
}

/// What the POST came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Accepted, with an id.
    Accepted,
    /// Likewise, under a name that only dead backups of the key have led to.
    Succeeded,
    /// Surely nothing was done.
    Refused,
    /// Likewise, because of the name.
    Taken,
    /// Likewise, because the instance is busy; it may be waited for.
    Busy { patient: bool },
    /// Anything may have happened.
    Lost,
}

impl Goal {
    /// The next state. What cannot happen in a state leaves it as it is.
    pub(super) fn next(self, state: State, event: Event) -> State {
        match (state, event) {
            (State::Survey, Event::Look { sight, .. }) => self.surveyed(sight),
            (State::Guard, Event::Look { sight, closing }) => self.guarded(sight, closing),
            (State::Post, Event::Answer(answer)) => self.answered(answer),
            (State::Rest, Event::Rested) => State::Survey,
            (State::Search(doubt), Event::Look { sight, closing }) => match (doubt, sight) {
                (_, Sight::Ours) => State::End(End::Found),
                (Doubt::Taken, Sight::Dead) => State::Post,
                (Doubt::Taken, Sight::Leaving) => State::Guard,
                _ if !closing => state,
                (Doubt::Lost, _) => State::End(End::Unknown),
                (Doubt::Accepted, _) => State::End(End::Accepted),
                _ => State::End(End::Refused),
            },
            _ => state,
        }
    }

    fn surveyed(self, sight: Sight) -> State {
        match (self, sight) {
            (_, Sight::Full) => State::End(End::Full),
            (_, Sight::Failed) => State::End(End::Unlisted),
            (Self::Create, _) => State::Post,
            (_, Sight::Ours) => State::End(End::Found),
            (_, Sight::Hidden) => State::End(End::Hidden),
            (Self::Ensure, Sight::Nothing | Sight::Dead) => State::Post,
            // If its name were free before its successor is listed, both could be made.
            (_, Sight::Leaving) => State::Guard,
            (Self::EnsureAlone, Sight::Nothing | Sight::Dead) => State::Guard,
        }
    }

    fn guarded(self, sight: Sight, closing: bool) -> State {
        match sight {
            Sight::Nothing | Sight::Dead | Sight::Leaving if closing => State::Post,
            Sight::Failed if closing => State::End(End::Unlisted),
            Sight::Nothing | Sight::Dead | Sight::Leaving | Sight::Failed => State::Guard,
            Sight::Ours => State::End(End::Found),
            Sight::Hidden => State::End(End::Hidden),
            Sight::Full => State::End(End::Full),
        }
    }

    fn answered(self, answer: Answer) -> State {
        match (self, answer) {
            (_, Answer::Accepted) => State::End(End::Accepted),
            (_, Answer::Succeeded) => State::Search(Doubt::Accepted),
            (_, Answer::Lost) => State::Search(Doubt::Lost),
            (_, Answer::Busy { patient: true }) => State::Rest,
            (Self::Create, _) | (_, Answer::Refused) => State::End(End::Refused),
            (_, Answer::Taken) => State::Search(Doubt::Taken),
            (_, Answer::Busy { patient: false }) => State::Search(Doubt::Busy),
        }
    }
}

#[cfg(test)]
mod tests;
