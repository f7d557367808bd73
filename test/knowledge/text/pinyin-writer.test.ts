import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalize } from '../../../knowledge/text/normalize.ts';
import { PinyinWriter } from '../../../knowledge/text/pinyin-writer.ts';
import { realKnowledge } from '../../support/knowledge.ts';

const texts = realKnowledge().entries.flatMap(({ question, phrasings, keywords }) => [question, ...phrasings, ...keywords]);
const writer = new PinyinWriter(() => texts, new Set(['icp', 'api', 'edi', 'license', 'beian']));
const written = (text: string) => writer.write(normalize(text));

describe('typed pinyin', () => {
  it.each([
    ['all of it', 'beian mima wangle', '备案密码忘了'],
    ['one syllable at a time', 'bei an yao duo jiu', '备案要多久'],
    ['without spaces', 'beianyaoduojiu', '备案要多久'],
    ['with apostrophes', "bei'an yao duojiu", '备案要多久'],
    ['in capitals and full width', 'ＢＥＩＡＮ Yao Duojiu', '备案要多久'],
    ['as the south says it', 'wangzan beian sibai le zenme ban', '网站备案失败了怎么办'],
    ['with a second reading of a character', 'wangzhan hai neng da kai ma', '网站还能打开吗'],
    ['between characters', '我的 beian mima 忘了', '我的 备案密码 忘了'],
    ['after a word of the trade that is no pinyin', 'icp xukezheng zenme ban', 'icp 许可证怎么办'],
    [
      'as a long story without a point',
      'wo de wangzhan yiqian zai aliyun beian guo le xianzai xiang huan dao tengxunyun qing wen yao bu yao chongxin beian yao duojiu neng ban hao',
      '我的网站以前在阿里云备案过了现在想换到腾讯云请问要不要重新备案要多久能办号',
    ],
    ['among punctuation', 'beian yao shualian ma，hai yao bu yao paizhao?', '备案要刷脸吗,还要不要拍照?'],
  ])('%s is written in characters', (_, typed, characters) => {
    expect(written(typed)).toBe(characters);
  });

  it.each([
    ['English', 'how can i file a website'],
    ['a word of the trade that could be pinyin', 'api 接口要备案吗'],
    ['a name that the trade does not know', 'weibo sina'],
    ['a domain name', 'qinghe.com 的备案'],
    ['a domain name that is made of words', 'wangzhan.beian.com 是我的'],
    ['an address', 'mima@163.com'],
    ['no letters', '备案要多久'],
    ['nothing', ''],
  ])('%s stays as it is', (_, text) => {
    expect(written(text)).toBe(text);
  });

  it('of any length and kind is read in bounded time, to the end, and the rest of the text is kept', () => {
    const pieces = fc.constantFrom('beian', 'yao', 'duojiu', ' ', '，', '备案', 'x', 'an', "'", '12', 'q');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = normalize(parts.join(''));
        const kept = (of: string) => of.replace(/[^\d,]/g, '');
        expect(kept(writer.write(text))).toBe(kept(text));
      }),
    );
    expect(writer.write('bei'.repeat(5000))).toBe('bei'.repeat(5000));
  });
});
