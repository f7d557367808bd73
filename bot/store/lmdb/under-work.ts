import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';

/** A note in a file, without waiting for the disk: it outlives the process, and nothing else is asked of it. */
export class UnderWork {
  readonly #file: string;
  #descriptor: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  note(request: SuspectKey): void {
    this.#descriptor ??= openSync(this.#file, 'w', 0o600);
    writeSync(this.#descriptor, JSON.stringify(request).padEnd(noteBytes), 0);
  }

  /** What the process before this one noted last, if it was cut off; forgotten by reading it. */
  read(): SuspectKey | undefined {
    if (!existsSync(this.#file)) return undefined;
    const text = readFileSync(this.#file, 'utf8').trim();
    rmSync(this.#file);
    return text === '' ? undefined : (JSON.parse(text) as SuspectKey);
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    closeSync(this.#descriptor);
    rmSync(this.#file, { force: true });
  }
}

export interface SuspectKey {
  partition: string;
  key: string;
}

const noteBytes = 512;
