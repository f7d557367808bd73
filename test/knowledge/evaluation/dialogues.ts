import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Verdict } from '../../../knowledge/evaluation/judgement.ts';
import { type LabelledQuestion, partOf } from '../../../knowledge/evaluation/questions.ts';
import { type Share, share } from '../../../knowledge/evaluation/shares.ts';

const turn = z.strictObject({ ask: z.string().min(1), topic: z.string().min(1) });
const dialogues = z.array(z.array(turn).min(2, 'a dialogue has a turn that others follow'));
const dialoguesSchema = z.strictObject({ elliptical: dialogues, topicShift: dialogues, foreign: dialogues });

/** How a later turn follows: leaving out what was said before, turning to another topic, or to what is none of ours. */
export type FollowUpKind = keyof z.infer<typeof dialoguesSchema>;

/** A later turn of a labelled dialogue, with the topic that answers it, if any does. */
export interface FollowUp {
  asked: string;
  topic: string | undefined;
  /** The topic of the turn before. */
  after: string;
  kind: FollowUpKind;
  part: LabelledQuestion['part'];
}

/** Reads the labelled dialogues. The half follows from the first question, so that a dialogue stays together. */
export function readFollowUps(file: string): FollowUp[] {
  const { elliptical, topicShift, foreign } = dialoguesSchema.parse(parse(readFileSync(file, 'utf8')));
  return [
    ...elliptical.flatMap((turns) => followUps(turns, 'elliptical')),
    ...topicShift.flatMap((turns) => followUps(turns, 'topicShift')),
    ...foreign.flatMap((turns) => followUps(turns, 'foreign')),
  ];
}

/** The label of what no topic answers. */
const noTopic = 'none';

function followUps(turns: readonly z.infer<typeof turn>[], kind: FollowUpKind): FollowUp[] {
  return turns.slice(1).map(({ ask, topic }, at) => {
    const { topic: after = '' } = turns[at] ?? {};
    return { asked: ask, topic: topic === noTopic ? undefined : topic, after, kind, part: partOf(turns[0]?.ask ?? '') };
  });
}

/** What a matcher says to a question, `after` the topic of the turn before or without knowing it. */
export type FollowUpMatcher = (question: string, after?: string) => Verdict;

export interface FollowUpQuality {
  /** The right topic comes first. */
  right: Share;
  /** The same when the turn before is not told: what knowing it is worth. */
  rightAlone: Share;
  /** Direct answers given after the turn before, and how many of those were right. */
  answered: Share;
  answersRight: Share;
}

/** Judges the follow-up turns of one kind. Of foreign ones each direct answer is a wrong one. */
export function measureFollowUps(turns: readonly FollowUp[], kind: FollowUpKind, match: FollowUpMatcher): FollowUpQuality {
  const judged = turns
    .filter((turn) => turn.kind === kind)
    .map(({ asked, topic, after }) => ({ asked, topic, verdict: match(asked, after) }));
  const isRight = ({ topic, verdict }: (typeof judged)[number]) => verdict.results[0]?.id === topic;
  const isAnswered = ({ verdict }: (typeof judged)[number]) => verdict.decision === 'answer';
  return {
    right: share(judged, isRight),
    rightAlone: share(judged, ({ asked, topic }) => match(asked).results[0]?.id === topic),
    answered: share(judged, isAnswered),
    answersRight: share(judged.filter(isAnswered), isRight),
  };
}
