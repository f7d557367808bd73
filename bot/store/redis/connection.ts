import { createClient, createCluster, ErrorReply, RESP_TYPES } from 'redis';
import { StoreUnavailable } from '../store.ts';
import { describeAddress, type RedisAddress } from './address.ts';

type Argument = string | Buffer;

/** One way to Redis, whether it is a single server or a Cluster. */
export interface Connection {
  /**
   * Sends a command to the node that has the partition; without one, to any. Rejects with `StoreUnavailable`, and never waits
   * longer than a second.
   */
  send(partition: string | undefined, command: Argument[]): Promise<unknown>;
  /** The same, for a command whose effect this many replicas must have confirmed before it counts. */
  sendReplicated(partition: string, command: Argument[], replicas: number): Promise<unknown>;
  /**
   * Names of keys that match a pattern, a part at a time: with the cursor that the last call gave, until there is none. A name may come
   * twice. When a node of a Cluster is replaced meanwhile, some may be missed.
   */
  scan(cursor: string | undefined, pattern: string, about: number): Promise<Scanned>;
  /** Nodes that can be asked for hints, the ones in use first. */
  nodes(): { host: string; port: number }[];
  close(): Promise<void>;
}

export interface Scanned {
  keys: string[];
  cursor: string | undefined;
}

/** A request waits this long for Redis, and then tells its caller to come again. */
const commandMs = 1_000;
/** A connection on which nothing comes back for this long is given up; a ping makes sure that something would. */
const silenceMs = 1_500;
const pingMs = 500;
/** How many commands may wait on one connection: beyond this Redis is too slow to be waited for. */
const mostCommands = 10_000;
/** How long replicas may take to confirm. */
const waitMs = 300;
const openMs = 10_000;

/** Ours is the time until the answer; that of the client ends when the command is sent. */
const noTimeout = { timeout: 0 };

const reply = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/** Soon after the first failure, then less often, and never all instances at the same moment; half a second at most, to be back soon. */
export function reconnectAfter(attempts: number): number {
  return 50 + Math.random() * Math.min(450, 50 * 2 ** Math.min(attempts, 10));
}

/** Made when first needed, and never connected: see `makeClient`. */
let pattern: ReturnType<typeof createClient> | undefined;

/** A client. The package makes a class for every set of options, which keeps the process for 70 ms; copies of one client share its class. */
export function makeClient(options: NonNullable<Parameters<typeof createClient>[0]>) {
  pattern ??= createClient();
  return pattern.duplicate(options);
}

/** The settings of every connection. Nothing is kept for later: what cannot be sent at once is refused, and its sender told. */
export function clientOptions({ tls, username, password }: RedisAddress) {
  return {
    ...(username && { username }),
    ...(password && { password }),
    disableClientInfo: true, // a user with few rights may not tell it, and nobody asks
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostCommands,
    pingInterval: pingMs,
    maintNotifications: 'disabled' as const,
    socket: {
      ...(tls && { tls }),
      connectTimeout: 1_000,
      socketTimeout: silenceMs,
      reconnectStrategy: reconnectAfter,
    },
  };
}

/**
 * Connects, or rejects when Redis does not serve within `patience` (milliseconds; it may be starting, too), or when a single server refuses
 * the user or the password, which waiting does not change.
 */
export async function connect(address: RedisAddress, patience = openMs): Promise<Connection> {
  const connection = address.cluster ? new ClusterConnection(address) : new SingleConnection(address);
  const name = describeAddress(address);
  const until = Date.now() + patience;
  for (;;) {
    try {
      await connection.open();
      return new Guarded(connection, name);
    } catch (cause) {
      const refused = isRefusal(cause);
      if (refused || Date.now() > until) {
        await connection.close().catch(() => undefined);
        const said = refused
          ? 'refuses the user or the password: are those in REDIS_URL right?'
          : 'does not serve: is it running, and are REDIS_URL, user and password right?';
        throw new StoreUnavailable(`${name} ${said}`, { cause });
      }
      await pause(200);
    }
  }
}

/** Whether this is the answer of a Redis that knows others, but not us. */
function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && /^(WRONGPASS|NOAUTH|NOPERM)\b/.test(cause.message);
}

interface RawConnection extends Omit<Connection, 'sendReplicated'> {
  /** The connection to the node that has the partition. */
  node(partition: string): Promise<Node>;
  /** May be called again when it failed. */
  open(): Promise<void>;
  /** Connects anew, in the background; what is under way fails. */
  renew(): void;
}

