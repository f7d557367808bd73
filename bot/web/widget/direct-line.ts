import { Gate, Pause } from '../shared/gate.ts';
import { concernsFiles } from './files.ts';
import { type Outgoing, recall, remember, type Session } from './memory.ts';

/** What the widget uses of an activity; see `bot/activity.ts` for all of it. */
export interface ChatActivity {
  id: string;
  type: string;
  timestamp: string;
  from: { id: string; name?: string; role?: string };
  text?: string;
  suggestedActions?: { actions: { title: string; value: string }[] };
  attachments?: { contentType: string; contentUrl?: string; name?: string }[];
  channelData?: { clientActivityID?: string; filing?: Filing };
}

export interface Filing {
  kind?: string;
  handoff?: string;
  /** In the queue for a person, from 1. */
  position?: number;
  choicesAt?: number;
  provenanceAt?: number;
  caseNumber?: string;
  /** Of a form: items answered, and items in all. */
  progress?: { done: number; total: number };
  /** Several of the choices may be picked; each of `alone` goes with no other. */
  several?: { alone: string[]; most?: number };
  summary?: SummaryLine[];
  summaryAt?: number;
  summaryEnd?: number;
}

export interface SummaryLine {
  field: string;
  label: string;
  value: string;
  /** What is said to change it. */
  change: string;
  /** Items of the same group follow each other and stand in one line; `short` says which of them this is. */
  group?: string;
  short?: string;
}

/** `unavailable`: the server is reached, and says that it cannot serve at the moment. */
export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'unavailable' | 'failed';

/** Why the server takes a message only later: it cannot at the moment, or too many have come. */
export type Delay = 'unavailable' | 'limited';

export interface DirectLineEvents {
  state(state: ConnectionState): void;
  /** Activities in order; one that was received before comes with the same id. */
  activities(activities: ChatActivity[]): void;
  /** The conversation is another than before: what was shown belongs to the former one. */
  started(userId: string): void;
  typing(): void;
  /** A message of ours is kept by the server, or cannot be sent. */
  sent(clientActivityID: string): void;
  failed(clientActivityID: string, refusal?: Refusal): void;
  /** The server was asked, and will be again. */
  delayed(clientActivityID: string, delay: Delay): void;
  /** How much of the files of a message has gone out, from 0 to 1. */
  uploaded(clientActivityID: string, share: number): void;
}

/** The server will not take the files of a message: the status, code and message of its error. */
export interface Refusal {
  status: number;
  code: string;
  message: string;
}

const silenceMs = 50_000; // the server speaks every 20 s
const keepAliveMs = 20_000;
const refreshMs = 15 * 60_000;
const pollMs = 2_000;
const typingEveryMs = 3_000;
const callMs = 20_000;
const longestWaitMs = 15_000;
const mostSocketFailures = 2;
/**
 * Counted only while there is a connection, and where the server does not say when to come again: otherwise the message waits for as long
 * as it takes.
 */
const mostAttempts = 10;
const mostUploads = 4; // each may take megabytes of somebody's phone contract
const uploadSilenceMs = 60_000;

/**
 * A Direct Line 3.0 client for one visitor of our own server: messages arrive over a WebSocket that resumes where it was cut,
 * or by asking every two seconds where sockets are blocked. Messages are sent one after the other, each again under the same
 * id until the server has it: however often the network fails, it is answered once.
 */
export class DirectLine {
  readonly #events: DirectLineEvents;
  #session: Session | undefined;
  readonly #outgoing: Outgoing[];
  readonly #connected = new Gate();
  readonly #retry = new Pause();
  #endConnection: () => void = () => undefined;
  #socket: WebSocket | undefined;
  #watermark = '';
  #heardAt = 0;
  #typedAt = 0;
  #socketFailures = 0;
  #sending = false;

  constructor(events: DirectLineEvents) {
    this.#events = events;
    const { session, outgoing } = recall();
    this.#session = session;
    this.#outgoing = outgoing;
  }

  /** What was said before a reload and has not been sent yet. */
  get waiting(): readonly Outgoing[] {
    return this.#outgoing;
  }

