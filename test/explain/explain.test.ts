import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerRule } from '../../src/bounce/causes.ts';
import { CAUSES } from '../../src/bounce/tables/causes/index.ts';
import { STATUS_MEANINGS } from '../../src/bounce/tables/enhanced-status.ts';
import { EXCHANGE_MEANINGS } from '../../src/bounce/tables/exchange.ts';
import { PROVIDER_ANSWERS } from '../../src/bounce/tables/providers/index.ts';
import { REPLY_MEANINGS } from '../../src/bounce/tables/smtp-replies.ts';
import { CATEGORIES } from '../../src/bounce/vocabulary.ts';
import { ADVICE } from '../../src/explain/advice.ts';
import { explain, explainMail, isMail } from '../../src/explain/index.ts';
import { explanationRecord, mailRecord } from '../../src/explain/record.ts';
import { parseMail } from '../../src/mime/index.ts';
import { verdictOnAnswer } from '../bounce/classify.helper.ts';
import { failed, ndr } from './ndr.ts';

const one = (input: string) => explain(input).explanations[0]!;

describe('an explanation says what the pipeline decides', () => {
  const codes = STATUS_MEANINGS.flatMap((row) =>
    row.classes.filter((digit) => digit !== '2').map((digit) => digit + row.code.slice(1)),
  );

  it.each(codes)('of %s, where the code alone decides', (code) => {
    const { decided, meanings } = one(code);
    if (!decided) return;
    const { category, fault, class: outcome } = verdictOnAnswer(code);
    expect(meanings[0]).toMatchObject({ category, fault, class: outcome });
  });

  it.each(REPLY_MEANINGS.map(({ reply }) => reply).filter((reply) => /^[45]/.test(reply)))('of the reply %s', (reply) => {
    const { category, fault, class: outcome } = verdictOnAnswer(reply);
    expect(one(reply).meanings[0]).toMatchObject({ category, fault, class: outcome });
  });

  it.each(CAUSES.map((cause) => [cause.name, cause.phrases.find((phrase) => !/[<*@&]/.test(phrase)) ?? 'user unknown'] as const))(
    'of words of the cause %s',
    (_, phrase) => {
      const words = `550 ${phrase.replaceAll('|', '')}`;
      const { category, fault, class: outcome, rule } = verdictOnAnswer(words);
      const explanation = one(words);
      expect(explanation.verdict!.rule).toBe(rule);
      if (explanation.decided) expect(explanation.meanings[0]).toMatchObject({ category, fault, class: outcome });
      else expect(category).toBe('undefined');
    },
  );

  it.each(PROVIDER_ANSWERS.filter((row) => row.anywhere).map((row) => [row.example, row] as const))(
    'of an answer that a provider documents: %s',
    (example, row) => {
      const { category, fault, rule } = verdictOnAnswer(example);
      const [meaning] = one(example).meanings;
      expect(meaning).toMatchObject({ category, fault });
      if (rule === providerRule(row)) expect(meaning!.cause).toBe(row.title);
    },
  );
});

it('does not advise to drop an address that nothing proves dead', () => {
  for (const input of ['5.1.1', '550 5.1.1 User unknown'])
    expect(one(input).meanings[0]!.forAdmin).toMatch(/^Take the address off/);
  for (const input of ['4.1.1', '5.4.4', '450 4.1.1 User unknown'])
    expect(one(input).meanings[0]!.forAdmin, input).toMatch(/^(?:Leave the address on|Do not take the address off)/);
});

it('speaks of no dead address where a host is only closed for now', () => {
  expect(one('421').meanings[0]).toMatchObject({ class: 'temporary', category: 'not_accept' });
  expect(JSON.stringify(one('421').meanings[0])).not.toMatch(/dead|look-up|Check the address/);
});

it('has texts for every category', () => {
  expect(Object.keys(ADVICE).sort()).toEqual([...CATEGORIES].sort());
  for (const texts of Object.values(ADVICE)) for (const text of Object.values(texts)) expect(text).not.toBe('');
});

