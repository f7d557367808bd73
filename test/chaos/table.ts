import type { Outcome, Row } from './row.ts';

export interface Run extends Outcome {
  row: Row;
  seconds: number;
}

const columns = ['acknowledged', 'lost', 'doubled', 'out of order', 'unexpected', 'kills', 'seconds'];

/** All runs as a table, each with its own figures and faults under it. */
export function printTable(runs: readonly Run[]): void {
  const width = Math.max(...runs.map(({ row }) => row.name.length)) + 2;
  const line = (name: string, cells: readonly (string | number)[]) =>
    console.log(name.padEnd(width) + cells.map((cell, at) => String(cell).padStart((columns[at] ?? '').length + 3)).join(''));
  console.log();
  line('', columns);
  for (const { row, account, kills, seconds, figures, faults } of runs) {
    const { acknowledged, lost, doubled, outOfOrder, unexpected } = account;
    line(row.name, [acknowledged, lost, doubled, outOfOrder, unexpected, kills, seconds.toFixed(0)]);
    console.log(`  ${row.what}`);
    for (const [name, figure] of Object.entries(figures)) console.log(`  ${name}: ${figure}`);
    for (const fault of faults) console.log(`  BROKEN: ${fault}`);
  }
}

/** The middle one of some times, and the longest. */
export function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `median ${at(0.5)} ms, longest ${at(1)} ms`;
}
