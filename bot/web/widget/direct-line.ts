/** What the widget uses of an activity; see `bot/activity.ts` for all of it. */
export interface ChatActivity {
  id: string;
  type: string;
  timestamp: string;
  from: { id: string; name?: string; role?: string };
  text?: string;
  suggestedActions?: { actions: { title: string; value: string }[] };
  attachments?: { contentType: string; contentUrl?: string; name?: string }[];
  channelData?: { clientActivityID?: string; filing?: { kind?: string; choicesAt?: number; provenanceAt?: number } };
}

export type ConnectionState = 'connecting' | 'online' | 'reconnecting' | 'failed';

export interface DirectLineEvents {
  state(state: ConnectionState): void;
  /** Activities in order; one that was received before comes with the same id. */
  activities(activities: ChatActivity[]): void;
  /** The conversation is another than before: what was shown belongs to the former one. */
  started(userId: string): void;
  typing(): void;
  /** A message of ours is kept by the server, or cannot be sent. */
  sent(clientActivityID: string): void;
  failed(clientActivityID: string): void;
}

interface Session {
  conversationId: string;
  token: string;
  streamUrl: string;
  userId: string;
}

interface Outgoing {
  clientActivityID: string;
  text: string;
}

const silenceMs = 50_000; // the server speaks every 20 s
const keepAliveMs = 20_000;
const refreshMs = 15 * 60_000;
const pollMs = 2_000;
const giveUpSendingMs = 3 * 60_000;
const longestWaitMs = 15_000;

/**
 * A Direct Line 3.0 client for one visitor of our own server: messages arrive over a WebSocket that resumes where it was cut,
 * or by asking every two seconds where sockets are blocked. Messages are sent one after the other, each again under the same
 * id until the server has it: however often the network fails, it is answered once.
 */
export class DirectLine {
  readonly #events: DirectLineEvents;
  #session: Session | undefined;
  #socket: WebSocket | undefined;
  #watermark = '';
  #heardAt = 0;
  #failures = 0;
  #socketFailures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  readonly #outgoing: Outgoing[] = [];
  #sending = false;

  constructor(events: DirectLineEvents) {
    this.#events = events;
    setInterval(() => this.#keepAlive(), keepAliveMs);
    setInterval(() => void this.#refresh(), refreshMs);
    addEventListener('online', () => this.#reconnectNow());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.#reconnectNow();
    });
  }

  async start(): Promise<void> {
    this.#events.state('connecting');
    await this.#connect();
  }

  send(text: string, clientActivityID: string): void {
    this.#outgoing.push({ text, clientActivityID });
    void this.#sendAll();
  }

  async #connect(): Promise<void> {
    try {
      const streamUrl = this.#session ? await this.#resume(this.#session) : await this.#begin();
      this.#failures = 0;
      if (this.#socketFailures >= 2) await this.#poll();
      else this.#listen(streamUrl);
    } catch {
      this.#later();
    }
  }

  /** A session of this visitor: the same conversation as before where the browser keeps our cookie. */
  async #begin(): Promise<string> {
    const session = (await this.#call('POST', '/widget/session')) as Session;
    if (session.conversationId !== this.#session?.conversationId) {
      this.#watermark = '';
      this.#events.started(session.userId);
    }
    this.#session = session;
    return session.streamUrl;
  }

  async #resume({ conversationId }: Session): Promise<string> {
    try {
      const answer = (await this.#call('GET', `/v3/directline/conversations/${conversationId}?watermark=${this.#watermark}`)) as Session;
      this.#session = { ...(this.#session as Session), token: answer.token };
      return answer.streamUrl;
    } catch (error) {
      // Expired while the phone slept, or erased: the cookie gives the way back in, or a new conversation.
      if (error instanceof CallError && [401, 403, 404].includes(error.status)) return this.#begin();
      throw error;
    }
  }

  #listen(streamUrl: string): void {
    // The page may know the server under another name than its public one; the stream is always where the page came from.
    const url = new URL(streamUrl);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.host = location.host;
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#heardAt = Date.now();
      this.#socketFailures = 0;
      this.#events.state('online');
      void this.#sendAll();
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      this.#heardAt = Date.now();
      if (data !== '') this.#take(JSON.parse(data));
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      if (Date.now() - this.#heardAt > silenceMs) this.#socketFailures += 1;
      this.#later();
    };
  }

