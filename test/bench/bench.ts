import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { knowledgeFiles, projectRoot } from '../../bot/paths.ts';
import { loadKnowledge } from '../../knowledge/knowledge.ts';
import { testSecret } from '../support/application.ts';
import { freePort } from '../support/server-process.ts';
import { startWeChat } from '../support/wechat/index.ts';
import { accountsFor, weChatEnvironment } from '../support/wechat-bot.ts';
import { measureDesk } from './desk.ts';
import { measurePassiveReplies } from './wechat.ts';

/**
 * `npm run bench`: start-up, memory, one match, and whole turns over our Direct Line service beside the plain echo bot over
 * /api/messages, in one run on one machine. A turn ends when its reply has reached the client. Read the ratios, not the
 * milliseconds: machines differ and are noisy.
 */
const seconds = Number(process.argv[2] ?? 5);
const question = '备案审核要多长时间';

interface Peer {
  name: string;
  process: ChildProcess;
  url: string;
  readyMs: number;
}

/** Sends one message and resolves when its reply is there; the request that carried it may be acknowledged later. */
type Turn = () => Promise<{ acknowledged: Promise<unknown> }>;

/** Who waits for the echo bot's reply, by conversation. */
const waiting = new Map<string, () => void>();
const dataDir = mkdtempSync(join(tmpdir(), 'filing-bench-'));
const wx = await startWeChat();
const ours = await start('filing bot', [join(projectRoot, 'dist', 'server', 'main.js')], {
  DATA_DIR: dataDir,
  MESSAGES_PER_MINUTE: '1000000',
  CONVERSATIONS_PER_MINUTE: '1000000',
  DIRECT_LINE_SECRET: testSecret,
  LOG_LEVEL: 'error',
  ...weChatEnvironment(wx.origin),
});
const { oa } = accountsFor(wx, ours.url);
const echo = await start('echo bot', ['--import', 'tsx', join(projectRoot, 'test', 'bench', 'echo-bot.ts')], {});

process.on('exit', () => {
  for (const { process: child } of [ours, echo]) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

console.log(`\nNode ${process.version}, ${seconds} s per row\n`);
row('', ours.name, echo.name, 'ours / echo');
row('start to ready, ms', ours.readyMs.toFixed(0), `${echo.readyMs.toFixed(0)} (through tsx)`, '');
row('memory at rest, MB', memory(ours), memory(echo), ratio(Number(memory(ours)), Number(memory(echo))));
matchRow();
diskRow();
const sink = await openSink();
for (const conversations of [1, 32]) {
  const mine = await Promise.all(Array.from({ length: conversations }, () => directLineTurn(ours.url)));
  const theirs = Array.from({ length: conversations }, (_, at) => echoTurn(echo.url, `c${at}`));
  await measure(mine, 1);
  await measure(theirs, 1);
  const a = await measure(mine, seconds);
  const b = await measure(theirs, seconds);
  const label = `${conversations} conversation${conversations > 1 ? 's' : ''}`;
  row(`${label}: turns/s`, a.perSecond.toFixed(0), b.perSecond.toFixed(0), ratio(a.perSecond, b.perSecond));
  row(`${label}: turn p50, ms`, a.p50.toFixed(2), b.p50.toFixed(2), ratio(a.p50, b.p50));
  row(`${label}: turn p99, ms`, a.p99.toFixed(2), b.p99.toFixed(2), ratio(a.p99, b.p99));
}
await deskRow();
await weChatRow();
row('memory after, MB', memory(ours), memory(echo), ratio(Number(memory(ours)), Number(memory(echo))));
process.exit(0);

async function start(name: string, args: string[], environment: Record<string, string>): Promise<Peer> {
  const spawned = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, PORT: String(await freePort()), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: projectRoot,
  });
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /Ready\..*(http:\/\/localhost:\d+)/.exec(line) ?? [];
      if (address) resolve(address);
    });
  });
  return { name, process: child, url, readyMs: performance.now() - spawned };
}

/** Each conversation has its own connection and socket, as each visitor has. */
async function directLineTurn(url: string): Promise<Turn> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const authorization = `Bearer ${testSecret}`;
  const start = { user: { id: `dl_${Math.random()}` } };
  const { conversationId, streamUrl } = JSON.parse(await post(agent, `${url}/v3/directline/conversations`, authorization, start)) as {
    conversationId: string;
    streamUrl: string;
  };
  const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
  let arrived: () => void = () => {};
  socket.on('message', (data) => {
    const text = String(data);
    if (text.includes('"replyToId"')) arrived();
  });
  await once(socket, 'open');
  let count = 0;
  return async () => {
    count += 1;
    const reply = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const activity = { type: 'message', text: question, from: { id: 'dl_bench' }, channelData: { clientActivityID: `${count}` } };
    const posted = post(agent, `${url}/v3/directline/conversations/${conversationId}/activities`, authorization, activity);
    await reply;
    return { acknowledged: posted };
  };
}

