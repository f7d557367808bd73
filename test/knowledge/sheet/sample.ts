import { planSubjects, planTopics, readSubjects, readTopics } from '../../../knowledge/sheet/plan-import.ts';
import { readSheet, type SheetFault } from '../../../knowledge/sheet/read-sheet.ts';
import { subjectSheet, topicSheet } from '../../../knowledge/sheet/sheets.ts';
import { wording } from '../../../knowledge/sheet/wording.ts';
import { writeSheet } from '../../../knowledge/sheet/write-sheet.ts';

const phrasings = (about: string) => Array.from({ length: 30 }, (_, at) => `      - ${about}的问法之${at + 1}`).join('\n');

/** A category as a person may write it: comments, quotes and line breaks of all kinds. */
export const reviewText = `# 审核一类，由张三维护
category: review
title: 审核 # 显示用

entries:
  # 最常问的
  - id: review-time
    question: 备案审核要多长时间？ # 2026年改过
    menu: 2
    keywords: [审核时间, "审核, 多久"]
    phrasings:
      # 口语
${phrasings('审核时间')}
      - "引号: 里的问法" # 原话
    # 答案由法务审过
    answer: |
      **二十个工作日。**

      # 这一行是答案，不是注释
      - 这里写条件、步骤和接下来要做什么，要让人读得懂，也要让人知道下一步该找谁去办理。
    confidence: high
    sources:
      - title: 《办法》第12条 # 现行
        issuer: 原信息产业部
        published: '2005'
    reviewed: 2026-11-23
    related: [review-returned]


  # 第二条
  - question: 备案被退回了怎么办？
    id: review-returned
    keywords:
      - 退回
    phrasings:
${phrasings('退回')}
    answer: "按退回原因修改后重新提交，一般不用从头填写；看不懂退回原因的，请问接入商的客服，也可以转人工。"
    confidence: medium
    confirm: 退回原因以接入商的通知为准。
    sources:
    - {title: 退回说明, issuer: 工信部, published: 2020-03-01, url: https://beian.miit.gov.cn/a}
    reviewed: '2026-11-20'
# 完
`;

export const weatherText = `# 天气之类
weather:
  - "明天下雨不"
  - "台风要来了是吗" # 常见
  - "外面好热啊受不了"
food:
  - 附近有啥好吃的
  - -5
  - "中午吃啥"
`;

export const topicTexts = new Map([['review', reviewText]]);
export const subjectTexts = new Map([['far', weatherText]]);

/** The cells of a sheet as an editor sees them: the first row are the headings. */
export type Table = string[][];

export const encoded = (text: string) => new TextEncoder().encode(text);

export const topicCsv = (texts = topicTexts) => new TextDecoder().decode(writeSheet(topicSheet, readTopics(texts)));
export const subjectCsv = (texts = subjectTexts) => new TextDecoder().decode(writeSheet(subjectSheet, readSubjects(texts)));

export function planTopicCsv(csv: string | Uint8Array, { texts = topicTexts, remove = false } = {}) {
  const sheet = readSheet(typeof csv === 'string' ? encoded(csv) : csv);
  if (sheet.kind !== 'topics') throw new Error(`expected topics, not ${JSON.stringify(sheet)}`);
  return { ...planTopics(texts, sheet, { remove }), notices: sheet.notices };
}

export function planSubjectCsv(csv: string, { texts = subjectTexts, remove = false } = {}) {
  const sheet = readSheet(encoded(csv));
  if (sheet.kind !== 'subjects') throw new Error(`expected subjects, not ${JSON.stringify(sheet)}`);
  return planSubjects(texts, sheet, { remove });
}

export const worded = (faults: readonly SheetFault[]) =>
  faults.map(({ row, column, message }) => `${wording.place(row, column)}：${message}`);
