import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import type { BounceEvent, BounceReport } from '../../src/bounce/report.ts';
import { STATUS_MEANINGS } from '../../src/bounce/tables/enhanced-status.ts';
import { MICROSOFT_MEANINGS, type MicrosoftMeaning } from '../../src/bounce/tables/microsoft.ts';
import { REPLY_MEANINGS } from '../../src/bounce/tables/smtp-replies.ts';
import { type Explanation, explain, explainMail, type Meaning } from '../../src/explain/index.ts';
import { parseMail } from '../../src/mime/index.ts';
import { decide } from '../../src/suppression/decide.ts';
import { presets } from '../../src/suppression/presets.ts';
import type { HistoryEntry } from '../../src/suppression/rules.ts';
import { verdictOnAnswer } from '../bounce/classify.helper.ts';
import { bounce, day } from '../suppression/history.ts';
import { failed, ndr, ORIGINAL, plainNdr } from './ndr.ts';

const ROWS: readonly MicrosoftMeaning[] = MICROSOFT_MEANINGS;
const ONLINE = 'example-net.mail.protection.outlook.com';

const read = (raw: Buffer): BounceReport => analyze(parseMail(raw));
const only = (raw: Buffer): BounceEvent => {
  const { events } = read(raw);
  expect(events).toHaveLength(1);
  return events[0]!;
};
const one = (input: string): Explanation => {
  const { explanations, unknown } = explain(input);
  expect(unknown).toEqual([]);
  expect(explanations).toHaveLength(1);
  return explanations[0]!;
};
const titles = (meanings: readonly Meaning[]) => meanings.map(({ title }) => title);
/** A code of the row; the row without a code is told by its words alone. */
const codeOf = (row: MicrosoftMeaning) => row.range?.[0] ?? row.codes[0] ?? null;
/** A remote answer that points to the row, as Microsoft's servers write it. */
const answerOf = (row: MicrosoftMeaning) => {
  const code = codeOf(row);
  const reply = row.reply ?? (code?.startsWith('4') ? '451' : '550');
  return `${code === null ? '' : `${reply} ${code} `}${row.matchText[0] ?? row.description}`;
};
const entryOf = (answer: string, time = day(0)): HistoryEntry =>
  bounce({ ...verdictOnAnswer(answer, { remoteMta: ONLINE }), kind: 'bounce', time });
/** What `standard` says to the last of several equal reports, one a day apart. */
const afterReports = (answer: string, days: readonly number[], deliveredOn?: number) => {
  const entries = days.map((number) => entryOf(answer, day(number)));
  const delivered = deliveredOn === undefined ? [] : [bounce({ kind: 'delivered', class: 'none', time: day(deliveredOn) })];
  return decide({
    current: null,
    history: [...entries.slice(0, -1), ...delivered],
    event: entries.at(-1)!,
    rules: presets.standard,
  });
};
const rowsWith = (suppression: string) =>
  ROWS.filter((row) => row.suppression === suppression).map((row) => [row.title, row] as const);

const HEADLINE = "Your message to anna@example.net couldn't be delivered.\n\nanna wasn't found at example.net.\n";
const ADMINS = (block: string) =>
  `Delivery has failed to these recipients or groups:\n\nanna@example.net<mailto:anna@example.net>\nThe address does not take the message.\n\nDiagnostic information for administrators:\n\nGenerating server: mail.example.org\n\n${block}\n\nOriginal message headers:\n\n${ORIGINAL.join('\n')}\n`;

