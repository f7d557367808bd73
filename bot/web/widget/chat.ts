import type { ChatActivity, Delay, Refusal } from './direct-line.ts';

/** One bubble: a message of the transcript, or one of the visitor's own that the server has not echoed yet. */
export interface Bubble {
  key: string;
  own: boolean;
  text: string;
  time: number;
  delivery: 'sending' | 'sent' | 'failed';
  activity?: ChatActivity;
  /** What goes with a message of the visitor's own until the server has it; kept in memory only. */
  files?: readonly File[];
  /** How much of the files has gone out, from 0 to 1. */
  uploaded?: number | undefined;
  /** Why it is not sent yet, though there is a connection. */
  delay?: Delay | undefined;
  refusal?: Refusal | undefined;
  /** Where a message that was refused stands among those that are kept; undefined: it is on its way, and stands last. */
  place?: number | undefined;
}

/** Replies that leave what was asked or shown before as it is. */
const asides: readonly (string | undefined)[] = ['answer', 'suggest', 'unknown', 'smalltalk'];

/** Where the summary stands whose lines can still be changed, or -1. */
export function openSummaryAt(bubbles: readonly Bubble[]): number {
  const at = bubbles.map((bubble) => !bubble.own && !asides.includes(kindOf(bubble))).lastIndexOf(true);
  return kindOf(bubbles[at]) === 'summary' ? at : -1;
}

export function kindOf(bubble: Bubble | undefined): string | undefined {
  return bubble?.activity?.channelData?.filing?.kind;
}

/** Who the visitor talks with besides the bot: a person in charge, or the queue for one. */
export type Company = { kind: 'person'; name: string } | { kind: 'queue'; position?: number | undefined } | undefined;

export function companyIn(bubbles: readonly Bubble[]): Company {
  let company: Company;
  for (const { own, activity } of bubbles) {
    const { kind, handoff, position } = activity?.channelData?.filing ?? {};
    if (own || (kind !== 'handoff' && kind !== 'agent')) continue;
    if (kind === 'agent' || handoff === 'accepted') company = { kind: 'person', name: activity?.from.name ?? '' };
    else company = handoff === 'requested' ? { kind: 'queue', position } : undefined;
  }
  return company;
}

/** Said by a person: in their own words, which are no Markdown. */
export function isFromPerson({ activity }: Bubble): boolean {
  const { kind, handoff } = activity?.channelData?.filing ?? {};
  return kind === 'agent' || (kind === 'handoff' && handoff === 'accepted');
}

/** Adds what arrived: own messages take the place of the bubble they were sent from, everything else is known by its id. */
export function withActivities(bubbles: readonly Bubble[], activities: readonly ChatActivity[], userId: string): Bubble[] {
  const next = [...bubbles];
  for (const activity of activities) {
    const { id, from, text = '', timestamp, channelData } = activity;
    const own = from.role === 'user' || from.id === userId;
    const key = (own && channelData?.clientActivityID) || id;
    const bubble: Bubble = { key, own, text, time: Date.parse(timestamp), delivery: 'sent', activity };
    const at = next.findIndex((known) => known.key === key || known.activity?.id === id);
    if (at < 0) next.push(bubble);
    else next[at] = bubble;
  }
  // Transcript order; what is still on its way stands last.
  return next.sort((a, b) => order(a) - order(b));
}

/** The refused message stays where it was refused, while the conversation goes on below it. */
export function withRefusal(bubbles: readonly Bubble[], key: string, refusal: Refusal): Bubble[] {
  const place = Math.max(0, ...bubbles.filter(({ activity }) => activity).map(order)) + 0.5;
  return bubbles.map((bubble) => (bubble.key === key ? { ...bubble, delivery: 'failed', refusal, place } : bubble));
}

function order({ activity, place = Number.MAX_SAFE_INTEGER }: Bubble): number {
  return activity ? Number(activity.id.split('|')[1]) : place;
}
