/** Counts that several instances share and that go by themselves, such as requests in a minute. */
export interface Counter {
  /** Runs a script on the keys of one name, as node-redis does it. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** The key under which something is counted. */
  keyOf(name: string): string;
  close(): Promise<void>;
}
