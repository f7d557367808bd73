import { type Activity, type ConnectionStatus, DirectLine, type DirectLineOptions, type Services } from 'botframework-directlinejs';
import { vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Server } from './client.ts';

/**
 * As much of a browser's XMLHttpRequest as rxjs uses for Direct Line JS, over `fetch`. The packages that offer one for Node
 * cannot send forms, and give an answer where there was none.
 */
class FetchingXMLHttpRequest {
  readyState = 0;
  status = 0;
  response: unknown = null;
  responseType = '';
  timeout = 0;
  onreadystatechange: ((event: object) => void) | undefined;
  ontimeout: ((event: object) => void) | undefined;
  readonly #cancel = new AbortController();
  #method = 'GET';
  #url = '';
  #sent: Record<string, string> = {};
  #received = new Headers();

  open(method: string, url: string): void {
    [this.#method, this.#url] = [method, url];
  }

  setRequestHeader(name: string, value: string): void {
    this.#sent[name] = value;
  }

  getResponseHeader(name: string): string | null {
    return this.#received.get(name);
  }

  abort(): void {
    this.#cancel.abort();
  }

  send(body?: BodyInit): void {
    const timeout = this.timeout > 0 ? [AbortSignal.timeout(this.timeout)] : [];
    const signal = AbortSignal.any([this.#cancel.signal, ...timeout]);
    this.#exchange({ method: this.#method, headers: this.#sent, signal, ...(body !== undefined && { body }) })
      .catch(() => {
        // No answer: that is all a page gets to know.
        this.status = 0;
        this.response = null;
      })
      .finally(() => this.#done(timeout.some(({ aborted }) => aborted)));
  }

  async #exchange(request: RequestInit): Promise<void> {
    const answer = await fetch(this.#url, request);
    [this.status, this.#received] = [answer.status, answer.headers];
    this.response = await (this.responseType === 'arraybuffer' ? answer.arrayBuffer() : answer.json());
  }

  #done(tooLate: boolean): void {
    if (this.#cancel.signal.aborted) return;
    this.readyState = 4;
    if (tooLate) this.ontimeout?.({});
    else this.onreadystatechange?.({});
  }
}

/** Gives Direct Line JS what it expects of a browser and Node does not have. */
export function actAsBrowser(): void {
  vi.stubGlobal('XMLHttpRequest', FetchingXMLHttpRequest);
  vi.stubGlobal('WebSocket', WebSocket);
}

/** Direct Line JS, connected to the server, with all that it told its page. */
export class Page {
  readonly line: DirectLine;
  readonly activities: Activity[] = [];
  readonly statuses: ConnectionStatus[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(server: Server, options: DirectLineOptions & Partial<Services>, prepare: (line: DirectLine) => void = () => undefined) {
    this.line = new DirectLine({ domain: server.base, pollingInterval: 200, ...options });
    prepare(this.line);
    this.line.connectionStatus$.subscribe((status) => this.#note(() => this.statuses.push(status)));
    // An error here is how the client says that it has ended or could not connect, which its status says as well.
    this.line.activity$.subscribe(
      (activity) => this.#note(() => this.activities.push(activity)),
      () => undefined,
    );
  }

  /** The id of what was posted, or `retry`. */
  post(activity: object): Promise<string> {
    return new Promise((resolve, reject) => {
      this.line.postActivity({ from: { id: 'visitor' }, ...activity } as Activity).subscribe(resolve, reject);
    });
  }

  say(text: string, more: object = {}): Promise<string> {
    return this.post({ type: 'message', text, ...more });
  }

  async first(fits: (activity: Activity) => boolean): Promise<Activity> {
    await this.#when(() => this.activities.some(fits));
    return this.activities.find(fits) as Activity;
  }

  answerTo(id: string): Promise<Activity> {
    return this.first((activity) => (activity as { replyToId?: string }).replyToId === id);
  }

  reached(status: ConnectionStatus): Promise<void> {
    return this.#when(() => this.statuses.includes(status));
  }

  /** In the order in which a page shows them: the client itself may mix up frames that follow each other closely. */
  get ids(): (string | undefined)[] {
    return this.activities.map(({ id }) => id).sort();
  }

  close(): void {
    this.line.end();
  }

  #note(add: () => void): void {
    add();
    for (const look of this.#watchers) look();
  }

  #when(fits: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!fits()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }
}
