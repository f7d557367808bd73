import type { CannedReply, CaseQuery, Frame, Held, OwnAccount, Queue, Task } from '../../desk/desk-api.ts';
import { Refused, read, send, whenSignedOut } from './calls.ts';
import { forgetAllBut, type Preferences, recallOpen, recallPreferences, rememberOpen, rememberPreferences } from './memory.ts';
import { Observed } from './observed.ts';
import { type Connection, Stream } from './stream.ts';
import { Talk } from './talk.ts';
import { explain, oneLine } from './words.ts';

/** `setting-up`: signed in, and a second factor is still to be set up. */
export type Entrance = 'unknown' | 'signed-out' | 'setting-up' | 'in';

const noticeShownMs = 6_000;
const againMs = 3_000;
const sayHereMs = 2 * 60_000;
/** The server takes no more. */
const mostWatched = 50;

export interface DeskEvents {
  /** Somebody waits, or has written: worth a sound. */
  alert(kind: 'waiting' | 'message', words: string): void;
}

/** The desk as one agent has it open: who they are, the queue, the conversations, and the way to the server. */
export class Desk extends Observed {
  readonly #events: DeskEvents;
  readonly #stream: Stream;
  entrance: Entrance = 'unknown';
  me: OwnAccount | undefined;
  queue: Queue | undefined;
  connection: Connection = 'connecting';
  talks = new Map<string, Talk>();
  /** The conversations that stand as tabs. */
  open: readonly string[] = [];
  front: string | undefined;
  /** A second one, beside the one in front. */
  beside: string | undefined;
  /** Of the two that are shown, whether the agent is at work in the one beside. */
  #isBesideActive = false;
  tasks: readonly Task[] | undefined;
  replies: readonly CannedReply[] | undefined;
  isLooking = false;
  /** What was looked for among the cases stays while one of them is open. */
  caseQuery: CaseQuery = {};
  notice = '';
  preferences: Preferences = recallPreferences();
  #clockAheadMs = 0;
  #noticeEnds: ReturnType<typeof setTimeout> | undefined;
  #waitingKnown: Set<string> | undefined;
  #tasksKnown = -1;
  #saidHere = Date.now();

