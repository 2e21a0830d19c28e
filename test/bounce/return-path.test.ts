import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizeAddress } from '../../src/bounce/address.ts';
import { dayOf, signReturnPath, verifyReturnPath } from '../../src/bounce/return-path.ts';
import { readReturnPathKeys } from '../../src/bounce/return-path-keys.ts';

const NEW = { id: 'n', secret: 'a-new-secret-of-thirty-two-signs-and-more' };
const OLD = { id: 'o7', secret: 'an-old-secret-of-thirty-two-signs-and-more' };
const date = new Date('2026-11-25T10:00:00Z');
const days = (n: number) => new Date(date.getTime() + n * 86_400_000);
const sign = (recipient: string, returnPath = 'bounces@example.com', keys = [NEW]) =>
  signReturnPath(recipient, { returnPath, keys, date });
const verify = (address: string, options: { keys?: (typeof NEW)[]; date?: Date; candidates?: string[] } = {}) =>
  verifyReturnPath(address, { keys: [NEW, OLD], date, ...options });

/** Local parts that people and hostile people have: every sign of RFC 5322's atext, dots, capitals, quoted ones, other scripts. */
const atom = fc.string({ unit: fc.constantFrom(..."abzABZ019!#$%&'*+/=?^_`{|}~-.é用ß😀"), minLength: 1, maxLength: 40 });
const quoted = fc
  .string({ unit: fc.constantFrom(...'aZ @.<>,;:\\[]()='), minLength: 1, maxLength: 12 })
  .map((words) => `"${words}"`);
const domain = fc.oneof(
  fc.constantFrom(
    'example.net',
    'EXAMPLE.Org',
    'münchen.example',
    '例え.example',
    '[192.0.2.7]',
    '[IPv6:2001:db8::1]',
    'a.b-c.example',
  ),
  fc.string({ unit: fc.constantFrom(...'abz09-'), minLength: 1, maxLength: 60 }).map((label) => `x${label}x.example`),
);
const recipients = fc.tuple(fc.oneof({ weight: 4, arbitrary: atom }, quoted), domain).map(([local, host]) => `${local}@${host}`);
const bases = fc.constantFrom('bounces@example.com', '@b.example.com', 'news-bounces-@example.com', 'Bounces@Example.com');

