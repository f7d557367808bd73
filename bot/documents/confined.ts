import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { projectRoot, serverFolder } from '../paths.ts';

export interface Limits {
  ms: number;
  memoryBytes: number;
  /** Of what it says. */
  outputBytes: number;
}

/** How it ended by itself, and what it said. `stopped`: it took too long or too much memory, said too much, or crashed. */
export type Ending = { code: number; output: Buffer } | 'stopped';

/** Libvips would write pictures that are large when decoded to the folder for temporary files, where nothing encrypts them. */
const environment = { VIPS_DISC_THRESHOLD: '4g' };

/**
 * Runs one of our programs that read what customers send, in a process of its own: without our environment and keys, within limits, and behind
 * the conversations where both want the processor. Whatever is in the input, only that process ends. Rejects when it cannot be started, or
 * when the input fails.
 */
export async function runConfined(
  program: string,
  args: readonly string[],
  input: Buffer | AsyncIterable<Buffer>,
  { ms, memoryBytes, outputBytes }: Limits,
): Promise<Ending> {
  // The heap of JavaScript is the smaller part of what decoders hold: the program watches over all of it, see `limitMemory`.
  const child = spawn(process.execPath, ['--max-old-space-size=128', join(serverFolder, program), String(memoryBytes), ...args], {
    cwd: projectRoot,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: ms,
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size > outputBytes) child.kill('SIGKILL');
  });
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === null || size > outputBytes ? 'stopped' : { code, output: Buffer.concat(chunks) }));
  });
  const [ending] = await Promise.all([ended, give(input, child, child.stdin)]);
  return ending;
}

async function give(input: Buffer | AsyncIterable<Buffer>, child: ChildProcess, stdin: Writable): Promise<void> {
  // It may end before it has read everything: how it ended is told by its exit code.
  stdin.on('error', () => undefined);
  try {
    for await (const chunk of Buffer.isBuffer(input) ? [input] : input) {
      if (stdin.destroyed) return;
      if (!stdin.write(chunk)) await takesMore(stdin);
    }
    stdin.end();
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function takesMore(stdin: Writable): Promise<void> {
  return new Promise((resolve) => {
    stdin.once('drain', resolve);
    stdin.once('close', resolve);
  });
}