  constructor(events: DeskEvents) {
    super();
    this.#events = events;
    this.#stream = new Stream({
      connection: (connection) => this.#connected(connection),
      frame: (frame) => this.#take(frame),
      watched: () =>
        this.#loaded()
          .slice(-mostWatched)
          .map(({ id, end }) => ({ conversation: id, after: end })),
      ask: () => this.#ask(),
    });
    whenSignedOut(() => this.#signedOut());
    for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => this.#stayIn(), { passive: true });
  }

  /** The server's time, by which waiting is counted. */
  get now(): number {
    return Date.now() + this.#clockAheadMs;
  }

  get isSupervisor(): boolean {
    return this.me !== undefined && this.me.role !== 'agent';
  }

  get isAdministrator(): boolean {
    return this.me?.role === 'administrator';
  }

  get available(): boolean {
    return this.queue?.agents.find(({ id }) => id === this.me?.id)?.available ?? false;
  }

  /** Conversations that this agent holds, and those that others do. */
  get own(): Held[] {
    return this.queue?.held.filter(({ agent }) => agent.id === this.me?.id) ?? [];
  }

  get others(): Held[] {
    return this.queue?.held.filter(({ agent }) => agent.id !== this.me?.id) ?? [];
  }

  get frontTalk(): Talk | undefined {
    return this.front === undefined ? undefined : this.talks.get(this.front);
  }

  /** The conversation that the agent is at work in. */
  get activeTalk(): Talk | undefined {
    const beside = this.beside === undefined ? undefined : this.talks.get(this.beside);
    return this.#isBesideActive && beside ? beside : this.frontTalk;
  }

  get unread(): number {
    return this.own.reduce((sum, { conversation }) => sum + (this.talks.get(conversation)?.unread ?? 0), 0);
  }

  async begin(): Promise<void> {
    try {
      this.#enter(await read<OwnAccount>('session'));
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.entrance = 'signed-out';
      else {
        this.say(explain(error));
        setTimeout(() => void this.begin(), againMs);
      }
      this.changed();
    }
  }

  async signIn(credentials: { login: string; password: string; code?: string }): Promise<void> {
    this.#enter(await send<OwnAccount>('session', credentials));
  }

  async accept(acceptance: { code: string; password: string; secondFactor?: string }): Promise<void> {
    this.#enter(await send<OwnAccount>('invitation', acceptance));
  }

  /** What was written and not sent goes with the agent. */
  async signOut(): Promise<void> {
    await send('session/end');
    this.#leave();
    forgetAllBut();
  }

  say(notice: string): void {
    clearTimeout(this.#noticeEnds);
    this.notice = notice;
    this.#noticeEnds = setTimeout(() => this.say(''), noticeShownMs);
    this.changed();
  }

  prefer(news: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...news };
    rememberPreferences(this.preferences);
    this.changed();
  }

  /** Does what an agent asked for, and tells them where it could not be done. Says whether it was done. */
  async attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.say(explain(error));
      return false;
    }
  }

  async setAvailable(available: boolean): Promise<void> {
    await this.attempt(() => send('presence', { available }));
    await this.#refreshQueue();
  }

  async takeNext(): Promise<void> {
    await this.attempt(async () => {
      const { conversation } = await send<{ conversation?: string }>('next');
      if (conversation === undefined) return this.say('现在没有客户等待');
      await this.#claimed(conversation);
    });
  }

  async claim(conversation: string): Promise<void> {
    const done = await this.attempt(() => send(`conversations/${encodeURIComponent(conversation)}/claim`));
    if (done) await this.#claimed(conversation);
    else await this.#refreshQueue();
  }

  /** Takes a conversation from the agent who has it, as supervisors may. Throws where somebody else has it by now. */
  async takeOver(conversation: string, from: string): Promise<void> {
    try {
      await send(`conversations/${encodeURIComponent(conversation)}/take-over`, { from });
    } finally {
      await this.#claimed(conversation);
    }
  }

  /** `looking`: with the eyes only, so that the next key looks at another one rather than being written. */
  show(conversation: string, looking = false): void {
    this.isLooking = looking;
    if (!this.open.includes(conversation)) this.open = [...this.open, conversation];
    if (this.beside === conversation) this.beside = undefined;
    this.front = conversation;
    this.#isBesideActive = false;
    this.#rememberOpen();
    this.#talk(conversation);
    this.changed();
  }

  showBeside(conversation: string): void {
    this.beside = this.beside === conversation ? undefined : conversation;
    if (this.front === conversation) this.front = this.open.find((each) => each !== conversation);
    this.changed();
  }

  workIn({ id }: Talk): void {
    const isBeside = id === this.beside;
    if (isBeside === this.#isBesideActive) return;
    this.#isBesideActive = isBeside;
    this.changed();
  }

  /** Takes a conversation from the screen; whoever holds it still does. */
  close(conversation: string): void {
    const at = this.open.indexOf(conversation);
    this.open = this.open.filter((each) => each !== conversation);
    if (this.beside === conversation) this.beside = undefined;
    if (this.front === conversation) this.front = this.open[Math.min(at, this.open.length - 1)];
    if (this.front !== undefined && this.front === this.beside) this.beside = undefined;
    this.#rememberOpen();
    this.#dropUnseen();
    this.changed();
  }

  reconnect(): void {
    this.#stream.reconnect();
  }

  async loadReplies(): Promise<void> {
    await this.attempt(async () => {
      this.replies = await read<CannedReply[]>('replies');
      this.changed();
    });
  }

  async loadTasks(): Promise<void> {
    await this.attempt(async () => {
      this.tasks = await read<Task[]>('tasks');
      this.changed();
    });
  }

  /** Of what has been left meanwhile nothing is ticked off unseen. */
  async finishTask({ conversation, left }: Task): Promise<void> {
    await this.attempt(() => send(`tasks/${encodeURIComponent(conversation)}/done`, { left }));
    await this.loadTasks();
  }

  #enter(me: OwnAccount): void {
    forgetAllBut(me.id);
    // Somebody else than before: nothing of the former one stays.
    if (this.me && this.me.id !== me.id) this.#clear();
    this.me = me;
    if (me.secondFactor === 'required') {
      this.entrance = 'setting-up';
      this.changed();
      return;
    }
    this.entrance = 'in';
    if (this.open.length === 0) ({ open: this.open, front: this.front } = recallOpen(me.id));
    for (const conversation of this.open) this.#talk(conversation);
    for (const talk of this.talks.values()) {
      void talk.load();
      talk.resume();
    }
    this.#stream.start();
    this.changed();
  }

  /** Reading and looking around are no requests, but somebody is there: the session is used. */
  #stayIn(): void {
    if (this.entrance !== 'in' || Date.now() - this.#saidHere < sayHereMs) return;
    this.#saidHere = Date.now();
    // Should it fail, the next key says it again a few minutes later.
    read('session').catch(() => undefined);
  }

  #signedOut(): void {
    if (this.entrance !== 'in' && this.entrance !== 'setting-up') return;
    this.#stream.stop();
    this.entrance = 'signed-out';
    this.changed();
  }

  #leave(): void {
    this.#stream.stop();
    this.#clear();
    this.me = undefined;
    this.entrance = 'signed-out';
    this.changed();
  }

  #clear(): void {
    this.talks = new Map();
    this.open = [];
    this.front = this.beside = this.queue = this.tasks = this.replies = undefined;
    this.caseQuery = {};
    this.#waitingKnown = undefined;
    this.#tasksKnown = -1;
  }

  async #claimed(conversation: string): Promise<void> {
    this.show(conversation);
    await Promise.all([this.talks.get(conversation)?.load(), this.#refreshQueue()]);
  }

  #talk(id: string): Talk {
    const known = this.talks.get(id);
    if (known) return known;
    const talk = new Talk(id, this.me?.id ?? '', {
      loaded: () => this.#stream.watch(),
      lost: (customer, to) => this.#lost(oneLine(customer), oneLine(to)),
    });
    talk.watch(() => this.changed());
    this.talks.set(id, talk);
    void talk.load();
    return talk;
  }

  #lost(customer: string, to: string): void {
    const words = `${customer}的会话已由${to}接管`;
    this.say(words);
    this.#events.alert('message', words);
  }

  #loaded(): Talk[] {
    return [...this.talks.values()].filter(({ isLoaded }) => isLoaded);
  }

  #connected(connection: Connection): void {
    if (connection === this.connection) return;
    this.connection = connection;
    if (connection === 'online') {
      for (const talk of this.talks.values()) {
        // Who holds it, notes and the form may have changed while nothing was heard.
        void talk.load();
        talk.resume();
      }
    }
    this.changed();
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case 'queue':
        this.#takeQueue(frame.queue);
        break;
      case 'entries':
        this.#tell(frame.conversation, this.talks.get(frame.conversation)?.take(frame.entries, frame.end) ?? []);
        break;
      case 'changed':
        void this.talks.get(frame.conversation)?.load();
        break;
      case 'typing':
        this.talks.get(frame.conversation)?.customerTypes();
        break;
      case 'signed-out':
        this.#signedOut();
        break;
      case 'alive': // noted by the stream
    }
  }

  #takeQueue(queue: Queue): void {
    this.#clockAheadMs = queue.now - Date.now();
    this.queue = queue;
    this.#alertOfWaiting(queue);
    // Their own conversations are followed whether they stand on the screen or not.
    for (const { conversation } of this.own) this.#talk(conversation);
    for (const talk of this.#loaded()) if (talk.mine !== this.own.some(({ conversation }) => conversation === talk.id)) void talk.load();
    this.#dropUnseen();
    if (queue.tasks !== this.#tasksKnown) {
      this.#tasksKnown = queue.tasks;
      void this.loadTasks();
    }
    this.changed();
  }

  #alertOfWaiting({ waiting }: Queue): void {
    const known = this.#waitingKnown;
    this.#waitingKnown = new Set(waiting.map(({ conversation }) => conversation));
    const added = waiting.filter((each) => !known?.has(each.conversation) && (each.for === undefined || each.for === this.me?.id));
    if (added[0]) this.#events.alert('waiting', `${added[0].customer}等待接入`);
  }

  #tell(conversation: string, fresh: readonly { from: string }[]): void {
    if (!fresh.some(({ from }) => from === 'customer')) return;
    const held = this.own.find((each) => each.conversation === conversation);
    if (held) this.#events.alert('message', `${held.customer}有新消息`);
  }

  async #ask(): Promise<void> {
    this.#takeQueue(await read<Queue>('queue'));
    // Who holds what is in front, its notes and its form: there is nobody to tell that they have changed.
    void this.frontTalk?.load();
    for (const talk of this.#loaded()) this.#tell(talk.id, await talk.catchUp());
  }

  async #refreshQueue(): Promise<void> {
    await this.attempt(async () => this.#takeQueue(await read<Queue>('queue')));
  }

  /** What is neither open nor held is no longer followed. */
  #dropUnseen(): void {
    const kept = new Set([...this.open, ...this.own.map(({ conversation }) => conversation)]);
    const before = this.talks.size;
    this.talks = new Map([...this.talks].filter(([id]) => kept.has(id)));
    if (this.talks.size !== before) this.#stream.watch();
  }

  #rememberOpen(): void {
    if (this.me) rememberOpen(this.me.id, { open: this.open, front: this.front });
  }
}
