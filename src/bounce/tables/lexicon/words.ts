/**
 * Words by language (ISO 639-1), parted by semicolons, as the phrases of an entry of the lexicon. They are stems: a word of a text
 * that goes on behind one is found too, unless a bar ends it. Languages only tell a reader what he sees.
 */
export function words(byLanguage: Readonly<Record<string, string>>): readonly string[] {
  const all = Object.values(byLanguage).flatMap((list) => list.split(';').map((word) => word.trim()));
  return [...new Set(all.filter((word) => word !== '').flatMap(written))];
}

const AUXILIARIES = ['does', 'do', 'did', 'is', 'was', 'are', 'were', 'ca', 'could', 'wo', 'would', 'has', 'have'];

/** `n't exist` stands for each way to write it: doesn't, does'nt, doesnt, does not, … */
function written(word: string): string[] {
  const rest = /^n't (.+)$/.exec(word)?.[1];
  if (rest === undefined) return [word];
  return AUXILIARIES.flatMap((verb) => [`${verb}n't ${rest}`, `${verb}'nt ${rest}`, `${verb}nt ${rest}`]);
}
