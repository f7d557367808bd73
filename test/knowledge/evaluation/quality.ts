import {
  hasTopic,
  isAnswered,
  isFirst,
  type Judged,
  type Judgement,
  judge,
  judgementOf,
  type Matcher,
} from '../../../knowledge/evaluation/judgement.ts';
import type { LabelledQuestion } from '../../../knowledge/evaluation/questions.ts';
import { type Share, share } from '../../../knowledge/evaluation/shares.ts';
import { auroc, aurocEstimate, type Estimate } from './separation.ts';

export interface Quality extends Judgement {
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
    ...judgementOf(judged),
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

/** Whatever found nothing is surest that nothing is there. */
function confidence({ verdict }: Judged): number {
  return verdict.results[0]?.confidence ?? 0;
}
