import type { Matcher } from '../../../knowledge/evaluation/judgement.ts';
import type { LabelledQuestion } from '../../../knowledge/evaluation/questions.ts';
import type { Share } from '../../../knowledge/evaluation/shares.ts';
import { measure, type Quality, separation } from './quality.ts';
import type { Estimate } from './separation.ts';

/** A matcher in a comparison, and how long each of its matches took (milliseconds). */
export interface Contestant {
  name: string;
  match: Matcher;
  times: readonly number[];
}

/** Tables with a line for each matcher: what it gets right, what it does with messages that are not ours, and how fast. */
export function report(questions: readonly LabelledQuestion[], contestants: readonly Contestant[]): string {
  const measured = contestants.map(({ match, ...one }) => ({
    ...one,
    quality: measure(questions, match),
    apart: separation(questions, match),
  }));
  const [first] = measured;
  if (!first) return '';
  const { quality: sizes } = first;
  const kinds = Object.entries(sizes.byKind);
  const ours = kinds.flatMap(([kind, { accuracy, answered }]) => (accuracy ? [{ kind, of: answered.of }] : []));
  const others = kinds.flatMap(([kind, { accuracy, answered }]) => (accuracy ? [] : [{ kind, of: answered.of }]));
  const headOf = ({ kind, of }: { kind: string; of: number }) => `${kind} (${of})`;
  const rows = (cells: (one: (typeof measured)[number]) => string[]) => measured.map((one) => [one.name, ...cells(one)]);
  return [
    table(
      [`questions of ours (${sizes.accuracy.of})`, 'right first', 'right in three', 'answered', 'answers right', 'refused'],
      rows(({ quality }) =>
        [quality.accuracy, quality.recallAt3, quality.coverage, quality.precision, quality.wronglyRefused].map(percent),
      ),
    ),
    table(
      [`out of scope (${sizes.refused.of})`, 'answered', 'refused', 'AUROC, all', 'AUROC, near misses', 'ms, median', 'ms, p99'],
      rows(({ quality, apart, times }) => [
        percent(quality.wronglyAnswered),
        percent(quality.refused),
        estimate(apart.all),
        estimate(apart.nearMisses),
        quantile(times, 0.5).toFixed(2),
        quantile(times, 0.99).toFixed(2),
      ]),
    ),
    table(
      ['right first', ...ours.map(headOf)],
      rows(({ quality }) => ours.map(({ kind }) => shareOf(quality, kind, 'accuracy'))),
    ),
    table(
      ['answered', ...ours.map(headOf)],
      rows(({ quality }) => ours.map(({ kind }) => shareOf(quality, kind, 'answered'))),
    ),
    table(
      ['answered', ...others.map(headOf)],
      rows(({ quality }) => others.map(({ kind }) => shareOf(quality, kind, 'answered'))),
    ),
  ].join('\n\n');
}

/** Rows under a head, in columns of equal width that are also Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** `93.0 (92–94)`, in percent; a dash where there was nothing to count. */
export function percent({ value, of, low, high }: Share): string {
  return of === 0 ? '–' : `${(100 * value).toFixed(1)} (${(100 * low).toFixed(0)}–${(100 * high).toFixed(0)})`;
}

function estimate({ value, low, high }: Estimate): string {
  return `${value.toFixed(3)} (${low.toFixed(3)}–${high.toFixed(3)})`;
}

function shareOf({ byKind }: Quality, kind: string, which: 'accuracy' | 'answered'): string {
  const share = byKind[kind]?.[which];
  return share ? percent(share) : '–';
}

function quantile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
