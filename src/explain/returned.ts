import { findAddresses, normalizeAddress } from '../bounce/address.ts';
import type { Header } from '../bounce/report.ts';

/** One server on the way of the mail that came back. */
export interface Hop {
  readonly from: string | null;
  readonly by: string | null;
  readonly time: Date | null;
  /** Since the hop before; null where a time is missing. Negative where a clock is wrong. */
  readonly delaySeconds: number | null;
}

/** What the header of the returned mail tells beyond the record. */
export interface ReturnedMail {
  /** The way it took, first hop first. */
  readonly hops: readonly Hop[];
  /** The host that had it last. */
  readonly lastHop: string | null;
  /** Addresses of To and Cc, as written. */
  readonly addressees: readonly string[];
  /** Result of SPF at the last server that checked it: `pass`, `fail`, `softfail`, …; null where none is told. */
  readonly spf: { readonly result: string; readonly line: string } | null;
}

const MAX_HOPS = 50;
const HEADER_READ = 2000;

/** Reads the header of the returned mail, and the report's own table of hops where no Received line came back. */
export function readReturned(header: readonly Header[] | null, reportText: string): ReturnedMail {
  const fields = header ?? [];
  const values = (name: string) => fields.filter((field) => field.name === name).map(({ value }) => value.slice(0, HEADER_READ));
  const received = values('received').slice(0, MAX_HOPS).reverse().map(readReceived);
  const hops = withDelays(received.length > 0 ? received : readHopTable(reportText));
  return {
    hops,
    lastHop: hops.at(-1)?.by ?? hops.at(-1)?.from ?? null,
    addressees: [...values('to'), ...values('cc')].flatMap(findAddresses),
    spf: readSpf(values('received-spf')[0], values('authentication-results')),
  };
}

/** Whether an address is among those the mail was written to. True where none came back: then nothing differs. */
export function isAddressee({ addressees }: ReturnedMail, ...addresses: readonly (string | null)[]): boolean {
  const keys = new Set(addressees.map(normalizeAddress));
  return keys.size === 0 || addresses.some((address) => address !== null && keys.has(normalizeAddress(address)));
}

type Stop = Omit<Hop, 'delaySeconds'>;

/** `from A (…) by B with … ; date` (RFC 5321 §4.4). */
function readReceived(value: string): Stop {
  const host = (word: string) =>
    new RegExp(`(?:^|\\s)${word}\\s+([A-Za-z0-9[][\\w.:[\\]-]{0,254})`, 'i').exec(value)?.[1]?.toLowerCase() ?? null;
  const date = value.slice(value.lastIndexOf(';') + 1).replace(/\([^()]{0,60}\)/g, '');
  return { from: host('from'), by: host('by'), time: value.includes(';') ? readTime(date) : null };
}

function readTime(text: string): Date | null {
  const time = new Date(text.trim());
  return Number.isNaN(time.getTime()) ? null : time;
}

/** The table `Message Hops` of Exchange Online; its cells may be torn over lines. Times are UTC. */
function readHopTable(text: string): Stop[] {
  const at = text.search(/^[ \t]*message hops[ \t]*$/im);
  if (at < 0) return [];
  const table = text
    .slice(at, at + 8000)
    .split(/^[ \t]*original message headers/im)[0]!
    .replace(/\s+/g, ' ');
  const ROW = / (\d{1,2}) (\d{1,2}\/\d{1,2}\/\d{4}) (\d{1,2}:\d{2}:\d{2} ?[AP]M)/g;
  const rows = [...table.matchAll(ROW)].slice(0, MAX_HOPS);
  return rows.map((row, i) => {
    const cells = table.slice(row.index + row[0].length, rows[i + 1]?.index ?? table.length);
    const hosts = cells.match(/(?<![\w.-])[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,10}/g) ?? [];
    return {
      from: hosts.length > 1 ? hosts[0]!.toLowerCase() : null,
      by: (hosts[1] ?? hosts[0])?.toLowerCase() ?? null,
      time: readTime(`${row[2]} ${row[3]} UTC`),
    };
  });
}

function withDelays(stops: readonly Stop[]): Hop[] {
  return stops.map((stop, i) => {
    const before = stops[i - 1]?.time;
    return { ...stop, delaySeconds: stop.time && before ? Math.round((stop.time.getTime() - before.getTime()) / 1000) : null };
  });
}

/** Received-SPF (RFC 7208 §9.1), else `spf=` of Authentication-Results (RFC 8601). */
function readSpf(received: string | undefined, results: readonly string[]): ReturnedMail['spf'] {
  const own = /^\s*(pass|fail|softfail|neutral|none|temperror|permerror)\b/i.exec(received ?? '')?.[1];
  if (own && received) return { result: own.toLowerCase(), line: received };
  for (const line of results) {
    const result = /\bspf=(pass|fail|softfail|neutral|none|temperror|permerror)\b/i.exec(line)?.[1];
    if (result) return { result: result.toLowerCase(), line };
  }
  return null;
}
