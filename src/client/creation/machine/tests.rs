//! Every row of the decision, and every walk through it.

use std::collections::HashSet;

use super::Answer::{Accepted, Lost, Refused, Succeeded, Taken};
use super::Goal::{Create, Ensure, EnsureAlone};
use super::Sight::{Dead, Failed, Full, Hidden, Leaving, Nothing, Ours};
use super::State::{Guard, Post, Rest, Search, Survey};
use super::*;

const GOALS: [Goal; 3] = [Create, Ensure, EnsureAlone];
const SIGHTS: [Sight; 7] = [Ours, Nothing, Dead, Leaving, Hidden, Full, Failed];
const BUSY: Answer = Answer::Busy { patient: false };
const PATIENT: Answer = Answer::Busy { patient: true };
const ANSWERS: [Answer; 7] = [Accepted, Succeeded, Refused, Taken, BUSY, PATIENT, Lost];
const FOUND: State = State::End(End::Found);
const REFUSED: State = State::End(End::Refused);
const UNKNOWN: State = State::End(End::Unknown);
const UNLISTED: State = State::End(End::Unlisted);
const HIDDEN: State = State::End(End::Hidden);
const FULL: State = State::End(End::Full);
const ACCEPTED: State = State::End(End::Accepted);

/// Events that can happen in a state.
fn events(state: State) -> Vec<Event> {
    let looks = [false, true]
        .into_iter()
        .flat_map(|closing| SIGHTS.map(|sight| Event::Look { sight, closing }));
    match state {
        Survey | Guard | Search(_) => looks.collect(),
        Post => ANSWERS.map(Event::Answer).to_vec(),
        Rest => vec![Event::Rested],
        State::End(_) => Vec::new(),
    }
}

#[test]
fn each_look_leads_where_the_table_says() {
    let lost = Search(Doubt::Lost);
    let accepted = Search(Doubt::Accepted);
    let taken = Search(Doubt::Taken);
    let busy = Search(Doubt::Busy);
    let keys: &[Goal] = &[Ensure, EnsureAlone];
    #[rustfmt::skip] // One row on one line.
    // In the order of SIGHTS: ours, nothing, dead, leaving, hidden, full, failed.
    let rows: [(&[Goal], State, bool, [State; 7]); 13] = [
        (&[Create], Survey, false, [Post, Post, Post, Post, Post, FULL, UNLISTED]),
        (&[Ensure], Survey, false, [FOUND, Post, Post, Guard, HIDDEN, FULL, UNLISTED]),
        (&[EnsureAlone], Survey, false, [FOUND, Guard, Guard, Guard, HIDDEN, FULL, UNLISTED]),
        (keys, Guard, false, [FOUND, Guard, Guard, Guard, HIDDEN, FULL, Guard]),
        (keys, Guard, true, [FOUND, Post, Post, Post, HIDDEN, FULL, UNLISTED]),
        (&GOALS, lost, false, [FOUND, lost, lost, lost, lost, lost, lost]),
        (&GOALS, lost, true, [FOUND, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]),
        (&GOALS, accepted, false, [FOUND, accepted, accepted, accepted, accepted, accepted, accepted]),
        (&GOALS, accepted, true, [FOUND, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED]),
        (keys, taken, false, [FOUND, taken, Post, Guard, taken, taken, taken]),
        (keys, taken, true, [FOUND, REFUSED, Post, Guard, REFUSED, REFUSED, REFUSED]),
        (keys, busy, false, [FOUND, busy, busy, busy, busy, busy, busy]),
        (keys, busy, true, [FOUND, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED]),
    ];
    let rows = rows
        .into_iter()
        .flat_map(|(goals, state, closing, expected)| {
            goals
                .iter()
                .map(move |goal| (*goal, state, closing, expected))
        });
    let mut covered = HashSet::new();
    for (goal, state, closing, expected) in rows {
        // The first list has no window.
        let closings = [closing, closing || state == Survey];
        for closing in closings {
            for (sight, next) in SIGHTS.into_iter().zip(expected) {
                let event = Event::Look { sight, closing };
                assert_eq!(
                    goal.next(state, event),
                    next,
                    "{goal:?} {state:?} {event:?}"
                );
                covered.insert((goal, state, closing));
            }
        }
    }
    for goal in GOALS {
        let looking = reached(goal).filter(|state| matches!(state, Survey | Guard | Search(_)));
        for state in looking {
            for closing in [false, true] {
                assert!(
                    covered.contains(&(goal, state, closing)),
                    "{goal:?} {state:?}"
                );
            }
        }
    }
}

