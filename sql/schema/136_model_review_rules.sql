-- Rules that suggest a verdict on new models, and whether a sync may follow them. Written by admins.

SELECT model_access.note_table('model_review_rules');
CREATE TABLE IF NOT EXISTS public.model_review_rules (
    rule_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CONSTRAINT model_review_rules_name_check CHECK (length(name) BETWEEN 1 AND 100),
    priority integer NOT NULL DEFAULT 100,
    model_pattern text COLLATE "C" NOT NULL DEFAULT '*' CONSTRAINT model_review_rules_model_pattern_check
        CHECK (length(model_pattern) <= 100 AND model_pattern ~ '^(([^*]*/)?\*|[^*]+)$'),
    max_prompt_price numeric CONSTRAINT model_review_rules_max_prompt_price_check
        CHECK (max_prompt_price >= 0 AND max_prompt_price < 'Infinity'),
    max_completion_price numeric CONSTRAINT model_review_rules_max_completion_price_check
        CHECK (max_completion_price >= 0 AND max_completion_price < 'Infinity'),
    modality text COLLATE "C" CONSTRAINT model_review_rules_modality_check
        CHECK (length(modality) <= 100 AND modality ~ '^(([^*]*/)?\*|[^*]+)$'),
    status text NOT NULL CONSTRAINT model_review_rules_status_check CHECK (status IN ('active', 'disabled')),
    is_free boolean NOT NULL DEFAULT false,
    is_pro boolean NOT NULL DEFAULT false,
    is_enterprise boolean NOT NULL DEFAULT false,
    auto_apply boolean NOT NULL DEFAULT false,
    enabled boolean NOT NULL DEFAULT true
);

ALTER TABLE public.model_review_rules ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON TABLE public.model_review_rules FROM PUBLIC, anon, authenticated, service_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.model_review_rules TO authenticated, service_role;
REVOKE ALL ON SEQUENCE public.model_review_rules_rule_id_seq FROM PUBLIC, anon, authenticated, service_role;

DROP POLICY IF EXISTS "Only admins can view review rules" ON public.model_review_rules;
CREATE POLICY "Only admins can view review rules" ON public.model_review_rules
    FOR SELECT TO authenticated USING ((SELECT model_access.model_access_is_admin()));
DROP POLICY IF EXISTS "Only admins can add review rules" ON public.model_review_rules;
CREATE POLICY "Only admins can add review rules" ON public.model_review_rules
    FOR INSERT TO authenticated WITH CHECK ((SELECT model_access.model_access_is_admin()));
DROP POLICY IF EXISTS "Only admins can change review rules" ON public.model_review_rules;
CREATE POLICY "Only admins can change review rules" ON public.model_review_rules
    FOR UPDATE TO authenticated USING ((SELECT model_access.model_access_is_admin()))
    WITH CHECK ((SELECT model_access.model_access_is_admin()));
DROP POLICY IF EXISTS "Only admins can remove review rules" ON public.model_review_rules;
CREATE POLICY "Only admins can remove review rules" ON public.model_review_rules
    FOR DELETE TO authenticated USING ((SELECT model_access.model_access_is_admin()));

-- A rule decides about models, so to write one is a decision. An extension of an older version lacks the function.
DO $$
BEGIN
    IF to_regprocedure('model_access.note_decision()') IS NOT NULL THEN
        CREATE OR REPLACE TRIGGER model_review_rules_note_decision
            AFTER INSERT OR UPDATE OR DELETE ON public.model_review_rules FOR EACH ROW
            EXECUTE FUNCTION model_access.note_decision('model_review_rule', 'rule_id', '', 'name', 'priority', 'model_pattern', 'max_prompt_price',
                'max_completion_price', 'modality', 'status', 'is_free', 'is_pro', 'is_enterprise', 'auto_apply', 'enabled');
    END IF;
END $$;

COMMENT ON TABLE public.model_review_rules IS 'Rules that suggest a verdict on models of status new: the first enabled one that matches.';
COMMENT ON COLUMN public.model_review_rules.rule_id IS 'Key.';
COMMENT ON COLUMN public.model_review_rules.name IS 'What it is called in the review queue and in the audit log.';
COMMENT ON COLUMN public.model_review_rules.priority IS 'The lowest wins; of equal ones the lowest rule_id.';
COMMENT ON COLUMN public.model_review_rules.model_pattern IS 'An exact id, vendor/* by whole segments, or *.';
COMMENT ON COLUMN public.model_review_rules.max_prompt_price IS 'The most that a prompt token may ever cost, USD; NULL is no ceiling. A price that is not known fits none.';
COMMENT ON COLUMN public.model_review_rules.max_completion_price IS 'The most that a completion token may cost, as max_prompt_price.';
COMMENT ON COLUMN public.model_review_rules.modality IS 'Such as text->text, matched as a whole, or a pattern as model_pattern; NULL is any.';
COMMENT ON COLUMN public.model_review_rules.status IS 'What it gives: active or disabled.';
COMMENT ON COLUMN public.model_review_rules.is_free IS 'Whether it opens a model to every tier.';
COMMENT ON COLUMN public.model_review_rules.is_pro IS 'Whether it opens a model to pro and enterprise.';
COMMENT ON COLUMN public.model_review_rules.is_enterprise IS 'Whether it opens a model to enterprise.';
COMMENT ON COLUMN public.model_review_rules.auto_apply IS 'Whether a sync applies it by itself, to new models without an open item.';
COMMENT ON COLUMN public.model_review_rules.enabled IS 'Whether it counts at all.';
