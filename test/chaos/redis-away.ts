import { setTimeout as pause } from 'node:timers/promises';
import { Line, settle, total, Visitor } from '../support/accounting.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { any, type Instance } from './instance.ts';
import { expected, faultsOf, type Outcome, type Row, type Setting } from './row.ts';
import { startGroup } from './shared-store.ts';
import { Stream } from './stream.ts';

const awayMs = 30_000;
const leastAwayMs = 3_000;
const visitors = 40;
const thinkMs = 200;
/** Of a single request; most of it is the second for which the store waits for Redis. */
const longestAnswerMs = 5_000;
const longestReturnMs = 5_000;

/** Takes Redis, or the way to it, and gives it back. */
interface Absence {
  name: string;
  take(): void;
  giveBack(): void;
}

/** What visitors are told is honest, nobody loses the connection, and nobody has to do anything when it is over. */
export const redisAway: Row = {
  name: 'redis-away',
  what: 'Redis away for 30 s in three ways, under traffic and with open streams',
  run: async (setting) => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.port);
    const group = await startGroup(2, `redis://127.0.0.1:${proxy.port}`, setting.program);
    try {
      const outcomes: Outcome[] = [];
      for (const absence of absences(redis, proxy)) outcomes.push(await endure(absence, group.instances, setting));
      return {
        account: total(outcomes.map(({ account }) => account)),
        kills: 0,
        figures: Object.assign({}, ...outcomes.map(({ figures }) => figures)) as Outcome['figures'],
        faults: outcomes.flatMap(({ faults }) => faults),
      };
    } finally {
      await group.stop();
      await proxy.stop();
      await redis.stop();
    }
  },
};

function absences({ process: server }: RedisServer, proxy: TcpProxy): Absence[] {
  const line = (mode: TcpProxy['mode']) => () => {
    proxy.mode = mode;
  };
  return [
    { name: 'nothing gets through', take: line('silent'), giveBack: line('pass') },
    { name: 'connections are refused', take: line('refuse'), giveBack: line('pass') },
    { name: 'Redis stands still', take: () => server.kill('SIGSTOP'), giveBack: () => server.kill('SIGCONT') },
  ];
}

async function endure({ name, take, giveBack }: Absence, instances: readonly Instance[], { scale }: Setting): Promise<Outcome> {
  const line = new Line(() => any(instances).url);
  const guests = await Promise.all(Array.from({ length: visitors }, () => Visitor.begin(line)));
  const streams = await Promise.all(guests.map((guest) => Stream.open(line, guest)));
  let over = false;
  const talking = Promise.all(guests.map((guest) => guest.talk(() => !over, thinkMs)));
  await pause(1000);
  const calm = memoryOf(instances);
  take();
  await pause(Math.max(leastAwayMs, awayMs * scale));
  const grown = memoryOf(instances) - calm;
  giveBack();
  const back = performance.now();
  await Promise.all(instances.map((instance) => instance.ready()));
  const returnMs = performance.now() - back;
  await pause(2000);
  over = true;
  await talking;
  const account = await settle(guests);
  const closed = streams.filter(({ isOpen }) => !isOpen).length;
  const unheard = streams.reduce((sum, stream) => sum + stream.unheard, 0);
  const heardAgain = streams.reduce((sum, stream) => sum + stream.heardAgain, 0);
  for (const stream of streams) stream.close();
  const { served, told, cut, nobody } = line.endings;
  return {
    account,
    kills: 0,
    figures: {
      [name]: `${served} requests served, ${told} told to come again (503, Retry-After), none after more than ${line.slowestMs.toFixed(0)} ms; all instances ready ${returnMs.toFixed(0)} ms after its return; memory ${grown.toFixed(0)} MB more; ${closed} of ${streams.length} streams closed`,
    },
    faults: [
      ...faultsOf(account),
      ...expected(told > guests.length, `only ${told} requests met with it`),
      ...expected(cut + nobody === 0, `${cut + nobody} requests got no answer`),
      ...expected(line.slowestMs < longestAnswerMs, `an answer took ${line.slowestMs.toFixed(0)} ms`),
      ...expected(returnMs < longestReturnMs, `ready only ${returnMs.toFixed(0)} ms after its return`),
      ...expected(closed === 0, `${closed} streams were closed`),
      ...expected(unheard === 0, `${unheard} replies did not come over the streams`),
      ...expected(heardAgain === 0, `${heardAgain} replies came again over the streams`),
    ].map((fault) => `${name}: ${fault}`),
  };
}

function memoryOf(instances: readonly Instance[]): number {
  return instances.reduce((sum, { memory }) => sum + memory, 0);
}
