-- What dashboards read: schema "report". Names and meaning are stable from release to release; tables are not.
-- Times are timestamptz; buckets of hours and days are cut in UTC.

CREATE SCHEMA IF NOT EXISTS "report";
COMMENT ON SCHEMA "report" IS 'What rebound found out, for dashboards. Stable views; the tables behind them may change.';

CREATE VIEW "report"."bounces" AS
SELECT b."id", b."time", m."name" AS "mailbox", b."kind", b."recipient", b."recipient_domain", b."provider", b."class", b."category",
       b."fault", b."status", b."reply", b."diagnostic_code", b."remote_mta", b."reporting_mta", b."campaign", b."list_id",
       b."original_message_id", b."trust", b."rule", b."evidence", b."confidence", b."original_recipient", b."final_recipient",
       b."action", b."message_id"
FROM "bounces" b JOIN "mailboxes" m ON m."id" = b."mailbox_id";

CREATE VIEW "report"."bounces_hourly" AS
SELECT date_trunc('hour', b."time", 'UTC') AS "time", b."provider", b."class", b."category", b."fault",
       count(*) AS "bounces", count(DISTINCT b."recipient_key") AS "recipients"
FROM "bounces" b WHERE b."kind" = 'bounce'
GROUP BY 1, 2, 3, 4, 5;

CREATE VIEW "report"."bounces_daily" AS
SELECT date_trunc('day', b."time", 'UTC') AS "time", b."provider", b."class", b."category", b."fault",
       count(*) AS "bounces", count(DISTINCT b."recipient_key") AS "recipients"
FROM "bounces" b WHERE b."kind" = 'bounce'
GROUP BY 1, 2, 3, 4, 5;

CREATE VIEW "report"."suppressions" AS
SELECT s."recipient", s."recipient_domain", s."state", s."category", s."fault", s."status", s."provider", s."rule", s."reason",
       s."evidence", s."flagged_at", s."last_bounce_at", s."bounces", s."expires_at", s."changed_at"
FROM "suppressions" s;

CREATE VIEW "report"."suppression_changes" AS
SELECT c."id", c."time", c."recipient", c."from_state", c."to_state", c."actor", c."rule", c."reason", c."evidence", c."batch"
FROM "suppression_changes" c;

CREATE VIEW "report"."removal_list" AS
SELECT s."recipient", s."flagged_at", s."category", s."status", s."reason"
FROM "suppressions" s
WHERE s."state" = 'flagged' AND (s."expires_at" IS NULL OR s."expires_at" > now());

CREATE VIEW "report"."providers" AS
WITH b AS (
  SELECT date_trunc('day', "time", 'UTC') AS "time", "provider", count(*) AS "bounces",
         count(*) FILTER (WHERE "class" = 'permanent') AS "permanent", count(*) FILTER (WHERE "class" = 'temporary') AS "temporary"
  FROM "bounces" WHERE "kind" = 'bounce' GROUP BY 1, 2
), s AS (
  SELECT "day"::timestamp AT TIME ZONE 'UTC' AS "time", "provider", sum("sent")::bigint AS "sent"
  FROM "sent_daily" WHERE "provider" <> '' GROUP BY 1, 2
)
SELECT "time", "provider", coalesce(b."bounces", 0) AS "bounces", coalesce(b."permanent", 0) AS "permanent",
       coalesce(b."temporary", 0) AS "temporary", s."sent", coalesce(b."bounces", 0)::double precision / nullif(s."sent", 0) AS "rate"
FROM b FULL JOIN s USING ("time", "provider");

CREATE VIEW "report"."campaigns" AS
WITH b AS (
  SELECT date_trunc('day', "time", 'UTC') AS "time", "campaign", count(*) AS "bounces",
         count(*) FILTER (WHERE "class" = 'permanent') AS "permanent", count(*) FILTER (WHERE "class" = 'temporary') AS "temporary"
  FROM "bounces" WHERE "kind" = 'bounce' AND "campaign" IS NOT NULL GROUP BY 1, 2
), s AS (
  SELECT "day"::timestamp AT TIME ZONE 'UTC' AS "time", "campaign", sum("sent")::bigint AS "sent"
  FROM "sent_daily" WHERE "campaign" <> '' GROUP BY 1, 2
)
SELECT "time", "campaign", coalesce(b."bounces", 0) AS "bounces", coalesce(b."permanent", 0) AS "permanent",
       coalesce(b."temporary", 0) AS "temporary", s."sent", coalesce(b."bounces", 0)::double precision / nullif(s."sent", 0) AS "rate"
