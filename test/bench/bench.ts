import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { knowledgeFiles, projectRoot } from '../../bot/paths.ts';
import { dataKeys, seal, unseal } from '../../bot/store/data-keys.ts';
import { loadKnowledge } from '../../knowledge/knowledge.ts';
import { table } from '../knowledge/evaluation/report.ts';
import { testSecret } from '../support/application.ts';
import { startRedis } from '../support/redis.ts';
import { startWeChat } from '../support/wechat/index.ts';
import { accountsFor, weChatEnvironment } from '../support/wechat-bot.ts';
import { measureDesk } from './desk.ts';
import { measureMatching } from './matching/measure-matching.ts';
import { memoryOf, type Program, processorOf, startProgram, storeCalls } from './program.ts';
import { median, quantile } from './quantiles.ts';
import { measureRefusals } from './refusals.ts';
import { Connector, measureTurns, polledTurn, type Speed, streamedTurn, type Turn } from './turns.ts';
import { measurePassiveReplies } from './wechat.ts';
import { Agency, findWebChat, measureOpenings, measurePaint, originOf, startSite } from './widget.ts';

/**
 * `npm run bench`: what the program takes in time and memory, beside its peers, in one run on one machine. Read the ratios, not
 * the milliseconds: machines differ and are noisy. `-- turns` measures only that part, and so do `matching`, `widget` and
 * `channels`; `-- --seconds 10` measures each speed for so long.
 */
const parts = { turns: measurePrograms, channels: measureOtherChannels, widget: measureWidget, matching: measureMatching };

const { values, positionals } = parseArgs({ options: { seconds: { type: 'string', default: '5' } }, allowPositionals: true });
const seconds = Number(values.seconds);
const warmUpSeconds = 3; // until hot code is compiled, on both sides
const folder = mkdtempSync(join(tmpdir(), 'filing-bench-'));
/** Memory that looks like a disk, where the system has it: what a turn takes when nobody waits for the disk. */
const memoryFolder = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/filing-bench-') : undefined;
process.on('exit', () => {
  for (const own of [folder, memoryFolder]) if (own !== undefined) rmSync(own, { recursive: true, force: true });
});

console.log(`Node ${process.version}; ${seconds} s for each speed`);
for (const [name, measure] of Object.entries(parts)) if (positionals.length === 0 || positionals.includes(name)) await measure();
process.exit(0);

/** Our program as customers get it, with an embedded store. */
function startOurs(environment: Record<string, string> = {}): Promise<Program> {
  return startProgram([join(projectRoot, 'dist', 'server', 'main.js')], {
    DATA_DIR: mkdtempSync(join(folder, 'data-')),
    MESSAGES_PER_MINUTE: '1000000',
    CONVERSATIONS_PER_MINUTE: '1000000',
    DIRECT_LINE_SECRET: testSecret,
    LOG_LEVEL: 'error',
    ...environment,
  });
}

function startScript(name: string, environment: Record<string, string> = {}): Promise<Program> {
  return startProgram(['--import', 'tsx', join(projectRoot, 'test', 'bench', name)], environment);
}

/** Who is measured turn by turn, and how a conversation with it is begun. */
interface Contestant {
  name: string;
  program: Program;
  begin: (at: number) => Promise<Turn> | Turn;
}

/** Whole turns on each channel, beside the echo bot's through /api/messages, which comes first. */
async function measurePrograms(): Promise<void> {
  const ours = await startOurs();
  const echo = await startScript('echo-bot.ts');
  const rest = { ours: memoryOf(ours), echo: memoryOf(echo) };
  const redis = await startRedis();
  const contestants = await contestantsOf(ours, echo, redis.url);
  const asked: string[] = [];
  for (const conversations of [1, 32]) {
    const results: Result[] = [];
    for (const contestant of contestants) results.push(await measureOne(contestant, conversations));
    console.log(`\n${conversations} conversation${conversations > 1 ? 's at once' : ''}\n\n${speedTable(results)}`);
    if (conversations === 1) asked.push(...results.flatMap(callsOf));
  }
  console.log(
    `\nThe store is asked, a turn (Redis: one round trip each; LMDB: those that write share a transaction where they meet)\n${asked.join('\n')}`,
  );
  console.log(`One wait for this disk, ms, p50 / p99: ${diskWait()}`);
  console.log(`One value of 400 bytes encrypted and decrypted: ${sealing().toFixed(1)} µs`);
  const facts: [string, number, number][] = [
    ['start to ready, ms (the echo bot through tsx)', ours.readyMs, echo.readyMs],
    ['memory when ready, MB', rest.ours, rest.echo],
    ['memory after all that, MB', memoryOf(ours), memoryOf(echo)],
  ];
  const rows = facts.map(([name, a, b]) => [name, a.toFixed(0), b.toFixed(0), ratio(a, b)]);
  console.log(`\n${table(['program', 'ours', 'echo bot', 'ours ÷ echo'], rows)}`);
  reportKnowledge();
  for (const { process: child } of new Set(contestants.map(({ program }) => program))) child.kill('SIGKILL');
  await redis.stop();
}

