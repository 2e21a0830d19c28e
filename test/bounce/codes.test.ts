import { describe, expect, it } from 'vitest';
import { compareStatus, findReply, findStatus, readAnswer } from '../../src/bounce/codes.ts';

describe('findStatus', () => {
  it.each([
    ['550 5.1.1 User unknown', '5.1.1'],
    ['550-5.1.1 User unknown', '5.1.1'],
    ['550 #5.1.0 Address rejected.', '5.1.0'],
    ['smtp;550 5.7.1 no', '5.7.1'],
    ['smtp; 5.1.1 no', '5.1.1'],
    ['Sorry, no mailbox here by that name. (#5.1.1)', '5.1.1'],
    ['mx.example.com #<mail.example.com #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#', '5.7.1'],
    ["Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'", '5.1.10'],
    ['"554 5.4.14 Hop count exceeded"', '5.4.14'],
    ['5.1.1 (bad destination mailbox address)', '5.1.1'],
    ['550\n5.1.1 User unknown', '5.1.1'],
    ['550-\n 550-5.7.26 not authenticated', '5.7.26'],
    ['550 5.7.\n26 not authenticated', '5.7.26'],
    ['4.4.316: connection refused', '4.4.316'],
    ['host mx.example.com[192.0.2.25] said: 450 4.2.0 <a@example.com>: Greylisted', '4.2.0'],
    ['It is over, said the server: 5.2.2.', '5.2.2'],
    // The code beside the reply goes before one that merely stands in the words.
    ['see 5.5.0 in the manual: 550 5.1.1 unknown', '5.1.1'],
  ])('finds the code in %j', (text, status) => {
    expect(findStatus(text)).toBe(status);
  });

  it.each([
    ['connect to mx.example.com[5.1.1.2]:25: Connection refused'],
    ['host 192.0.2.1 refused'],
    ['Exim 4.9.12.1'],
    ['ESMTP/5.4.1 ready'],
    ['on 5.11.2026'],
    ['version v5.2.1'],
    ['550 User unknown'],
    ['5.9.1 is no subject of RFC 3463'],
    ['see https://example.com/5.1.1/help'],
    [''],
  ])('finds none in %j', (text) => {
    expect(findStatus(text)).toBeNull();
  });
});

describe('findReply', () => {
  it.each([
    ['550 5.1.1 User unknown', '550'],
    ['550-5.1.1 User unknown', '550'],
    ['smtp;554 delivery error', '554'],
    ['550 User unknown', '550'],
    ['550', '550'],
    ['554.30 Sorry, your message cannot be delivered', '554'],
    ['host mx.example.com[192.0.2.25] said: 421 too busy (in reply to RCPT TO command)', '421'],
    ['Remote host said: 553 sorry', '553'],
    ["Remote Server returned '554 5.2.2 mailbox full'", '554'],
    ['#< #5.7.1 smtp;530 5.7.1 Client was not authenticated> #SMTP#', '530'],
    ['<<< 452 Out of space', '452'],
    ['SMTP error from remote mail server after RCPT TO:<a@example.com>: 550 no such user', '550'],
    ['The response was: 550 no', '550'],
  ])('finds the reply in %j', (text, reply) => {
    expect(findReply(text)).toBe(reply);
  });

  it.each([
    ['connect to mx.example.com[192.0.2.1]:587: Connection timed out'],
    ['the message has 550 bytes'],
    ['queue id 4501234'],
    ['User unknown'],
    [''],
  ])('finds none in %j', (text) => {
    expect(findReply(text)).toBeNull();
  });
});

describe('readAnswer', () => {
  it("prefers the remote answer's own code to the report's Status field", () => {
    expect(readAnswer('550 5.1.1 unknown', '5.0.0')).toMatchObject({ status: '5.1.1', reply: '550', remote: true, digit: '5' });
  });

  it('keeps the Status field where the remote answer has no code of its own', () => {
    expect(readAnswer('550 unknown', '5.2.1 (mailbox disabled)')).toMatchObject({ status: '5.2.1', reply: '550', own: null });
  });

  it("takes the class from the remote answer when the report's own says otherwise", () => {
    expect(readAnswer('421 try later', '5.0.0').digit).toBe('4');
  });

  it('takes the class from the Status field where nobody answered', () => {
    expect(readAnswer(null, '4.4.1')).toEqual({ status: '4.4.1', reply: null, own: '4.4.1', remote: false, digit: '4' });
  });

  it('says nothing where nothing stands', () => {
    expect(readAnswer(null, null)).toEqual({ status: null, reply: null, own: null, remote: false, digit: null });
  });
});

it('compares the last number of a code as a number', () => {
  expect(compareStatus('5.7.9', '5.7.10')).toBeLessThan(0);
  expect(compareStatus('5.7.700', '5.7.70')).toBeGreaterThan(0);
  expect(compareStatus('5.1.1', '5.1.1')).toBe(0);
});
