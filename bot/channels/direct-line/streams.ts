import type { WebSocket } from 'ws';
import type { Conversations } from '../../conversations/conversations.ts';
import type { Log } from '../../log.ts';
import type { Presenter } from './presenter.ts';

const keepAliveMs = 20_000;
const netMs = 2_000;
const pageSize = 100;
/** A visitor may have a page open twice, or a tab that died unnoticed; beyond this the oldest gives way. */
const mostPerConversation = 4;
const mostFramesPerKeepAlive = 200;
/** A frame is closed when it has this many bytes; one activity alone may have more. Small enough for a slow phone to take within a keep-alive. */
const frameBytes = 64 * 1024;
/** A client that takes no frame for so many keep-alives is ended, whatever it sends itself. */
const mostKeepAlivesStalled = 3;
/** Streams of all conversations together, in one process. */
const mostStreams = 20_000;

export const closeCodes = { goingAway: 1001, restart: 1012, policy: 1008, collision: 1000 } as const;

/**
 * The WebSocket streams. Each socket has its own place in its conversation's transcript and is sent what stands after it, one
 * frame at a time: a slow client holds at most one frame in memory, and a lost hint or socket loses no message. Frames, the streams of a
 * conversation and all streams are bounded, and so is the time for which a client may take nothing.
 */
export class Streams {
  readonly #conversations: Pick<Conversations, 'transcript' | 'transcriptEnd' | 'watch' | 'watchTyping'>;
  readonly #presenter: Pick<Presenter, 'present' | 'typing'>;
  readonly #log: Log;
  readonly #most: number;
  #count = 0;
  readonly #open = new Map<string, Set<Stream>>();
  readonly #timers: NodeJS.Timeout[];

