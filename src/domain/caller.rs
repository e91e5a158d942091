//! Who is asking, and for whom: the claims of a request and the rule for a `user_uuid` argument.

use serde_json::Value;
use uuid::Uuid;

/// Why a request does not tell who is asking, or asks for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerError {
    /// `request.jwt.claims` is not a JSON object.
    ClaimsNotObject,
    /// The claim `sub` is there and is not a uuid.
    SubjectNotUuid,
    /// The setting `app.user_id` is there and is not a uuid.
    SettingNotUuid,
    /// No user was named and the claims name none.
    NoSubject,
    /// The named user is not the caller. The same answer for users that exist and users that do not.
    NotYourself,
}

/// The claim `sub` of the text of `request.jwt.claims`.
///
/// A missing or empty text (what a pooled session is left with after a request) and a missing or null `sub` are
/// no subject. Only `sub` is read: no other claim ever grants a right.
pub fn subject(claims: Option<&str>) -> Result<Option<Uuid>, CallerError> {
    let Some(text) = claims.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parsed: Value = serde_json::from_str(text).map_err(|_| CallerError::ClaimsNotObject)?;
    let object = parsed.as_object().ok_or(CallerError::ClaimsNotObject)?;
    match object.get("sub") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(sub)) => Uuid::try_parse(sub).map(Some).map_err(|_| CallerError::SubjectNotUuid),
        Some(_) => Err(CallerError::SubjectNotUuid),
    }
}

/// The claim `sub` as it is written, whatever it is: of identity providers whose subjects are no uuids.
pub fn subject_text(claims: Option<&str>) -> Result<Option<String>, CallerError> {
    let Some(text) = claims.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parsed: Value = serde_json::from_str(text).map_err(|_| CallerError::ClaimsNotObject)?;
    let object = parsed.as_object().ok_or(CallerError::ClaimsNotObject)?;
    Ok(object.get("sub").and_then(Value::as_str).map(str::to_owned))
}

/// The member of an organisation who is asking (seed 003): the subject of a request, else the setting `app.user_id`.
///
/// A request without a subject, or with one that is no uuid, is nobody's, whatever the setting says. An empty setting, which is
/// what a pooled session is left with, is none.
pub fn member(claims: Option<&str>, setting: Option<&str>) -> Result<Option<Uuid>, CallerError> {
    if claims.is_some_and(|text| !text.is_empty()) {
        return Ok(subject_text(claims)?.and_then(|sub| Uuid::try_parse(&sub).ok()));
    }
    let given = setting.filter(|text| !text.is_empty());
    given.map(|text| Uuid::try_parse(text).map_err(|_| CallerError::SettingNotUuid)).transpose()
}

/// The user whom a function with a `user_uuid` argument serves.
///
/// NULL means the subject of the request. A privileged caller may name anybody, others only themselves.
pub fn user_served(requested: Option<Uuid>, claims: Option<&str>, privileged: bool) -> Result<Uuid, CallerError> {
    match requested {
        Some(user) if privileged => Ok(user),
        Some(user) if subject(claims)? == Some(user) => Ok(user),
        Some(_) => Err(CallerError::NotYourself),
        None => subject(claims)?.ok_or(CallerError::NoSubject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "00000000-0000-4000-8000-00000000000a";
    const B: &str = "00000000-0000-4000-8000-00000000000b";

    fn id(text: &str) -> Uuid {
        Uuid::try_parse(text).unwrap_or_default()
    }

    #[test]
    fn claims_are_read_or_refused() {
        let own = format!(r#"{{"sub":"{A}","role":"service_role"}}"#);
        let cases = [
            (None, Ok(None)),
            (Some(""), Ok(None)),
            (Some("{}"), Ok(None)),
            (Some(r#"{"sub":null}"#), Ok(None)),
            (Some(&own), Ok(Some(id(A)))),
            (Some("not json"), Err(CallerError::ClaimsNotObject)),
            (Some("[]"), Err(CallerError::ClaimsNotObject)),
            (Some("\"x\""), Err(CallerError::ClaimsNotObject)),
            (Some(r#"{"sub":"x"}"#), Err(CallerError::SubjectNotUuid)),
            (Some(r#"{"sub":7}"#), Err(CallerError::SubjectNotUuid)),
            (Some(r#"{"sub":""}"#), Err(CallerError::SubjectNotUuid)),
        ];
        for (claims, expected) in cases {
            assert_eq!(subject(claims), expected, "{claims:?}");
        }
    }

    #[test]
    fn a_member_is_the_requests_subject_or_else_the_settings() {
        let own = format!(r#"{{"sub":"{A}"}}"#);
        let cases = [
            (None, None, Ok(None)),
            (None, Some(""), Ok(None)),
            (Some(""), Some(A), Ok(Some(id(A)))),
            (Some(own.as_str()), None, Ok(Some(id(A)))),
            (Some(&own), Some(B), Ok(Some(id(A)))),
            (Some(r#"{"role":"anon"}"#), Some(B), Ok(None)),
            (Some(r#"{"sub":"user_01H"}"#), Some(B), Ok(None)),
            (Some("[]"), Some(B), Err(CallerError::ClaimsNotObject)),
            (None, Some("me"), Err(CallerError::SettingNotUuid)),
        ];
        for (claims, setting, expected) in cases {
            assert_eq!(member(claims, setting), expected, "{claims:?} {setting:?}");
        }
        assert_eq!(subject_text(Some(r#"{"sub":"user_01H"}"#)), Ok(Some("user_01H".to_owned())));
        assert_eq!(subject_text(Some(r#"{"sub":7}"#)), Ok(None));
    }

    #[test]
    fn claims_nested_a_hundred_thousand_deep_are_an_error_not_a_crash() {
        let deep = "[".repeat(100_000);
        assert_eq!(subject(Some(&deep)), Err(CallerError::ClaimsNotObject));
    }

    #[test]
    fn only_a_privileged_caller_is_served_for_others() {
        let own = format!(r#"{{"sub":"{A}"}}"#);
        assert_eq!(user_served(None, Some(&own), false), Ok(id(A)));
        assert_eq!(user_served(Some(id(A)), Some(&own), false), Ok(id(A)));
        assert_eq!(user_served(Some(id(B)), Some(&own), false), Err(CallerError::NotYourself));
        assert_eq!(user_served(Some(id(B)), None, false), Err(CallerError::NotYourself));
        assert_eq!(user_served(Some(id(B)), None, true), Ok(id(B)));
        assert_eq!(user_served(None, None, true), Err(CallerError::NoSubject));
        assert_eq!(user_served(Some(id(B)), Some("[]"), true), Ok(id(B)));
    }
}
