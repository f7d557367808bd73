import { partitionOf } from '../../../bot/store/store.ts';
import { ownerOf } from '../../support/hand-over.ts';
import { conversation, type Operation } from './operations.ts';
import type { World } from './world.ts';

/** What is there after all is over, apart from times, receipts and numbers, which differ from run to run. */
export interface Evidence {
  /** What the customer said, in the order of the transcript. */
  said: string[];
  /** What was said to them, in the same order, and to which of their words; '' where that is none, or none that is still there. */
  replies: { to: string; text: string }[];
  notes: string[];
  /** How often a message, or what staff wrote, reached the customer by a channel that is sent to. */
  shown: string[];
  /** Of operations that have to do with cases: looking for them takes longer than all the rest. */
  cases: string[];
  files: string[];
  owner: string;
  /** What is still waiting though everything had its time. */
  waiting: string[];
  /** What becomes of the customer's messages when each is delivered once more. */
  again: string[];
  twoHolders: string[];
}

export async function gather(world: World, operation: Operation): Promise<Evidence> {
  const { store, conversations, cases, inbox } = await world.newObserver();
  const transcript = await conversations.transcript(conversation, 0, 1000);
  const textAt = (position: number) => transcript.find((entry) => entry.position === position)?.activity.text ?? '';
  const answeredBy = (replyToId = '') => textAt(Number(replyToId.split('|')[1] ?? 0));
  const { owner, epoch } = await ownerOf(store, conversation);
  const due = await inbox.due(100);
  const evidence: Evidence = {
    said: transcript.flatMap(({ activity }) => (activity.from.role === 'user' ? [activity.text ?? ''] : [])),
    replies: transcript.flatMap(({ activity }) =>
      activity.from.role === 'bot' ? [{ to: answeredBy(activity.replyToId), text: plain(activity.text ?? '') }] : [],
    ),
    notes: (await conversations.notes([partitionOf(conversation)], 100)).map((note) => plain(JSON.stringify(note))),
    shown: world.shown.map(plain),
    cases: operation.comesTo.cases ? (await cases.all()).map((filed) => plain(JSON.stringify(filed))) : [],
    files: [...world.files].sort(),
    owner: `${owner.kind}, change ${epoch}`,
    waiting: Object.entries(due).flatMap(([kind, names]) => names.map(() => kind)),
    twoHolders: world.leases.twoHolders,
    again: [],
  };
  for (const { inbound, name } of operation.requests) {
    if (!inbound) continue;
    const accepted = await inbox.accept(inbound);
    const place = accepted.outcome === 'repeated' ? ` at ${textAt(accepted.position) || 'a place that is gone'}` : '';
    evidence.again.push(`${name}: ${accepted.outcome}${place}`);
  }
  return evidence;
}

/** Without what differs from run to run: times, receipts, case numbers. */
function plain(text: string): string {
  return text
    .replace(/\b1[78]\d{11}\b/g, 'TIME')
    .replace(/BA-\d{8}-\d{7}/g, 'NUMBER')
    .replace(/\b[0-9A-F]{10}\b/g, 'RECEIPT');
}