  /** For networks that let no WebSocket through. */
  async #poll(): Promise<void> {
    this.#events.state('online');
    void this.#sendAll();
    for (let idle = 0; this.#session && idle < 30; idle += 1) {
      const path = `/v3/directline/conversations/${this.#session.conversationId}/activities?watermark=${this.#watermark}`;
      this.#take((await this.#call('GET', path)) as { activities: ChatActivity[]; watermark: string });
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
    this.#socketFailures = 0; // a minute later the network may be another: try a socket again
    await this.#connect();
  }

  #take({ activities, watermark }: { activities: ChatActivity[]; watermark?: string }): void {
    if (watermark) this.#watermark = watermark;
    if (activities.some(({ type }) => type === 'typing')) this.#events.typing();
    this.#events.activities(activities.filter(({ type }) => type === 'message'));
  }

  #later(): void {
    this.#events.state(this.#session ? 'reconnecting' : this.#failures > 3 ? 'failed' : 'connecting');
    // A random share of the wait, so that the visitors of a restarted server do not all come at the same moment.
    const wait = Math.min(longestWaitMs, 500 * 2 ** this.#failures) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#connect();
    }, wait);
  }

  #reconnectNow(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#failures = 0;
    void this.#connect();
  }

  #keepAlive(): void {
    const socket = this.#socket;
    if (!socket || socket.readyState !== WebSocket.OPEN) return;
    if (Date.now() - this.#heardAt > silenceMs) {
      // Cut without a word, as mobile networks do: the close event would come minutes later.
      socket.onclose = null;
      this.#socket = undefined;
      socket.close();
      this.#later();
    } else socket.send('');
  }

  async #refresh(): Promise<void> {
    if (!this.#session) return;
    try {
      const { token } = (await this.#call('POST', '/v3/directline/tokens/refresh')) as Session;
      this.#session = { ...this.#session, token };
    } catch {
      // Tried again in a quarter of an hour; should the token lapse first, the session begins anew from the cookie.
    }
  }

  async #sendAll(): Promise<void> {
    if (this.#sending || !this.#session) return;
    this.#sending = true;
    try {
      for (let next = this.#outgoing[0]; next; next = this.#outgoing[0]) {
        if (await this.#sendOne(next)) this.#events.sent(next.clientActivityID);
        else this.#events.failed(next.clientActivityID);
        this.#outgoing.shift();
      }
    } finally {
      this.#sending = false;
    }
  }

  /** Tries until the server has the message, says that it will not take it, or too much time has passed. */
  async #sendOne({ text, clientActivityID }: Outgoing): Promise<boolean> {
    const activity = { type: 'message', text, locale: 'zh-CN', from: { id: this.#session?.userId }, channelData: { clientActivityID } };
    const until = Date.now() + giveUpSendingMs;
    for (let attempt = 0; Date.now() < until; attempt += 1) {
      try {
        await this.#call('POST', `/v3/directline/conversations/${this.#session?.conversationId}/activities`, activity);
        return true;
      } catch (error) {
        const status = error instanceof CallError ? error.status : 0;
        if (status === 403 || status === 404) await this.#begin().catch(() => undefined);
        else if (status >= 400 && status < 500 && status !== 429) return false;
        const wait = error instanceof CallError && error.retryAfterMs ? error.retryAfterMs : Math.min(longestWaitMs, 500 * 2 ** attempt);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    return false;
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(path, {
      method,
      signal: AbortSignal.timeout(20_000),
      headers: {
        ...(this.#session && { Authorization: `Bearer ${this.#session.token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new CallError(response.status, Number(response.headers.get('Retry-After') ?? 0) * 1000);
    return response.json();
  }
}

class CallError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;
  constructor(status: number, retryAfterMs: number) {
    super(`The server answered ${status}.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}
