import type { Activity } from '../activity.ts';
import type { TranscriptEntry } from './conversation.ts';

/** Why a message did not reach its customer, or may not have. */
export type UndeliveredReason =
  /** The platform lets nobody be written to who has not written for so long, or not more often than so many times. */
  | 'window-closed'
  | 'quota-used'
  /** The customer does not follow the account any more, or takes no messages. */
  | 'unreachable'
  /** The platform did not serve, however often it was tried. */
  | 'platform-away'
  /** The account may not send: its rights or its settings are to be looked at. */
  | 'account'
  /** A person of the agency has the customer inside the platform. */
  | 'with-person'
  /** The platform takes no such content. */
  | 'refused'
  /** It may have arrived: sending it again could show it twice. */
  | 'unknown';

/** A message of the transcript that did not arrive, or not all of it. */
export interface Undelivered {
  /** In the transcript. */
  position: number;
  /** Which of its parts, from 0, the reason is about; those before it have arrived. */
  part: number;
  reason: UndeliveredReason;
  at: number;
  /** `waits`: it goes out when the customer can be reached again. `late`: that has happened, as far as known. */
  state: 'waits' | 'lost' | 'late';
  /** It is among the errands once more, and has not had its turn yet. */
  due?: true;
}

/** Sending again cannot help, or not now. `reason` `unknown` is for any other error. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';
  readonly reason: UndeliveredReason;

  constructor(reason: UndeliveredReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

const mostKept = 100;
const answersHoldMs = 30 * 60_000;
/** What people and cases have to tell keeps its worth; an answer to a question of yesterday would only puzzle. */
const lasting: ReadonlySet<string> = new Set(['agent', 'status', 'opened', 'notice', 'handoff']);

/** Reasons that end when the customer writes again, or may have ended by then. */
export function canWait(reason: UndeliveredReason): boolean {
  return reason !== 'refused' && reason !== 'unknown';
}

/** Whether a message that could not be sent then is to be sent now. */
export function isStillWanted({ at }: Undelivered, { channelData }: Activity, now: number): boolean {
  return lasting.has(channelData?.filing?.kind ?? '') || now - at < answersHoldMs;
}

/** With one more, or another word on one that is there. The oldest of those that are settled make room. */
export function withUndelivered(all: readonly Undelivered[], one: Undelivered): Undelivered[] {
  const others = all.filter(({ position }) => position !== one.position);
  const dropped = others.length >= mostKept ? (others.find(({ state }) => state !== 'waits') ?? others[0]) : undefined;
  return [...others.filter((each) => each !== dropped), one];
}

/** What waits, sorted into what is to be sent now, in the order in which it was said, and what is not wanted any more. */
export function resumable(
  all: readonly Undelivered[],
  entries: readonly TranscriptEntry[],
  now: number,
): { wanted: (Undelivered & { activity: Activity })[]; left: Undelivered[] } {
  const activities = new Map(entries.map(({ position, activity }) => [position, activity]));
  const wanted = all
    .flatMap((each) => {
      const activity = each.state === 'waits' ? activities.get(each.position) : undefined;
      return activity && isStillWanted(each, activity, now) ? [{ ...each, activity }] : [];
    })
    .sort((a, b) => a.position - b.position);
  const left = all.map((each) => {
    if (each.state !== 'waits') return each;
    const isWanted = wanted.some(({ position }) => position === each.position);
    return isWanted ? { ...each, state: 'late' as const, due: true as const } : { ...each, state: 'lost' as const };
  });
  return { wanted, left };
}

/** Whether something that was said before the message at this position goes out once more: it is to arrive before it. */
export function isAfterDue(all: readonly Undelivered[], position: number): boolean {
  return all.some((each) => each.due && each.position < position);
}

/** What was sent once more has had its turn. */
export function withoutDue(all: readonly Undelivered[], position: number): Undelivered[] {
  return all.map((each) => {
    if (each.position !== position) return each;
    const { due: _, ...settled } = each;
    return settled;
  });
}
