import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Activity } from '../../bot/activity.ts';
import { Cases } from '../../bot/cases/cases.ts';
import { names } from '../../bot/conversations/conversation.ts';
import { Conversations } from '../../bot/conversations/conversations.ts';
import { Inbox } from '../../bot/conversations/inbox.ts';
import { Duty } from '../../bot/handoffs/duty.ts';
import { Handoffs } from '../../bot/handoffs/handoffs.ts';
import { messageDigest } from '../../bot/keyed-digest.ts';
import { Metrics } from '../../bot/metrics.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { parseRedisUrl } from '../../bot/store/redis/address.ts';
import { openRedisStore } from '../../bot/store/redis-store.ts';
import { openSealedStore } from '../../bot/store/sealed-store.ts';
import { type Claim, type CommitStep, type Step, type Store, StoreUnavailable } from '../../bot/store/store.ts';
import { lookUpIn } from '../../bot/turns/look-up.ts';
import { Turns } from '../../bot/turns/turns.ts';
import { nothing } from '../support/accounting.ts';
import { said, silentLog } from '../support/conversations.ts';
import { testAgency } from '../support/customer.ts';
import { realKnowledge } from '../support/knowledge.ts';
import { randomFrom } from '../support/random.ts';
import { startRedis } from '../support/redis.ts';
import { expected, type Row, scaled } from './row.ts';

const rounds = 10_000;
const roundsWithoutCheck = 1_000;
const atOnce = 16;
const agent = { id: 'agent-1', name: '林晓' };
const minuteMs = 60_000;

/** The parts of the service that conversations and turns need, as two instances have them. */
interface Core {
  handoffs: Handoffs;
  conversations: Conversations;
  inbox: Inbox;
  turns: Turns;
}

interface Tally {
  rounds: number;
  /** Said by the bot at a later place of the transcript than the claim. */
  after: number;
  before: number;
  /** Turns that were computed for the bot, and refused because a person had the conversation by then. */
  refused: number;
  /** Conversations without the claim, or where the message or its answer is not there just once. */
  wrong: number;
}

/**
 * A person takes the conversation while the bot is answering, at another instance, at random moments: from then on the bot says
 * nothing. The same without the check of the owner shows that the moments are right.
 */
export const claims: Row = {
  name: 'claims',
  what: 'a person takes a conversation while the bot answers in it, on Redis (two connections) and on the embedded store',
  run: async (setting) => {
    realKnowledge().match('备案'); // which takes a second, the first time
    const count = scaled(rounds, setting);
    // Fewer might go well by luck.
    const control = Math.max(100, scaled(roundsWithoutCheck, setting));
    const redis = await onRedis(count, setting.seed);
    const lmdb = await onLmdb(count, setting.seed);
    const redisUnchecked = await onRedis(control, setting.seed, withoutOwnerCheck);
    const lmdbUnchecked = await onLmdb(control, setting.seed, withoutOwnerCheck);
    const after = redis.after + lmdb.after;
    const wrong = redis.wrong + lmdb.wrong;
    return {
      account: { ...nothing, acknowledged: redis.rounds + lmdb.rounds, doubled: wrong, unexpected: after },
      kills: 0,
      figures: {
        'on Redis': described(redis),
        'on the embedded store': described(lmdb),
        'without the check of the owner, on Redis': described(redisUnchecked),
        'without the check of the owner, on the embedded store': described(lmdbUnchecked),
      },
      faults: [
        ...expected(after === 0, `the bot spoke ${after} times after the claim`),
        ...expected(wrong === 0, `${wrong} conversations were left in disorder`),
        ...[redis, lmdb].flatMap(({ refused, before }) =>
          expected(refused > 0 && before > 0, `only ${refused} turns met with a claim, and ${before} came before it`),
        ),
        ...[redisUnchecked, lmdbUnchecked].flatMap((tally) => expected(tally.after > 0, 'without the check nothing went wrong either')),
      ],
    };
  },
};

function described({ rounds: count, after, refused, before }: Tally): string {
  return `the bot spoke ${after} times after the claim, ${before} times before it; ${refused} turns refused; ${count} rounds`;
}

type Change = (store: Store) => Store;
const unchanged: Change = (store) => store;

async function onRedis(count: number, seed: number, change = unchanged): Promise<Tally> {
  const redis = await startRedis();
  const address = parseRedisUrl(redis.url);
  const stores = [await openRedisStore({ address }), await openRedisStore({ address })];
  try {
    return await play(stores, count, seed, change);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await redis.stop();
  }
}

async function onLmdb(count: number, seed: number, change = unchanged): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), 'filing-chaos-'));
  const store = await openLmdbStore({ folder, takeOver: true });
  try {
    return await play([store, store], count, seed, change);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function play(stores: readonly Store[], count: number, seed: number, change: Change): Promise<Tally> {
  const secrets = [randomBytes(32)];
  const metrics = new Metrics();
  const cores = await Promise.all(stores.map((store) => newCore(store, secrets, metrics, change)));
  const moments = new Moments(seed);
  const rounds = Array.from({ length: count }, (_, round) => `round-${round}`);
  const waiting = rounds.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const id of waiting) await playRound(id, cores, moments);
    }),
  );
  await workOff(cores);
  const tally: Tally = { rounds: count, after: 0, before: 0, wrong: 0, refused: await refusedIn(metrics) };
  for (const id of rounds) await judge(id, cores[0] as Core, tally);
  return tally;
}

