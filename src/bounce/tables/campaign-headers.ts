/** A header in which a mailer names the campaign. */
export interface CampaignHeader {
  /** In lower case. */
  readonly name: string;
  /** How the campaign stands in it: all of the value; `name=value` in a list; a member of a JSON object; what a pattern finds. */
  readonly read:
    | { readonly how: 'value' }
    | { readonly how: 'pair'; readonly keys: readonly string[] }
    | { readonly how: 'json'; readonly keys: readonly string[] }
    | { readonly how: 'match'; readonly pattern: RegExp };
  readonly mailer: string;
  readonly source: string;
}

const value = { how: 'value' } as const;

/**
 * Most telling first: names that people gave, then numbers of sendings, then what groups campaigns. Headers that name only the account or
 * the single mail (X-MC-User, X-SG-EID, X-Mailgun-Sid, X-PM-Message-Id, X-sib-id) are no campaign and left out.
 */
export const CAMPAIGN_HEADERS = [
  {
    name: 'x-campaign',
    read: value,
    mailer: 'Mailchimp, KumoMTA and others',
    source: 'https://docs.kumomta.com/userguide/configuration/queuemanagement/ (campaign_header)',
  },
  { name: 'x-campaign-id', read: value, mailer: 'senders of their own', source: 'the common name; not any vendor’s' },
  {
    name: 'x-campaignid',
    read: value,
    mailer: 'Mailchimp',
    source: 'Mailchimp writes it into its campaigns, the same as X-Campaign',
  },
  { name: 'x-mailer-campaign', read: value, mailer: 'senders of their own', source: 'the common name; not any vendor’s' },
  {
    name: 'x-mailgun-campaign-id',
    read: value,
    mailer: 'Mailgun',
    source: 'BradWhittington/django-mailgun:django_mailgun.py (o:campaign, until 2018)',
  },
  {
    name: 'x-mailgun-variables',
    read: {
      how: 'json',
      keys: ['campaign', 'campaign_id', 'campaign-id', 'my_campaign_id', 'campaignId', 'X-Listmonk-Campaign'],
    },
    mailer: 'Mailgun',
    source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/send-attachments (metadata)',
  },
  {
    name: 'x-mailgun-tag',
    read: value,
    mailer: 'Mailgun',
    source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/pass-sending-options',
  },
  {
    name: 'x-ses-message-tags',
    read: { how: 'pair', keys: ['campaign', 'campaign_id', 'campaign-id', 'campaignId'] },
    mailer: 'Amazon SES',
    source: 'https://docs.aws.amazon.com/ses/latest/dg/event-publishing-send-email.html',
  },
  {
    name: 'x-msys-api',
    read: { how: 'json', keys: ['campaign_id'] },
    mailer: 'SparkPost',
    source: 'https://developers.sparkpost.com/api/smtp/',
  },
  {
    name: 'x-smtpapi',
    read: { how: 'json', keys: ['category'] },
    mailer: 'SendGrid',
    source: 'https://www.twilio.com/docs/sendgrid/for-developers/sending-email/building-an-x-smtpapi-header',
  },
  {
    name: 'x-pm-tag',
    read: value,
    mailer: 'Postmark',
    source: 'https://postmarkapp.com/developer/user-guide/send-email-with-smtp',
  },
  {
    name: 'x-pm-metadata-campaign',
    read: value,
    mailer: 'Postmark',
    source: 'https://postmarkapp.com/developer/user-guide/send-email-with-smtp (X-PM-Metadata-*)',
  },
  {
    name: 'x-mc-googleanalyticscampaign',
    read: value,
    mailer: 'Mandrill',
    source: 'https://mailchimp.com/developer/transactional/docs/smtp-integration/',
  },
  {
    name: 'x-mc-metadata',
    read: { how: 'json', keys: ['campaign', 'campaign_id', 'campaign-id', 'campaignId'] },
    mailer: 'Mandrill',
    source: 'https://mailchimp.com/developer/transactional/docs/smtp-integration/',
  },
  {
    name: 'x-mc-tags',
    read: value,
    mailer: 'Mandrill',
    source: 'https://mailchimp.com/developer/transactional/docs/smtp-integration/',
  },
  {
    name: 'x-mailjet-campaign',
    read: value,
    mailer: 'Mailjet',
    source: 'https://dev.mailjet.com/smtp-relay/custom-headers/',
  },
  { name: 'x-mj-customid', read: value, mailer: 'Mailjet', source: 'https://dev.mailjet.com/smtp-relay/custom-headers/' },
  {
    name: 'x-mailin-campaign',
    read: value,
    mailer: 'Brevo (Sendinblue)',
    source: 'its own DKIM signatures cover the header (h=…:x-sib-id:x-mailin-client:x-mailin-campaign:…)',
  },
  {
    name: 'x-mailin-tag',
    read: value,
    mailer: 'Brevo (Sendinblue)',
    source: 'https://developers.brevo.com/docs/smtp-integration',
  },
  { name: 'x-listmonk-campaign', read: value, mailer: 'listmonk', source: 'knadh/listmonk:models/models.go' },
  { name: 'x-mw-campaign-uid', read: value, mailer: 'MailWizz', source: 'MailWizz, required headers of its bounce handler' },
  {
    name: 'x-civimail-bounce', // b.<job>.<queue>.<hash>@
    read: { how: 'match', pattern: /(?:^|[<+.])b\.(\d{1,12})\.\d{1,12}\./ },
    mailer: 'CiviMail',
    source: 'civicrm/civicrm-core:CRM/Mailing/BAO/Mailing.php',
  },
  { name: 'x-email-id', read: value, mailer: 'Mautic', source: 'mautic/mautic:app/bundles/EmailBundle/Model/EmailModel.php' },
  {
    name: 'x-messageid',
    read: { how: 'match', pattern: /^(\d{1,12})$/ },
    mailer: 'phpList',
    source: 'phpList/phplist3:public_html/lists/admin/class.phplistmailer.php',
  },
  {
    name: 'x-mailer-sid',
    read: value,
    mailer: 'Interspire Email Marketer',
    source: 'Interspire, Send() of its email API (X-Mailer-SID)',
  },
  { name: 'x-job', read: value, mailer: 'PowerMTA, Salesforce Marketing Cloud', source: 'PowerMTA user guide (x-job)' },
  { name: 'x-kmail-message', read: value, mailer: 'Klaviyo', source: 'Klaviyo writes it into its campaigns' },
  {
    name: 'feedback-id',
    // Of a:b:c:sender the first is the campaign; one without parts is a sender.
    read: { how: 'match', pattern: /^([^:]{1,200}):.{1,400}$/ },
    mailer: 'any',
    source: 'https://support.google.com/a/answer/6254652',
  },
  {
    name: 'x-ses-configuration-set',
    read: value,
    mailer: 'Amazon SES',
    source: 'https://docs.aws.amazon.com/ses/latest/dg/using-configuration-sets-in-email.html',
  },
  {
    name: 'x-mailer-lid',
    read: value,
    mailer: 'Interspire Email Marketer',
    source: 'Interspire, Send() of its email API (X-Mailer-LID)',
  },
] as const satisfies readonly CampaignHeader[];