FROM b FULL JOIN s USING ("time", "campaign");

CREATE VIEW "report"."incidents" AS
SELECT i."id", i."opened_at", i."last_seen_at", i."closed_at", i."provider", i."category", i."status", i."recipients", i."state",
       i."next_step"
FROM "incidents" i;

CREATE VIEW "report"."unclassified" AS
SELECT b."reply_text", count(*) AS "bounces", min(b."time") AS "first_seen", max(b."time") AS "last_seen", max(b."id") AS "sample_bounce"
FROM "bounces" b
WHERE b."kind" = 'bounce' AND (b."category" = 'undefined' OR b."class" = 'undetermined')
GROUP BY b."reply_text";

CREATE VIEW "report"."pipeline" AS
SELECT m."name" AS "mailbox", m."last_poll_at", m."last_success_at", m."oldest_unsettled_at", m."waiting",
       (SELECT count(*) FROM "messages" f WHERE f."mailbox_id" = m."id" AND f."outcome" = 'failed') AS "failed",
       lag."p50" AS "lag_p50_seconds", lag."p95" AS "lag_p95_seconds", m."last_error"
FROM "mailboxes" m
LEFT JOIN LATERAL (
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY r."seconds") AS "p50", percentile_cont(0.95) WITHIN GROUP (ORDER BY r."seconds") AS "p95"
  FROM (SELECT extract(epoch FROM g."committed_at" - g."received_at")::double precision AS "seconds"
        FROM "messages" g WHERE g."mailbox_id" = m."id" AND g."committed_at" > now() - interval '1 day'
        ORDER BY g."committed_at" DESC LIMIT 1000) r
) lag ON true;

COMMENT ON VIEW "report"."bounces" IS 'One row per recipient of a report: bounces, delay warnings, success notices and complaints (see kind).';
COMMENT ON COLUMN "report"."bounces"."id" IS 'Number of the bounce; grows with time of processing.';
COMMENT ON COLUMN "report"."bounces"."time" IS 'When the report reached the mailbox (INTERNALDATE).';
COMMENT ON COLUMN "report"."bounces"."mailbox" IS 'Label of the mailbox it came from.';
COMMENT ON COLUMN "report"."bounces"."kind" IS 'bounce (failed for good in this transaction), delay (still being tried), delivered, auto_reply, feedback (complaint), other.';
COMMENT ON COLUMN "report"."bounces"."recipient" IS 'The address on the sender''s list: signed return path, else original, else final recipient, else the text.';
COMMENT ON COLUMN "report"."bounces"."recipient_domain" IS 'Domain of the recipient, lower case, ASCII.';
COMMENT ON COLUMN "report"."bounces"."provider" IS 'Who runs the recipient''s mail (google, microsoft, yahoo, …); other if not known.';
COMMENT ON COLUMN "report"."bounces"."class" IS 'permanent, temporary, undetermined or none (not a failure). It follows the cause, not merely the digit.';
COMMENT ON COLUMN "report"."bounces"."category" IS 'Cause: user_unknown, mailbox_full, blocked, … (see docs/glossary.md).';
COMMENT ON COLUMN "report"."bounces"."fault" IS 'Where the reason lies: recipient, recipient_temporary, recipient_policy, sender_identity, sender_reputation, sender_account, content, network, receiver_system, unknown.';
COMMENT ON COLUMN "report"."bounces"."status" IS 'Enhanced status code (RFC 3463), as it stands in the mail.';
COMMENT ON COLUMN "report"."bounces"."reply" IS 'SMTP reply code (RFC 5321), as it stands in the mail.';
COMMENT ON COLUMN "report"."bounces"."diagnostic_code" IS 'The words of the refusing server.';
COMMENT ON COLUMN "report"."bounces"."remote_mta" IS 'The server that refused.';
COMMENT ON COLUMN "report"."bounces"."reporting_mta" IS 'The server that wrote the report; it need not be at fault.';
COMMENT ON COLUMN "report"."bounces"."campaign" IS 'Campaign named in the headers of the returned mail.';
COMMENT ON COLUMN "report"."bounces"."list_id" IS 'List-Id of the returned mail.';
COMMENT ON COLUMN "report"."bounces"."original_message_id" IS 'Message-ID of the returned mail.';
COMMENT ON COLUMN "report"."bounces"."trust" IS 'signed (our signed return path), correlated (the returned mail is ours), unverified.';
COMMENT ON COLUMN "report"."bounces"."rule" IS 'Rule that decided class and category.';
COMMENT ON COLUMN "report"."bounces"."evidence" IS 'The line or field that the rule rests on.';
COMMENT ON COLUMN "report"."bounces"."confidence" IS 'high, medium or low.';
COMMENT ON COLUMN "report"."bounces"."original_recipient" IS 'Original-Recipient of the report, where given.';
COMMENT ON COLUMN "report"."bounces"."final_recipient" IS 'Final-Recipient of the report, or the address named in its text.';
COMMENT ON COLUMN "report"."bounces"."action" IS 'Action field of the report (RFC 3464): failed, delayed, delivered, relayed, expanded.';
COMMENT ON COLUMN "report"."bounces"."message_id" IS 'Number of the message (report) it stands in.';

