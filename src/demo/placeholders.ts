/** `{{date}}`, `{{date -2h}}`, `{{date -3m +0900}}`; likewise `epoch`, `compact`, `us`. */
const PLACEHOLDER = /\{\{(date|epoch|compact|us)(?: ([+-]\d+)([smhd]))?(?: ([+-]\d{4}))?\}\}/g;

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Fills in the times of a sample mail, counted from its arrival. The bytes in between stay as they are: samples come in
 * many charsets.
 *
 * - `date`: RFC 5322 §3.3, in UTC or the zone named
 * - `epoch`: seconds since 1970
 * - `compact`: `20261124083015`
 * - `us`: `11/24/2026 8:30:15 AM`, as Microsoft's reports write it
 */
export function fillPlaceholders(template: Buffer, arrivedAt: Date): Buffer {
  const filled = template
    .toString('latin1')
    .replace(PLACEHOLDER, (_, form: string, amount?: string, unit?: string, zone?: string) => {
      const offset = amount === undefined ? 0 : Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
      return FORMS[form as keyof typeof FORMS](new Date(arrivedAt.getTime() + offset), zone ?? '+0000');
    });
  return Buffer.from(filled, 'latin1');
}

const FORMS = {
  date: rfc5322Date,
  epoch: (time: Date) => `${Math.floor(time.getTime() / 1000)}`,
  compact: (time: Date) => time.toISOString().replace(/\D/g, '').slice(0, 14),
  us: (time: Date) => time.toLocaleString('en-US', { timeZone: 'UTC' }).replace(/,|\u202f/g, (c) => (c === ',' ? '' : ' ')),
} as const;

/** `Tue, 24 Nov 2026 08:30:15 +0000` */
export function rfc5322Date(time: Date, zone = '+0000'): string {
  const sign = zone.startsWith('-') ? -1 : 1;
  const minutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  return new Date(time.getTime() + minutes * 60_000).toUTCString().replace('GMT', zone);
}
