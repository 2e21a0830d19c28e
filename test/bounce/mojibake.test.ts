import { expect, it } from 'vitest';
import { undoMojibake } from '../../src/bounce/mojibake.ts';
import { decodeCharset } from '../../src/mime/charset.ts';

const misread = (text: string) => decodeCharset(Buffer.from(text), 'windows-1252');

it.each(['Empfänger unbekannt – „anna“', 'Получатель не найден', '宛先不明'])(
  'reads %s again that was taken for Latin',
  (text) => {
    expect(undoMojibake(misread(text))).toBe(text);
  },
);

it.each(['Empfänger: à Ávila', 'plain words', 'Ã', 'Ã¤ and a real ä', '宛先'])('leaves %s as it is', (text) => {
  expect(undoMojibake(text)).toBe(text);
});
