import { setTimeout as pause } from 'node:timers/promises';
import { type Dialect, dialects, partsOf } from '../../bot/channels/wechat/rendering/parts.ts';
import { readConfig } from '../../bot/config.ts';
import { activityId, type Conversation, names, type TranscriptEntry } from '../../bot/conversations/conversation.ts';
import { Conversations } from '../../bot/conversations/conversations.ts';
import { secretsOf } from '../../bot/secrets.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openStore } from '../../bot/store/open-store.ts';
import { allPartitions, type Store } from '../../bot/store/store.ts';
import { startTestApplication } from './application.ts';
import { silentLog } from './conversations.ts';
import type { FaultAction } from './wechat/faults.ts';
import { type CustomerService, type OfficialAccount, startWeChat, type WeChatOptions, type WecomApp } from './wechat/index.ts';
import { inWords, type MenuLine, type Phone } from './wechat/phone.ts';
import { accountsFor, weChatEnvironment } from './wechat-bot.ts';

export interface WeatherRun {
  seed: number;
  /** Of customers; a third in each channel. */
  people: number;
  messagesEach: number;
  /** Of calls and pushes that something befalls. */
  share: number;
  /** How long people think before they write again; by itself not at all. */
  thinkMs?: number;
  actions?: readonly [FaultAction, ...FaultAction[]];
  environment: Record<string, string>;
  instances: number;
  /** How WeChat behaves where its documents are silent. */
  silences?: Silences;
  /** How much of its five seconds the platform waits before it pushes again what failed; by itself a fiftieth. */
  spacingScale?: number;
  /** Starts the instances; by itself in this process. */
  start?: (environment: Record<string, string>, instances: number) => Promise<Serving[]>;
  /** What befalls the instances until the signal comes that everybody has said all. */
  meanwhile?: (said: AbortSignal) => Promise<void>;
}

export interface Serving {
  port: number;
  dataDir: string;
  stop(): Promise<void>;
}

export interface Silences {
  pushes?: WeChatOptions['switches'];
  officialAccount?: Partial<OfficialAccount['switches']>;
  customerService?: Partial<CustomerService['switches']>;
}

export interface WeatherAccount {
  /** Messages that the platform was told are kept, or that customer service has on its log. */
  acknowledged: number;
  /** Of those: not in the transcript. */
  lost: number;
  /** In the transcript more than once. */
  doubled: number;
  /** Messages with no, or with more than one, reply of the bot in the transcript. */
  unanswered: number;
  answeredAgain: number;
  /** Parts of replies that a phone shows more often than they were said. */
  shownAgain: number;
  /** Parts that no phone shows, and of which nobody is told. */
  silent: number;
  /** Which they are; and which are shown more often. */
  missing: string[];
  again: string[];
  /** Parts that no phone shows, noted for the agency. */
  noted: number;
  /** Messages that the platform gave up, and told its user so, unless it had stopped pushing altogether. */
  givenUp: number;
  /** Parts that no phone shows, of answers that went out with the push of such a message. */
  lostWithPush: number;
  calls: number;
  struck: number;
}

/** Different questions, so that no two answers are the same. */
const questions = [
  '备案要多久',
  '备案收费吗',
  '备案需要什么材料',
  '备案密码忘了怎么办',
  '什么是主体冲突',
  '怎么注销备案',
  '公安备案怎么办',
  '经营性网站要什么证',
  '域名没实名能备案吗',
  '网站名称有什么要求',
];

const tapsEvery = 4;
const mostPatienceMs = 180_000;

type Counted = Omit<WeatherAccount, 'acknowledged' | 'givenUp' | 'calls' | 'struck'>;

const nothingCounted = { lost: 0, doubled: 0, unanswered: 0, answeredAgain: 0, shownAgain: 0, silent: 0, noted: 0, lostWithPush: 0 };

interface Player {
  id: string;
  phone: Phone;
  /** Gives whether the platform was told that the message is kept. */
  says(text: string): Promise<boolean>;
  taps(line: MenuLine): Promise<boolean>;
  /** In order; `isKept`: whether the platform was told so. */
  said: { text: string; isKept: boolean }[];
}

