import { describe, expect, it } from 'vitest';
import { Narrator } from '../../src/demo/narrate.ts';
import type { Outcome, Verdict } from '../../src/demo/outcomes.ts';
import { presets } from '../../src/suppression/presets.ts';

function narrated(width: number | null, tell: (narrator: Narrator) => void): string {
  let output = '';
  tell(new Narrator((text) => (output += text), width));
  return output;
}

function outcome(verdict: Partial<Verdict> | null, mail: Partial<Outcome> = {}): Outcome {
  const base: Verdict = {
    recipient: 'someone.with.a.long.name@a-rather-long-domain.example',
    class: 'permanent',
    category: 'user_unknown',
    fault: 'recipient',
    status: '5.1.1',
    rule: 'words/no-such-user',
    evidence:
      '550 5.1.1 no such user here, and never was, whatever the sender may think of it; go away and do not come back again',
    state: 'flagged',
    decidedBy: 'dead-address',
    reason: 'The address does not exist.',
  };
  return {
    mail: 1n,
    contentHash: 'ab',
    kind: 'bounce',
    subject: 'Undelivered',
    error: null,
    duplicate: false,
    settled: true,
    verdict: verdict === null ? null : { ...base, ...verdict },
    ...mail,
  };
}

const rows = [
  { sample: 'a-letter', outcome: outcome(null, { mail: 2n, kind: 'other', settled: false }), times: 1 },
  {
    sample: 'held-one',
    outcome: outcome({ recipient: 'b@b.example', state: 'held', decidedBy: 'other-permanent' }, { mail: 3n }),
    times: 1,
  },
  { sample: 'dead-one', outcome: outcome({}), times: 5 },
];

describe('the table of the samples', () => {
  it('fits an 80-column terminal, a line a recipient, flagged ones first', () => {
    const lines = narrated(80, (narrator) => narrator.results(rows, presets.standard)).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^recipient +class +category +fault +state +reason$/);
    expect(lines[3]).toContain('flagged');
    expect(lines[4]).toContain('held');
    expect(lines[5]).toContain('—');
    expect(lines[6]).toBe('');
  });

  it('has all columns where there is room, and names the rules that decided with their reasons', () => {
    const output = narrated(null, (narrator) => narrator.results(rows, presets.standard));
    expect(output).toMatch(
      /^dead-one ×5 +bounce +someone\.with\.a\.long\.name@a-rather-long-domain\.example +permanent .* dead-address +550 5\.1\.1/m,
    );
    expect(output).toMatch(/^dead-address +flag +\S/m);
    expect(output).toMatch(/^other-permanent +hold +\S/m);
    expect(output).not.toMatch(/^complaint /m);
  });
});

describe('the closing line', () => {
  it('counts mails once, recipients once, and bounces as they are', () => {
    const outcomes = [
      outcome({}),
      outcome({ recipient: 'b@b.example', state: 'held' }),
      outcome({}, { mail: 2n }),
      outcome(null, { mail: 3n, kind: 'other', settled: false }),
      outcome({ state: null, recipient: 'c@c.example' }, { mail: 4n, kind: 'delay' }),
    ];
    const output = narrated(null, (narrator) => narrator.total(outcomes));
    expect(output).toContain('mails 4  bounces 3  flagged 1  held 1  other 1  settled 3  (besides: complaints 0, delays 1,');
  });
});

describe('a mail that arrives', () => {
  const told = (...outcomes: Outcome[]) => narrated(100, (narrator) => narrator.arrived(outcomes));

  it('is told with its verdict, evidence, state and reason', () => {
    const output = told(outcome({ recipient: 'a@a.example', evidence: '550 no such user' }));
    expect(output).toContain('new mail "Undelivered": bounce');
    expect(output).toContain('a@a.example: permanent, user_unknown, fault recipient, status 5.1.1');
    expect(output).toContain('decided by words/no-such-user: 550 no such user');
    expect(output).toContain('flagged by dead-address: The address does not exist.');
  });

  it('cannot write to the terminal what it likes', () => {
    const output = told(outcome({ evidence: 'a\u001b[2Jb\u0007' }, { subject: '\u001b]0;owned\u0007Subject\nnext' }));
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(output).toContain('new mail "Subject next"');
  });

  it('is told to be a known one, no bounce, or unreadable', () => {
    expect(told(outcome({}), outcome(null, { mail: 2n, duplicate: true }))).toContain('nothing is counted twice');
    expect(told(outcome(null, { kind: 'other' }))).toContain('it stays in the INBOX');
    expect(told(outcome(null, { kind: 'other', error: 'too deep' }))).toContain('could not be processed: too deep');
  });
});
