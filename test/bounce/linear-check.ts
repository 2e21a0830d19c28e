import { type AST, visitRegExpAST } from '@eslint-community/regexpp';
import { counterOf, oneCharacter } from './linear-steps.ts';

/** Characters tried for what a class or a dot stands for: those on which the parts of a pattern most likely overlap. */
const SAMPLES = [...' \n\t\r-._=*#:;,@<>()[]"\'/+aAzsx0159éя信\u0000'];
/** Characters put behind a run so that nothing matches in the end. */
const ENDS = ['', '\u0001', '\n'];

/** Length of the shortest text. */
const LENGTH = 300;
/** Steps a character that a linear pattern may cost: bounded repeats inside of bounded repeats, and as many alternatives. */
const DEAR = 5000;

/** What is wrong with a pattern: the text of its own making on which it costs more than its length. Null for a linear one. */
export function attackOn(source: string, flags: string): string | null {
  const counter = counterOf(source, flags);
  // What any text costs: as many alternatives as there are, tried once a character.
  const base = counter.steps('\u0001'.repeat(LENGTH), Number.POSITIVE_INFINITY);
  for (const { prefix, pump, end } of attacks(counter.ast, flags)) {
    // At the beginning of the text and behind something else; with the prefix once, and in every turn.
    for (const head of [prefix, `\u0001${prefix}`]) {
      for (const unit of new Set([pump, prefix + pump])) {
        const text = (length: number) => head + unit.repeat(Math.ceil(length / unit.length)) + end;
        const cost = (length: number) => counter.steps(text(length), length * DEAR);
        const once = cost(LENGTH);
        // Twice the length costs a linear pattern twice as much, a quadratic one four times; short bounded repeats lie between.
        if (once < base * 1.3 + LENGTH * 12) continue;
        const much = cost(LENGTH * 8);
        if (much === Number.POSITIVE_INFINITY || much / cost(LENGTH * 4) > 3.2) return JSON.stringify(`${head}${unit}…${end}`);
      }
    }
  }
  return null;
}

interface Attack {
  readonly prefix: string;
  readonly pump: string;
  readonly end: string;
}

/** For each repeat of a pattern: what leads to it, and what it repeats, in several spellings. */
function attacks(pattern: AST.Pattern, flags: string): Attack[] {
  const samples = distinctSamples(pattern, flags);
  const found = new Map<string, Attack>();
  const add = (prefix: string, pump: string) => {
    if (pump === '') return;
    for (const end of ENDS) found.set(JSON.stringify([prefix, pump, end]), { prefix, pump, end });
  };
  const visit = (alternatives: readonly AST.Alternative[], before: string) => {
    for (const { elements } of alternatives) {
      let prefix = before;
      for (const element of elements) {
        if (element.type === 'Quantifier' && element.max >= 10)
          for (const pump of spellings(element.element, flags, samples)) add(prefix, pump);
        const inner = element.type === 'Quantifier' ? element.element : element;
        if ('alternatives' in inner) visit(inner.alternatives, prefix);
        prefix += shortest(element, flags);
      }
    }
  };
  visit(pattern.alternatives, '');
  // The beginning of the pattern, again and again.
  for (const { elements } of pattern.alternatives) {
    let start = '';
    for (const element of elements) {
      start += shortest(element, flags);
      if (start.length > 0 && start.length < 60) add('', start);
    }
  }
  return [...found.values()];
}

/** Of samples that no part of the pattern tells apart, one. */
function distinctSamples(pattern: AST.Pattern, flags: string): string[] {
  const atoms = new Set<string>();
  const add = ({ raw }: AST.Node) => void atoms.add(raw);
  visitRegExpAST(pattern, {
    onCharacterEnter: (node) => {
      if (node.parent.type === 'Alternative' || node.parent.type === 'Quantifier') add(node);
    },
    onCharacterSetEnter: (node) => {
      if (node.parent.type === 'Alternative' || node.parent.type === 'Quantifier') add(node);
    },
    onCharacterClassEnter: add,
  });
  const matchers = [...atoms].map((raw) => oneCharacter(raw, flags));
  const byKind = new Map<string, string>();
  for (const sample of SAMPLES) {
    const kind = matchers.map((matches) => (matches(sample) ? 1 : 0)).join('');
    if (!byKind.has(kind)) byKind.set(kind, sample);
  }
  return [...byKind.values()];
}

const isOne = (element: AST.Element): element is AST.Character | AST.CharacterClass | AST.CharacterSet =>
  element.type === 'Character' || element.type === 'CharacterClass' || element.type === 'CharacterSet';

/** Texts that an element matches: every sample of a class, one of each alternative of a group. */
function spellings(element: AST.Element, flags: string, samples: readonly string[]): string[] {
  if (element.type === 'Character') return [String.fromCodePoint(element.value)];
  if (isOne(element)) return samples.filter(oneCharacter(element.raw, flags));
  if ('alternatives' in element)
    return element.alternatives
      .map(({ elements }) => elements.map((inner) => longer(inner, flags)).join(''))
      .filter((text) => text !== '');
  return [longer(element, flags)];
}

/** A text that an element matches, with each repeat once at least. */
function longer(element: AST.Element, flags: string): string {
  return element.type === 'Quantifier'
    ? shortest(element.element, flags).repeat(Math.max(1, element.min))
    : shortest(element, flags);
}

/** A short text that an element matches. */
function shortest(element: AST.Element, flags: string): string {
  if (element.type === 'Character') return String.fromCodePoint(element.value);
  if (element.type === 'Quantifier') return shortest(element.element, flags).repeat(Math.min(element.min, 100));
  if (isOne(element)) {
    const matches = oneCharacter(element.raw, flags);
    return ['a', '5', ...SAMPLES].find(matches) ?? '';
  }
  if (element.type === 'Group' || element.type === 'CapturingGroup')
    return element.alternatives[0]!.elements.map((inner) => shortest(inner, flags)).join('');
  return '';
}
