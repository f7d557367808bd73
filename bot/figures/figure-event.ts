import { chinaDay } from '../../dialogs/china-day.ts';
import type { Effect } from '../../dialogs/effect.ts';
import type { HandoffReason } from '../../dialogs/handoff-request.ts';
import type { Rating } from '../../dialogs/reply.ts';
import type { Activity } from '../activity.ts';
import { encode } from '../conversations/conversation.ts';
import type { Operation } from '../store/store.ts';

/** Something that is counted. Says nothing of who it was. */
export type FigureEvent =
  | { kind: 'conversation' }
  | { kind: 'reply'; decision: Decision; topic?: string }
  | { kind: 'miss' }
  | { kind: 'feedback'; useful: boolean }
  | { kind: 'handoff'; reason: HandoffReason }
  /** Times in milliseconds since 1970; what did not happen is left out. */
  | { kind: 'handoff-ended'; state: 'completed' | 'failed'; requestedAt: number; acceptedAt?: number; answeredAt?: number; endedAt: number }
  | { kind: 'rating'; rating: Rating };

const decisions = ['answer', 'suggest', 'unknown'] as const;
export type Decision = (typeof decisions)[number];

/** The log of a partition in which a day's events stand until they are summed up. */
export function eventLog(day: string): string {
  return `figures:${day}`;
}

/**
 * Counts something in the step that does it: once, however often that is tried, and without asking the store once more. Put it after what
 * others of the step look at: a message that is queued remembers what was appended before it.
 */
export function count(event: FigureEvent, at: number): Operation {
  return { do: 'append', log: eventLog(chinaDay(at)), value: encode(event) };
}

/** What is counted of a turn. */
export function eventsOf(activities: readonly Activity[], effects: readonly Effect[]): FigureEvent[] {
  return [...activities.flatMap(replied), ...effects.flatMap(effected)];
}

function replied({ channelData }: Activity): FigureEvent[] {
  const { kind, topic } = channelData?.filing ?? {};
  const decision = decisions.find((each) => each === kind);
  return decision ? [{ kind: 'reply', decision, ...(topic !== undefined && { topic }) }] : [];
}

function effected(effect: Effect): FigureEvent[] {
  switch (effect.kind) {
    case 'recordMiss':
      return [{ kind: 'miss' }];
    case 'recordFeedback':
      return [{ kind: 'feedback', useful: effect.useful }];
    case 'requestHandoff':
      return [{ kind: 'handoff', reason: effect.reason }];
    case 'rateHandoff':
      return [{ kind: 'rating', rating: effect.rating }];
    default:
      return [];
  }
}