#[test]
fn each_answer_leads_where_the_table_says() {
    let lost = Search(Doubt::Lost);
    let accepted = Search(Doubt::Accepted);
    let taken = Search(Doubt::Taken);
    let busy = Search(Doubt::Busy);
    // In the order of ANSWERS: accepted, succeeded, refused, taken, busy, busy with patience, lost.
    let rows = [
        (
            Create,
            [ACCEPTED, accepted, REFUSED, REFUSED, REFUSED, Rest, lost],
        ),
        (
            Ensure,
            [ACCEPTED, accepted, REFUSED, taken, busy, Rest, lost],
        ),
        (
            EnsureAlone,
            [ACCEPTED, accepted, REFUSED, taken, busy, Rest, lost],
        ),
    ];
    for (goal, expected) in rows {
        for (answer, next) in ANSWERS.into_iter().zip(expected) {
            assert_eq!(
                goal.next(Post, Event::Answer(answer)),
                next,
                "{goal:?} {answer:?}"
            );
        }
        assert_eq!(goal.next(Rest, Event::Rested), Survey);
    }
}

/// States that can be reached, the first one included.
fn reached(goal: Goal) -> impl Iterator<Item = State> {
    let (mut reached, mut open) = (HashSet::from([Survey]), vec![Survey]);
    while let Some(state) = open.pop() {
        for event in events(state) {
            let next = goal.next(state, event);
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached.into_iter()
}

#[test]
fn what_cannot_happen_changes_nothing() {
    let looks = events(Survey).into_iter();
    let all: Vec<Event> = looks.chain(events(Post)).chain(events(Rest)).collect();
    for goal in GOALS {
        for state in reached(goal) {
            let possible = events(state);
            for event in all.iter().filter(|event| !possible.contains(event)) {
                assert_eq!(goal.next(state, *event), state, "{state:?} {event:?}");
            }
        }
    }
}

type Step = (State, Event);
type Path = [Step];

/// All walks of so many steps from a state, as pairs of state and event.
fn walks(
    goal: Goal,
    state: State,
    steps: usize,
    path: &mut Vec<Step>,
    check: &mut dyn FnMut(&Path, State),
) {
    check(path, state);
    if steps == 0 {
        return;
    }
    for event in events(state) {
        path.push((state, event));
        walks(goal, goal.next(state, event), steps - 1, path, check);
        path.pop();
    }
}

#[test]
fn no_walk_sends_twice_what_may_have_been_acted_on() {
    for goal in GOALS {
        let mut ends = HashSet::new();
        walks(goal, Survey, 6, &mut Vec::new(), &mut |path, state| {
            let is_post = |(state, _): &&Step| *state == Post;
            let posts: Vec<_> = path.iter().filter(is_post).collect();
            let unsure =
                |(_, event): &&&Step| matches!(event, Event::Answer(Lost | Accepted | Succeeded));
            let first = posts.iter().position(|post| unsure(&post));
            assert!(
                first.is_none_or(|first| first + 1 == posts.len()),
                "{path:?}"
            );
            let is_lost = posts.iter().any(|(_, event)| *event == Event::Answer(Lost));
            match state {
                // A refusal and a failure to list say that there is nothing.
                State::End(End::Refused | End::Unlisted | End::Hidden | End::Full) => {
                    assert!(first.is_none(), "{path:?}");
                }
                State::End(End::Unknown) => assert!(is_lost, "{path:?}"),
                State::End(End::Accepted) => assert!(first.is_some() && !is_lost),
                _ => {}
            }
            if goal == EnsureAlone && state == Post {
                let before = path.last().map(|(state, _)| *state);
                assert!(
                    matches!(before, Some(Guard | Search(Doubt::Taken))),
                    "{path:?}"
                );
            }
            if let State::End(end) = state {
                ends.insert(end);
            }
        });
        let hidden = usize::from(goal != Create);
        assert_eq!(ends.len(), 6 + hidden, "{goal:?}: {ends:?}");
    }
}
