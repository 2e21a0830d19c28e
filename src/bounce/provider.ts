/** Who runs the recipient's mail, by the host that refused, the words of its answer, or the recipient's domain. */
interface ProviderRow {
  readonly name: string;
  /**
   * Host names and domains that belong to the provider, with everything below them. None for block lists and filters, whose
   * words stand in answers of others.
   */
  readonly domains: readonly string[];
  /** Words, lower case, that only this provider's servers write. */
  readonly words?: readonly string[];
}

const PROVIDERS: readonly ProviderRow[] = [
  {
    name: 'google',
    domains: ['google.com', 'googlemail.com', 'gmail.com', 'gsmtp', 'smtp-in.l.google.com', 'psmtp.com'],
    words: [' gsmtp', ' gcdp', 'support.google.com/mail', 'support.google.com/a/'],
  },
  {
    name: 'microsoft',
    domains: [
      'outlook.com',
      'hotmail.com',
      'live.com',
      'msn.com',
      'office365.us',
      'partner.outlook.cn',
      'hotmail.fr',
      'hotmail.co.uk',
      'hotmail.de',
      'hotmail.it',
      'live.fr',
      'live.co.uk',
      'outlook.de',
      'outlook.fr',
      'frontbridge.com',
      'bigfish.com',
    ],
    words: ['.prod.outlook.com', '.protection.outlook.com', 'go.microsoft.com/fwlink', 'postmaster.live.com', 'mail.live.com'],
  },
  {
    name: 'yahoo-japan',
    domains: ['yahoo.co.jp', 'ybb.ne.jp'],
  },
  {
    name: 'yahoo',
    domains: [
      'yahoodns.net',
      'yahoo.com',
      'yahoo.net',
      'ymail.com',
      'rocketmail.com',
      'aol.com',
      'aim.com',
      'yahoo.co.uk',
      'yahoo.fr',
      'yahoo.de',
      'yahoo.it',
      'yahoo.es',
      'yahoo.co.in',
      'yahoo.ca',
      'yahoo.com.br',
      'yahoo.com.au',
      'verizon.net',
      'sky.com',
    ],
    words: [
      'postmaster.yahooinc.com',
      'senders.yahooinc.com',
      'help.yahoo.com',
      'postmaster.verizonmedia.com',
      'postmaster.aol.com',
    ],
  },
  { name: 'apple', domains: ['icloud.com', 'me.com', 'mac.com', 'apple.com', 'mail.icloud.com'], words: ['support.apple.com'] },
  { name: 'comcast', domains: ['comcast.net', 'comcast.com', 'xfinity.com'], words: ['postmaster.comcast.net'] },
  {
    name: 'att',
    domains: ['att.net', 'sbcglobal.net', 'bellsouth.net', 'ameritech.net', 'pacbell.net', 'prodigy.net', 'att-mail.com'],
    words: ['abuse_rbl@abuse-att.net'],
  },
  {
    name: 'charter',
    domains: ['charter.net', 'rr.com', 'twc.com', 'spectrum.net', 'charter.com', 'brighthouse.com', 'roadrunner.com'],
  },
  { name: 'cox', domains: ['cox.net', 'cox.com'] },
  { name: 'centurylink', domains: ['centurylink.net', 'centurytel.net', 'q.com', 'embarqmail.com'] },
  { name: 'earthlink', domains: ['earthlink.net', 'mindspring.com'] },
  { name: 'windstream', domains: ['windstream.net'] },
  {
    name: 'gmx',
    domains: ['gmx.net', 'gmx.de', 'gmx.at', 'gmx.ch', 'gmx.com', 'mail.com', 'web.de', 'mxlb.gmx.net'],
    words: ['postmaster.gmx', 'postmaster.web.de'],
  },
  { name: 'ionos', domains: ['kundenserver.de', '1and1.com', 'ionos.com', 'ionos.de', 'perfora.net', '1and1.co.uk'] },
  { name: 't-online', domains: ['t-online.de', 'telekom.de', 'magenta.de'] },
  { name: 'freenet', domains: ['freenet.de'] },
  { name: 'strato', domains: ['strato.de', 'rzone.de', 'smtpin.rzone.de'] },
  { name: 'orange', domains: ['orange.fr', 'wanadoo.fr', 'orange.net', 'voila.fr'] },
  { name: 'free', domains: ['free.fr', 'online.fr', 'proxad.net'] },
  { name: 'laposte', domains: ['laposte.net'] },
  { name: 'sfr', domains: ['sfr.fr', 'neuf.fr', 'cegetel.net', 'club-internet.fr', 'numericable.fr'] },
  { name: 'bouygues', domains: ['bbox.fr', 'bouyguestelecom.fr'] },
  { name: 'ovh', domains: ['ovh.net', 'ovh.com', 'ovhcloud.com'] },
  { name: 'gandi', domains: ['gandi.net'] },
  {
    name: 'libero',
    domains: [
      'libero.it',
      'iol.it',
      'inwind.it',
      'blu.it',
      'giallo.it',
      'italiaonline.it',
      'virgilio.it',
      'tin.it',
      'alice.it',
      'tim.it',
    ],
  },
  { name: 'aruba', domains: ['aruba.it', 'arubapec.it', 'pec.it'] },
  { name: 'tiscali', domains: ['tiscali.it', 'tiscali.com'] },
  { name: 'yandex', domains: ['yandex.ru', 'yandex.net', 'yandex.com', 'ya.ru'] },
  { name: 'mailru', domains: ['mail.ru', 'inbox.ru', 'list.ru', 'bk.ru', 'internet.ru', 'mxs.mail.ru'] },
  { name: 'rambler', domains: ['rambler.ru', 'lenta.ru', 'ro.ru'] },
  { name: 'ukrnet', domains: ['ukr.net'] },
  {
    name: 'tencent',
    domains: ['qq.com', 'foxmail.com', 'exmail.qq.com', 'vip.qq.com'],
    words: ['service.mail.qq.com', 'mail.qq.com/cgi-bin/help'],
  },
  { name: 'netease', domains: ['163.com', '126.com', 'yeah.net', 'netease.com', '188.com'], words: ['mail.163.com/help'] },
  { name: 'sina', domains: ['sina.com', 'sina.cn', 'sina.com.cn'] },
  { name: 'alibaba', domains: ['aliyun.com', 'mxhichina.com', 'alibaba-inc.com'] },
  { name: 'naver', domains: ['naver.com'] },
  { name: 'daum', domains: ['hanmail.net', 'daum.net', 'kakao.com'] },
  { name: 'docomo', domains: ['docomo.ne.jp'] },
  { name: 'kddi', domains: ['ezweb.ne.jp', 'au.com', 'dion.ne.jp'] },
  { name: 'softbank', domains: ['softbank.ne.jp', 'i.softbank.jp', 'vodafone.ne.jp', 'ymobile.ne.jp'] },
  { name: 'biglobe', domains: ['biglobe.ne.jp'] },
  { name: 'nifty', domains: ['nifty.com'] },
  { name: 'zoho', domains: ['zoho.com', 'zoho.eu', 'zohomail.com'] },
  { name: 'fastmail', domains: ['fastmail.com', 'fastmail.fm', 'messagingengine.com'] },
  { name: 'proton', domains: ['protonmail.ch', 'protonmail.com', 'proton.me', 'pm.me'] },
  {
    name: 'mimecast',
    domains: ['mimecast.com', 'mimecast.co.za', 'mimecast-offshore.com'],
    words: ['community.mimecast.com', 'mimecast.com'],
  },
  {
    name: 'proofpoint',
    domains: ['pphosted.com', 'ppe-hosted.com', 'proofpoint.com'],
    words: ['support.proofpoint.com', 'ipcheck.proofpoint.com'],
  },
  {
    name: 'barracuda',
    domains: ['barracudanetworks.com', 'barracuda.com', 'ess.barracudanetworks.com'],
    words: ['barracudanetworks.com/reputation'],
  },
  { name: 'broadcom', domains: ['messagelabs.com', 'symanteccloud.com'], words: ['messagelabs.com'] },
  { name: 'trendmicro', domains: ['trendmicro.com', 'trendmicro.eu'] },
  { name: 'cisco', domains: ['iphmx.com', 'ironport.com'] },
  { name: 'forcepoint', domains: ['mailcontrol.com', 'forcepoint.com'] },
  { name: 'sophos', domains: ['sophos.com', 'reflexion.net'] },
  { name: 'hornetsecurity', domains: ['hornetsecurity.com', 'antispameurope.com'] },
  { name: 'spamexperts', domains: ['antispamcloud.com', 'spamexperts.com', 'mtaroutes.com'] },
  { name: 'godaddy', domains: ['secureserver.net', 'godaddy.com'] },
  { name: 'rackspace', domains: ['emailsrvr.com', 'mailtrust.com', 'rackspace.com'] },
  {
    name: 'amazon',
    domains: ['amazonses.com', 'inbound-smtp.us-east-1.amazonaws.com', 'awsapps.com', 'amazon.com', 'amazonaws.com'],
  },
  { name: 'sendgrid', domains: ['sendgrid.net', 'sendgrid.com'] },
  { name: 'mailgun', domains: ['mailgun.org', 'mailgun.com'] },
  { name: 'hostinger', domains: ['hostinger.com', 'titan.email'] },
  { name: 'namecheap', domains: ['privateemail.com', 'registrar-servers.com'] },
  { name: 'dreamhost', domains: ['dreamhost.com'] },
  { name: 'infomaniak', domains: ['infomaniak.ch', 'infomaniak.com'] },
  { name: 'bluewin', domains: ['bluewin.ch'] },
  { name: 'telenet', domains: ['telenet.be'] },
  { name: 'proximus', domains: ['proximus.be', 'skynet.be', 'belgacom.be'] },
  { name: 'ziggo', domains: ['ziggo.nl', 'upcmail.nl', 'chello.nl'] },
  { name: 'kpn', domains: ['kpnmail.nl', 'kpn.com', 'planet.nl', 'xs4all.nl', 'hetnet.nl'] },
  { name: 'seznam', domains: ['seznam.cz', 'email.cz', 'post.cz'] },
  { name: 'wp', domains: ['wp.pl', 'o2.pl', 'tlen.pl'] },
  { name: 'onet', domains: ['onet.pl', 'op.pl', 'poczta.onet.pl', 'vp.pl'] },
  { name: 'interia', domains: ['interia.pl', 'poczta.fm'] },
  { name: 'home.pl', domains: ['home.pl'] },
  { name: 'bt', domains: ['btinternet.com', 'bt.com', 'btopenworld.com', 'cpcloud.co.uk'] },
  { name: 'talktalk', domains: ['talktalk.net', 'tiscali.co.uk'] },
  { name: 'virginmedia', domains: ['virginmedia.com', 'ntlworld.com', 'blueyonder.co.uk', 'virgin.net'] },
  { name: 'telstra', domains: ['bigpond.com', 'bigpond.net.au', 'telstra.com'] },
  { name: 'bell', domains: ['bell.net', 'sympatico.ca', 'bell.ca'] },
  { name: 'rogers', domains: ['rogers.com'] },
  { name: 'shaw', domains: ['shaw.ca'] },
  { name: 'telus', domains: ['telus.net', 'telus.com'] },
  { name: 'uol', domains: ['uol.com.br', 'bol.com.br'] },
  { name: 'terra', domains: ['terra.com.br', 'terra.com', 'terra.es'] },
  { name: 'locaweb', domains: ['locaweb.com.br'] },
  { name: 'facebook', domains: ['facebook.com', 'facebookmail.com'], words: ['facebook.com/postmaster'] },
  { name: 'verizon', domains: ['verizon.com'] },
  { name: 'cloudflare', domains: ['mx.cloudflare.net', 'cloudflare.net', 'cloudflare.com'] },
  { name: 'postmark', domains: ['mtasv.net', 'postmarkapp.com'] },
  { name: 'sparkpost', domains: ['sparkpostmail.com', 'sparkpost.com'] },
  { name: 'mandrill', domains: ['mandrillapp.com', 'mcsv.net', 'mailchimp.com'] },
  { name: 'mailchannels', domains: ['mailchannels.net', 'mailchannels.com'] },
  { name: 'trellix', domains: ['fireeyecloud.com', 'fireeyegov.com'] },
  // Block lists and filters, of whom only words are known.
  { name: 'spamhaus', domains: [] },
  { name: 'spamcop', domains: [] },
  { name: 'sorbs', domains: [] },
  { name: 'uceprotect', domains: [] },
  { name: 'abusix', domains: [] },
  { name: 'invaluement', domains: [] },
  { name: 'validity', domains: [] },
  { name: 'nixspam', domains: [] },
  { name: 'cloudmark', domains: [] },
  { name: 'vade', domains: [] },
  { name: 'rspamd', domains: [] },
  { name: 'spamassassin', domains: [] },
  { name: 'surbl', domains: [] },
  { name: 'mailspike', domains: [] },
  { name: 'psbl', domains: [] },
  { name: '0spam', domains: [] },
  { name: 'uribl', domains: [] },
  { name: 'gbudb', domains: [] },
  { name: 'dronebl', domains: [] },
  { name: 'blocklist.de', domains: [] },
  { name: 'spamrats', domains: [] },
  { name: 'hostkarma', domains: [] },
  { name: 'amavis', domains: [] },
];

