import { readFieldGroups } from './fields.ts';
import type { Header } from './report.ts';
import { RETURNED_MAIL_BEGINNINGS, RETURNED_MAIL_LINES } from './tables/reports/returned.ts';

/** A line of a mail server's trail, or of the envelope: the header of a mail begins with it. */
const TRAIL = /^(?:received: (?:from|by) .{0,300}|return-path: ?<.{0,200}>?.{0,20})$/i;
/** Fields that a mail's header has and the words of a report do not. */
const HEADER_ONLY = /^(?:received|mime-version|content-type|dkim-signature|return-path)$/;
const MAIL_FIELD =
  /^(?:from|to|cc|subject|date|message-id|reply-to|sender|received|mime-version|content-type|dkim-signature|return-path)$/;
const FIELD_LINE = /^\s{0,8}([A-Za-z][A-Za-z0-9-]{1,40}):(?:\s|$)/;

/** Parts a text at the line with which the returned mail begins. */
export function cutReturned(text: string): { text: string; rest: string | null } {
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    // qmail and its kin draw a line; whatever stands below it is the returned mail.
    if (/^-{3} (?:below this line|enclosed) is a copy of the message/i.test(line)) {
      return { text: joined(lines, 0, i), rest: joined(lines, i + 1).trimStart() || null };
    }
    if (i === 0 || line.length > 400) continue;
    if (line.includes(':') && (TRAIL.test(line.trim()) || (FIELD_LINE.test(line) && isMailHeader(lines, i)))) {
      return { text: joined(lines, 0, i), rest: joined(lines, i) };
    }
    if (line.trim() === '' || !announcesReturned(line)) continue;
    // `Original message` may also head an explanation: only with a header behind it is it the returned mail.
    const start = lines.findIndex((candidate, j) => j > i && candidate.trim() !== '' && !/^[-=_*\s]+$/.test(candidate));
    if (start < 0) return { text: joined(lines, 0, i), rest: null };
    if (lines.slice(start, start + 6).some((candidate) => /^\s{0,4}[A-Za-z][A-Za-z0-9-]{1,40}:\s/.test(candidate))) {
      return { text: joined(lines, 0, i), rest: joined(lines, start) };
    }
  }
  return { text, rest: null };
}

const joined = (lines: readonly string[], from: number, to?: number): string => lines.slice(from, to).join('\n');

/** Letters by which the beginnings are looked up. */
const SHORTEST = Math.min(...RETURNED_MAIL_BEGINNINGS.map((beginning) => beginning.length));
const HEADS: ReadonlySet<string> = new Set(RETURNED_MAIL_BEGINNINGS.map((beginning) => beginning.slice(0, SHORTEST)));

/** Whether a line says, in any of the known languages, that the returned mail follows. */
function announcesReturned(line: string): boolean {
  const bare = line
    .replace(/[’`´]/g, "'")
    .replace(/^[\s\-=_*>]+|(?<![\s\-=_*:：.])[\s\-=_*:：.]+$/g, '')
    .toLowerCase();
  return (
    (bare.length <= 60 && RETURNED_MAIL_LINES.has(bare)) ||
    (bare.length <= 200 &&
      HEADS.has(bare.slice(0, SHORTEST)) &&
      RETURNED_MAIL_BEGINNINGS.some((beginning) => bare.startsWith(beginning)))
  );
}

/** Whether the header of a mail begins at a line, in whatever language it was announced: three of a mail's fields, one of which no report has. */
function isMailHeader(lines: readonly string[], start: number): boolean {
  const names = new Set<string>();
  for (const line of lines.slice(start, start + 40)) {
    if (line.trim() === '') break;
    const name = FIELD_LINE.exec(line)?.[1]?.toLowerCase();
    if (name !== undefined) names.add(name);
    else if (!/^\s/.test(line)) break;
  }
  const fields = [...names];
  return (
    fields.filter((name) => MAIL_FIELD.test(name)).length >= 3 &&
    fields.some((name) => HEADER_ONLY.test(name)) &&
    !fields.some((name) => /^(?:final-recipient|reporting-mta|action|status|diagnostic-code)$/.test(name))
  );
}

/** The header fields with which a text begins, quoted or indented as it may be. */
export function headersOf(text: string): Header[] | null {
  const lines = text.split('\n');
  const indent = /^[ \t>]*/.exec(lines[0] ?? '')?.[0].length ?? 0;
  const flat = lines
    .map((line) => (line.slice(0, indent).trim().replaceAll('>', '') === '' ? line.slice(indent) : line))
    .join('\n');
  const group = readFieldGroups(flat)[0];
  return group === undefined ? null : group.map(({ name, value }) => ({ name, value }));
}
