import type { ProviderAnswer } from './answer.ts';
import { APPLE_ANSWERS } from './apple.ts';
import { ASIAN_ANSWERS } from './asian.ts';
import { BLOCK_LISTS_ANSWERS } from './block-lists.ts';
import { CHINESE_ANSWERS } from './chinese.ts';
import { EUROPEAN_ANSWERS } from './european.ts';
import { FILTERS_ANSWERS } from './filters.ts';
import { FRENCH_ANSWERS } from './french.ts';
import { GATEWAYS_ANSWERS } from './gateways.ts';
import { GERMAN_ANSWERS } from './german.ts';
import { GOOGLE_ANSWERS } from './google.ts';
import { HOSTING_ANSWERS } from './hosting.ts';
import { MICROSOFT_CONSUMER_ANSWERS } from './microsoft-consumer.ts';
import { RUSSIAN_ANSWERS } from './russian.ts';
import { SENDING_SERVICES_ANSWERS } from './sending-services.ts';
import { US_ISPS_ANSWERS } from './us-isps.ts';
import { YAHOO_ANSWERS } from './yahoo.ts';

export type { ProviderAnswer } from './answer.ts';

/**
 * All answers. Within a file the narrower row stands first; block lists, whose texts stand in answers of others, and filter
 * software come last, so that a provider's own code goes before the list it quotes.
 */
export const PROVIDER_ANSWERS: readonly ProviderAnswer[] = [
  ...GOOGLE_ANSWERS,
  ...MICROSOFT_CONSUMER_ANSWERS,
  ...YAHOO_ANSWERS,
  ...APPLE_ANSWERS,
  ...US_ISPS_ANSWERS,
  ...FRENCH_ANSWERS,
  ...GERMAN_ANSWERS,
  ...EUROPEAN_ANSWERS,
  ...RUSSIAN_ANSWERS,
  ...CHINESE_ANSWERS,
  ...ASIAN_ANSWERS,
  ...GATEWAYS_ANSWERS,
  ...HOSTING_ANSWERS,
  ...SENDING_SERVICES_ANSWERS,
  ...FILTERS_ANSWERS,
  ...BLOCK_LISTS_ANSWERS,
];
