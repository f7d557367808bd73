import type { ChatActivity } from './direct-line.ts';

/** One bubble: a message of the transcript, or one of the visitor's own that the server has not echoed yet. */
export interface Bubble {
  key: string;
  own: boolean;
  text: string;
  time: number;
  delivery: 'sending' | 'sent' | 'failed';
  activity?: ChatActivity;
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

function order({ activity }: Bubble): number {
  return activity ? Number(activity.id.split('|')[1]) : Number.MAX_SAFE_INTEGER;
}

/** A name for a message of ours that no other message has; works on pages without a secure context too. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
