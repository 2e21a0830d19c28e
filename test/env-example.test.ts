import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { readConfig, SETTING_NAMES } from '../src/config.ts';
import { packageRoot } from '../src/package-root.ts';

const example = readFileSync(join(packageRoot, '.env.example'), 'utf8');
const compose = readFileSync(join(packageRoot, 'docker-compose.yml'), 'utf8');

/** `NAME=value` lines, set ones and those behind a `#`; prose stands behind `# ` with a blank. */
const lines = [...example.matchAll(/^(#?)([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, mark, name, value]) => ({
  name: name!,
  value: value!,
  set: mark === '',
}));

/** Read by docker compose, not by rebound. */
const composeOnly = ['POSTGRES_PASSWORD'];

it('explains every setting in .env.example, once, and no other', () => {
  expect(lines.map(({ name }) => name).sort()).toEqual([...SETTING_NAMES, ...composeOnly].sort());
  for (const name of composeOnly) expect(compose).toContain(`\${${name}:?`);
});

it('says something above each line or group of lines', () => {
  expect(example).not.toMatch(/(?:^|\n)\s*\n#?[A-Z][A-Z0-9_]*=(?!imap\.example|bounces@)/);
});

it('can be used as it stands', () => {
  const config = readConfig(parseEnv(example));
  expect(config.mailboxes[0]).toMatchObject({ host: 'imap.example.com', user: 'bounces@example.com' });
});

it('shows the true defaults behind # wherever a setting has one', () => {
  const needed = parseEnv(example);
  const bare = readConfig(needed);
  // These have no default: what is shown is an example.
  const examples = new Set(['REDIS_URL', 'SENDER_DOMAINS', 'RETURN_PATH_SECRET', ...composeOnly]);
  const shown = lines.filter(({ name, set }) => !set && !examples.has(name) && !name.endsWith('_FILE'));
  expect(shown.length).toBeGreaterThan(8);
  for (const { name, value } of shown) expect(readConfig({ ...needed, [name]: value }), name).toEqual(bare);
});

it('shows examples that would be taken', () => {
  const needed = parseEnv(example);
  for (const name of ['REDIS_URL', 'SENDER_DOMAINS', 'RETURN_PATH_SECRET']) {
    const { value } = lines.find((line) => line.name === name)!;
    expect(readConfig({ ...needed, [name]: value }), name).not.toEqual(readConfig(needed));
  }
});