/** Customers of all three channels talk with the bot while calls and pushes go wrong; then everything is counted. */
export async function talkInBadWeather(run: WeatherRun): Promise<WeatherAccount> {
  const { silences = {}, start = startHere } = run;
  const wx = await startWeChat({
    seed: run.seed,
    ...(run.spacingScale && { spacingScale: run.spacingScale }),
    ...(silences.pushes && { switches: silences.pushes }),
  });
  const environment = { ...weChatEnvironment(wx.origin), MESSAGES_PER_MINUTE: '100000', ...run.environment };
  const bots = await start(environment, run.instances);
  const [first] = bots;
  if (!first) throw new Error('At least one instance is needed.');
  const { oa, wecom, kf } = accountsFor(wx, `http://127.0.0.1:${first.port}`);
  Object.assign(oa.switches, silences.officialAccount);
  Object.assign(kf.switches, silences.customerService);
  for (const { account } of [oa, wecom, kf]) inTurn(account, bots);
  try {
    wx.weather({ share: run.share, ...(run.actions && { actions: run.actions }) });
    const players = Array.from({ length: run.people }, (_, at) => playerOf(at, oa, wecom, kf));
    const all = new AbortController();
    const befalls = run.meanwhile?.(all.signal);
    await Promise.all(players.map((player, at) => play(player, at, run)));
    all.abort();
    await befalls;
    wx.faults.clear();
    const counted = await countWhenSettled({ ...environment, DATA_DIR: first.dataDir }, players);
    const said = players.flatMap((player) => player.said);
    const acknowledged = said.filter(({ isKept }) => isKept).length;
    const calls = wx.journal.entries.filter((entry) => entry.kind === 'call');
    const struck = calls.filter((entry) => entry.kind === 'call' && entry.fault).length;
    return { ...counted, acknowledged, givenUp: said.length - acknowledged, calls: calls.length, struck };
  } finally {
    await Promise.all(bots.map((bot) => bot.stop()));
    await wx.stop();
  }
}

function startHere(environment: Record<string, string>, instances: number): Promise<Serving[]> {
  return Promise.all(Array.from({ length: instances }, () => startTestApplication(environment)));
}

/** Pushes go to the instances in turn, as a balancer sends them. */
function inTurn(account: { callback: URL }, bots: readonly Serving[]): void {
  const { pathname } = account.callback;
  let next = 0;
  Object.defineProperty(account, 'callback', {
    get: () => {
      next += 1;
      return new URL(pathname, `http://127.0.0.1:${bots[next % bots.length]?.port}`);
    },
  });
}

function playerOf(at: number, oa: OfficialAccount, wecom: WecomApp, kf: CustomerService): Player {
  const id = `wmPlayer-${at}`;
  const counts = { id, said: [] };
  const isKept = ({ outcome }: { outcome: string }) => outcome.startsWith('ok');
  switch (at % 3) {
    case 0: {
      const follower = oa.user(id);
      return {
        ...counts,
        phone: follower.phone,
        says: async (text) => isKept(await follower.says(text)),
        taps: async (line) => isKept(await follower.taps(line)),
      };
    }
    case 1: {
      const member = wecom.user(id);
      const says = async (text: string) => isKept(await member.says(text));
      // There is nothing to tap in WeCom.
      return { ...counts, phone: member.phone, says, taps: ({ text }) => says(text) };
    }
    default: {
      const customer = kf.customer(id);
      const { phone } = customer;
      return {
        ...counts,
        phone,
        says: (text) => customer.says(text).then(() => true),
        taps: (line) => customer.taps(line).then(() => true),
      };
    }
  }
}

/** Each waits a moment for the answer, as people do, and goes on; now and then with a tap on the last menu. */
async function play(player: Player, at: number, { messagesEach, thinkMs = 0 }: WeatherRun): Promise<void> {
  const { phone } = player;
  // Not all at once.
  await pause((thinkMs * (at % 50)) / 50);
  for (let message = 0; message < messagesEach; message += 1) {
    const shown = phone.items.length;
    const line = (at + message) % tapsEvery === 0 ? phone.menuLines.find(({ id }) => id !== undefined) : undefined;
    const question = `${questions[(at + message) % questions.length]}`;
    player.said.push({ text: line?.text ?? question, isKept: await (line ? player.taps(line) : player.says(question)) });
    for (const end = performance.now() + 3_000; phone.items.length === shown && performance.now() < end; ) await pause(20);
    await pause(thinkMs);
  }
}

/** Counts again and again until nothing is missing any more, for what could not be sent is tried again later and later. */
async function countWhenSettled(environment: Record<string, string>, players: readonly Player[]): Promise<Counted> {
  const config = readConfig(environment);
  const store = await openStore(config, dataKeys(secretsOf(config, silentLog).dataKeys), 'look');
  try {
    for (const end = performance.now() + mostPatienceMs; ; await pause(1_000)) {
      const counted = await count(store, players);
      if (counted.lost + counted.silent + counted.unanswered === 0 || performance.now() > end) return counted;
    }
  } finally {
    await store.close();
  }
}

