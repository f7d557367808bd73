import fc from 'fast-check';
import { expect, it } from 'vitest';
import { illegalCharacter, readXml, writeXml } from './xml.ts';

it('writes what people type as WeChat does, control characters included', () => {
  expect(
    writeXml([
      ['Content', 'a ]]> b\u001d'],
      ['CreateTime', 1790000000],
      ['List', [['item', [['A', 'x']]]]],
    ]),
  ).toBe(
    '<xml><Content><![CDATA[a ]]]]><![CDATA[> b\u001d]]></Content><CreateTime>1790000000</CreateTime><List><item><A><![CDATA[x]]></A></item></List></xml>',
  );
});

it('reads what it writes', () => {
  const root = readXml(
    writeXml([
      ['Content', 'a ]]> b & <c> 😀\n'],
      ['Id', 23456789012345678n],
    ]),
  );
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['Content', 'a ]]> b & <c> 😀\n'],
    ['Id', '23456789012345678'],
  ]);
});

it('reads whatever it writes', () => {
  const piece = fc.oneof(fc.constantFrom(']]>', '<', '&', '&amp;', '\n', ' '), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
  const text = fc.string({ unit: piece, maxLength: 30 }).filter((value) => !illegalCharacter.test(value));
  fc.assert(
    fc.property(text, (value) => {
      expect(readXml(writeXml([['A', value]])).children).toEqual([{ name: 'A', text: value, children: [] }]);
    }),
  );
});

it('reads references', () => {
  expect(readXml('<xml><A>&lt;&amp;&#x1F600;&#65;</A></xml>').children[0]?.text).toBe('<&😀A');
});

it.each([
  ['a declaration', '<?xml version="1.0"?><xml></xml>'],
  ['a document type', '<!DOCTYPE xml><xml></xml>'],
  ['another root', '<XML></XML>'],
  ['white space between elements', '<xml>\n<A>1</A>\n</xml>'],
  ['something behind it', '<xml></xml>\n'],
  ['an attribute', '<xml a="1"></xml>'],
  ['a comment', '<xml><!-- --></xml>'],
  ['an element that is not closed', '<xml><A></xml>'],
  ['a section that ended too early', '<xml><A><![CDATA[a ]]> b]]></A></xml>'],
  ['a section that does not end', '<xml><A><![CDATA[a</A></xml>'],
  ['a bare ampersand', '<xml><A>a & b</A></xml>'],
  ['an unknown entity', '<xml><A>&bomb;</A></xml>'],
  ['a control character', '<xml><A><![CDATA[\u001d]]></A></xml>'],
  ['a reference to one', '<xml><A>&#x1d;</A></xml>'],
  ['half of a pair', '<xml><A><![CDATA[\ud83d]]></A></xml>'],
  ['too many levels', `<xml>${'<a>'.repeat(9)}${'</a>'.repeat(9)}</xml>`],
])('refuses %s', (_, source) => {
  expect(() => readXml(source)).toThrow();
});
