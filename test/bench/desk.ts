import { once } from 'node:events';
import { WebSocket } from 'ws';
import { readConfig } from '../../bot/config.ts';
import { Accounts } from '../../bot/desk/accounts/accounts.ts';
import { KeptAccounts } from '../../bot/desk/accounts/kept-accounts.ts';
import { Sessions } from '../../bot/desk/accounts/sessions.ts';
import { Audit } from '../../bot/desk/audit.ts';
import type { Frame, Watch } from '../../bot/desk/desk-api.ts';
import { secretsOf } from '../../bot/secrets.ts';
import { dataKeys } from '../../bot/store/data-keys.ts';
import { openStore } from '../../bot/store/open-store.ts';
import { testSecret } from '../support/application.ts';
import { silentLog } from '../support/conversations.ts';

const agents = 50;
const conversationsEach = 10;
const talkingAtOnce = 10;

/** Milliseconds, from the moment at which something is sent until it is on the screen of the other. */
export interface DeskTimes {
  toAgent: number[];
  toCustomer: number[];
}

/** Who waits for a text to arrive, by the text. */
type Arrivals = Map<string, () => void>;

interface Talk {
  id: string;
  agent: AgentPage;
}

interface AgentPage {
  cookie: string;
  socket: WebSocket;
}

/** Fifty agents, each with the page open and ten customers; customers and agents talk in ten of the conversations at a time. */
export async function measureDesk(url: string, environment: Record<string, string>, seconds: number): Promise<DeskTimes> {
  const arrivals: Arrivals = new Map();
  const talks: Talk[] = [];
  for (const cookie of await sessionsOf(environment)) {
    const agent = { cookie, socket: await openPage(url, cookie, arrivals) };
    const ids = await Promise.all(Array.from({ length: conversationsEach }, () => customer(url, arrivals)));
    for (const id of ids) await call(url, agent.cookie, `conversations/${id}/claim`, {});
    agent.socket.send(JSON.stringify({ watch: ids.map((conversation) => ({ conversation, after: 0 })) } satisfies Watch));
    talks.push(...ids.map((id) => ({ id, agent })));
  }
  const times: DeskTimes = { toAgent: [], toCustomer: [] };
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: talkingAtOnce }, async (_, lane) => {
      for (let at = lane; performance.now() < until; at += talkingAtOnce) {
        const talk = talks[(at * 7) % talks.length];
        if (!talk) return;
        const { id, agent } = talk;
        times.toAgent.push(await timed(arrivals, `问-${at}`, (text) => say(url, id, text)));
        const reply = (text: string) => call(url, agent.cookie, `conversations/${id}/messages`, { id: text, text });
        times.toCustomer.push(await timed(arrivals, `答-${at}`, reply));
      }
    }),
  );
  return times;
}

async function timed(arrivals: Arrivals, text: string, send: (text: string) => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const arrived = new Promise<void>((resolve) => arrivals.set(text, resolve));
  await Promise.all([send(text), arrived]);
  return performance.now() - started;
}

/** Cookies of fifty agents who are signed in, made in the store beside the running program; passwords take too long for this. */
async function sessionsOf(environment: Record<string, string>): Promise<string[]> {
  const config = readConfig(environment);
  const store = await openStore(config, dataKeys(secretsOf(config, silentLog).dataKeys), 'look');
  const kept = new KeptAccounts(store, new Audit(store));
  const sessions = new Sessions(kept, { longest: 3_600_000, idle: 3_600_000 });
  const cookies: string[] = [];
  for (let at = 0; at < agents; at += 1) {
    const created = await new Accounts(kept).create({ login: `agent-${at}`, name: `客服${at}`, role: 'agent', skills: [] }, 'command');
    if (created.outcome !== 'created') throw new Error(`agent-${at}: ${created.outcome}`);
    const ticket = await sessions.begin(created.account.id, { by: 'command', did: 'signed-in' }, (account) => account);
    cookies.push(`filing_desk=${ticket}`);
  }
  await store.close();
  return cookies;
}

async function openPage(url: string, cookie: string, arrivals: Arrivals): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/desk/stream`, { headers: { origin: url, cookie } });
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.kind !== 'entries') return;
    for (const { from, text } of frame.entries) if (from === 'customer') arrivals.get(text)?.();
  });
  await once(socket, 'open');
  return socket;
}

const headers = { authorization: `Bearer ${testSecret}`, 'content-type': 'application/json' };

async function customer(url: string, arrivals: Arrivals): Promise<string> {
  const body = JSON.stringify({ user: { id: `dl_${Math.random()}` } });
  const response = await fetch(`${url}/v3/directline/conversations`, { method: 'POST', headers, body });
  const { conversationId, streamUrl } = (await response.json()) as { conversationId: string; streamUrl: string };
  const socket = new WebSocket(streamUrl, { perMessageDeflate: false });
  socket.on('message', (data) => {
    if (String(data) === '') return;
    const { activities } = JSON.parse(String(data)) as { activities: { text?: string; from: { role?: string } }[] };
    for (const { text = '', from } of activities) if (from.role === 'bot') arrivals.get(text)?.();
  });
  await once(socket, 'open');
  return conversationId;
}

async function say(url: string, id: string, text: string): Promise<void> {
  const body = JSON.stringify({ type: 'message', from: { id: 'x' }, text });
  const response = await fetch(`${url}/v3/directline/conversations/${id}/activities`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`The message was answered with ${response.status}.`);
  await response.arrayBuffer();
}

async function call(url: string, cookie: string, path: string, body: object): Promise<void> {
  const response = await fetch(`${url}/desk/api/${path}`, {
    method: 'POST',
    headers: { cookie, origin: url, 'sec-fetch-site': 'same-origin', 'x-desk': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}.`);
  await response.arrayBuffer();
}