interface Node {
  /** Counts the times that it was connected. */
  readonly socketEpoch: number;
  sendCommand(command: Argument[]): Promise<unknown>;
}

class SingleConnection implements RawConnection {
  readonly #address: RedisAddress;
  #client: ReturnType<typeof newClient>;
  #connected: Promise<unknown> | undefined;

  constructor(address: RedisAddress) {
    this.#address = address;
    this.#client = newClient(address);
  }

  async open(): Promise<void> {
    // The client goes on trying whatever Redis answers, and tells of a refusal beside.
    this.#connected ??= Promise.race([this.#client.connect(), refusal(this.#client)]);
    await within(openStepMs, this.#connected);
    await within(openStepMs, this.send(undefined, ['PING']));
  }

  send(_: string | undefined, command: Argument[]): Promise<unknown> {
    return this.#client.sendCommand(command, reply);
  }

  async node() {
    return this.#client;
  }

  async scan(cursor: string | undefined, pattern: string, about: number): Promise<Scanned> {
    const { keys, next } = await scanNode((command) => this.send(undefined, command), cursor ?? '0', pattern, about);
    return { keys, cursor: next === '0' ? undefined : next };
  }

  renew(): void {
    const former = this.#client;
    this.#client = newClient(this.#address);
    this.#client.connect().catch(noteNothing);
    former.destroy();
  }

  nodes() {
    return this.#address.nodes;
  }

  async close(): Promise<void> {
    if (this.#client.isOpen) await closeSoon(this.#client);
  }
}

class ClusterConnection implements RawConnection {
  readonly #address: RedisAddress;
  #cluster: ReturnType<typeof newCluster>;
  #closed = false;

  constructor(address: RedisAddress) {
    this.#address = address;
    this.#cluster = newCluster(address);
  }

  async open(): Promise<void> {
    if (!this.#cluster.isOpen) await within(openStepMs, this.#cluster.connect());
    const state = String(await this.send(undefined, ['CLUSTER', 'INFO']));
    if (!state.includes('cluster_state:ok')) throw new Error('The Cluster does not serve all of its slots.');
  }

  send(partition: string | undefined, command: Argument[]): Promise<unknown> {
    return this.#cluster.sendCommand(partition && `{${partition}}`, false, command, reply);
  }

  node(partition: string) {
    return this.#cluster.getNodeClientForKey(`{${partition}}`);
  }

  /** One master after the other, in the order of their addresses. */
  async scan(cursor: string | undefined, pattern: string, about: number): Promise<Scanned> {
    const [from = '', at = '0'] = cursor?.split(' ') ?? [];
    const masters = this.#cluster.masters.toSorted((a, b) => (a.address < b.address ? -1 : 1)).filter(({ address }) => address >= from);
    const [master, following] = masters;
    if (!master) return { keys: [], cursor: undefined };
    const client = await this.#cluster.nodeClient(master);
    const begin = master.address === from ? at : '0';
    const { keys, next } = await scanNode((command) => client.sendCommand(command, reply), begin, pattern, about);
    if (next !== '0') return { keys, cursor: `${master.address} ${next}` };
    return { keys, cursor: following && `${following.address} 0` };
  }

  renew(): void {
    const former = this.#cluster;
    this.#cluster = newCluster(this.#address);
    if (former.isOpen) former.destroy();
    void this.#connect(this.#cluster);
  }

  async #connect(cluster: ReturnType<typeof newCluster>): Promise<void> {
    for (let attempts = 0; !this.#closed && cluster === this.#cluster && !cluster.isOpen; attempts += 1) {
      await cluster.connect().catch(noteNothing);
      await pause(reconnectAfter(attempts));
    }
  }

  nodes() {
    const known = this.#cluster.isReady ? this.#cluster.masters.map(({ host, port }) => ({ host, port })) : [];
    return [...known, ...this.#address.nodes];
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#cluster.isOpen) await closeSoon(this.#cluster);
  }
}

async function scanNode(
  send: (command: string[]) => Promise<unknown>,
  cursor: string,
  pattern: string,
  about: number,
): Promise<{ keys: string[]; next: string }> {
  const [next, keys] = (await send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(about)])) as [Buffer, Buffer[]];
  return { keys: keys.map(String), next: String(next) };
}

function newClient(address: RedisAddress) {
  const [node] = address.nodes;
  const { socket, ...options } = clientOptions(address);
  const client = makeClient({
    ...options,
    RESP: 2,
    database: address.database,
    commandOptions: noTimeout,
    socket: { ...socket, ...node } as typeof socket,
  });
  client.on('error', noteNothing); // whoever asks is told; the client goes on trying by itself
  return client;
}

function newCluster(address: RedisAddress) {
  const options = clientOptions(address);
  const cluster = createCluster({
    RESP: 2,
    rootNodes: address.nodes.map((node) => ({ ...options, socket: { ...options.socket, ...node, reconnectStrategy: false as const } })),
    defaults: options as never, // one type for connections over TLS and another for those without
    commandOptions: noTimeout,
    topologyRefreshOnReconnectionAttemptStrategy: 500,
  });
  cluster.on('error', noteNothing);
  cluster.on('node-error', noteNothing);
  return cluster;
}

/** Rejects when Redis refuses the user or the password of the client; never resolves. */
function refusal(client: ReturnType<typeof newClient>): Promise<never> {
  return new Promise((_, reject) => {
    client.on('error', (error) => {
      if (isRefusal(error)) reject(error);
    });
  });
}

/** What every command has in common: it ends in time, and its failure says that the store is at fault. */
class Guarded implements Connection {
  readonly #inner: RawConnection;
  readonly #name: string;
  /** Since when a partition has not answered. */
  readonly #silent = new Map<string | undefined, number>();
  #closed = false;

