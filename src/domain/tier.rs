//! Subscription tiers of a person and the flags of a model that open it to them.

/// The three flags of a catalogue row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TierFlags {
    /// `model_access.is_free`
    pub free: bool,
    /// `model_access.is_pro`
    pub pro: bool,
    /// `model_access.is_enterprise`
    pub enterprise: bool,
}

/// `profiles.subscription_tier`, or `None` for a word that names no tier: nothing is open to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The tier of everyone without another one.
    Free,
    /// Sees what is open to free and pro.
    Pro,
    /// Sees whatever is open to anyone.
    Enterprise,
}

impl Tier {
    /// Reads a stored tier. A missing profile and a NULL tier are `free` (seed 000); an unknown word opens nothing.
    pub fn of_profile(stored: Option<&str>) -> Option<Self> {
        match stored {
            None | Some("free") => Some(Self::Free),
            Some("pro") => Some(Self::Pro),
            Some("enterprise") => Some(Self::Enterprise),
            Some(_) => None,
        }
    }

    /// The flags of which one must be set for a model to be open to this tier.
    ///
    /// Tiers are cumulative upwards, flags are not: a model that is only `is_enterprise` is closed to free and pro.
    pub fn opening_flags(self) -> TierFlags {
        TierFlags {
            free: true,
            pro: matches!(self, Self::Pro | Self::Enterprise),
            enterprise: self == Self::Enterprise,
        }
    }
}

/// The flags that open a model to the tier a profile stores; none for a word that names no tier.
pub fn opening_flags(stored_tier: Option<&str>) -> TierFlags {
    Tier::of_profile(stored_tier).map_or_else(TierFlags::default, Tier::opening_flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(tier: Option<&str>, model: TierFlags) -> bool {
        let needed = opening_flags(tier);
        (needed.free && model.free) || (needed.pro && model.pro) || (needed.enterprise && model.enterprise)
    }

    /// three tiers by the eight combinations of flags, written out.
    #[test]
    fn r11_matrix_of_flags_and_tiers() {
        // (free, pro, enterprise) of the model → open to free, pro, enterprise
        let rows = [
            ((false, false, false), [false, false, false]),
            ((true, false, false), [true, true, true]),
            ((false, true, false), [false, true, true]),
            ((false, false, true), [false, false, true]),
            ((true, true, false), [true, true, true]),
            ((true, false, true), [true, true, true]),
            ((false, true, true), [false, true, true]),
            ((true, true, true), [true, true, true]),
        ];
        for ((free, pro, enterprise), expected) in rows {
            let model = TierFlags { free, pro, enterprise };
            let got = ["free", "pro", "enterprise"].map(|tier| open(Some(tier), model));
            assert_eq!(got, expected, "{model:?}");
        }
    }

    #[test]
    fn nobody_and_null_are_free_and_an_unknown_word_is_nothing() {
        let everyone = TierFlags { free: true, pro: true, enterprise: true };
        let pro_only = TierFlags { pro: true, ..TierFlags::default() };
        assert!(open(None, everyone));
        assert!(!open(None, pro_only));
        for word in ["", "FREE", "admin", "gold"] {
            assert!(!open(Some(word), everyone), "{word}");
        }
    }
}