  start(): void {
    setInterval(() => this.#keepAlive(), keepAliveMs);
    setInterval(() => void this.#refresh(), refreshMs);
    // Either way the connection may be another one now, or none: finding out is cheap.
    addEventListener('online', () => this.reconnect());
    addEventListener('offline', () => this.reconnect());
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return;
      this.#retry.cut();
      this.#keepAlive();
    });
    if (this.#session) this.#events.started(this.#session.userId);
    void this.#stayConnected();
    void this.#sendAll();
  }

  send(text: string, clientActivityID: string, files: readonly File[] = []): void {
    this.#outgoing.push({ text, clientActivityID, ...(files.length > 0 && { files }) });
    this.#remember();
    this.#retry.cut();
    void this.#sendAll();
  }

  /** Shows a person in charge that the visitor is typing; of no account where it does not arrive. */
  typing(): void {
    if (!this.#session || Date.now() - this.#typedAt < typingEveryMs) return;
    this.#typedAt = Date.now();
    const path = `/v3/directline/conversations/${this.#session.conversationId}/activities`;
    this.#call('POST', path, { type: 'typing', from: { id: this.#session.userId } }).catch(() => undefined);
  }

  /** Tries at once, without the rest of the wait. */
  reconnect(): void {
    this.#endConnection();
    this.#retry.cut();
  }

  async #stayConnected(): Promise<never> {
    for (let failures = 0; ; failures += 1) {
      let unavailable = false;
      try {
        const streamUrl = this.#session ? await this.#resume(this.#session) : await this.#begin();
        failures = 0;
        await (this.#socketFailures < mostSocketFailures ? this.#listen(streamUrl) : this.#poll());
      } catch (error) {
        // No network, or a server that is being restarted or cannot serve: tried again below.
        unavailable = error instanceof CallError && error.status >= 500;
      }
      this.#connected.close();
      this.#events.state(unavailable ? 'unavailable' : this.#session ? 'reconnecting' : failures > 3 ? 'failed' : 'connecting');
      // A random share of the wait, so that the visitors of a restarted server do not all come at the same moment.
      await this.#retry.wait(Math.min(longestWaitMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
  }

  /** A session of this visitor: the same conversation as before where the browser keeps our cookie. */
  async #begin(): Promise<string> {
    const { streamUrl, ...session } = (await this.#call('POST', '/widget/session')) as Session & { streamUrl: string };
    if (session.conversationId !== this.#session?.conversationId) {
      this.#watermark = '';
      this.#events.started(session.userId);
    }
    this.#renew(session);
    return streamUrl;
  }

  async #resume(session: Session): Promise<string> {
    try {
      const path = `/v3/directline/conversations/${session.conversationId}?watermark=${this.#watermark}`;
      const { token, streamUrl } = (await this.#call('GET', path)) as Session & { streamUrl: string };
      this.#renew({ ...session, token });
      return streamUrl;
    } catch (error) {
      // Expired while the phone slept, or erased: the cookie gives the way back in, or a new conversation.
      if (isRefused(error)) return this.#begin();
      throw error;
    }
  }

  /** Resolves when the connection has ended. */
  #listen(streamUrl: string): Promise<void> {
    // The page may know the server under another name than its public one; the stream is always where the page came from.
    const url = new URL(streamUrl);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.host = location.host;
    const socket = new WebSocket(url);
    this.#socket = socket;
    return new Promise((resolve) => {
      let opened = false;
      socket.onopen = () => {
        opened = true;
        this.#heardAt = Date.now();
        this.#socketFailures = 0;
        this.#nowConnected();
      };
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        this.#heardAt = Date.now();
        if (data !== '') this.#take(JSON.parse(data));
      };
      // Where the network was cut without a word the socket's own close event comes minutes later, so it is not waited for.
      this.#endConnection = () => {
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        resolve();
      };
      socket.onclose = ({ reason }) => {
        // One tab too many: whoever took the place would lose it again at once if this one asked for it back.
        if (reason === 'collision') this.#socketFailures = mostSocketFailures;
        else if (!opened) this.#socketFailures += 1;
        resolve();
      };
    });
  }

