import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot, serverFolder } from '../../paths.ts';
import type { Findings, StudiedFiles, Study } from './study.ts';

/** The files of the knowledge base have faults: nothing can be tried on them. */
export class FaultyKnowledge extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The knowledge base has ${faults.length} fault(s):\n${faults.join('\n')}`);
    this.faults = faults;
  }
}

/** More were asked for than would be done in time. */
export class TooManyStudies extends Error {}

const mostWaiting = 8;
/** Ten times what the longest takes on a small machine with nothing else to do. */
const longestMs = 90_000;

/** Studies of the knowledge base, one after the other, each in a process of its own that gives way to the conversations. */
export class Studies {
  readonly #files: StudiedFiles;
  readonly #patienceMs: number;
  #lane: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(files: StudiedFiles, patienceMs = longestMs) {
    this.#files = files;
    this.#patienceMs = patienceMs;
  }

  /** Rejects with `FaultyKnowledge`, `TooManyStudies`, or when the process fails. */
  async of<T extends Study>(task: T): Promise<Findings[T['kind']]> {
    if (this.#waiting >= mostWaiting) throw new TooManyStudies('Too many studies wait.');
    this.#waiting += 1;
    const done = this.#lane.then(() => this.#run(task));
    this.#lane = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #run<T extends Study>(task: T): Promise<Findings[T['kind']]> {
    const outcome = JSON.parse(await this.#process(JSON.stringify({ files: this.#files, task }))) as
      | { found: Findings[T['kind']] }
      | { faults: string[] };
    if ('faults' in outcome) throw new FaultyKnowledge(outcome.faults);
    return outcome.found;
  }

  async #process(input: string): Promise<string> {
    const child = spawn(process.execPath, [join(serverFolder, 'study-process.js')], {
      cwd: projectRoot,
      env: {},
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: this.#patienceMs,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    const ended = new Promise<string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? '' : (signal ?? `exit code ${code}`)));
    });
    // It may end before it has read everything; how it ended is told by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [output, complaint, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (end !== '') throw new Error(`A study of the knowledge base failed (${end}): ${complaint.slice(-2000)}`);
    return output;
  }
}
