import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import type { BounceReport } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';

/** A report by somebody who is no known daemon, from the null sender. */
function report(subject: string, text: string, from = 'info@hosting.example.org'): BounceReport {
  const encoded = `=?utf-8?B?${Buffer.from(subject).toString('base64')}?=`;
  const header = ['Return-Path: <>', `From: ${from}`, 'To: news@shop.example.com', `Subject: ${encoded}`];
  return analyze(parseMail(Buffer.from([...header, 'Content-Type: text/plain; charset=utf-8', '', text, ''].join('\n'))));
}

// Sentences as a native would write them, not the rows of the tables.
const FAILED: readonly (readonly [language: string, subject: string, text: string])[] = [
  [
    'de',
    'Unzustellbar: Ihre Bestellung',
    'Ihre Nachricht hat einige Empfänger nicht erreicht und konnte nicht zugestellt werden:\n\nanna@example.net\n550 5.1.1 unbekannt',
  ],
  [
    'fr',
    'Échec de la remise : commande',
    "Votre message n'a pas pu être remis aux destinataires suivants :\n\n  anna@example.net\n  550 5.1.1 inconnu",
  ],
  [
    'es',
    'No se puede entregar: pedido',
    'No se pudo entregar su mensaje a los siguientes destinatarios:\n\nanna@example.net (550 5.1.1 desconocido)',
  ],
  [
    'it',
    'Mancato recapito: ordine',
    'Non è stato possibile recapitare il messaggio a:\n\n<anna@example.net>: 550 5.1.1 sconosciuto',
  ],
  [
    'pt',
    'Falha na entrega da mensagem',
    'A sua mensagem não foi entregue ao destinatário anna@example.net. O servidor respondeu: 550 5.1.1',
  ],
  [
    'nl',
    'Onbestelbaar: bestelling',
    'Uw bericht kon niet worden afgeleverd bij:\n\nOntvanger: anna@example.net\nReden: 550 5.1.1 onbekend',
  ],
  ['sv', 'Det går inte att leverera: order', 'Ditt meddelande kunde inte levereras till anna@example.net:\n550 5.1.1 okänd'],
  ['da', 'Ikke leveret: ordre', 'Din besked kunne ikke leveres til modtageren.\n\nModtager: anna@example.net\n550 5.1.1 ukendt'],
  ['nb', 'Kan ikke leveres: ordre', 'Meldingen ble ikke levert til anna@example.net\n550 5.1.1 ukjent'],
  ['fi', 'Viestiä ei voitu toimittaa', 'Viestiäsi ei voitu toimittaa vastaanottajalle anna@example.net.\n550 5.1.1 tuntematon'],
  ['pl', 'Niedostarczona wiadomość', 'Nie można było dostarczyć wiadomości do: \n\nanna@example.net\n550 5.1.1 nieznany'],
  ['cs', 'Nedoručitelné: objednávka', 'Vaši zprávu se nepodařilo doručit příjemci anna@example.net: 550 5.1.1'],
  ['sk', 'Nedoručiteľná správa', 'Vašu správu nebolo možné doručiť na adresu anna@example.net: 550 5.1.1'],
  ['hu', 'Kézbesíthetetlen: rendelés', 'Az üzenetét nem sikerült kézbesíteni a következő címre:\n\nanna@example.net\n550 5.1.1'],
  ['ro', 'Mesaj nelivrat', 'Mesajul nu a putut fi livrat către anna@example.net (550 5.1.1)'],
  ['tr', 'İleti teslim edilemedi', 'İletiniz aşağıdaki alıcıya teslim edilemedi:\n\nanna@example.net\n550 5.1.1'],
  ['el', 'Αποτυχία παράδοσης', 'Το μήνυμά σας δεν παραδόθηκε στον παραλήπτη anna@example.net: 550 5.1.1'],
  ['ru', 'Недоставленное сообщение', 'Ваше письмо не было доставлено получателю:\n\nanna@example.net\n550 5.1.1'],
  ['uk', 'Повідомлення не доставлено', 'Ваш лист не вдалося доставити на адресу anna@example.net: 550 5.1.1'],
  ['bg', 'Неуспешна доставка', 'Съобщението не може да бъде доставено до anna@example.net: 550 5.1.1'],
  ['hr', 'Neuspjela isporuka', 'Vašu poruku nije moguće isporučiti primatelju anna@example.net: 550 5.1.1'],
  ['et', 'Kohaletoimetamine nurjus', 'Teie kirja ei õnnestunud edastada aadressile anna@example.net: 550 5.1.1'],
  ['lv', 'Ziņojums nav piegādāts', 'Jūsu vēstuli nevarēja piegādāt adresātam anna@example.net: 550 5.1.1'],
  ['lt', 'Laiškas nepristatytas', 'Jūsų laiško nepavyko pristatyti adresatui anna@example.net: 550 5.1.1'],
  ['ja', 'メールを配信できませんでした', '次の宛先にメールを配信できませんでした。\n\n宛先: anna@example.net\n550 5.1.1'],
  ['zh-Hans', '退信通知', '您的邮件无法送达以下收件人：\n\n收件人：anna@example.net\n原因：550 5.1.1'],
  ['zh-Hant', '郵件無法傳遞', '您的郵件無法傳遞給下列收件者：\n\nanna@example.net\n550 5.1.1'],
  ['ko', '메일 발송 실패', '다음 수신자에게 메일을 전달하지 못했습니다.\n\n수신자: anna@example.net\n550 5.1.1'],
  ['vi', 'Không gửi được thư', 'Thư của bạn không thể gửi đến anna@example.net: 550 5.1.1'],
  ['th', 'การส่งล้มเหลว', 'ไม่สามารถส่งข้อความถึง anna@example.net ได้: 550 5.1.1'],
  ['id', 'Pengiriman gagal', 'Pesan Anda tidak dapat dikirim ke anna@example.net: 550 5.1.1'],
  ['he', 'המסירה נכשלה', 'לא ניתן היה למסור את ההודעה אל anna@example.net: 550 5.1.1'],
  ['ar', 'فشل تسليم الرسالة', 'تعذر تسليم رسالتك إلى anna@example.net: 550 5.1.1'],
];

