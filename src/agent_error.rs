//! Errors of agents and chats: SQLSTATE, message, DETAIL, HINT.

use crate::error::shown;
use crate::pg::Report;

/// What can go wrong with a call of an agent.
#[derive(Clone, Debug)]
pub enum AgentError {
    /// No agent of that name.
    UnknownAgent(String),
    /// The agent is disabled.
    Disabled(String),
    /// The agent has no such enabled model: the model, and some that it has.
    UnknownModel(String, String),
    /// No such chat, or it is somebody else's.
    UnknownSession(String),
    /// The chat has no message of its user.
    NoMessage(String),
    /// No such execution.
    UnknownExecution(String),
    /// The execution ended otherwise.
    OtherOutcome(String),
    /// Another execution of the reservation still runs.
    ReservationInUse(String),
    /// An execution of the reservation timed out and can still tell what it used.
    ReservationWaits(String),
}

impl From<AgentError> for Report {
    fn from(error: AgentError) -> Self {
        match error {
            AgentError::UnknownAgent(name) => Self::new(b"PT404", "no such agent")
                .detail(format!("Got \"{}\".", shown(name)))
                .hint("public.agents names those that there are."),
            AgentError::Disabled(name) => Self::new(b"22023", "the agent is disabled")
                .detail(format!("p_agent is \"{}\".", shown(name)))
                .hint("Call another one: pick_agent() names none that is disabled."),
            AgentError::UnknownModel(name, known) => Self::new(b"22023", "the agent has no such model")
                .detail(format!("p_model is \"{}\".", shown(name)))
                .hint(if known.is_empty() {
                    "It has none that is enabled: pass NULL to leave the model to it.".to_owned()
                } else {
                    format!("Use one of: {known}; or NULL to leave it to the agent.")
                }),
            AgentError::UnknownSession(id) => Self::new(b"PT404", "no such chat session")
                .detail(format!("Got {id}."))
                .hint("Insert a row into public.chat_sessions first; others' sessions are not seen."),
            AgentError::NoMessage(id) => Self::new(b"22023", "the chat session has no message of its user")
                .detail(format!("The session is {id}."))
                .hint("Call append_chat_message(…, 'user', …) first: an execution answers a message."),
            AgentError::UnknownExecution(id) => Self::new(b"PT404", "no such execution")
                .detail(format!("Got {id}."))
                .hint("Pass what start_agent_execution() returned."),
            AgentError::OtherOutcome(id) => Self::new(b"PT409", "the execution ended otherwise")
                .detail(format!("The execution is {id}."))
                .hint("It ends once; pass the same arguments for a retry."),
            AgentError::ReservationInUse(id) => Self::new(b"PT409", "the reservation is that of a running execution")
                .detail(format!("The reservation is {id}."))
                .hint("Finish that execution first, or reserve anew."),
            AgentError::ReservationWaits(id) => {
                Self::new(b"PT410", "the reservation waits for an execution that timed out")
                    .detail(format!("The reservation is {id}."))
                    .hint("Reserve anew. What that execution used can still be told with finish_agent_execution().")
            }
        }
    }
}