it('knows every further code of Exchange by its number, and names its row', () => {
  for (const row of EXCHANGE_MEANINGS) {
    for (const code of 'range' in row ? row.range : row.codes) {
      const { meanings, elsewhere } = one(code);
      expect(
        [...meanings, ...elsewhere].map(({ title }) => title),
        code,
      ).toContain(row.title);
    }
  }
});

it('explains a range once', () => {
  expect(explain('5.7.606-649').explanations.map(({ meanings }) => meanings[0]!.title)).toEqual(['Sending IP banned']);
});

it('marks what hits all mail of the sender, and nothing else', () => {
  expect(one('5.7.606').meanings[0]!.alertSender).toBe(true);
  expect(one('5.3.4').meanings[0]!.alertSender).toBe(false);
  expect(one('5.1.1').meanings[0]!.alertSender).toBe(false);
});

describe('explainMail', () => {
  it('says of success, complaint and automatic answer that nothing follows, or the complaint', () => {
    const delivered = ['Final-Recipient: rfc822;anna@example.net', 'Action: delivered', 'Status: 2.1.5'];
    const [success] = explainMail(parseMail(ndr({ text: 'It arrived.', status: { recipients: [delivered] } }))).recipients;
    expect(success!.explanation.presets.map(({ effect }) => effect)).toEqual(['ignore', 'ignore']);
    expect(success!.explanation.meanings[0]!.actor).toBeNull();
    const answer = Buffer.from(
      'From: anna@example.net\nTo: news@shop.example.com\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am away.\n',
    );
    const [away] = explainMail(parseMail(answer)).recipients;
    expect(away!.explanation.presets.map(({ effect }) => effect)).toEqual(['ignore', 'ignore']);
    const complaint = Buffer.from(
      'From: feedback@example.net\nTo: abuse@shop.example.com\nSubject: complaint\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n--b\nContent-Type: text/plain\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Example/1.0\nVersion: 1\nOriginal-Rcpt-To: <anna@example.net>\n--b--\n',
    );
    const [complained] = explainMail(parseMail(complaint)).recipients;
    expect(complained!.explanation.presets.map(({ effect }) => effect)).toEqual(['flag', 'flag']);
  });

  it('tells a mail from a paste', () => {
    expect(isMail(parseMail(ndr({ text: 'x' })))).toBe(true);
    for (const paste of ['550 5.1.1 User unknown', 'Status: 5.1.1\nAction: failed', '5.7.1', 'said: 550 no\nSubject: Hello'])
      expect(isMail(parseMail(Buffer.from(paste)))).toBe(false);
  });
});

describe('with hostile input', () => {
  it('explain throws nothing and gives at most fifty', () => {
    const shard = fc.constantFrom(
      '550',
      '5.1.1',
      '5.7.',
      '\n',
      '->',
      ' ',
      'user unknown',
      '#',
      '(',
      '9.9.9',
      'smtp;',
      '\u001b[2J',
      '\0',
      '999.999',
      '-',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(shard, fc.string({ maxLength: 8, unit: 'binary' })), { maxLength: 60 }), (shards) => {
        const { explanations, unknown } = explain(shards.join(''));
        expect(explanations.length + unknown.length).toBeLessThanOrEqual(50);
        for (const explanation of explanations) expect(JSON.stringify(explanationRecord(explanation))).toBeTypeOf('string');
      }),
      { numRuns: 500 },
    );
  });

  it('explainMail throws nothing on a report with anything in its place', () => {
    const raw = ndr({
      text: 'news  Office 365  anna\nAction Required   Recipient\n\nMessage Hops\n1 10/12/2026 8:00:00 AM a.example.net *\n',
      status: { recipients: [failed('anna@example.net', '5.7.23', '550 5.7.23 SPF')] },
    });
    fc.assert(
      fc.property(fc.nat(raw.length), fc.uint8Array({ maxLength: 40 }), fc.nat(60), (at, bytes, cut) => {
        const mail = explainMail(parseMail(Buffer.concat([raw.subarray(0, at), bytes, raw.subarray(at + cut)])));
        expect(JSON.stringify(mailRecord('x', mail))).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});
