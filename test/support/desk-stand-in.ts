import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type {
  Account,
  AuditLine,
  Brief,
  CannedReply,
  ConversationView,
  Entrance,
  Entry,
  Frame,
  Invited,
  OwnAccount,
  Queue,
  Suggestion,
  Task,
  Transfer,
  Waiting,
  Watch,
} from '../../bot/desk/desk-api.ts';
import { Origins } from '../../bot/http/origins.ts';
import type { RoutedRequest } from '../../bot/http/web-server.ts';
import { pageRoutes } from '../../bot/pages.ts';
import { projectRoot } from '../../bot/paths.ts';
import { filingTypeLabels } from '../../dialogs/intake/wording.ts';
import type { FilingType } from '../../knowledge/filing/filing-case.ts';

/** One conversation of the stand-in, as both sides left it. */
export interface StandInTalk {
  id: string;
  brief: Brief;
  waiting?: Omit<Waiting, 'conversation' | 'customer' | 'channel' | 'said'>;
  agent?: string;
  entries: Entry[];
  notes: { at: number; by: string; text: string }[];
  undelivered?: ConversationView['undelivered'];
  suggestions: Suggestion[];
}

interface StandInAccount extends Account {
  password?: string;
  code?: string;
}

type Answer = [status: number, body?: unknown, headers?: Record<string, string>];
type Act = (request: IncomingMessage, params: string[], body: Record<string, unknown>, me: StandInAccount) => Answer;

const pageSize = 50;

/**
 * A server that speaks `bot/desk/desk-api.ts` from memory: it brings the page into states that the real one reaches only after a day of
 * work, or never wants to be in. What the page has to get right with the real server is tested with that.
 */
export class DeskStandIn {
  readonly accounts: StandInAccount[] = [];
  readonly talks = new Map<string, StandInTalk>();
  readonly files = new Map<string, { contentType: string; content: Uint8Array }>();
  replies: CannedReply[] = [];
  tasks: Task[] = [];
  /** Ids of messages as often as they arrived, and how often a kind of request was made. */
  readonly received: string[] = [];
  readonly requests: string[] = [];
  /** Answers the next messages with these, after keeping them or without. */
  readonly mishaps: ('lost' | 'answer-lost' | 'not-yours')[] = [];
  refuseSockets = false;
  signOn = false;
  readonly #sessions = new Map<string, { account: string; startedAt: number; usedAt: number }>();
  readonly #available = new Set<string>();
  readonly #kept = new Map<string, number>();
  readonly #sockets = new Map<WebSocket, { account: string; watch: Watch['watch'] }>();
  readonly #audit: AuditLine[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #upgrades = new WebSocketServer({ noServer: true });
  #wrongPasswords = 0;
  url = '';

