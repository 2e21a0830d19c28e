-- The tables. Every column is explained in prisma/schema.prisma.

CREATE TABLE "mailboxes" (
  "id" serial PRIMARY KEY,
  "name" text NOT NULL UNIQUE,
  "host" text NOT NULL,
  "port" integer NOT NULL,
  "username" text NOT NULL,
  "folder" text NOT NULL,
  "uid_validity" bigint,
  "last_poll_at" timestamptz(3),
  "last_success_at" timestamptz(3),
  "last_error" text,
  "last_error_at" timestamptz(3),
  "oldest_unsettled_at" timestamptz(3),
  "waiting" integer NOT NULL DEFAULT 0,
  "created_at" timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE ("host", "username", "folder")
);

CREATE TABLE "messages" (
  "id" bigserial PRIMARY KEY,
  "mailbox_id" integer NOT NULL REFERENCES "mailboxes" ("id"),
  "uid_validity" bigint NOT NULL,
  "uid" bigint NOT NULL,
  "content_hash" bytea NOT NULL,
  "size" integer NOT NULL,
  "truncated" boolean NOT NULL DEFAULT false,
  "received_at" timestamptz(3) NOT NULL,
  "committed_at" timestamptz(3) NOT NULL DEFAULT now(),
  "settled_at" timestamptz(3),
  "outcome" text NOT NULL CHECK ("outcome" IN ('stored', 'duplicate', 'failed')),
  "duplicate_of" bigint REFERENCES "messages" ("id") ON DELETE SET NULL,
  "kind" text NOT NULL CHECK ("kind" IN ('bounce', 'delay', 'delivered', 'auto_reply', 'feedback', 'other')),
  "reader" text,
  "message_id" text,
  "sender" text,
  "subject" text,
  "reporting_mta" text,
  "trust" text NOT NULL CHECK ("trust" IN ('signed', 'correlated', 'unverified')),
  "original_message_id" text,
  "original_from" text,
  "original_to" text,
  "original_subject" text,
  "original_date" text,
  "list_id" text,
  "feedback_id" text,
  "campaign" text,
  "return_path" text,
  "limits" text[] NOT NULL DEFAULT '{}',
  "error" text,
  "attempts" integer NOT NULL DEFAULT 1,
  "raw" bytea,
  UNIQUE ("mailbox_id", "uid_validity", "uid")
);

-- A content counts once: of several places with the same bytes one is the original, the others are duplicates of it.
CREATE UNIQUE INDEX "messages_content" ON "messages" ("content_hash") WHERE "outcome" <> 'duplicate';
CREATE INDEX "messages_duplicate_of" ON "messages" ("duplicate_of") WHERE "duplicate_of" IS NOT NULL;
CREATE INDEX "messages_failed" ON "messages" ("mailbox_id", "committed_at") WHERE "outcome" = 'failed';
-- What the poller has yet to settle; kind other stays as it is.
CREATE INDEX "messages_unsettled" ON "messages" ("mailbox_id", "uid_validity")
  WHERE "settled_at" IS NULL AND ("kind" <> 'other' OR "outcome" = 'failed');
-- The lag of report.pipeline, and the retention of raw mail.
CREATE INDEX "messages_committed" ON "messages" ("mailbox_id", "committed_at");
CREATE INDEX "messages_raw" ON "messages" ("committed_at") WHERE "raw" IS NOT NULL;

CREATE TABLE "bounces" (
  "id" bigserial PRIMARY KEY,
  "message_id" bigint NOT NULL REFERENCES "messages" ("id") ON DELETE CASCADE,
  "mailbox_id" integer NOT NULL REFERENCES "mailboxes" ("id"),
  "time" timestamptz(3) NOT NULL,
  "kind" text NOT NULL CHECK ("kind" IN ('bounce', 'delay', 'delivered', 'auto_reply', 'feedback', 'other')),
  "recipient" text NOT NULL,
  "recipient_key" text NOT NULL,
  "recipient_domain" text NOT NULL,
  "original_recipient" text,
  "final_recipient" text,
  "action" text,
  "class" text NOT NULL CHECK ("class" IN ('permanent', 'temporary', 'undetermined', 'none')),
  "category" text NOT NULL,
  "fault" text NOT NULL,
  "status" text,
  "reply" text,
  "diagnostic_code" text,
  "remote_mta" text,
  "reporting_mta" text,
  "provider" text NOT NULL,
  "campaign" text,
  "list_id" text,
  "original_message_id" text,
  "trust" text NOT NULL CHECK ("trust" IN ('signed', 'correlated', 'unverified')),
  "rule" text NOT NULL,
  "evidence" text NOT NULL,
  "confidence" text NOT NULL,
  "reply_text" text,
  UNIQUE ("message_id", "recipient_key")
);

