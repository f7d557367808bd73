import type { HandoffReason, Skill } from '../../dialogs/handoff-request.ts';
import type { Rating } from '../../dialogs/reply.ts';
import { type CallBack, encode } from '../conversations/conversation.ts';
import { count } from '../figures/figure-event.ts';
import { type Operation, partitionOf } from '../store/store.ts';

/** A conversation on its way to a person: the last request of the customer, and what became of it. */
export interface Handoff {
  state: 'requested' | 'accepted' | 'completed' | 'failed';
  reason: HandoffReason;
  skill?: Skill;
  /** They have a case of ours, or were kept waiting before. */
  returning: boolean;
  requestedAt: number;
  /** Of a transfer: by whom, for whom, and what for. */
  transferredFrom?: string;
  for?: string;
  note?: string;
  agent?: { id: string; name: string };
  /** The agent inside a platform whom it was taken from, until the platform has been told. */
  takenFrom?: string;
  acceptedAt?: number;
  /** When the agent said something for the first time. */
  answeredAt?: number;
  endedAt?: number;
  rating?: Rating;
}

/** What agents write for each other about a conversation. */
export interface AgentNote {
  at: number;
  by: string;
  text: string;
}

/** Under which names a handoff's things stand in its conversation's partition. */
export const handoffNames = {
  handoff: (conversation: string) => `handoff:${conversation}`,
  notes: (conversation: string) => `agent-notes:${conversation}`,
  tasks: (conversation: string) => `tasks:${conversation}`,
  /** Counts the tasks ever left, so that one left meanwhile is not taken for done. */
  left: (conversation: string) => `tasks-left:${conversation}`,
  /** Conversations of a partition that wait for a person, by when they are to be taken; that a person has; that left something to do. */
  waiting: 'waiting',
  held: 'held',
  toDo: 'to-do',
  /** How far another desk has been told of a conversation, and which conversations it is told of. */
  told: (conversation: string) => `told:${conversation}`,
  outside: 'outside',
  /** That another desk has what was said, and of which conversations it is still to be told that they were erased; see `shared.ts`. */
  shared: (conversation: string) => `shared:${conversation}`,
  erasures: 'outside-erasures',
};

/** Agents of another desk have ids that begin so. */
export const outsidePrefix = 'outside:';

/** Agents inside a platform have ids that begin so: the platform itself says when they come and go. */
export const platformPrefix = 'platform:';

/** Where all that belongs to the desk itself is kept, so that an act and its record are one step. */
export const deskPartition = partitionOf('desk');

/** The topic under which every change of the queue is announced: a hint, as all of them. */
export const deskTopic = 'desk';

/** Returning customers stand in the queue as if they had come so much earlier: ahead, and yet nobody waits for ever. */
const headStartMs = 10 * 60_000;

export function placeInQueue({ requestedAt, returning, transferredFrom }: Handoff): number {
  // Who was with a person already does not stand in line again.
  return transferredFrom !== undefined ? requestedAt - 6 * headStartMs : requestedAt - (returning ? headStartMs : 0);
}

export function putHandoff(conversation: string, handoff: Handoff): Operation {
  return { do: 'put', record: handoffNames.handoff(conversation), value: encode(handoff) };
}

/** Puts the request into the queue. */
export function enterQueue(conversation: string, handoff: Handoff): Operation[] {
  return [
    putHandoff(conversation, handoff),
    { do: 'unrank', index: handoffNames.held, member: conversation },
    { do: 'rank', index: handoffNames.waiting, member: conversation, score: placeInQueue(handoff) },
  ];
}

/** A handoff that has come to its end. */
export type Ended = Handoff & { state: 'completed' | 'failed'; endedAt: number };

/** Takes it out of the queue, and from whoever holds it, and counts it. */
export function endHandoff(conversation: string, handoff: Ended): Operation[] {
  const { state, requestedAt, acceptedAt, answeredAt, endedAt } = handoff;
  const times = { requestedAt, ...(acceptedAt !== undefined && { acceptedAt }), ...(answeredAt !== undefined && { answeredAt }), endedAt };
  return [
    putHandoff(conversation, handoff),
    { do: 'unrank', index: handoffNames.waiting, member: conversation },
    { do: 'unrank', index: handoffNames.held, member: conversation },
    count({ kind: 'handoff-ended', state, ...times }, endedAt),
  ];
}

/** Something for staff to do without the customer waiting for it. */
export function leaveTask(conversation: string, task: CallBack): Operation[] {
  return [
    { do: 'append', log: handoffNames.tasks(conversation), value: encode(task) },
    { do: 'put', record: handoffNames.left(conversation), value: encode(task.at) },
    { do: 'rank', index: handoffNames.toDo, member: conversation, score: task.at },
  ];
}

export function eraseHandoff(conversation: string): Operation[] {
  return [
    { do: 'remove', record: handoffNames.handoff(conversation) },
    { do: 'remove', record: handoffNames.left(conversation) },
    { do: 'remove', record: handoffNames.told(conversation) },
    { do: 'drop', log: handoffNames.notes(conversation) },
    { do: 'drop', log: handoffNames.tasks(conversation) },
    ...[handoffNames.waiting, handoffNames.held, handoffNames.toDo, handoffNames.outside].map(
      (index) => ({ do: 'unrank', index, member: conversation }) as const,
    ),
  ];
}
