import { afterAll, beforeAll, expect } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { startTestApplication, type TestApplication } from '../../../support/application.ts';

const { DIRECT_LINE_TEST_URL: givenUrl, DIRECT_LINE_TEST_SECRET: givenSecret } = process.env;
if (Boolean(givenUrl) !== Boolean(givenSecret)) {
  throw new Error('Set both DIRECT_LINE_TEST_URL (such as https://bot.example.com) and DIRECT_LINE_TEST_SECRET, or none of them.');
}

/**
 * The suite is aimed at a server that runs elsewhere. Checks that need our own start options, key or store say
 * `skipIf(elsewhere)`, and are counted as skipped.
 */
export const elsewhere = Boolean(givenUrl);

export interface Activity {
  id: string;
  type: string;
  timestamp: string;
  from: { id: string; name?: string; role?: string };
  text?: string;
  name?: string;
  value?: unknown;
  attachments?: { contentType: string; contentUrl: string; name: string; thumbnailUrl?: string }[];
  channelData?: Record<string, unknown>;
  replyToId?: string;
  [more: string]: unknown;
}

/** All that answers may carry; which of it is there, the tests check. */
export interface Body {
  conversationId: string;
  token: string;
  expires_in: number;
  streamUrl: string;
  activities: Activity[];
  watermark: string;
  id: string;
  sessionId: string;
  error: { code: string; message: string };
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Call {
  bearer?: string;
  /** Plain objects and arrays are sent as JSON; text, bytes, forms and streams as they are. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A Direct Line server: our own, started for the tests of one file, or the one that runs elsewhere. */
export class Server {
  #app: TestApplication | undefined;

  async start(environment?: Record<string, string>): Promise<void> {
    if (!elsewhere || environment) this.#app = await startTestApplication(environment);
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
  }

  /** The program in this process, for what only it knows; not there when the server runs elsewhere. */
  get app(): TestApplication {
    if (!this.#app) throw new Error('The server runs elsewhere: skip this check with skipIf(elsewhere).');
    return this.#app;
  }

  get url(): string {
    return this.#app?.url ?? String(givenUrl).replace(/\/+$/, '');
  }

  get secret(): string {
    return this.#app?.secret ?? String(givenSecret);
  }

  get base(): string {
    return `${this.url}/v3/directline`;
  }

  /** `path` is relative to Direct Line's base address. */
  async call(method: string, path: string, { bearer, body, headers = {}, signal }: Call = {}): Promise<Answer> {
    const asItIs = isRaw(body);
    const response = await fetch(this.base + path, {
      method,
      headers: { ...(bearer && { authorization: `Bearer ${bearer}` }), ...(!asItIs && { 'content-type': 'application/json' }), ...headers },
      body: asItIs ? body : JSON.stringify(body),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
      ...(signal && { signal }),
    } as RequestInit);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Body };
  }

  /** A token for a conversation that has not begun. */
  async generate(parameters: object = {}): Promise<Body> {
    const { status, body } = await this.call('POST', '/tokens/generate', { bearer: this.secret, body: parameters });
    expect(status).toBe(200);
    return body;
  }

  /** A conversation of a visitor whose token says who they are. */
  async welcome(user = 'dl_visitor'): Promise<Talk> {
    return this.begin((await this.generate({ user: { id: user } })).token);
  }

  /** A conversation whose token names nobody. */
  async begin(token?: string): Promise<Talk> {
    const { body } = await this.call('POST', '/conversations', { bearer: token ?? (await this.generate()).token });
    return new Talk(this, body);
  }
}

/** A server for all tests of the file or block in which this is called. */
export function serverForTests(environment?: Record<string, string>): Server {
  const server = new Server();
  beforeAll(() => server.start(environment));
  afterAll(() => server.stop());
  return server;
}

/** One conversation, seen by its client. */
export class Talk {
  readonly server: Server;
  readonly id: string;
  readonly token: string;
  readonly streamUrl: string;

  constructor(server: Server, { conversationId, token, streamUrl }: Body) {
    this.server = server;
    this.id = conversationId;
    this.token = token;
    this.streamUrl = streamUrl;
  }

  call(method: string, path: string, call: Call = {}): Promise<Answer> {
    return this.server.call(method, `/conversations/${this.id}${path}`, { bearer: this.token, ...call });
  }

  post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', '/activities', { body, headers });
  }

  upload(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', '/upload', { body, headers });
  }

  /** Posts what is expected to be accepted, a message unless told, and gives its id. */
  async say(text: string, more: object = {}): Promise<string> {
    const { status, body } = await this.post({ type: 'message', from: { id: 'visitor' }, text, ...more });
    expect(status).toBe(200);
    return body.id;
  }

  /** Without a watermark, the parameter is left off. */
  async read(watermark?: string): Promise<Body> {
    const { status, body } = await this.call('GET', `/activities${watermarkQuery(watermark)}`);
    expect(status).toBe(200);
    return body;
  }

  /** Reads page after page until one is empty. */
  async transcript(watermark = ''): Promise<Activity[]> {
    const { activities, watermark: next } = await this.read(watermark);
    return activities.length === 0 ? [] : [...activities, ...(await this.transcript(next))];
  }

  async find(id: string): Promise<Activity> {
    const found = (await this.transcript()).find((activity) => activity.id === id);
    if (!found) throw new Error(`The transcript has no activity ${id}.`);
    return found;
  }

  async reconnect(watermark?: string): Promise<Body> {
    const { status, body } = await this.call('GET', watermarkQuery(watermark));
    expect(status).toBe(200);
    return body;
  }

  /** Asks for a stream and opens it. */
  async stream(watermark?: string): Promise<Stream> {
    return Stream.open((await this.reconnect(watermark)).streamUrl);
  }

  /** The first activity, said already or to come, that fits. */
  async first(fits: (activity: Activity) => boolean): Promise<Activity> {
    const stream = await this.stream();
    const found = await stream.first(fits);
    await stream.close();
    return found;
  }

  answerTo(id: string): Promise<Activity> {
    return this.first(({ replyToId }) => replyToId === id);
  }

  /** Asks one thing more and waits for its answer: what was said before has had its turns then. Gives all but these two. */
  async settled(): Promise<Activity[]> {
    const last = await this.say('备案要多久');
    await this.answerTo(last);
    return (await this.transcript()).filter(({ id, replyToId }) => id !== last && replyToId !== last);
  }
}

function isRaw(body: unknown): body is BodyInit | undefined {
  return body === undefined || typeof body === 'string' || [Uint8Array, FormData, ReadableStream].some((kind) => body instanceof kind);
}

function watermarkQuery(watermark: string | undefined): string {
  return watermark === undefined ? '' : `?watermark=${encodeURIComponent(watermark)}`;
}

/** An open WebSocket stream, and all that came over it. */
export class Stream {
  readonly socket: WebSocket;
  readonly frames: string[] = [];
  readonly activities: Activity[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
    });
    socket.on('message', (data) => {
      const frame = String(data);
      this.frames.push(frame);
      if (frame !== '') this.activities.push(...(JSON.parse(frame) as Body).activities);
      socket.emit('frame');
    });
  }

  static async open(url: string, options: ClientOptions = {}): Promise<Stream> {
    const stream = new Stream(new WebSocket(url, options));
    await new Promise<void>((resolve, reject) => {
      stream.socket.once('open', resolve).once('error', reject);
    });
    return stream;
  }

  /** Resolves as soon as what has come over the stream fits. */
  async when(fits: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (fits()) resolve();
      };
      this.socket.on('frame', look);
      this.socket.once('close', (code) => reject(new Error(`The stream was closed (${code}) before what was awaited came.`)));
      look();
    });
  }

  async first(fits: (activity: Activity) => boolean): Promise<Activity> {
    await this.when(() => this.activities.some(fits));
    return this.activities.find(fits) as Activity;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The answer of a server that refuses to open a stream. */
export function refusedStream(url: string, options: ClientOptions = {}): Promise<Pick<Answer, 'status' | 'body'>> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on('unexpected-response', async (_request, response) => {
      const body = JSON.parse((await response.toArray()).join('')) as Body;
      resolve({ status: response.statusCode ?? 0, body });
    });
    socket.on('error', reject);
    socket.on('open', () => {
      socket.close();
      reject(new Error('The stream was opened.'));
    });
  });
}

/** Refused in the shape that all errors share, without anything from inside the server in it. */
export function expectRefusal({ status, body }: Pick<Answer, 'status' | 'body'>, expected: number, code?: string): void {
  const error = { code: code ?? expect.any(String), message: expect.any(String) };
  expect({ status, body }).toEqual({ status: expected, body: { error } });
  expect(body.error.message).not.toMatch(/node_modules|\.[jt]s:\d+|\/(home|root|tmp|work)\//);
}

export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
