import { readFileSync } from 'node:fs';

/** What a process did to its file, in order, as `unsynced.c` writes it down. `isDurable`: on the disk when the write returned. */
export type Logged =
  | { kind: 'write'; isDurable: boolean; offset: number; data: Buffer }
  | { kind: 'sync' }
  | { kind: 'acknowledged'; text: string };

const headBytes = 24;

export function readLog(path: string): Logged[] {
  const log = readFileSync(path);
  const logged: Logged[] = [];
  for (let at = 0; at + headBytes <= log.length; ) {
    const kind = Number(log.readBigUInt64LE(at));
    const offset = Number(log.readBigUInt64LE(at + 8));
    const end = at + headBytes + Number(log.readBigUInt64LE(at + 16));
    if (end > log.length) break; // the process was killed in the middle of it
    const data = log.subarray(at + headBytes, end);
    if (kind <= 1) logged.push({ kind: 'write', isDurable: kind === 1, offset, data });
    else if (kind === 2) logged.push({ kind: 'sync' });
    else logged.push({ kind: 'acknowledged', text: data.toString() });
    at = end;
  }
  return logged;
}

/** `obeys`: what was synced is there. `lies`: it says so, and it is not. `keeps all`: even what was never synced. */
export type DiskKind = 'obeys' | 'lies' | 'keeps all';

const pageBytes = 4096;
/** How many writes a disk that lies may be behind. */
const mostBehind = 200;

/** A disk that follows a log, and gives what would be on it if the power went at this moment. */
export class Disk {
  readonly #kind: DiskKind;
  #durable: Buffer = Buffer.alloc(0);
  #unsynced: { offset: number; data: Buffer }[] = [];

  constructor(kind: DiskKind) {
    this.#kind = kind;
  }

  follow(logged: Logged): void {
    if (logged.kind === 'write') {
      this.#unsynced.push(logged);
      if (logged.isDurable && this.#kind !== 'lies') this.#durable = written(this.#durable, [this.#unsynced.pop() ?? logged]);
    }
    if (this.#kind === 'lies') this.#settle(this.#unsynced.splice(0, Math.max(0, this.#unsynced.length - mostBehind)));
    else if (logged.kind === 'sync') this.#settle(this.#unsynced.splice(0));
  }

  /** Of what is not synced, and of the write that was under way, each page is there or not. */
  cut(underWay: Logged | undefined, random: () => number): Buffer {
    const likely = random();
    const maybe = [...this.#unsynced, ...(underWay?.kind === 'write' ? [underWay] : [])].flatMap(pagesOf);
    return written(Buffer.from(this.#durable), this.#kind === 'keeps all' ? maybe : maybe.filter(() => random() < likely));
  }

  #settle(writes: readonly { offset: number; data: Buffer }[]): void {
    this.#durable = written(this.#durable, writes);
  }
}

/** In place where there is room. */
function written(image: Buffer, writes: readonly { offset: number; data: Buffer }[]): Buffer {
  const size = writes.reduce((most, { offset, data }) => Math.max(most, offset + data.length), image.length);
  const next = size > image.length ? Buffer.concat([image, Buffer.alloc(size - image.length)]) : image;
  for (const { offset, data } of writes) data.copy(next, offset);
  return next;
}

function pagesOf({ offset, data }: { offset: number; data: Buffer }): { offset: number; data: Buffer }[] {
  const pages: { offset: number; data: Buffer }[] = [];
  for (let at = 0; at < data.length; ) {
    const end = Math.min(data.length, at + pageBytes - ((offset + at) % pageBytes));
    pages.push({ offset: offset + at, data: data.subarray(at, end) });
    at = end;
  }
  return pages;
}
