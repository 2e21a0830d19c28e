import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

export interface Pattern {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** The modules of the core and of the MIME walk, from the project's root. */
export const MODULES = ['src/bounce', 'src/mime'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
    .sort(),
);

export interface Written {
  readonly patterns: readonly Pattern[];
  /** Times that the module makes a pattern of a text. */
  readonly built: number;
}

/** The patterns that a module writes out, by its syntax tree: a slash in a comment or a text is none. */
export function patternsWrittenIn(file: string, code = readFileSync(join(ROOT, file), 'utf8')): Written {
  const patterns: Pattern[] = [];
  let built = 0;
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const { type, regex, callee } = node as {
      type?: string;
      regex?: { pattern: string; flags: string };
      callee?: { name?: string };
    };
    if (type === 'Literal' && regex) patterns.push({ file, source: regex.pattern, flags: regex.flags });
    if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') built++;
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(parseAst(code, { lang: 'ts' }));
  return { patterns, built };
}

/** Runs `work` and gives back every pattern that was made of a text meanwhile. */
export async function patternsBuiltBy(work: () => Promise<void>): Promise<Pattern[]> {
  const built: Pattern[] = [];
  const Original = globalThis.RegExp;
  const note = (made: RegExp) => {
    const file = /(src\/(?:bounce|mime)\/[\w/.-]+\.ts)/.exec(new Error().stack ?? '')?.[1];
    if (file !== undefined) built.push({ file, source: made.source, flags: made.flags });
    return made;
  };
  globalThis.RegExp = new Proxy(Original, {
    construct: (target, args, newTarget) => note(Reflect.construct(target, args, newTarget)),
    apply: (target, self, args) => note(Reflect.apply(target, self, args)),
  });
  try {
    await work();
  } finally {
    globalThis.RegExp = Original;
  }
  return built;
}
