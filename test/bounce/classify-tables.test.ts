import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../src/bounce/tables/causes/index.ts';
import { STATUS_MEANINGS, STATUS_SUBJECTS } from '../../src/bounce/tables/enhanced-status.ts';
import { EXCHANGE_MEANINGS } from '../../src/bounce/tables/exchange.ts';
import { MICROSOFT_MEANINGS, type MicrosoftMeaning } from '../../src/bounce/tables/microsoft.ts';
import { REPLY_MEANINGS } from '../../src/bounce/tables/smtp-replies.ts';
import { CATEGORIES, FAULTS } from '../../src/bounce/vocabulary.ts';
import { verdictOn, verdictOnAnswer } from './classify.helper.ts';

const MICROSOFT_HOST = 'example-com.mail.protection.outlook.com';

/** A vague code, and 5.4.1, say nothing by themselves; the class digit is the one the registry intends. */
describe('the registry of enhanced status codes', () => {
  const rows = STATUS_MEANINGS.flatMap((row) =>
    row.classes.filter((digit) => digit !== '2').map((digit) => [digit + row.code.slice(1), row] as const),
  );

  it.each(rows)('%s alone gives the meaning of its row', (status, row) => {
    const verdict = verdictOn({ reportStatus: status });
    expect(verdict.status).toBe(status);
    const decidesNothing = ['5.4.1', '4.7.1', '5.7.1'].includes(status);
    expect(verdict.category).toBe(decidesNothing ? 'undefined' : row.category);
    if (status.startsWith('4')) {
      expect(verdict.class).toBe('temporary');
      expect(verdict.fault).not.toBe('recipient');
    } else if (!decidesNothing) {
      expect(verdict.fault).toBe(row.fault);
    }
    if (decidesNothing) expect(verdict.fault).toBe('unknown');
  });

  it('calls an address dead by the code alone only for these', () => {
    expect(STATUS_MEANINGS.filter((row) => row.fault === 'recipient').map((row) => row.code)).toEqual([
      'X.1.1',
      'X.1.2',
      'X.1.3',
      'X.1.6',
      'X.1.10',
      'X.7.17',
      'X.7.18',
    ]);
  });

  it('names every subject of RFC 3463', () => {
    expect(Object.keys(STATUS_SUBJECTS)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });
});

describe('SMTP replies', () => {
  const failures = REPLY_MEANINGS.filter((row) => /^[45]/.test(row.reply));

  it.each(failures.map((row) => [row.reply, row] as const))('%s alone gives the meaning of its row', (reply, row) => {
    const verdict = verdictOnAnswer(reply);
    expect(verdict.reply).toBe(reply);
    expect(verdict.category).toBe(row.category);
    expect(verdict.fault).toBe(reply.startsWith('4') && row.fault === 'recipient' ? 'recipient_temporary' : row.fault);
    expect(verdict.class).toBe(
      reply.startsWith('4') || row.category === 'mailbox_full' || row.category === 'system_full' ? 'temporary' : 'permanent',
    );
  });
});

describe("Microsoft's table", () => {
  const codesOf = (row: MicrosoftMeaning): readonly string[] =>
    row.range ? row.range : row.codes.length > 0 ? row.codes : ['5.2.0'];
  const cases = (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).flatMap((row) =>
    codesOf(row).flatMap((code) => row.matchText.map((words) => [code, words, row] as const)),
  );

  // Codes inside a range with a name of their own are tested below.
  const named = new Set(
    (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).flatMap((row) => row.namedCodes ?? []).map((row) => row.code),
  );

  it.each(cases.filter(([code]) => !named.has(code)))('%s with "%s" gives its row', (code, words, row) => {
    const verdict = verdictOnAnswer(`${row.reply ?? (code.startsWith('4') ? '451' : '550')} ${code} ${words}`, {
      remoteMta: MICROSOFT_HOST,
    });
    expect(verdict).toMatchObject({ status: code, category: row.category, class: row.class, provider: 'microsoft' });
    expect(verdict.fault).toBe(row.fault);
  });

  const variants = (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).flatMap((row) =>
    (row.variants ?? []).flatMap((variant) => variant.matchText.map((words) => [row.codes[0]!, words, variant] as const)),
  );
  it.each(variants)('%s with "%s" gives the special case', (code, words, variant) => {
    const verdict = verdictOnAnswer(`550 ${code} ${words}`, { remoteMta: MICROSOFT_HOST });
    expect(verdict).toMatchObject({ category: variant.category, fault: variant.fault });
  });

  const namedRows = (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).flatMap((row) => row.namedCodes ?? []);
  it.each(namedRows.map((row) => [row.code, row] as const))('%s goes before the range it lies in', (code, row) => {
    expect(verdictOnAnswer(`550 ${code} Access denied, something else`, { remoteMta: MICROSOFT_HOST }).category).toBe(
      row.category,
    );
  });

  it('holds all 63 rows', () => {
    expect(MICROSOFT_MEANINGS).toHaveLength(63);
  });

  it('does not stretch a range', () => {
    expect(verdictOnAnswer('550 5.7.605 Go away', { remoteMta: MICROSOFT_HOST }).rule).not.toBe('microsoft/5.7.605');
    expect(verdictOnAnswer('550 5.7.623 Go away', { remoteMta: MICROSOFT_HOST }).category).toBe('blocked');
  });
});

describe('further codes of Exchange', () => {
  const rows = EXCHANGE_MEANINGS.flatMap((row) => {
    const words = 'matchText' in row ? row.matchText[0] : 'no words';
    const codes = 'range' in row ? row.range : row.codes;
    return codes.map((code) => [code, words, row] as const);
  });

  it.each(rows)('%s with "%s" gives its row', (code, words, row) => {
    const verdict = verdictOnAnswer(`${code.startsWith('4') ? '451' : '550'} ${code} ${words}`, { remoteMta: MICROSOFT_HOST });
    expect(verdict.category).toBe(row.category);
    expect(verdict.rule).toBe(`microsoft/${code}`);
  });
});

it('says where every row comes from, in words that are known', () => {
  for (const row of [...STATUS_MEANINGS, ...REPLY_MEANINGS, ...EXCHANGE_MEANINGS, ...CAUSES]) {
    expect(row.source).not.toBe('');
    expect(CATEGORIES).toContain(row.category);
    expect(FAULTS).toContain(row.fault);
  }
});
