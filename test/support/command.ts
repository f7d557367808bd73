import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { format } from 'node:util';
import { projectRoot } from '../../bot/paths.ts';

export interface Ran {
  code: number | null;
  said: string;
  complained: string;
}

export interface Circumstances {
  /** Out of reach of a developer's .env. */
  cwd: string;
  env: Record<string, string>;
  /** Milliseconds after which the process is killed. */
  killAfter?: number;
}

type OperationsCommand = 'cases' | 'check-config' | 'desk' | 'notes' | 'privacy' | 'store' | 'wechat';
type SourceCommand = 'ask' | 'chat' | 'knowledge';

/** Runs a command of operations as `npm run <name>` does: built, in a process of its own. */
export async function runCommand(name: OperationsCommand, parameters: string[], { cwd, env, killAfter }: Circumstances): Promise<Ran> {
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'server', `${name}.js`), ...parameters], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  const ran = await ended(child);
  clearTimeout(timer);
  return ran;
}

/** Runs a command of editors and developers from its source, with words typed at it, as `npm run <name>` does; without npm it takes half the time. */
export async function runSource(
  name: SourceCommand,
  parameters: string[],
  { env = {}, typed = '' }: { env?: Record<string, string>; typed?: string } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', 'tsx', join('bot', 'commands', `${name}.ts`), ...parameters], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
  });
  child.stdin.end(typed);
  return ended(child);
}

/** What a process has said when it has ended. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const [[code], said, complained] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, said, complained };
}

class Exit extends Error {}

let runs = 0;
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs a command in this process, where what it says and does counts, and not that it is a process: that takes a tenth of the time. Its
 * file is evaluated anew, as with each call; what that imports is there already. They run one after the other, since arguments, settings
 * and outputs are those of the whole process.
 */
export function runHere(
  name: OperationsCommand | SourceCommand,
  parameters: string[],
  circumstances: Circumstances & { typed?: string },
): Promise<Ran> {
  const ran = before.then(() => runNow(name, parameters, circumstances));
  before = ran.catch(() => undefined);
  return ran;
}

async function runNow(name: string, parameters: string[], { cwd, env, typed = '' }: Circumstances & { typed?: string }): Promise<Ran> {
  const own = { argv: process.argv, env: process.env, exit: process.exit, exitCode: process.exitCode, cwd: process.cwd() };
  const ownStdin = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
  const { log, error: complain } = console;
  const ownWrite = process.stdout.write;
  const ran: Ran = { code: 0, said: '', complained: '' };
  try {
    process.argv = [process.execPath, name, ...parameters];
    process.env = { PATH: own.env.PATH, ...env };
    process.exitCode = undefined;
    process.exit = (code) => {
      process.exitCode = code ?? 0;
      throw new Exit();
    };
    process.chdir(cwd);
    Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([typed]) });
    console.log = (...words) => {
      ran.said += `${format(...words)}\n`;
    };
    console.error = (...words) => {
      ran.complained += `${format(...words)}\n`;
    };
    process.stdout.write = (words: string | Uint8Array) => {
      ran.said += words;
      return true;
    };
    runs += 1;
    await import(/* @vite-ignore */ `${join(projectRoot, 'bot', 'commands', name)}.ts?run=${runs}`).catch((error: unknown) => {
      if (!(error instanceof Exit)) throw error;
    });
    ran.code = Number(process.exitCode ?? 0);
    return ran;
  } finally {
    process.argv = own.argv;
    process.env = own.env;
    process.exit = own.exit;
    process.exitCode = own.exitCode;
    process.chdir(own.cwd);
    Object.defineProperty(process, 'stdin', ownStdin);
    console.log = log;
    console.error = complain;
    process.stdout.write = ownWrite;
  }
}
