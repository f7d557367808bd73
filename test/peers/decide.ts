import type { Verdict } from '../../knowledge/evaluation/judgement.ts';
import { isAnswerTo, type LabelledQuestion } from '../../knowledge/evaluation/questions.ts';
import { auroc } from '../knowledge/evaluation/separation.ts';
import { lowestConfidence } from '../knowledge/evaluation/threshold.ts';
import type { Found } from './peer.ts';

/** How sure a peer is, from what it found: by its score, by how far the first topic is ahead of the second, or by that as a share. */
const surenesses = {
  score: (first: number, _second: number) => first,
  lead: (first: number, second: number) => first - second,
  'relative lead': (first: number, second: number) => (first > 0 ? (first - second) / first : 0),
};

export type Sureness = keyof typeof surenesses;

/** How a peer decides; fitted, since search engines only rank. */
export interface PeerDecision {
  /** It answers from this threshold on; undefined when it never is sure enough. */
  answersBy: Sureness;
  threshold: number | undefined;
  /** What best tells messages that a topic answers from others. */
  separatesBy: Sureness;
}

/** A labelled message with what was found for it, best first. */
export interface Answered {
  question: LabelledQuestion;
  found: readonly Found[];
}

/**
 * Chooses for both purposes what is best for the peer: the sureness and lowest threshold with which it answers most, its
 * answers being right in the stated share, and the sureness that separates best.
 */
export function fitDecision(answered: readonly Answered[], statedPrecision: number): PeerDecision {
  const names = Object.keys(surenesses) as Sureness[];
  const { by: answersBy, threshold } = best(names.map((by) => thresholdFor(by, answered, statedPrecision)));
  const { by: separatesBy } = best(names.map((by) => ({ by, worth: separation(by, answered) })));
  return { answersBy, threshold, separatesBy };
}

/** What the peer says to a message; with one threshold, what it does not answer it refuses. */
export function verdictOf(found: readonly Found[], { answersBy, threshold, separatesBy }: PeerDecision): Verdict {
  const answers = found.length > 0 && threshold !== undefined && sureness(answersBy, found) >= threshold;
  return {
    decision: answers ? 'answer' : 'reject',
    results: found.map(({ topic, score }, at) => ({ id: topic, confidence: at === 0 ? sureness(separatesBy, found) : score })),
  };
}

function sureness(by: Sureness, [first, second]: readonly Found[]): number {
  return surenesses[by](first?.score ?? 0, second?.score ?? 0);
}

function thresholdFor(by: Sureness, answered: readonly Answered[], statedPrecision: number) {
  const guesses = answered
    .filter(({ found }) => found.length > 0)
    .map(({ question, found }) => ({ confidence: sureness(by, found), right: isAnswerTo(found[0]?.topic, question) }));
  const threshold = lowestConfidence(guesses, statedPrecision);
  return { by, threshold, worth: threshold === undefined ? 0 : guesses.filter(({ confidence }) => confidence >= threshold).length };
}

function separation(by: Sureness, answered: readonly Answered[]): number {
  const side = (inScope: boolean) =>
    answered.filter(({ question }) => (question.topic !== undefined) === inScope).map(({ found }) => sureness(by, found));
  return auroc(side(true), side(false));
}

/** The one of greatest worth; of equals the earlier. */
function best<T extends { worth: number }>(options: readonly T[]): T {
  const first = options.toSorted((a, b) => b.worth - a.worth)[0];
  if (!first) throw new Error('There is nothing to choose from.');
  return first;
}
