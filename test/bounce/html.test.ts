import { expect, it } from 'vitest';
import { htmlToText } from '../../src/bounce/html.ts';

it('gives blocks lines of their own, cells tabs, and drops scripts, styles, comments', () => {
  expect(
    htmlToText(
      '<html><head><title>x</title><style>p{}</style></head><body><p>One<br>two</p><!-- no --><script>if (a<b) {}</script><table><tr><td>a</td><td>b</td></tr></table></body></html>',
    ),
  ).toBe('One\ntwo\n\na\tb');
});

it('decodes entities once', () => {
  expect(htmlToText('&lt;anna&#64;example.net&gt; &amp;amp; &#xE4;&nbsp;&unknown;')).toBe('<anna@example.net> &amp; ä &unknown;');
});

it('keeps an address that was written into HTML without escaping', () => {
  expect(htmlToText('Sent to <anna@example.net> in vain')).toBe('Sent to <anna@example.net> in vain');
});

it('leaves out what nobody sees', () => {
  expect(htmlToText('<p>seen</p><p style="color:red; display: none">hidden</p><div style="display:none">too<br>').trim()).toBe(
    'seen\n\ntoo',
  );
});
