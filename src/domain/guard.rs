//! What a sync refuses to do, so that an outage upstream does not empty the catalogue.

/// Fewer rows than this may all go inactive at once: a small catalogue changes in large shares.
pub const MASS_GUARD_MIN_ROWS: usize = 10;
/// Up to this many rejected elements are reported and never stop a sync, whatever their share.
pub const TOLERATED_REJECTIONS: usize = 5;

/// The limits of `model_access_settings` that guard a sync.
#[derive(Clone, Copy, Debug)]
pub struct GuardSettings {
    /// The largest share, in percent, of the rows not inactive that one sync may inactivate.
    pub max_inactive_percent: i32,
    /// The largest share, in percent, of the elements that may be rejected.
    pub max_rejected_percent: i32,
}

/// Whether so many rejected elements make the whole feed untrustworthy.
pub fn too_many_rejected(rejected: usize, elements: usize, settings: GuardSettings) -> bool {
    rejected > TOLERATED_REJECTIONS && exceeds_percent(rejected, elements, settings.max_rejected_percent)
}

/// Whether a feed that lacks so many known models looks truncated.
pub fn too_many_missing(missing: usize, not_inactive: usize, settings: GuardSettings) -> bool {
    not_inactive >= MASS_GUARD_MIN_ROWS && exceeds_percent(missing, not_inactive, settings.max_inactive_percent)
}

fn exceeds_percent(part: usize, whole: usize, percent: i32) -> bool {
    let percent = u128::try_from(percent).unwrap_or(0);
    part as u128 * 100 > whole as u128 * percent
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTINGS: GuardSettings = GuardSettings { max_inactive_percent: 30, max_rejected_percent: 10 };

    #[test]
    fn rejections_need_both_the_number_and_the_share() {
        let cases = [(5, 6, false), (6, 60, false), (6, 59, true), (10, 100, false), (11, 100, true), (0, 0, false)];
        for (rejected, elements, expected) in cases {
            assert_eq!(too_many_rejected(rejected, elements, SETTINGS), expected, "{rejected} of {elements}");
        }
    }

    #[test]
    fn a_small_catalogue_may_change_at_once_a_large_one_not() {
        let cases = [(9, 9, false), (3, 10, false), (4, 10, true), (199, 320, true), (30, 100, false), (31, 100, true)];
        for (missing, rows, expected) in cases {
            assert_eq!(too_many_missing(missing, rows, SETTINGS), expected, "{missing} of {rows}");
        }
    }

    #[test]
    fn zero_percent_refuses_any_and_a_hundred_none() {
        let of = |percent| GuardSettings { max_inactive_percent: percent, max_rejected_percent: percent };
        assert!(too_many_missing(1, 10, of(0)));
        assert!(!too_many_missing(10, 10, of(100)));
        assert!(!too_many_missing(0, 10, of(0)));
    }
}
