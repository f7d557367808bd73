import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';

/** An instance of the service that comes back on the same port whenever it was killed. */
export class Instance {
  readonly url: string;
  /** Milliseconds from each start to being ready. */
  readonly starts: number[] = [];
  /** Starts that ended before it was ready. */
  startsInVain = 0;
  readonly #environment: Record<string, string>;
  readonly #program: string;
  #process: ServerProcess | undefined;

  private constructor(port: number, environment: Record<string, string>, program: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = { ...environment, PORT: String(port) };
    this.#program = program;
  }

  static async start(environment: Record<string, string>, program: string): Promise<Instance> {
    const instance = new Instance(await freePort(), environment, program);
    await instance.#start();
    return instance;
  }

  /** What it holds in memory, in MB. */
  get memory(): number {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#process?.process.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) / 1024;
  }

  /** Resolves when it says that it can serve. */
  async ready(): Promise<void> {
    while (!(await fetch(`${this.url}/readyz`)).ok) await pause(20);
  }

  /** Kills it without warning, and starts it again; resolves when it is ready. */
  async killAndRestart(): Promise<void> {
    await this.#end('SIGKILL');
    await this.#start();
  }

  /** Ends it in order, as at an update, and starts it again; resolves when it is ready. */
  async restart(): Promise<void> {
    await this.#end('SIGTERM');
    await this.#start();
  }

  /** Ends it in order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Again when it does not come up, as a supervisor does; for a while. */
  async #start(attempts = 5): Promise<void> {
    try {
      this.#process = await startServerProcess(this.#environment, this.#program);
      this.starts.push(this.#process.readyAfter);
    } catch (error) {
      if (attempts === 1) throw error;
      this.startsInVain += 1;
      await this.#start(attempts - 1);
    }
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.kill(signal);
  }
}

/** One of them, whichever a balancer might give. */
export function any(instances: readonly Instance[], random = Math.random): Instance {
  return instances[Math.floor(random() * instances.length)] as Instance;
}