const DELAYED: readonly (readonly [language: string, subject: string, text: string])[] = [
  [
    'de',
    'Verzögerte Zustellung',
    'Ihre Nachricht konnte noch nicht zugestellt werden. Es wird weiterhin versucht, sie zuzustellen:\n\nanna@example.net',
  ],
  ['fr', 'Remise retardée', "La remise de votre message a été retardée ; il n'a pas encore été remis à :\n\nanna@example.net"],
  ['es', 'Entrega retrasada', 'La entrega de su mensaje se ha retrasado y se reintentará:\n\nanna@example.net'],
  ['it', 'Consegna in ritardo', 'Il messaggio non è ancora stato consegnato a:\n\nanna@example.net'],
  ['pt', 'Entrega atrasada', 'A entrega da sua mensagem está atrasada e será tentada novamente:\n\nanna@example.net'],
  ['nl', 'Vertraagde bezorging', 'Uw bericht is nog niet bezorgd; het wordt opnieuw geprobeerd:\n\nanna@example.net'],
  ['ru', 'Задержка доставки', 'Доставка письма задерживается, попытки будут продолжены:\n\nanna@example.net'],
  ['ja', 'メールの配信が遅れています', '次の宛先への配信が遅延しています。\n\nanna@example.net'],
];

describe.each(FAILED)('%s', (_, subject, text) => {
  it('a failure, and who it is about', () => {
    const { kind, events } = report(subject, text);
    expect([kind, ...events.map(({ recipient, status }) => [recipient, status])]).toEqual([
      'bounce',
      ['anna@example.net', '5.1.1'],
    ]);
  });

  it('no failure where a person wrote it', () => {
    const raw = [
      'Return-Path: <eva@example.org>',
      'From: Eva <eva@example.org>',
      'To: news@shop.example.com',
      'Subject: Re: mail',
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
    ];
    expect(analyze(parseMail(Buffer.from(raw.join('\n')))).kind).toBe('other');
  });
});

describe.each(DELAYED)('%s', (_, subject, text) => {
  it('a delay', () => {
    const { kind, events } = report(subject, text);
    expect([kind, ...events.map(({ recipient }) => recipient)]).toEqual(['delay', 'anna@example.net']);
  });
});
