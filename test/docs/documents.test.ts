import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PARTIES } from '../../src/bounce/party.ts';
import { ACTIONS, CATEGORIES, CLASSES, CONFIDENCES, FAULTS, KINDS, TRUSTS } from '../../src/bounce/vocabulary.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { SETTING_NAMES } from '../../src/config.ts';
import { FAILED_KEYWORD, PROCESSED_KEYWORD } from '../../src/mailbox/imap.ts';
import { packageRoot } from '../../src/package-root.ts';
import { SUPPRESSION_STATES } from '../../src/suppression/decide.ts';
import { EFFECTS } from '../../src/suppression/rules.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const unique = (words: Iterable<string>) => [...new Set(words)].sort();
const found = (text: string, pattern: RegExp) => unique([...text.matchAll(pattern)].map((match) => match[1]!));

const documents = ['README.md', 'CHANGELOG.md', ...readdirSync(join(packageRoot, 'docs')).map((name) => `docs/${name}`)];

/** All code that runs in production. */
function sources(folder: string): string {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
    .map((path) => read(join(folder, path)))
    .join('\n');
}
const code = sources('src') + sources('workers');

describe('the documents', () => {
  it.each(documents)('%s names no place that is not there', (document) => {
    // What git ignores is there only on the machine of whoever put it there.
    const places = found(read(document), /`((?:src|test|docs|bench|scripts|workers|prisma)\/[\w./-]+)`/g);
    expect(places.filter((place) => !existsSync(join(packageRoot, place)) && place !== 'test/fixtures/private/')).toEqual([]);
  });

  it.each(documents)('%s has no broken link to a file or heading', (document) => {
    const text = read(document);
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
      const [path, heading] = target!.split('#');
      const file = path === '' ? document : join(dirname(document), path!);
      expect(existsSync(join(packageRoot, file)), target).toBe(true);
      if (heading === undefined) continue;
      const slugs = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(slugs).toContain(heading);
    }
  });

  it('name only settings that exist, and the README names those a first run needs', () => {
    // Node's own, the tests' and those of the database's container.
    const others = ['NODE_EXTRA_CA_CERTS', 'POSTGRES_PASSWORD'];
    const settings =
      /\b((?:IMAP|DATABASE|REDIS|POLL|QUEUE|WORKER|SUPPRESSION|RAW|LOG|SENDER|RETURN|PROCESSED|FAILED|NODE|POSTGRES)_[A-Z_]*[A-Z])\b/g;
    for (const document of documents) {
      const unknown = found(read(document), settings).filter((name) => ![...SETTING_NAMES, ...others].includes(name));
      expect(unknown, document).toEqual([]);
    }
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'IMAP_HOST', 'IMAP_USER', 'IMAP_PASSWORD', 'SETTLE']) {
      expect(read('README.md')).toContain(name);
    }
  });
});

describe('README.md', () => {
  it('lists every command, and no other', () => {
    const commands = buildProgram().commands.map((command) => command.name());
    const table = read('README.md').split('## Commands')[1]!.split('\n## ')[0]!;
    const rows = [...table.matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) =>
      cell!.match(/`[a-z]+/g)!.map((word) => word.slice(1)),
    );
    expect(rows.sort()).toEqual(commands.sort());
    for (const command of found(read('README.md'), /npx rebound ([a-z]+)/g)) expect(commands).toContain(command);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    for (const script of found(read('README.md'), /npm run ([a-z]+)/g)) expect(scripts).toHaveProperty(script);
  });

  it('says by name which flags SETTLE=mark sets', () => {
    for (const keyword of [PROCESSED_KEYWORD, FAILED_KEYWORD]) {
      for (const document of ['README.md', 'docs/flow.md', '.env.example']) expect(read(document), document).toContain(keyword);
    }
  });
});

describe('docs/flow.md', () => {
  it('lists every event of the log, with its level', () => {
    const said = [...code.matchAll(/log\s*\.(\w+)\(\s*\{\s*event: '(\w+)'/g)].map(([, level, event]) => `${event} ${level}`);
    const listed = [...read('docs/flow.md').matchAll(/^\| `(\w+)` \| (trace|debug|info|warn|error) \|/gm)].map(
      ([, event, level]) => `${event} ${level}`,
    );
    expect(said.length).toBeGreaterThan(10);
    expect(listed.sort()).toEqual(unique(said));
  });
});

describe('docs/glossary.md', () => {
  const glossary = read('docs/glossary.md');
  const words = new Set(found(glossary, /`([a-z_]+)`/g));

  it.each(
    Object.entries({ KINDS, CLASSES, CATEGORIES, FAULTS, PARTIES, TRUSTS, CONFIDENCES, ACTIONS, EFFECTS, SUPPRESSION_STATES }),
  )('explains all of %s', (_, vocabulary) => {
    for (const word of vocabulary) expect(words).toContain(word);
  });

  it('lists no category and no fault that does not exist', () => {
    const section = (title: string) => glossary.split(`## ${title}`)[1]!.split('\n## ')[0]!;
    const rows = (title: string) =>
      unique([...section(title).matchAll(/^\| (`.+?) \|/gm)].flatMap(([, cell]) => found(cell!, /`([a-z_]+)`/g)));
    expect(rows('Category')).toEqual([...CATEGORIES, 'category'].sort());
    expect(rows('Fault')).toEqual([...FAULTS, 'fault'].sort());
  });
});

describe('docs/dashboards.md', () => {
  it('lists every view of schema report, and no other', () => {
    const migrations = readdirSync(join(packageRoot, 'prisma', 'migrations'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => read(join('prisma', 'migrations', entry.name, 'migration.sql')))
      .join('\n');
    const views = found(migrations, /CREATE (?:OR REPLACE )?VIEW "report"\."(\w+)"/g);
    const rows = [...read('docs/dashboards.md').matchAll(/^\| (`report\..+?) \|/gm)].flatMap(([, cell]) =>
      found(cell!, /`report\.(\w+)`/g),
    );
    expect(rows.sort()).toEqual(views);
  });
});
