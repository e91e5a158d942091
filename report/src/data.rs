//! What the page tells, read in one transaction: all figures are of one instant.

use postgres::{Client, Error, IsolationLevel, Row, Transaction};

/// So many models have a colour of their own; the others are one.
pub const MOST_MODELS: usize = 7;
/// So many organisations are told by name.
const MOST_ORGANISATIONS: i64 = 15;
/// So many quotas are drawn: those that are closest to their limits.
const MOST_QUOTAS: i64 = 8;

/// An amount: as it is told, and as it is drawn.
#[derive(Clone, Debug, Default)]
pub struct Amount {
    /// The exact decimal.
    pub text: String,
    /// Its place on a plot.
    pub height: f64,
}

/// Usage of something.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Of what: a day, a model, an organisation.
    pub name: String,
    /// Requests.
    pub requests: i64,
    /// Tokens.
    pub tokens: Amount,
    /// Cost in USD, with markup.
    pub total_usd: Amount,
}

/// What a model cost on a day.
#[derive(Clone, Debug)]
pub struct Share {
    /// The day, counted from the first one.
    pub day: usize,
    /// The model.
    pub model: String,
    /// Cost in USD, with markup.
    pub total_usd: Amount,
}

/// How a quota burns down in the window that is open.
#[derive(Clone, Debug)]
pub struct Quota {
    /// The limit's name and whose it is.
    pub name: String,
    /// What is counted.
    pub metric: String,
    /// The limit.
    pub limit: Amount,
    /// What is used, by the counter.
    pub used: Amount,
    /// When the window ends.
    pub ends: String,
    /// What was left at the end of each day of the window, by the ledger.
    pub left: Vec<(String, f64)>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The database.
    pub database: String,
    /// The first day, and the first one that is not told.
    pub days: (String, String),
    /// When it was read.
    pub read_at: String,
    /// The sum.
    pub sum: Line,
    /// Usage whose cost nobody knows: requests.
    pub unknown: i64,
    /// By day, every day of the time.
    pub by_day: Vec<Line>,
    /// By model, the dearest first.
    pub by_model: Vec<Line>,
    /// By day and model.
    pub shares: Vec<Share>,
    /// By organisation, the dearest first.
    pub by_organisation: Vec<Line>,
    /// Quotas, the one that is closest to its limit first.
    pub quotas: Vec<Quota>,
}

fn amount(row: &Row, column: &str) -> Amount {
    let text: String = row.get(column);
    Amount { height: text.parse().unwrap_or_default(), text }
}

fn line(row: &Row) -> Line {
    Line {
        name: row.get("name"),
        requests: row.get("requests"),
        tokens: amount(row, "tokens"),
        total_usd: amount(row, "total_usd"),
    }
}

/// Sums of a usage summary, without trailing zeros.
const SUMS: &str = "coalesce(sum(s.requests), 0)::bigint AS requests, coalesce(sum(s.total_tokens), 0)::text AS tokens,
    trim_scale(coalesce(sum(s.total_usd), 0))::text AS total_usd";

/// Reads a report of some days.
pub fn read(client: &mut Client, from: Option<&str>, to: Option<&str>) -> Result<Report, Error> {
    let mut transaction =
        client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start()?;
    transaction.batch_execute("SET LOCAL TimeZone = 'UTC'")?;
    let bounds = transaction.query_one(
        "SELECT d.first::text, d.last::text, current_database()::text, to_char(now(), 'YYYY-MM-DD HH24:MI TZ')
           FROM (SELECT coalesce($1::text::date, coalesce($2::text::date, current_date + 1) - 30) AS first,
                        coalesce($2::text::date, current_date + 1) AS last) AS d",
        &[&from, &to],
    )?;
    let (first, last): (String, String) = (bounds.get(0), bounds.get(1));
    let mut report = Report {
        database: bounds.get(2),
        read_at: bounds.get(3),
        days: (first.clone(), last.clone()),
        ..Report::default()
    };
    let summary =
        |keys: &str| format!("public.get_usage_summary($1::text::timestamptz, $2::text::timestamptz, {keys}) AS s");
    let lines = |transaction: &mut Transaction, query: String| -> Result<Vec<Line>, Error> {
        Ok(transaction.query(&query, &[&first, &last])?.iter().map(line).collect())
    };
    let sum = format!("SELECT 'all' AS name, {SUMS} FROM {}", summary("'{}'"));
    report.sum = lines(&mut transaction, sum)?.pop().unwrap_or_default();
    report.by_day = lines(
        &mut transaction,
        format!(
            "SELECT d.day::date::text AS name, {SUMS}
               FROM generate_series($1::text::timestamptz, $2::text::timestamptz - interval '1 day', '1 day') AS d (day)
               LEFT JOIN {} ON s.period_start = d.day GROUP BY d.day ORDER BY d.day",
            summary("'{day}'")
        ),
    )?;
    report.by_model = lines(
        &mut transaction,
        format!(
            "SELECT s.model AS name, {SUMS} FROM {} GROUP BY s.model ORDER BY sum(s.total_usd) DESC, s.model",
            summary("'{model}'")
        ),
    )?;
    report.by_organisation = lines(
        &mut transaction,
        format!(
            "SELECT coalesce(o.name, s.organization_id::text, 'no organisation') AS name, {SUMS}
               FROM {} LEFT JOIN public.organizations AS o ON o.id = s.organization_id
              GROUP BY 1 ORDER BY sum(s.total_usd) DESC, 1 LIMIT {MOST_ORGANISATIONS}",
            summary("'{organisation}'")
        ),
    )?;
    let shares = format!(
        "SELECT (s.period_start::date - $1::text::date)::integer AS day, s.model, trim_scale(s.total_usd)::text AS total_usd
           FROM {} ORDER BY s.period_start, s.model",
        summary("'{day,model}'")
    );
    let share = |row: &Row| Share {
        day: usize::try_from(row.get::<_, i32>("day")).unwrap_or_default(),
        model: row.get("model"),
        total_usd: amount(row, "total_usd"),
    };
    report.shares = transaction.query(&shares, &[&first, &last])?.iter().map(share).collect();
    let unknown = format!("SELECT coalesce(sum(s.unknown_cost_requests), 0)::bigint FROM {}", summary("'{}'"));
    report.unknown = transaction.query_one(&unknown, &[&first, &last])?.get(0);
    report.quotas = quotas(&mut transaction)?;
    transaction.commit()?;
    Ok(report)
}