describe('a signed return path', () => {
  it('gives back its recipient, day and key, whatever the recipient', () => {
    fc.assert(
      fc.property(recipients, bases, (recipient, base) => {
        const address = sign(recipient, base);
        const checked = verify(address, { candidates: ['someone@example.org', recipient] });
        expect(checked).toMatchObject({ signature: 'valid', day: dayOf(date), keyId: 'n' });
        expect(normalizeAddress(checked.recipient!)).toBe(normalizeAddress(recipient));
        // The case of the local part is kept.
        expect(checked.recipient!.split('@').slice(0, -1)).toEqual(recipient.split('@').slice(0, -1));
      }),
      { numRuns: 2000 },
    );
  });

  it('has a local part of at most 64 octets, in signs that every server takes', () => {
    fc.assert(
      fc.property(recipients, bases, (recipient, base) => {
        const address = sign(recipient, base);
        const [local, host, ...more] = address.split('@');
        expect(more).toEqual([]);
        expect(local!.length).toBeLessThanOrEqual(64);
        expect(local).toMatch(/^[A-Za-z0-9_+=-]+(?:\.[A-Za-z0-9_+=-]+)*$/);
        expect(host).toBe(base.split('@')[1]!.toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });

  it('survives a server that changes the case of local parts', () => {
    fc.assert(
      fc.property(recipients, bases, (recipient, base) => {
        const address = sign(recipient, base);
        for (const changed of [address.toLowerCase(), address.toUpperCase()])
          expect(verify(changed, { candidates: [recipient] })).toEqual(verify(address, { candidates: [recipient] }));
      }),
    );
  });

  it('can be read by people', () => {
    expect(sign('anna.berg@example.net')).toMatch(/^bounces\+rbn[a-z0-9]{3}[a-z2-7]{16}-anna\.berg=example\.net@example\.com$/);
    expect(sign('Anna+news@Example.net')).toMatch(/-\+41nna\+2bnews=example\.net@/);
    expect(sign('jürgen@münchen.example', '@b.example.com')).toMatch(/-j\+c3\+bcrgen=xn--mnchen-3ya\.example@b/);
  });

  it('leaves a long recipient out, and finds it among the addresses that the report names, however they are written', () => {
    const long = 'Maximiliane.Musterfrau-Beispielhausen@verwaltung.example.net';
    const address = sign(long);
    expect(address).toMatch(/^bounces\+rbn[a-z0-9]{3}[a-z2-7]{16}@example\.com$/);
    expect(verify(address, { candidates: ['b@example.org', long.toLowerCase()] })).toMatchObject({
      signature: 'valid',
      recipient: long.toLowerCase(),
    });
    expect(verify(address)).toMatchObject({ signature: 'unmatched', recipient: null });
    expect(verify(address, { candidates: ['b@example.org'] }).signature).toBe('unmatched');
  });

  it('is wrong as soon as one sign of it differs', () => {
    for (const recipient of ['Anna.Berg@example.net', 'maximiliane.musterfrau-beispielhausen@verwaltung.example.net']) {
      const address = sign(recipient);
      const end = address.indexOf('@');
      for (let i = 'bounces+'.length; i < end; i++) {
        for (const sign of 'abrz0279._+=-') {
          if (sign === address[i]) continue;
          const changed = address.slice(0, i) + sign + address.slice(i + 1);
          expect(verify(changed, { candidates: [recipient] }).recipient, changed).toBeNull();
        }
        for (const changed of [address.slice(0, i) + address.slice(i + 1), `${address.slice(0, i)}a${address.slice(i)}`])
          expect(verify(changed, { candidates: [recipient] }).recipient, changed).toBeNull();
      }
    }
  });

  it('with its recipient cut off is not one that had no room for it', () => {
    const address = sign('anna@example.net').replace(/-anna=example\.net/, '');
    expect(verify(address, { candidates: ['anna@example.net'] }).signature).toBe('unmatched');
  });

  it('does not let somebody else be put in its place', () => {
    fc.assert(
      fc.property(recipients, recipients, (one, other) => {
        fc.pre(normalizeAddress(one) !== normalizeAddress(other));
        const token = /rbn[a-z0-9]{3}[a-z2-7]{16}/;
        const forged = sign(other).replace(token, token.exec(sign(one))![0]);
        expect(verify(forged, { candidates: [other] }).recipient).toBeNull();
      }),
    );
  });

  it('is checked with the key that signed: the first signs, all verify, a dropped one is unknown', () => {
    const old = sign('anna@example.net', 'bounces@example.com', [OLD, NEW]);
    expect(verify(old)).toMatchObject({ signature: 'valid', keyId: 'o7' });
    expect(verify(old, { keys: [NEW] })).toMatchObject({ signature: 'unknown_key', recipient: null, keyId: 'o7' });
    expect(verify(old, { keys: [{ ...OLD, secret: NEW.secret }] })).toMatchObject({ signature: 'wrong', recipient: null });
    expect(verify(old, { keys: [] }).signature).toBe('unknown_key');
  });

  it('holds for 30 days, and a day before for a clock that is ahead', () => {
    const address = sign('anna@example.net');
    for (const [after, signature] of [
      [-2, 'expired'],
      [-1, 'valid'],
      [30, 'valid'],
      [31, 'expired'],
      [4000, 'expired'],
    ] as const) {
      expect(verify(address, { date: days(after) })).toMatchObject({ signature, recipient: 'anna@example.net' });
    }
    expect(verifyReturnPath(address, { keys: [NEW], date: days(100), validDays: 120 }).signature).toBe('valid');
  });

  it.each([
    ['BATV', (local: string) => `prvs=0123456789=${local}@example.com`],
    ['Barracuda', (local: string) => `btv1==123a4b==${local}@example.com`],
    ['SRS0', (local: string) => `SRS0=ab12=XY=example.com=${local}@forwarder.example`],
    ['SRS0 with plus', (local: string) => `SRS0+ab12=XY=example.com=${local}@forwarder.example`],
    ['SRS1', (local: string) => `SRS1=cd34=forwarder.example==ab12=XY=example.com=${local}@other.example`],
    ['Exchange Online', (local: string) => `office+SRS=ab12C=XY=example.com=${local}@forwarder.example`],
    ['BATV inside of SRS', (local: string) => `SRS0=ab12=XY=example.com=prvs=0123456789=${local}@forwarder.example`],
    ['another plus', (local: string) => `inbox+${local}@example.com`],
  ])('is read inside of %s', (_, wrap) => {
    fc.assert(
      fc.property(recipients, bases, (recipient, base) => {
        const address = sign(recipient, base);
        const wrapped = wrap(address.slice(0, address.lastIndexOf('@')));
        expect(verify(wrapped, { candidates: [recipient] })).toEqual(verify(address, { candidates: [recipient] }));
      }),
    );
  });

  it('is not found in any other address, and nothing makes the check fail', () => {
    for (const address of ['', '@', 'bounces@example.com', 'bounces+anna=example.net@example.com', 'rb@example.com'])
      expect(verify(address).signature, address).toBe('unsigned');
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(verify(`${text}@example.com`).recipient).toBeNull();
        expect(verify(`${sign('anna@example.net').split('@')[0]}${text}x@example.com`).recipient).toBeNull();
      }),
    );
    expect(verify(`${'rb'.repeat(100_000)}@example.com`).signature).toBe('unsigned');
  });

  it('is refused for what is no address, or leaves no room', () => {
    for (const recipient of [
      '',
      'anna',
      '@example.net',
      'anna@',
      'anna berg@example.net',
      'a\nb@example.net',
      '\ud800@example.net',
    ])
      expect(() => sign(recipient), recipient).toThrow(/is no address/);
    for (const base of ['', 'bounces', '"b"@example.com', 'b%c@example.com', '.b@example.com', 'b..c@example.com', 'b@exa mple'])
      expect(() => sign('anna@example.net', base), base).toThrow(/cannot be a return path/);
    expect(() => sign('anna@example.net', `${'b'.repeat(43)}@example.com`)).toThrow(/shorten what stands before the @ by 2/);
    expect(sign('anna@example.net', `${'b'.repeat(41)}@example.com`).indexOf('@')).toBe(64);
    expect(() => sign('anna@example.net', 'bounces@example.com', [])).toThrow(/no key/);
  });
});

describe('the keys in a setting', () => {
  const secret = 'x'.repeat(32);

  it.each([
    [secret, [{ id: '0', secret }]],
    [`2:${secret}`, [{ id: '2', secret }]],
    [
      `B2:${secret},a:${secret}y`,
      [
        { id: 'b2', secret },
        { id: 'a', secret: `${secret}y` },
      ],
    ],
    [
      `\n 2:${secret} \n${secret}y`,
      [
        { id: '2', secret },
        { id: '0', secret: `${secret}y` },
      ],
    ],
    [`nottheid:${secret}`, [{ id: '0', secret: `nottheid:${secret}` }]],
    ['', []],
  ])('are read from %j', (text, keys) => {
    expect(readReturnPathKeys(text)).toEqual({ keys, faults: [] });
  });

  it('are refused when short or ambiguous, without being shown', () => {
    const { faults } = readReturnPathKeys(`a:hunter2 hunter3 ${secret}`);
    expect(faults.join('\n')).toMatch(/key a.*at least 32.*openssl rand/);
    expect(faults.join('\n')).toMatch(/several secrets for key 0/);
    expect(faults.join('\n')).not.toMatch(/hunter|xxx/);
  });
});
