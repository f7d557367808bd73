import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../bot/paths.ts';
import { table } from '../../knowledge/evaluation/report.ts';
import { peers } from '../../peers/peers.ts';
import { median, quantile } from '../quantiles.ts';
import type { Progress, Task } from './ask-matcher.ts';

const sizes = [208, 2_000, 20_000, 200_000];
const ours = 'this project';
const askSeconds = 15;
/** Fewer questions say nothing of how often a matcher is right; of the one that ours is held against, more are waited for. */
const leastAsked = { ofAny: 12, ofRival: 40 };
const answerSeconds = 600;
const buildSeconds = 180;

const bar = { p99Ms: 5, timesFaster: 100, against: 'fuse.js default' };

type Built = Extract<Progress, { built: unknown }>['built'];
type Asked = Extract<Progress, { asked: unknown }>['asked'];

interface Cell {
  matcher: string;
  phrasings: number;
  built?: Built;
  asked?: Asked;
  /** Why there is no more. */
  fault?: string;
}

/**
 * Speed and memory of our index and of each peer, over more and more phrasings; each in a process of its own, one after the
 * other. Prints a table, and how the largest set compares with the bar set for it.
 */
export async function measureMatching(): Promise<void> {
  const matchers = [ours, ...(arePeersInstalled() ? peers.map(({ name }) => name) : [])];
  if (matchers.length === 1)
    console.log('\nThe peers are not installed (npm ci --prefix test/peers --ignore-scripts): our matcher is measured alone.');
  const cells: Cell[] = [];
  for (const phrasings of sizes) for (const matcher of matchers) cells.push(await measureCell(matcher, phrasings, cells));
  console.log(
    `\nMatching, each matcher in a process of its own; questions: the test half of those labelled with a topic, for ${askSeconds} s, and ${leastAsked.ofAny} at least`,
  );
  console.log(
    `\n${table(['matcher', 'phrasings', 'to build, s', 'index, MB', 'process, MB', 'p50, ms', 'p99, ms', 'asked', 'right first'], cells.map(rowOf))}\n`,
  );
  console.log(barLine(cells));
}

function arePeersInstalled(): boolean {
  return existsSync(join(projectRoot, 'test', 'peers', 'node_modules', '.package-lock.json'));
}

/** Who was too slow for fewer phrasings is not tried with more. */
async function measureCell(matcher: string, phrasings: number, before: readonly Cell[]): Promise<Cell> {
  const least = matcher === bar.against ? leastAsked.ofRival : leastAsked.ofAny;
  if (before.some((cell) => cell.matcher === matcher && cell.fault !== undefined))
    return { matcher, phrasings, fault: 'not tried: it could not do fewer' };
  const cell: Cell = { matcher, phrasings };
  await new Promise<void>((resolve) => {
    const child = fork(join(import.meta.dirname, 'ask-matcher.ts'), {
      execArgv: [...process.execArgv, '--expose-gc', '--max-old-space-size=6144'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const started = performance.now();
    let deadline = limit(buildSeconds, `longer than ${buildSeconds} s to build`);
    function limit(seconds: number, fault: string): NodeJS.Timeout {
      return setTimeout(() => {
        cell.fault = fault;
        child.kill('SIGKILL');
      }, seconds * 1000);
    }
    child.on('message', (progress: Progress) => {
      Object.assign(cell, progress);
      clearTimeout(deadline);
      if ('built' in progress) deadline = limit(answerSeconds, `longer than ${answerSeconds} s for ${least} questions`);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      if (!cell.asked)
        cell.fault ??= `its process ended with ${signal ?? code} after ${((performance.now() - started) / 1000).toFixed(0)} s`;
      resolve();
    });
    child.send({ matcher: matcher === ours ? 'ours' : matcher, phrasings, seconds: askSeconds, least } satisfies Task);
  });
  return cell;
}

function rowOf({ matcher, phrasings, built, asked, fault = '' }: Cell): string[] {
  const none = ['–', '–', '–'];
  const index = built ? [(built.ms / 1000).toFixed(2), built.heapMb.toFixed(0), built.rssMb.toFixed(0)] : none;
  if (!asked) return [matcher, phrasings.toLocaleString('en'), ...index, '–', '–', '–', fault];
  const { p50, p99 } = quantiles(asked.ms);
  return [matcher, phrasings.toLocaleString('en'), ...index, p50.toFixed(2), p99.toFixed(2), String(asked.ms.length), share(asked.right)];
}

function barLine(cells: readonly Cell[]): string {
  const most = sizes.at(-1);
  const at = (name: string) => cells.find(({ matcher, phrasings }) => matcher === name && phrasings === most)?.asked;
  const mine = at(ours);
  const other = at(bar.against);
  if (!mine) return `Over ${most} phrasings ours did not finish.`;
  const own = quantiles(mine.ms);
  const latency = `p99 ${own.p99.toFixed(2)} ms (bar: ${bar.p99Ms}): ${own.p99 <= bar.p99Ms ? 'met' : 'missed'}`;
  if (!other) return `Over ${most} phrasings: ${latency}; ${bar.against} was not measured.`;
  const theirs = quantiles(other.ms);
  const faster = Math.min(theirs.p50 / own.p50, theirs.p99 / own.p99);
  const same = mine.right.slice(0, other.right.length);
  return [
    `Over ${most} phrasings: ${latency};`,
    `${faster.toFixed(0)} times as fast as ${bar.against}, by the median or the p99, whichever is less (bar: ${bar.timesFaster}):`,
    `${faster >= bar.timesFaster ? 'met' : 'missed'}; right first on the ${same.length} questions that both were asked: ${share(same)} against ${share(other.right)}.`,
  ].join(' ');
}

function quantiles(times: readonly number[]): { p50: number; p99: number } {
  return { p50: median(times), p99: quantile(times, 0.99) };
}

function share(right: readonly boolean[]): string {
  return `${((100 * right.filter(Boolean).length) / Math.max(1, right.length)).toFixed(1)} %`;
}
