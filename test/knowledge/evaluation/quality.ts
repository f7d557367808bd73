import type { Match } from '../../../knowledge/matching/faq-index.ts';
import type { LabelledQuestion } from './questions.ts';

/** A share with the half-width of its 95 % interval (Wilson), so that small sets are not read as exact. */
export interface Share {
  value: number;
  of: number;
  low: number;
  high: number;
}

export interface Quality {
  /** Among questions that a topic answers. */
  accuracy: Share;
  recallAt3: Share;
  /** Direct answers given to them, and how many of those were right. */
  coverage: Share;
  precision: Share;
  /** Among messages that no topic answers: how many got a direct answer all the same. */
  wronglyAnswered: Share;
  refused: Share;
  /** How well the confidence alone separates answerable questions from others; 0.5 is chance. */
  auroc: number;
  byKind: Record<string, { accuracy?: Share; answered: Share }>;
}

/** Compares what the matcher says with the labels. */
export function measure(questions: readonly LabelledQuestion[], match: (question: string) => Match): Quality {
  const judged = questions.map((question) => ({ question, match: match(question.asked) }));
  const inScope = judged.filter(({ question }) => question.topic !== undefined);
  const outside = judged.filter(({ question }) => question.topic === undefined);
  const answered = inScope.filter(({ match: { decision } }) => decision === 'answer');
  const kinds = [...new Set(questions.map(({ kind }) => kind))];
  return {
    accuracy: share(inScope, isFirst),
    recallAt3: share(inScope, ({ question, match: { results } }) => results.slice(0, 3).some(({ id }) => id === question.topic)),
    coverage: share(inScope, ({ match: { decision } }) => decision === 'answer'),
    precision: share(answered, isFirst),
    wronglyAnswered: share(outside, ({ match: { decision } }) => decision === 'answer'),
    refused: share(outside, ({ match: { decision } }) => decision === 'reject'),
    auroc: auroc(inScope.map(confidence), outside.map(confidence)),
    byKind: Object.fromEntries(
      kinds.map((kind) => {
        const own = judged.filter(({ question }) => question.kind === kind);
        const labelled = own.filter(({ question }) => question.topic !== undefined);
        return [
          kind,
          {
            ...(labelled.length > 0 && { accuracy: share(labelled, isFirst) }),
            answered: share(own, ({ match: { decision } }) => decision === 'answer'),
          },
        ];
      }),
    ),
  };
}

interface Judged {
  question: LabelledQuestion;
  match: Match;
}

function isFirst({ question, match }: Judged): boolean {
  return match.results[0]?.id === question.topic;
}

function confidence({ match }: Judged): number {
  return match.results[0]?.confidence ?? 0;
}

function share<T>(among: readonly T[], holds: (one: T) => boolean): Share {
  const of = among.length;
  const value = of === 0 ? 0 : among.filter(holds).length / of;
  const z = 1.96;
  const centre = of === 0 ? 0 : (value + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = of === 0 ? 0 : (z * Math.sqrt((value * (1 - value)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return { value, of, low: centre - half, high: centre + half };
}

function auroc(positive: readonly number[], negative: readonly number[]): number {
  let wins = 0;
  for (const p of positive) for (const n of negative) wins += p > n ? 1 : p === n ? 0.5 : 0;
  return wins / Math.max(1, positive.length * negative.length);
}
