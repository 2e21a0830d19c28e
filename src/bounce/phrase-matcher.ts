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

/** The automaton: nodes in flat arrays, one column a character that occurs in any piece. */
function automaton(pieces: readonly Piece[]): (text: string) => ReadonlyMap<number, Found> {
  const columns = new Uint16Array(65536);
  let width = 1;
  let size = 1;
  for (const { text } of pieces) {
    size += text.length;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (columns[code] === 0) columns[code] = width++;
    }
  }
  if (size > 65_535) throw new Error('Too many phrases for nodes of 16 bits');
  const next = new Uint16Array(size * width);
  const outputs: number[][] = [[]];
  let nodes = 1;
  for (const [id, { text }] of pieces.entries()) {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const slot = node * width + columns[text.charCodeAt(i)]!;
      if (next[slot] === 0) {
        outputs.push([]);
        next[slot] = nodes++;
      }
      node = next[slot]!;
    }
    outputs[node]!.push(id);
  }
  // Breadth first: the failure link of a node is known before its children are reached.
  const failure = new Uint16Array(nodes);
  const queue: number[] = [];
  for (let column = 1; column < width; column++) if (next[column] !== 0) queue.push(next[column]!);
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    for (let column = 1; column < width; column++) {
      const slot = node * width + column;
      const target = next[failure[node]! * width + column]!;
      const child = next[slot]!;
      if (child === 0) {
        next[slot] = target;
        continue;
      }
      failure[child] = target;
      outputs[child]!.push(...outputs[target]!);
      queue.push(child);
    }
  }
  const endings = outputs.map((ids) => (ids.length > 0 ? ids : null));

  return (text) => {
    const found = new Map<number, Found>();
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      node = next[node * width + columns[text.charCodeAt(i)]!]!;
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