CREATE INDEX "bounces_time" ON "bounces" ("time");
CREATE INDEX "bounces_recipient" ON "bounces" ("recipient_key", "time");
CREATE INDEX "bounces_domain" ON "bounces" ("recipient_domain", "time");
CREATE INDEX "bounces_provider" ON "bounces" ("provider", "time");
CREATE INDEX "bounces_campaign" ON "bounces" ("campaign", "time") WHERE "campaign" IS NOT NULL;
CREATE INDEX "bounces_unclassified" ON "bounces" ("reply_text", "time")
  WHERE "kind" = 'bounce' AND ("category" = 'undefined' OR "class" = 'undetermined');

CREATE TABLE "suppressions" (
  "id" bigserial PRIMARY KEY,
  "recipient" text NOT NULL,
  "recipient_key" text NOT NULL UNIQUE,
  "recipient_domain" text NOT NULL,
  "state" text NOT NULL CHECK ("state" IN ('flagged', 'held', 'removed', 'released')),
  "category" text,
  "fault" text,
  "status" text,
  "provider" text,
  "rule" text,
  "reason" text NOT NULL,
  "evidence" text,
  "bounces" integer NOT NULL DEFAULT 0,
  "flagged_at" timestamptz(3),
  "last_bounce_at" timestamptz(3),
  "expires_at" timestamptz(3),
  "bounce_id" bigint,
  "changed_at" timestamptz(3) NOT NULL DEFAULT now()
);

CREATE INDEX "suppressions_state" ON "suppressions" ("state", "changed_at");
CREATE INDEX "suppressions_domain" ON "suppressions" ("recipient_domain");

CREATE TABLE "suppression_changes" (
  "id" bigserial PRIMARY KEY,
  "time" timestamptz(3) NOT NULL DEFAULT now(),
  "recipient" text NOT NULL,
  "recipient_key" text NOT NULL,
  "from_state" text CHECK ("from_state" IN ('flagged', 'held', 'removed', 'released')),
  "to_state" text CHECK ("to_state" IN ('flagged', 'held', 'removed', 'released')),
  "actor" text NOT NULL,
  "rule" text,
  "reason" text NOT NULL,
  "evidence" text,
  "batch" uuid,
  "bounce_id" bigint
);

CREATE INDEX "suppression_changes_time" ON "suppression_changes" ("time");
CREATE INDEX "suppression_changes_recipient" ON "suppression_changes" ("recipient_key", "time");
CREATE INDEX "suppression_changes_batch" ON "suppression_changes" ("batch") WHERE "batch" IS NOT NULL;

CREATE TABLE "incidents" (
  "id" bigserial PRIMARY KEY,
  "opened_at" timestamptz(3) NOT NULL DEFAULT now(),
  "last_seen_at" timestamptz(3) NOT NULL DEFAULT now(),
  "closed_at" timestamptz(3),
  "provider" text NOT NULL,
  "category" text NOT NULL,
  "status" text,
  "recipients" integer NOT NULL DEFAULT 0,
  "state" text NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'closed')),
  "next_step" text
);

CREATE INDEX "incidents_opened" ON "incidents" ("opened_at");
CREATE UNIQUE INDEX "incidents_open" ON "incidents" ("provider", "category", coalesce("status", '')) WHERE "state" = 'open';

CREATE TABLE "webhook_deliveries" (
  "id" bigserial PRIMARY KEY,
  "created_at" timestamptz(3) NOT NULL DEFAULT now(),
  "event_type" text NOT NULL,
  "recipient_key" text NOT NULL,
  "payload" jsonb NOT NULL,
  "attempts" integer NOT NULL DEFAULT 0,
  "next_attempt_at" timestamptz(3) NOT NULL DEFAULT now(),
  "delivered_at" timestamptz(3),
  "last_error" text
);

CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" ("next_attempt_at") WHERE "delivered_at" IS NULL;

CREATE TABLE "sent_daily" (
  "day" date NOT NULL,
  "provider" text NOT NULL DEFAULT '',
  "campaign" text NOT NULL DEFAULT '',
  "sent" bigint NOT NULL CHECK ("sent" >= 0),
  PRIMARY KEY ("day", "provider", "campaign")
);
