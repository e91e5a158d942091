//! Models that a superadmin offers to organisations: what they are called, and who may call them.
//!
//! Source of the rules: docs/design.md, "System models"; seed 002.

use crate::decision::Reason;
use crate::plan;
use crate::window::Instant;

/// What a reference to a system model begins with; the rest is the key of its row.
pub const PREFIX: &str = "system/";

const DAY: i64 = 86_400_000_000;

/// The key that a reference names, written as the server writes it. `None` for any other text.
pub fn id_of(reference: &str) -> Option<i64> {
    let digits = reference.strip_prefix(PREFIX)?;
    let id: i64 = digits.parse().ok()?;
    (id.to_string() == digits).then_some(id)
}

/// Whether a model is of this kind, known or not.
pub fn is_system(reference: &str) -> bool {
    reference.starts_with(PREFIX)
}

/// `profiles.role`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Uses what his organisation's admin switched on.
    #[default]
    User,
    /// Decides about the models of his organisation.
    Admin,
    /// Offers the models.
    Superadmin,
}

impl Role {
    /// Reads a stored role. Whatever is not known is a user.
    pub fn of_profile(stored: Option<&str>) -> Self {
        match stored {
            Some("superadmin") => Self::Superadmin,
            Some("admin") => Self::Admin,
            _ => Self::User,
        }
    }
}

/// The organisation of a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Organization {
    /// `organizations.type`
    pub kind: Option<String>,
    /// `organizations.pricing_plan`
    pub plan: Option<String>,
}

/// What is known of a system model and of who wants to call it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `ai_models_system.is_active`
    pub is_active: bool,
    /// The types of organisations that it is for; none means all.
    pub organization_types: Vec<String>,
    /// The least plan.
    pub required_plan: String,
    /// Days that an organisation may try it; `None` for ever.
    pub trial_days: Option<i32>,
    /// When the organisation began to.
    pub trial_started_at: Option<Instant>,
    /// The caller's role.
    pub role: Role,
    /// His organisation; `None` without one.
    pub organization: Option<Organization>,
    /// Whether its admin switched the model on for users.
    pub enabled_for_users: bool,
}

impl Facts {
    /// When the trial is over; `None` when there is none, or when it has not begun.
    pub fn trial_ends_at(&self) -> Option<Instant> {
        let length = i64::from(self.trial_days?).saturating_mul(DAY);
        Some(self.trial_started_at?.saturating_add(length))
    }

