import type { Party } from '../bounce/party.ts';

/** The side that has to act, as the newest layout of Exchange Online shows it. */
export interface FixItOwner {
  readonly side: 'sender' | 'microsoft' | 'recipient';
  /** The short reason below it: `Unknown To address`. */
  readonly label: string | null;
}

const MAX_LINES = 200;

/**
 * Reads the picture of three parties (sender, the service, recipient): `Action Required` stands under the one that has to act. The
 * labels beside it tell where they are there, else the place in the line. Null where the report has no such picture.
 */
export function readFixItOwner(text: string): FixItOwner | null {
  const lines = text
    .slice(0, 32_768)
    .split('\n', MAX_LINES)
    .map((line) => line.slice(0, 300));
  const at = lines.findIndex((line) => /^\s*(?:Sender\s{2,})?(?:\S.{0,60}\s{2,})?Action Required(?:\s{2,}|\s*$)/.test(line));
  if (at < 0) return null;
  const line = lines[at]!;
  const label = lines
    .slice(at + 1, at + 6)
    .find((candidate) => candidate.trim() !== '' && !/^\s*(?:Sender|Recipient)\s*$/.test(candidate));
  const side = sideOf(line, lines.slice(Math.max(0, at - 3), at).findLast((candidate) => candidate.trim() !== '') ?? '');
  const reason = label?.trim() ?? null;
  return { side, label: reason !== null && reason.length <= 80 && !/^how to fix/i.test(reason) ? reason : null };
}

function sideOf(line: string, names: string): FixItOwner['side'] {
  const start = line.indexOf('Action Required');
  const sender = /\bSender\b/.test(line.slice(0, start));
  const recipient = /\bRecipient\b/.test(line.slice(start));
  if (sender !== recipient) return sender ? 'recipient' : 'sender';
  if (sender && recipient) return 'microsoft';
  // Tabs part the cells; without them the cells stand in columns.
  const tabs = line.slice(0, start).split('\t').length - 1;
  if (names.split('\t').length === SIDES.length) return SIDES[Math.min(tabs, 2)]!;
  const cells = [...expandTabs(names).matchAll(/\S+(?: \S+)*/g)].map(({ index }) =>
    Math.abs(index - expandTabs(line).indexOf('Action Required')),
  );
  if (cells.length !== SIDES.length) return start < 12 ? 'sender' : 'recipient';
  return SIDES[cells.indexOf(Math.min(...cells))]!;
}

const SIDES = ['sender', 'microsoft', 'recipient'] as const;

/** Whether a party of the tables stands on that side. */
export function isOnSide(party: Party, side: FixItOwner['side']): boolean {
  return party.startsWith(side);
}

function expandTabs(line: string): string {
  let out = '';
  for (const character of line) out += character === '\t' ? ' '.repeat(8 - (out.length % 8)) : character;
  return out;
}
