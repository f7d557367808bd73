import type { Decision } from '../matching/faq-index.ts';
import { isAnswerTo, type LabelledQuestion } from './questions.ts';
import { type Share, share } from './shares.ts';

/** What any matcher says to a message, as far as it is judged; the `Match` of our own is one. */
export interface Verdict {
  decision: Decision;
  /** Best first. Only the first one's confidence is judged, and it need not be a probability: higher is surer. */
  results: readonly { id: string; confidence: number }[];
}

export type Matcher = (question: string) => Verdict;

export interface Judged {
  question: LabelledQuestion;
  verdict: Verdict;
}

/** How a matcher does on labelled messages. */
export interface Judgement {
  /** Among questions that a topic answers. */
  accuracy: Share;
  recallAt3: Share;
  /** Direct answers given to them, and how many of those were right. */
  coverage: Share;
  precision: Share;
  /** Questions of ours that were sent away. */
  wronglyRefused: Share;
  /** Among messages that no topic answers: how many got a direct answer all the same. */
  wronglyAnswered: Share;
  refused: Share;
}

export function judge(questions: readonly LabelledQuestion[], match: Matcher): Judged[] {
  return questions.map((question) => ({ question, verdict: match(question.asked) }));
}

/** Compares what the matcher said with the labels. */
export function judgementOf(judged: readonly Judged[]): Judgement {
  const inScope = judged.filter(hasTopic);
  const outside = judged.filter((one) => !hasTopic(one));
  return {
    accuracy: share(inScope, isFirst),
    recallAt3: share(inScope, ({ question, verdict: { results } }) => results.slice(0, 3).some(({ id }) => isAnswerTo(id, question))),
    coverage: share(inScope, isAnswered),
    precision: share(inScope.filter(isAnswered), isFirst),
    wronglyRefused: share(inScope, isRefused),
    wronglyAnswered: share(outside, isAnswered),
    refused: share(outside, isRefused),
  };
}

export function hasTopic({ question }: Judged): boolean {
  return question.topic !== undefined;
}

export function isFirst({ question, verdict }: Judged): boolean {
  return isAnswerTo(verdict.results[0]?.id, question);
}

export function isAnswered({ verdict }: Judged): boolean {
  return verdict.decision === 'answer';
}

function isRefused({ verdict }: Judged): boolean {
  return verdict.decision === 'reject';
}
