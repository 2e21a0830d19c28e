import type { Header } from './report.ts';

/** Results of RFC 8601 §2.7. */
export const AUTHENTICATION_RESULTS = [
  'none',
  'pass',
  'fail',
  'softfail',
  'neutral',
  'policy',
  'temperror',
  'permerror',
] as const;
export type AuthenticationResult = (typeof AUTHENTICATION_RESULTS)[number];

/** How the receiver of the returned mail judged its sender. Whoever writes a report can write this, too. */
export interface Authentication {
  readonly spf: AuthenticationResult | null;
  readonly dkim: AuthenticationResult | null;
  readonly dmarc: AuthenticationResult | null;
}

/** A header longer than this is cut; fields beyond these are not read. */
const MAX_VALUE = 4000;
const MAX_FIELDS = 10;

const SPF = /(?:^|[;\s])spf\s?=\s?([a-z]{1,14})/gi;
const DKIM = /(?:^|[;\s])dkim\s?=\s?([a-z]{1,14})/gi;
const DMARC = /(?:^|[;\s])dmarc\s?=\s?([a-z]{1,14})/gi;

/**
 * The results in a header: Authentication-Results (RFC 8601), then those of ARC (RFC 8617), for SPF also Received-SPF (RFC 7208 §9.1). The
 * topmost field that has a method counts; of several signatures one that holds is enough. Null where there is none.
 */
export function readAuthentication(headers: readonly Header[]): Authentication | null {
  const all = (name: string) =>
    headers
      .filter((header) => header.name === name)
      .slice(0, MAX_FIELDS)
      .map((header) => withoutComments(header.value.slice(0, MAX_VALUE)));
  const fields = [...all('authentication-results'), ...all('arc-authentication-results')];
  const result = (method: RegExp): AuthenticationResult | null => {
    for (const field of fields) {
      const found = [...field.matchAll(method)].map((one) => known(one[1]!));
      if (found.length > 0) return found.includes('pass') ? 'pass' : (found.find((one) => one !== null) ?? null);
    }
    return null;
  };
  const receivedSpf = all('received-spf').map((field) => known(/^\s*([a-z]{1,14})/i.exec(field)?.[1] ?? ''))[0] ?? null;
  const authentication = { spf: result(SPF) ?? receivedSpf, dkim: result(DKIM), dmarc: result(DMARC) };
  return Object.values(authentication).some((one) => one !== null) ? authentication : null;
}

const withoutComments = (text: string) => text.replace(/\([^()]{0,1000}\)/g, ' ');

function known(word: string): AuthenticationResult | null {
  const lower = word.toLowerCase();
  // RFC 7601 and before; Microsoft writes `hardfail` and `bestguesspass`.
  const renamed = lower === 'hardfail' ? 'fail' : lower === 'bestguesspass' ? 'none' : lower;
  return AUTHENTICATION_RESULTS.find((one) => one === renamed) ?? null;
}