describe('looking a code up', () => {
  it.each(ROWS.map((row) => [row.title, row] as const))(
    '1: gives title, cause, fix, class, fault and owner of "%s"',
    (_, row) => {
      const code = codeOf(row);
      const explanation = code === null ? one(answerOf(row)) : one(code);
      const all = [...explanation.meanings, ...explanation.elsewhere];
      const named = row.namedCodes?.find((candidate) => candidate.code === code);
      const meaning = all.find(({ title, cause }) => title === (named?.title ?? row.title) && cause === row.cause)!;
      expect(meaning).toMatchObject({ class: row.class, category: row.category, fault: row.fault, actor: row.fixOwner });
      expect([meaning.forUser, meaning.forAdmin]).toContain(row.fix);
    },
  );

  it.each([
    ['4.7.500', 'Sender slowed down while its traffic is looked at'],
    ['4.7.699', 'Sender slowed down while its traffic is looked at'],
    ['4.7.850', 'Sending IP held back while it is looked at'],
    ['4.7.899', 'Sending IP held back while it is looked at'],
    ['5.7.606', 'Sending IP banned'],
    ['5.7.623', 'Sending IP banned'],
    ['5.7.649', 'Sending IP banned'],
    ['5.7.749', 'Whole tenant barred from sending'],
  ])('2: finds %s in the row of its range', (code, title) => {
    expect(titles(one(code).meanings)).toEqual([title]);
  });

  it('3: prefers the named row inside a range and does not stretch the range', () => {
    expect(titles(one('5.7.705').meanings)).toEqual(['Tenant passed its threshold of spam or bulk mail']);
    expect(titles(one('5.7.708').meanings)).toEqual(['Low-reputation IP address, common with new or trial tenants']);
    const blocked = '550 5.7.703 Your message is blocked by your organization using Tenant Allow Block List';
    expect(titles(one(blocked).meanings)).toEqual(['Blocked by the own Tenant Allow/Block List']);
    expect(titles(one('550 5.7.800 Access denied, banned sender').meanings)).toEqual(['Sender domain banned']);
    expect(titles(one('5.7.703').meanings)).toEqual(['Blocked by the own Tenant Allow/Block List']);
    expect(titles(one('5.7.750').meanings)).toEqual(['Sending from domains not registered with the tenant']);
    expect(one('5.7.605').meanings[0]!.basis[0]!.kind).toBe('subject');
    expect(one('5.7.650').meanings[0]!.basis[0]!.kind).toBe('subject');
    expect(one('4.7.700').meanings[0]!.title).toBe('Agent busy');
  });

  it('4: gives the shared row for both of its codes', () => {
    expect(one('5.4.6').meanings[0]!.title).toBe('Mail loop');
    expect(one('5.4.14').meanings[0]!.title).toBe('Mail loop');
    expect(titles(one('5.7.135').meanings)).toEqual(['Public folder takes internal mail only']);
    expect(titles([...one('5.7.13').meanings, ...one('5.7.13').elsewhere])).toContain('Public folder takes internal mail only');
  });

  it.each([
    ['550 5.4.1 Recipient address rejected: Access denied', 'Address unknown, refused at the edge'],
    ['550 5.4.1 Relay Access Denied', 'Server does not take mail for the domain'],
    ['550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized', 'Sender may not write to this recipient'],
    ['550 5.7.1 Unable to relay', 'Server will not relay'],
    ['530 5.7.1 Client was not authenticated', 'Receiving server wants a login'],
  ])('5: chooses the meaning of "%s" by its words', (answer, title) => {
    const verdict = verdictOnAnswer(answer, { remoteMta: ONLINE });
    const row = ROWS.find((candidate) => candidate.title === title)!;
    expect(verdict).toMatchObject({ category: row.category, fault: row.fault });
    const [explained] = explainMail(parseMail(mailAbout(answer))).recipients;
    expect(explained!.explanation.decided).toBe(true);
    expect(titles(explained!.explanation.meanings)).toEqual([title]);
  });

  it.each([
    ['5.4.1', ['Server does not take mail for the domain', 'Address unknown, refused at the edge']],
    ['5.7.1', ['Sender may not write to this recipient', 'Server will not relay', 'Receiving server wants a login']],
  ])('6: gives every meaning of %s alone, undecided, and gives no address up for it', (code, expected) => {
    const { decided, meanings, presets: outcomes } = one(code);
    expect(decided).toBe(false);
    expect(titles(meanings).slice(0, expected.length)).toEqual(expected);
    expect(outcomes.find(({ preset }) => preset === 'standard')!.effect).not.toBe('flag');
    expect(verdictOnAnswer(`550 ${code}`, { remoteMta: ONLINE })).toMatchObject({ category: 'undefined', fault: 'unknown' });
  });

  it.each([
    "The message can't be submitted because the sender's submission quota was exceeded",
    "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; the sender's submission quota was exceeded",
  ])('7: knows the row without a code by its sentence: %s', (answer) => {
    const { decided, meanings } = one(answer);
    expect(decided).toBe(true);
    expect(meanings[0]).toMatchObject({
      title: 'Submission quota used up (no code given)',
      class: 'temporary',
      category: 'rate_limited',
      fault: 'sender_account',
    });
  });

  it('8: reads reply and code of a thread limit apart, as temporary, and never gives the address up', () => {
    const answer = '432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded';
    expect(one(answer)).toMatchObject({ reply: '432', status: '4.3.2', decided: true });
    expect(one(answer).meanings[0]).toMatchObject({ class: 'temporary', title: 'Mailbox is taking in mail too fast' });
    expect(afterReports(answer, [0, 4, 8, 12, 16, 20, 24]).toState).toBeNull();
  });

  it('9: falls back to the registry, then to the subject, then to the class', () => {
    expect(one('5.6.7').meanings[0]!.basis[0]).toMatchObject({ kind: 'registry', source: 'RFC 6531' });
    expect(one('5.7.450').meanings[0]!.basis[0]).toMatchObject({ kind: 'subject', source: 'RFC 3463 §3' });
    expect(one('5.0.9').meanings[0]!.basis[0]).toMatchObject({ kind: 'class', source: 'RFC 3463 §2' });
  });

  it("10: takes Microsoft's meaning where host or text are Microsoft's, else the registry's, and names the other", () => {
    const bare = one('5.1.10');
    expect([titles(bare.meanings), titles(bare.elsewhere)]).toEqual([
      ['Recipient domain has a null MX'],
      ['Recipient not found by address lookup'],
    ]);
    const microsoft = one('550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup');
    expect([titles(microsoft.meanings), titles(microsoft.elsewhere)]).toEqual([
      ['Recipient not found by address lookup'],
      ['Recipient domain has a null MX'],
    ]);
    const words = '550 5.7.13 Refused';
    expect(verdictOnAnswer(words, { remoteMta: ONLINE })).toMatchObject({ category: 'rejected', fault: 'recipient_policy' });
    expect(verdictOnAnswer(words, { remoteMta: 'mx.example.net' })).toMatchObject({ category: 'security_error' });
  });

  it('11: uses the reply and the words where there is no enhanced code', () => {
    expect(one('577').meanings[0]).toMatchObject({ title: 'Blocked', category: 'blocked' });
    expect(one('550').decided).toBe(false);
    expect(one('550 No such user here').meanings[0]).toMatchObject({ category: 'user_unknown', fault: 'recipient' });
    for (const { reply, title } of REPLY_MEANINGS) expect(one(reply).meanings[0]!.title).toBe(title);
  });

  it.each(['#5.7.23', '"5.7.23"', '‘5.7.23’', 'smtp;5.7.23', '550-5.7.23', '550 5.7.23', '(#5.7.23)', '5.\n7.23', '5.7.\n23'])(
    '12: finds the code in %j',
    (input) => {
      expect(one(input)).toMatchObject({ status: '5.7.23', decided: true });
    },
  );

  it('12: finds codes behind a hyphen and torn over lines in answers with words', () => {
    expect(one('550-5.1.1 The mailbox you wrote to\n550 5.1.1 does not exist')).toMatchObject({ reply: '550', status: '5.1.1' });
    expect(one('smtp; 550 5.7.\n 23 SPF violation')).toMatchObject({ reply: '550', status: '5.7.23' });
  });
});

