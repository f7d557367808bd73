import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Disk, type DiskKind, type Logged, readLog } from './disk.ts';
import type { Answered, Asked } from './lmdb-reader.ts';
import type { Acknowledged } from './talk.ts';

export interface LmdbCuts {
  disk: DiskKind;
  points: number;
  /** Of the whole log: how much was written, and how often synced. */
  writes: number;
  syncs: number;
  acknowledged: number;
  /** Points at which the store could not be opened or read. */
  unreadable: number;
  /** Points at which something acknowledged was missing. */
  pointsWithLoss: number;
  /** Acknowledged messages that were missing, over all points. */
  lost: number;
}

type Environment = (file: string, log?: string) => Record<string, string>;

const throughTsx = ['--import', 'tsx'];
/** A reader that takes longer has lost its way in a broken file. */
const mostMs = 60_000;

/** Lets a process work on the embedded store, and writes down what it does to its file. */
export async function recordWriter(folder: string, environment: Environment, acknowledged: number): Promise<Logged[]> {
  const log = join(folder, 'log');
  const writer = fork(join(import.meta.dirname, 'lmdb-writer.ts'), [folder, String(acknowledged)], {
    execArgv: throughTsx,
    env: { ...process.env, ...environment('/data.mdb', log) },
  });
  const [code, signal] = await once(writer, 'exit');
  if (signal !== 'SIGKILL') throw new Error(`The writer ended with ${code}, and not as it should.`);
  return readLog(log);
}

/** Makes the file as a disk of this kind would have it after a power cut, at moments taken by chance, and reads it with the product. */
export async function cutAt(
  folder: string,
  log: readonly Logged[],
  kind: DiskKind,
  points: number,
  random: () => number,
): Promise<LmdbCuts> {
  const moments = Array.from({ length: points }, () => Math.floor(random() * log.length)).sort((a, b) => a - b);
  const disk = new Disk(kind);
  const acknowledged: Acknowledged[] = [];
  const readers = new Readers();
  const result: LmdbCuts = { disk: kind, points, ...totalsOf(log), unreadable: 0, pointsWithLoss: 0, lost: 0 };
  let at = 0;
  for (const moment of moments) {
    for (; at <= moment; at += 1) {
      const logged = log[at];
      if (!logged) break;
      disk.follow(logged);
      if (logged.kind === 'acknowledged') acknowledged.push(JSON.parse(logged.text) as Acknowledged);
    }
    const { lost, unreadable } = await readers.read(folder, disk.cut(log[at], random), acknowledged);
    if (unreadable !== undefined) {
      result.unreadable += 1;
      if (kind !== 'lies') console.error(`Unreadable at ${moment} of ${log.length}: ${unreadable}`);
    }
    if (lost > 0) result.pointsWithLoss += 1;
    result.lost += lost;
  }
  await readers.end();
  return result;
}

function totalsOf(log: readonly Logged[]): Pick<LmdbCuts, 'writes' | 'syncs' | 'acknowledged'> {
  const count = (is: (logged: Logged) => boolean) => log.filter(is).length;
  return {
    writes: count(({ kind }) => kind === 'write'),
    syncs: count((logged) => logged.kind === 'sync' || (logged.kind === 'write' && logged.isDurable)),
    acknowledged: count(({ kind }) => kind === 'acknowledged'),
  };
}

async function startReader(): Promise<ChildProcess> {
  const reader = fork(join(import.meta.dirname, 'lmdb-reader.ts'), { execArgv: throughTsx, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  await Promise.race([once(reader, 'message'), once(reader, 'exit')]);
  if (reader.exitCode !== null || reader.signalCode !== null) throw new Error('The reader ended before it was ready.');
  return reader;
}

/** Reads in a process of its own: a broken file may take whoever maps it down. */
class Readers {
  #reader: ChildProcess | undefined;

  async read(parent: string, image: Buffer, acknowledged: Acknowledged[]): Promise<Answered> {
    const folder = mkdtempSync(join(parent, 'cut-'));
    mkdirSync(join(folder, 'store'));
    writeFileSync(join(folder, 'store', 'data.mdb'), image);
    try {
      return await this.#ask({ folder, acknowledged });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async end(): Promise<void> {
    if (!this.#reader) return;
    const exited = once(this.#reader, 'exit');
    this.#reader.kill('SIGKILL');
    await exited;
    this.#reader = undefined;
  }

  async #ask(asked: Asked): Promise<Answered> {
    this.#reader ??= await startReader();
    const over = new AbortController();
    const { signal } = over;
    const answered = once(this.#reader, 'message', { signal }).then(([answer]) => answer as Answered);
    const died = once(this.#reader, 'exit', { signal }).then(([, by]): Answered => ({ lost: 0, unreadable: `the reader died: ${by}` }));
    const hung = pause(mostMs, undefined, { signal }).then((): Answered => ({ lost: 0, unreadable: 'the reader came to no end' }));
    const all = [answered, died, hung];
    this.#reader.send(asked);
    const answer = await Promise.race(all);
    over.abort();
    await Promise.allSettled(all);
    if (answer.unreadable?.startsWith('the reader')) await this.#forget();
    return answer;
  }

  async #forget(): Promise<void> {
    if (this.#reader?.exitCode === null && this.#reader.signalCode === null) await this.end();
    this.#reader = undefined;
  }
}
