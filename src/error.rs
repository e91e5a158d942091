//! Every error of ours: SQLSTATE, message, DETAIL, HINT.

use crate::pg::Report;
use model_access_domain::caller::CallerError;

/// What can go wrong before or beside the server's own errors.
#[derive(Clone, Debug)]
pub enum Error {
    /// The request does not tell who asks, or asks for somebody else.
    Caller(CallerError),
    /// The caller neither has service_role's rights nor administers the catalogue.
    NotAdmin,
    /// The caller has not service_role's rights.
    NotPrivileged,
    /// The named argument is NULL.
    NoArgument(&'static str),
    /// The named argument is no JSON object.
    NotAnObject(&'static str),
    /// A document is nested deeper than so many levels.
    TooDeep(usize),
    /// A document has so many bytes, more than allowed.
    TooLarge(usize, usize),
    /// The named table is none of ours; the ones that are.
    UnknownTable(String, String),
    /// A table is not there.
    NotInstalled(String),
    /// The tables are older than the function: found and needed version.
    SchemaTooOld(i32, i32),
    /// A table, its owner, and the owner that install() recorded.
    OwnerChanged(String, String, String),
    /// The named module does not exist; the ones that do.
    UnknownModule(String, String),
    /// install() cannot start: why, about what, and the command that helps.
    Refused(&'static str, String, String),
    /// The function that a wrapper is asked for is none that applications call; the ones that are.
    UnknownFunction(String, String),
    /// A trigger function was called otherwise than its kind of trigger does.
    NotATrigger(&'static str),
    /// A client set a column that decides about rights.
    PrivilegedColumn(String),
}

impl From<CallerError> for Error {
    fn from(error: CallerError) -> Self {
        Self::Caller(error)
    }
}

impl From<Error> for Report {
    fn from(error: Error) -> Self {
        match error {
            Error::Caller(CallerError::NoSubject) => Self::new(b"42501", "no user is signed in")
                .detail("No user_uuid was given and request.jwt.claims has no sub.")
                .hint("Call with a user's token, or pass user_uuid as service_role."),
            Error::Caller(CallerError::NotYourself) => Self::new(b"42501", "permission denied for this user")
                .hint("Ask for yourself, or call as service_role."),
            Error::Caller(CallerError::ClaimsNotObject) => {
                Self::new(b"22P02", "request.jwt.claims is not a JSON object")
                    .hint("It is set by PostgREST; by hand, use {\"sub\": \"<uuid>\", \"role\": \"authenticated\"}.")
            }
            Error::Caller(CallerError::SubjectNotUuid) => {
                Self::new(b"22P02", "the claim sub of request.jwt.claims is not a uuid")
                    .hint("sub is the id of auth.users.")
            }
            Error::NotAdmin => Self::new(b"42501", "permission denied to administer the catalogue")
                .detail("The caller is neither service_role nor the tables' owner nor a catalogue admin.")
                .hint("Call as service_role, or as a user whose profiles.role is superadmin."),
            Error::NotPrivileged => Self::new(b"42501", "permission denied to act for users")
                .detail("The caller is neither service_role nor the tables' owner.")
                .hint("Call as service_role."),
            Error::NoArgument(name) => Self::new(b"22004", "an argument must not be NULL")
                .detail(format!("{name} is NULL."))
                .hint(format!("Pass {name}.")),
            Error::NotAnObject(name) => Self::new(b"22023", "an argument must be a JSON object")
                .detail(format!("{name} is none."))
                .hint("Pass an object, such as {\"key\": \"value\"}."),
            Error::TooDeep(levels) => Self::new(b"54000", "a JSON document is nested too deep")
                .detail(format!("It has more than {levels} levels."))
                .hint("Pass a flatter document."),
            Error::TooLarge(bytes, allowed) => Self::new(b"54000", "a JSON document is too large")
                .detail(format!("It has {bytes} bytes, more than {allowed}."))
                .hint("Pass a smaller one."),
            Error::UnknownTable(name, known) => Self::new(b"22023", "no table of model_access")
                .detail(format!("Got \"{name}\"."))
                .hint(format!("Use one of: {known}.")),
            Error::NotInstalled(table) => Self::new(b"55000", "model_access is not installed in this database")
                .detail(format!("The table public.{table} is missing or empty."))
                .hint("Run SELECT * FROM model_access.install();"),
            Error::SchemaTooOld(found, needed) => Self::new(b"55000", "the tables of model_access are too old")
                .detail(format!("They are at version {found}; this function needs {needed}."))
                .hint("Run SELECT * FROM model_access.install();"),
            Error::OwnerChanged(table, owner, recorded) => {
                Self::new(b"55000", "the tables of model_access changed hands")
                    .detail(format!("public.{table} is owned by {owner}; install() recorded {recorded}."))
                    .hint("Let one role own all of them and run SELECT * FROM model_access.install(); as that role.")
            }
            Error::UnknownModule(name, known) => Self::new(b"22023", "unknown module")
                .detail(format!("Got \"{name}\"."))
                .hint(format!("Use one of: {known}.")),
            Error::Refused(message, detail, hint) => Self::new(b"55000", message).detail(detail).hint(hint),
            Error::UnknownFunction(name, known) => Self::new(b"42883", "no function of model_access for applications")
                .detail(format!("Got \"{name}\"."))
                .hint(format!("Use one of: {known}.")),
            Error::NotATrigger(kind) => Self::new(b"39P01", "not called as the trigger that it is for")
                .hint(format!("Use it in a trigger {kind}.")),
            Error::PrivilegedColumn(column) => Self::new(b"42501", "permission denied to set a privileged column")
                .detail(format!("Column \"{column}\" decides about rights."))
                .hint("Leave it out, or set it as service_role."),
        }
    }
}
