//! Pricing plans of an organisation, from the least to the greatest. Source: seed 002.

/// The plans in their order.
pub const PLANS: [&str; 4] = ["free", "starter", "pro", "enterprise"];

/// The level of a plan, from 0; `None` for a word that names none.
pub fn level(plan: &str) -> Option<i32> {
    (0..).zip(PLANS).find_map(|(level, known)| (known == plan).then_some(level))
}

/// Whether a plan gives what another one does. What is missing or unknown on either side gives nothing.
pub fn is_sufficient(plan: Option<&str>, required: Option<&str>) -> bool {
    match (plan.and_then(level), required.and_then(level)) {
        (Some(has), Some(needs)) => has >= needs,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_plans_by_four_required_plans() {
        let expected = [
            ("free", [true, false, false, false]),
            ("starter", [true, true, false, false]),
            ("pro", [true, true, true, false]),
            ("enterprise", [true, true, true, true]),
        ];
        for (plan, row) in expected {
            assert_eq!(PLANS.map(|required| is_sufficient(Some(plan), Some(required))), row, "{plan}");
        }
    }

    #[test]
    fn what_is_missing_or_unknown_gives_nothing() {
        for (plan, required) in [(None, Some("free")), (Some("pro"), None), (None, None), (Some("Pro"), Some("free"))] {
            assert!(!is_sufficient(plan, required), "{plan:?} {required:?}");
        }
        assert!(!is_sufficient(Some("enterprise"), Some("gold")));
        assert_eq!([level("free"), level("enterprise"), level("")], [Some(0), Some(3), None]);
    }
}
