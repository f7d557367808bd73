import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../bot/paths.ts';
import { endsWithUs } from '../support/children.ts';
import { freePort } from '../support/server-process.ts';

/** A bot in a process of its own. */
export interface Program {
  process: ChildProcess;
  url: string;
  /** Milliseconds from spawning to the line that says it is ready. */
  readyMs: number;
  /** What it printed then. */
  ready: string;
}

/** Starts `node` with these arguments, ends with this process at the latest. Rejects when the program ends before it is ready. */
export async function startProgram(args: readonly string[], environment: Record<string, string> = {}): Promise<Program> {
  const spawned = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, PORT: String(await freePort()), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: projectRoot,
  });
  endsWithUs(child);
  const { url, ready } = await new Promise<{ url: string; ready: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${args.at(-1)} ended with ${code} before it was ready.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, address] = /Ready\..*?(http:\/\/localhost:\d+)/.exec(line) ?? [];
      if (address) resolve({ url: address, ready: line });
    });
  });
  return { process: child, url, readyMs: performance.now() - spawned, ready };
}

/** Resident memory in MB (Linux). */
export function memoryOf({ process: { pid } }: Program): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Milliseconds of processor time that the program has used so far (Linux, in steps of 10). */
export function processorOf({ process: { pid } }: Program): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** How often a program of ours has asked its store for something, by what it asked for. */
export async function storeCalls({ url }: Program): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map(
    [...text.matchAll(/^filing_store_seconds_count\{operation="(\w+)"\} (\d+)/gm)].map(([, name = '', count]) => [name, Number(count)]),
  );
}
