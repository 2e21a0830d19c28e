import { expect, it } from 'vitest';
import { signReturnPath } from '../../src/bounce/return-path.ts';
import { processMail } from '../../src/pipeline/process.ts';
import { report } from '../support/pipeline.ts';

it.each([
  ['2025-01-05', 'signed'],
  ['2025-03-05', 'unverified'],
])('judges a return path signed on 2025-01-01 by when the report arrived, %s, not by when it is read: %s', (day, trust) => {
  const keys = [{ id: '0', secret: 'a-secret-of-thirty-two-signs-at-the-least' }];
  const returnPath = signReturnPath('anna@example.net', {
    returnPath: 'bounces@example.com',
    keys,
    date: new Date('2025-01-01'),
  });
  const raw = Buffer.from(report(['anna@example.net']).replace('To: bounces@example.com', `To: ${returnPath}`));
  const mail = { uid: 1, receivedAt: new Date(day), size: raw.length, raw };
  const { outcome } = processMail(mail, { mailboxId: 1, uidValidity: 1n, uid: 1 }, 1, { returnPathKeys: keys });
  expect(outcome).toMatchObject({ ok: true, report: { trust } });
});
