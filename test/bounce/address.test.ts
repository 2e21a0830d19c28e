import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanAddress, decodeXtext, domainOf, findAddresses, normalizeAddress } from '../../src/bounce/address.ts';

describe('cleanAddress', () => {
  it.each([
    ['rfc822; anna@example.net', 'anna@example.net'],
    ['RFC822;<anna@example.net>', 'anna@example.net'],
    ['anna@EXAMPLE.net', 'anna@example.net'],
    ['Anna.Smith@example.net', 'Anna.Smith@example.net'],
    ['"Smith, Anna" <anna@example.net>', 'anna@example.net'],
    ['Anna Smith (anna@example.net)<mailto:anna@example.net>', 'anna@example.net'],
    ['<mailto:anna@example.net>', 'anna@example.net'],
    ['@relay.example.com,@mx.example.org:anna@example.net', 'anna@example.net'],
    ['anna@example.net.', 'anna@example.net'],
    ['"john doe"@example.net', '"john doe"@example.net'],
    ['anna@[192.0.2.7]', 'anna@[192.0.2.7]'],
    ['anna+news@example.net', 'anna+news@example.net'],
    ['jürgen@münchen.example', 'jürgen@münchen.example'],
    ['anna+40example.net', 'anna@example.net'],
    ["rfc822; jim.o'neil@example.net", "jim.o'neil@example.net"],
    ["'jim.o'neil@example.net'", "jim.o'neil@example.net"],
    ["'anna@example.net'", 'anna@example.net'],
    ['\u202banna@example.net\u202c', 'anna@example.net'],
    ['utf-8; an\u202ena@exam\u200bple.net', 'anna@example.net'],
    ['\u0646\u200c\u0627@example.net', '\u0646\u200c\u0627@example.net'],
  ])('reads %s', (text, address) => {
    expect(cleanAddress(text)).toBe(address);
  });

  it.each([
    '',
    'anna',
    '@example.net',
    'anna@',
    '/var/mail/anna',
    '|/usr/bin/vacation',
    'IMCEAEX-_O=EXAMPLE_OU=X@example.net',
    '/o=Example/ou=Exchange/cn=anna',
  ])('finds no address on a list in %s', (text) => {
    expect(cleanAddress(text)).toBeNull();
  });
});

describe('findAddresses', () => {
  it('takes each address once, in order, without what surrounds it', () => {
    expect(findAddresses('<a@example.net>, "b@example.com"; (c@example.org). a@example.net <mailto:b@example.com>')).toEqual([
      'a@example.net',
      'b@example.com',
      'c@example.org',
    ]);
  });

  it.each([
    ["o'neil@example.net has", ["o'neil@example.net"]],
    ["o'neil@example.net's mailbox", ["o'neil@example.net"]],
    ['\u200fanna@example.net\u200f, ben@exam\u00adple.net', ['anna@example.net', 'ben@example.net']],
    ["'o'neil@example.net' and 'anna@example.net'", ["o'neil@example.net", 'anna@example.net']],
    ["`anna@example.net'", ['anna@example.net']],
    ["user'anna@example.net', x='ben@example.net'", ['anna@example.net', 'ben@example.net']],
  ])('tells what is of the address from what is not: %s', (text, addresses) => {
    expect(findAddresses(text)).toEqual(addresses);
  });

  it.each(['a.', "a'", "a'b'@"])('takes time in proportion to the text: %s', (piece) => {
    const cost = (length: number) => {
      const text = piece.repeat(length / piece.length);
      const started = performance.now();
      findAddresses(text);
      return performance.now() - started;
    };
    cost(10_000);
    expect(cost(200_000)).toBeLessThan(500);
  });
});

it('undoes xtext of RFC 3461 and the utf-8 form of RFC 6533', () => {
  expect(decodeXtext('anna+2Bnews+40example.net')).toBe('anna+news@example.net');
  expect(decodeXtext('j\\x{FC}rgen@example.net')).toBe('jürgen@example.net');
});

describe('normalizeAddress', () => {
  it('makes every way of writing an address meet', () => {
    expect(normalizeAddress(' Anna@EXAMPLE.Net. ')).toBe('anna@example.net');
    expect(normalizeAddress('a@münchen.example')).toBe(normalizeAddress('A@xn--mnchen-3ya.example'));
  });

  it('is its own normal form, whatever it is given', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const once = normalizeAddress(`${text}@Example.NET`);
        expect(normalizeAddress(once)).toBe(once);
      }),
    );
  });
});

it('gives the domain of an address, or none', () => {
  expect(domainOf('"a@b"@Example.net')).toBe('example.net');
  expect(domainOf('anna')).toBeNull();
});
