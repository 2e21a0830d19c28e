import { amavis } from './amavis.ts';
import { amazonSes } from './amazonses.ts';
import { appleUnsubscribe } from './apple-unsubscribe.ts';
import { courier } from './courier.ts';
import { domino } from './domino.ts';
import { dragonfly } from './dragonfly.ts';
import { exchange } from './exchange.ts';
import { exim } from './exim.ts';
import { google } from './google.ts';
import { groupwise } from './groupwise.ts';
import { imail } from './imail.ts';
import { mailmarshal } from './mailmarshal.ts';
import { openSmtpd } from './opensmtpd.ts';
import { postfix } from './postfix.ts';
import { qmail } from './qmail.ts';
import type { Reader } from './reader.ts';
import { rfc3464 } from './rfc3464.ts';
import { rfc3834 } from './rfc3834.ts';
import { rfc5965 } from './rfc5965.ts';
import { rfc8098 } from './rfc8098.ts';
import { sendmail } from './sendmail.ts';
import { text } from './text.ts';
import { yahoo } from './yahoo.ts';
import { zoho } from './zoho.ts';

/** In this order; the first that understands a mail reads it. */
export const readers: readonly Reader[] = [
  // Machine-readable formats go before words for people.
  rfc5965,
  rfc8098,
  rfc3464,
  amazonSes,
  appleUnsubscribe,
  // Dialects with a shape of their own.
  amavis,
  exchange,
  zoho,
  qmail,
  yahoo,
  exim,
  postfix,
  sendmail,
  openSmtpd,
  courier,
  dragonfly,
  google,
  domino,
  groupwise,
  imail,
  mailmarshal,
  // Dialects nobody has seen.
  text,
  rfc3834,
];
