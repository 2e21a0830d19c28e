const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  rsquo: '’',
  lsquo: '‘',
  ldquo: '“',
  rdquo: '”',
  ndash: '–',
  mdash: '—',
};

/** HTML longer than this says nothing that the beginning does not. */
const MAX_HTML = 128 * 1024;

/** What nobody sees: words of a template, of trackers. */
const HIDDEN = /\sstyle\s{0,4}=[^>]{0,200}display\s{0,4}:\s{0,4}none/i;

const BLOCK = /^(?:\/?(?:p|div|tr|table|h[1-6]|li|ul|ol|pre|blockquote|section|header|footer|title|body|dt|dd)|br|hr)$/;

/** The words of an HTML text: blocks and breaks become line ends, cells a tab, scripts, styles and comments vanish. One pass, no parser. */
export function htmlToText(html: string): string {
  const source = html.slice(0, MAX_HTML);
  const lower = source.toLowerCase();
  const unclosed = new Set<string>(['img', 'br', 'hr', 'input', 'wbr']);
  let out = '';
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    if (open < 0) {
      out += source.slice(at).replace(/\s+/g, ' ');
      break;
    }
    out += source.slice(at, open).replace(/\s+/g, ' ');
    if (source.startsWith('<!--', open)) {
      const end = source.indexOf('-->', open + 4);
      at = end < 0 ? source.length : end + 3;
      continue;
    }
    const tag = /^\/?[A-Za-z][A-Za-z0-9]{0,15}/.exec(source.slice(open + 1, open + 18))?.[0].toLowerCase();
    if (tag === undefined) {
      // `<user@example.com>` written into HTML without escaping, or a lone sign
      out += '<';
      at = open + 1;
      continue;
    }
    if (tag === 'script' || tag === 'style' || tag === 'head') {
      const end = lower.indexOf(`</${tag}`, open);
      at = end < 0 ? source.length : end;
      if (end >= 0) at = Math.max(source.indexOf('>', end) + 1, end + 2);
      continue;
    }
    const close = source.indexOf('>', open);
    const inner = source.slice(open + 1, close < 0 ? undefined : close);
    if (close >= 0 && !unclosed.has(tag) && HIDDEN.test(inner.slice(0, 1000))) {
      const end = lower.indexOf(`</${tag}`, close);
      // Images and the like have no end: only they are hidden. Nor will one come further on.
      if (end < 0) unclosed.add(tag);
      at = end < 0 ? close + 1 : end;
      continue;
    }
    if (inner.includes('@') && !inner.includes('=')) out += `<${inner}>`;
    else if (BLOCK.test(tag)) out += '\n';
    else if (tag === '/td' || tag === '/th') out += '\t';
    at = close < 0 ? source.length : close + 1;
  }
  return decodeEntities(out)
    .replace(/[ \u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const point = Number.parseInt(decimal ?? hex!, decimal === undefined ? 16 : 10);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
