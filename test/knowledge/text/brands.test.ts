import { describe, expect, it } from 'vitest';
import { brands, withoutBrands } from '../../../knowledge/text/brands.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';

const names = Object.entries(brands).flatMap(([word, own]) => own.map((name): [string, string] => [name, word]));

describe('the name of a firm or product', () => {
  it.each(names)('%s stands for %s', (name, word) => {
    expect(withoutBrands(`我在${name}上`)).toBe(`我在${word}上`);
  });

  it('stands once in the list, as it is written after normalizing', () => {
    expect(new Set(names.map(([name]) => name)).size).toBe(names.length);
    expect(names.map(([name]) => normalize(name))).toEqual(names.map(([name]) => name));
  });

  it.each([
    ['从阿里云换到腾讯云', '从云厂商换到云厂商'],
    ['百度智能云的备案', '云厂商的备案'],
    ['godaddy买的域名', '国外注册商买的域名'],
    ['gpt套壳', 'ai套壳'],
    ['gpts和chatgpt4', 'gpts和ai4'],
    ['laws里没写', 'laws里没写'],
    ['awsome', 'awsome'],
    ['网站备案', '网站备案'],
    ['网站上线了没备案', '网站上线了没备案'],
    ['新增一个新网站', '新增一个新网站'],
    ['新网页和新网址', '新网页和新网址'],
    ['几百万网民', '几百万网民'],
    ['在新网买的域名', '在云厂商买的域名'],
  ])('%s is read as %s', (text, read) => {
    expect(withoutBrands(text)).toBe(read);
  });
});
