import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PresentedActivity } from '../../bot/channels/direct-line/presenter.ts';
import { testSecret } from '../support/application.ts';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { makeSmallBuild, type SmallBuild } from '../support/small-build.ts';

const servers = 3;
const killsPerServer = 17;
const visitorsPerServer = 12;
const questions = ['备案审核要多长时间', '谢谢', '域名冲突怎么办', '有用', '量子计算机怎么修', '1'];

/** What one server went through: how many messages it acknowledged, and what became of them. */
interface Account {
  kills: number;
  /** Requests that the server had received, or was receiving, when it was killed. */
  cutOff: number;
  acknowledged: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  unexpected: number;
}

let build: SmallBuild;
beforeAll(() => {
  build = makeSmallBuild();
});
afterAll(() => build.remove());

describe('kill -9 in the middle of traffic', () => {
  it(`loses nothing that was acknowledged and doubles nothing, over ${servers * killsPerServer} kills`, { timeout: 480_000 }, async () => {
    const accounts = await Promise.all(Array.from({ length: servers }, (_, at) => ordeal(at)));
    const total = accounts.reduce((sum, account) => addUp(sum, account));
    console.log('kill -9:', JSON.stringify(total));
    expect(total).toMatchObject({ kills: servers * killsPerServer, lost: 0, doubled: 0, outOfOrder: 0, unexpected: 0 });
    // Otherwise the kills came between the traffic and not in its middle.
    expect(total.acknowledged).toBeGreaterThan(total.kills);
    expect(total.cutOff).toBeGreaterThan(total.kills);
  });
});

async function ordeal(seed: number): Promise<Account> {
  const dataDir = mkdtempSync(join(tmpdir(), 'filing-crash-'));
  const environment = { DATA_DIR: dataDir, PORT: String(await freePort()) };
  let server: ServerProcess = await startServerProcess(environment, build.program);
  const { url } = server;
  let over = false;
  let cutOff = 0;
  const visitors = Array.from({ length: visitorsPerServer }, () =>
    visit(
      url,
      () => over,
      () => {
        cutOff += 1;
      },
    ),
  );
  const random = randomFrom(seed + 1);
  for (let kill = 0; kill < killsPerServer; kill += 1) {
    await pause(50 + random() * 600);
    await server.kill('SIGKILL');
    server = await startServerProcess(environment, build.program);
  }
  await pause(300);
  over = true;
  const conversations = await Promise.all(visitors);
  // Whatever the last crash interrupted is due by now; a quiet second without anything new means that all is done.
  await pause(1500);
  const accounts = await Promise.all(conversations.map(({ id, sent }) => settle(url, id, sent)));
  await server.kill('SIGTERM');
  rmSync(dataDir, { recursive: true });
  return { ...accounts.reduce(addUp), kills: killsPerServer, cutOff };
}

interface Sent {
  clientActivityID: string;
  id: string;
}

/** A visitor who says one thing after the other, each again under the same id until it is acknowledged. */
async function visit(url: string, over: () => boolean, onCut: () => void): Promise<{ id: string; sent: Sent[] }> {
  const { conversationId: id } = await insist(`${url}/v3/directline/conversations`, { user: { id: `dl_${Math.random()}` } }, onCut);
  const sent: Sent[] = [];
  for (let turn = 0; !over(); turn += 1) {
    const clientActivityID = `${id}-${turn}`;
    const activity = { type: 'message', text: questions[turn % questions.length], from: { id: 'x' }, channelData: { clientActivityID } };
    const answer = await insist(`${url}/v3/directline/conversations/${id}/activities`, activity, onCut);
    sent.push({ clientActivityID, id: answer.id });
  }
  return { id, sent };
}

async function settle(url: string, id: string, sent: readonly Sent[]): Promise<Account> {
  const activities: PresentedActivity[] = [];
  for (let watermark = ''; ; ) {
    const response = await fetch(`${url}/v3/directline/conversations/${id}/activities?watermark=${watermark}`, { headers });
    const page = (await response.json()) as { activities: PresentedActivity[]; watermark: string };
    if (page.activities.length === 0) break;
    activities.push(...page.activities);
    watermark = page.watermark;
  }
  const own = activities.filter(({ from }) => from.role === 'user');
  const replies = activities.filter(({ from, replyToId }) => from.role === 'bot' && replyToId !== undefined);
  const repliesTo = (message: string) => replies.filter(({ replyToId }) => replyToId === message).length;
  return {
    kills: 0,
    cutOff: 0,
    acknowledged: sent.length,
    lost: sent.filter(({ id: message }) => !own.some((activity) => activity.id === message) || repliesTo(message) === 0).length,
    doubled:
      own.length -
      new Set(own.map(({ channelData }) => channelData?.clientActivityID)).size +
      sent.filter(({ id: message }) => repliesTo(message) > 1).length,
    outOfOrder: countDisorder(own.map((activity) => activity.id)) + countDisorder(replies.map(({ replyToId }) => replyToId ?? '')),
    unexpected: replies.filter(({ replyToId }) => !own.some((activity) => activity.id === replyToId)).length + own.length - sent.length,
  };
}

const headers = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };

/** As clients do: the same request again until the server has taken it. */
async function insist(url: string, body: unknown, onCut: () => void): Promise<{ id: string; conversationId: string }> {
  for (;;) {
    try {
      const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(5000) });
      if (response.ok) return (await response.json()) as { id: string; conversationId: string };
      if (response.status !== 429 && response.status !== 503) throw new Error(`refused with ${response.status}: ${await response.text()}`);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('refused')) throw error;
      const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
      if (code !== 'ECONNREFUSED') onCut();
    }
    await pause(20);
  }
}

function countDisorder(ids: readonly string[]): number {
  return ids.filter((id, at) => at > 0 && id < (ids[at - 1] ?? '')).length;
}

function addUp(a: Account, b: Account): Account {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + b[name as keyof Account]])) as unknown as Account;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Mulberry32: the same moments of killing in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}
