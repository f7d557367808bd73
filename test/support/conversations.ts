import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Activity } from '../../bot/activity.ts';
import { Cases } from '../../bot/cases/cases.ts';
import { Conversations } from '../../bot/conversations/conversations.ts';
import { Inbox } from '../../bot/conversations/inbox.ts';
import { Figures } from '../../bot/figures/figures.ts';
import { Duty } from '../../bot/handoffs/duty.ts';
import { Handoffs } from '../../bot/handoffs/handoffs.ts';
import { messageDigest } from '../../bot/keyed-digest.ts';
import { createLog } from '../../bot/log.ts';
import { Metrics } from '../../bot/metrics.ts';
import { Consents } from '../../bot/privacy/consents.ts';
import { Disclosures } from '../../bot/privacy/disclosures.ts';
import { type DataKind, type Keeping, Retention } from '../../bot/privacy/retention.ts';
import { type DataKeys, dataKeys } from '../../bot/store/data-keys.ts';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { openSealedStore } from '../../bot/store/sealed-store.ts';
import type { Store } from '../../bot/store/store.ts';
import { Chores } from '../../bot/turns/chores.ts';
import type { Errands } from '../../bot/turns/errands.ts';
import { lookUpIn } from '../../bot/turns/look-up.ts';
import { Turns, type TurnsOptions } from '../../bot/turns/turns.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { testAgency } from './customer.ts';
import { realKnowledge } from './knowledge.ts';

export interface Bench {
  store: Store;
  conversations: Conversations;
  inbox: Inbox;
  cases: Cases;
  figures: Figures;
  duty: Duty;
  /** Requests wait ten minutes for an agent, and customers five for an answer. */
  handoffs: Handoffs;
  /** Where the store is, and what it is encrypted with. */
  folder: string;
  keys: DataKeys;
  secrets: Buffer[];
  /** Files that were removed. */
  removed: string[];
  /** Moves the store's clock. */
  advance(ms: number): void;
  /** A runner of turns; several of them are like several processes on one store. */
  newTurns(knowledge?: () => Knowledge, errands?: Pick<Errands, 'wake' | 'caughtUp'>, respond?: TurnsOptions['respond']): Turns;
  /** Erases what was kept long enough; gives how many of a kind. */
  erase(kind: DataKind, options?: { cases?: Cases; keeping?: Keeping }): Promise<number>;
  close(): Promise<void>;
}

export const silentLog = createLog({ logLevel: 'silent' });

/** Conversations on a real store, without any channel. */
export async function openBench(pushed: readonly string[] = []): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'filing-bench-'));
  let offset = 0;
  const now = () => Date.now() + offset;
  const secrets = [randomBytes(32)];
  const keys = dataKeys(secrets);
  const store = await openSealedStore(await openLmdbStore({ folder, takeOver: true, now }), keys);
  const conversations = new Conversations(store, new Set(pushed));
  const inbox = new Inbox(store, conversations, new Set(pushed), silentLog, messageDigest(secrets));
  const duty = new Duty(store);
  const running: Turns[] = [];
  const handoffs = new Handoffs({
    store,
    conversations,
    pushed: new Set(pushed),
    duty,
    waitMs: 10 * 60_000,
    replyMs: 5 * 60_000,
    digest: messageDigest(secrets),
    wake: (id) => running.at(-1)?.wake(id),
  });
  const removed: string[] = [];
  const files = {
    remove: async (names: readonly string[]) => {
      removed.push(...names);
    },
  };
  const cases = new Cases({ store, files, secrets, draftDays: 90 });
  return {
    store,
    conversations,
    inbox,
    cases,
    figures: new Figures(store, undefined),
    duty,
    handoffs,
    folder,
    keys,
    secrets,
    removed,
    advance: (ms) => {
      offset += ms;
    },
    newTurns: (knowledge = realKnowledge, errands = { wake: () => {}, caughtUp: async () => {} }, respond) => {
      const turns = new Turns({
        inbox,
        knowledge,
        agency: { ...testAgency, desk: {} },
        errands,
        log: silentLog,
        metrics: new Metrics(),
        lookUp: lookUpIn(cases, (id) => handoffs.status(id)),
        ...(respond && { respond }),
      });
      running.push(turns);
      return turns;
    },
    erase: async (kind, { cases: theirs = cases, keeping = testKeeping } = {}) => {
      const chores = new Chores({ store, inbox, cases: theirs, log: silentLog });
      const retention = new Retention({
        store,
        conversations,
        cases: theirs,
        consents: new Consents(store),
        disclosures: new Disclosures(store),
        chores,
        keeping,
        log: silentLog,
      });
      return (await retention.run()).kinds.find((found) => found.kind === kind)?.erased ?? 0;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export const testKeeping: Keeping = { conversation: 90, draft: 90, closedCase: 365, note: 90, proof: 1095, disclosure: 1096 };

export function said(text: string): Activity {
  return { type: 'message', timestamp: new Date().toISOString(), from: { id: 'dl_visitor', role: 'user' }, text };
}

/** Who said what, in the order of the transcript. */
export async function transcriptOf(conversations: Conversations, id: string): Promise<string[]> {
  return (await conversations.transcript(id, 0, 10_000)).map(({ activity }) => `${activity.from.role}: ${activity.text?.split('\n')[0]}`);
}
