import { cleanAddress } from './address.ts';
import type { Material } from './material.ts';
import type { OriginalMail } from './report.ts';

/** Headers in which mailers name the campaign, most telling first. */
const CAMPAIGN = [
  'x-campaign',
  'x-campaign-id',
  'x-campaignid',
  'x-mailer-campaign',
  'x-mc-campaign',
  'x-mailchimp-campaign-id',
  'x-mailgun-campaign-id',
  'x-mailgun-tag',
  'x-ses-configuration-set',
  'x-sendgrid-campaign',
  'x-listmonk-campaign',
  'x-job',
];

/** What the returned mail tells of itself. */
export function readOriginal({ returned }: Material): OriginalMail {
  const get = (name: string) => returned?.find((header) => header.name === name)?.value || null;
  const address = (value: string | null) => (value === null ? null : cleanAddress(value));
  const messageId = get('message-id');
  return {
    messageId: messageId === null ? null : messageId.trim(),
    from: get('from'),
    to: get('to'),
    subject: get('subject'),
    date: get('date'),
    listId: get('list-id'),
    feedbackId: get('feedback-id'),
    campaign: CAMPAIGN.map(get).find((value) => value !== null) ?? null,
    returnPath: address(get('return-path')),
  };
}
