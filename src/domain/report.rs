//! How a usage report is grouped.

/// The words that a report can be grouped by, for hints.
pub const WORDS: &str =
    "Use at most one of hour, day, week and month, and any of model, provider, user and organisation, each once.";

/// What the rows of a report are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// A row per hour, day, week or month, of UTC; weeks begin on Monday.
    pub period: Option<&'static str>,
    /// A row per model.
    pub model: bool,
    /// A row per provider.
    pub provider: bool,
    /// A row per user.
    pub user: bool,
    /// A row per organisation.
    pub organization: bool,
}

/// Why words make no grouping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupingError {
    /// None of the words; `None` is NULL.
    Unknown(Option<String>),
    /// It comes twice.
    Twice(String),
    /// Two lengths of time.
    TwoPeriods(&'static str, &'static str),
}

const PERIODS: [&str; 4] = ["hour", "day", "week", "month"];

impl Grouping {
    /// By its words; none of them is one total.
    pub fn of_words(words: &[Option<String>]) -> Result<Self, GroupingError> {
        let mut grouping = Self::default();
        for word in words {
            let word = word.as_deref().ok_or(GroupingError::Unknown(None))?;
            grouping.add(word)?;
        }
        Ok(grouping)
    }

    /// Whether there is one row for everything.
    pub fn is_total(&self) -> bool {
        *self == Self::default()
    }

    fn add(&mut self, word: &str) -> Result<(), GroupingError> {
        if let Some(period) = PERIODS.into_iter().find(|period| *period == word) {
            return match self.period.replace(period) {
                None => Ok(()),
                Some(before) if before == period => Err(GroupingError::Twice(word.to_owned())),
                Some(before) => Err(GroupingError::TwoPeriods(before, period)),
            };
        }
        let flag = match word {
            "model" => &mut self.model,
            "provider" => &mut self.provider,
            "user" => &mut self.user,
            "organisation" | "organization" => &mut self.organization,
            _ => return Err(GroupingError::Unknown(Some(word.to_owned()))),
        };
        if std::mem::replace(flag, true) { Err(GroupingError::Twice(word.to_owned())) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouping(words: &[&str]) -> Result<Grouping, GroupingError> {
        Grouping::of_words(&words.iter().map(|word| Some((*word).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn no_word_is_one_total() {
        assert!(grouping(&[]).is_ok_and(|grouping| grouping.is_total()));
        assert!(grouping(&["user"]).is_ok_and(|grouping| !grouping.is_total()));
    }

    #[test]
    fn each_word_sets_its_own_key() {
        for period in PERIODS {
            assert_eq!(grouping(&[period]), Ok(Grouping { period: Some(period), ..Grouping::default() }));
        }
        assert_eq!(grouping(&["model"]), Ok(Grouping { model: true, ..Grouping::default() }));
        assert_eq!(grouping(&["provider"]), Ok(Grouping { provider: true, ..Grouping::default() }));
        assert_eq!(grouping(&["user"]), Ok(Grouping { user: true, ..Grouping::default() }));
        for word in ["organisation", "organization"] {
            assert_eq!(grouping(&[word]), Ok(Grouping { organization: true, ..Grouping::default() }));
        }
        let all = Grouping { period: Some("day"), model: true, provider: true, user: true, organization: true };
        assert_eq!(grouping(&["organisation", "user", "day", "provider", "model"]), Ok(all));
    }

    #[test]
    fn what_makes_no_grouping_is_told() {
        assert_eq!(grouping(&["Day"]), Err(GroupingError::Unknown(Some("Day".to_owned()))));
        assert_eq!(Grouping::of_words(&[None]), Err(GroupingError::Unknown(None)));
        assert_eq!(grouping(&["day", "day"]), Err(GroupingError::Twice("day".to_owned())));
        assert_eq!(grouping(&["user", "user"]), Err(GroupingError::Twice("user".to_owned())));
        let both = ["organisation", "organization"];
        assert_eq!(grouping(&both), Err(GroupingError::Twice("organization".to_owned())));
        assert_eq!(grouping(&["day", "model", "month"]), Err(GroupingError::TwoPeriods("day", "month")));
    }
}
