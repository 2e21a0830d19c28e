import { DatabaseRefusedError, DatabaseUnavailableError, describeError, type ReboundError } from '../errors.ts';

/** SQLSTATE of an error of pg or of Prisma's pg adapter, however deep it lies; null where there is none. */
export function sqlState(error: unknown, depth = 0): string | null {
  if (typeof error !== 'object' || error === null || depth > 6) return null;
  const fields = error as Record<string, unknown>;
  for (const name of ['originalCode', 'code']) {
    const value = fields[name];
    if (typeof value === 'string' && /^[0-9A-Z]{5}$/.test(value) && !/^P\d{4}$/.test(value)) return value;
  }
  for (const name of ['meta', 'driverAdapterError', 'cause']) {
    const found = sqlState(fields[name], depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Whether an error is about the data of the statement (a value that Postgres refuses, a constraint, a size), so that
 * waiting will not help. Everything else (lost connections, deadlocks, a full disk, missing rights, a shutdown) may pass or
 * be mended, and must never cost a mail: a connection cut inside a transaction has no code at all.
 */
export function isAboutData(error: unknown): boolean {
  const state = sqlState(error);
  return state !== null && /^(22|23|54)/.test(state);
}

/** A mistake of ours, which waiting does not mend either. */
export function isBug(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof SyntaxError ||
    (error as Error)?.name === 'PrismaClientValidationError'
  );
}

/** Deadlocks and serialization failures: the same transaction succeeds when run again at once. */
export function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40P01' || state === '40001';
}

/** The error in words that name the setting and the mend. */
export function databaseError(error: unknown, url: string): ReboundError {
  const where = place(url);
  const state = sqlState(error);
  const why = serverWords(error) ?? describeError(error);
  switch (state) {
    case '28P01':
    case '28000':
      return new DatabaseRefusedError(
        `Postgres at ${where} refused the login: ${why}. Check user and password in DATABASE_URL.`,
        { cause: error },
      );
    case '3D000':
      return new DatabaseRefusedError(
        `The database named in DATABASE_URL does not exist at ${where}: ${why}. Create it (createdb) or correct the name.`,
        {
          cause: error,
        },
      );
    case '42501':
      return new DatabaseRefusedError(
        `The user in DATABASE_URL lacks a right at ${where}: ${why}. Grant it, for example: GRANT CREATE ON DATABASE … TO …; GRANT ALL ON SCHEMA public TO …`,
        { cause: error },
      );
    case '42P01':
    case '42703':
      return new DatabaseRefusedError(
        `The database at ${where} has not the tables of this version: ${why}. Run \`rebound migrate\`, or check that DATABASE_URL names the right database.`,
        { cause: error },
      );
    default:
      return new DatabaseUnavailableError(
        `Postgres at ${where} cannot be used now: ${why}. Check that it runs and that DATABASE_URL is right.`,
        {
          cause: error,
        },
      );
  }
}

/** What lies inside an error of Prisma, which wraps it in words of its own. */
function serverWords(error: unknown): string | null {
  const cause = (error as { meta?: { driverAdapterError?: { cause?: { kind?: unknown; originalMessage?: unknown } } } } | null)
    ?.meta?.driverAdapterError?.cause;
  if (cause?.kind === 'DatabaseNotReachable') return 'it cannot be reached';
  return typeof cause?.originalMessage === 'string' && cause.originalMessage !== '' ? cause.originalMessage : null;
}

function place(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url);
    return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}
