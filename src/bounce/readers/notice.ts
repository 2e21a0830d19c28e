import { commandIn, remoteHostIn, remoteWords } from '../dialogue.ts';
import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import { mayBeReport } from './gate.ts';
import { type Reader, recipient } from './reader.ts';
import { announcementOf } from './words.ts';

/** Recipients read out of words at the most. */
export const MAX_RECIPIENTS = 200;
/** Lines of a report for people that are read. */
export const MAX_LINES = 1500;

/** A dialect of reports for people that has a shape of its own. */
export interface Notice {
  readonly name: string;
  /** Its own words are there; cheap, tried on every mail. */
  isWritten(material: Material): boolean;
  /** Every failed recipient, as the shape of the dialect names it; none hands the mail on. */
  readRecipients(lines: readonly string[], material: Material): readonly RecipientFields[];
  /** Who wrote it, where its text says so in the first group of the pattern. */
  readonly reportingMta?: RegExp;
  /** The same for the Message-ID that it made, where the text does not say so. */
  readonly idOfReportingMta?: RegExp;
}

/** A reader of one dialect; what nobody but a mail server may have written (`mayBeReport`) and how the kind is told is the same for all. */
export function notice({ name, isWritten, readRecipients, reportingMta, idOfReportingMta }: Notice): Reader {
  return {
    name,
    read(material) {
      if (!isWritten(material) || !mayBeReport(material)) return null;
      const lines = material.text.split('\n').slice(0, MAX_LINES);
      const recipients = readRecipients(lines, material).slice(0, MAX_RECIPIENTS);
      if (recipients.length === 0) return null;
      const host =
        reportingMta?.exec(material.text.slice(0, 2000))?.[1] ??
        idOfReportingMta?.exec(material.header('message-id') ?? '')?.[1] ??
        null;
      return {
        kind: announcementOf(material).kind,
        reportingMta: host === null ? null : host.replace(/\.$/, '').toLowerCase(),
        recipients,
      };
    },
  };
}

/** A recipient of which a report says these words: the remote answer, host and command are looked for in them. */
export function saidOf(address: string, words: string, known: Partial<RecipientFields> = {}): RecipientFields {
  return recipient({
    finalRecipient: address,
    diagnosticCode: remoteWords(words),
    remoteMta: remoteHostIn(words),
    command: commandIn(words),
    context: words,
    ...known,
  });
}

/** The lines about one recipient; `opening` is what the line that names it says. */
export interface Passage<T> {
  readonly opening: T;
  readonly lines: readonly string[];
}

/** Lines of one passage at the most. */
const MAX_PASSAGE = 60;

/** Cuts lines into passages: each begins where `opens` is not null and ends where the next begins, or at a line that `ends` matches. */
export function passages<T>(lines: readonly string[], opens: (line: string) => T | null, ends?: RegExp): Passage<T>[] {
  const found: { opening: T; lines: string[] }[] = [];
  let open: { opening: T; lines: string[] } | null = null;
  for (const line of lines) {
    const opening = opens(line);
    if (opening !== null) {
      open = { opening, lines: [] };
      found.push(open);
    } else if (ends?.test(line)) open = null;
    else if (open !== null && open.lines.length < MAX_PASSAGE) open.lines.push(line);
  }
  return found;
}

/** The lines between the first that matches `from` and the first behind it that matches `to`, or the end. */
export function between(lines: readonly string[], from: RegExp, to: RegExp): readonly string[] {
  const start = lines.findIndex((line) => from.test(line));
  if (start < 0) return [];
  const end = lines.findIndex((line, i) => i > start && to.test(line));
  return lines.slice(start + 1, end < 0 ? undefined : end);
}
