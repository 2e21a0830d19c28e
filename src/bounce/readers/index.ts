import { amazonSes } from './amazonses.ts';
import { exchange } from './exchange.ts';
import type { Reader } from './reader.ts';
import { rfc3464 } from './rfc3464.ts';
import { rfc3834 } from './rfc3834.ts';
import { rfc5965 } from './rfc5965.ts';
import { rfc8098 } from './rfc8098.ts';
import { text } from './text.ts';

/** In this order; the first that understands a mail reads it. Machine-readable formats go before words for people. */
export const readers: readonly Reader[] = [rfc5965, rfc8098, rfc3464, amazonSes, exchange, text, rfc3834];
