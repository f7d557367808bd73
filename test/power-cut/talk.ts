import { activityId } from '../../bot/conversations/conversation.ts';
import { Conversations } from '../../bot/conversations/conversations.ts';
import { Inbox } from '../../bot/conversations/inbox.ts';
import { messageDigest } from '../../bot/keyed-digest.ts';
import { Metrics } from '../../bot/metrics.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openSealedStore } from '../../bot/store/sealed-store.ts';
import { type Store, StoreUnavailable } from '../../bot/store/store.ts';
import { Turns } from '../../bot/turns/turns.ts';
import { said, silentLog } from '../support/conversations.ts';
import { testAgency } from '../support/customer.ts';
import { realKnowledge } from '../support/knowledge.ts';

/** A message that was acknowledged: it is to be there, with its reply, whatever happens to the power. */
export interface Acknowledged {
  conversation: string;
  messageId: string;
  text: string;
  position: number;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Core {
  conversations: Conversations;
  inbox: Inbox;
  turns: Turns;
}

const secrets = [Buffer.alloc(32, 7)];
const sender = 'dl_visitor';
const questions = ['谢谢', '备案审核要多长时间', '有用', '再见', '你好', '域名冲突怎么办'];

/** The turns of the product on a store, encrypted as they always are. */
export async function coreOn(raw: Store): Promise<Core> {
  const store = await openSealedStore(raw, dataKeys(secrets));
  const conversations = new Conversations(store, new Set());
  const inbox = new Inbox(store, conversations, new Set(), silentLog, messageDigest(secrets));
  const turns = new Turns({
    inbox,
    errands: { wake: () => undefined, caughtUp: async () => undefined },
    knowledge: realKnowledge,
    lookUp: async () => ({ kind: 'nothing' }),
    agency: testAgency,
    log: silentLog,
    metrics: new Metrics(),
  });
  return { conversations, inbox, turns };
}

/** Somebody who says one thing after another, until the store is gone or it is over. */
export async function talk(
  { conversations, turns }: Core,
  conversation: string,
  isOver: () => boolean,
  onAcknowledged: (acknowledged: Acknowledged) => void,
): Promise<void> {
  try {
    await conversations.start({ id: conversation, channel: 'direct-line', user: { id: sender } });
    for (let turn = 0; !isOver(); turn += 1) {
      const text = questions[turn % questions.length] ?? '';
      const messageId = `m-${turn}`;
      const accept = () => turns.accept(inboundOf(conversation, messageId, text));
      let accepted = await accept();
      // Messages are taken in faster than they are answered where a turn waits for the server twice.
      while (accepted.outcome === 'full' && !isOver()) {
        await turns.settled();
        accepted = await accept();
      }
      if (accepted.outcome === 'full') return;
      if (accepted.outcome !== 'accepted') throw new Error(`A message was not accepted: ${accepted.outcome}.`);
      onAcknowledged({ conversation, messageId, text, position: accepted.position, at: Date.now() });
    }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

/** Those of the acknowledged messages that are not there, or have not exactly one reply, or are not known when they come again. */
export async function lostAmong({ conversations, inbox }: Core, acknowledged: readonly Acknowledged[]): Promise<Acknowledged[]> {
  const lost: Acknowledged[] = [];
  const of = new Map<string, Acknowledged[]>();
  for (const message of acknowledged) of.set(message.conversation, [...(of.get(message.conversation) ?? []), message]);
  for (const [conversation, messages] of of) {
    const transcript = await conversations.transcript(conversation, 0, 100_000);
    const texts = new Map(transcript.map(({ position, activity }) => [position, activity.text]));
    const replied = transcript.map(({ activity }) => activity.replyToId);
    const isThere = ({ text, position }: Acknowledged) =>
      texts.get(position) === text && replied.filter((id) => id === activityId(conversation, position)).length === 1;
    lost.push(...messages.filter((message) => !isThere(message)));
    const last = messages.at(-1);
    if (last && isThere(last) && !(await isKnown(inbox, last))) lost.push(last);
  }
  return lost;
}

/** Runs the turns whose process is gone. */
export async function workOff({ inbox, turns }: Core): Promise<void> {
  for (;;) {
    const due = (await inbox.due(1000)).turns;
    if (due.length === 0) return;
    for (const id of due) turns.wake(id);
    await turns.settled();
  }
}

async function isKnown(inbox: Inbox, { conversation, messageId, text, position }: Acknowledged): Promise<boolean> {
  const again = await inbox.accept(inboundOf(conversation, messageId, text));
  return again.outcome === 'repeated' && again.position === position;
}

function inboundOf(conversation: string, messageId: string, text: string) {
  return { conversation, messageId, sender, activity: said(text), message: { kind: 'text' as const, text } };
}
