import { parseXml } from '@rgrove/parse-xml';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallbackRefused } from '../../../../bot/channels/wechat/refusal.ts';
import { readXml, writeXml } from '../../../../bot/channels/wechat/xml.ts';
import { isThorough } from '../../../support/sample.ts';

describe('what callbacks are written in', () => {
  it.each([
    ['the space of what was typed', '<xml><Content><![CDATA[ a  b ]]></Content></xml>', 'Content', ' a  b '],
    ['leading zeros', '<xml><MsgId>0123</MsgId></xml>', 'MsgId', '0123'],
    [
      'what looks like a document type, where somebody has typed it',
      '<xml><Content><![CDATA[<!DOCTYPE html>]]></Content></xml>',
      'Content',
      '<!DOCTYPE html>',
    ],
    ['characters without a place in XML, left out', '<xml><Content><![CDATA[a\u001db\u0000]]></Content></xml>', 'Content', 'ab'],
    ['a mark of byte order and a declaration', '\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<xml><A>1</A></xml>', 'A', '1'],
    ['the five entities', '<xml><A>&lt;&amp;&gt;&quot;&apos;</A></xml>', 'A', `<&>"'`],
    ['nothing', '<xml><A/></xml>', 'A', ''],
  ])('is read with %s', (_, document, name, value) => {
    expect(readXml(document).get(name)).toBe(value);
  });

  it('is read with its lists', () => {
    const fields = readXml(
      '<xml><SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo></xml>',
    );
    const list = fields.get('SendPicsInfo');
    expect(list).toEqual(
      new Map<string, unknown>([
        ['Count', '2'],
        ['PicList', new Map([['item', [new Map([['PicMd5Sum', 'a']]), new Map([['PicMd5Sum', 'b']])]]])],
      ]),
    );
  });

  it.each([
    ['a document type', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['entities of its own', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><A>&a;</A></xml>'],
    ['an entity nobody has named', '<xml><A>&a;</A></xml>'],
    ['attributes', '<xml a="1"><A>1</A></xml>'],
    ['attributes further in', '<xml><A a="1">1</A></xml>'],
    ['a field given twice', '<xml><Content>1</Content><Content>2</Content></xml>'],
    ['names that reach into objects', '<xml><__proto__>1</__proto__></xml>'],
    ['tags left open', '<xml><A>1</xml>'],
    ['a section left open', '<xml><A><![CDATA[1</A></xml>'],
    ['another root', '<html><A>1</A></html>'],
    ['text between its fields', '<xml>a<A>1</A></xml>'],
    ['seven levels', `${'<xml>'}${'<a>'.repeat(7)}${'</a>'.repeat(7)}</xml>`],
    ['ten thousand levels', `<xml>${'<a>'.repeat(10_000)}`],
    ['five hundred fields', `<xml>${Array.from({ length: 500 }, (_, at) => `<a${at}>1</a${at}>`).join('')}</xml>`],
    ['more than 64 KiB', `<xml><A>${'a'.repeat(65_536)}</A></xml>`],
    ['nothing', ''],
  ])('is refused with %s', (_, document) => {
    expect(() => readXml(document)).toThrow(CallbackRefused);
  });

  it('is never anything but read or refused, whatever is in it', () => {
    const pieces = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<![CDATA[',
      ']]>',
      '<',
      '>',
      '&',
      '&amp;',
      '&#0;',
      '&#x10FFFF;',
      '<!--',
      '-->',
      '<?',
      '?>',
      'a',
      '备',
      '\u0000',
      '/',
      '"',
      '<!DOCTYPE',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        try {
          expect(readXml(`<xml>${parts.join('')}</xml>`)).toBeInstanceOf(Map);
        } catch (error) {
          expect(error).toBeInstanceOf(CallbackRefused);
        }
      }),
      { numRuns: isThorough ? 2_000 : 500 },
    );
  });
});

describe('what answers are written in', () => {
  it('is one line, with text as sections and numbers bare', () => {
    const written = writeXml('xml', [
      ['ToUserName', 'oUSER'],
      ['CreateTime', 1_790_000_000],
      ['Content', 'a ]]> b'],
    ]);
    expect(written).toBe(
      '<xml><ToUserName><![CDATA[oUSER]]></ToUserName><CreateTime>1790000000</CreateTime><Content><![CDATA[a ]]]]><![CDATA[> b]]></Content></xml>',
    );
  });

  it('is read again by any reader, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = writeXml('xml', [['Content', text]]);
        expect(readXml(written).get('Content')).toBe(parseXml(written).text);
      }),
    );
  });
});
