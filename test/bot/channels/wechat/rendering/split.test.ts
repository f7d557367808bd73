import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteLength, split } from '../../../../../bot/channels/wechat/rendering/split.ts';

describe('where a text is cut', () => {
  it.each([
    ['一二三。四五六。', 30, ['一二三。四五六。'], 'not at all while it fits'],
    ['一二三四\n\n五六。七八', 27, ['一二三四', '五六。七八'], 'at a blank line before a sentence'],
    ['一二三四\n五六。七八九', 26, ['一二三四', '五六。七八九'], 'at a line end before a sentence'],
    ['一二三。四五六七，八九', 27, ['一二三。四五六七，', '八九'], 'not so far ahead that it would cost a message more'],
    ['一二三四。五，六七八九', 27, ['一二三四。', '五，六七八九'], 'at a sentence before a comma'],
    ['他说“一二。”三，四五', 27, ['他说“一二。”', '三，四五'], 'behind the quotation mark of a sentence'],
    ['一二三四、五六七八九', 27, ['一二三四、', '五六七八九'], 'at a comma before the middle of a word'],
    ['filing number of the site', 20, ['filing number of', 'the site'], 'at a space'],
    ['一二三四五六', 9, ['一二三', '四五六'], 'between characters where there is nothing else'],
    ['家👨‍👩‍👧‍👦人', 27, ['家', '👨‍👩‍👧‍👦', '人'], 'never within what readers see as one character'],
    ['请看https://a.cn/一', 14, ['请看', 'https://a.cn/', '一'], 'never within an address'],
    ['一<a href="https://a.cn/">系统 一</a>二', 40, ['一', '<a href="https://a.cn/">系统 一</a>', '二'], 'nor within a link'],
    ['https://a.cn/123456', 10, ['https://a.', 'cn/123456'], 'but in one that no message could carry'],
    ['👨‍👩‍👧‍👦', 10, ['👨‍', '👩‍', '👧‍', '👦'], 'and in a character that none could'],
    ['', 10, [], 'nothing gives nothing'],
    [' \n ', 10, [], 'nor does white space'],
  ])('%j in %d bytes (%#)', (text, limit, parts) => {
    expect(split(text, limit)).toEqual(parts);
  });

  it('keeps every character in order and every part within its limit', () => {
    const stretch = fc.oneof(
      fc.constantFrom('备案', '，', '。', '\n', '\n\n', ' ', '👨‍👩‍👧‍👦', '🇨🇳', 'e\u0301', 'filing', '“', '”', '1. '),
      fc.string({ unit: 'grapheme' }),
    );
    const text = fc.array(stretch, { maxLength: 80 }).map((stretches) => stretches.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 40, max: 200 }), (said, limit) => {
        const parts = split(said, limit);
        expect(parts.join('').replace(/\s/g, '')).toBe(said.replace(/\s/g, ''));
        for (const part of parts) expect([part.isWellFormed(), part !== '', byteLength(part) <= limit]).toEqual([true, true, true]);
      }),
      { numRuns: 300 },
    );
  });

  it('leaves whole what has to stay whole, wherever it stands', () => {
    const whole = ['👨‍👩‍👧‍👦', '🇨🇳', 'https://beian.miit.gov.cn/#/Integrated', '<a href="https://a.cn/?q=1,2">工信部，备案系统。</a>'];
    const text = fc.array(fc.oneof(fc.constantFrom(...whole), fc.constantFrom('备', '。', '，', '\n')), { maxLength: 60 });
    const count = (said: string, piece: string) => said.split(piece).length;
    fc.assert(
      fc.property(text, fc.integer({ min: 70, max: 150 }), (stretches, limit) => {
        // A space behind each, as between two addresses one would not know where the first ends.
        const said = stretches.join(' ');
        const shown = split(said, limit).join('|');
        for (const piece of whole) expect(count(shown, piece)).toBe(count(said, piece));
      }),
      { numRuns: 300 },
    );
  });
});
