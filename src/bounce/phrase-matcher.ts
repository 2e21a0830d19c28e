import { type Sentences, sentencesOf } from './sentences.ts';

/**
 * Finds which of many phrases occur in a text, in one pass over it (Aho and Corasick, 1975), so that a thousand phrases cost
 * no more than ten. The text is in lower case, and so are the phrases:
 *
 *     mailbox is full        these words; they begin at the beginning of a word and end anywhere
 *     rbl|                   the bar demands the end of a word
 *     mailbox * full         up to GAP characters between, within one sentence
 *     <person> unknown       any word of the lexicon's entry; what stands directly beside it may be parted from it by signs, not by words
 *     <person> & <unknown>   both in one sentence, in either order, up to GAP characters apart
 */
export interface PhraseMatcher {
  /** Every occurrence of a phrase, ordered by place, those at one place in the order of the phrases. */
  find(text: string): readonly Occurrence[];
}

export interface Occurrence {
  /** The phrase, by its index in the order given. */
  readonly phrase: number;
  /** Where it begins, and the place behind its end. */
  readonly at: number;
  readonly end: number;
  /** Characters between its pieces: 0 where they stand together. */
  readonly spread: number;
  /** The sentence it stands in, counted from 0. */
  readonly sentence: number;
}

/** Words that stand for one another, by the name under which phrases call them. */
export type Lexicon = Readonly<Record<string, readonly string[]>>;

/** The most characters that `*` and `&` may bridge: about a long address, less than a sentence. */
const GAP = 60;
/** The most signs between a word of the lexicon and its neighbour: an address is blanked to signs. */
const SIGNS = 100;
/** Occurrences of one phrase that are told, and of one piece that are looked at: more is a text made to hurt. */
const MAX_TOLD = 8;
const MAX_PIECES = 200;

const ONE_SENTENCE: Sentences = { indexOf: () => 0 };

interface Span {
  readonly at: number;
  readonly end: number;
  readonly spread: number;
}

type Join = 'gap' | 'beside';

/** Pieces one after the other; `joins[i]` is what may stand between piece i and piece i + 1. */
interface Sequence {
  readonly phrase: number;
  readonly pieces: readonly number[];
  readonly joins: readonly Join[];
}

export interface MatcherOptions {
  readonly lexicon?: Lexicon;
  /** `*` and `&` bridge the end of a sentence, too. */
  readonly acrossSentences?: boolean;
}

/** Builds the automaton once for all texts. */
export function phraseMatcher(
  phrases: readonly string[],
  { lexicon = {}, acrossSentences = false }: MatcherOptions = {},
): PhraseMatcher {
  const table = pieceTable(lexicon);
  const sequences = phrases.flatMap((phrase, index) => readPhrase(phrase).map((parts) => sequenceOf(index, parts, table.idOf)));
  const byLast = byLastPiece(sequences, table.size());
  const search = automaton(table.words, table.size());

  return {
    find(text) {
      const { spans, pieces } = search(text);
      if (pieces.length === 0) return [];
      const sentences = acrossSentences ? ONE_SENTENCE : sentencesOf(text);
      const told: Occurrence[] = [];
      for (const piece of pieces) {
        const { firsts, ending } = byLast[piece]!;
        for (let i = 0; i < firsts.length; i++) {
          if (spans[firsts[i]!] === undefined) continue;
          const sequence = ending[i]!;
          for (const { at, end, spread } of chain(sequence, spans, text, sentences))
            told.push({ phrase: sequence.phrase, at, end, spread, sentence: sentences.indexOf(at) });
        }
      }
      return told.sort((a, b) => a.at - b.at || a.phrase - b.phrase);
    },
  };
}

/** Sequences by their last piece. Most of them fail by their first, which is looked up beside them. */
function byLastPiece(sequences: readonly Sequence[], pieceCount: number) {
  const all: Sequence[][] = Array.from({ length: pieceCount }, () => []);
  for (const sequence of sequences) all[sequence.pieces.at(-1)!]!.push(sequence);
  return all.map((ending) => ({ ending, firsts: Uint16Array.from(ending, ({ pieces }) => pieces[0]!) }));
}

/** One part of a phrase: plain words, or a name of the lexicon. */
interface Part {
  readonly text: string;
  readonly isName: boolean;
  readonly join: Join;
}

