import { cleanAddress, findAddresses, normalizeAddress } from '../address.ts';
import { findReply, findStatus } from '../codes.ts';
import { commandIn, remoteHostIn } from '../dialogue.ts';
import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import type { Confidence } from '../vocabulary.ts';
import { addressesIn, asksForHelp, type Block, readBlocks, reasonOf } from './blocks.ts';
import { generatingServer } from './exchange.ts';
import { isDaemon, isMarkedReport, mayBeReport } from './gate.ts';
import { behind, passages } from './neighbourhood.ts';
import { MAX_LINES, MAX_RECIPIENTS } from './notice.ts';
import type { Reader } from './reader.ts';
import { readTranscript, saidWithTranscript, type Transcript } from './transcript.ts';
import { announcementOf, announcingLine, tellsFailure } from './words.ts';

/** Characters within which a report that names nobody announces the failure. */
const MAX_ANNOUNCED = 4000;

/**
 * Reports for people in dialects that nobody has seen, and those that need no reader of their own (James, Haraka, MDaemon, QQ, …). The
 * failed addresses stand in lines of their own behind the words that announce them, or in the sentence that tells of the failure, or
 * in the SMTP transcript. Addresses that merely occur (whom to ask for help, who sent it) are left out.
 */
export const text: Reader = {
  name: 'text',
  read(material) {
    if (!mayBeReport(material)) return null;
    const lines = material.text.split('\n').slice(0, MAX_LINES);
    const { kind } = announcementOf(material);
    const reportingMta = reporter(material);
    const transcript = readTranscript(material.text);
    const recipients = findRecipients(lines, transcript, material);
    if (recipients.length > 0) return { kind, reportingMta, recipients: recipients.slice(0, MAX_RECIPIENTS) };
    // A report that names nobody is one only if its header or its author says so; spam likes the words, too.
    const { inSubject, at } = announcementOf(material);
    if (!inSubject && at > MAX_ANNOUNCED) return null;
    const inferred = returnedTo(material);
    if (inferred === null) return isMarkedReport(material) ? { kind, reportingMta, recipients: [] } : null;
    return isDaemon(material) || isMarkedReport(material)
      ? { kind, reportingMta, recipients: [saidWithTranscript(inferred, material.text, transcript, 'low')] }
      : null;
  },
};

function findRecipients(lines: readonly string[], transcript: Transcript, material: Material): RecipientFields[] {
  const blocks = failedOnly(notSenders(readBlocks(lines, announcingLine(lines, material)), material));
  const listed = findAddresses(material.header('x-failed-recipients') ?? '');
  if (listed.length > 0) {
    const named = new Map(withCommonReason(blocks, lines).map((block) => [normalizeAddress(block.address), block]));
    // Behind an alias the reason stands with the address that the mail went on to.
    const everything = listed.length === 1 ? blocks.map(({ words }) => words).join('\n') : null;
    const near = passages(lines, listed);
    return listed.map((address) => {
      const own = named.get(normalizeAddress(address));
      const block = own !== undefined && everything !== null && !hasCode(reasonOf(own)) ? { ...own, words: everything } : own;
      return block !== undefined ? fromBlock(block, transcript) : fromPassage(address, near.around(address), transcript, 'high');
    });
  }
  if (blocks.length > 0) return withCommonReason(blocks, lines).map((block) => fromBlock(block, transcript));
  const not = senders(material);
  const refused = new Set(transcript.refused.flatMap(({ addresses }) => [...addresses]));
  for (const key of not) refused.delete(key);
  const told = refused.size > 0 ? [...refused] : orOnlyOne(toldOf(lines, not), lines, not);
  const near = passages(lines, told);
  return told.map((address) => fromPassage(address, near.around(address), transcript, 'medium'));
}

/** A recipient said to have got the mail, beside others that are said to have been refused. */
const SAYS_DELIVERED =
  /\b(?:result|status|state|action)\s?[=:]\s?(?:ok|sent|success(?:ful)?|delivered|relayed)\b|(?:^|\s)250[ -]/im;

function failedOnly(blocks: readonly Block[]): readonly Block[] {
  const refused = (block: Block) => hasCode(reasonOf(block)) && !SAYS_DELIVERED.test(block.words);
  return blocks.some(refused) ? blocks.filter((block) => refused(block) || !SAYS_DELIVERED.test(block.words)) : blocks;
}

/** Some reports give the reason once, above or below the list of those it is about. */
function withCommonReason(blocks: readonly Block[], lines: readonly string[]): readonly Block[] {
  if (blocks.some((block) => hasCode(reasonOf(block)))) return blocks;
  const at = lines.findIndex((line) => STARTS_WITH_CODE.test(line));
  if (at < 0) return blocks;
  const end = lines.findIndex((line, i) => i > at && line.trim() === '');
  const reason = lines.slice(at, end < 0 ? at + 8 : Math.min(end, at + 8)).join('\n');
  return blocks.map((block) => (block.words.includes(reason) ? block : { ...block, words: `${block.words}\n${reason}` }));
}

