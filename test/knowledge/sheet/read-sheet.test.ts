import { describe, expect, it } from 'vitest';
import { hasLostCharacters } from '../../../knowledge/sheet/decode-sheet.ts';
import { readSheet } from '../../../knowledge/sheet/read-sheet.ts';
import { encoded, planTopicCsv, subjectCsv, topicCsv, worded } from './sample.ts';

const gbkCodes = new Map<string, number[]>();
for (let lead = 0x81; lead <= 0xfe; lead += 1) {
  for (let trail = 0x40; trail <= 0xfe; trail += 1) {
    const character = new TextDecoder('gb18030').decode(Uint8Array.of(lead, trail));
    if (character.length === 1 && !gbkCodes.has(character)) gbkCodes.set(character, [lead, trail]);
  }
}

/** As Chinese Excel saves plain "CSV": what GBK does not have becomes a question mark. */
function gbk(text: string): Uint8Array {
  return Uint8Array.from(
    [...text].flatMap((character) => (character < '\x80' ? [character.charCodeAt(0)] : (gbkCodes.get(character) ?? [0x3f]))),
  );
}

function utf16(text: string, bigEndian = false): Uint8Array {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

const csv = topicCsv();
const separatedBy = (separator: string) => csv.replace(/"(?:[^"]|"")*"|,/g, (part) => (part === ',' ? separator : part));
const small = (rows: string) => encoded(`编号,标准问题\r\n${rows}`);

function faultsOf(bytes: Uint8Array): string[] {
  const { faults } = readSheet(bytes);
  return worded(faults);
}