/** The orders in which the parts of a phrase may stand. */
function readPhrase(phrase: string): Part[][] {
  const sides = phrase.split(' & ').map((side) => readSide(side, phrase));
  if (sides.length === 1) return [sides[0]!];
  if (sides.length > 2) throw new Error(`Phrase "${phrase}" has more than one "&"`);
  const [left, right] = sides as [Part[], Part[]];
  const bridged = (first: Part[], second: Part[]): Part[] => [
    ...first.slice(0, -1),
    { ...first.at(-1)!, join: 'gap' },
    ...second,
  ];
  return [bridged(left, right), bridged(right, left)];
}

function readSide(side: string, phrase: string): Part[] {
  const parts: Part[] = [];
  for (const [token] of side.matchAll(
    /<[a-z-]{1,40}>|(?<![^\s])@(?![^\s])|\*|(?:[^<*@]|<(?![a-z-]{1,40}>)|(?<=\S)@|@(?=\S)){1,200}/g,
  )) {
    if (token === '*') {
      const last = parts.pop();
      if (last === undefined) throw new Error(`Phrase "${phrase}" begins with a gap`);
      parts.push({ ...last, join: 'gap' });
    } else if (token.trim() !== '') {
      const isName = token.startsWith('<') && token.endsWith('>');
      parts.push({ text: isName ? token.slice(1, -1) : token.trim(), isName, join: 'beside' });
    }
  }
  if (parts.length === 0 || side.trim().endsWith('*'))
    throw new Error(`Phrase "${phrase}" must be lower case, without empty pieces`);
  return parts;
}

function sequenceOf(phrase: number, parts: readonly Part[], idOf: (part: Part, first: boolean) => number): Sequence {
  return {
    phrase,
    pieces: parts.map((part, i) => idOf(part, i === 0)),
    joins: parts.slice(0, -1).map(({ join }) => join),
  };
}

/** Words of the automaton, each with the pieces that it is one of. */
interface Word {
  readonly text: string;
  readonly startsWord: boolean;
  readonly endsWord: boolean;
  readonly pieces: number[];
}

