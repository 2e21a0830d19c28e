/**
 * Finds which of many phrases occur in a text, in one pass over it (Aho and Corasick, 1975), so that a thousand phrases cost
 * no more than ten. A phrase is plain text in lower case; `*` stands for up to GAP characters. It begins at the beginning of
 * a word, and ends anywhere, unless `|` demands the end of a word.
 */
export interface PhraseMatcher {
  /** Every phrase that occurs in the text, by its index, in the order given; and where it begins first. */
  find(text: string): readonly Occurrence[];
}

export interface Occurrence {
  readonly phrase: number;
  readonly at: number;
}

/** The most characters that `*` may stand for: about a long address, less than a sentence. */
const GAP = 60;

/** Where a piece of text was found. */
interface Found {
  readonly starts: number[];
  readonly ends: number[];
}

interface Piece {
  readonly text: string;
  readonly endsWord: boolean;
  /** Only the first piece of a phrase has to begin a word. */
  readonly startsWord: boolean;
}

/** Builds the automaton once for all texts. */
export function phraseMatcher(phrases: readonly string[]): PhraseMatcher {
  const pieces: Piece[] = [];
  const ids = new Map<string, number>();
  const sequences = phrases.map((phrase) =>
    phrase.split('*').map((part, index) => {
      const endsWord = part.trim().endsWith('|');
      const text = part.trim().replace(/\|$/, '');
      if (text === '' || text !== text.toLowerCase())
        throw new Error(`Phrase "${phrase}" must be lower case, without empty pieces`);
      const key = `${index === 0}${endsWord}${text}`;
      const known = ids.get(key);
      if (known !== undefined) return known;
      ids.set(key, pieces.length);
      return pieces.push({ text, endsWord, startsWord: index === 0 && isWord(text.charCodeAt(0)) }) - 1;
    }),
  );
  const byPiece: number[][] = pieces.map(() => []);
  for (const [phrase, sequence] of sequences.entries()) byPiece[sequence.at(-1)!]!.push(phrase);
  const search = automaton(pieces);

  return {
    find(text) {
      const found = search(text);
      const occurrences: Occurrence[] = [];
      for (const piece of found.keys()) {
        for (const phrase of byPiece[piece]!) {
          const at = chain(sequences[phrase]!, found);
          if (at >= 0) occurrences.push({ phrase, at });
        }
      }
      return occurrences.sort((a, b) => a.phrase - b.phrase);
    },
  };
}

/** Where a sequence of pieces begins that follow one another within the gap; -1 if nowhere. */
function chain(sequence: readonly number[], found: ReadonlyMap<number, Found>): number {
  const first = found.get(sequence[0]!);
  if (!first) return -1;
  if (sequence.length === 1) return first.starts[0]!;
  // Reached ends of the pieces so far, each with where its chain began.
  let reached = first.ends.map((end, i) => ({ end, begin: first.starts[i]! }));
  for (const piece of sequence.slice(1)) {
    const next: typeof reached = [];
    const after = found.get(piece);
    let from = 0;
    for (const [i, start] of (after?.starts ?? []).entries()) {
      while (from < reached.length && start - reached[from]!.end > GAP) from++;
      const before = reached[from];
      if (before && before.end <= start) next.push({ end: after!.ends[i]!, begin: before.begin });
    }
    if (next.length === 0) return -1;
    reached = next;
  }
  return reached[0]!.begin;
}

function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

/**
 * The automaton: a trie of all pieces, its edges in one hash table, and for each node the node of the longest proper suffix of
 * its text that the trie holds. A table of every node by every letter would be ten times faster to read and a thousand times
 * larger: the phrases are written in many scripts.
 */
function automaton(pieces: readonly Piece[]): (text: string) => ReadonlyMap<number, Found> {
  const size = pieces.reduce((sum, { text }) => sum + text.length, 1);
  const edges = edgeTable(size);
  const outputs: number[][] = [[]];
  const parents = new Int32Array(size);
  const letters = new Uint16Array(size);
  const depths = new Uint16Array(size);
  for (const [id, { text }] of pieces.entries()) {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const letter = text.charCodeAt(i);
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
    outputs[node]!.push(id);
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
  const endings = outputs.map((ids) => (ids.length > 0 ? ids : null));

  return (text) => {
    const found = new Map<number, Found>();
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      node = step(node, text.charCodeAt(i));
      const ids = endings[node];
      if (!ids) continue;
      for (const id of ids) {
        const { text: piece, startsWord, endsWord } = pieces[id]!;
        const start = i + 1 - piece.length;
        if (startsWord && start > 0 && isWord(text.charCodeAt(start - 1))) continue;
        if (endsWord && i + 1 < text.length && isWord(text.charCodeAt(i + 1))) continue;
        const known = found.get(id);
        if (known) {
          known.starts.push(start);
          known.ends.push(i + 1);
        } else {
          found.set(id, { starts: [start], ends: [i + 1] });
        }
      }
    }
    return found;
  };
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
