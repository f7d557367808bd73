import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../bot/paths.ts';
import { Line, settle, Visitor } from '../support/accounting.ts';
import { endsWithUs } from '../support/children.ts';
import { Instance } from './instance.ts';
import { expected, faultsOf, type Row, scaled } from './row.ts';
import { spread } from './table.ts';

export type Order = { do: 'begin'; visitors: number } | { do: 'open' } | { do: 'storm' };

export interface Report {
  /** Sockets that are open by now. */
  open: number;
  /** How long it took, and for the storm: until each was back. */
  ms: number;
  times: number[];
  /** Requests and sockets that had to come again, so far. */
  sentAway: number;
}

const streams = 2_000;
const guestsMeanwhile = 20;
const thinkMs = 100;
const calmMs = 5_000;

/** Everybody's connection is cut at once, as by a balancer that is restarted, and everybody comes back at once. */
export const sockets: Row = {
  name: 'sockets',
  what: '2,000 open streams on one instance, all of them cut and opened again at the same moment, while others go on talking',
  run: async (setting) => {
    const folder = mkdtempSync(join(tmpdir(), 'filing-chaos-'));
    const instance = await Instance.start({ DATA_DIR: folder }, setting.program);
    const clients = startClients(instance.url);
    const line = new Line(() => instance.url);
    try {
      const count = scaled(streams, setting);
      await tell(clients, { do: 'begin', visitors: count });
      const guests = await Promise.all(Array.from({ length: guestsMeanwhile }, () => Visitor.begin(line)));
      await pause(calmMs);
      const before = instance.memory;
      const opened = await tell(clients, { do: 'open' });
      await pause(calmMs);
      const each = ((instance.memory - before) * 1024) / count;
      let over = false;
      const talking = Promise.all(guests.map((guest) => guest.talk(() => !over, thinkMs)));
      const calm = await timesDuring(line, () => pause(calmMs));
      let storm: Report = opened;
      const stormy = await timesDuring(line, async () => {
        storm = await tell(clients, { do: 'storm' });
      });
      over = true;
      await talking;
      const account = await settle(guests);
      const { told, cut, nobody } = line.endings;
      return {
        account,
        kills: 0,
        figures: {
          'memory for each open stream': `${each.toFixed(1)} kB`,
          'streams opened, fifty at a time': `${opened.open} in ${opened.ms.toFixed(0)} ms`,
          'all back after': `${storm.ms.toFixed(0)} ms (${spread(storm.times)})`,
          'requests and streams that had to come again': storm.sentAway,
          'a request of the others, before': percentiles(calm),
          'a request of the others, meanwhile': percentiles(stormy),
        },
        faults: [
          ...faultsOf(account),
          ...expected(opened.open === count, `only ${opened.open} of ${count} streams were opened`),
          ...expected(storm.open === count, `only ${storm.open} of ${count} came back`),
          ...expected(stormy.length > 0, 'nobody talked meanwhile'),
          ...expected(told + cut + nobody === 0, `${told + cut + nobody} requests of the others failed`),
        ],
      };
    } finally {
      clients.kill('SIGKILL');
      await instance.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function startClients(url: string): ChildProcess {
  const program = join(projectRoot, 'test', 'chaos', 'socket-clients.ts');
  const clients = spawn(process.execPath, ['--import', 'tsx', program, url], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  endsWithUs(clients);
  return clients;
}

async function tell(clients: ChildProcess, order: Order): Promise<Report> {
  const reported = once(clients, 'message');
  const ended = once(clients, 'exit').then(() => {
    throw new Error('The clients ended before they had reported.');
  });
  clients.send(order);
  const [report] = (await Promise.race([reported, ended])) as [Report];
  return report;
}

/** How long each request over the line took that ended meanwhile. */
async function timesDuring(line: Line, act: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  const note = (ms: number) => times.push(ms);
  line.ended.on('served', note);
  await act();
  line.ended.off('served', note);
  return times;
}

function percentiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${sorted.length} requests)`;
}
