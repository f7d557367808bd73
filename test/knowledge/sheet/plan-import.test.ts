import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { knowledgeFiles } from '../../../bot/paths.ts';
import { KnowledgeError } from '../../../knowledge/fault.ts';
import { describeSubjects, describeTopics } from '../../../knowledge/sheet/describe.ts';
import { applied, readTopics } from '../../../knowledge/sheet/plan-import.ts';
import { isThorough } from '../../support/sample.ts';
import { planSubjectCsv, planTopicCsv, reviewText, subjectCsv, topicCsv, topicTexts, weatherText, worded } from './sample.ts';

const textsOf = (folder: string) =>
  new Map(readdirSync(folder).map((name) => [name.replace('.yaml', ''), readFileSync(join(folder, name), 'utf8')]));

const unchanged = { faults: [], changed: [], missing: [], texts: new Map() };

/** The file after the sheet was changed: one replacement in its text. */
function after(found: string | RegExp, instead: string, options = {}) {
  const csv = topicCsv();
  expect(csv.replace(found, instead)).not.toBe(csv);
  const plan = planTopicCsv(csv.replace(found, instead), options);
  expect(worded(plan.faults)).toEqual([]);
  return plan.texts.get('review');
}

describe('importing what was exported', () => {
  it('changes nothing in the real knowledge base', () => {
    const topics = textsOf(knowledgeFiles.faq);
    const subjects = textsOf(knowledgeFiles.outOfScope);
    expect(planTopicCsv(topicCsv(topics), { texts: topics, remove: true })).toMatchObject(unchanged);
    expect(planSubjectCsv(subjectCsv(subjects), { texts: subjects, remove: true })).toMatchObject(unchanged);
  });

  it('changes nothing in files with comments, quotes and line breaks of all kinds', () => {
    expect(planTopicCsv(topicCsv(), { remove: true })).toMatchObject(unchanged);
    expect(planSubjectCsv(subjectCsv(), { remove: true })).toMatchObject(unchanged);
  });

  it('gives any entry again in a file of its own', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 2, maxLength: 30 });
    const awkward = fc.string({
      unit: fc.constantFrom('=', '-', '"', "'", ':', ' #', '\\', '|', '\n', '[', ']', ',', '、', '备', '0', ' '),
      minLength: 2,
      maxLength: 30,
    });
    const text = fc.oneof(line, awkward).filter((value) => [...value.trim()].length >= 2);
    const id = fc.stringMatching(/^[a-z]{1,5}(-[a-z0-9]{1,4}){0,2}$/);
    const entry = fc.record(
      {
        id,
        question: text.filter((value) => value.trim().length <= 40),
        keywords: fc.array(text, { minLength: 1, maxLength: 4 }),
        phrasings: fc.array(text, { minLength: 30, maxLength: 32 }),
        answer: fc
          .array(text, { minLength: 20, maxLength: 22 })
          .map((lines) => lines.join('\n'))
          .filter((value) => [...value.trim()].length >= 40),
        confidence: fc.constantFrom('high', 'medium', 'low'),
        confirm: text,
        sources: fc.array(
          fc.record(
            {
              title: text,
              issuer: text,
              published: fc.constantFrom('2019', '2026-11', '2026-11-23'),
              url: fc.constant('https://a.cn/?a=1|2'),
              ref: text,
            },
            { requiredKeys: ['title', 'issuer', 'published'] },
          ),
          { minLength: 1, maxLength: 3 },
        ),
        reviewed: fc.constant('2026-11-23'),
        expires: fc.constant('2027-01-31'),
        menu: fc.integer({ min: 1, max: 9 }),
        related: fc.array(id, { maxLength: 3 }),
        confusableWith: fc.array(id, { maxLength: 3 }),
      },
      { requiredKeys: ['id', 'question', 'keywords', 'phrasings', 'answer', 'confidence', 'confirm', 'sources', 'reviewed'] },
    );
    const entries = fc.uniqueArray(entry, { selector: (one) => one.id, minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(entries, entries, (own, others) => {
        const texts = new Map([['any', stringify({ category: 'any', title: '任意', entries: own })]]);
        const csv = topicCsv(texts);
        expect(planTopicCsv(csv, { texts })).toMatchObject(unchanged);
        // Written into an empty knowledge base, then over other entries: the plan itself reads back what it wrote, and throws if it differs.
        const fresh = applied(new Map(), planTopicCsv(csv, { texts: new Map() }).texts);
        expect(topicCsv(new Map(fresh))).toBe(csv);
        const base = new Map([['any', stringify({ category: 'any', title: '任意', entries: others })]]);
        const replaced = applied(base, planTopicCsv(csv, { texts: base, remove: true }).texts);
        expect(
          readTopics(replaced)
            .map((topic) => topic.id)
            .sort(),
        ).toEqual(own.map((topic) => topic.id).sort());
      }),
      { numRuns: isThorough ? 40 : 12 },
    );
  });
});

