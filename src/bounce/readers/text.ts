import { cleanAddress, findAddresses, normalizeAddress } from '../address.ts';
import { findReply, findStatus } from '../codes.ts';
import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import { mayBeReport } from './gate.ts';
import { aboutFirst } from './neighbourhood.ts';
import { type Reader, recipient } from './reader.ts';
import { commandOf, kindOfWords, remoteMtaOf, tellsFailure } from './words.ts';

/** Recipients read out of words at the most. */
const MAX_RECIPIENTS = 200;

/**
 * Reports for people, of any server: the failed addresses stand in lines of their own, or in lines that tell of the failure, or in the
 * SMTP transcript. Addresses that merely occur (whom to ask for help, who sent it) are left out.
 */
export const text: Reader = {
  name: 'text',
  read(material) {
    if (!mayBeReport(material)) return null;
    const lines = material.text.split('\n').slice(0, 1500);
    const failed = material.header('x-failed-recipients');
    const listed = failed === null ? [] : findAddresses(failed);
    const found = listed.length > 0 ? listed : addressesOf(lines, material);
    const kind = kindOfWords(material.subject, material.text);
    const reportingMta = generatingServer(material);
    if (found.length === 0) {
      const inferred = returnedTo(material);
      // Without a word of failure nothing says that this is a report at all.
      if (!tellsFailure(`${material.subject} ${material.text.slice(0, 4000)}`) && kind === 'bounce') return null;
      return { kind, reportingMta, recipients: inferred === null ? [] : [fields(inferred, lines, material, 'low')] };
    }
    return {
      kind,
      reportingMta,
      recipients: found.slice(0, MAX_RECIPIENTS).map((address) => fields(address, lines, material, 'high')),
    };
  },
};

function fields(address: string, lines: readonly string[], material: Material, confidence: 'high' | 'low'): RecipientFields {
  const about = wordsAbout(address, lines);
  const answer = answerIn(about) ?? answerIn(lines);
  const context = about.length > 0 ? about.join('\n') : material.text.slice(0, 3000);
  const words = `${answer ?? ''}\n${context}`;
  return recipient({
    finalRecipient: address,
    diagnosticCode: answer,
    remoteMta: remoteMtaOf(words),
    command: commandOf(words),
    context,
    addressConfidence: confidence,
  });
}

/** Every passage about an address: its line in the list of failed ones, and its lines in the transcript. */
function wordsAbout(address: string, lines: readonly string[]): string[] {
  const key = address.toLowerCase();
  const about: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (!line.toLowerCase().includes(key)) continue;
    const passage = aboutFirst(lines.slice(i, i + 14), address);
    for (const one of passage) if (!about.includes(one)) about.push(one);
    if (about.length > 60) break;
  }
  return about;
}

/** The remote answer: the line with a reply or a status, with the lines that it goes on over. */
function answerIn(lines: readonly string[]): string | null {
  const best = lines.findIndex((line) => /\b[45]\d\d[ -]+#?\(?[45]\.\d{1,3}\.\d{1,3}\b/.test(line));
  const start =
    best >= 0
      ? best
      : lines.findIndex((line) => !/^\s*>>>/.test(line) && (findReply(line) !== null || findStatus(line) !== null));
  if (start < 0) return null;
  const answer = [lines[start]!.trim()];
  for (const line of lines.slice(start + 1, start + 8)) {
    if (line.trim() === '' || /^\s*(?:>>>|---|<[^>]+@)/.test(line)) break;
    answer.push(line.trim());
  }
  return answer
    .join(' ')
    .replace(/^[<\s]*<<<\s*/, '')
    .slice(0, 2000);
}

/** Lines in which an address stands that has not failed. */
const HELP =
  /(?:contact|please (?:e-?mail|send|write|forward|direct)|for (?:further |more )?(?:assistance|help|information)|if you (?:have|need|feel|think|believe)|questions?|help ?desk|support|write to|report (?:it|this) to|abuse@|webmaster|administrator|^\s*(?:from|sender|reply-to|return-path|subject|date|message-id|mail from|x-[\w-]+)\s*:|>>> mail from|sent by|was sent from|from:? <|from the (?:address|sender)|message from|^\s*(?:von|de|da|отправитель|发件人|差出人|寄件者)\s*[::])/i;

/** A line that is an address and little else. */
const ADDRESS_LINE =
  /^[\s>*•·-]{0,12}(?:(?:to|rcpt to|recipient|address|e-?mail|user|mailbox|final recipient|an|à|para|destinataire|empfänger|destinatario|destinatário|收件人|получатель|宛先|送信先|인수자)\s*(?:\([^)]*\))?\s*[::]\s*)?(?:["'“][^"'”]{0,80}["'”]\s*|[\p{L}\p{N} .,'-]{0,60}\s?)?[<(["'“]{0,2}(?:mailto:)?[^\s<>@"]{1,128}@[^\s<>@"]{1,255}?[>)\]"'”]{0,2}(?:<mailto:[^>]{1,300}>)?\s*(?:[:;,.-].*|\(.*|\.{3}.*|…?)$/iu;