async function contestantsOf(ours: Program, echo: Program, redisUrl: string): Promise<Contestant[]> {
  const connector = await Connector.start();
  const syncing = await startScript('echo-bot.ts', { SYNC_FILE: join(folder, 'synced') });
  const azure = await startScript('azure-bot.ts', { SERVICE_URL: connector.url });
  const token = azure.ready.split(' ').at(-1);
  const inMemory = memoryFolder === undefined ? undefined : await startOurs({ DATA_DIR: memoryFolder });
  const onRedis = await startOurs({ REDIS_URL: redisUrl, DATA_KEYS: randomBytes(32).toString('base64') });
  const streamed = (name: string, program: Program): Contestant => ({ name, program, begin: () => streamedTurn(program.url) });
  const posted = (name: string, program: Program, bearer?: string): Contestant => ({
    name,
    program,
    begin: (at) => connector.turn(program.url, `${name}-${at}`.replaceAll(/\W/g, '-'), bearer),
  });
  return [
    posted('echo bot, /api/messages', echo),
    posted('echo bot that waits for the disk', syncing),
    streamed('Direct Line, WebSocket', ours),
    { name: 'Direct Line, polling', program: ours, begin: () => polledTurn(ours.url) },
    posted('/api/messages, tokens checked', azure, token),
    ...(inMemory ? [streamed('WebSocket, its disk in memory', inMemory)] : []),
    streamed('WebSocket, on Redis', onRedis),
  ];
}

interface Result {
  name: string;
  speed: Speed;
  /** Milliseconds of processor time that a turn took of the program. */
  processor: number;
  /** How often a turn asked the store for what; empty for programs that do not count it. */
  calls: ReadonlyMap<string, number>;
}

async function measureOne({ name, program, begin }: Contestant, conversations: number): Promise<Result> {
  const turns = await Promise.all(Array.from({ length: conversations }, (_, at) => begin(at)));
  await measureTurns(turns, warmUpSeconds);
  const [calls, processor] = [await storeCalls(program), processorOf(program)];
  const speed = await measureTurns(turns, seconds);
  const used = processorOf(program) - processor;
  const asked = [...(await storeCalls(program))].map(
    ([operation, count]) => [operation, (count - (calls.get(operation) ?? 0)) / speed.turns] as const,
  );
  return { name, speed, processor: used / speed.turns, calls: new Map(asked) };
}

function speedTable(results: readonly Result[]): string {
  const [echo] = results;
  const rows = results.map(({ name, speed, processor }) => {
    const beside = (which: 'perSecond' | 'p50' | 'p99', digits: number) => [
      speed[which].toFixed(digits),
      ratio(speed[which], echo?.speed[which] ?? Number.NaN),
    ];
    return [name, ...beside('perSecond', 0), ...beside('p50', 2), ...beside('p99', 1), processor.toFixed(2)];
  });
  return table(['turns', 'a second', '÷ echo', 'p50, ms', '÷ echo', 'p99, ms', '÷ echo', 'processor, ms a turn'], rows);
}

function callsOf({ name, calls }: Result): string[] {
  const notable = [...calls].filter(([, each]) => each >= 0.05).map(([operation, each]) => `${operation} ${each.toFixed(2)}`);
  return notable.length === 0 ? [] : [`  ${name}: ${notable.join(', ')}`];
}