describe('importing a changed sheet', () => {
  it.each<[string, string | RegExp, string, [string | RegExp, string]]>([
    ['a question', '备案审核要多长时间？', '备案审核要几天？', ['备案审核要多长时间？', '备案审核要几天？']],
    ['a question that YAML would misread', '备案审核要多长时间？', '审核: 多久 #1', ['备案审核要多长时间？', '"审核: 多久 #1"']],
    ['a phrasing', '审核时间的问法之3\n', '审核到底多久\n', ['- 审核时间的问法之3\n', '- 审核到底多久\n']],
    ['a phrasing more', '引号: 里的问法', '引号: 里的问法\n=还有', [/( {6}- "引号: 里的问法" # 原话\n)/, '$1      - =还有\n']],
    ['a phrasing less', '审核时间的问法之3\n', '', ['      - 审核时间的问法之3\n', '']],
    ['keywords', '审核\\, 多久', '审核多久', ['[审核时间, "审核, 多久"]', '[审核时间, 审核多久]']],
    ['the answer', '**二十个工作日。**', '**20个工作日。**', ['**二十个工作日。**', '**20个工作日。**']],
    [
      'an answer that was on one line',
      /按退回原因修改.*也可以转人工。/,
      '"$&\n\n或者再等等。"',
      [/answer: "(按退回.*)"\n/, 'answer: |\n      $1\n\n      或者再等等。\n'],
    ],
    ['a day, in the form Excel gives it', '2026-11-20', '2026/11/24', ["'2026-11-20'", '2026-11-24']],
    [
      'the day of a source',
      '《办法》第12条 | 原信息产业部 | 2005',
      '《办法》第12条 | 原信息产业部 | 2005-03',
      [/《办法》第12条 # 现行(\n.*\n {8}published: )'2005'/, '《办法》第12条$12005-03'],
    ],
    [
      'a second source',
      /《办法》第12条 \| 原信息产业部 \| 2005/,
      '"$&\n新规 | 工信部 | 2026 | https://a.cn"',
      [
        "published: '2005'\n",
        'published: \'2005\'\n      - title: 新规\n        issuer: 工信部\n        published: "2026"\n        url: https://a.cn\n',
      ],
    ],
    [
      'a date that was not there',
      '2026-11-23,,2,',
      '2026-11-23,2027-01-01,2,',
      ['reviewed: 2026-11-23\n', 'reviewed: 2026-11-23\n    expires: 2027-01-01\n'],
    ],
    ['the place in the greeting, taken away', '2026-11-23,,2,', '2026-11-23,,,', ['    menu: 2\n', '']],
    ['the links, taken away', ',review-returned,', ',,', ['    related: [review-returned]\n', '']],
    [
      'links where there were none',
      /,,\r\n$/,
      ',review-time,\r\n',
      ["reviewed: '2026-11-20'\n", "reviewed: '2026-11-20'\n    related: [review-time]\n"],
    ],
    ['the name of the category', /审核,/g, '审核进度,', ['title: 审核 #', 'title: 审核进度 #']],
  ])('writes %s and leaves every other byte', (_what, found, instead, [old, now]) => {
    const expected = reviewText.replace(old, now);
    expect(expected).not.toBe(reviewText);
    expect(after(found, instead)).toBe(expected);
  });

  it('keeps the line ends of the file', () => {
    const texts = new Map([['review', reviewText.replaceAll('\n', '\r\n')]]);
    const csv = topicCsv(texts).replace('审核时间的问法之3\n', '甲乙\n').replace('**二十个', '**20个');
    const expected = reviewText.replace('审核时间的问法之3\n', '甲乙\n').replace('**二十个', '**20个');
    expect(planTopicCsv(csv, { texts }).texts.get('review')).toBe(expected.replaceAll('\n', '\r\n'));
  });

  it('adds a new entry at the end of its category, and makes a file for a new category', () => {
    const [headings = '', first = ''] = topicCsv().split('\r\n');
    const added = first
      .replace('review-time', 'review-fee')
      .replace(',2,review', ',,review')
      .replaceAll('审核时间', '审核费用')
      .replace('多长时间', '多少钱');
    const elsewhere = added.replace('review-fee,review,审核', 'fee-fee,fee,费用');
    const plan = planTopicCsv(`${headings}\r\n${added}\r\n${elsewhere}\r\n`);
    expect(worded(plan.faults)).toEqual([]);
    expect(plan.texts.get('review')).toMatch(/^ {4}reviewed: '2026-11-20'\n\n {2}- id: review-fee\n {4}question: 备案审核要多少钱？\n/m);
    expect(plan.texts.get('review')?.startsWith(reviewText.replace('# 完\n', ''))).toBe(true);
    expect(plan.texts.get('review')?.endsWith('    related: [review-returned]\n# 完\n')).toBe(true);
    expect(plan.texts.get('fee')).toMatch(/^category: fee\ntitle: 费用\nentries:\n {2}- id: fee-fee\n/);
    expect(describeTopics(plan, { remove: false })).toEqual([
      '新增 2 条',
      '  + review-fee  备案审核要多少钱？',
      '  + fee-fee  备案审核要多少钱？',
      '表里没有 2 条，保持不变（要删除请加 --remove）',
      '  - review-time  备案审核要多长时间？',
      '  - review-returned  备案被退回了怎么办？',
    ]);
  });

  it('keeps an entry whose row is gone, and removes it only when asked to', () => {
    const [headings = '', , second = ''] = topicCsv().split('\r\n');
    const csv = `${headings}\r\n${second}\r\n`;
    expect(planTopicCsv(csv).texts).toEqual(new Map());
    const removal = planTopicCsv(csv, { remove: true });
    expect(describeTopics(removal, { remove: true })).toEqual(['删除 1 条', '  - review-time  备案审核要多长时间？']);
    expect(removal.texts.get('review')).toMatch(
      /^# 审核一类.*\ncategory: review\ntitle: 审核 # 显示用\n\nentries:\n\s+# 第二条\n {2}- question: 备案被退回/,
    );
    expect(planTopicCsv(`${headings}\r\n`, { remove: true }).texts).toEqual(new Map([['review', undefined]]));
  });

  it('moves an entry to another category, which keeps its name', () => {
    const texts = new Map([
      ...topicTexts,
      [
        'fee',
        reviewText.replace('category: review', 'category: fee').replace('title: 审核', 'title: 费用').replaceAll('id: review', 'id: fee'),
      ],
    ]);
    const plan = planTopicCsv(topicCsv(texts).replace('review-time,review,', 'review-time,fee,'), { texts });
    expect(worded(plan.faults)).toEqual([]);
    expect(plan.texts.get('review')).not.toContain('id: review-time');
    expect(plan.texts.get('fee')).toContain('title: 费用');
    expect(plan.texts.get('fee')).toContain('  - id: review-time\n');
    expect(planTopicCsv('编号,分类编号\nreview-time,fee\n', { texts }).texts).toEqual(plan.texts);
  });

  it('takes another id for a new entry, and asks whether it is a new name', () => {
    const plan = planTopicCsv(topicCsv().replace('review-time,review,', 'review-days,review,'));
    expect(describeTopics(plan, { remove: false })).toEqual([
      '新增 1 条',
      '  + review-days  备案审核要多长时间？',
      '表里没有 1 条，保持不变（要删除请加 --remove）',
      '  - review-time  备案审核要多长时间？',
      'review-days 与 review-time 的标准问题相同：如果只是改编号，请加 --remove，并把其他条目里的 review-time 也改过来。',
    ]);
  });

  it('is described in few lines', () => {
    const csv = topicCsv()
      .replaceAll('审核,', '审核进度,')
      .replace('审核时间的问法之1\n审核时间的问法之2\n', '审核时间的问法之2\n审核时间的问法之1\n')
      .replace('**二十个工作日。**', '**20个工作日。**')
      .replace('2026-11-23,,2', '2026-11-23,2027-01-01,')
      .replace(/退回的问法之\d+\n/g, '$&另外的$&');
    expect(describeTopics(planTopicCsv(csv), { remove: false })).toEqual([
      '      分类 review 的名称：审核 → 审核进度',
      '修改 2 条',
      '  ~ review-time  备案审核要多长时间？',
      '      问法：只有顺序不同',
      '      答案：增加 1 行，去掉 1 行',
      '        − **二十个工作日。**',
      '        + **20个工作日。**',
      '      失效日期：（空） → 2027-01-01',
      '      首页位置：2 → （空）',
      '  ~ review-returned  备案被退回了怎么办？',
      '      问法：增加 29 行，去掉 0 行',
      ...Array.from({ length: 6 }, (_, at) => `        + 另外的退回的问法之${at + 1}`),
      '        … 还有 23 行',
    ]);
  });

  it.each<[string, string | RegExp, string, string]>([
    ['too few phrasings', /审核时间的问法之[1-9]\d?\n/g, '', '第 2 行「问法」列：只有 1 条：请至少写 30 条，每条一行。'],
    ['a long question', '备案审核要多长时间？', '长'.repeat(41), '第 2 行「标准问题」列：有 41 个字，按钮上放不下：请缩短到 40 个字以内。'],
    ['no question', '备案审核要多长时间？', '', '第 2 行「标准问题」列：是空的：请填写。'],
    ['a short phrasing', '审核时间的问法之3\n', '嗯\n', '第 2 行「问法」列：太短：请至少写两个字。'],
    ['a short answer', /"\*\*二十[^"]*"/, '不知道', '第 2 行「答案」列：太短：请写明结论、条件和下一步。'],
    [
      'nothing to confirm',
      '退回原因以接入商的通知为准。',
      '',
      '第 3 行「请客户确认」列：是空的：把握程度不是“高”时，请写明让客户确认什么、向谁确认。',
    ],
    ['a confidence of its own', ',高,', ',很高,', '第 2 行「把握程度」列：“很高”不能用：请写 高、中或低。'],
    ['no source', /,《办法》[^,]*,/, ',,', '第 2 行「来源」列：只有 0 条：请至少写 1 条，每条一行。'],
    [
      'a source without a day',
      ' | 2005,',
      ',',
      '第 2 行「来源」列：第 1 个来源“《办法》第12条 | 原信息产业部”不完整：请写成“标题 | 发布单位 | 发布日期 | 网址 | 存档出处”，后两项可以没有。',
    ],
    [
      'an address of another kind',
      'https://beian',
      'http://beian',
      '第 3 行「来源」列：第 1 个来源的网址不对：请写 https:// 开头的网址；没有网址就空着，存档出处写在第五项。',
    ],
    ['a day that does not exist', '2026-11-23,', '2026-11-31,', '第 2 行「核对日期」列：“2026-11-31”在日历上不存在：请改成正确的日期。'],
    [
      'a place beyond the greeting',
      '2026-11-23,,2,',
      '2026-11-23,,12,',
      '第 2 行「首页位置」列：不对：请写 1 到 9 的整数，不上首页就空着。',
    ],
    [
      'a link that is no id',
      ',review-returned,',
      ',退回,',
      '第 2 行「相关主题」列：“退回”不能用：请只写小写英文、数字和连字符，例如 change-fee。',
    ],
    [
      'a new id in capitals',
      'review-time,',
      'Review_Time,',
      '第 2 行「编号」列：“Review_Time”不能用：请只写小写英文、数字和连字符，例如 change-fee。',
    ],
    [
      'two names for a category',
      'review-returned,review,审核',
      'review-returned,review,进度',
      '第 3 行「分类名称」列：与第 2 行不同，但都属于分类 review：同一分类请写同一个名称。',
    ],
    [
      'a new category without a name',
      'review-time,review,审核',
      'review-time,fee,',
      '第 2 行「分类名称」列：分类 fee 是新的：请写它的名称。',
    ],
    [
      'a category that is no id',
      'review-time,review,审核',
      'review-time,费用,费用',
      '第 2 行「分类编号」列：“费用”不能用：请只写小写英文、数字和连字符，例如 change-fee。',
    ],
  ])('is refused for %s, with row, column and what to write', (_what, found, instead, fault) => {
    const plan = planTopicCsv(topicCsv().replace(found, instead));
    expect(worded(plan.faults)).toEqual([fault]);
    expect(plan.texts).toEqual(new Map());
  });

  it('reports all faults of all rows at once, one for a cell', () => {
    const csv = topicCsv()
      .replace('2026-11-23,,2,', '昨天,,12,')
      .replace('退回原因以接入商的通知为准。', '')
      .replace('备案被退回了怎么办？', '？');
    expect(worded(planTopicCsv(csv).faults).map((fault) => fault.split('：')[0])).toEqual([
      '第 2 行「核对日期」列',
      '第 2 行「首页位置」列',
      '第 3 行「标准问题」列',
      '第 3 行「请客户确认」列',
    ]);
  });

  it('needs all columns for a new entry', () => {
    expect(worded(planTopicCsv('编号,标准问题\nnew-one,新的问题\n').faults)).toEqual([
      expect.stringMatching(/^第 2 行：是新的一条，但表里没有 「分类编号」「分类名称」.*列：请加上。$/),
    ]);
  });

  it('is refused while the files themselves have faults', () => {
    expect(() => planTopicCsv(topicCsv(), { texts: new Map([['review', 'category: review\n']]) })).toThrow(KnowledgeError);
  });

  it('is refused for files whose layout cannot be edited in place', () => {
    const texts = new Map([
      [
        'review',
        JSON.stringify({
          category: 'review',
          title: '审核',
          entries: readTopics(topicTexts).map(({ category: _c, title: _t, ...entry }) => entry),
        }),
      ],
    ]);
    expect(() => planTopicCsv(topicCsv().replace('多长时间', '几天'), { texts })).toThrow('write it as a YAML block');
  });
});

describe('importing out-of-scope messages', () => {
  it.each<[string, string, string, string, string]>([
    ['a message', '台风要来了是吗', '台风来了？', '"台风要来了是吗" # 常见', '"台风来了？"'],
    [
      'a message more',
      '外面好热啊受不了',
      '外面好热啊受不了\n-5度了',
      '  - "外面好热啊受不了"\n',
      '  - "外面好热啊受不了"\n  - "-5度了"\n',
    ],
    [
      'a new subject',
      'far,food',
      'far,love,"甲乙\n丙丁\n戊己"\r\nfar,food',
      '  - "中午吃啥"\n',
      '  - "中午吃啥"\nlove:\n  - "甲乙"\n  - "丙丁"\n  - "戊己"\n',
    ],
  ])('writes %s and leaves every other byte', (_what, found, instead, old, now) => {
    const plan = planSubjectCsv(subjectCsv().replace(found, instead));
    expect(worded(plan.faults)).toEqual([]);
    expect(plan.texts.get('far')).toBe(weatherText.replace(old, now));
  });

  it('removes a subject only when asked to, and makes a new file', () => {
    const csv = '文件,题材,消息\nfar,weather,"明天下雨不\n台风要来了是吗\n外面好热啊受不了"\nother,love,"甲乙\n丙丁\n戊己"\n';
    expect(planSubjectCsv(csv).texts).toEqual(new Map([['other', 'love:\n  - "甲乙"\n  - "丙丁"\n  - "戊己"\n']]));
    const removal = planSubjectCsv(csv, { remove: true });
    expect(removal.texts.get('far')).toBe(weatherText.slice(0, weatherText.indexOf('food:')));
    expect(describeSubjects(removal, { remove: true })).toEqual([
      '新增 1 条',
      '  + other/love  3 条消息',
      '删除 1 条',
      '  - far/food  3 条消息',
    ]);
  });

  it.each([
    ['too few messages', '明天下雨不\n', '', '第 2 行「消息」列：只有 2 条：请至少写 3 条，每条一行。'],
    [
      'a subject that is no id',
      'far,weather',
      'far,天气',
      '第 2 行「题材」列：“天气”不能用：请只写小写英文、数字和连字符，例如 change-fee。',
    ],
  ])('is refused for %s', (_what, found, instead, fault) => {
    expect(worded(planSubjectCsv(subjectCsv().replace(found, instead)).faults)).toEqual([fault]);
  });
});
