import { compareStatus } from './codes.ts';
import { STATUS_MEANINGS, type StatusMeaning } from './tables/enhanced-status.ts';
import { EXCHANGE_MEANINGS, type ExchangeMeaning } from './tables/exchange.ts';
import { MICROSOFT_MEANINGS, type MicrosoftMeaning } from './tables/microsoft.ts';
import { REPLY_MEANINGS, type ReplyMeaning } from './tables/smtp-replies.ts';

const STATUSES: ReadonlyMap<string, StatusMeaning> = new Map(STATUS_MEANINGS.map((row) => [row.code.slice(1), row]));
const REPLIES: ReadonlyMap<string, ReplyMeaning> = new Map(REPLY_MEANINGS.map((row) => [row.reply, row]));

/** The registered meaning of `x.y.z`; null for a code that the registry does not hold. */
export function statusMeaning(status: string): StatusMeaning | null {
  return STATUSES.get(status.slice(1)) ?? null;
}

/** The meaning of a three-digit reply without words; null for one that is not known. */
export function replyMeaning(reply: string): ReplyMeaning | null {
  return REPLIES.get(reply) ?? null;
}

/** Every row of Microsoft's table that holds this code, in the order of the table. */
export function microsoftMeanings(status: string): readonly MicrosoftMeaning[] {
  return rowsOf(MICROSOFT_MEANINGS, status);
}

/** Every further row of Exchange that holds this code. */
export function exchangeMeanings(status: string): readonly ExchangeMeaning[] {
  return rowsOf(EXCHANGE_MEANINGS, status);
}

function rowsOf<Row extends { readonly codes: readonly string[]; readonly range?: readonly [string, string] }>(
  rows: readonly Row[],
  status: string,
): Row[] {
  const named = rows.filter((row) => row.codes.includes(status));
  // A row that names the code goes before a range that holds it.
  if (named.length > 0) return named;
  return rows.filter((row) => row.range && compareStatus(status, row.range[0]) >= 0 && compareStatus(status, row.range[1]) <= 0);
}
