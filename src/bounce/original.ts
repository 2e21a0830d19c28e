import { cleanAddress } from './address.ts';
import { readAuthentication } from './authentication.ts';
import type { Material } from './material.ts';
import type { Header, OriginalMail } from './report.ts';
import { CAMPAIGN_HEADERS, type CampaignHeader } from './tables/campaign-headers.ts';
import { readVerp } from './verp.ts';

/** A line of RFC 5322 §2.1.1; what is longer is cut. */
const MAX_VALUE = 998;
const MAX_JSON = 8000;

const NAMES: ReadonlySet<string> = new Set(CAMPAIGN_HEADERS.map((row) => row.name));

/** What the returned mail tells of itself. */
export function readOriginal({ returned }: Material): OriginalMail {
  const headers = returned ?? [];
  const get = (name: string) => clean(headers.find((header) => header.name === name)?.value ?? '');
  const returnPath = get('return-path');
  const address = returnPath === null ? null : cleanAddress(returnPath);
  return {
    messageId: get('message-id'),
    from: get('from'),
    to: get('to'),
    subject: get('subject'),
    date: get('date'),
    listId: get('list-id'),
    listUnsubscribe: get('list-unsubscribe'),
    feedbackId: get('feedback-id'),
    campaign: readCampaign(headers),
    returnPath: address,
    verpRecipient: address === null ? null : (readVerp(address)[0] ?? null),
    authentication: readAuthentication(headers),
  };
}

/** In one line, without control characters, bounded; null for nothing. */
function clean(text: string): string | null {
  // Most values are plain: the cheap look goes first.
  if (text.length <= MAX_VALUE && !/[^ -~]/.test(text)) return text.trim() || null;
  const line = text
    .slice(0, 2 * MAX_VALUE)
    .replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ')
    .trim()
    .slice(0, MAX_VALUE)
    .toWellFormed();
  return line === '' ? null : line;
}

function readCampaign(headers: readonly Header[]): string | null {
  const found = headers.filter((header) => NAMES.has(header.name));
  if (found.length === 0) return null;
  for (const row of CAMPAIGN_HEADERS) {
    const header = found.find((one) => one.name === row.name);
    const campaign = header === undefined ? null : clean(campaignIn(header.value, row.read) ?? '');
    if (campaign !== null) return campaign;
  }
  return null;
}

function campaignIn(value: string, read: CampaignHeader['read']): string | null {
  switch (read.how) {
    case 'value':
      return value;
    case 'match':
      return read.pattern.exec(value.slice(0, MAX_VALUE).trim())?.[1] ?? null;
    case 'pair': {
      const pairs = value
        .slice(0, MAX_VALUE)
        .split(/[,;]/)
        .map((pair) => pair.split('='));
      return pairs.find(([name, text]) => text !== undefined && read.keys.includes(name!.trim()))?.[1] ?? null;
    }
    case 'json':
      return member(value, read.keys);
  }
}

/** A text or a number, alone or first of a list. */
function member(json: string, keys: readonly string[]): string | null {
  if (json.length > MAX_JSON) return null;
  let object: unknown;
  try {
    object = JSON.parse(json);
  } catch {
    return null; // cut or mangled on its way
  }
  if (typeof object !== 'object' || object === null) return null;
  for (const key of keys) {
    if (!Object.hasOwn(object, key)) continue;
    const found: unknown = (object as Record<string, unknown>)[key];
    const one: unknown = Array.isArray(found) ? found[0] : found;
    if (typeof one === 'string' || typeof one === 'number') return String(one);
  }
  return null;
}