COMMENT ON VIEW "report"."bounces_hourly" IS 'Failed recipients by hour (UTC), provider, class, category and fault. Kind bounce only.';
COMMENT ON COLUMN "report"."bounces_hourly"."time" IS 'Start of the hour, UTC.';
COMMENT ON COLUMN "report"."bounces_hourly"."provider" IS 'Who runs the recipients'' mail.';
COMMENT ON COLUMN "report"."bounces_hourly"."class" IS 'permanent, temporary or undetermined.';
COMMENT ON COLUMN "report"."bounces_hourly"."category" IS 'Cause.';
COMMENT ON COLUMN "report"."bounces_hourly"."fault" IS 'Where the reason lies.';
COMMENT ON COLUMN "report"."bounces_hourly"."bounces" IS 'Bounces in the bucket.';
COMMENT ON COLUMN "report"."bounces_hourly"."recipients" IS 'Distinct recipients in the bucket.';

COMMENT ON VIEW "report"."bounces_daily" IS 'Failed recipients by day (UTC), provider, class, category and fault. Kind bounce only.';
COMMENT ON COLUMN "report"."bounces_daily"."time" IS 'Start of the day, UTC.';
COMMENT ON COLUMN "report"."bounces_daily"."provider" IS 'Who runs the recipients'' mail.';
COMMENT ON COLUMN "report"."bounces_daily"."class" IS 'permanent, temporary or undetermined.';
COMMENT ON COLUMN "report"."bounces_daily"."category" IS 'Cause.';
COMMENT ON COLUMN "report"."bounces_daily"."fault" IS 'Where the reason lies.';
COMMENT ON COLUMN "report"."bounces_daily"."bounces" IS 'Bounces in the bucket.';
COMMENT ON COLUMN "report"."bounces_daily"."recipients" IS 'Distinct recipients in the bucket.';