describe('a sheet', () => {
  it('opens in Excel: UTF-8 with its mark, CRLF, Chinese headings', () => {
    const bytes = encoded(topicCsv());
    expect(topicCsv()).toMatch(/^编号,分类编号,分类名称,标准问题,/);
    expect(readSheet(bytes)).toMatchObject({ kind: 'topics', faults: [], notices: [], encoding: 'utf-8' });
    expect(readSheet(encoded(subjectCsv()))).toMatchObject({ kind: 'subjects', faults: [], notices: [] });
  });

  it.each<[string, Uint8Array, string]>([
    ['UTF-8 with a mark', encoded(`\uFEFF${csv}`), 'utf-8'],
    ['UTF-8 without one', encoded(csv), 'utf-8'],
    ['LF', encoded(csv.replaceAll('\r\n', '\n')), 'utf-8'],
    ['CRLF everywhere', encoded(csv.replace(/\r?\n/g, '\r\n')), 'utf-8'],
    ['semicolons', encoded(separatedBy(';')), 'utf-8'],
    ['tabs, as Unicode text', utf16(separatedBy('\t')), 'utf-16'],
    ['UTF-16 from the other end', utf16(csv, true), 'utf-16'],
    ['a hint for the separator', encoded(`\uFEFFsep=;\r\n${separatedBy(';')}`), 'utf-8'],
    ['GBK, as Chinese Excel writes', gbk(csv), 'gb18030'],
    ['empty rows and columns', encoded(`,,\r\n${csv.replaceAll('\r\n', ',,\r\n')},,,\r\n\r\n`), 'utf-8'],
  ])('is read from %s, and changes nothing', (_what, bytes, encoding) => {
    expect(readSheet(bytes)).toMatchObject({ encoding });
    expect(planTopicCsv(bytes)).toMatchObject({ faults: [], changed: [], missing: [], notices: [], texts: new Map() });
  });

  it('may have its columns in another order, with other marks around the headings, or in English', () => {
    const bytes = encoded('备注, 「标准问题」 ,编号*,Reviewed\n改过了,备案审核要多长时间？,review-time,2026/11/23\n');
    const plan = planTopicCsv(bytes);
    expect(plan.changed).toEqual([]);
    expect(plan.notices).toEqual([
      '不认识「备注」列，没有导入这一列。',
      expect.stringMatching(/^表里没有 「分类编号」「分类名称」「关键词」.*列，这些内容保持不变。$/),
    ]);
  });

  it.each<[string, Uint8Array, string[]]>([
    [
      'is no text',
      Uint8Array.of(0xff, 0xff, 0x00, 0x80, 0xff),
      ['第 1 行：读不出文字：请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”再导入。'],
    ],
    ['is a workbook', Uint8Array.of(0x50, 0x4b, 0x03, 0x04, 0x41), [expect.stringContaining('请在 Excel 或 WPS 中另存为“CSV UTF-8')]],
    ['is empty', encoded(''), [expect.stringContaining('第 1 行：找不到标题行：第一行请写 编号、分类编号')]],
    ['has no headings', encoded('a,b\nc,d\n'), [expect.stringContaining('找不到标题行')]],
    ['has no ids', encoded('标准问题,答案\na,b\n'), ['第 1 行：缺少「编号」列：请加上这一列，它说明每一行是哪一条。']],
    ['has a heading twice', encoded('编号,答案,答案\na,b,c\n'), ['第 1 行「答案」列：这个标题出现了两次：请只留一列。']],
    [
      'leaves a quotation mark open',
      small('a-b,"未完\n'),
      ['第 2 行：有一个双引号没有配对，后面的内容都读不出来：请在 Excel 或 WPS 中重新另存为 CSV。'],
    ],
    ['has a row without id', small(',问题\n'), ['第 2 行「编号」列：是空的：请填写，没有它不知道这一行是哪一条。']],
    ['has an id twice', small('a-b,甲\n\nc-d,乙\na-b,丙\n'), ['第 5 行「编号」列：与第 2 行重复：请改成不同的，或删掉一行。']],
    [
      'computed a formula',
      small('a-b,#NAME?\n'),
      ["第 2 行「标准问题」列：是 Excel 的公式错误 #NAME?：请写原来的文字；以 = + - @ 开头的，前面加一个英文单引号 '。"],
    ],
    [
      'was saved with a narrow column',
      small('a-b,########\n'),
      ['第 2 行「标准问题」列：列太窄，保存成了 ####：请把这一列拉宽，再另存一次。'],
    ],
    [
      'was cut off',
      small(`a-b,${'长'.repeat(32_767)}\n`),
      [expect.stringContaining('第 2 行「标准问题」列：达到了 Excel 单元格的 32767 字上限')],
    ],
    [
      'has something beside the table',
      small('a-b,问题,,x\n'),
      ['第 2 行「D」列：D 列没有标题却有内容，多半是前面多了一个分隔符：请把内容移回原来的列，或删掉。'],
    ],
    [
      'has several faults',
      encoded('编号,核对日期,首页位置\na-b,昨天,头条\n'),
      [expect.stringContaining('第 2 行「核对日期」列：“昨天”不是日期'), expect.stringContaining('第 2 行「首页位置」列：“头条”不是位置')],
    ],
  ])('that %s is refused in the words of editors', (_what, bytes, faults) => {
    expect(faultsOf(bytes)).toEqual(faults);
  });

  it('that lost characters to its encoding is refused', () => {
    const texts = new Map([['review', planTopicCsv('编号,标准问题\nreview-time,审核要多久🙂？\n').texts.get('review') ?? '']]);
    expect(worded(planTopicCsv(gbk(topicCsv(texts)), { texts }).faults)).toEqual([
      '第 2 行「标准问题」列：有文字变成了问号 ?，因为保存的编码里没有这些字：请另存为“CSV UTF-8（逗号分隔）”再导入。',
    ]);
  });

  it.each([
    ['审核要多久?', '审核要多久🙂', true],
    ['审核要多久??', '审核要多久🙂', true],
    ['审核要多久?', '审核要多久', false],
    ['审核要?', '审核要多久', false],
    ['(a+b)?', '(a+b)é', true],
    ['同样?', '同样?', false],
  ])('reads %o as what is left of %o: %o', (written, original, lost) => {
    expect(hasLostCharacters(written, original)).toBe(lost);
  });
});