const BY_DOMAIN: ReadonlyMap<string, string> = new Map(
  PROVIDERS.flatMap((row) => row.domains.map((domain) => [domain, row.name] as const)),
);

const WORDS = PROVIDERS.flatMap((row) => (row.words ?? []).map((word) => [word, row.name] as const));

const NAMES: ReadonlySet<string> = new Set(PROVIDERS.map((row) => row.name));

/** Whether a name is one of those given here, so that tables cannot speak of a provider that is never found. */
export function isProvider(name: string): boolean {
  return NAMES.has(name);
}

/** What is known of who refused. */
export interface ProviderClues {
  readonly remoteMta: string | null;
  readonly domain: string | null;
  /** The remote answer, in lower case. */
  readonly text: string;
}

/**
 * The name of the provider, `other` if none is known. The host that refused goes first: it says who runs the mail of a domain
 * that is the customer's own.
 */
export function providerOf({ remoteMta, domain, text }: ProviderClues): string {
  return ownerOf(remoteMta) ?? WORDS.find(([word]) => text.includes(word))?.[1] ?? ownerOf(domain) ?? 'other';
}

function ownerOf(host: string | null): string | null {
  let rest = host?.trim().toLowerCase().replace(/\.$/, '') ?? '';
  // At most as many steps as a host name has labels.
  for (let steps = 0; rest.includes('.') && steps < 16; steps++) {
    const owner = BY_DOMAIN.get(rest);
    if (owner) return owner;
    rest = rest.slice(rest.indexOf('.') + 1);
  }
  return null;
}
