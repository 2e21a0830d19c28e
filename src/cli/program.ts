import { Command } from 'commander';
import { version } from '../package-root.ts';
import { registerCheck } from './commands/check.ts';
import { registerClassify } from './commands/classify.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerExplain } from './commands/explain.ts';
import { registerList } from './commands/list.ts';
import { registerMigrate } from './commands/migrate.ts';
import { registerPoll } from './commands/poll.ts';
import { registerRetry } from './commands/retry.ts';
import { registerSign } from './commands/sign.ts';
import { registerStart } from './commands/start.ts';
import { registerStats } from './commands/stats.ts';
import { registerWork } from './commands/work.ts';
import { cleanLines } from './terminal-text.ts';

/** In the order of the help. Each command loads its heavy parts only when it runs. */
const COMMANDS = [
  registerDemo,
  registerStart,
  registerPoll,
  registerWork,
  registerMigrate,
  registerDoctor,
  registerClassify,
  registerExplain,
  registerCheck,
  registerList,
  registerSign,
  registerRetry,
  registerStats,
];

/** The command line; throws CommanderError instead of ending the process. */
export function buildProgram(): Command {
  const program = new Command('rebound')
    .description(
      'Reads bounces from a mailbox and says, for each recipient, what happened, whose fault it is, and whether to stop mailing it.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(cleanLines(text)) })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText(
      'after',
      `
Try it:      npx rebound demo
Run it:      npx rebound start            (settings: .env.example)
Look at it:  npx rebound list --state flagged
             npx rebound check someone@example.com`,
    );
  for (const register of COMMANDS) register(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
