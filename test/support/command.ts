import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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

/** Runs a command of operations as `npm run <name>` does: built, in a process of its own. */
export async function runCommand(
  name: 'cases' | 'check-config' | 'desk' | 'notes' | 'privacy' | 'store' | 'wechat',
  parameters: string[],
  { cwd, env, killAfter }: Circumstances,
): Promise<Ran> {
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
  name: 'ask' | 'chat' | 'knowledge',
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