const mailAbout = (answer: string, address = 'anna@example.net') =>
  ndr({
    text: HEADLINE,
    status: { recipients: [failed(address, '5.0.0', answer, `Remote-MTA: dns;${ONLINE}`)] },
  });

describe('reading a report', () => {
  it('13: takes recipient, action, status and answer from the machine-readable part before any text', () => {
    const event = only(
      ndr({
        text: "Your message to somebody.else@example.org couldn't be delivered.\n\nReported error: 550 5.7.1 Not wanted\n",
        status: { recipients: [failed('anna@example.net', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found')] },
      }),
    );
    expect(event).toMatchObject({ recipient: 'anna@example.net', action: 'failed', status: '5.1.10', reply: '550' });
    expect(event.diagnosticCode).toBe('550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found');
  });

  it('14: reads the newest layout without that part by its labels', () => {
    const text = `${HEADLINE}\nMore Info for Email Admins\nStatus code: 550 5.1.10\n\nError Details\nReported error:\t550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient anna@example.net not found by SMTP address lookup\nDSN generated by:\tAM0PR00MB0001.example.org\n`;
    const report = read(plainNdr(text));
    expect(report.reportingMta).toBe('am0pr00mb0001.example.org');
    expect(report.events).toMatchObject([
      { recipient: 'anna@example.net', status: '5.1.10', reply: '550', category: 'user_unknown' },
    ]);
    const short = read(plainNdr(`${HEADLINE}\nMore Info for Email Admins\nStatus code: 550 5.1.10\n`));
    expect(short.events).toMatchObject([{ recipient: 'anna@example.net', status: '5.1.10' }]);
  });

  it('15: reads the two sections by the lines of the diagnostic section', () => {
    const block =
      "anna@example.net\nmx.example.net\nRemote Server returned '550 5.7.124 RESOLVER.RST.NotAuthorizedToGroup; not authorized'";
    expect(only(plainNdr(ADMINS(block)))).toMatchObject({
      recipient: 'anna@example.net',
      remoteMta: 'mx.example.net',
      status: '5.7.124',
      reply: '550',
    });
  });

  it('16: takes apart the line with #SMTP#', () => {
    const block = 'anna@example.net\nmx.example.net #<hub.example.net #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#';
    expect(only(plainNdr(ADMINS(block)))).toMatchObject({
      status: '5.7.1',
      reply: '530',
      diagnosticCode: '530 5.7.1 Client was not authenticated',
      remoteMta: 'mx.example.net',
      category: 'security_error',
    });
  });

  it.each([
    ['straight', "'", "'"],
    ['curly', '‘', '’'],
  ])('17: takes apart an answer in %s quotes', (_, open, close) => {
    const block = `anna@example.net\nRemote Server returned ${open}550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found${close}`;
    expect(only(plainNdr(ADMINS(block)))).toMatchObject({
      status: '5.1.10',
      reply: '550',
      diagnosticCode: '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found',
    });
  });

  const several = ndr({
    text: 'Delivery has failed to these recipients or groups:\n\nanna@example.net\n\nbert@example.net\n\ncarla@example.org\n',
    status: {
      recipients: [
        failed('anna@example.net', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found', `Remote-MTA: dns;${ONLINE}`),
        failed('bert@example.net', '5.2.2', '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException'),
        failed('carla@example.org', '5.7.23', '550 5.7.23 Sender Policy Framework violation', 'Remote-MTA: dns;mx.example.org'),
      ],
    },
    returned: ORIGINAL.map((line) =>
      line.startsWith('To:') ? 'To: anna@example.net, bert@example.net, dora@example.net' : line,
    ),
  });

  it('18: gives each failed recipient its own status, reply, host and class', () => {
    expect(read(several).events).toMatchObject([
      { recipient: 'anna@example.net', status: '5.1.10', reply: '550', remoteMta: ONLINE, class: 'permanent' },
      { recipient: 'bert@example.net', status: '5.2.2', reply: '554', remoteMta: null, class: 'temporary' },
      { recipient: 'carla@example.org', status: '5.7.23', reply: '550', remoteMta: 'mx.example.org', class: 'permanent' },
    ]);
  });

  it('19: gives none to a recipient in To that is not listed as failed', () => {
    expect(read(several).events.map(({ recipient }) => recipient)).not.toContain('dora@example.net');
  });

  it('20: names the remote server as refusing, and the generating server as the author', () => {
    const mail = explainMail(parseMail(several));
    expect(mail.report.reportingMta).toBe('mail.example.org');
    expect(mail.recipients[0]!.refusedBy).toBe(ONLINE);
  });

  it('21: names the generating server as refusing where there is no remote server', () => {
    expect(explainMail(parseMail(several)).recipients[1]!.refusedBy).toBe('mail.example.org');
    const block = 'anna@example.net\n#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##';
    expect(explainMail(parseMail(plainNdr(ADMINS(block)))).recipients[0]!.refusedBy).toBe('mail.example.org');
  });

  it('22: keeps the final code of a list of attempts as status, and the last attempt as the reason', () => {
    const block = [
      'anna@example.net',
      "Remote Server returned '550 5.4.316 Message expired, connection refused(Socket error code 10061)'",
      "10/12/2026 8:40:00 AM - Server at example.net (198.51.100.7) returned '450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=example.net]'",
    ].join('\n');
    const event = only(plainNdr(ADMINS(block)));
    expect(event).toMatchObject({ status: '5.4.316', class: 'temporary', category: 'expired' });
    expect(event.evidence).toMatch(/connection refused/i);
  });

  it.each([
    [
      'the action',
      ndr({ text: 'Not yet.', subject: 'Delivery delayed:Your order', status: { recipients: [delayed('anna@example.net')] } }),
    ],
    [
      'the headline',
      plainNdr(
        ADMINS("anna@example.net\nRemote Server at example.net (198.51.100.7) returned '400 4.4.7 Message delayed'").replace(
          'Delivery has failed to these',
          'Delivery is delayed to these',
        ),
        { subject: 'Delivery delayed:Your order' },
      ),
    ],
  ])('23: takes a delay told by %s for a warning that counts for nothing', (_, raw) => {
    const report = read(raw);
    expect(report.kind).toBe('delay');
    expect(report.events).toMatchObject([{ recipient: 'anna@example.net', class: 'temporary' }]);
    const event = { ...bounce(), ...report.events[0]!, kind: report.kind } as HistoryEntry;
    for (const rules of Object.values(presets)) {
      expect(decide({ current: null, history: [], event, rules })).toMatchObject({ effect: 'ignore', toState: null });
    }
  });

  it('24: takes a failure with a code of class 4 for a bounce that may pass', () => {
    const report = read(
      ndr({ text: 'Given up.', status: { recipients: [failed('anna@example.net', '4.4.7', '450 4.4.7 Message expired')] } }),
    );
    expect(report.kind).toBe('bounce');
    expect(report.events[0]!.class).toBe('temporary');
  });

  it.each(['delivered', 'relayed', 'expanded'])('25: takes the action %s for a success', (action) => {
    const fields = ['Final-Recipient: rfc822;anna@example.net', `Action: ${action}`, 'Status: 2.0.0'];
    const report = read(ndr({ text: 'It arrived.', subject: 'Delivered: Your order', status: { recipients: [fields] } }));
    expect(report.kind).toBe('delivered');
    expect(report.events[0]).toMatchObject({ class: 'none', category: 'delivered' });
  });

  it.each(
    ROWS.filter((row) => row.class === 'temporary' && !codeOf(row)?.startsWith('4')).map((row) => [row.title, row] as const),
  )('26: calls "%s" temporary although its code begins with 5', (_, row) => {
    const code = codeOf(row) ?? '5.2.0';
    const answer = codeOf(row) === null ? `554 5.2.0 ${row.matchText[0]}` : answerOf(row);
    const event = only(
      ndr({ text: HEADLINE, status: { recipients: [failed('anna@example.net', code, answer, `Remote-MTA: dns;${ONLINE}`)] } }),
    );
    expect(event).toMatchObject({ status: code, class: 'temporary' });
  });
});

function delayed(address: string): string[] {
  return [
    `Final-Recipient: rfc822;${address}`,
    'Action: delayed',
    'Status: 4.4.7',
    'Diagnostic-Code: smtp;400 4.4.7 Message delayed',
  ];
}

describe('what becomes of the address', () => {
  it.each(rowsWith('immediate'))('27: flags the address of "%s" at the first report', (_, row) => {
    for (const rules of Object.values(presets)) {
      expect(decide({ current: null, history: [], event: entryOf(answerOf(row)), rules }).toState).toBe('flagged');
    }
  });

  it.each(rowsWith('repeat'))('28: gives the address of "%s" up only after reports on several days', (_, row) => {
    const answer = answerOf(row);
    expect(afterReports(answer, [0]).toState).not.toBe('flagged');
    if (entryOf(answer).class !== 'temporary') {
      // It will not pass by itself: a person decides, and no number of reports decides instead.
      expect(afterReports(answer, [0]).toState).toBe('held');
      expect(afterReports(answer, [0, 4, 8, 12, 16]).toState).toBe('held');
      return;
    }
    expect(afterReports(answer, [0, 0, 0, 0, 0]).toState).toBeNull();
    expect(afterReports(answer, [0, 4, 8, 12]).toState).toBeNull();
    expect(afterReports(answer, [0, 4, 8, 12, 16]).toState).toBe('flagged');
    expect(afterReports(answer, [0, 4, 8, 12, 16], 9).toState).toBeNull();
  });

  it.each(rowsWith('never'))('29: never takes the address of "%s" off by itself, whatever the number of reports', (_, row) => {
    const answer = answerOf(row);
    const days = Array.from({ length: 30 }, (_, i) => i * 2);
    expect(afterReports(answer, [0]).toState).not.toBe('flagged');
    expect(afterReports(answer, days).toState).not.toBe('flagged');
  });

  it.each(ROWS.filter((row) => row.alertSender).map((row) => [row.title, row] as const))(
    '30: reports "%s" as a matter of the sender, and counts nothing against the address',
    (_, row) => {
      const code = codeOf(row);
      const { meanings, elsewhere } = code === null ? one(answerOf(row)) : one(code);
      const meaning = [...meanings, ...elsewhere].find(({ cause }) => cause === row.cause)!;
      expect(meaning.alertSender).toBe(true);
      const decision = afterReports(answerOf(row), [0, 4, 8, 12, 16]);
      expect(decision.effect).not.toBe('count');
      expect(decision.toState).not.toBe('flagged');
    },
  );

  it('31: tells a full mailbox from a submission quota, both 5.2.2, by the words', () => {
    expect(one('554 5.2.2 mailbox full').meanings[0]).toMatchObject({ category: 'mailbox_full', fault: 'recipient_temporary' });
    expect(one('550 5.2.2 Submission quota exceeded').meanings[0]).toMatchObject({
      category: 'rate_limited',
      fault: 'sender_account',
    });
    expect(one('5.2.2').decided).toBe(false);
  });

  it.each([
    ['550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown', 'user_unknown'],
    ['550 5.1.351 Remote server returned unknown recipient or mailbox unavailable -> 550 No such user', 'user_unknown'],
    ['550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 Message identified as spam', 'spam_detected'],
    ['550 5.0.350 Remote server returned an error -> 552 5.2.2 Mailbox full', 'mailbox_full'],
    ['550 5.7.23 The message was rejected -> 550 5.7.1 Client host blocked using a block list', 'blocked'],
  ])('32: judges "%s" by what it wraps', (answer, category) => {
    expect(one(answer).meanings[0]!.category).toBe(category);
  });
});

describe('explaining a report', () => {
  const picture = (line: string, label: string) =>
    `${HEADLINE}\nnews            Office 365      anna\n${line}\n\n${label}\n\nHow to Fix It\nType the address again.\n`;

  it('33: reads which side has to act, and shows both where the table says otherwise', () => {
    const status = { recipients: [failed('anna@example.net', '5.1.10', '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found')] };
    const agreeing = explainMail(
      parseMail(ndr({ text: picture('Action Required                 Recipient', 'Unknown To address'), status })),
    );
    expect(agreeing.fixItOwner).toEqual({ side: 'sender', label: 'Unknown To address' });
    expect(agreeing.recipients[0]!.ownerDiffers).toBe(false);
    const differing = explainMail(
      parseMail(ndr({ text: picture('Sender                          Action Required', 'Address unknown'), status })),
    );
    expect(differing.fixItOwner).toEqual({ side: 'recipient', label: 'Address unknown' });
    expect(differing.recipients[0]!.ownerDiffers).toBe(true);
    expect(differing.recipients[0]!.explanation.meanings[0]!.actor).toBe('sender');
  });

  it.each([
    ['news\tOffice 365\tanna\n\t\tAction Required', 'recipient'],
    ['news\tOffice 365\tanna\n\tAction Required', 'microsoft'],
    ['news\tOffice 365\tanna\nAction Required', 'sender'],
    ['news        Office 365        anna\n                              Action Required', 'recipient'],
    ['news        Office 365        anna\n            Action Required', 'microsoft'],
    ['news        Office 365        anna\nAction Required', 'sender'],
  ])('33: reads the side from the place under %j', (lines, side) => {
    const text = `${HEADLINE}\n${lines}\n\nHow to Fix It\n`;
    const mail = explainMail(parseMail(ndr({ text, status: { recipients: [delayed('anna@example.net')] } })));
    expect(mail.fixItOwner).toEqual({ side, label: null });
  });

  it('34: says who must act, for every failure a table knows', () => {
    const actors = new Set<string | null>();
    for (const row of ROWS) actors.add(row.fixOwner);
    for (const code of ['5.1.1', '5.2.2', '5.7.23', '5.7.505', '5.7.133', '4.4.7', '5.3.4']) {
      for (const meaning of one(code).meanings) {
        expect(meaning.actor).not.toBeNull();
        actors.add(meaning.actor);
      }
    }
    expect([...actors].sort()).toEqual(['microsoft', 'recipient', 'recipient_admin', 'sender', 'sender_admin']);
  });

  it('35: offers a text for the user and another for the administrator, whatever is explained', () => {
    const codes = STATUS_MEANINGS.flatMap((row) => row.classes.map((digit) => digit + row.code.slice(1)));
    for (const code of [...codes, ...REPLY_MEANINGS.map(({ reply }) => reply)]) {
      for (const meaning of one(code).meanings) {
        expect(meaning.forUser).not.toBe('');
        expect(meaning.forAdmin).not.toBe('');
        if (meaning.category !== 'delivered' && meaning.class !== 'none')
          expect(meaning.forUser, code).not.toBe(meaning.forAdmin);
      }
    }
  });

  const ROUTE = [
    'Received: from out.shop.example.com (192.0.2.17) by edge.example.net with ESMTPS id 3; Mon, 12 Oct 2026 08:05:00 +0000',
    'Received: from app.shop.example.com (192.0.2.11) by out.shop.example.com with ESMTP id 2; Mon, 12 Oct 2026 10:00:30 +0200',
  ];

  it('36: gives the way of the returned mail with its delays, and the last hop, by Received lines or the table of hops', () => {
    const { returned } = explainMail(
      parseMail(
        ndr({
          text: HEADLINE,
          status: { recipients: [delayed('anna@example.net')] },
          returned: [...ROUTE, ...ORIGINAL.slice(1)],
        }),
      ),
    );
    expect(returned.hops.map(({ from, by, delaySeconds }) => [from, by, delaySeconds])).toEqual([
      ['app.shop.example.com', 'out.shop.example.com', null],
      ['out.shop.example.com', 'edge.example.net', 270],
    ]);
    expect(returned.lastHop).toBe('edge.example.net');
    const table = `${HEADLINE}\nReported error: 550 5.1.10 not found\n\nMessage Hops\nHOP     TIME (UTC)      FROM    TO      WITH    RELAY TIME\n1       10/12/2026\n8:00:10 AM              out.shop.example.com               *\n2       10/12/2026\n8:00:12 AM      out.shop.example.com        edge.example.net       SMTP Server   2 sec\n`;
    const fromTable = explainMail(
      parseMail(ndr({ text: table, status: { recipients: [delayed('anna@example.net')] }, returned: [] })),
    );
    expect(fromTable.returned.hops.map(({ by, delaySeconds }) => [by, delaySeconds])).toEqual([
      ['out.shop.example.com', null],
      ['edge.example.net', 2],
    ]);
    expect(fromTable.returned.lastHop).toBe('edge.example.net');
  });

  it('37: flags a failed recipient that the mail was not written to', () => {
    const to = (address: string) =>
      explainMail(parseMail(mailAbout('550 5.1.10 not found', address))).recipients[0]!.differsFromTo;
    expect(to('anna@example.net')).toBe(false);
    expect(to('Anna@EXAMPLE.net')).toBe(false);
    expect(to('anna.private@example.org')).toBe(true);
  });

  it.each([
    ['5.7.23', 'Sender Policy Framework violation'],
    ['5.7.509', 'Access denied, sending domain example.com does not pass DMARC verification'],
    ['4.7.26', 'Access denied, a message sent over IPv6 must pass either SPF or DKIM validation'],
  ])('38: flags SPF that did not pass and names it as the cause of %s', (status, words) => {
    const withSpf = (result: string, code = status, text = words) =>
      explainMail(
        parseMail(
          ndr({
            text: HEADLINE,
            status: { recipients: [failed('anna@example.net', code, `550 ${code} ${text}`)] },
            returned: [`Received-SPF: ${result} (example.net: domain of shop.example.com)`, ...ORIGINAL],
          }),
        ),
      );
    expect(withSpf('SoftFail').returned.spf!.result).toBe('softfail');
    expect(withSpf('Fail').recipients[0]!.spfIsCause).toBe(true);
    expect(withSpf('Pass').recipients[0]!.spfIsCause).toBe(false);
    expect(withSpf('Fail', '5.1.10', 'Recipient not found').recipients[0]!.spfIsCause).toBe(false);
  });

  it('39: links the report to the mail that was sent, and marks one about mail that is not ours', () => {
    const raw = ndr({ text: HEADLINE, status: { recipients: [failed('anna@example.net', '5.1.10', '550 5.1.10 not found')] } });
    const ours = explainMail(parseMail(raw), { senderDomains: ['shop.example.com'] });
    expect(ours.report.original.messageId).toBe('<order-4711@shop.example.com>');
    expect([ours.ours, ours.report.trust]).toEqual([true, 'correlated']);
    expect(explainMail(parseMail(raw), { senderDomains: ['other.example'] }).ours).toBe(false);
    expect(explainMail(parseMail(raw)).ours).toBeNull();
  });

  it('40: explains a code, a reply line, a pasted answer and a whole report, with nothing but the input', () => {
    expect(one('5.7.23').meanings[0]!.title).toBe('SPF failed');
    expect(one('550 5.1.10').meanings[0]!.fault).toBe('recipient');
    expect(one('550 5.7.509 Access denied, sending domain example.com does not pass DMARC verification').meanings[0]!.title).toBe(
      'DMARC failed',
    );
    const mail = explainMail(
      parseMail(mailAbout('550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required')),
    );
    expect(mail.recipients[0]!.explanation.meanings[0]!.title).toBe('Group takes internal mail only');
  });

  it('41: explains several codes once each, in order', () => {
    const { explanations } = explain('5.7.23, 5.1.1 and 550-5.7.1; #5.7.23 4.4.7 5.1.1');
    expect(explanations.map(({ status }) => status)).toEqual(['5.7.23', '5.1.1', '5.7.1', '4.4.7']);
    const lines = explain('550 5.1.10 Recipient not found\n550 5.7.23 Sender Policy Framework violation\n452 4.2.2 Mailbox full');
    expect(lines.explanations.map(({ status }) => status)).toEqual(['5.1.10', '5.7.23', '4.2.2']);
  });
});

describe('languages, encodings and traps', () => {
  const BLOCK = "anna@example.net\nmx.example.net\nRemote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'";
  const translated = {
    English: ADMINS(BLOCK),
    German: ADMINS(BLOCK)
      .replace(
        'Delivery has failed to these recipients or groups:',
        'Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:',
      )
      .replace('Diagnostic information for administrators:', 'Diagnoseinformationen für Administratoren:')
      .replace('Generating server:', 'Generierender Server:')
      .replace('Original message headers:', 'Ursprüngliche Nachrichtenkopfzeilen:'),
    French: ADMINS(BLOCK)
      .replace('Delivery has failed to these recipients or groups:', 'Échec de la remise pour ces destinataires ou groupes :')
      .replace('Diagnostic information for administrators:', 'Informations de diagnostic pour les administrateurs :')
      .replace('Generating server:', 'Serveur de génération :')
      .replace('Original message headers:', "En-têtes de message d'origine :"),
  };
  const SUBJECTS: Record<string, string> = {
    English: 'Undeliverable: Your order',
    German: 'Unzustellbar: Ihre Bestellung',
    French: 'Non remis : votre commande',
  };

  it.each(['German', 'French'] as const)('42: gives the same record for the report in %s', (language) => {
    const english = read(plainNdr(translated.English));
    const other = read(plainNdr(translated[language], { subject: SUBJECTS[language]! }));
    expect([other.kind, other.reportingMta, other.original.messageId]).toEqual([
      english.kind,
      english.reportingMta,
      english.original.messageId,
    ]);
    const { recipient, status, reply, category, fault, remoteMta, diagnosticCode } = english.events[0]!;
    expect(other.events).toMatchObject([{ recipient, status, reply, category, fault, remoteMta, diagnosticCode }]);
  });

  it.each([
    ['utf-8', Buffer.from(translated.German, 'utf8')],
    ['iso-8859-1', Buffer.from(translated.German, 'latin1')],
    [
      'windows-1252',
      Buffer.from(translated.German.replaceAll("'550", '\u0091550').replaceAll("found'", 'found\u0092'), 'latin1'),
    ],
    [
      'iso-2022-jp',
      Buffer.concat([
        Buffer.from([0x1b, 0x24, 0x42, 0x47, 0x5b, 0x1b, 0x28, 0x42, 0x0a]),
        Buffer.from(translated.English, 'latin1'),
      ]),
    ],
  ])('43: decodes %s in quoted-printable before it reads, and cuts no address at a soft line break', (charset, bytes) => {
    const event = only(ndr({ text: '', charset, returned: [] }, bytes));
    expect(event).toMatchObject({ recipient: 'anna@example.net', status: '5.1.1', reply: '550', category: 'user_unknown' });
  });

  it('43: decodes base64 too', () => {
    const raw = plainNdr(translated.German).toString('utf8');
    const [head, ...body] = raw.split('\n\n');
    const encoded = Buffer.from(body.join('\n\n'), 'utf8').toString('base64').replace(/.{76}/g, '$&\n');
    const mail = `${head!.replace('8bit', 'base64')}\n\n${encoded}\n`;
    expect(only(Buffer.from(mail))).toMatchObject({ recipient: 'anna@example.net', status: '5.1.1' });
  });

  it('44: takes an address written as Name (a@b)<mailto:a@b> once', () => {
    const text = ADMINS(BLOCK).replace(
      'anna@example.net<mailto:anna@example.net>',
      'Anna Berg (anna@example.net)<mailto:anna@example.net>',
    );
    expect(read(plainNdr(text)).events.map(({ recipient }) => recipient)).toEqual(['anna@example.net']);
  });

  it('45: reports an internal name as such, and suppresses no address for it', () => {
    const name = 'IMCEAEX-_O=EXAMPLE_OU=SITE_CN=RECIPIENTS_CN=ANNA@example.net';
    const mail = explainMail(
      parseMail(
        ndr({
          text: 'Delivery has failed to these recipients or groups:\n\nAnna Berg\n',
          status: { recipients: [failed(name, '5.1.1', '550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found')] },
          returned: ORIGINAL.filter((line) => !line.startsWith('To:')),
        }),
      ),
    );
    expect(mail.internalNames).toEqual([name]);
    expect(mail.report.events).toEqual([]);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('46: gives the same record with %s as line end', (_, end) => {
    for (const raw of [plainNdr(ADMINS(BLOCK)), mailAbout('550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found')]) {
      expect(read(Buffer.from(raw.toString('latin1').replaceAll('\n', end), 'latin1'))).toEqual(read(raw));
    }
  });

  it('47: takes neither an automatic answer nor a letter that quotes a report for a bounce', () => {
    const quoted = ADMINS(BLOCK)
      .split('\n')
      .map((line) => `> ${line}`)
      .join('\n');
    const letter = (subject: string, extra: string) =>
      Buffer.from(
        `From: Anna Berg <anna@example.net>\nTo: Shop <news@shop.example.com>\nSubject: ${subject}\nDate: Mon, 12 Oct 2026 09:00:00 +0000\nMessage-ID: <m1@example.net>\n${extra}Content-Type: text/plain; charset="utf-8"\n\nHello,\n\nI got this back, can you help?\n\n${quoted}\n`,
      );
    expect(read(letter('Re: Undeliverable: Your order', 'In-Reply-To: <order-4711@shop.example.com>\n'))).toMatchObject({
      kind: 'other',
      events: [],
    });
    expect(read(letter('Out of office: Your order', 'Auto-Submitted: auto-replied\n')).kind).toBe('auto_reply');
  });

  it('48: takes neither the logo nor a Microsoft host as author for Microsoft at fault', () => {
    const raw = ndr({
      text: `[Office365Logo]\n${HEADLINE}`,
      status: {
        reportingMta: 'AM0PR00MB0001.eurprd00.prod.outlook.com',
        recipients: [failed('anna@example.net', '5.1.1', '550 5.1.1 User unknown', 'Remote-MTA: dns;mx.example.net')],
      },
    });
    const { report, recipients } = explainMail(parseMail(raw));
    expect(report.reportingMta).toBe('am0pr00mb0001.eurprd00.prod.outlook.com');
    expect(recipients[0]!.refusedBy).toBe('mx.example.net');
    expect(recipients[0]!.event).toMatchObject({ provider: 'other', fault: 'recipient' });
    expect(recipients[0]!.explanation.meanings[0]!.actor).toBe('sender');
  });

  it.each(['9.9.9', '5.1', '3.1.1', '5.9.1', '5.1.1000', '5.1.01', '999', '5.1.1.1'])(
    '49: says plainly that %s does not exist',
    (code) => {
      const { explanations, unknown } = explain(code);
      expect(explanations).toEqual([]);
      expect(unknown).toEqual([{ input: code, why: expect.stringContaining('there is no such code') }]);
    },
  );

  it('50: cites a row, a registry or a rule for whatever it says', () => {
    const inputs = [
      '5.1.10',
      '5.4.316',
      '5.6.7',
      '577',
      '5.7.450',
      '5.0.9',
      '567',
      '550 No such user here',
      '550 5.7.1 Unable to relay',
      '550 xyzzy',
    ];
    const kinds = inputs.map((input) => {
      const { meanings, elsewhere } = one(input);
      for (const { basis } of [...meanings, ...elsewhere]) {
        expect(basis.length).toBeGreaterThan(0);
        for (const { row, source } of basis) expect(`${row}${source}`.length, input).toBeGreaterThan(10);
      }
      return meanings[0]!.basis[0]!.kind;
    });
    expect(kinds).toEqual(['registry', 'exchange', 'registry', 'reply', 'subject', 'class', 'class', 'words', 'words', 'reply']);
  });
});
