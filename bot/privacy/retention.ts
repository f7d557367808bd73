import { setImmediate } from 'node:timers/promises';
import { chinaDay } from '../../dialogs/china-day.ts';
import type { Cases } from '../cases/cases.ts';
import { decode, encode } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { Log } from '../log.ts';
import { lockPartition, tryLock } from '../store/lock.ts';
import { allPartitions, type Ranked, type Store } from '../store/store.ts';
import type { Chores } from '../turns/chores.ts';
import type { Consents } from './consents.ts';
import type { Disclosures } from './disclosures.ts';

/** How many days each kind of data is kept after it was last of use; `.env.example` says from when each is counted. */
export interface Keeping {
  /** A conversation with its transcript, session, requests for a person and files, after its last message. */
  conversation: number;
  /** A form that nobody went on with, and the case that it was to become. */
  draft: number;
  /** A case with its documents, after it was approved or given up. */
  closedCase: number;
  /** What editors learn from: questions without an answer, ratings; and who wanted to be called back. */
  note: number;
  /** What proves that the law was kept: the register of consents, and of an erased case that it was, with who of the agency did what. */
  proof: number;
  /** The ledger of what was handed to access providers; three years at least (网络数据安全管理条例, article 12). */
  disclosure: number;
}

export const dataKinds = ['conversation', 'form', 'draft', 'closedCase', 'note', 'erasedCase', 'consent', 'disclosure'] as const;
export type DataKind = (typeof dataKinds)[number];

/** Of one kind: what is past its time. `left`: found, but not erased, as it was in use or changed at that moment; it goes the next time. */
export interface Found {
  kind: DataKind;
  days: number;
  found: number;
  erased: number;
  left: number;
  /** When the oldest of them was last of use. */
  oldest?: number;
}

export interface RetentionReport {
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  /** Nothing was erased: it was only looked. */
  dryRun: boolean;
  kinds: Found[];
}

export interface RetentionOptions {
  store: Store;
  conversations: Conversations;
  cases: Cases;
  consents: Consents;
  disclosures: Disclosures;
  chores: Pick<Chores, 'workOff'>;
  keeping: Keeping;
  log: Log;
}

/** What is looked for of one kind, in one partition. */
interface Rule {
  kind: DataKind;
  days: number;
  due(partition: string, before: number): Promise<Ranked[]>;
  /** Gives false when it is not, or not any longer, to be erased. Erasing again changes nothing. */
  erase(member: string, before: number, partition: string): Promise<boolean>;
}

interface LastNight {
  day: string;
  report: RetentionReport;
}

const dayMs = 24 * 3_600_000;
/** At three in the morning, in China. */
const nightMs = 3 * 3_600_000;
const lastNight = 'retention';
const most = 100_000;

/**
 * Erases what was kept long enough (个人信息保护法, article 19: no longer than the purpose needs; article 47: then erased). Every instance may ask
 * for it, one does it. What is erased is found no more, so that a run that was cut off is taken up where it was by the next.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #rules: Rule[];

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#rules = rulesOf(options);
  }

  /** Once for each night, also when that was missed; gives the report when it was this process that did it. */
  async nightly(): Promise<RetentionReport | undefined> {
    const { store, log } = this.#options;
    const night = chinaDay(store.now() - nightMs);
    if ((await this.last())?.day === night) return undefined;
    const lock = await tryLock(store, 'retention', 60_000);
    if (!lock) return undefined;
    try {
      if ((await this.last())?.day === night) return undefined;
      const report = await this.run();
      await lock.write([{ do: 'put', record: lastNight, value: encode({ day: night, report } satisfies LastNight) }]);
      const erased = Object.fromEntries(report.kinds.map(({ kind, erased: count }) => [kind, count]));
      log.info({ ms: report.endedAt - report.startedAt, erased }, 'retention');
      return report;
    } finally {
      await lock.release();
    }
  }

  /** The last night that was completed. */
  async last(): Promise<LastNight | undefined> {
    const record = await this.#options.store.get(lockPartition, lastNight);
    return record && decode<LastNight>(record.value);
  }

  /** Erases, or with `dryRun` only looks for, all that is past its time. */
  async run({ dryRun = false } = {}): Promise<RetentionReport> {
    const startedAt = this.#options.store.now();
    const kinds: Found[] = [];
    for (const rule of this.#rules) kinds.push(await this.#apply(rule, startedAt - rule.days * dayMs, dryRun));
    return { startedAt, endedAt: this.#options.store.now(), dryRun, kinds };
  }

  async #apply(rule: Rule, before: number, dryRun: boolean): Promise<Found> {
    const { kind, days } = rule;
    const scores: number[] = [];
    let erased = 0;
    for (const partition of allPartitions) {
      for (const { member, score } of await rule.due(partition, before)) {
        scores.push(score);
        if (!dryRun && (await rule.erase(member, before, partition))) erased += 1;
        // The embedded store answers at once: turns of customers come in between.
        await setImmediate();
      }
    }
    const oldest = scores.reduce((low, score) => Math.min(low, score), Infinity);
    const left = dryRun ? 0 : scores.length - erased;
    return { kind, days, found: scores.length, erased, left, ...(scores.length > 0 && { oldest }) };
  }
}

function rulesOf({ conversations, cases, consents, disclosures, chores, keeping }: RetentionOptions): Rule[] {
  const { conversation, draft, closedCase, note, proof, disclosure } = keeping;
  const ofCases = (kind: 'draft' | 'closedCase' | 'erasedCase', days: number): Rule => ({
    kind,
    days,
    due: (partition, before) => cases.expired(kind, partition, before, most),
    erase: async (number, before) => {
      const erased = await cases.eraseExpired(kind, number, before);
      if (erased) await chores.workOff(number);
      return erased;
    },
  });
  const form: Rule = {
    kind: 'form',
    days: draft,
    due: (partition, before) => conversations.idleForms(partition, before, most),
    erase: (id, before) => conversations.forgetForm(id, before),
  };
  return [
    {
      kind: 'conversation',
      days: conversation,
      due: (partition, before) => conversations.idleSince(partition, before, most),
      erase: async (id, before) => {
        const erased = await conversations.erase(id, before);
        if (erased) await chores.workOff(id);
        return erased;
      },
    },
    // Kept as long as the conversation, a form goes with it.
    ...(draft < conversation ? [form] : []),
    ofCases('draft', draft),
    ofCases('closedCase', closedCase),
    {
      kind: 'note',
      days: note,
      due: (partition, before) => conversations.oldNotes(partition, before, most),
      erase: (id, before) => conversations.forgetNotes(id, before),
    },
    ofCases('erasedCase', proof),
    {
      kind: 'consent',
      days: proof,
      due: async (partition, before) =>
        (await consents.before(partition, before)).slice(0, 1).map(({ at }) => ({ member: partition, score: at })),
      erase: async (_, before, partition) => (await consents.trim(partition, before)) > 0,
    },
    {
      kind: 'disclosure',
      days: disclosure,
      due: (partition, before) => disclosures.expired(partition, before, most),
      erase: async (position) => {
        await disclosures.forget(position);
        return true;
      },
    },
  ];
}
