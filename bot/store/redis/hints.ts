import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { RedisAddress } from './address.ts';
import { type Connection, clientOptions, makeClient, reconnectAfter } from './connection.ts';

const channel = 'filing:hints';

/**
 * Hints between instances: all of them over one channel, so that a thousand streams need no thousand subscriptions, and a new
 * connection has them all back with one command. What this instance announces reaches its own listeners at once and without Redis.
 */
export class Hints {
  readonly #address: RedisAddress;
  readonly #connection: Connection;
  readonly #listeners = new EventEmitter().setMaxListeners(0);
  readonly #self = randomUUID();
  #subscriber: ReturnType<Hints['newSubscriber']> | undefined;
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(address: RedisAddress, connection: Connection) {
    this.#address = address;
    this.#connection = connection;
  }

  watch(topic: string, listener: (payload: string) => void): () => void {
    this.#listeners.on(topic, listener);
    return () => this.#listeners.off(topic, listener);
  }

  announce(topic: string, payload: string): void {
    this.#listeners.emit(topic, payload);
    this.#connection.send(undefined, ['PUBLISH', channel, JSON.stringify([this.#self, topic, payload])]).catch(noteNothing);
  }

  /** Resolves when the first attempt has ended, well or not: without hints everything works, only later. */
  async open(): Promise<void> {
    const nodes = this.#connection.nodes();
    // Each attempt at another node: the one of the last subscription may be the one that is gone.
    const node = nodes[this.#attempts % nodes.length];
    const subscriber = this.newSubscriber(node);
    this.#subscriber = subscriber;
    let lost = false;
    const again = () => {
      if (lost || this.#closed) return;
      lost = true;
      subscriber.destroy();
      this.#attempts += 1;
      this.#timer = setTimeout(() => void this.open(), reconnectAfter(this.#attempts));
    };
    subscriber.on('error', again);
    subscriber.on('end', again);
    try {
      await subscriber.connect();
      await subscriber.subscribe(channel, (message) => this.#hear(message));
      this.#attempts = 0;
    } catch {
      again();
    }
  }

  newSubscriber(node: { host: string; port: number } | undefined) {
    const { socket, ...options } = clientOptions(this.#address);
    const once = { ...socket, ...node, reconnectStrategy: () => false as const };
    return makeClient({ ...options, RESP: 3, socket: once as typeof once & { tls?: false } });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#subscriber?.destroy();
  }

  #hear(message: string): void {
    const [sender, topic, payload] = JSON.parse(message) as [string, string, string];
    if (sender !== this.#self) this.#listeners.emit(topic, payload);
  }
}

function noteNothing(): void {}
