import { type DatedTopic, hasPeriod } from '../knowledge/calendar/filing-periods.ts';
import { findDates } from '../knowledge/entities/date.ts';
import type { Match } from '../knowledge/matching/faq-index.ts';
import { deadlineAnswer } from './deadline.ts';

/** What is asked of a date: 最晚什么时候出结果, 哪天能下来, 还来得及吗. */
const asksWhen =
  /最晚|最迟|最快|什么时候|啥时候|何时|哪天|哪一天|几号|多久|多长时间|几天|还要等|能下来|出结果|出证|过期|超期|超时|来得及|算不算|到期|截止|期限|呢[?？]?$/;
/** What is done on a day that a period begins with. */
const submits = /提交|上报|递交|报上去|报到|交上去|交到|送到|送审|受理|进(?:了)?(?:管局|通管局|省局)|到(?:了)?(?:管局|通管局)/;

/** The period that is meant when the words for the day leave the topic open, the more particular first. */
const byMatter: [RegExp, DatedTopic][] = [
  [/许可证|经营证|icp证|增值电信/i, 'license-time'],
  [/变更/, 'change-review-time'],
  [/注销/, 'cancel-time'],
  [/app|应用/i, 'app-filing-process'],
  [/提交|上报|管局|审核|备案/, 'review-time'],
];
const leastConfidence = 0.5;
const longest = 60; // in longer messages a day is part of a story

/** The answer to a question that names a day and asks when, with its topic; undefined for every other question. */
export function datedQuestion(
  question: string,
  today: string,
  after: string | undefined,
  match: (text: string, after?: string) => Match,
): { topic: DatedTopic; text: string; provenance: string } | undefined {
  if (question.length > longest || !asksWhen.test(question)) return undefined;
  const [date] = findDates(question, today, { lean: 'past' });
  if (!date) return undefined;
  const rest = question.slice(0, date.start) + question.slice(date.end);
  const ranked = match(rest, after).results.find(({ confidence }) => confidence >= leastConfidence);
  const topic = topicOf(ranked?.id, rest, after);
  const answer = topic && deadlineAnswer({ topic, day: date.day, today, said: question });
  return answer && { topic, text: answer.text, provenance: answer.provenance };
}

function topicOf(ranked: string | undefined, rest: string, after: string | undefined): DatedTopic | undefined {
  if (ranked !== undefined && hasPeriod(ranked)) return ranked;
  if (!submits.test(rest)) return undefined;
  if (after !== undefined && hasPeriod(after)) return after;
  return byMatter.find(([words]) => words.test(rest))?.[1];
}
