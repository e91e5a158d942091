//! Every error of ours: SQLSTATE, message, DETAIL, HINT.

use crate::agent_error::AgentError;
use crate::pg::Report;
use crate::pg::session;
use model_access_domain::caller::CallerError;
use model_access_domain::usage::UsageError;

/// What can go wrong before or beside the server's own errors.
#[derive(Clone, Debug)]
pub enum Error {
    /// The request does not tell who asks, or asks for somebody else.
    Caller(CallerError),
    /// The caller neither has service_role's rights nor administers the catalogue.
    NotAdmin,
    /// The caller has not service_role's rights.
    NotPrivileged,
    /// The caller has not the rights of a table's owner: the table, and who that is.
    NotTheOwner(String, String),
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
    /// The function that a wrapper is asked for is none that applications call.
    UnknownFunction(String),
    /// pg_cron is not there.
    NoCron,
    /// pg_cron is there, and this role may not use it.
    CronClosed(String),
    /// A trigger function was called otherwise than its kind of trigger does.
    NotATrigger(&'static str),
    /// The named argument is out of range: what came, and what would be right.
    BadArgument(&'static str, String, &'static str),
    /// An item of a batch that makes no sense: its index from 0, and why.
    BadItem(usize, String),
    /// A batch has so many items, more than allowed.
    TooManyItems(usize, usize),
    /// A usage object that makes no sense.
    BadUsage(UsageError),
    /// A row of quota_limits that cannot be understood: its key, the column, the value.
    BrokenLimit(i64, &'static str, String),
    /// An idempotency key that was used for another call.
    KeyReused(String),
    /// A reservation that other usage has settled.
    OtherUsage(String),
    /// No such reservation.
    UnknownReservation(String),
    /// A reservation that no longer lives.
    ReservationGone(String),
    /// A ledger row that is no longer kept.
    UsageGone(String),
    /// No such row of the ledger.
    UnknownUsage(String),
    /// The ledger has another content than the transaction's snapshot shows.
    LedgerChanged,
    /// No limit of that name concerns the call.
    UnknownLimit(String),
    /// An adjustment after which less than nothing would be used: what is used, and the change.
    BelowZero(String, String),
    /// An instant that recorded usage cannot belong to, microseconds since 2000, and why.
    InstantOutOfRange(i64, &'static str),
    /// Counters changed again and again while a call was decided.
    CountersChanged,
    /// A refusal that is raised, as PostgREST reads it: body and status line.
    Refusal(String, String),
    /// A system model has no such task: the task, and the ones that it has.
    UnknownTask(String, String),
    /// The key of a system model is a secret of a vault that is not there.
    NoVault(i64),
    /// The key of a system model is a secret that the tables' owner may not read: the model, and who that is.
    VaultClosed(i64, String),
    /// The vault has no secret of the name that a system model's key has.
    NoSecret(i64),
    /// A call of an agent.
    Agent(AgentError),
    /// A client set a column that decides about rights.
    PrivilegedColumn(String),
    /// A client would make an organisation under an id that something knows already.
    OrganizationKnown(String),
    /// Tokens cannot be encrypted: pgcrypto is not in the database.
    NoPgcrypto,
    /// A function of pgcrypto is closed to the tables' owner: the function, and who that is.
    PgcryptoClosed(String, String),
    /// A token has so many bytes, more than allowed.
    TokenTooLarge(usize, usize),
    /// A row of the audit log that is not about the caller and his organisation.
    AuditOfOthers,
    /// The caller may not know whether an audit log is whole.
    NotAuditor,
    /// A user or an organisation of an audit row that there is not: which of them, and its key.
    UnknownParty(&'static str, String),
    /// A column of an audit row is longer than it may be: its bytes, and how many are allowed.
    TooLong(&'static str, usize, usize),
    /// A payload that a sync would refuse: why.
    CatalogueRefused(String),
    /// What was written to the audit log is to be changed or taken away.
    AppendOnly,
}

/// An error repeats at most so much of what came: a megabyte would go to the client, and into the server's log each time.
const MAX_SHOWN_CHARS: usize = 100;

pub fn shown(text: String) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl From<CallerError> for Error {
    fn from(error: CallerError) -> Self {
        Self::Caller(error)
    }
}

impl From<AgentError> for Error {
    fn from(error: AgentError) -> Self {
        Self::Agent(error)
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
            Error::Caller(CallerError::SettingNotUuid) => Self::new(b"22P02", "app.user_id is no uuid")
                .hint("Set it to the id of a row of users, or to '' for nobody."),
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
            Error::NotTheOwner(table, owner) => Self::new(b"42501", "permission denied to act as the tables' owner")
                .detail(format!("public.{table} is owned by {owner}."))
                .hint(format!("Call as {owner}.")),
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
                .detail(format!("Got \"{}\".", shown(name)))
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
                .detail(format!("Got \"{}\".", shown(name)))
                .hint(format!("Use one of: {known}.")),
            Error::Refused(message, detail, hint) => Self::new(b"55000", message).detail(detail).hint(hint),
            Error::UnknownFunction(name) => Self::new(b"42883", "no function of model_access for applications")
                .detail(format!("Got \"{}\".", shown(name)))
                .hint("Those that are: SELECT object FROM model_access.inventory() WHERE kind = 'wrapper';"),
            Error::NotATrigger(kind) => Self::new(b"39P01", "not called as the trigger that it is for")
                .hint(format!("Use it in a trigger {kind}.")),
            Error::BadArgument(name, got, right) => Self::new(b"22023", "an argument is out of range")
                .detail(format!("{name} is {}.", shown(got)))
                .hint(right),
            Error::BadItem(place, why) => Self::new(b"22023", "an item of the batch makes no sense")
                .detail(format!("Item {place}: {}", shown(why)))
                .hint("Items are {user_uuid, model_id, tokens, requests, idempotency_key}, the last two optional."),
            Error::TooManyItems(items, allowed) => Self::new(b"54000", "a batch has too many items")
                .detail(format!("It has {items}, more than {allowed}."))
                .hint("Pass several smaller ones."),
            Error::BadUsage(error) => bad_usage(error),
            Error::BrokenLimit(id, column, value) => Self::new(b"55000", "a limit cannot be understood")
                .detail(format!("Column {column} of row {id} of public.quota_limits is \"{}\".", shown(value)))
                .hint("Set it anew with set_quota_limit(), or remove it."),
            Error::KeyReused(key) => Self::new(b"PT409", "the idempotency key was used for another call")
                .detail(format!("The key is \"{key}\"."))
                .hint("Use a new key for another call, and the same arguments for a retry."),
            Error::OtherUsage(id) => Self::new(b"PT409", "the reservation was settled with other usage")
                .detail(format!("The reservation is {id}."))
                .hint("Usage is stored once; record what came on top with record_model_usage()."),
            Error::UnknownReservation(id) => {
                Self::new(b"PT404", "no such reservation").detail(format!("Got {id}.")).hint(
                    "Pass the reservation_id that reserve_model_quota() returned; it may be older than key_retention.",
                )
            }
            Error::ReservationGone(id) => Self::new(b"PT410", "the reservation no longer lives")
                .detail(format!("Reservation {id} is expired, released or settled."))
                .hint("Reserve anew. Usage can still be settled."),
            Error::UsageGone(id) => Self::new(b"PT410", "the usage is no longer kept")
                .detail(format!("The ledger has no row {id}."))
                .hint("It was stored and has been removed since."),
            Error::UnknownUsage(id) => Self::new(b"PT404", "no such usage")
                .detail(format!("The ledger has no row {id}."))
                .hint("Pass the usage_id of a receipt; its month may be kept no longer."),
            Error::LedgerChanged => Self::new(b"40001", "could not serialize access to the ledger")
                .detail("It was written to, or months of it were dropped, after the transaction's snapshot was taken.")
                .hint("Try the transaction again."),
            Error::UnknownLimit(name) => Self::new(b"PT404", "no limit of that name concerns the call")
                .detail(format!("Got \"{}\".", shown(name)))
                .hint("get_quota_status() names the limits of a user."),
            Error::BelowZero(used, change) => Self::new(b"22023", "less than nothing would be used")
                .detail(format!("{used} is used, and the change is {change}."))
                .hint("Give back at most what is used."),
            Error::InstantOutOfRange(instant, why) => Self::new(b"22023", "usage cannot belong to that instant")
                .detail(format!("Got {}. {why}", session::iso_8601(instant).unwrap_or_else(|| "infinity".to_owned())))
                .hint("Pass the instant at which the call was made, or none for now."),
            Error::CountersChanged => Self::new(b"40001", "could not serialize access to the counters of a quota")
                .detail("They were made or removed by others while the call was decided.")
                .hint("Try the transaction again."),
            Error::NoCron => Self::new(b"55000", "pg_cron is not in this database")
                .detail("Nothing here runs jobs by itself.")
                .hint("Run CREATE EXTENSION pg_cron; or let any scheduler call refresh_openrouter_models()."),
            Error::CronClosed(owner) => Self::new(b"55000", "pg_cron is closed to the tables' owner")
                .detail(format!("{owner} may not schedule jobs and see his own."))
                .hint(format!("Run GRANT USAGE ON SCHEMA cron TO {owner}; GRANT SELECT ON cron.job TO {owner};")),
            Error::Refusal(message, detail) => Self::new(b"PGRST", message).detail(detail),
            Error::UnknownTask(task, known) => Self::new(b"22023", "the model has no such task")
                .detail(format!("p_task is \"{}\".", shown(task)))
                .hint(if known.is_empty() {
                    "It has none: leave p_task out.".to_owned()
                } else {
                    format!("Use one of: {known}.")
                }),
            Error::NoVault(model) => Self::new(b"55000", "a key is kept in a vault that is not there")
                .detail(format!(
                    "The api_key of system model {model} names a secret, and there is no vault.decrypted_secrets."
                ))
                .hint("Run CREATE EXTENSION supabase_vault; or store the key itself."),
            Error::VaultClosed(model, owner) => Self::new(
                b"55000",
                "a key is kept in a vault that is closed to the tables' owner",
            )
            .detail(format!("The api_key of system model {model} names a secret, which {owner} may not read."))
            .hint(format!(
                "Run GRANT USAGE ON SCHEMA vault TO {owner}; GRANT SELECT ON vault.decrypted_secrets TO {owner};"
            )),
            Error::NoSecret(model) => Self::new(b"55000", "the vault does not have a key")
                .detail(format!("The api_key of system model {model} names a secret that is not there."))
                .hint("Run vault.create_secret() with the name after \"vault:\", or store the key itself."),
            Error::NoPgcrypto => Self::new(b"55000", "tokens need the extension pgcrypto, which is not there")
                .hint("Run CREATE EXTENSION pgcrypto WITH SCHEMA extensions;"),
            Error::PgcryptoClosed(function, owner) => Self::new(b"55000", "pgcrypto is closed to the tables' owner")
                .detail(format!("{owner} may not execute {function}."))
                .hint(format!("Run GRANT EXECUTE ON FUNCTION {function} TO {owner};")),
            Error::TokenTooLarge(bytes, allowed) => Self::new(b"54000", "a token is too large")
                .detail(format!("It has {bytes} bytes, more than {allowed}."))
                .hint("Store it elsewhere, and here what it is found by."),
            Error::Agent(error) => error.into(),
            Error::PrivilegedColumn(column) => Self::new(b"42501", "permission denied to set a privileged column")
                .detail(format!("Column \"{column}\" decides about rights."))
                .hint("Leave it out, or set it as service_role."),
            Error::OrganizationKnown(id) => {
                Self::new(b"42501", "permission denied to make an organization under a known id")
                    .detail(format!("People, usage, limits or trials belong to \"{id}\"."))
                    .hint("Leave the id out or take another one; service_role brings an organization back.")
            }
            Error::AuditOfOthers => Self::new(b"42501", "permission denied to write to the audit log of others")
                .detail("The row is not about the caller and his own organisation.")
                .hint("Log for yourself and your organisation, or call as service_role."),
            Error::NotAuditor => Self::new(b"42501", "permission denied to verify the audit log")
                .detail("The caller is neither service_role nor the tables' owner nor an admin of the organisation.")
                .hint("Call as service_role, as a platform admin, or as an admin of the organisation."),
            Error::UnknownParty(kind, id) => Self::new(b"23503", format!("no such {kind} for the audit log"))
                .detail(format!("Got {id}."))
                .hint(format!("Pass the id of a row of {kind}s, or NULL for none.")),
            Error::TooLong(column, bytes, allowed) => Self::new(b"54000", "a row of the audit log is too large")
                .detail(format!("{column} has {bytes} bytes, more than {allowed}."))
                .hint("Log a reference to what is larger."),
            Error::CatalogueRefused(why) => Self::new(b"22023", "a sync would refuse the payload")
                .detail(format!("{}.", shown(why)))
                .hint("Pass what sync_openrouter_models takes: OpenRouter's whole list of models."),
            Error::AppendOnly => Self::new(b"55000", "the audit log is append-only")
                .detail("Its rows are not changed, deleted or truncated, by whomever.")
                .hint("Write another row that says what is right."),
        }
    }
}

fn bad_usage(error: UsageError) -> Report {
    let report = Report::new(b"22023", "the usage makes no sense");
    let detail = match error {
        UsageError::NotAnObject => "It, or a part of it, is no JSON object.".to_owned(),
        UsageError::Empty => "It has none of the known counts of tokens.".to_owned(),
        UsageError::NotANumber(key) => format!("\"{key}\" is no whole number."),
        UsageError::Negative(key) => format!("\"{key}\" is negative."),
        UsageError::TooLarge(key) => format!("\"{key}\" is larger than 2^63 - 1."),
        UsageError::NotAnAmount(key) => format!("\"{key}\" is no amount of money."),
        UsageError::NegativeAmount(key) => format!("\"{key}\" is negative."),
        UsageError::CachedBeyondPrompt => "More tokens were cached and written to the cache than sent.".to_owned(),
    };
    report.detail(detail).hint("Pass the usage object of the provider's answer; zeros count as zero.")
}