/** The agents' desk, and the passive answers of an official account. */
async function measureOtherChannels(): Promise<void> {
  const wx = await startWeChat();
  const dataDir = mkdtempSync(join(folder, 'data-'));
  const ours = await startOurs({ DATA_DIR: dataDir, ...weChatEnvironment(wx.origin) });
  const { toAgent, toCustomer } = await measureDesk(ours.url, { DATA_DIR: dataDir, DIRECT_LINE_SECRET: testSecret }, seconds);
  const { oa } = accountsFor(wx, ours.url);
  await measurePassiveReplies(oa, ours.url, 1, 'kept');
  const kept = await measurePassiveReplies(oa, ours.url, seconds, 'kept');
  const anew = await measurePassiveReplies(oa, ours.url, seconds, 'new');
  const rows = [
    ['desk, 50 agents, 500 open: customer to agent', toAgent],
    ['desk, 50 agents, 500 open: agent to customer', toCustomer],
    ['WeChat, 200 customers at once: push to answer', kept.times],
    ['the same, each push on a new connection', anew.times],
  ] as const;
  console.log(
    `\n${table(
      ['other channels', 'p50, ms', 'p99, ms', 'longest, ms', 'a second'],
      rows.map(([name, own]) => rowOf(name, own)),
    )}`,
  );
  const withWords = kept.withWords + anew.withWords;
  const pushes = kept.times.length + anew.times.length;
  console.log(`WeChat: ${((100 * withWords) / pushes).toFixed(1)} % of the answers had words in them (others follow by the interface).`);
  reportRefusals(await measureRefusals(ours.url, 4_000));
  ours.process.kill('SIGKILL');
}

/** Means: a difference that no single request shows adds up for whoever asks often enough. */
function reportRefusals(times: Record<string, number[]>): void {
  const means = Object.entries(times).map(([cause, own]): [string, number] => [cause, own.reduce((sum, ms) => sum + ms, 0) / own.length]);
  const found = means.map(([, mean]) => mean);
  console.log(`WeChat, refusals by what was wrong, mean ms: ${means.map(([cause, mean]) => `${cause} ${mean.toFixed(3)}`).join(', ')}`);
  console.log(`They differ by ${(Math.max(...found) - Math.min(...found)).toFixed(3)} ms at most.`);
}

function rowOf(name: string, times: readonly number[]): string[] {
  const spread = [median(times), quantile(times, 0.99), Math.max(...times)].map((ms) => ms.toFixed(1));
  return [name, ...spread, (times.length / seconds).toFixed(0)];
}

async function measureWidget(): Promise<void> {
  const site = await startSite();
  const ours = await startOurs({ WIDGET_ORIGINS: originOf(site) });
  const agency = Agency.at(site, ours.url);
  const { ours: own, webChat } = await measureOpenings(agency, 7);
  const { plain, withWidget } = await measurePaint(agency, 25);
  console.log('\nUntil a question can be asked, on a phone’s screen, the processor slowed down to a quarter; medians of 7 by turns\n');
  const rows = [
    ['bytes over the line, kB', own.bytes / 1000, webChat && webChat.bytes / 1000],
    ['from the page to the greeting and a field to type in, ms', own.ms, webChat?.ms],
  ] as const;
  console.log(
    table(
      ['', 'our widget', 'Web Chat', 'ours ÷ Web Chat'],
      rows.map(([name, a, b]) => [name, a.toFixed(0), b?.toFixed(0) ?? '–', b === undefined ? '–' : ratio(a, b)]),
    ),
  );
  if (!findWebChat()) console.log('Web Chat is not installed (botframework-webchat, under test/web-chat): ours is measured alone.');
  console.log(
    `Largest contentful paint of the agency’s page: ${plain.toFixed(0)} ms without the widget, ${withWidget.toFixed(0)} with it (${ratio(withWidget, plain)}); medians of 25 by turns`,
  );
  ours.process.kill('SIGKILL');
}

function reportKnowledge(): void {
  const loading = performance.now();
  const { entries } = loadKnowledge(knowledgeFiles);
  console.log(`The knowledge base (${entries.length} topics) is loaded in ${(performance.now() - loading).toFixed(0)} ms.`);
}

/** Microseconds for a value to go into the store and to come out of it, as far as its encryption goes. */
function sealing(): number {
  const keys = dataKeys([randomBytes(32)]);
  const value = randomBytes(400);
  const rounds = 20_000;
  const oneRound = () => unseal(seal(value, 'p00|record|bench', keys), 'p00|record|bench', keys);
  for (let round = 0; round < rounds; round += 1) oneRound();
  const before = performance.now();
  for (let round = 0; round < rounds; round += 1) oneRound();
  return ((performance.now() - before) * 1000) / rounds;
}

/** What every turn of ours waits for, and the plain echo bot, which keeps nothing, never does. */
function diskWait(): string {
  const file = openSync(join(folder, 'probe'), 'w');
  const times = Array.from({ length: 300 }, () => {
    writeSync(file, Buffer.alloc(16_384, 1));
    const before = performance.now();
    fdatasyncSync(file);
    return performance.now() - before;
  });
  closeSync(file);
  return `${median(times).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)}`;
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}
