//! What belongs to which module: tables, functions, schema files.

use crate::error::Error;

/// The version of the tables that `sql/schema` makes.
pub const SCHEMA_VERSION: i32 = 1;

/// A part of the schema that is installed as a whole.
pub struct Module {
    /// The name that `install()`, `verify()` and `uninstall()` take.
    pub name: &'static str,
    /// Modules that are installed with it, in order.
    pub needs: &'static [&'static str],
    /// Its tables, all in `public`.
    pub tables: &'static [&'static str],
    /// Its views, all in `public`.
    pub views: &'static [&'static str],
    /// Its types, composite ones and enums, all in `public`.
    pub types: &'static [&'static str],
    /// Its functions with a wrapper in `public`.
    pub functions: &'static [&'static str],
    /// Its trigger functions in `public`, which need nothing of the extension.
    pub trigger_functions: &'static [&'static str],
    /// Its files in the order in which they run.
    pub files: &'static [&'static str],
    /// Whether `uninstall()` never drops its tables: those of people, and the settings, which know whose they are.
    pub kept: bool,
}

/// The module whose tables an application usually has already.
pub const PEOPLE: &str = "people";

/// The module of an application's own people and organisations.
pub const TENANCY: &str = "tenancy";

/// The module whose functions need pgcrypto.
pub const OAUTH: &str = "oauth";