function addressesOf(lines: readonly string[], material: Material): string[] {
  const own = material.ownAddresses;
  const sender = new Set<string>();
  for (const header of material.returned ?? []) {
    if (['from', 'sender', 'reply-to', 'return-path', 'errors-to'].includes(header.name))
      for (const one of findAddresses(header.value)) sender.add(normalizeAddress(one));
  }
  const strong: string[] = [];
  const weak: string[] = [];
  let transcript = false;
  for (const line of lines) {
    if (/^-+\s*transcript/i.test(line.trim())) transcript = true;
    if (!line.includes('@')) continue;
    const rcpt = /rcpt to\s?:\s?<?([^\s<>]+@[^\s<>]+)>?/i.exec(line);
    const addresses = rcpt !== null ? [cleanAddress(rcpt[1]!)].filter((one) => one !== null) : findAddresses(line.slice(0, 2000));
    if (addresses.length === 0 || (rcpt === null && HELP.test(line))) continue;
    const isLine = ADDRESS_LINE.test(line.slice(0, 600));
    const failing = tellsFailure(line) || findReply(line) !== null || findStatus(line) !== null;
    for (const address of addresses.slice(0, isLine || failing ? 3 : 1)) {
      const key = normalizeAddress(address);
      if (/^(?:postmaster|mailer-daemon|abuse|no-?reply|do-?not-?reply)@/.test(key) && !isLine) continue;
      if (sender.has(key) && !isLine) continue;
      (rcpt !== null || isLine || (failing && !transcript) ? strong : failing ? strong : weak).push(address);
    }
  }
  const distinct = (addresses: readonly string[]) => [
    ...new Map(addresses.map((address) => [normalizeAddress(address), address])).values(),
  ];
  const notOwn = (addresses: readonly string[]) => {
    const others = addresses.filter((address) => !own.has(normalizeAddress(address)) && !sender.has(normalizeAddress(address)));
    // A mail that somebody sent to himself fails at his own address.
    return others.length > 0 ? others : addresses.filter((address) => !fromOf(material).has(normalizeAddress(address)));
  };
  const named = notOwn(distinct(strong));
  if (named.length > 0) return named;
  const others = distinct(weak).filter(
    (address) => !own.has(normalizeAddress(address)) && !sender.has(normalizeAddress(address)),
  );
  return others.length === 1 ? others : [];
}

function fromOf(material: Material): Set<string> {
  return new Set(findAddresses(material.from).map(normalizeAddress));
}

/** The one recipient of the returned mail, where nothing else names any. */
function returnedTo({ returned }: Material): string | null {
  const to = returned?.find((header) => header.name === 'to')?.value ?? null;
  const addresses = to === null ? [] : findAddresses(to);
  return addresses.length === 1 ? addresses[0]! : null;
}

/** Exchange names the server that wrote the report in its text, in the reader's language. */
function generatingServer({ text: words }: Material): string | null {
  const match =
    /^\s*(?:generating server|dsn generated by|generierender server|serveur de g[ée]n[ée]ration|server generatore|servidor de generación|servidor que generó|reporting-mta)\s*:\s*(?:dns;)?\s*([\w.-]{1,250})/im.exec(
      words,
    );
  return match?.[1]?.toLowerCase() ?? null;
}
