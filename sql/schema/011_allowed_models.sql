-- profiles.allowed_models, a list per user, gave way to tiers. Where it stands it is taken away, with a closed backup;
-- uninstall() brings it back.

SELECT model_access.set_aside_allowed_models();