COMMENT ON VIEW "report"."suppressions" IS 'State of every recipient that was ever flagged, held, released or removed. No row: never flagged.';
COMMENT ON COLUMN "report"."suppressions"."recipient" IS 'The address on the sender''s list.';
COMMENT ON COLUMN "report"."suppressions"."recipient_domain" IS 'Its domain, lower case, ASCII.';
COMMENT ON COLUMN "report"."suppressions"."state" IS 'flagged (take it off the list), held (a person decides first), removed (the list''s owner confirmed), released (cleared).';
COMMENT ON COLUMN "report"."suppressions"."category" IS 'Cause of the bounce that decided.';
COMMENT ON COLUMN "report"."suppressions"."fault" IS 'Where the reason lies.';
COMMENT ON COLUMN "report"."suppressions"."status" IS 'Enhanced status code of the bounce that decided.';
COMMENT ON COLUMN "report"."suppressions"."provider" IS 'Who runs the recipient''s mail.';
COMMENT ON COLUMN "report"."suppressions"."rule" IS 'Suppression rule that decided; null for a person''s decision.';
COMMENT ON COLUMN "report"."suppressions"."reason" IS 'Why, in a sentence.';
COMMENT ON COLUMN "report"."suppressions"."evidence" IS 'The line of the report that it rests on.';
COMMENT ON COLUMN "report"."suppressions"."flagged_at" IS 'When it was first flagged or held in its present spell.';
COMMENT ON COLUMN "report"."suppressions"."last_bounce_at" IS 'Arrival of its latest counted bounce.';
COMMENT ON COLUMN "report"."suppressions"."bounces" IS 'Bounces counted towards this state.';
COMMENT ON COLUMN "report"."suppressions"."expires_at" IS 'When the state ends by itself; null: never.';
COMMENT ON COLUMN "report"."suppressions"."changed_at" IS 'When this row last changed.';

COMMENT ON VIEW "report"."suppression_changes" IS 'The audit trail: every change of state, oldest first by id.';
COMMENT ON COLUMN "report"."suppression_changes"."id" IS 'Number of the change.';
COMMENT ON COLUMN "report"."suppression_changes"."time" IS 'When it was made.';
COMMENT ON COLUMN "report"."suppression_changes"."recipient" IS 'The address on the sender''s list.';
COMMENT ON COLUMN "report"."suppression_changes"."from_state" IS 'State before; null: no row.';
COMMENT ON COLUMN "report"."suppression_changes"."to_state" IS 'State after; null: no row.';
COMMENT ON COLUMN "report"."suppression_changes"."actor" IS 'worker, or the person who decided.';
COMMENT ON COLUMN "report"."suppression_changes"."rule" IS 'Suppression rule, if a rule decided.';
COMMENT ON COLUMN "report"."suppression_changes"."reason" IS 'Why, in a sentence.';
COMMENT ON COLUMN "report"."suppression_changes"."evidence" IS 'The line of the report that it rests on.';
COMMENT ON COLUMN "report"."suppression_changes"."batch" IS 'Batch of a bulk decision; null for a single one.';

COMMENT ON VIEW "report"."removal_list" IS 'Recipients to take off the list now: flagged and not expired.';
COMMENT ON COLUMN "report"."removal_list"."recipient" IS 'The address on the sender''s list.';
COMMENT ON COLUMN "report"."removal_list"."flagged_at" IS 'When it was flagged.';
COMMENT ON COLUMN "report"."removal_list"."category" IS 'Cause.';
COMMENT ON COLUMN "report"."removal_list"."status" IS 'Enhanced status code.';
COMMENT ON COLUMN "report"."removal_list"."reason" IS 'Why, in a sentence.';

COMMENT ON VIEW "report"."providers" IS 'Failed recipients by day (UTC) and provider, with the rate where sent_daily says how many were sent.';
COMMENT ON COLUMN "report"."providers"."time" IS 'Start of the day, UTC.';
COMMENT ON COLUMN "report"."providers"."provider" IS 'Who runs the recipients'' mail.';
COMMENT ON COLUMN "report"."providers"."bounces" IS 'Failed recipients.';
COMMENT ON COLUMN "report"."providers"."permanent" IS 'Of them permanent.';
COMMENT ON COLUMN "report"."providers"."temporary" IS 'Of them temporary.';
COMMENT ON COLUMN "report"."providers"."sent" IS 'Mails sent, from sent_daily; null if not known.';
COMMENT ON COLUMN "report"."providers"."rate" IS 'bounces / sent; null if not known.';

COMMENT ON VIEW "report"."campaigns" IS 'Failed recipients by day (UTC) and campaign, with the rate where sent_daily says how many were sent.';
COMMENT ON COLUMN "report"."campaigns"."time" IS 'Start of the day, UTC.';
COMMENT ON COLUMN "report"."campaigns"."campaign" IS 'Campaign named in the headers of the returned mail.';
COMMENT ON COLUMN "report"."campaigns"."bounces" IS 'Failed recipients.';
COMMENT ON COLUMN "report"."campaigns"."permanent" IS 'Of them permanent.';
COMMENT ON COLUMN "report"."campaigns"."temporary" IS 'Of them temporary.';
COMMENT ON COLUMN "report"."campaigns"."sent" IS 'Mails sent, from sent_daily; null if not known.';
COMMENT ON COLUMN "report"."campaigns"."rate" IS 'bounces / sent; null if not known.';