  constructor(inner: RawConnection, name: string) {
    this.#inner = inner;
    this.#name = name;
  }

  send(partition: string | undefined, command: Argument[]): Promise<unknown> {
    return this.#guard(partition, () => this.#inner.send(partition, command));
  }

  /** WAIT speaks of what was written over the same connection, and of nothing at all when that is a new one. */
  sendReplicated(partition: string, command: Argument[], replicas: number): Promise<unknown> {
    return this.#guard(partition, async () => {
      const before = await this.#inner.node(partition);
      const epoch = before.socketEpoch;
      const answer = await this.#inner.send(partition, command);
      const node = await this.#inner.node(partition);
      const having = Number(await node.sendCommand(['WAIT', String(replicas), String(waitMs)]));
      if (node !== before || node.socketEpoch !== epoch) throw new Error('The connection was lost before the replicas had confirmed.');
      if (having < replicas) throw new Error(`${having} of ${replicas} replicas have confirmed the step, which may or may not last.`);
      return answer;
    });
  }

  async #guard<T>(partition: string | undefined, work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StoreUnavailable('The store is closed.');
    try {
      const answer = await within(commandMs, work());
      this.#silent.delete(partition);
      return answer;
    } catch (cause) {
      if (cause instanceof ErrorReply && cause.message.startsWith('NOSCRIPT')) throw cause;
      if (this.#isUseless(partition, cause) && !this.#closed) {
        this.#silent.clear();
        this.#inner.renew();
      }
      throw new StoreUnavailable(`${this.#name} does not serve at the moment.`, { cause });
    }
  }

  /** A connection may lead to a server that was made a replica, or that is gone without a word: another is needed then. */
  #isUseless(partition: string | undefined, cause: unknown): boolean {
    if (cause instanceof ErrorReply) return cause.message.startsWith('READONLY');
    if (!(cause instanceof NoAnswer)) return false;
    const since = this.#silent.get(partition) ?? Date.now() - commandMs;
    this.#silent.set(partition, since);
    return Date.now() - since > silenceMs;
  }

  scan(cursor: string | undefined, pattern: string, about: number): Promise<Scanned> {
    return this.#guard(undefined, () => this.#inner.scan(cursor, pattern, about));
  }

  nodes() {
    return this.#inner.nodes();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#inner.close();
  }
}

const openStepMs = 3_000;

/** Lets what is under way end, but not for long. */
async function closeSoon(client: { close(): Promise<unknown>; destroy(): void }): Promise<void> {
  await within(commandMs, client.close()).catch(() => client.destroy());
}

/** The result, unless it takes longer. What the result would have been is then nobody's business. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(ms)), ms);
  });
  work.catch(noteNothing);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  constructor(ms: number) {
    super(`No answer within ${ms} ms.`);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function noteNothing(): void {}
