import type { Account } from '../support/accounting.ts';

/** One fault, and what the service promises under it. */
export interface Row {
  name: string;
  /** What is done to whom, in a few words. */
  what: string;
  run(setting: Setting): Promise<Outcome>;
}

export interface Setting {
  /** Decides the moments of killing, and who is killed. */
  seed: number;
  /** 1: the figures that are published; 0.1: a tenth of the visitors, turns and kills. */
  scale: number;
  /** The built program to start. */
  program: string;
}

export interface Outcome {
  account: Account;
  kills: number;
  /** What else was counted or measured. */
  figures: Record<string, string | number>;
  /** Promises that were not kept, or reasons for which this run proves nothing. */
  faults: string[];
}

/** Never less than one. */
export function scaled(count: number, { scale }: Setting): number {
  return Math.max(1, Math.round(count * scale));
}

/** The faults of an account in which everything has to be there once, and in order. */
export function faultsOf({ acknowledged, lost, doubled, outOfOrder, unexpected }: Account): string[] {
  const counted = { lost, doubled, 'out of order': outOfOrder, unexpected };
  const faults = Object.entries(counted).flatMap(([name, count]) => (count > 0 ? `${count} ${name}` : []));
  return acknowledged > 0 ? faults : [...faults, 'nothing was acknowledged'];
}

/** `holds`, or a fault. */
export function expected(holds: boolean, fault: string): string[] {
  return holds ? [] : [fault];
}