/** The channel's side for the echo bot: takes the replies that it posts. */
async function openSink() {
  const server = createServer((incoming, response) => {
    incoming.resume();
    incoming.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end('{"id":"1"}');
      const [, conversation = ''] = /conversations\/([^/]+)/.exec(incoming.url ?? '') ?? [];
      waiting.get(conversation)?.();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function echoTurn(url: string, conversation: string): Turn {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { port } = sink.address() as { port: number };
  let count = 0;
  return async () => {
    count += 1;
    const reply = new Promise<void>((resolve) => waiting.set(conversation, resolve));
    const posted = post(agent, `${url}/api/messages`, '', {
      type: 'message',
      id: `${count}`,
      channelId: 'emulator',
      serviceUrl: `http://127.0.0.1:${port}`,
      conversation: { id: conversation },
      from: { id: 'user' },
      recipient: { id: 'bot' },
      text: question,
    });
    await reply;
    return { acknowledged: posted };
  };
}

async function post(agent: Agent, url: string, authorization: string, body: unknown): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(body));
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length, ...(authorization && { authorization }) };
  const outgoing = request(url, { agent, method: 'POST', headers });
  outgoing.end(bytes);
  const [incoming] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of incoming) text += chunk;
  if (incoming.statusCode >= 300) throw new Error(`${url} answered ${incoming.statusCode}: ${text}`);
  return text;
}

/** All conversations at once, each one turn after the other. */
async function measure(turns: readonly Turn[], forSeconds: number) {
  const times: number[] = [];
  const until = performance.now() + forSeconds * 1000;
  const started = performance.now();
  await Promise.all(
    turns.map(async (turn) => {
      while (performance.now() < until) {
        const before = performance.now();
        const { acknowledged } = await turn();
        times.push(performance.now() - before);
        await acknowledged;
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: times.length / took, p50: at(0.5), p99: at(0.99) };
}

function matchRow(): void {
  const loading = performance.now();
  const knowledge = loadKnowledge(knowledgeFiles);
  const loaded = performance.now() - loading;
  const asked = knowledge.entries.flatMap(({ phrasings }) => phrasings);
  for (let at = 0; at < 2000; at += 1) knowledge.match(`${asked[at % asked.length]}啊`);
  const times = Array.from({ length: 5000 }, (_, at) => {
    const before = performance.now();
    knowledge.match(`${asked[at % asked.length]}啊`);
    return performance.now() - before;
  }).sort((a, b) => a - b);
  row('knowledge loaded, ms', loaded.toFixed(0), '', '');
  row(`one match of ${asked.length} phrasings, ms p50 / p99`, `${times[2500]?.toFixed(2)} / ${times[4950]?.toFixed(2)}`, '', '');
}

/** A customer's message on the screen of their agent, and the agent's on the customer's. */
async function deskRow(): Promise<void> {
  const { toAgent, toCustomer } = await measureDesk(ours.url, { DATA_DIR: dataDir, DIRECT_LINE_SECRET: testSecret }, seconds);
  for (const [label, times] of [
    ['customer to agent', toAgent],
    ['agent to customer', toCustomer],
  ] as const) {
    times.sort((a, b) => a - b);
    const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
    row(`${label}, 50 agents, 500 open, ms p50 / p99`, `${at(0.5)} / ${at(0.99)}`, '', '');
  }
}

/** What every turn of ours waits for at least once, and the echo bot, which keeps nothing, never. */
function diskRow(): void {
  const file = openSync(join(dataDir, 'probe'), 'w');
  const times = Array.from({ length: 300 }, () => {
    writeSync(file, Buffer.alloc(16_384, 1));
    const before = performance.now();
    fdatasyncSync(file);
    return performance.now() - before;
  }).sort((a, b) => a - b);
  closeSync(file);
  row('one wait for this disk, ms p50 / p99', `${times[150]?.toFixed(2)} / ${times[297]?.toFixed(2)}`, '', '');
}

function memory({ process: { pid } }: Peer): string {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return (Number(kilobytes) / 1024).toFixed(0);
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}

async function weChatRow(): Promise<void> {
  await measurePassiveReplies(oa, ours.url, 1);
  const { times, withWords } = await measurePassiveReplies(oa, ours.url, seconds);
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(0);
  row('WeChat, 200 customers at once: answers/s', (times.length / seconds).toFixed(0), '', '');
  row('WeChat: answer to a push, p50 / p99 / longest, ms', `${at(0.5)} / ${at(0.99)} / ${(times.at(-1) ?? 0).toFixed(0)}`, '', '');
  row('WeChat: answers with words in them', `${((100 * withWords) / times.length).toFixed(1)} %`, '', '');
}

function row(label: string, a: string, b: string, c: string): void {
  console.log(`${label.padEnd(46)} ${a.padStart(14)} ${b.padStart(18)} ${c.padStart(12)}`);
}
