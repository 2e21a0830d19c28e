/** The sentences of a text, by their order. */
export interface Sentences {
  /** The sentence in which a place lies, counted from 0. */
  indexOf(place: number): number;
}

/** Ends of sentences: a stop, a bar or a semicolon before a blank; in scripts without blanks the stop alone. */
const END = /[.!?;](?=["')\]]{0,3}\s)|[。！？；\n]|\s[|](?=\s)/g;

/** Shortenings behind which a sentence goes on. */
const SHORTENED =
  /(?:^|[^\p{L}])(?:e\.g|i\.e|no|nr|mr|mrs|dr|st|max|min|approx|destin|resp|incl|vs|inc|ltd|z\.b|bzw|ggf|p\.ex|ej)$/u;

/** A host name in full ends in a dot: `MX list for example.org. points back`. */
function isHostName(text: string, dot: number): boolean {
  return /[a-z0-9-]\.[a-z]{2,24}$/.test(text.slice(Math.max(0, dot - 64), dot));
}

export function sentencesOf(text: string): Sentences {
  const ends: number[] = [];
  for (const { index } of text.matchAll(END)) {
    if (text[index] === '.' && (SHORTENED.test(text.slice(Math.max(0, index - 8), index)) || isHostName(text, index))) continue;
    ends.push(index);
  }
  return {
    indexOf(place) {
      let low = 0;
      let high = ends.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! < place) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}