  async start(): Promise<this> {
    this.#server.on('upgrade', (request, socket, head) => {
      const account = this.#accountOf(request);
      if (this.refuseSockets || !account) return void socket.destroy();
      this.#upgrades.handleUpgrade(request, socket, head, (opened) => this.#open(opened, account.id));
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Cuts every live connection, as a network does. */
  cut(): void {
    for (const socket of this.#sockets.keys()) socket.terminate();
  }

  endSessions(): void {
    this.#sessions.clear();
    for (const socket of this.#sockets.keys()) this.#send(socket, { kind: 'signed-out' });
  }

  say(conversation: string, entry: Omit<Entry, 'position'>): number {
    const talk = this.#talk(conversation);
    const position = (talk.entries.at(-1)?.position ?? 0) + 1;
    talk.entries.push({ position, ...entry });
    for (const [socket, { watch }] of this.#sockets) {
      if (watch.some((each) => each.conversation === conversation)) {
        this.#send(socket, { kind: 'entries', conversation, entries: talk.entries.slice(-1), end: position });
      }
    }
    this.tellQueue();
    return position;
  }

  customerSays(conversation: string, text: string): number {
    return this.say(conversation, { at: Date.now(), from: 'customer', name: this.#talk(conversation).brief.customer, text });
  }

  types(conversation: string): void {
    for (const socket of this.#sockets.keys()) this.#send(socket, { kind: 'typing', conversation });
  }

  tellQueue(): void {
    for (const [socket, { account }] of this.#sockets) this.#send(socket, { kind: 'queue', queue: this.#queueFor(account) });
  }

  tellChanged(conversation: string): void {
    for (const socket of this.#sockets.keys()) this.#send(socket, { kind: 'changed', conversation });
    this.tellQueue();
  }

  #send(socket: WebSocket, frame: Frame): void {
    socket.send(JSON.stringify(frame));
  }

  #open(socket: WebSocket, account: string): void {
    this.#sockets.set(socket, { account, watch: [] });
    socket.on('close', () => this.#sockets.delete(socket));
    this.#send(socket, { kind: 'queue', queue: this.#queueFor(account) });
    socket.on('message', (data) => {
      const { watch } = JSON.parse(String(data)) as Watch;
      this.#sockets.set(socket, { account, watch });
      for (const { conversation, after } of watch) {
        const talk = this.#talk(conversation);
        const entries = talk.entries.filter(({ position }) => position > after);
        const end = talk.entries.at(-1)?.position ?? 0;
        if (entries.length > 0) this.#send(socket, { kind: 'entries', conversation, entries, end });
      }
    });
  }

  #queueFor(id: string): Queue {
    const { role } = this.#account(id);
    const talks = [...this.talks.values()];
    const said = ({ entries }: StandInTalk) => entries.findLast(({ from }) => from === 'customer')?.text ?? '';
    return {
      now: Date.now(),
      tasks: this.tasks.length,
      waiting: talks
        .flatMap((talk) => {
          const { customer, channel } = talk.brief;
          return talk.waiting ? [{ conversation: talk.id, customer, channel, said: said(talk), ...talk.waiting }] : [];
        })
        .sort((a, b) => a.since - b.since),
      held: talks.flatMap((talk) => {
        const { id: conversation, agent, entries, brief } = talk;
        if (!agent || (agent !== id && role === 'agent')) return [];
        const last = entries.findLast(({ from }) => from === 'customer' || from === 'agent');
        return [
          {
            conversation,
            customer: brief.customer,
            channel: brief.channel,
            agent: { id: agent, name: this.#account(agent).name },
            since: brief.since ?? brief.startedAt,
            ...(last?.from === 'customer' && { unansweredSince: last.at }),
            said: said(talk),
            end: entries.at(-1)?.position ?? 0,
          },
        ];
      }),
      agents: this.accounts
        .filter(({ active, hasPassword }) => active && hasPassword)
        .map(({ id: agent, name }) => ({
          id: agent,
          name,
          available: this.#available.has(agent),
          conversations: talks.filter((talk) => talk.agent === agent).length,
        })),
    };
  }

  #claim(talk: StandInTalk, { id, name }: StandInAccount): void {
    talk.agent = id;
    delete talk.waiting;
    this.say(talk.id, { at: Date.now(), from: 'event', name, text: `您好，我是客服${name}，由我为您服务。`, handoff: 'accepted' });
    this.tellChanged(talk.id);
  }

  #leave(talk: StandInTalk, entry: Pick<Entry, 'text' | 'handoff'> & { name: string }): void {
    delete talk.agent;
    this.say(talk.id, { at: Date.now(), from: 'event', ...entry });
    this.tellChanged(talk.id);
  }

  #talk(id: string): StandInTalk {
    const talk = this.talks.get(id);
    if (!talk) throw new Missing();
    return talk;
  }

  #account(id: string): StandInAccount {
    const account = this.accounts.find((each) => each.id === id);
    if (!account) throw new Missing();
    return account;
  }

  #accountOf(request: IncomingMessage): StandInAccount | undefined {
    const [, session = ''] = /desk_session=(\w+)/.exec(request.headers.cookie ?? '') ?? [];
    const found = this.#sessions.get(session);
    return found && this.#account(found.account);
  }

  #signIn(account: StandInAccount): Answer {
    const session = `s${Math.random().toString(36).slice(2)}`;
    this.#sessions.set(session, { account: account.id, startedAt: Date.now(), usedAt: Date.now() });
    return [200, signedIn(account), { 'Set-Cookie': `desk_session=${session}; Path=/desk; HttpOnly; SameSite=Strict` }];
  }

  #invite(account: StandInAccount): Invited {
    account.code = `code${Math.random().toString(36).slice(2)}`;
    account.hasPassword = false;
    return { account: accountOf(account), link: `${this.url}/desk#invitation=${account.code}` };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', this.url);
    if (!pathname.startsWith('/desk/api/')) return this.#page(pathname, request, response);
    const route = `${request.method} ${decodeURIComponent(pathname.slice('/desk/api/'.length))}`;
    this.requests.push(route);
    const content = await buffer(request);
    const file = /^GET conversations\/[^/]+\/files\/(.+)$/.exec(route);
    const found = file && this.files.get(file[1] ?? '');
    if (found) {
      response.writeHead(200, { 'Content-Type': found.contentType, 'Content-Disposition': 'attachment' });
      response.end(found.content);
      return;
    }
    const body = content.length > 0 ? (JSON.parse(content.toString()) as Record<string, unknown>) : {};
    const [status, answer, headers] = this.#act(route, request, body);
    if (status === 0) return void request.socket.destroy();
    const error = status >= 400 && { error: { code: 'Refused', message: 'Refused.' } };
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(status === 204 ? undefined : JSON.stringify(error ? { ...error, ...(answer as object) } : answer));
  }

