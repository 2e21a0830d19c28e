import { describe, expect, it } from 'vitest';
import { readVerp, unwrapReturnPath } from '../../src/bounce/verp.ts';

describe('unwrapReturnPath', () => {
  it.each([
    ['bounces@example.com', 'bounces@example.com'],
    ['prvs=0123456789=bounces@example.com', 'bounces@example.com'],
    ['btv1==1234abcd==bounces@example.com', 'bounces@example.com'],
    ['msprvs1=17890abcDEF_=bounces-17@example.com', 'bounces-17@example.com'],
    ['SRS0=ab12=XY=example.com=bounces@forwarder.example', 'bounces@example.com'],
    ['srs0+ab12=xy=example.com=bounces+1@forwarder.example', 'bounces+1@example.com'],
    ['SRS1=cd34=forwarder.example==ab12=XY=example.com=bounces@other.example', 'bounces@example.com'],
    ['office+SRS=ab12C=XY=example.com=bounces@forwarder.example', 'bounces@example.com'],
    ['SRS0=ab12=XY=example.com=prvs=0123456789=bounces@forwarder.example', 'bounces@example.com'],
    ['prvs=1=SRS0=ab12=XY=example.com=bounces+anna=example.net@forwarder.example', 'bounces+anna=example.net@example.com'],
    ['', ''],
    ['@', '@'],
  ])('takes what is wrapped around %s away', (address, inner) => {
    expect(unwrapReturnPath(address)).toBe(inner);
  });

  it('ends on wrappings without end', () => {
    const address = `${'prvs=1='.repeat(50_000)}bounces@example.com`;
    expect(unwrapReturnPath(address).length).toBeLessThan(1100);
    expect(unwrapReturnPath(`${'srs0=a+'.repeat(50_000)}@example.com`).length).toBeLessThan(1100);
  });
});

describe('readVerp', () => {
  it.each([
    ['bounces+anna=example.net@example.com', 'anna@example.net'],
    ['bounces+anna+news=example.net@example.com', 'anna+news@example.net'],
    ['anna=example.net@verp.example.com', 'anna@example.net'],
    ['news-bounces+anna.berg=example.net@lists.example.com', 'anna.berg@example.net'],
    ['bounce-17-anna=example.net@example.com', 'anna@example.net'],
    ['bounce-17.a0f3-anna-maria=example.net@example.com', 'anna-maria@example.net'],
    ['bounces+17-a0f3-anna=example.net@example.com', 'anna@example.net'],
    ['list-return-17-anna=example.net@example.com', 'anna@example.net'],
    ['bounce+anna==a==example.net==news@lists.example.com', 'anna@example.net'],
    ['owner-news*anna**example.net@lists.example.com', 'anna@example.net'],
    ['prvs=0123456789=bounces+anna=example.net@example.com', 'anna@example.net'],
    ['SRS0=ab12=XY=example.com=bounces+anna=example.net@forwarder.example', 'anna@example.net'],
    ['bounces+anna=EXAMPLE.net@example.com', 'anna@example.net'],
  ])('reads %s', (address, recipient) => {
    expect(readVerp(address)[0]).toBe(recipient);
  });

  it.each([
    'bounces@example.com',
    'bounces+17@example.com',
    'bounces+id=17@example.com',
    'office+caf_=anna=example.net@example.com',
    'prvs=0123456789=bounces@example.com',
    'SRS0=ab12=XY=example.com=bounces@forwarder.example',
    '=example.net@example.com',
    '',
  ])('reads nobody in %s', (address) => {
    expect(readVerp(address)).toEqual([]);
  });

  it('gives every way to read an address in which several marks stand, in bounds', () => {
    expect(readVerp('bounces-2-anna-maria=example.net@example.com')).toEqual(
      expect.arrayContaining(['anna-maria@example.net', 'maria@example.net']),
    );
    expect(readVerp(`${'a-'.repeat(100_000)}b=example.net@example.com`).length).toBeLessThanOrEqual(20);
  });
});
