import { type Account, Line, settle, Visitor } from '../support/accounting.ts';
import { type RedisCluster, type RedisServer, startRedisCluster, until } from '../support/redis.ts';
import { any } from './instance.ts';
import { expected, faultsOf, type Row, type Setting, scaled } from './row.ts';
import { startGroup } from './shared-store.ts';
import { spread } from './table.ts';

const visitors = 60;
const thinkMs = 50;
const servedPerKill = 300;
/** So much is served while the replica hears nothing, before its master is killed: as where a network fails before the machine does. */
const servedMeanwhile = 100;
const longestMs = 60_000;

interface Ordeal {
  account: Account;
  kills: number;
  /** From the kill until the replica was the master. */
  takenOver: number[];
  /** From the kill until every visitor was served again. */
  served: number[];
  line: Line;
}

/**
 * A replica that takes over has what it has heard. With REDIS_REPLICAS=1 nothing is acknowledged that it has not; the control, without,
 * shows what would be lost.
 */
export const clusterMasterKilled: Row = {
  name: 'cluster-master-killed',
  what: 'a Cluster of three masters, each with a replica: one master after the other killed (kill -9) under traffic, its replica behind',
  run: async (setting) => {
    const safe = await killMasters(setting, '1');
    const control = await killMasters(setting, '0');
    const { served, told, cut } = safe.line.endings;
    return {
      account: safe.account,
      kills: safe.kills,
      figures: {
        'replica took over': spread([...safe.takenOver, ...control.takenOver]),
        'every visitor served again, with REDIS_REPLICAS=1': `${spread(safe.served)} after the kill, which takes the killed one back as a replica`,
        'every visitor served again, with REDIS_REPLICAS=0': `${spread(control.served)} after the kill`,
        'requests served / told to come again (503, Retry-After)': `${served} / ${told}`,
        'longest that a request waited': `${safe.line.slowestMs.toFixed(0)} ms`,
        'control with REDIS_REPLICAS=0': describe(control.account),
      },
      faults: [
        ...faultsOf(safe.account),
        ...expected(cut === 0, `${cut} requests got no answer at all`),
        ...expected(told > safe.kills, `only ${told} requests met with a master that was gone`),
        ...expected(control.account.lost + control.account.doubled > 0, 'the control has lost nothing either'),
      ],
    };
  },
};

function describe({ acknowledged, lost, doubled, outOfOrder, unexpected }: Account): string {
  return `${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled, ${outOfOrder} out of order, ${unexpected} unexpected`;
}

async function killMasters(setting: Setting, replicas: '0' | '1'): Promise<Ordeal> {
  const cluster = await startRedisCluster(1);
  const group = await startGroup(2, cluster.url, setting.program, { REDIS_REPLICAS: replicas });
  const line = new Line(() => any(group.instances).url);
  try {
    const guests = await Promise.all(Array.from({ length: scaled(visitors, setting) }, () => Visitor.begin(line)));
    let over = false;
    const talking = Promise.all(guests.map((guest) => guest.talk(() => !over, thinkMs)));
    const takenOver: number[] = [];
    const served: number[] = [];
    for (const master of cluster.masters) {
      await line.serves(servedPerKill);
      const since = await kill(master, replicaOf(master, cluster), line);
      takenOver.push(performance.now() - since);
      // Who waits for a replica waits for the one that was killed: there is no other.
      if (replicas === '1') await master.restart();
      await everybodyServed(guests);
      served.push(performance.now() - since);
      if (replicas === '0') await master.restart();
      await cluster.whole();
    }
    over = true;
    await talking;
    return { account: await settle(guests), kills: cluster.masters.length, takenOver, served, line };
  } finally {
    await group.stop();
    await cluster.stop();
  }
}

/** Resolves when the replica has taken over; gives the moment of the kill. */
async function kill(master: RedisServer, replica: RedisServer, line: Line): Promise<number> {
  replica.process.kill('SIGSTOP');
  // Otherwise it would find all that it has not heard in its socket.
  master.command('client', 'kill', 'type', 'replica');
  await line.serves(servedMeanwhile);
  await master.kill('SIGKILL');
  const killed = performance.now();
  replica.process.kill('SIGCONT');
  await until(() => replica.command('role').startsWith('master'), longestMs);
  return killed;
}

/** Everybody has something acknowledged that was said after this was called. */
async function everybodyServed(guests: readonly Visitor[]): Promise<void> {
  const before = new Map(guests.map((guest) => [guest, guest.acknowledged.length]));
  await until(() => guests.every((guest) => guest.acknowledged.length > (before.get(guest) ?? 0) + 1), longestMs);
}

function replicaOf({ port }: RedisServer, { replicas }: RedisCluster): RedisServer {
  const replica = replicas.find(({ command }) => command('role').split('\n').includes(String(port)));
  if (!replica) throw new Error(`The master at ${port} has no replica.`);
  return replica;
}
