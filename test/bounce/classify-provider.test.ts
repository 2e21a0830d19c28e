import { describe, expect, it } from 'vitest';
import { providerOf } from '../../src/bounce/provider.ts';

const nobody = { remoteMta: null, domain: null, text: '' };

describe('providerOf', () => {
  it.each([
    ['gmail-smtp-in.l.google.com', 'google'],
    ['example-com.mail.protection.outlook.com', 'microsoft'],
    ['mta7.am0.yahoodns.net', 'yahoo'],
    ['mx01.mail.icloud.com', 'apple'],
    ['mx2h1.comcast.net', 'comcast'],
    ['mx-ha.gmx.net.', 'gmx'],
    ['MX.YANDEX.RU', 'yandex'],
    ['route1.mx.cloudflare.net', 'cloudflare'],
    ['smtp.mailchannels.net', 'mailchannels'],
    ['smtpin.mx.facebook.com', 'facebook'],
    ['mx.example.com', 'other'],
    ['notgoogle.com', 'other'],
  ])('knows the host %s as %s', (remoteMta, provider) => {
    expect(providerOf({ ...nobody, remoteMta })).toBe(provider);
  });

  it('lets the host that refused go before the domain, which may be a customer’s own', () => {
    expect(providerOf({ remoteMta: 'mx1.example-com.pphosted.com', domain: 'gmail.com', text: '' })).toBe('proofpoint');
    expect(providerOf({ ...nobody, domain: 'gmail.com' })).toBe('google');
  });

  it('knows Google by the end of its replies', () => {
    expect(providerOf({ ...nobody, domain: 'example.com', text: '550 5.1.1 no such user x1si2y.3 - gsmtp' })).toBe('google');
  });

  it('says other where nothing is known', () => {
    expect(providerOf(nobody)).toBe('other');
    expect(providerOf({ remoteMta: '.'.repeat(5000), domain: '', text: '' })).toBe('other');
  });
});