/// All modules, each after the ones that it needs.
pub const MODULES: [Module; 9] = [
    Module {
        name: "settings",
        needs: &[],
        tables: &["model_access_settings", "model_access_replaced"],
        views: &[],
        types: &[],
        functions: &[],
        trigger_functions: &[],
        files: &[include_str!("../../sql/schema/000_settings.sql"), include_str!("../../sql/schema/001_replaced.sql")],
        kept: true,
    },
    Module {
        name: PEOPLE,
        needs: &["settings"],
        tables: &["profiles", "organizations", "user_activity_log", "user_profiles"],
        views: &[],
        types: &[],
        functions: &["update_user_preferences", "jsonb_deep_merge", "log_user_activity"],
        trigger_functions: &["update_updated_at_column"],
        files: &[
            include_str!("../../sql/schema/010_profiles.sql"),
            include_str!("../../sql/schema/011_allowed_models.sql"),
            include_str!("../../sql/schema/020_user_activity_log.sql"),
            include_str!("../../sql/schema/030_organizations.sql"),
            include_str!("../../sql/schema/040_user_profiles.sql"),
            include_str!("../../sql/schema/090_people_wrappers.sql"),
        ],
        kept: true,
    },
    Module {
        name: "catalogue",
        needs: &["settings", PEOPLE],
        tables: &[
            "model_access",
            "model_sync_log",
            "model_price_history",
            "model_review_items",
            "model_access_notices",
            "model_review_rules",
            "model_catalogue_version",
            "model_catalogue_source",
        ],
        views: &["model_catalogue"],
        types: &[],
        functions: &[
            "get_user_allowed_models_v2",
            "get_user_allowed_models_json",
            "can_user_use_model",
            "sync_openrouter_models",
            "force_sync_openrouter_models",
            "update_model_tier_access",
            "model_access_is_admin",
            "estimate_model_cost",
            "explain_model_cost",
            "refresh_openrouter_models",
            "schedule_catalogue_refresh",
            "unschedule_catalogue_refresh",
            "get_catalogue_status",
            "preview_catalogue_change",
            "preview_review_rules",
            "review_models",
            "get_model_review_queue",
        ],
        trigger_functions: &[],
        files: &[
            include_str!("../../sql/schema/100_model_access.sql"),
            include_str!("../../sql/schema/110_model_sync_log.sql"),
            include_str!("../../sql/schema/115_model_catalogue_source.sql"),
            include_str!("../../sql/schema/120_model_price_history.sql"),
            include_str!("../../sql/schema/130_model_review_items.sql"),
            include_str!("../../sql/schema/135_model_access_notices.sql"),
            include_str!("../../sql/schema/136_model_review_rules.sql"),
            include_str!("../../sql/schema/140_model_catalogue_version.sql"),
            include_str!("../../sql/schema/150_model_catalogue.sql"),
            include_str!("../../sql/schema/190_catalogue_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: "usage",
        needs: &["settings", PEOPLE],
        tables: &["ai_usage", "ai_usage_folded"],
        views: &[
            "ai_usage_totals",
            "user_role_distribution",
            "user_profiles_role_index_usage",
            "usage_of_unknown_cost",
        ],
        types: &[],
        functions: &["get_usage_summary", "export_usage", "forget_user", "maintain_usage_partitions"],
        trigger_functions: &[],
        files: &[
            include_str!("../../sql/schema/200_ai_usage.sql"),
            include_str!("../../sql/schema/205_ai_usage_folded.sql"),
            include_str!("../../sql/schema/210_usage_views.sql"),
            include_str!("../../sql/schema/215_usage_of_unknown_cost.sql"),
            include_str!("../../sql/schema/280_usage_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: "quota",
        needs: &["settings", PEOPLE, "catalogue", "usage"],
        tables: &[
            "quota_limits",
            "quota_limit_history",
            "quota_usage",
            "quota_alerts",
            "quota_reservations",
            "quota_holds",
            "quota_requests",
        ],
        views: &[],
        types: &["quota_decision", "usage_receipt", "usage_repricing"],
        functions: &[
            "check_model_quota",
            "reserve_model_quota",
            "require_model_quota",
            "settle_model_quota",
            "release_model_quota",
            "extend_model_quota",
            "consume_model_quota",
            "consume_model_quota_batch",
            "record_model_usage",
            "get_quota_status",
            "set_quota_limit",
            "remove_quota_limit",
            "adjust_quota",
            "expire_reservations",
            "verify_quota",
            "void_usage",
            "reprice_usage",
            "get_engine_stats",
            "get_engine_metrics",
        ],
        trigger_functions: &[],
        files: &[
            include_str!("../../sql/schema/290_quota_types.sql"),
            include_str!("../../sql/schema/300_quota_limits.sql"),
            include_str!("../../sql/schema/310_quota_usage.sql"),
            include_str!("../../sql/schema/320_quota_reservations.sql"),
            include_str!("../../sql/schema/390_quota_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: "system_models",
        needs: &["settings", PEOPLE, "catalogue", "usage", "quota"],
        tables: &["ai_models_system", "org_system_model_config", "ai_model_usage", "system_model_trials"],
        views: &[],
        types: &[],
        functions: &[
            "plan_level",
            "plan_level_sufficient",
            "is_superadmin",
            "is_admin",
            "is_admin_or_superadmin",
            "get_user_role",
            "get_user_organization_id",
            "get_available_system_models",
            "get_system_model_for_call",
            "check_token_quota",
            "record_token_usage",
            "reset_monthly_quotas",
        ],
        trigger_functions: &["update_ai_models_system_updated_at", "update_org_system_model_config_updated_at"],
        files: &[
            include_str!("../../sql/schema/400_ai_models_system.sql"),
            include_str!("../../sql/schema/410_org_system_model_config.sql"),
            include_str!("../../sql/schema/420_ai_model_usage.sql"),
            include_str!("../../sql/schema/430_system_model_trials.sql"),
            include_str!("../../sql/schema/435_system_model_rules.sql"),
            include_str!("../../sql/schema/440_system_models_seed.sql"),
            include_str!("../../sql/schema/490_system_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: TENANCY,
        needs: &["settings", PEOPLE],
        tables: &[
            "users",
            "user_sessions",
            "mcp_configurations",
            "system_prompts",
            "platform_admins",
            "admin_audit_log",
            "audit_logs",
            "audit_log_heads",
        ],
        views: &["active_user_sessions", "effective_mcp_configurations"],
        types: &["user_role", "mcp_type", "auth_type", "prompt_scope"],
        functions: &[
            "app_current_user_id",
            "app_current_org_id",
            "app_is_org_admin",
            "app_is_platform_admin",
            "get_effective_system_prompts",
            "cleanup_expired_sessions",
            "log_audit_event",
            "verify_audit_log",
        ],
        trigger_functions: &[],
        files: &[
            include_str!("../../sql/schema/500_tenancy_types.sql"),
            include_str!("../../sql/schema/510_users.sql"),
            include_str!("../../sql/schema/520_user_sessions.sql"),
            include_str!("../../sql/schema/530_mcp_configurations.sql"),
            include_str!("../../sql/schema/540_system_prompts.sql"),
            include_str!("../../sql/schema/550_audit_logs.sql"),
            include_str!("../../sql/schema/555_audit_wrappers.sql"),
            include_str!("../../sql/schema/560_platform_admins.sql"),
            include_str!("../../sql/schema/565_admin_audit_log.sql"),
            include_str!("../../sql/schema/570_tenancy_rules.sql"),
            include_str!("../../sql/schema/575_tenancy_updated_at.sql"),
            include_str!("../../sql/schema/580_tenancy_views.sql"),
            include_str!("../../sql/schema/590_tenancy_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: OAUTH,
        needs: &["settings", PEOPLE, "tenancy"],
        tables: &["oauth_states", "mcp_oauth_tokens"],
        views: &[],
        types: &[],
        functions: &[
            "encrypt_token",
            "decrypt_token",
            "consume_oauth_state",
            "cleanup_expired_oauth_states",
            "cleanup_expired_oauth_tokens",
        ],
        trigger_functions: &[],
        files: &[
            include_str!("../../sql/schema/600_oauth_states.sql"),
            include_str!("../../sql/schema/610_mcp_oauth_tokens.sql"),
            include_str!("../../sql/schema/620_oauth_rules.sql"),
            include_str!("../../sql/schema/690_oauth_wrappers.sql"),
        ],
        kept: false,
    },
    Module {
        name: "agents",
        needs: &["settings", PEOPLE, "catalogue", "usage", "quota", "tenancy"],
        tables: &[
            "agents",
            "models",
            "chat_sessions",
            "chat_messages",
            "agent_executions",
            "agent_health",
            "agent_metrics",
            "circuit_breaker_state",
        ],
        views: &["v_recent_sessions", "v_agent_status"],
        types: &[],
        functions: &[
            "acquire_agent",
            "pick_agent",
            "start_agent_execution",
            "finish_agent_execution",
            "expire_agent_executions",
            "append_chat_message",
        ],
        trigger_functions: &["update_updated_at_column"],
        files: &[
            include_str!("../../sql/schema/700_agents.sql"),
            include_str!("../../sql/schema/705_models.sql"),
            include_str!("../../sql/schema/710_chat_sessions.sql"),
            include_str!("../../sql/schema/715_chat_messages.sql"),
            include_str!("../../sql/schema/720_agent_executions.sql"),
            include_str!("../../sql/schema/730_agent_health.sql"),
            include_str!("../../sql/schema/735_agent_metrics.sql"),
            include_str!("../../sql/schema/740_circuit_breaker_state.sql"),
            include_str!("../../sql/schema/745_agent_rules.sql"),
            include_str!("../../sql/schema/750_agent_views.sql"),
            include_str!("../../sql/schema/755_agents_seed.sql"),
            include_str!("../../sql/schema/790_agent_wrappers.sql"),
        ],
        kept: false,
    },
];

/// The file that ends every installation.
pub const LAST_FILE: &str = include_str!("../../sql/schema/900_done.sql");

/// The named modules and what they need, in the order of installation; all of them for `None`.
pub fn with_needed(names: Option<&[Option<String>]>) -> Result<Vec<&'static Module>, Error> {
    selected(names, |module, named| module.name == named.name || named.needs.contains(&module.name))
}

/// The named modules and those that need them; all of them for `None`.
pub fn with_dependants(names: Option<&[Option<String>]>) -> Result<Vec<&'static Module>, Error> {
    selected(names, |module, named| module.name == named.name || module.needs.contains(&named.name))
}

/// The modules that belong to one of the named ones.
fn selected(
    names: Option<&[Option<String>]>,
    belongs: impl Fn(&Module, &Module) -> bool,
) -> Result<Vec<&'static Module>, Error> {
    let Some(names) = names else {
        return Ok(MODULES.iter().collect());
    };
    let known = || MODULES.iter().map(|module| module.name).collect::<Vec<_>>().join(", ");
    if names.is_empty() {
        return Err(Error::UnknownModule(String::new(), known()));
    }
    let named: Vec<&Module> = names
        .iter()
        .map(|name| name.as_deref().unwrap_or_default())
        .map(|name| {
            let found = MODULES.iter().find(|module| module.name == name);
            found.ok_or_else(|| Error::UnknownModule(name.to_owned(), known()))
        })
        .collect::<Result<_, _>>()?;
    Ok(MODULES.iter().filter(|module| named.iter().any(|named| belongs(module, named))).collect())
}

/// The tables of some modules.
pub fn tables(modules: &[&Module]) -> Vec<String> {
    modules.iter().flat_map(|module| module.tables).map(|table| (*table).to_owned()).collect()
}

/// The views of some modules.
pub fn views(modules: &[&Module]) -> Vec<String> {
    modules.iter().flat_map(|module| module.views).map(|view| (*view).to_owned()).collect()
}

/// The types of some modules.
pub fn types(modules: &[&Module]) -> Vec<String> {
    modules.iter().flat_map(|module| module.types).map(|name| (*name).to_owned()).collect()
}

/// The tables, views and types of some modules.
pub fn relations(modules: &[&Module]) -> Vec<String> {
    [tables(modules), views(modules), types(modules)].concat()
}

/// The functions of some modules.
pub fn functions(modules: &[&Module]) -> Vec<String> {
    modules.iter().flat_map(|module| module.functions).map(|function| (*function).to_owned()).collect()
}

/// The name of the module to which a table, a view, a type or a function belongs.
pub fn owner_of(name: &str) -> &'static str {
    MODULES
        .iter()
        .find(|module| {
            [module.tables, module.views, module.types, module.functions].iter().any(|names| names.contains(&name))
        })
        .map_or("", |module| module.name)
}