/** When to claim, in milliseconds after the message: from a little before it to a little after its answer, as long as answers take here. */
class Moments {
  readonly random: () => number;
  #answerMs = 4;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  next(): number {
    return (this.random() * 1.75 - 0.25) * this.#answerMs;
  }

  async during(answer: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await answer();
    this.#answerMs += (performance.now() - started - this.#answerMs) / 20;
  }
}

/** One message, and a claim somewhere between just before it and just after its answer. */
async function playRound(id: string, cores: readonly Core[], moments: Moments): Promise<void> {
  const { random } = moments;
  const [one, other] = random() < 0.5 ? cores : cores.toReversed();
  if (!one || !other) throw new Error('A round takes two cores.');
  await insist(() => one.conversations.start({ id, channel: 'chaos' }));
  const lead = moments.next();
  const inOneStep = random() < 0.5;
  const answering = pause(Math.max(0, -lead)).then(() => moments.during(() => insist(() => receive(one, id, inOneStep))));
  const claiming = pause(Math.max(0, lead)).then(() => insist(() => take(other, id)));
  await Promise.all([answering, claiming]);
}

async function take({ handoffs }: Core, id: string): Promise<void> {
  const { outcome } = await handoffs.claim(id, agent);
  if (outcome !== 'claimed') throw new Error(`A conversation that nobody else takes was ${outcome}.`);
}

/** Its turn is taken up in the same step, or later, as when others wait before it. */
async function receive({ inbox, turns }: Core, id: string, inOneStep: boolean): Promise<void> {
  const text = '备案审核要多长时间';
  const inbound = { conversation: id, messageId: '1', sender: 'visitor', activity: said(text), message: { kind: 'text', text } as const };
  const { outcome } = inOneStep ? await turns.accept(inbound) : await inbox.accept(inbound);
  if (outcome !== 'accepted' && outcome !== 'repeated') throw new Error(`A message was taken for ${outcome}.`);
  turns.wake(id);
  await turns.settled();
}

/** Lets the turns end that were refused and are run again, for the person who has the conversation by now. */
async function workOff(cores: readonly Core[]): Promise<void> {
  const [{ inbox, turns }] = cores as [Core];
  for (;;) {
    await Promise.all(cores.map((core) => core.turns.settled()));
    const due = (await insist(() => inbox.due(100))).turns;
    if (due.length === 0) return;
    for (const id of due) turns.wake(id);
  }
}

async function judge(id: string, { conversations }: Core, tally: Tally): Promise<void> {
  const transcript = (await insist(() => conversations.transcript(id, 0, 100))).map(({ activity }) => activity);
  // The claim says in its own step that the person is there.
  const isClaim = ({ channelData }: Activity) => channelData?.filing?.handoff === 'accepted';
  const claimedAt = transcript.findIndex(isClaim);
  const spokenAt = transcript.flatMap((activity, at) => (activity.from.role === 'bot' && !isClaim(activity) ? at : []));
  const claimed = transcript.filter(isClaim).length;
  tally.after += spokenAt.filter((at) => at > claimedAt).length;
  tally.before += spokenAt.filter((at) => at < claimedAt).length;
  if (claimed !== 1 || spokenAt.length > 1 || transcript.filter(({ from }) => from.role === 'user').length !== 1) tally.wrong += 1;
}

/** On a busy machine a command may not have its answer within its second; what was asked is asked again, as clients do. */
async function insist<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
}

async function newCore(raw: Store, secrets: Buffer[], metrics: Metrics, change: Change): Promise<Core> {
  const store = change(await openSealedStore(raw, dataKeys(secrets)));
  const pushed = new Set<string>();
  const conversations = new Conversations(store, pushed);
  const inbox = new Inbox(store, conversations, pushed, silentLog, messageDigest(secrets));
  const cases = new Cases({ store, files: { remove: async () => undefined }, secrets, draftDays: 90 });
  const errands = { wake: () => undefined, caughtUp: async () => undefined };
  const knowledge = realKnowledge();
  const turns = new Turns({
    inbox,
    errands,
    knowledge: () => knowledge,
    lookUp: lookUpIn(cases),
    agency: testAgency,
    log: silentLog,
    metrics,
  });
  const handoffs = new Handoffs({
    store,
    conversations,
    pushed,
    duty: new Duty(store),
    waitMs: 10 * minuteMs,
    replyMs: 5 * minuteMs,
    digest: messageDigest(secrets),
    wake: (id) => turns.wake(id),
  });
  return { handoffs, conversations, inbox, turns };
}

/** The mutant: turns are committed for whoever had the conversation when they were taken up. */
function withoutOwnerCheck(store: Store): Store {
  const unchecked = ({ checks = [], ...step }: CommitStep): CommitStep => ({
    ...step,
    checks: checks.filter(({ record }) => conversationOwned(record) === undefined),
  });
  return replacing(store, {
    commit: (claim: Claim, step: CommitStep) => store.commit(claim, unchecked(step)),
    apply: (partition: string, step: Step) => {
      const work = step.claim?.work;
      if (!step.claim || !work) return store.apply(partition, step);
      const then = (claim: Claim) => {
        const done = work(claim);
        return done && unchecked(done);
      };
      return store.apply(partition, { ...step, claim: { ...step.claim, work: then } });
    },
  });
}

function conversationOwned(record: string): string | undefined {
  return record.startsWith(names.owner('')) ? record.slice(names.owner('').length) : undefined;
}

function replacing(store: Store, members: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      const member = (members[name as keyof Store] ?? target[name as keyof Store]) as unknown;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

async function refusedIn({ registry }: Metrics): Promise<number> {
  const turns = await registry.getSingleMetric('filing_turns_total')?.get();
  return turns?.values.find(({ labels }) => labels.result === 'owner-changed')?.value ?? 0;
}