  constructor(
    conversations: Pick<Conversations, 'transcript' | 'transcriptEnd' | 'watch' | 'watchTyping'>,
    presenter: Pick<Presenter, 'present' | 'typing'>,
    log: Log,
    most = mostStreams,
  ) {
    this.#most = most;
    this.#conversations = conversations;
    this.#presenter = presenter;
    this.#log = log;
    this.#timers = [
      setInterval(() => {
        this.#all((stream) => stream.keepAlive());
        void this.#leaveErased();
      }, keepAliveMs),
      // The net under the hints between processes, which may be lost.
      setInterval(() => this.#all((stream) => stream.pump()), netMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get count(): number {
    return this.#count;
  }

  /** No more streams can be opened: whoever wants one has to come again, or to poll meanwhile. */
  get isFull(): boolean {
    return this.#count >= this.#most;
  }

  /** Sends the transcript after `position`, and then everything that follows, for as long as the socket lives. */
  open(socket: WebSocket, conversation: string, position: number): void {
    const streams = this.#open.get(conversation) ?? new Set();
    this.#open.set(conversation, streams);
    const [oldest] = streams;
    if (oldest && streams.size >= mostPerConversation) {
      streams.delete(oldest); // at once: its close event may come much later than the next newcomer
      oldest.end(closeCodes.collision, 'collision');
    }
    const report = (err: unknown) => this.#log.warn({ err, conversation }, 'stream interrupted');
    const stream = new Stream(socket, position, (after) => this.#frame(conversation, after), report);
    streams.add(stream);
    this.#count += 1;
    const stopWatching = this.#conversations.watch(conversation, ({ erased }) => (erased ? stream.leave() : stream.pump()));
    const stopTyping = this.#conversations.watchTyping(conversation, (who) => {
      if (who === 'agent') stream.send(JSON.stringify({ activities: [this.#presenter.typing(conversation)] }));
    });
    socket.on('close', () => {
      stopWatching();
      stopTyping();
      this.#count -= 1;
      streams.delete(stream);
      if (streams.size === 0) this.#open.delete(conversation);
    });
    stream.pump();
  }

  /** Closes every socket; clients connect again and resume where they were. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#all((stream) => stream.close(closeCodes.restart, 'restart'));
  }

  /** Ends the streams of conversations that were erased without a hint: by a command in a process of its own. */
  async #leaveErased(): Promise<void> {
    try {
      for (const [conversation, streams] of this.#open) {
        // Before the end is read: what is said meanwhile is sent beyond it.
        const sent = Array.from(streams, (stream) => ({ stream, position: stream.position }));
        const end = await this.#conversations.transcriptEnd(conversation);
        for (const { stream, position } of sent) if (position > end) stream.leave();
      }
    } catch (err) {
      this.#log.warn({ err }, 'could not look for streams of erased conversations');
    }
  }

  async #frame(conversation: string, after: number): Promise<Frame | undefined> {
    const entries = await this.#conversations.transcript(conversation, after, pageSize);
    const activities: string[] = [];
    let position = after;
    let bytes = 0;
    for (const entry of entries) {
      const activity = JSON.stringify(await this.#presenter.present(conversation, entry));
      bytes += Buffer.byteLength(activity);
      if (activities.length > 0 && bytes > frameBytes) break;
      activities.push(activity);
      position = entry.position;
    }
    if (activities.length === 0) return undefined;
    const more = activities.length < entries.length || entries.length === pageSize;
    return { text: `{"activities":[${activities.join()}],"watermark":"${position}"}`, position, more };
  }

  #all(act: (stream: Stream) => void): void {
    for (const streams of this.#open.values()) for (const stream of streams) act(stream);
  }
}

interface Frame {
  text: string;
  /** Of the last entry in it. */
  position: number;
  /** There may be entries after that one; those that come later have a hint of their own. */
  more: boolean;
}

/** Reads the frame that follows a position; undefined: there is nothing after it. */
type NextFrame = (after: number) => Promise<Frame | undefined>;

class Stream {
  readonly #socket: WebSocket;
  readonly #next: NextFrame;
  readonly #report: (error: unknown) => void;
  #position: number;
  #pumping = false;
  #again = false;
  #alive = true;
  #failing = false;
  #framesHeard = 0;
  /** A frame is on its way to the client, for so many keep-alives. */
  #sending = false;
  #stalledFor = 0;

  constructor(socket: WebSocket, position: number, next: NextFrame, report: (error: unknown) => void) {
    this.#socket = socket;
    this.#position = position;
    this.#next = next;
    this.#report = report;
    socket.on('message', () => {
      this.#alive = true;
      // Clients send empty frames to keep the connection open; what they have to say is posted, so frames are not read.
      this.#framesHeard += 1;
      if (this.#framesHeard > mostFramesPerKeepAlive) this.end(closeCodes.policy, 'too many frames');
    });
    socket.on('pong', () => {
      this.#alive = true;
    });
    socket.on('error', report);
  }

  /** Of the last entry that was sent. */
  get position(): number {
    return this.#position;
  }

  /** Ends the stream of a conversation that is no more. Its client comes again, learns it, and begins another. */
  leave(): void {
    this.end(closeCodes.policy, 'conversation erased');
  }

  /** Sends what is new. Safe to call at any time and any number of times. */
  pump(): void {
    this.#again = true;
    if (this.#pumping) return;
    this.#pumping = true;
    this.#drain()
      .then(
        () => {
          this.#failing = false;
        },
        (error: unknown) => {
          // The store failed: what is new is sent at the next hint, or by the net. Told once, and not at every attempt of every stream.
          if (!this.#failing) this.#report(error);
          this.#failing = true;
        },
      )
      .finally(() => {
        this.#pumping = false;
      });
  }

  send(frame: string): void {
    if (this.#socket.readyState === this.#socket.OPEN && this.#socket.bufferedAmount === 0) this.#socket.send(frame, noteNothing);
  }

  keepAlive(): void {
    this.#framesHeard = 0;
    this.#stalledFor = this.#sending ? this.#stalledFor + 1 : 0;
    // While a frame is on its way over a slow line, the ping waits behind it.
    if ((!this.#alive && !this.#sending) || this.#stalledFor >= mostKeepAlivesStalled) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
    this.send('');
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** The same, for a client at fault: what it has not taken by now is not kept for it. */
  end(code: number, reason: string): void {
    if (this.#socket.bufferedAmount > 0) this.#socket.terminate();
    else this.close(code, reason);
  }

  async #drain(): Promise<void> {
    while (this.#again && this.#socket.readyState === this.#socket.OPEN) {
      this.#again = false;
      for (let frame = await this.#next(this.#position); frame; frame = frame.more ? await this.#next(this.#position) : undefined) {
        // Resolves when the frame has left our memory; a client that does not read waits here, and is ended by the keep-alive.
        this.#sending = true;
        const sent = await new Promise<boolean>((resolve) => {
          this.#socket.send(frame.text, (error) => resolve(!error));
        });
        this.#sending = false;
        this.#stalledFor = 0;
        if (!sent) return;
        this.#position = frame.position;
      }
    }
  }
}

/** A frame that could not be sent is sent again from the transcript, to this socket's successor. */
function noteNothing(): void {}
