import fc from 'fast-check';
import { Converter } from 'opencc-js';
import * as preset from 'opencc-js/preset/t2cn';
import { describe, expect, it } from 'vitest';
import { essence, longestMatchedText, normalize } from '../../../knowledge/text/normalize.ts';

describe('normalized text', () => {
  it.each([
    ['ＩＣＰ备案　１２３', 'icp备案 123', 'full width'],
    ['備案密碼忘記了怎麼辦', '备案密码忘记了怎么办', 'traditional characters'],
    ['伺服器在香港，網路資訊服務', '服务器在香港,网络信息服务', 'words of Taiwan'],
    ['程序里面的后台', '程序里面的后台', 'simplified text that a Taiwan table would change'],
    ['  备案 \n\t 要多久  ', '备案 要多久', 'white space'],
    ['备\u200b案\u202e要\u0000多久', '备 案 要 多久', 'invisible and control characters'],
    ['ICP', 'icp', 'case'],
    ['', '', 'nothing'],
  ])('%o becomes %o (%s)', (text, expected) => {
    expect(normalize(text)).toBe(expected);
  });

  it('has every phrase of the tables converted, though a text of simplified characters is left alone', () => {
    const toSimplified = Converter({ from: 't', to: 'cn' });
    const tables = (preset.to.cn ?? []).flat(2) as string[];
    const phrases = tables.flatMap((table) => table.split('|').map((line) => line.split(' ')[0] ?? ''));
    expect(phrases.length).toBeGreaterThan(3000);
    for (const phrase of phrases) {
      const isLeftAlone = normalize(phrase) === phrase;
      expect(`${phrase} ${isLeftAlone}`).toBe(`${phrase} ${toSimplified(phrase) === phrase}`);
    }
  });

  it('stays the same when normalized again, is bounded and well-formed, whatever came in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const once = normalize(text);
        expect(normalize(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
    expect(normalize('备'.repeat(100_000)).length).toBeLessThanOrEqual(longestMatchedText);
  });

  it('has an essence without punctuation and spaces', () => {
    expect(essence('备案，要 多久？？')).toBe('备案要多久');
    expect(essence('？！…')).toBe('');
  });
});