  /** For networks that let no WebSocket through. */
  async #poll(): Promise<void> {
    const pause = new Pause();
    let ended = false;
    this.#endConnection = () => {
      ended = true;
      pause.cut();
    };
    for (let round = 0; this.#session && round < 30 && !ended; round += 1) {
      const path = `/v3/directline/conversations/${this.#session.conversationId}/activities?watermark=${this.#watermark}`;
      this.#take((await this.#call('GET', path)) as { activities: ChatActivity[]; watermark: string });
      this.#nowConnected();
      await pause.wait(pollMs);
    }
    this.#socketFailures = 0; // a minute later the network may be another: try a socket again
  }

  #nowConnected(): void {
    this.#connected.open();
    this.#events.state('online');
  }

  #take({ activities, watermark }: { activities: ChatActivity[]; watermark?: string }): void {
    if (watermark) this.#watermark = watermark;
    if (activities.some(({ type }) => type === 'typing')) this.#events.typing();
    this.#events.activities(activities.filter(({ type }) => type === 'message'));
  }

  #keepAlive(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.#heardAt > silenceMs) this.reconnect();
    else this.#socket.send('');
  }

  async #refresh(): Promise<void> {
    if (!this.#session) return;
    try {
      const { token } = (await this.#call('POST', '/v3/directline/tokens/refresh')) as Session;
      this.#renew({ ...this.#session, token });
    } catch {
      // Tried again in a quarter of an hour; should the token lapse first, the session begins anew from the cookie.
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#outgoing[0]; next; next = this.#outgoing[0]) {
      const outcome = await this.#sendOne(next);
      this.#outgoing.shift();
      this.#remember();
      if (outcome === 'kept') this.#events.sent(next.clientActivityID);
      else this.#events.failed(next.clientActivityID, outcome);
    }
    this.#sending = false;
  }

  /** Tries until the server has the message, says that it will not take it, or has failed too often. */
  async #sendOne({ text, clientActivityID, files }: Outgoing): Promise<'kept' | Refusal | undefined> {
    for (let attempt = 0; attempt < (files ? mostUploads : mostAttempts); ) {
      await this.#connected.opened;
      const { userId: id, conversationId } = this.#session as Session;
      const activity = { type: 'message', text, locale: 'zh-CN', from: { id }, channelData: { clientActivityID } };
      const conversation = `/v3/directline/conversations/${conversationId}`;
      try {
        if (files) await this.#upload(`${conversation}/upload?userId=${id}`, activity, files);
        else await this.#call('POST', `${conversation}/activities`, activity);
        return 'kept';
      } catch (error) {
        if (isRefused(error) || !(error instanceof CallError)) {
          attempt += 1;
          this.#connected.close();
          this.reconnect();
          continue;
        }
        const { status, code, message, retryAfterMs } = error;
        if ((status < 500 && status !== 429) || concernsFiles(code)) return { status, code, message };
        this.#events.delayed(clientActivityID, status === 429 ? 'limited' : 'unavailable');
        const waitMs = retryAfterMs || Math.min(longestWaitMs, 500 * 2 ** attempt);
        if (files || retryAfterMs === 0) attempt += 1;
        // Not all visitors at the same moment, nor any of them too early.
        await new Pause().wait(waitMs * (1 + Math.random() / 2));
      }
    }
    return undefined;
  }

  /** By XMLHttpRequest, because fetch does not tell how much has gone out. It may take its time as long as something moves. */
  #upload(path: string, activity: { channelData: { clientActivityID: string } }, files: readonly File[]): Promise<void> {
    const form = new FormData();
    form.append('activity', new Blob([JSON.stringify(activity)], { type: 'application/vnd.microsoft.activity' }));
    for (const file of files) form.append('file', file, file.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      let silence = setTimeout(() => request.abort(), uploadSilenceMs);
      request.upload.onprogress = ({ loaded, total }) => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), uploadSilenceMs);
        this.#events.uploaded(activity.channelData.clientActivityID, total > 0 ? loaded / total : 0);
      };
      request.onloadend = () => {
        clearTimeout(silence);
        const { status } = request;
        if (status >= 200 && status < 300) resolve();
        // Without a status there was no answer: no network, or aborted above.
        else if (status === 0) reject(new TypeError('The upload was cut off.'));
        else reject(new CallError(status, retryAfterMs(request.getResponseHeader('Retry-After')), errorIn(request.responseText)));
      };
      request.open('POST', path);
      request.setRequestHeader('Authorization', `Bearer ${this.#session?.token}`);
      request.send(form);
    });
  }

  #renew(session: Session): void {
    this.#session = session;
    this.#remember();
  }

  #remember(): void {
    remember({ session: this.#session, outgoing: this.#outgoing });
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    // AbortSignal.timeout would be shorter; the browsers inside older phones do not have it.
    const cancel = new AbortController();
    const timeout = setTimeout(() => cancel.abort(), callMs);
    try {
      const response = await fetch(path, {
        method,
        signal: cancel.signal,
        headers: {
          ...(this.#session && { Authorization: `Bearer ${this.#session.token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new CallError(response.status, retryAfterMs(response.headers.get('Retry-After')));
      return await response.json();
    } finally {
      clearTimeout(timeout);
    }
  }
}

class CallError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly code: string;
  constructor(status: number, retryAfterMs: number, { code, message } = { code: '', message: `The server answered ${status}.` }) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.code = code;
  }
}

function retryAfterMs(header: string | null): number {
  return Number(header ?? 0) * 1000;
}

/** An error of our own server; whatever stands before it answers in other forms. */
function errorIn(body: string): { code: string; message: string } | undefined {
  try {
    return (JSON.parse(body) as { error: { code: string; message: string } }).error;
  } catch {
    return undefined;
  }
}

/** The session is no longer good: expired, of another server, or its conversation was erased. */
function isRefused(error: unknown): boolean {
  return error instanceof CallError && [401, 403, 404].includes(error.status) && !concernsFiles(error.code);
}
