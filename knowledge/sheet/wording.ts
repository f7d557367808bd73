import type { MeasureName } from '../evaluation/measure-names.ts';
import type { FaqEntry } from '../faq-entry.ts';
import type { SubjectRow, TopicRow } from './sheets.ts';

const topicHeadings: Record<keyof TopicRow, string> = {
  id: '编号',
  category: '分类编号',
  title: '分类名称',
  question: '标准问题',
  keywords: '关键词',
  phrasings: '问法',
  answer: '答案',
  confidence: '把握程度',
  confirm: '请客户确认',
  sources: '来源',
  reviewed: '核对日期',
  expires: '失效日期',
  menu: '首页位置',
  related: '相关主题',
  confusableWith: '易混主题',
};

const subjectHeadings: Record<keyof SubjectRow, string> = { file: '文件', subject: '题材', messages: '消息' };

const confidence: Record<FaqEntry['confidence'], string> = { high: '高', medium: '中', low: '低' };

/** Every sentence that editors read, in their language; what is wrong first, then what to write instead. */
export const wording = {
  topicHeadings,
  subjectHeadings,
  confidence,
  place: (row: number, column?: string) => `第 ${row} 行${column ? `「${column}」列` : ''}`,

  notText: () => '读不出文字：请在 Excel 或 WPS 中另存为“CSV UTF-8（逗号分隔）”再导入。',
  unclosed: () => '有一个双引号没有配对，后面的内容都读不出来：请在 Excel 或 WPS 中重新另存为 CSV。',
  noHeadings: (headings: readonly string[]) => `找不到标题行：第一行请写 ${headings.join('、')}。`,
  headingTwice: () => '这个标题出现了两次：请只留一列。',
  headingMissing: (heading: string) => `缺少「${heading}」列：请加上这一列，它说明每一行是哪一条。`,
  unknownHeading: (heading: string) => `不认识「${heading}」列，没有导入这一列。`,
  absentHeadings: (headings: readonly string[]) => `表里没有 ${headings.map((heading) => `「${heading}」`).join('')}列，这些内容保持不变。`,
  strayCell: (letter: string) => `${letter} 列没有标题却有内容，多半是前面多了一个分隔符：请把内容移回原来的列，或删掉。`,
  noKey: () => '是空的：请填写，没有它不知道这一行是哪一条。',
  keyTwice: (earlier: number) => `与第 ${earlier} 行重复：请改成不同的，或删掉一行。`,
  computed: (cell: string) => `是 Excel 的公式错误 ${cell}：请写原来的文字；以 = + - @ 开头的，前面加一个英文单引号 '。`,
  tooNarrow: () => '列太窄，保存成了 ####：请把这一列拉宽，再另存一次。',
  cutOff: () => '达到了 Excel 单元格的 32767 字上限，后面的内容已丢失：请从原文件补上，或拆成两条。',
  lostCharacters: () => '有文字变成了问号 ?，因为保存的编码里没有这些字：请另存为“CSV UTF-8（逗号分隔）”再导入。',

  notADay: (cell: string) => `“${cell}”不是日期：请写成 2026-11-23。`,
  notAPlace: (cell: string) => `“${cell}”不是位置：请写 1 到 9 的数字，不上首页就空着。`,
  notAChoice: (cell: string, choices: readonly string[]) =>
    `${cell === '' ? '是空的' : `“${cell}”不能用`}：请写 ${choices.slice(0, -1).join('、')}或${choices.at(-1)}。`,
  inSource: (at: number, problem: string) => `第 ${at} 个来源${problem}`,
  sourceParts: (line: string) => `“${line}”不完整：请写成“标题 | 发布单位 | 发布日期 | 网址 | 存档出处”，后两项可以没有。`,
  notAPartialDate: (cell: string) => `的发布日期“${cell}”不对：请写成 2026、2026-11 或 2026-11-23。`,

  needed: () => '是空的：请填写。',
  neededForNew: (headings: readonly string[]) =>
    `是新的一条，但表里没有 ${headings.map((heading) => `「${heading}」`).join('')}列：请加上。`,
  badId: (value: string) => `“${value}”不能用：请只写小写英文、数字和连字符，例如 change-fee。`,
  tooShort: () => '太短：请至少写两个字。',
  tooLong: (most: number, length: number) => `有 ${length} 个字，按钮上放不下：请缩短到 ${most} 个字以内。`,
  tooFew: (least: number, count: number) => `只有 ${count} 条：请至少写 ${least} 条，每条一行。`,
  answerTooShort: () => '太短：请写明结论、条件和下一步。',
  noSuchDay: (value: string) => `“${value}”在日历上不存在：请改成正确的日期。`,
  badDate: () => '的发布日期不对：请写成 2026、2026-11 或 2026-11-23。',
  badPlace: () => '不对：请写 1 到 9 的整数，不上首页就空着。',
  badUrl: () => '的网址不对：请写 https:// 开头的网址；没有网址就空着，存档出处写在第五项。',
  confirmNeeded: () => '是空的：把握程度不是“高”时，请写明让客户确认什么、向谁确认。',
  invalid: () => '内容不符合要求：请对照其他行修改。',
  titlesDiffer: (category: string, row: number) => `与第 ${row} 行不同，但都属于分类 ${category}：同一分类请写同一个名称。`,
  titleNeeded: (category: string) => `分类 ${category} 是新的：请写它的名称。`,

  added: (count: number) => `新增 ${count} 条`,
  changed: (count: number) => `修改 ${count} 条`,
  removed: (count: number) => `删除 ${count} 条`,
  missing: (count: number) => `表里没有 ${count} 条，保持不变（要删除请加 --remove）`,
  messages: (count: number) => `${count} 条消息`,
  empty: () => '（空）',
  otherOrder: () => '只有顺序不同',
  lines: (come: number, gone: number) => `增加 ${come} 行，去掉 ${gone} 行`,
  moreLines: (count: number) => `… 还有 ${count} 行`,
  renamed: (former: string, now: string) =>
    `${now} 与 ${former} 的标准问题相同：如果只是改编号，请加 --remove，并把其他条目里的 ${former} 也改过来。`,
  retitled: (category: string) => `分类 ${category} 的名称`,

  check: {
    twiceHere: (text = '') => `“${text}”在这一条里写了两遍：请只留一处。`,
    twice: (text = '', other = '') => `“${text}”在 ${other} 里已经有了：请只留在一条里。`,
    linksToItself: () => '相关或易混主题写了自己：请删掉。',
    deadLink: (id = '') => `相关或易混主题 ${id} 不存在：请改正或删掉。`,
    reviewedInFuture: (day = '') => `核对日期 ${day} 还没到：请写实际核对的日期。`,
    sourceInFuture: (title = '', day = '') => `来源“${title}”的发布日期 ${day} 还没到：请改正。`,
    expired: (day = '') => `已于 ${day} 失效：请重新核对内容，并写新的核对日期和失效日期。`,
    samePlace: (place = '', other = '') => `首页位置 ${place} 已由 ${other} 占用：请换一个。`,
    unreachable: () => '用它的标准问题找不到它：请让问法更贴近标准问题。',
    findsAnother: (other = '') => `用它的标准问题找到的是 ${other}：请让两条的问法区别更大。`,
  },

  usage: () =>
    [
      '用法：',
      '  npm run knowledge -- export faq.csv                 导出成表格，用 Excel 或 WPS 打开',
      '  npm run knowledge -- import faq.csv                 检查表格、显示改动，确认后写入',
      '      --remove          表里没有的条目要删除',
      '      --quick           只检查，不评测（改动小时用，能省十几秒）',
      '      --yes             不再询问，直接写入（export 时：覆盖已有的文件）',
      '      --folder <文件夹>  不用 knowledge/，而用另一个有 faq 和 out-of-scope 的文件夹',
    ].join('\n'),
  exported: (file: string, count: number) => `已导出 ${file}（${count} 条）`,
  howToImport: (file: string, other: string) => `改好后导入：npm run knowledge -- import ${file} ${other}（只改了一个，就只写一个）`,
  alreadyThere: (file: string) => `${file} 已经存在，没有覆盖：请换一个文件名，或加 --yes。`,
  cannotRead: (file: string) => `读不了 ${file}：请检查文件名，并先在 Excel 或 WPS 中关闭它。`,
  sameKind: (file: string) => `${file} 与前一个文件是同一种表格：一次只导入一个。`,
  filesFaulty: () => '知识库的文件本身有错误，要先改好：',
  sheetFaulty: (count: number) => `表格有 ${count} 处要改，什么都没有写入：`,
  nothingChanged: () => '没有改动，不用写入。',
  checking: () => '正在检查和评测 …',
  checked: (before: number, after: number) => `检查：导入前 ${before} 处问题，导入后 ${after} 处`,
  checkFaulty: () => '导入会带来上面的新问题，什么都没有写入：请先在表格里改好。',
  evaluated: (before: number, after: number) => `评测（导入前 ${before} 个、导入后 ${after} 个标注问题）：`,
  quality: {
    accuracy: '首选主题正确',
    recallAt3: '前三个里有正确主题',
    coverage: '直接回答',
    precision: '直接回答正确',
    wronglyAnswered: '范围外却回答',
    refused: '范围外拒答',
  } satisfies Record<MeasureName, string>,
  notEvaluated: () => '评测没有做成，只做了检查。',
  ask: (count: number) => `写入 ${count} 个文件？(y/n) `,
  unexpected: () => '程序出错了，什么都没有写入：请把下面的内容转给程序员。',
  notWritten: () => '没有写入。',
  notReplaced: () => '写入没有成功，文件保持原样（可能刚被别人改过）：请再导入一次。',
  written: (file: string) => `已写入 ${file}`,
  calibrate: () => '主题的数量变了：请让程序员运行 npm run calibrate，并为新主题补充评测问题。',
};