const STARTS_WITH_CODE = /^\s*(?:SMTP:[^:\n]{1,200}: |Received >>> |[A-Za-z ]{1,40}: ?)?(?:[45]\d\d[ -]|[45]\.\d\.\d{1,3} )\S/;

function fromBlock(block: Block, transcript: Transcript): RecipientFields {
  const known = saidWithTranscript(block.address, reasonOf(block), transcript, 'high');
  return { ...known, originalRecipient: block.expandedFrom, context: `${block.words}\n${known.context}`.trim() };
}

function fromPassage(address: string, words: string, transcript: Transcript, confidence: Confidence): RecipientFields {
  // The lines of a transcript follow one another without a gap: only its own exchanges are about the recipient.
  const { isOwn, said } = transcript.about(address);
  if (isOwn) return saidWithTranscript(address, said, transcript, confidence);
  const known = saidWithTranscript(address, behind(words, address), transcript, confidence);
  const isNamed = words.toLowerCase().includes(address.toLowerCase());
  return {
    ...known,
    // Of a text that does not name it only an answer is about the recipient.
    diagnosticCode: isNamed || hasCode(known.diagnosticCode ?? '') ? known.diagnosticCode : null,
    remoteMta: known.remoteMta ?? remoteHostIn(words),
    command: known.command ?? commandIn(words),
    context: words,
  };
}

/** The report's author, its addressee and the returned mail's author have not failed; unless nobody else is named. */
function notSenders(blocks: readonly Block[], material: Material): readonly Block[] {
  const not = senders(material);
  const others = blocks.filter(({ address }) => !not.has(normalizeAddress(address)));
  if (others.length > 0) return others;
  // Somebody wrote to himself. Without a code it is more likely spam that pretends to be a report.
  const from = new Set(findAddresses(material.from).map(normalizeAddress));
  return blocks.filter((block) => !from.has(normalizeAddress(block.address)) && hasCode(reasonOf(block)));
}

const hasCode = (words: string) => findReply(words) !== null || findStatus(words) !== null;

function senders({ ownAddresses, returned }: Material): ReadonlySet<string> {
  const all = new Set(ownAddresses);
  for (const { name, value } of returned ?? []) {
    if (['from', 'sender', 'reply-to', 'return-path', 'errors-to'].includes(name))
      for (const one of findAddresses(value)) all.add(normalizeAddress(one));
  }
  return all;
}

/** Addresses in sentences that tell of a failure: `undeliverable to a@example.org`. */
function toldOf(lines: readonly string[], not: ReadonlySet<string>): string[] {
  const found = new Map<string, string>();
  for (const [i, line] of lines.entries()) {
    if (found.size >= MAX_RECIPIENTS) break;
    if (!line.includes('@') || asksForHelp(line)) continue;
    if (![line, `${lines[i - 1] ?? ''}\n${line}`, `${line}\n${lines[i + 1] ?? ''}`].some(tellsFailure)) continue;
    for (const address of addressesIn(line)) {
      const key = normalizeAddress(address);
      if (!not.has(key) && !SERVERS_OWN.test(key)) found.set(key, address);
    }
  }
  return [...found.values()];
}

/** In a language nobody has foreseen: the one address beside an answer, where it is neither ours nor one to ask. */
function orOnlyOne(told: readonly string[], lines: readonly string[], not: ReadonlySet<string>): readonly string[] {
  if (told.length > 0 || !hasCode(lines.join('\n'))) return told;
  const all = new Set(
    lines
      .filter((line) => !asksForHelp(line))
      .flatMap(addressesIn)
      .map(normalizeAddress),
  );
  const others = [...all].filter((key) => !not.has(key) && !SERVERS_OWN.test(key));
  return others.length === 1 ? others : told;
}

const SERVERS_OWN = /^(?:postmaster|mailer-daemon|abuse)@/;

/** The one recipient of the returned mail, where nothing else names any. */
function returnedTo({ returned, ownAddresses, text: words }: Material): string | null {
  // Without the returned mail its To may still stand among the words.
  const to = returned?.find((header) => header.name === 'to')?.value ?? /^[ \t]*to[ \t]*:(.{1,1000})$/im.exec(words)?.[1] ?? null;
  const addresses = to === null ? [] : findAddresses(to);
  if (addresses.length !== 1) return null;
  const address = cleanAddress(addresses[0]!);
  return address === null || ownAddresses.has(normalizeAddress(address)) ? null : address;
}

/** Who wrote the report, as its first lines say. */
function reporter({ text: words }: Material): string | null {
  return (
    generatingServer(words) ??
    /(?:qmail-send program at|mail system at host|postfix[^\n]{0,40} program at host|dragonfly mail agent \S{1,12} at|generated by(?: the)?(?: mail server at)?)\s+([A-Za-z0-9][\w.-]{1,250})/i
      .exec(words.slice(0, 2000))?.[1]
      ?.replace(/\.$/, '')
      .toLowerCase() ??
    null
  );
}
