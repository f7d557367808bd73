import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { projectRoot } from '../../../bot/paths.ts';
import { type Ran, runHere, runSource } from '../../support/command.ts';
import { copyCategory } from '../../support/small-build.ts';

let folder: string;

let before: string[][];

/** A few questions stand for all that are labelled. */
const labelled = {
  topics: {
    'agency-fee': { clean: ['你们代备案怎么收费', '找你们弄备案得多少钱', '代办一个网站备案啥价', '备案代办费一年多少', '帮忙备案收几百'] },
  },
  outOfScope: { far: ['今天天气怎么样', '帮我写一首诗', '附近有什么好吃的', '股票今天涨了吗'] },
};

/** A few categories of the knowledge base to write to, with their sheets beside them: what is told of these is told of all, only later. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'filing-sheet-'));
  cpSync(join(projectRoot, 'knowledge', 'out-of-scope'), join(folder, 'out-of-scope'), { recursive: true });
  mkdirSync(join(folder, 'faq'));
  for (const category of ['agency-service.yaml', 'change.yaml', 'review.yaml']) copyCategory(category, join(folder, 'faq'));
  before = contents();
});
afterEach(() => rmSync(folder, { recursive: true }));

const sheet = (name = 'faq.csv') => join(folder, name);
const contents = () =>
  ['faq', 'out-of-scope'].flatMap((part) =>
    readdirSync(join(folder, part)).map((name) => [name, readFileSync(join(folder, part, name), 'utf8')]),
  );

function knowledge(parameters: string[], typed?: string): Promise<Ran> {
  return runHere('knowledge', [...parameters, '--folder', folder], { cwd: projectRoot, env: {}, ...(typed !== undefined && { typed }) });
}

function edit(change: (csv: string) => string, name?: string): void {
  const before = readFileSync(sheet(name), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(sheet(name), after);
}

describe('npm run knowledge', () => {
  it('exports two sheets, which change nothing when they are imported', async () => {
    const exported = await runSource('knowledge', ['export', sheet(), '--folder', folder]);
    expect(exported.code).toBe(0);
    expect(exported.said).toMatch(/已导出 .*faq\.csv（\d+ 条）\n已导出 .*faq-out-of-scope\.csv（\d+ 条）\n改好后导入：/);
    expect([...readFileSync(sheet()).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(await knowledge(['import', sheet(), sheet('faq-out-of-scope.csv'), '--yes', '--remove'])).toEqual({
      code: 0,
      said: '没有改动，不用写入。\n',
      complained: '',
    });
    expect(contents()).toEqual(before);
    expect(await knowledge(['export', sheet()])).toMatchObject({ code: 1, complained: expect.stringContaining('已经存在，没有覆盖') });
    expect(await knowledge(['export', sheet(), '--yes'])).toMatchObject({ code: 0 });
  });

  it('shows what changes, says what check and evaluation say, and writes after a yes only', async () => {
    await knowledge(['export', sheet()]);
    edit((csv) => csv.replace('\n报个价\n', '\n先报个价格看看\n'));
    edit((csv) => csv.replace('明天下雨不', '明天会下雨不'), 'faq-out-of-scope.csv');
    const both = ['import', sheet(), sheet('faq-out-of-scope.csv')];
    const refused = await knowledge([...both, '--quick']); // the input ends without an answer
    expect(refused).toMatchObject({ code: 1, complained: '没有写入。\n' });
    expect(refused.said).toMatch(/修改 1 条\n {2}~ agency-fee .*\n {6}问法：增加 1 行，去掉 1 行\n {8}− 报个价\n {8}\+ 先报个价格看看\n/);
    expect(refused.said).toMatch(/检查：导入前 0 处问题，导入后 0 处\n写入 2 个文件？/);
    expect(contents()).toEqual(before);
    mkdirSync(join(folder, 'evaluation'));
    writeFileSync(join(folder, 'evaluation', 'questions.yaml'), stringify(labelled));
    const accepted = await knowledge(both, '是\n');
    expect(accepted).toMatchObject({ code: 0, complained: '' });
    expect(accepted.said).toMatch(
      /检查：导入前 0 处问题，导入后 0 处\n评测（.*\n {2}首选主题正确 {2}\d+\.\d% → \d+\.\d%\n {2}前三个里有正确主题 .*\n {2}直接回答 .*\n {2}直接回答正确 .*\n {2}范围外却回答 .*\n {2}范围外拒答 .*\n写入 2 个文件？/,
    );
    expect(accepted.said).toMatch(/已写入 .*agency-service\.yaml\n已写入 .*far\.yaml\n$/);
    const expected = before.map(([name = '', text = '']) => [
      name,
      name === 'agency-service.yaml' ? text.replace('- 报个价\n', '- 先报个价格看看\n') : text.replace('"明天下雨不"', '"明天会下雨不"'),
    ]);
    expect(contents()).toEqual(expected);
  });

  it('writes nothing for faults in the sheet, and names each with file, row and column', async () => {
    await knowledge(['export', sheet()]);
    edit((csv) => csv.replace('\n报个价\n', '\n价\n').replace(',2026-11-24,', ',昨天,'));
    const { code, complained } = await knowledge(['import', sheet(), '--yes']);
    expect(code).toBe(1);
    expect(complained).toMatch(/^表格有 2 处要改，什么都没有写入：\n.*faq\.csv 第 2 行「问法」列：太短：请至少写两个字。\n/);
    expect(complained).toContain('「核对日期」列：“昨天”不是日期：请写成 2026-11-23。');
    expect(contents()).toEqual(before);
  });

  it('writes nothing when the check finds something new, whatever was said', async () => {
    await knowledge(['export', sheet()]);
    edit((csv) => csv.replace('\n报个价\n', '\n备案变更，要收费吗\n'));
    const { code, said, complained } = await knowledge(['import', sheet(), '--yes']);
    expect(said).toMatch(/检查：导入前 0 处问题，导入后 \d 处\n {2}\S+：“.*”在 \S+ 里已经有了：请只留在一条里。/);
    expect({ code, complained }).toEqual({ code: 1, complained: '导入会带来上面的新问题，什么都没有写入：请先在表格里改好。\n' });
    expect(contents()).toEqual(before);
  });

  it.each<[string, () => string[], number, RegExp]>([
    ['nothing', () => [], 2, /^用法：\n {2}npm run knowledge -- export/],
    ['another word', () => ['delete', 'a.csv'], 2, /^用法：/],
    ['a file that is not there', () => ['import', sheet('missing.csv')], 1, /^读不了 .*missing\.csv：请检查文件名/],
    ['the same kind twice', () => ['import', sheet('a.csv'), sheet('a.csv')], 1, /与前一个文件是同一种表格：一次只导入一个。/],
    ['a file that is no sheet', () => ['import', join(folder, 'faq', 'review.yaml')], 1, /^表格有 1 处要改.*\n.*第 1 行：找不到标题行/],
  ])('given %s says what to do', async (_what, parameters, code, complained) => {
    writeFileSync(sheet('a.csv'), '文件,题材,消息\n');
    expect(await knowledge(parameters())).toMatchObject({ code, complained: expect.stringMatching(complained) });
  });

  it('is refused while the files have faults, which it names', async () => {
    writeFileSync(join(folder, 'faq', 'broken.yaml'), 'category: broken\n');
    expect(await knowledge(['export', sheet()])).toMatchObject({
      code: 1,
      complained: expect.stringMatching(/^知识库的文件本身有错误，要先改好：\n.*faq\/broken\.yaml:1: title: missing/),
    });
  });
});