    /// Why the caller may not call the model at an instant, first failure first; `None` when he may.
    pub fn closed(&self, now: Instant) -> Option<Reason> {
        let Some(organization) = self.organization.as_ref().filter(|_| self.is_active) else {
            return Some(if self.is_active { Reason::NoOrganization } else { Reason::ModelNotActive });
        };
        let is_superadmin = self.role == Role::Superadmin;
        let is_for_type = self.organization_types.is_empty()
            || organization.kind.as_ref().is_some_and(|kind| self.organization_types.contains(kind));
        if !is_superadmin && !is_for_type {
            return Some(Reason::OrganizationTypeNotAllowed);
        }
        if !is_superadmin && !plan::is_sufficient(organization.plan.as_deref(), Some(&self.required_plan)) {
            return Some(Reason::PlanNotSufficient);
        }
        if self.role == Role::User && !self.enabled_for_users {
            return Some(Reason::NotEnabled);
        }
        self.trial_ends_at().filter(|end| *end <= now).map(|_| Reason::TrialExpired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::PLANS;
    use proptest::prelude::*;

    fn offered() -> Facts {
        Facts {
            is_active: true,
            required_plan: "free".to_owned(),
            organization: Some(Organization { kind: Some("education".to_owned()), plan: Some("free".to_owned()) }),
            enabled_for_users: true,
            ..Facts::default()
        }
    }

    #[test]
    fn a_reference_is_the_prefix_and_the_key_as_the_server_writes_it() {
        assert_eq!(id_of("system/7"), Some(7));
        assert_eq!(id_of("system/9223372036854775807"), Some(i64::MAX));
        for text in
            ["system/", "system/07", "system/+7", "system/7 ", "System/7", "system/9223372036854775808", "7", "a/7"]
        {
            assert_eq!(id_of(text), None, "{text}");
        }
    }

    #[test]
    fn gates_by_plan() {
        for (has, plan) in PLANS.into_iter().enumerate() {
            for (needs, required) in PLANS.into_iter().enumerate() {
                let mut facts = Facts { required_plan: required.to_owned(), ..offered() };
                facts.organization = Some(Organization { plan: Some(plan.to_owned()), ..Organization::default() });
                let expected = (has < needs).then_some(Reason::PlanNotSufficient);
                assert_eq!(facts.closed(0), expected, "{plan} {required}");
                assert_eq!(Facts { role: Role::Superadmin, ..facts }.closed(0), None);
            }
        }
    }

    #[test]
    fn gates_by_type() {
        let of = |types: &[&str]| types.iter().map(|kind| (*kind).to_owned()).collect();
        for (types, expected) in [
            (of(&[]), None),
            (of(&["education"]), None),
            (of(&["finance", "education"]), None),
            (of(&["finance"]), Some(Reason::OrganizationTypeNotAllowed)),
            (of(&["Education"]), Some(Reason::OrganizationTypeNotAllowed)),
        ] {
            assert_eq!(Facts { organization_types: types, ..offered() }.closed(0), expected);
        }
    }

    #[test]
    fn only_users_need_the_admins_switch() {
        for (role, expected) in [(Role::User, Some(Reason::NotEnabled)), (Role::Admin, None), (Role::Superadmin, None)]
        {
            assert_eq!(Facts { role, enabled_for_users: false, ..offered() }.closed(0), expected, "{role:?}");
        }
        assert_eq!([None, Some("user"), Some("owner")].map(Role::of_profile), [Role::User; 3]);
    }

    #[test]
    fn a_trial_of_thirty_days_is_open_on_day_29_and_over_on_day_30() {
        let started = 5 * DAY + 17;
        for (days, expected) in [(29, None), (30, Some(Reason::TrialExpired)), (31, Some(Reason::TrialExpired))] {
            let facts = Facts { trial_days: Some(30), trial_started_at: Some(started), ..offered() };
            assert_eq!(facts.closed(started + days * DAY), expected, "day {days}");
            assert_eq!(facts.trial_ends_at(), Some(started + 30 * DAY));
        }
        let last = Facts { trial_days: Some(30), trial_started_at: Some(started), ..offered() };
        assert_eq!(last.closed(started + 30 * DAY - 1), None);
        assert_eq!(Facts { trial_started_at: None, ..last.clone() }.closed(i64::MAX), None, "has not begun");
        assert_eq!(Facts { trial_days: None, ..last.clone() }.closed(i64::MAX), None, "for ever");
        let far = Facts { trial_days: Some(i32::MAX), trial_started_at: Some(i64::MAX - 1), ..last };
        assert_eq!(far.closed(i64::MAX - 1), None, "an end beyond all instants");
    }

    #[test]
    fn the_first_gate_that_fails_is_named() {
        let mut facts = Facts { trial_days: Some(1), trial_started_at: Some(0), ..Facts::default() };
        facts.required_plan = "pro".to_owned();
        facts.organization_types = vec!["finance".to_owned()];
        let reasons = [
            Reason::ModelNotActive,
            Reason::NoOrganization,
            Reason::OrganizationTypeNotAllowed,
            Reason::PlanNotSufficient,
            Reason::NotEnabled,
            Reason::TrialExpired,
        ];
        for (step, reason) in reasons.into_iter().enumerate() {
            assert_eq!(facts.closed(DAY), Some(reason));
            match step {
                0 => facts.is_active = true,
                1 => facts.organization = Some(Organization::default()),
                2 => facts.organization_types.clear(),
                3 => facts.organization = Some(Organization { kind: None, plan: Some("pro".to_owned()) }),
                4 => facts.enabled_for_users = true,
                _ => facts.trial_days = None,
            }
        }
        assert_eq!(facts.closed(DAY), None);
    }

    proptest! {
        #[test]
        fn every_key_has_one_reference(id in any::<i64>()) {
            prop_assert_eq!(id_of(&format!("{PREFIX}{id}")), Some(id));
        }
    }
}