  async #page(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const options = { folder: join(projectRoot, 'dist', 'pages'), origins: new Origins(() => [], []), publicUrl: () => this.url };
    const routes = pageRoutes(options);
    const route =
      routes.find((each) => each.path === path) ?? routes.find((each) => each.path.includes(':') && path.startsWith('/assets/'));
    if (!route) return void response.writeHead(404).end();
    await route.handle(Object.assign(request, { params: {} }) as RoutedRequest, response);
  }

  #act(route: string, request: IncomingMessage, body: Record<string, unknown>): Answer {
    try {
      const entered = this.#enter(route, body);
      if (entered) return entered;
      const me = this.#accountOf(request);
      if (!me) return [401];
      if (request.method === 'POST' && request.headers['x-desk'] !== '1') return [403];
      for (const [pattern, act] of this.#routes) {
        const match = pattern.exec(route);
        if (match) return act(request, match.slice(1), body, me);
      }
      return [404];
    } catch (error) {
      if (error instanceof Missing) return [404];
      throw error;
    }
  }

  #enter(route: string, { login, password, code }: Record<string, unknown>): Answer | undefined {
    if (route === 'GET entrance') return [200, { signOn: this.signOn } satisfies Entrance];
    if (route === 'POST session') {
      const account = this.accounts.find((each) => each.login === login && each.active && each.password === password);
      if (account) return this.#signIn(account);
      this.#wrongPasswords += 1;
      return this.#wrongPasswords > 3 ? [429, {}, { 'Retry-After': '30' }] : [401, { error: { code: 'SignInWrong' } }];
    }
    if (route === 'POST invitation') {
      const account = this.accounts.find((each) => each.code !== undefined && each.code === code);
      if (!account) return [410, { error: { code: 'InvitationGone' } }];
      Object.assign(account, { password: String(password), hasPassword: true });
      delete account.code;
      return this.#signIn(account);
    }
    return undefined;
  }

  readonly #routes: readonly (readonly [RegExp, Act])[] = [
    [/^GET session$/, (_, __, ___, me) => [200, signedIn(me)]],
    [
      /^POST session\/end$/,
      (request) => {
        const [, session = ''] = /desk_session=(\w+)/.exec(request.headers.cookie ?? '') ?? [];
        this.#sessions.delete(session);
        return [204];
      },
    ],
    [/^GET accounts$/, () => [200, this.accounts.map(accountOf)]],
    [
      /^POST accounts$/,
      (_, __, body) => {
        const draft = body as unknown as Account;
        const account = {
          ...draft,
          id: `a${this.accounts.length + 1}`,
          active: true,
          hasPassword: false,
          hasSecondFactor: false,
          createdAt: Date.now(),
        };
        this.accounts.push(account);
        return [201, this.#invite(account)];
      },
    ],
    [/^POST accounts\/([^/]+)\/invitation$/, (_, [id = '']) => [200, this.#invite(this.#account(id))]],
    [
      /^POST accounts\/([^/]+)$/,
      (_, [id = ''], body) => {
        Object.assign(this.#account(id), body);
        return [200, accountOf(this.#account(id))];
      },
    ],
    [
      /^GET sessions$/,
      (request) => [
        200,
        [...this.#sessions].map(([id, { account, startedAt, usedAt }]) => ({
          id: id.slice(0, 4),
          account,
          name: this.#account(account).name,
          startedAt,
          usedAt,
          own: request.headers.cookie?.includes(id) ?? false,
        })),
      ],
    ],
    [
      /^POST sessions\/([^/]+)\/end$/,
      (_, [id = '']) => {
        for (const session of this.#sessions.keys()) if (session.startsWith(id)) this.#sessions.delete(session);
        return [204];
      },
    ],
    [/^GET audit$/, (request) => [200, this.#auditBefore(Number(new URL(request.url ?? '', this.url).searchParams.get('before') ?? 1e9))]],
    [/^GET queue$/, (_, __, ___, me) => [200, this.#queueFor(me.id)]],
    [
      /^POST presence$/,
      (_, __, { available }, me) => {
        if (available) this.#available.add(me.id);
        else this.#available.delete(me.id);
        this.tellQueue();
        return [204];
      },
    ],
    [
      /^POST next$/,
      (_, __, ___, me) => {
        const [next] = this.#queueFor(me.id).waiting;
        if (!next) return [200, {}];
        this.#claim(this.#talk(next.conversation), me);
        return [200, { conversation: next.conversation }];
      },
    ],
    [
      /^GET conversations\/([^/]+)$/,
      (_, [id = ''], __, me) => {
        const { agent, brief, entries, notes, waiting, undelivered = [] } = this.#talk(id);
        const owner = agent ? { kind: 'agent', id: agent, name: this.#account(agent).name } : { kind: 'bot' };
        const end = entries.at(-1)?.position ?? 0;
        const handoff = waiting ? 'requested' : agent ? 'accepted' : undefined;
        return [200, { id, brief, owner, handoff, notes, undelivered, mine: agent === me.id, entries: entries.slice(-pageSize), end }];
      },
    ],
    [
      /^GET conversations\/([^/]+)\/entries$/,
      (request, [id = '']) => {
        const after = Number(new URL(request.url ?? '', this.url).searchParams.get('after'));
        const { entries } = this.#talk(id);
        const page = entries.filter(({ position }) => position > after).slice(0, pageSize);
        return [200, { entries: page, end: page.at(-1)?.position ?? after }];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/claim$/,
      (_, [id = ''], __, me) => {
        const talk = this.#talk(id);
        if (talk.agent && talk.agent !== me.id) return [409, { takenBy: this.#account(talk.agent).name }];
        this.#claim(talk, me);
        return [204];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/take-over$/,
      (_, [id = ''], { from }, me) => {
        const talk = this.#talk(id);
        if (me.role === 'agent') return [403];
        if (talk.agent && talk.agent !== from) return [409, { takenBy: this.#account(talk.agent).name }];
        this.#claim(talk, me);
        return [204];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/messages$/,
      (_, [conversation = ''], { id, text }, me) => {
        this.received.push(String(id));
        const mishap = this.mishaps.shift();
        if (mishap === 'lost') return [0];
        if (mishap === 'not-yours' || this.#talk(conversation).agent !== me.id) return [409, { error: { code: 'NotYours' } }];
        const kept = this.#kept.get(String(id));
        const position = kept ?? this.say(conversation, { at: Date.now(), from: 'agent', name: me.name, text: String(text) });
        this.#kept.set(String(id), position);
        return mishap === 'answer-lost' ? [0] : [200, { position }];
      },
    ],
    [/^POST conversations\/[^/]+\/typing$/, () => [204]],
    [
      /^POST conversations\/([^/]+)\/notes$/,
      (_, [id = ''], { text }, { name }) => {
        this.#talk(id).notes.push({ at: Date.now(), by: name, text: String(text) });
        this.tellChanged(id);
        return [204];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/transfer$/,
      (_, [id = ''], body, me) => {
        const { to, skill, note } = body as unknown as Transfer;
        const talk = this.#talk(id);
        talk.waiting = {
          since: Date.now(),
          reason: talk.brief.reason ?? 'asked',
          returning: true,
          transferredFrom: me.name,
          note,
          ...(to && { for: to }),
          ...(skill && { skill }),
        };
        this.#leave(talk, { name: me.name, text: '正在为您转接另一位客服，请稍等。', handoff: 'requested' });
        return [204];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/complete$/,
      (_, [id = ''], __, { name }) => {
        this.#leave(this.#talk(id), { name, text: '本次人工服务已结束。我是备案助手，有问题请继续问我。', handoff: 'completed' });
        return [204];
      },
    ],
    [/^GET conversations\/([^/]+)\/suggestions$/, (_, [id = '']) => [200, this.#talk(id).suggestions]],
    [
      /^POST conversations\/([^/]+)\/form$/,
      (_, [id = ''], { field, value }) => {
        if (field === 'leaderPhone' && !/^1\d{10}$/.test(String(value))) return [422, { reason: '手机号应是11位数字，请核对' }];
        const { form } = this.#talk(id).brief;
        const item = form?.items.find((each) => each.field === field);
        if (item) item.value = String(value);
        else form?.items.push({ field: String(field), label: form.next?.label ?? String(field), value: String(value) });
        this.tellChanged(id);
        return [204];
      },
    ],
    [
      /^POST conversations\/([^/]+)\/case$/,
      (_, [id = ''], { filingType, province }) => {
        const items = province === undefined ? [] : [{ field: 'filerProvince', label: '备案省份', value: String(province) }];
        const title = filingTypeLabels[filingType as FilingType];
        this.#talk(id).brief.form = { title, done: items.length, total: 9, paused: false, items, documents: [] };
        this.tellChanged(id);
        return [204];
      },
    ],
    [/^GET replies$/, () => [200, this.replies]],
    [
      /^POST replies$/,
      (_, __, body) => {
        const reply = { id: `r${Date.now()}`, ...body } as unknown as CannedReply;
        this.replies = [...this.replies.filter(({ id }) => id !== reply.id), reply];
        return [200, reply];
      },
    ],
    [
      /^POST replies\/([^/]+)\/remove$/,
      (_, [id = '']) => {
        this.replies = this.replies.filter((each) => each.id !== id);
        return [204];
      },
    ],
    [/^GET tasks$/, () => [200, this.tasks]],
    [
      /^POST tasks\/([^/]+)\/done$/,
      (_, [id = '']) => {
        this.tasks = this.tasks.filter(({ conversation }) => conversation !== id);
        this.tellQueue();
        return [204];
      },
    ],
  ];

  audit(did: AuditLine['did'], by: string, what?: string): void {
    this.#audit.push({
      position: this.#audit.length + 1,
      at: Date.now() - 60_000 * (500 - this.#audit.length),
      by,
      did,
      ...(what && { what }),
    });
  }

  #auditBefore(before: number) {
    return this.#audit
      .filter(({ position }) => position < before)
      .reverse()
      .slice(0, pageSize);
  }
}

class Missing extends Error {}

function signedIn({ id, login, name, role, skills }: StandInAccount): OwnAccount {
  return { id, login, name, role, skills, secondFactor: 'none' };
}

function accountOf({ password: _, code: __, ...account }: StandInAccount): Account {
  return account;
}
