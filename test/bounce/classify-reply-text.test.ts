import { describe, expect, it } from 'vitest';
import { normalizeReply } from '../../src/bounce/reply-text.ts';

describe('normalizeReply', () => {
  it('makes answers equal that differ only in whom, when and where', () => {
    const one = normalizeReply(
      '550 5.1.1 <anna@example.com>: unknown at mx1.example.com [192.0.2.1] 2026-03-04T05:06:07Z id 4bXq7z0Kt2 (1700000000)',
    );
    const two = normalizeReply(
      '550 5.1.1 <bert@example.org>: unknown at mx9.example.org [198.51.100.7] 2026-04-01T00:00:00Z id 9aYw3m1Ls8 (1800000001)',
    );
    expect(one).toBe(two);
    expect(one).toBe('550 5.1.1 ADDRESS: unknown at HOST IP TIME id ID (N)');
  });

  it('keeps what tells causes apart', () => {
    expect(normalizeReply('550 5.1.1 refused')).not.toBe(normalizeReply('550 5.7.1 refused'));
    expect(normalizeReply('421 4.7.0 [TSS04] deferred')).toBe('421 4.7.0 [TSS04] deferred');
  });

  it('makes one line of a reply of several', () => {
    expect(normalizeReply('550-5.7.26 Not authenticated.\n550 5.7.26 See https://example.com/a?b=1')).toBe(
      '550 5.7.26 Not authenticated. See URL',
    );
  });

  it('takes out IPv6 addresses', () => {
    expect(normalizeReply('550 5.7.1 [2001:db8::25] blocked')).toBe('550 5.7.1 IP blocked');
  });

  it('is bounded', () => {
    expect(normalizeReply(`550 ${'word '.repeat(10_000)}`)?.length).toBeLessThanOrEqual(240);
  });

  it('is null where nothing was answered', () => {
    expect(normalizeReply(null)).toBeNull();
    expect(normalizeReply('  ')).toBeNull();
  });
});
