import { describe, expect, it } from 'vitest';
import { commandIn, remoteHostIn, remoteWords } from '../../src/bounce/dialogue.ts';

describe('commandIn', () => {
  it.each([
    ['host mx.example.net[192.0.2.7] said: 550 no (in reply to RCPT TO command)', 'rcpt'],
    ['host mx.example.net[192.0.2.7] said: 550 no (in reply to end of DATA\n    command)', 'eod'],
    ['host mx.example.net[192.0.2.7] refused to talk to me: 421 busy', 'connect'],
    ['SMTP error from remote mail server after MAIL FROM:<a@example.com> SIZE=1024:', 'mail'],
    ['SMTP error from remote mail server after initial connection:', 'connect'],
    ['192.0.2.7 failed after I sent the message.', 'eod'],
    ['Connected to 192.0.2.7 but sender was rejected.', 'mail'],
    ['mx.example.net [192.0.2.7] did not like our final DATA:', 'eod'],
    ['>>> DATA\n<<< 550 5.7.1 no', 'data'],
    ['>>> RCPT To:<a@example.net>\n<<< 550 no', 'rcpt'],
    ['The mailbox is full.', null],
  ])('%s', (words, command) => {
    expect(commandIn(words)).toBe(command);
  });
});

describe('remoteHostIn', () => {
  it.each([
    ['host mx.example.net[192.0.2.7] said: 550 no', 'mx.example.net'],
    ['host mx.Example.NET [192.0.2.7]: 550 no', 'mx.example.net'],
    ['connect to mx.example.net[192.0.2.7]:25: Connection refused', 'mx.example.net'],
    ['mx.example.net [192.0.2.7] did not like our RCPT TO:', 'mx.example.net'],
    ['rejected by the server for the recipient domain example.net by mx.example.net. [192.0.2.7].', 'mx.example.net'],
    ['192.0.2.7 does not like recipient.', null],
  ])('%s', (words, host) => {
    expect(remoteHostIn(words)).toBe(host);
  });
});

describe('remoteWords', () => {
  it.each([
    ['host mx.example.net[192.0.2.7] said: 550 5.1.1\n    unknown (in reply to RCPT TO command)', '550 5.1.1 unknown'],
    ['192.0.2.7 does not like recipient.\nRemote host said: 552 full\nGiving up on 192.0.2.7.', '552 full'],
    ["Remote Server returned '550 5.1.10 not found'", '550 5.1.10 not found'],
    [
      '    mx.example.net:\n >>> RCPT TO:<a@example.net>\n <<< 550-5.1.1 no\n <<< 550 5.1.1 such user',
      '550-5.1.1 no 550 5.1.1 such user',
    ],
    ['Sorry, no mailbox here by that name. (#5.1.1)', 'Sorry, no mailbox here by that name. (#5.1.1)'],
    [
      '450 4.1.1 unverified: host x.example.net[192.0.2.7] said: 550 5.1.1 no',
      '450 4.1.1 unverified: host x.example.net[192.0.2.7] said: 550 5.1.1 no',
    ],
    ['  \n ', null],
  ])('%s', (words, answer) => {
    expect(remoteWords(words)).toBe(answer);
  });
});
