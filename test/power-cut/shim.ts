import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const compilers = ['gcc', 'cc', 'clang'];

/** Compiles what stands between a program and its disk; see `unsynced.c`. Gives what a process started with has to have in its environment. */
export function compileShim(folder: string): (file: string, log?: string) => Record<string, string> {
  const library = join(folder, 'unsynced.so');
  const flags = ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-pthread', '-o', library, join(import.meta.dirname, 'unsynced.c')];
  const compiler = compilers.find(isThere);
  if (process.platform !== 'linux') throw new Error('A power cut can be played on Linux only: it takes LD_PRELOAD and /proc.');
  if (!compiler) throw new Error('A C compiler is needed. On Debian or Ubuntu: sudo apt-get install -y gcc libc6-dev.');
  execFileSync(compiler, flags, { stdio: 'inherit' });
  return (file, log) => ({ LD_PRELOAD: library, POWER_CUT_FILE: file, ...(log !== undefined && { POWER_CUT_LOG: log }) });
}

function isThere(compiler: string): boolean {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