COMMENT ON VIEW "report"."incidents" IS 'Sender-side trouble and outages, grouped by provider and cause.';
COMMENT ON COLUMN "report"."incidents"."id" IS 'Number of the incident.';
COMMENT ON COLUMN "report"."incidents"."opened_at" IS 'First seen.';
COMMENT ON COLUMN "report"."incidents"."last_seen_at" IS 'Last seen.';
COMMENT ON COLUMN "report"."incidents"."closed_at" IS 'When it was closed; null: open.';
COMMENT ON COLUMN "report"."incidents"."provider" IS 'Provider concerned.';
COMMENT ON COLUMN "report"."incidents"."category" IS 'Cause.';
COMMENT ON COLUMN "report"."incidents"."status" IS 'Enhanced status code.';
COMMENT ON COLUMN "report"."incidents"."recipients" IS 'Recipients concerned.';
COMMENT ON COLUMN "report"."incidents"."state" IS 'open or closed.';
COMMENT ON COLUMN "report"."incidents"."next_step" IS 'What to do next.';

COMMENT ON VIEW "report"."unclassified" IS 'Replies that no rule decided, grouped with addresses, ids and times taken out; most frequent first when ordered by bounces.';
COMMENT ON COLUMN "report"."unclassified"."reply_text" IS 'Normalised reply.';
COMMENT ON COLUMN "report"."unclassified"."bounces" IS 'How many bounces say so.';
COMMENT ON COLUMN "report"."unclassified"."first_seen" IS 'First arrival.';
COMMENT ON COLUMN "report"."unclassified"."last_seen" IS 'Latest arrival.';
COMMENT ON COLUMN "report"."unclassified"."sample_bounce" IS 'id of one of them in report.bounces.';

COMMENT ON VIEW "report"."pipeline" IS 'One row per mailbox: is the pipeline keeping up?';
COMMENT ON COLUMN "report"."pipeline"."mailbox" IS 'Label of the mailbox.';
COMMENT ON COLUMN "report"."pipeline"."last_poll_at" IS 'Last try to read the mailbox.';
COMMENT ON COLUMN "report"."pipeline"."last_success_at" IS 'Last time that a round was done without an error.';
COMMENT ON COLUMN "report"."pipeline"."oldest_unsettled_at" IS 'Arrival of the oldest mail without a committed row; null: none waits.';
COMMENT ON COLUMN "report"."pipeline"."waiting" IS 'Mails in the mailbox without a committed row, at the last poll.';
COMMENT ON COLUMN "report"."pipeline"."failed" IS 'Mails that could not be processed (rebound retry runs them again).';
COMMENT ON COLUMN "report"."pipeline"."lag_p50_seconds" IS 'Median seconds from arrival to committed row, latest 1000 mails of the last day.';
COMMENT ON COLUMN "report"."pipeline"."lag_p95_seconds" IS '95th percentile of the same.';
COMMENT ON COLUMN "report"."pipeline"."last_error" IS 'Latest error, null after a success.';

-- The role that dashboards log in as a member of. Roles belong to the whole cluster and managed databases often deny
-- CREATE ROLE, so whatever is refused here is left to the administrator (docs/dashboards.md).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rebound_reader') THEN
    CREATE ROLE "rebound_reader" NOLOGIN;
    ALTER ROLE "rebound_reader" SET default_transaction_read_only = on;
    ALTER ROLE "rebound_reader" SET statement_timeout = '30s';
  END IF;
EXCEPTION
  WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rebound_reader') THEN
    GRANT USAGE ON SCHEMA "report" TO "rebound_reader";
    GRANT SELECT ON ALL TABLES IN SCHEMA "report" TO "rebound_reader";
  END IF;
END $$;
