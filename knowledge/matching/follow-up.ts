/**
 * Short questions that only make sense after the turn before: "那要多久", "变更的话呢", "个人呢". Most name either another
 * aspect of the same matter, or another matter of which the same is asked; a table of both says which topic that is.
 */

import { type Aspect, aspects, crossings, filers, fillers, type Matter, matters, otherMatters } from './follow-up-table.ts';

/** Characters that a question may have beside what the tables recognise. */
const mostLeft = 2;

/**
 * A topic that the table names, and what it rests on: the same is asked of another matter (变更的话呢), something is asked by its name
 * (那要多久), or two matters or a filer meet in a topic of their own (个体户的呢).
 */
export interface NamedTopic {
  topic: string;
  by: 'carried' | 'asked' | 'met';
  /** Nothing else is in the question. */
  whole: boolean;
}

/** A topic, as far as it says what a short question after it is about. */
interface TopicOfCategory {
  id: string;
  category: string;
}

/** The topic that a short question is most likely about after another, as far as the table knows. */
export function followUpTopic(question: string, { id: before, category }: TopicOfCategory): NamedTopic | undefined {
  if (otherMatters.test(question)) return undefined;
  const filer = filers.find(({ words }) => words.test(question));
  const named = matters.find(({ words }) => words.test(question));
  const asked = aspectIn(question, named);
  const crossing = crossings.find((one) => one.before.test(before) && one.words.test(question));
  const left = leftOf(question, [filer?.words, named?.words, crossing?.words, asked && aspects[asked]]);
  if (left > mostLeft) return undefined;
  const whole = left === 0;
  if (crossing) return { topic: crossing.topic, by: 'met', whole };
  if (filer?.topics[before]) return { topic: filer.topics[before], by: 'met', whole };
  const own = matters.find(({ topics, others = [] }) => Object.values(topics).includes(before) || others.includes(before));
  const matter = named ?? own ?? (asked && ofTheWholeMatter.has(asked) ? matterAround({ id: before, category }) : undefined);
  const aspect = asked ?? (named && own && aspectOf(before, own));
  const topic = matter && aspect && topicFor(aspect, matter);
  return topic === undefined ? undefined : { topic, by: asked ? 'asked' : 'carried', whole };
}

function topicFor(aspect: Aspect, { topics, likeFiling }: Matter): string | undefined {
  return topics[aspect] ?? (aspect === 'whole' ? topics.time : undefined) ?? (likeFiling && filing?.topics[aspect]);
}

const filing = matters.find(({ words }) => words.test('备案'));

/** What is the same for a matter as a whole, whichever of its topics came before. */
const ofTheWholeMatter: ReadonlySet<Aspect> = new Set(['whole', 'time', 'fee', 'materials', 'progress', 'returned']);
/** Categories whose topics take time and papers of their own: after 域名实名, 要多久 is not about the review. */
const withTheirOwn: ReadonlySet<string> = new Set(['conflict', 'domain', 'hosting', 'password']);
/** Likewise topics about something else that is applied for or set right beside the filing: an approval, a check of its own. */
const asideFromFiling = /approval$|^(ai-filing|info-check-notice|finance-keywords|residence-permit)$/;

/** The matter that a topic belongs to by its category, for topics that no matter lists. */
function matterAround(topic: TopicOfCategory): Matter | undefined {
  if (withTheirOwn.has(topic.category) || asideFromFiling.test(topic.id)) return undefined;
  const name = matterOf(topic).toLowerCase();
  return matters.find(({ words }) => words.test(name));
}

/** Whether a question names both a matter and what is asked about it: 备案要多久 leans on nothing. */
export function isComplete(question: string): boolean {
  const named = matters.find(({ words }) => words.test(question));
  return named !== undefined && aspectIn(question, named) !== undefined;
}

const also = /^(那|那么)?.{1,8}也(要|得|需要|可以|行|能|一样|是)(吗|么|嘛|不|呢)?[？?]?$/;

/** Whether a question asks of something else what was asked before, however well that is known: 小程序也要吗. */
export function asksAlso(question: string): boolean {
  return also.test(question);
}

const costing = /花|费/;

/** Whether a question says what it asks, and of what not a word: 要花多少钱啊. */
export function isAspectAlone(question: string): boolean {
  const asked = aspectIn(question, undefined);
  if (asked === undefined || matters.some(({ words }) => words.test(question))) return false;
  // Twice: 要等几天 names the same aspect in two words.
  return leftOf(question, [aspects[asked], aspects[asked], costing]) === 0;
}

/** How much is left of the question besides what the table recognised: 主体冲突怎么办 is a question of its own. */
function leftOf(question: string, recognised: readonly (RegExp | undefined)[]): number {
  const left = recognised.reduce((rest, words) => (words ? rest.replace(words, '') : rest), question);
  return left.replace(fillers, '').replace(/[^\p{L}\p{N}]/gu, '').length;
}

/** The aspect that the question names, unless that is the name of the matter itself. */
function aspectIn(question: string, named: Matter | undefined): Aspect | undefined {
  const rest = named ? question.replace(named.words, '') : question;
  return (Object.keys(aspects) as Aspect[]).find((aspect) => aspects[aspect].test(rest));
}

function aspectOf(topic: string, { topics }: Matter): Aspect | undefined {
  return (Object.keys(topics) as Aspect[]).find((aspect) => topics[aspect] === topic);
}

/** What the questions of a category are about, in the words in which a short question leaves it out. */
const matterOfCategory: Readonly<Record<string, string>> = {
  'app-miniprogram': 'App备案',
  'agency-service': '你们代办',
  cancel: '注销备案',
  change: '变更备案',
  domain: '域名备案',
  license: '许可证',
  'paid-vs-free': '许可证',
  password: '备案密码',
  'public-security': '公安备案',
  review: '备案审核',
};

/** The matter of a topic, to be put before a short question: after 变更备案, 网站会停吗 is 变更备案 网站会停吗. */
export function matterOf({ id, category }: TopicOfCategory): string {
  return matterOfTopic[id.split('-', 1)[0] as string] ?? matterOfCategory[category] ?? '备案';
}

/** Where the first word of a topic's id says more than its category. */
const matterOfTopic: Readonly<Record<string, string>> = {
  sms: '短信核验',
  miniprogram: '小程序备案',
  materials: '备案材料',
};
