import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { readSamples, samples } from '../../src/demo/samples.ts';
import { parseMail } from '../../src/mime/index.ts';

// What each sample is there to show: kind; then for each recipient class, category, fault and, where there is one, the code.
const expected: Record<string, readonly string[]> = {
  'postfix-user-unknown': ['bounce', 'anna.berg@riverside.example permanent user_unknown recipient 5.1.1'],
  'postfix-domain-not-found': ['bounce', 'j.moreau@closed-shop.example permanent host_unknown recipient 5.4.4'],
  'postfix-null-mx': ['bounce', 'info@parked.example permanent not_accept recipient 5.1.0'],
  'exim-user-unknown': ['bounce', 'm.okafor@northgate.example permanent user_unknown recipient 5.0.0'],
  'exim-text-only': ['bounce', 'oldfriend@hillside.example permanent user_unknown recipient -'],
  'sendmail-user-unknown': ['bounce', 'peter.hansen@fjord.example permanent user_unknown recipient 5.1.1'],
  'qmail-no-mailbox': ['bounce', 'rosa.lind@oakhill.example permanent user_unknown recipient 5.1.1'],
  'qmail-remote-refusal': ['bounce', 'h.suzuki@lantern.example permanent suspended recipient_policy 5.2.1'],
  'exchange-2003-user-unknown': ['bounce', 'karl.weiss@quarry.example permanent user_unknown recipient 5.1.1'],
  'exchange-2010-recipient-not-found': ['bounce', 'h.lindqvist@stonebridge.example permanent user_unknown recipient 5.1.1'],
  'exchange-2019-remote-5.4.1': ['bounce', 'tomas.novak@millrace.example permanent user_unknown recipient 5.4.1'],
  'exchange-2007-relay-530': ['bounce', 'e.duarte@gorge.example permanent security_error sender_identity 5.7.1'],
  'exchange-german-user-unknown': ['bounce', 'juergen.gross@baeckerei.example permanent user_unknown recipient 5.1.10'],
  'exchange-french-group-closed': ['bounce', 'equipe@lavande.example permanent rejected recipient_policy 5.7.133'],
  'exchange-online-recipient-not-found': ['bounce', 'lena.fischer@brightwater.example permanent user_unknown recipient 5.1.10'],
  'exchange-online-sender-not-allowed': ['bounce', 'board@copperfield.example permanent rejected recipient_policy 5.7.134'],
  'gmail-address-not-found': ['bounce', 'paula.reyes@studio.example permanent user_unknown recipient 5.1.1'],
  'gmail-mailbox-full': ['bounce', 'nils.haugen@studio.example temporary mailbox_full recipient_temporary 5.2.2'],
  'gmail-dmarc': ['bounce', 'ida.brandt@studio.example permanent auth_failure sender_identity 5.7.26'],
  'gmail-report-domain-not-found': ['bounce', 'office@oldharbour.example permanent host_unknown recipient 5.1.2'],
  'yahoo-user-unknown': ['bounce', 'gina.rossi@lagoon.example permanent user_unknown recipient 5.0.0'],
  'yahoo-deferred-volume': ['delay', 'walter.kim@lagoon.example temporary rate_limited sender_reputation 4.7.0'],
  'outlook-com-mailbox-unavailable': ['bounce', 'mia.thorne@inlet.example permanent user_unknown recipient 5.5.0'],
  'outlook-com-ip-blocked': ['bounce', 'raj.patel@inlet.example permanent blocked sender_reputation 5.7.1'],
  'icloud-user-unknown': ['bounce', 'otto.lang@orchard.example permanent user_unknown recipient 5.1.1'],
  'icloud-over-quota': ['bounce', 'vera.santos@orchard.example temporary mailbox_full recipient_temporary 5.2.2'],
  'gmx-ip-blocked': [
    'bounce',
    'bernd.keller@marktplatz.example permanent blocked sender_reputation 5.0.0',
    'sabine.vogt@marktplatz.example permanent blocked sender_reputation 5.0.0',
    'uwe.arndt@marktplatz.example permanent blocked sender_reputation 5.0.0',
    'heike.jung@marktplatz.example permanent blocked sender_reputation 5.0.0',
  ],
  'gmx-user-unknown': ['bounce', 'ralf.busch@marktplatz.example permanent user_unknown recipient 5.0.0'],
  'amazon-ses-user-unknown': ['bounce', 'c.dubois@vineyard.example permanent user_unknown recipient 5.1.1'],
  'amazon-ses-suppressed': ['bounce', 't.egger@vineyard.example permanent suppressed sender_account 5.1.1'],
  'esp-html-report': ['bounce', 'k.yilmaz@bosporus.example permanent user_unknown recipient 5.1.1'],
  'powermta-bad-mailbox': ['bounce', 'f.adeyemi@savannah.example permanent user_unknown recipient 5.1.1'],
  'powermta-spam-related': ['bounce', 'd.mbeki@savannah.example permanent spam_detected content 5.7.1'],
  'opensmtpd-invalid-recipient': ['bounce', 'sven.dahl@puffin.example permanent user_unknown recipient -'],
  'courier-user-unknown': ['bounce', 'l.fontaine@granary.example permanent user_unknown recipient 5.0.0'],
  'haraka-bad-recipient': ['bounce', 'b.castellan@swift.example permanent user_unknown recipient 5.1.1'],
  'kumomta-user-unknown': ['bounce', 'y.tanaka@kestrel.example permanent user_unknown recipient 5.1.1'],
  'proofpoint-reputation': ['bounce', 's.whitaker@fulton.example permanent blocked sender_reputation 5.0.0'],
  'mimecast-policy': ['bounce', 'accounts@pemberton.example permanent policy_violation recipient_policy 5.0.0'],
  'barracuda-blocked': ['bounce', 'n.achebe@meridian.example permanent blocked sender_reputation 5.0.0'],
  'docomo-japanese': ['bounce', 'haruka.mori@denwa.example permanent user_unknown unknown -'],
  'yandex-russian': ['bounce', 'irina.volkova@bereg.example permanent user_unknown recipient 5.7.1'],
  'mailru-account-disabled': ['bounce', 'dmitri.sokolov@bereg.example permanent suspended recipient_policy 5.0.0'],
  'qq-chinese': ['bounce', 'wei.zhang@jiangnan.example permanent user_unknown recipient -'],
  'mailbox-full-for-weeks': ['bounce', 'clara.voss@marshland.example temporary mailbox_full recipient_temporary 5.2.2'],
  'mailbox-full-within-an-hour': ['bounce', 'emil.roth@marshland.example temporary mailbox_full recipient_temporary 4.2.2'],
  'greylisted-delay': ['delay', 'k.petrov@willow.example temporary rate_limited receiver_system 4.2.0'],
  'exim-warning-timeout': ['delay', 'noor.haddad@cedar.example temporary network_error network 4.0.0'],
  'sendmail-expired': ['bounce', 'ole.berg@skerry.example temporary network_error network 4.4.1'],
  'exchange-online-expired': ['bounce', 'reception@ironbridge.example temporary expired network 5.4.316'],
  'rate-limited': [
    'bounce',
    'anita.cole@breakwater.example temporary rate_limited sender_reputation 4.7.1',
    'june.park@breakwater.example temporary rate_limited sender_reputation 4.7.1',
  ],
  'mail-loop': ['bounce', 'desk@roundabout.example permanent network_error receiver_system 5.4.6'],
  'system-full': ['bounce', 'hanna.lund@pier.example temporary system_full receiver_system 4.3.1'],
  'spf-fail': ['bounce', 'lars.holm@aspen.example permanent auth_failure sender_identity 5.7.23'],
  'dkim-fail': ['bounce', 'ewa.nowak@linden.example permanent auth_failure sender_identity 5.7.20'],
  'dmarc-reject': ['bounce', 's.marino@olive.example permanent auth_failure sender_identity 5.7.1'],
  'reverse-dns-missing': ['bounce', 'jo.becker@birch.example permanent require_ptr sender_identity 5.7.25'],
  'relay-denied': ['bounce', 'zoe.clark@harborview.example permanent no_relaying receiver_system 5.7.1'],
  'submission-quota': [
    'bounce',
    'greta.ahl@fernway.example temporary rate_limited sender_account 5.2.2',
    'hugo.melin@fernway.example temporary rate_limited sender_account 5.2.2',
  ],
  'tls-required': ['bounce', 'claims@fortress.example temporary fail_to_tls receiver_system 4.7.4'],
  'spam-score': ['bounce', 't.arnold@juniper.example permanent spam_detected content 5.0.0'],
  'virus-found': ['bounce', 'press@chronicle.example permanent virus_detected content 5.7.1'],
  'message-too-big': ['bounce', 'archive@chronicle.example permanent message_too_big content 5.3.4'],
  'attachment-refused': ['bounce', 'editor@studio.example permanent content_error content 5.7.0'],
  'three-recipients': [
    'bounce',
    'marta.keen@threeways.example permanent user_unknown recipient 5.1.1',
    'noah.finch@threeways.example temporary mailbox_full recipient_temporary 4.2.2',
    'olga.stein@threeways.example permanent spam_detected content 5.7.1',
  ],
  'has-moved': ['bounce', 'vic.stone@relocated.example permanent has_moved recipient 5.1.6'],
  'forwarded-recipient': ['bounce', 'k.ito@alumni.example permanent user_unknown recipient 5.1.1'],
  'old-exchange-x500': ['bounce'],
  backscatter: ['bounce', 'random.name@pinewood.example permanent user_unknown recipient 5.1.1'],
  'complaint-with-recipient': ['feedback', 'iris.falk@lagoon.example none feedback recipient_policy -'],
  'complaint-by-returned-mail': ['feedback', 'ben.ortiz@inlet.example none feedback recipient_policy -'],
  'out-of-office-english': ['auto_reply', 'grace.wells@meadow.example none vacation unknown -'],
  'out-of-office-german': ['auto_reply', 'joerg.uebel@wiesen.example none vacation unknown -'],
  'out-of-office-japanese': ['auto_reply', 'h.mori@kaigan.example none vacation unknown -'],
  'success-report': ['delivered', 'lucy.grant@aspen.example none delivered unknown 2.0.0'],
  'person-answers': ['other'],
  newsletter: ['other'],
  'read-receipt': ['other'],
  'thread-quoting-a-bounce': ['other'],
  'spam-posing-as-a-bounce': ['other'],
  hostile: ['bounce', 'victim@hostile.example permanent user_unknown recipient 5.1.1'],
  'half-a-report': ['bounce', 'cut.short@estuary.example permanent user_unknown recipient 5.1.1'],
  'unknown-dialect': ['bounce', 'ada.quill@obscure.example permanent undefined unknown 5.0.0'],
};

const options = { senderDomains: ['larkfield.example'] };
const reports = new Map(readSamples().map(({ sample, raw }) => [sample.file, analyze(parseMail(raw), options)] as const));

describe('a sample shows what it is meant to show', () => {
  it.each(samples.map(({ file, shows }) => [file, shows] as const))('%s: %s', (file) => {
    const report = reports.get(file)!;
    const events = report.events.map((e) => `${e.recipient} ${e.class} ${e.category} ${e.fault} ${e.status ?? '-'}`);
    expect([report.kind, ...events]).toEqual(expected[file]);
  });

  it('believes that the returned mails are ours, except where none is', () => {
    const unverified = [...reports].filter(([, { kind, trust }]) => kind === 'bounce' && trust === 'unverified');
    expect(unverified.map(([file]) => file)).toEqual(['backscatter', 'half-a-report']);
  });
});
