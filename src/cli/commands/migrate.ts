import type { Command } from 'commander';
import { readConfig } from '../../config.ts';

export function registerMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .addHelpText(
      'after',
      `
Safe at any time and when two run at once; \`start\`, \`poll\` and \`work\` do the same when they start.

Example:
  DATABASE_URL=postgresql://rebound:secret@127.0.0.1/rebound npx rebound migrate`,
    )
    .action(async () => {
      const { databaseUrl } = readConfig(process.env, 'database');
      const { migrate } = await import('../../store/migrate.ts');
      const applied = await migrate(databaseUrl, (name) => process.stdout.write(`applied ${name}\n`));
      if (applied.length === 0) process.stdout.write('The schema is up to date.\n');
    });
}
