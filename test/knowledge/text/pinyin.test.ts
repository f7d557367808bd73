import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzySyllable, reading, splitPinyin } from '../../../knowledge/text/pinyin.ts';

describe('pinyin', () => {
  it.each([
    ['beian', 'bei an'],
    ['mima', 'mi ma'],
    ['zhuanrengong', 'zhuan ren gong'],
    ['yumingchongtu', 'yu ming chong tu'],
    ['lvse', 'lv se'],
    ['xian', 'xian'],
    ['shuang', 'shuang'],
  ])('%s is split into %s', (letters, expected) => {
    expect(splitPinyin(letters)?.join(' ')).toBe(expected);
  });

  it.each(['icp', 'http', 'beianx', 'cdn', 'v', '', 'ü'])('%o is not pinyin from end to end', (letters) => {
    expect(splitPinyin(letters) ?? []).toEqual([]);
  });

  it('is split into parts that are the whole, for any syllables joined', () => {
    const syllable = fc.constantFrom('bei', 'an', 'mi', 'ma', 'zhuang', 'e', 'xiong', 'nv', 'er');
    fc.assert(
      fc.property(fc.array(syllable, { minLength: 1, maxLength: 30 }), (syllables) => {
        expect(splitPinyin(syllables.join(''))?.join('')).toBe(syllables.join(''));
      }),
    );
  });

  it('of a character is its usual reading', () => {
    expect([...'备案密码绿'].map(reading)).toEqual(['bei', 'an', 'mi', 'ma', 'lv']);
  });

  it.each([
    ['zhong', 'zon'],
    ['chang', 'can'],
    ['shi', 'si'],
    ['lan', 'nan'],
    ['lang', 'nan'],
  ])('that sounds alike to many is made equal: %s -> %s', (syllable, expected) => {
    expect(fuzzySyllable(syllable)).toBe(expected);
  });
});
