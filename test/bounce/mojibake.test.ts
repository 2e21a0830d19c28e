import { expect, it } from 'vitest';
import { undoMojibake } from '../../src/bounce/mojibake.ts';

const misread = (text: string) => new TextDecoder('windows-1252').decode(Buffer.from(text));

it.each(['Empfänger unbekannt – „anna“', 'Получатель не найден', '宛先不明'])(
  'reads %s again that was taken for Latin',
  (text) => {
    expect(undoMojibake(misread(text))).toBe(text);
  },
);

it.each(['Empfänger: à Ávila', 'plain words', 'Ã', 'Ã¤ and a real ä', '宛先'])('leaves %s as it is', (text) => {
  expect(undoMojibake(text)).toBe(text);
});