/// Counters whose windows are open, by how little is left; one that is split is the sum of its slots. Of limits, and of the months
/// of organisations.
const COUNTERS: &str = "
SELECT x.name || ' of ' || coalesce(o.name, p.email, CASE WHEN x.subject = x.nobody THEN 'everybody' ELSE x.subject::text END)
           || CASE WHEN x.model <> '' THEN ', ' || x.model ELSE '' END AS name,
       x.subject::text AS subject, x.model, x.metric, x.pattern,
       trim_scale(x.most)::text AS most, trim_scale(x.used)::text AS used,
       coalesce(to_char(nullif(x.window_end, 'infinity'), 'YYYY-MM-DD HH24:MI'), 'never') AS ends,
       greatest(x.window_start, now() - interval '60 days')::text AS since
  FROM (SELECT c.subject, c.model, c.window_start, c.window_end, c.used, '00000000-0000-0000-0000-000000000000'::uuid AS nobody,
               coalesce(l.name, 'month') AS name, coalesce(l.metric, 'tokens') AS metric, coalesce(l.model_pattern, 'system/*') AS pattern,
               coalesce(l.limit_amount, g.token_quota_monthly) AS most
          FROM (SELECT u.source, u.limit_id, u.subject, u.model, min(u.window_start) AS window_start, max(u.window_end) AS window_end,
                       sum(u.used) AS used
                  FROM public.quota_usage AS u
                 WHERE u.window_start <= now() AND u.window_end > now() AND u.source IN ('limit', 'organization')
                 GROUP BY u.source, u.limit_id, u.subject, u.model) AS c
          LEFT JOIN public.quota_limits AS l ON c.source = 'limit' AND l.limit_id = c.limit_id
          LEFT JOIN public.organizations AS g ON c.source = 'organization' AND g.id = c.subject) AS x
  LEFT JOIN public.organizations AS o ON o.id = x.subject
  LEFT JOIN public.profiles AS p ON p.id = x.subject
 WHERE x.most > 0 AND x.metric <> 'concurrent'
 ORDER BY x.used / x.most DESC, 1
 LIMIT $1";

/// What the ledger has of a counter, summed up to the end of each day.
const BURNT: &str = "
SELECT d.day::date::text AS day, trim_scale(sum(coalesce(b.burnt, 0)) OVER (ORDER BY d.day))::text AS burnt
  FROM generate_series(date_trunc('day', $1::text::timestamptz), now(), '1 day') AS d (day)
  LEFT JOIN (SELECT date_trunc('day', u.occurred_at) AS day,
                    sum(CASE $4::text WHEN 'tokens' THEN u.tokens_used WHEN 'requests' THEN u.requests ELSE u.cost_usd END)::numeric AS burnt
               FROM public.ai_usage AS u
              WHERE u.occurred_at >= $1::text::timestamptz
                AND ($2::text::uuid IN (u.user_id, u.organization_id) OR $2::text::uuid = '00000000-0000-0000-0000-000000000000')
                AND ($3::text = '*' OR u.model = $3 OR $3 LIKE '%/*' AND starts_with(u.model, left($3, -1)))
                AND ($5::text = '' OR u.model = $5)
              GROUP BY 1) AS b ON b.day = d.day
 ORDER BY d.day";

fn quotas(transaction: &mut Transaction) -> Result<Vec<Quota>, Error> {
    let mut quotas = Vec::new();
    for row in transaction.query(COUNTERS, &[&MOST_QUOTAS])? {
        let text = |column: &str| row.get::<_, String>(column);
        let limit = amount(&row, "most");
        let metric = text("metric");
        let keys = [text("since"), text("subject"), text("pattern"), metric.clone(), text("model")];
        let keys: Vec<_> = keys.iter().map(|key| key as &(dyn postgres::types::ToSql + Sync)).collect();
        let burnt = transaction.query(BURNT, &keys)?;
        let left = burnt.iter().map(|row| (row.get("day"), limit.height - amount(row, "burnt").height)).collect();
        quotas.push(Quota { name: text("name"), metric, limit, used: amount(&row, "used"), ends: text("ends"), left });
    }
    Ok(quotas)
}
