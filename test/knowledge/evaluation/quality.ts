import type { Decision } from '../../../knowledge/matching/faq-index.ts';
import type { LabelledQuestion } from './questions.ts';
import { auroc, aurocEstimate, type Estimate } from './separation.ts';
import { type Share, share } from './shares.ts';

/** What any matcher says to a message, as far as it is judged; the `Match` of our own is one. */
export interface Verdict {
  decision: Decision;
  /** Best first. Only the first one's confidence is judged, and it need not be a probability: higher is surer. */
  results: readonly { id: string; confidence: number }[];
}

export type Matcher = (question: string) => Verdict;

export interface Quality {
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
  /** How well the confidence alone separates answerable questions from others; 0.5 is chance. */
  auroc: number;
  byKind: Record<string, { accuracy?: Share; answered: Share }>;
}

/** Compares what the matcher says with the labels. */
export function measure(questions: readonly LabelledQuestion[], match: Matcher): Quality {
  const judged = judge(questions, match);
  const inScope = judged.filter(hasTopic);
  const outside = judged.filter((one) => !hasTopic(one));
  const kinds = [...new Set(questions.map(({ kind }) => kind))];
  return {
    accuracy: share(inScope, isFirst),
    recallAt3: share(inScope, ({ question, verdict: { results } }) => results.slice(0, 3).some(({ id }) => id === question.topic)),
    coverage: share(inScope, isAnswered),
    precision: share(inScope.filter(isAnswered), isFirst),
    wronglyRefused: share(inScope, isRefused),
    wronglyAnswered: share(outside, isAnswered),
    refused: share(outside, isRefused),
    auroc: auroc(inScope.map(confidence), outside.map(confidence)),
    byKind: Object.fromEntries(
      kinds.map((kind) => {
        const own = judged.filter(({ question }) => question.kind === kind);
        const labelled = own.filter(hasTopic);
        return [kind, { ...(labelled.length > 0 && { accuracy: share(labelled, isFirst) }), answered: share(own, isAnswered) }];
      }),
    ),
  };
}

/** AUROC of the confidence with its interval, against all messages that no topic answers and against those that come near. */
export function separation(questions: readonly LabelledQuestion[], match: Matcher): { all: Estimate; nearMisses: Estimate } {
  const judged = judge(questions, match);
  const inScope = judged.filter(hasTopic).map(confidence);
  const outside = judged.filter((one) => !hasTopic(one));
  return {
    all: aurocEstimate(inScope, outside.map(confidence)),
    nearMisses: aurocEstimate(inScope, outside.filter(({ question }) => question.kind === 'near').map(confidence)),
  };
}

interface Judged {
  question: LabelledQuestion;
  verdict: Verdict;
}

function judge(questions: readonly LabelledQuestion[], match: Matcher): Judged[] {
  return questions.map((question) => ({ question, verdict: match(question.asked) }));
}

function hasTopic({ question }: Judged): boolean {
  return question.topic !== undefined;
}

function isFirst({ question, verdict }: Judged): boolean {
  return verdict.results[0]?.id === question.topic;
}

function isAnswered({ verdict }: Judged): boolean {
  return verdict.decision === 'answer';
}

function isRefused({ verdict }: Judged): boolean {
  return verdict.decision === 'reject';
}

/** Whatever found nothing is surest that nothing is there. */
function confidence({ verdict }: Judged): number {
  return verdict.results[0]?.confidence ?? 0;
}
