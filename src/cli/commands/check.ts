import type { Command } from 'commander';
import type { RecipientStory } from '../../store/recipients.ts';
import { shortTime, withDatabase } from '../database.ts';
import { jsonText } from '../output.ts';
import { formatTable } from '../table.ts';
import { cleanText } from '../terminal-text.ts';

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('state and history of addresses, with the evidence')
    .argument('<address...>')
    .option('--json', 'a JSON array')
    .addHelpText(
      'after',
      `
Addresses match however they are cased, and in Unicode or punycode form.

Examples:
  npx rebound check someone@example.com
  npx rebound check a@example.com b@example.com --json`,
    )
    .action(async (addresses: string[], { json = false }: { json?: boolean }) => {
      const { recipientStory } = await import('../../store/recipients.ts');
      const stories = await withDatabase((prisma) => Promise.all(addresses.map((address) => recipientStory(prisma, address))));
      process.stdout.write(json ? `${jsonText(stories, 2)}\n` : `${stories.map(tell).join('\n\n')}\n`);
    });
}

function tell({ address, state, bounces, changes }: RecipientStory): string {
  const lines = [`${cleanText(address)}: ${state === null ? 'never flagged' : state.state}`];
  if (state !== null) {
    lines.push(`  why: ${cleanText(state.reason)}${state.rule === null ? '' : ` (rule ${state.rule})`}`);
    if (state.evidence) lines.push(`  evidence: ${cleanText(state.evidence)}`);
    lines.push(
      `  since ${shortTime(state.flagged_at)}, last bounce ${shortTime(state.last_bounce_at)}${state.expires_at === null ? '' : `, until ${shortTime(state.expires_at)}`}`,
    );
  }
  if (bounces.length === 0) lines.push('  No report about this address.');
  else {
    lines.push(
      '',
      formatTable(
        [
          { title: 'time' },
          { title: 'kind' },
          { title: 'class' },
          { title: 'category' },
          { title: 'fault' },
          { title: 'status' },
          { title: 'reply' },
          { title: 'trust' },
          { title: 'what the server said', narrow: 'wrap', min: 24 },
        ],
        bounces.map((one) => [
          shortTime(one.time),
          one.kind,
          one.class,
          one.category,
          one.fault,
          one.status,
          one.reply,
          one.trust,
          one.diagnostic_code ?? one.evidence,
        ]),
      ),
    );
  }
  if (changes.length > 0) {
    lines.push(
      '',
      formatTable(
        [
          { title: 'changed' },
          { title: 'from' },
          { title: 'to' },
          { title: 'by' },
          { title: 'rule' },
          { title: 'why', narrow: 'wrap', min: 24 },
        ],
        changes.map((one) => [shortTime(one.time), one.from_state ?? '-', one.to_state ?? '-', one.actor, one.rule, one.reason]),
      ),
    );
  }
  return lines.join('\n');
}
