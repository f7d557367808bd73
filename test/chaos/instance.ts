import { freePort, type ServerProcess, startServerProcess } from '../support/server-process.ts';

/** An instance of the service that comes back on the same port whenever it was killed. */
export class Instance {
  readonly url: string;
  /** Milliseconds from each start to being ready. */
  readonly starts: number[] = [];
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

  get pid(): number | undefined {
    return this.#process?.process.pid;
  }

  /** Kills it without warning, and starts it again; resolves when it is ready. */
  async killAndRestart(): Promise<void> {
    await this.#end('SIGKILL');
    await this.#start();
  }

  /** Ends it in order, as at an update. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #start(): Promise<void> {
    const started = await startServerProcess(this.#environment, this.#program);
    this.starts.push(started.readyAfter);
    this.#process = started;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    await ending?.kill(signal);
  }
}