function pieceTable(lexicon: Lexicon) {
  const ids = new Map<string, number>();
  const words = new Map<string, Word>();
  const addWord = (written: string, startsWord: boolean, piece: number) => {
    const endsWord = written.endsWith('|');
    const text = endsWord ? written.slice(0, -1) : written;
    if (text === '' || text !== text.toLowerCase()) throw new Error(`"${written}" must be lower case, without empty pieces`);
    const key = `${startsWord && isWord(text.charCodeAt(0))}${endsWord}${text}`;
    const known = words.get(key);
    if (known) known.pieces.push(piece);
    else words.set(key, { text, startsWord: startsWord && isWord(text.charCodeAt(0)), endsWord, pieces: [piece] });
  };
  return {
    get words() {
      return [...words.values()];
    },
    size: () => ids.size,
    idOf({ text, isName }: Part, first: boolean): number {
      // Only the first piece of a phrase has to begin a word; those of the lexicon always do.
      const key = isName ? `<${text}>` : `${first}${text}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = ids.size;
      ids.set(key, id);
      if (!isName) addWord(text, first, id);
      else {
        if (!lexicon[text]) throw new Error(`The lexicon has no entry "${text}"`);
        for (const word of lexicon[text]) addWord(word, true, id);
      }
      return id;
    },
  };
}

/** What was found: where each piece stands, by its number, and the numbers of those that stand anywhere. */
interface Found {
  readonly spans: readonly (readonly Span[] | undefined)[];
  readonly pieces: readonly number[];
}

/** Where a sequence stands; spans that begin at one place are told once, by the shortest. */
function chain({ pieces, joins }: Sequence, found: Found['spans'], text: string, sentences: Sentences): readonly Span[] {
  let reached: readonly Span[] = found[pieces[0]!]!;
  for (let i = 0; i < joins.length; i++) {
    const next = found[pieces[i + 1]!];
    if (next === undefined || reached.length === 0) return NO_SPANS;
    reached = joins[i] === 'gap' ? bridged(reached, next, sentences) : beside(reached, next, text);
  }
  return reached.length > MAX_TOLD ? reached.slice(0, MAX_TOLD) : reached;
}

const NO_SPANS: readonly Span[] = [];

/** Spans from each of `before` to the next of `after` that begins within the gap, in one sentence. Both are ordered by place. */
function bridged(before: readonly Span[], after: readonly Span[], sentences: Sentences): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const first of before) {
    while (from < after.length && after[from]!.at < first.end) from++;
    const second = after[from];
    if (second && second.at - first.end <= GAP && sentences.indexOf(first.at) === sentences.indexOf(second.at))
      spans.push(joined(first, second));
  }
  return spans;
}

function joined(first: Span, second: Span): Span {
  return { at: first.at, end: second.end, spread: first.spread + second.spread + second.at - first.end };
}

/** The same with nothing but blanks and signs between. */
function beside(before: readonly Span[], after: readonly Span[], text: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const first of before) {
    while (from < after.length && after[from]!.at < first.end) from++;
    const second = after[from];
    if (second && second.at - first.end <= SIGNS && !/[\p{L}\p{N}]/u.test(text.slice(first.end, second.at)))
      spans.push(joined(first, second));
  }
  return spans;
}

/** Letters and figures of ASCII; and `@`, with which addresses are blanked. */
function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 64;
}

/**
 * The automaton: a trie of all words, its edges in one hash table, and for each node the node of the longest proper suffix of
 * its text that the trie holds. Where a sign of ASCII leads from each node is looked up in one table; all scripts in it would
 * make it a thousand times larger, and it is small for the processor's caches.
 */
function automaton(words: readonly Word[], pieceCount: number): (text: string) => Found {
  const size = words.reduce((sum, { text }) => sum + text.length, 1);
  const edges = edgeTable(size);
  const outputs: Word[][] = [[]];
  const parents = new Int32Array(size);
  const letters = new Uint16Array(size);
  const depths = new Uint16Array(size);
  for (const word of words) {
    let node = 0;
    for (let i = 0; i < word.text.length; i++) {
      const letter = word.text.charCodeAt(i);
      let child = edges.get(node, letter);
      if (child === 0) {
        child = outputs.push([]) - 1;
        edges.set(node, letter, child);
        parents[child] = node;
        letters[child] = letter;
        depths[child] = i + 1;
      }
      node = child;
    }
    outputs[node]!.push(word);
  }

  const failure = new Int32Array(outputs.length);
  const step = (from: number, letter: number): number => {
    for (let node = from; ; node = failure[node]!) {
      const child = edges.get(node, letter);
      if (child !== 0 || node === 0) return child;
    }
  };
  // The shorter first: the suffix of a node is shorter than the node.
  const nodes = Array.from(outputs.keys()).sort((a, b) => depths[a]! - depths[b]!);
  for (const node of nodes) {
    if (depths[node]! < 2) continue;
    failure[node] = step(failure[parents[node]!]!, letters[node]!);
    outputs[node]!.push(...outputs[failure[node]!]!);
  }
  const table = stepTable(nodes, parents, letters, failure);
  const { first, lengths, starts, ends, firstPiece, pieceIds } = packed(table.order.map((node) => outputs[node]!));

  return (text) => {
    const spans: (Span[] | undefined)[] = new Array(pieceCount);
    const found: number[] = [];
    const { steps, width, columns, rowCount, order, places } = table;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const letter = text.charCodeAt(i);
      state = state < rowCount && letter < 128 ? steps[state * width + columns[letter]!]! : places[step(order[state]!, letter)]!;
      for (let word = first[state]!; word < first[state + 1]!; word++) {
        const at = i + 1 - lengths[word]!;
        if (starts[word] === 1 && at > 0 && isWord(text.charCodeAt(at - 1))) continue;
        if (ends[word] === 1 && i + 1 < text.length && isWord(text.charCodeAt(i + 1))) continue;
        const span: Span = { at, end: i + 1, spread: 0 };
        for (let p = firstPiece[word]!; p < firstPiece[word + 1]!; p++) {
          const piece = pieceIds[p]!;
          const known = spans[piece];
          if (known === undefined) {
            spans[piece] = [span];
            found.push(piece);
          } else if (known.length < MAX_PIECES) insert(known, span);
        }
      }
    }
    return { spans, pieces: found };
  };
}

/**
 * The words that end in each state, one list behind the other: those of state s are `first[s]` to `first[s + 1]`, and so are the pieces
 * of a word. Texts reach few states, and these lie together; a tree of objects would be all over the memory.
 */
function packed(byState: readonly (readonly Word[])[]) {
  const words = byState.flat();
  const first = new Uint32Array(byState.length + 1);
  for (const [state, ended] of byState.entries()) first[state + 1] = first[state]! + ended.length;
  const firstPiece = new Uint32Array(words.length + 1);
  for (const [word, { pieces }] of words.entries()) firstPiece[word + 1] = firstPiece[word]! + pieces.length;
  return {
    first,
    lengths: Uint16Array.from(words, ({ text }) => text.length),
    starts: Uint8Array.from(words, ({ startsWord }) => Number(startsWord)),
    ends: Uint8Array.from(words, ({ endsWord }) => Number(endsWord)),
    firstPiece,
    pieceIds: Uint16Array.from(words.flatMap(({ pieces }) => pieces)),
  };
}

/** Words end in order, and those of one piece may begin in another order; the longer of two that begin at one place is kept. */
function insert(spans: Span[], span: Span): void {
  let i = spans.length;
  while (i > 0 && spans[i - 1]!.at > span.at) i--;
  if (i > 0 && spans[i - 1]!.at === span.at) spans[i - 1] = span;
  else spans.splice(i, 0, span);
}

/**
 * The nodes in a new order, as states: first those that signs of ASCII lead to, the shallow ones in front, since texts hardly leave
 * these and they then lie together; each of them has a row that says where each sign leads. `columns` is the place of a sign in a row:
 * all that stand in no word share the first, which leads to the root. A row is that of the node's longest suffix, with the node's own
 * children in their places. `order` gives the node of a state, `places` the state of a node.
 */
function stepTable(nodes: readonly number[], parents: Int32Array, letters: Uint16Array, failure: Int32Array) {
  const isRow = new Uint8Array(nodes.length);
  const columns = new Uint8Array(128);
  let width = 1;
  const own: number[] = [];
  const others: number[] = [];
  for (const node of nodes) {
    const letter = letters[node]!;
    if (node !== 0 && (letter >= 128 || isRow[parents[node]!] === 0)) {
      others.push(node);
      continue;
    }
    if (node !== 0 && columns[letter] === 0) columns[letter] = width++;
    isRow[node] = 1;
    own.push(node);
  }
  const order = [...own, ...others];
  const places = new Int32Array(nodes.length);
  for (const [place, node] of order.entries()) places[node] = place;

  const steps = nodes.length < 65_536 ? new Uint16Array(own.length * width) : new Uint32Array(own.length * width);
  const firstChild = new Int32Array(nodes.length).fill(-1);
  const nextChild = new Int32Array(nodes.length).fill(-1);
  for (const node of own) {
    if (node === 0) continue;
    nextChild[node] = firstChild[parents[node]!]!;
    firstChild[parents[node]!] = node;
  }
  for (const [state, node] of own.entries()) {
    const row = state * width;
    const suffix = places[failure[node]!]! * width;
    if (node !== 0) steps.copyWithin(row, suffix, suffix + width);
    for (let child = firstChild[node]!; child !== -1; child = nextChild[child]!)
      steps[row + columns[letters[child]!]!] = places[child]!;
  }
  return { steps, width, columns, rowCount: own.length, order, places };
}

interface EdgeTable {
  /** The node that a letter leads to, 0 for none (no edge leads to the root). */
  get(node: number, letter: number): number;
  set(node: number, letter: number, child: number): void;
}

/** A hash table with open addressing, at most half full. */
function edgeTable(edges: number): EdgeTable {
  const slots = 2 ** Math.ceil(Math.log2(edges * 2 + 2));
  const mask = slots - 1;
  const from = new Int32Array(slots).fill(-1);
  const by = new Uint16Array(slots);
  const to = new Int32Array(slots);
  const slotOf = (node: number, letter: number): number => {
    let slot = (Math.imul(node, 0x9e3779b1) ^ Math.imul(letter, 0x85ebca6b)) & mask;
    while (from[slot] !== -1 && (from[slot] !== node || by[slot] !== letter)) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    get: (node, letter) => to[slotOf(node, letter)]!,
    set(node, letter, child) {
      const slot = slotOf(node, letter);
      from[slot] = node;
      by[slot] = letter;
      to[slot] = child;
    },
  };
}
