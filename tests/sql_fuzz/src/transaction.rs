//! Transactions around calls: who calls, under which isolation, with which settings, and what becomes of it.

use model_access_stress::Dice;

/// A caller: the role that logs in, the role that it takes on, and its claims.
pub struct Caller {
    /// Logs in.
    pub login: &'static str,
    /// Acts.
    pub role: Option<&'static str>,
    /// `request.jwt.claims`.
    pub claims: Option<&'static str>,
    /// For messages.
    pub name: &'static str,
}

impl Caller {
    /// Whether no claim can be read from its claims.
    pub fn has_broken_claims(&self) -> bool {
        matches!(self.name, "forged claims" | "broken claims")
    }
}

const fn caller(
    name: &'static str,
    login: &'static str,
    role: Option<&'static str>,
    claims: Option<&'static str>,
) -> Caller {
    Caller { login, role, claims, name }
}

/// All kinds of callers.
pub const CALLERS: [Caller; 9] = [
    caller("superuser", "supabase_admin", None, None),
    caller("developer", "postgres", None, None),
    caller("service_role", "authenticator", Some("service_role"), Some(r#"{"role":"service_role"}"#)),
    caller(
        "authenticated",
        "authenticator",
        Some("authenticated"),
        Some(r#"{"sub":"00000000-0000-4000-8000-00000000000a","role":"authenticated"}"#),
    ),
    caller(
        "superadmin",
        "authenticator",
        Some("authenticated"),
        Some(r#"{"sub":"00000000-0000-4000-8000-00000000000d","role":"authenticated"}"#),
    ),
    caller("no claims", "authenticator", Some("authenticated"), None),
    caller("forged claims", "authenticator", Some("authenticated"), Some(r#"{"sub":[1],"role":"service_role"}"#)),
    caller("broken claims", "authenticator", Some("authenticated"), Some("{")),
    caller("anon", "authenticator", Some("anon"), Some(r#"{"role":"anon"}"#)),
];

const SETTINGS: [&str; 12] = [
    "SET LOCAL TimeZone = 'Pacific/Apia'",
    "SET LOCAL DateStyle = 'SQL, DMY'",
    "SET LOCAL IntervalStyle = 'sql_standard'",
    "SET LOCAL search_path = ''",
    "SET LOCAL search_path = pg_temp, public",
    "SET LOCAL standard_conforming_strings = off",
    "SET LOCAL plan_cache_mode = force_generic_plan",
    "SET LOCAL work_mem = '64kB'",
    "SET LOCAL bytea_output = 'escape'",
    "SET LOCAL extra_float_digits = -15",
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL client_encoding = 'UTF8'",
];

/// A call may not take longer.
pub const TIMEOUT_S: u64 = 20;

/// The statements that begin a transaction of a caller.
pub fn begin(dice: &mut Dice, caller: &Caller) -> String {
    let isolation = match dice.roll(5) {
        0 => "REPEATABLE READ",
        1 => "SERIALIZABLE",
        _ => "READ COMMITTED",
    };
    let access = if dice.roll(6) == 0 { "READ ONLY" } else { "READ WRITE" };
    let mut statements =
        format!("BEGIN ISOLATION LEVEL {isolation} {access}; SET LOCAL statement_timeout = '{TIMEOUT_S}s'");
    if dice.roll(3) == 0 {
        let place = usize::try_from(dice.roll(SETTINGS.len() as u64)).unwrap_or(0);
        statements.push_str("; ");
        statements.push_str(SETTINGS[place]);
    }
    if let Some(claims) = caller.claims {
        statements.push_str(&format!("; SET LOCAL request.jwt.claims = '{claims}'"));
    }
    if let Some(role) = caller.role {
        statements.push_str(&format!("; SET LOCAL ROLE {role}"));
    }
    statements
}
