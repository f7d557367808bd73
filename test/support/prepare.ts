import { execFileSync } from 'node:child_process';
import { getuid } from 'node:process';
import type { TestProject } from 'vitest/node';
import { findChromium } from './chromium.ts';
import { findClamd } from './clamd.ts';

interface Need {
  what: string;
  /** The Debian package that brings it. */
  package: string;
  /** Makes the tests faster, where the system has it. */
  better?: string;
  isThere: () => boolean;
  /** Not worth installing for every run: what it brings along is large, or starts by itself. */
  thorough?: true;
}

const needs: Need[] = [
  { what: 'Chromium', package: 'chromium', better: 'chromium-headless-shell', isThere: () => findChromium(process.env.PATH) !== undefined },
  { what: 'Redis', package: 'redis-server', isThere: () => isCommand('redis-server') && isCommand('redis-cli') },
  {
    what: 'a Chinese font',
    package: 'fonts-noto-cjk',
    isThere: () => isCommand('fc-list') && output('fc-list', [':lang=zh-cn']) !== '',
  },
  { what: 'ClamAV', package: 'clamav-daemon', isThere: () => findClamd(process.env.PATH) !== undefined, thorough: true },
];

/** Before the suite: what it needs beyond npm is found on this machine, or installed from the system's packages, or named. */
export default function prepare(project?: TestProject): void {
  const isThorough = project?.vite.config.mode === 'thorough';
  const missing = missingNow(isThorough);
  if (missing.length === 0) return;
  console.log(`Installing what the tests need: ${missing.map(({ what }) => what).join(' and ')} …`);
  try {
    asRoot('apt-get', ['update', '-qq']);
    const packages = missing.flatMap((need) => [need.package, ...(need.better && isPackage(need.better) ? [need.better] : [])]);
    asRoot('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages, 'fontconfig']);
  } catch (cause) {
    throw new Error(remedy(missing), { cause });
  }
  const still = missingNow(isThorough);
  if (still.length > 0) throw new Error(remedy(still));
}

function missingNow(isThorough: boolean): Need[] {
  return needs.filter(({ isThere, thorough = false }) => (isThorough || !thorough) && !isThere());
}

function remedy(missing: readonly Need[]): string {
  const commands = missing.map((need) => need.package).join(' ');
  return `The tests need ${missing.map(({ what }) => what).join(' and ')}, which could not be installed. On Debian or Ubuntu: sudo apt-get install -y ${commands}; elsewhere install the same by hand, so that it is on the PATH.`;
}

function asRoot(command: string, parameters: string[]): void {
  const options = { stdio: 'ignore' as const, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  if (getuid?.() === 0) execFileSync(command, parameters, options);
  else execFileSync('sudo', ['-n', command, ...parameters], options);
}

function isPackage(name: string): boolean {
  return output('sh', ['-c', `apt-cache show ${name} 2>/dev/null || true`]) !== '';
}

function isCommand(name: string): boolean {
  return output('sh', ['-c', `command -v ${name} || true`]) !== '';
}

function output(command: string, parameters: string[]): string {
  return execFileSync(command, parameters, { encoding: 'utf8' }).trim();
}