async function count(store: Store, players: readonly Player[]): Promise<Counted> {
  const conversations = new Conversations(store, new Set());
  const unseen = new Map(players.map((player) => [player.id, player]));
  const counted: Counted = { ...nothingCounted, missing: [], again: [] };
  for (const partition of allPartitions) {
    for (const { member: id } of await store.range(partition, names.active, { limit: 10_000 })) {
      const conversation = await conversations.find(id);
      const player = conversation?.user && unseen.get(conversation.user.id);
      if (!conversation || !player) continue;
      unseen.delete(player.id);
      const entries = await conversations.transcript(id, 0, 10_000);
      const undelivered = (await conversations.undelivered(id)).filter(({ state }) => state !== 'late').map(({ position }) => position);
      const givenUp = countMessages(player, id, entries, counted);
      countParts(player, partsSaid(conversation, entries), { undelivered: new Set(undelivered), givenUp }, counted);
    }
  }
  counted.lost += [...unseen.values()].flatMap(({ said }) => said.filter(({ isKept }) => isKept)).length;
  return counted;
}

/** Counts what somebody said, and the replies; gives the places of the replies to what the platform gave up, which may be kept none the less. */
function countMessages({ said }: Player, id: string, entries: readonly TranscriptEntry[], counted: Counted): Set<number> {
  const own = entries.filter(({ activity }) => activity.from.role === 'user');
  const replies = grouped(
    entries.filter(({ activity }) => activity.from.role === 'bot' && activity.replyToId),
    ({ activity }) => activity.replyToId ?? '',
  );
  const repliesTo = ({ position }: TranscriptEntry) => replies.get(activityId(id, position)) ?? [];
  for (const entry of own) {
    const { length } = repliesTo(entry);
    counted.unanswered += length === 0 ? 1 : 0;
    counted.answeredAgain += Math.max(0, length - 1);
  }
  const givenUp = new Set<number>();
  for (const [text, times] of grouped(said, ({ text }) => text)) {
    const kept = times.filter(({ isKept }) => isKept).length;
    const there = own.filter(({ activity }) => activity.text === text);
    counted.lost += Math.max(0, kept - there.length);
    counted.doubled += Math.max(0, there.length - times.length);
    // One text has one answer: which of them it is makes no difference.
    for (const entry of there.slice(0, times.length - kept)) for (const { position } of repliesTo(entry)) givenUp.add(position);
  }
  counted.doubled += own.filter(({ activity }) => !said.some(({ text }) => text === activity.text)).length;
  return givenUp;
}

function grouped<T>(all: readonly T[], by: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}

/** Counts what was to be seen, and was or was not. */
function countParts(
  { id, phone }: Player,
  said: readonly Said[],
  { undelivered, givenUp }: { undelivered: ReadonlySet<number>; givenUp: ReadonlySet<number> },
  counted: Counted,
): void {
  let shown = phone.words.join('\n');
  // One may begin as another does: the longest first, and what was counted is not counted again.
  for (const { words, isMenu, positions } of said.toSorted((a, b) => b.words.length - a.words.length)) {
    // Texts may go out together, one below the other; menus are alone.
    const pieces = shown.split(words);
    const times = isMenu ? phone.words.filter((item) => item === words).length : pieces.length - 1;
    if (!isMenu) shown = pieces.join('\0');
    const what = `${id}, ${positions}, ${times} times: ${words.slice(0, 20)}`;
    if (times > positions.length) counted.again.push(what);
    counted.shownAgain += Math.max(0, times - positions.length);
    const missing = Math.max(0, positions.length - times);
    const noted = Math.min(missing, positions.filter((position) => undelivered.has(position)).length);
    const withPush = Math.min(missing - noted, positions.filter((position) => givenUp.has(position) && !undelivered.has(position)).length);
    counted.noted += noted;
    counted.lostWithPush += withPush;
    counted.silent += missing - noted - withPush;
    if (missing > noted + withPush) counted.missing.push(what);
  }
}

/** The words of a part, and the places of the messages that have it. */
interface Said {
  words: string;
  isMenu: boolean;
  positions: number[];
}

function partsSaid({ channel }: Conversation, entries: readonly TranscriptEntry[]): Said[] {
  const said = new Map<string, Said>();
  for (const { position, activity } of entries) {
    if (activity.from.role !== 'bot') continue;
    for (const part of partsOf(activity, dialectOf[channel] ?? dialects.wecom)) {
      const isMenu = part.kind === 'menu';
      const words = isMenu
        ? inWords({ kind: 'menu', head: part.head, lines: part.items.map(({ title }) => ({ text: title })), tail: '' })
        : part.text;
      const before = said.get(words);
      if (before) before.positions.push(position);
      else said.set(words, { words, isMenu, positions: [position] });
    }
  }
  return [...said.values()];
}

const dialectOf: Record<string, Dialect> = {
  'wechat-official-account': dialects.officialAccount,
  'wechat-wecom': dialects.wecom,
  'wechat-customer-service': dialects.customerService,
};
