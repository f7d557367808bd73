import { z } from 'zod';

/** Evidence about one candidate topic, each roughly between -1 and 1; see `FaqIndex.candidates` for what they mean. */
export const signalNames = [
  'likelihood',
  'closeness',
  'learned',
  'lead',
  'share',
  'inScope',
  'trade',
  'unknown',
  'keyword',
  'length',
] as const;

export type Signals = Record<(typeof signalNames)[number], number>;

const perSignal = (weight: z.ZodNumber) =>
  z.strictObject(Object.fromEntries(signalNames.map((name) => [name, weight])) as Record<keyof Signals, z.ZodNumber>);

/** Fitted by `npm run calibrate` on the development half of the labelled questions, never by hand. */
export const calibrationSchema = z.strictObject({
  /** What the figures were fitted on, for the reader of a change. */
  fitted: z.strictObject({ topics: z.number(), questions: z.number(), precision: z.number() }),
  bias: z.number(),
  weights: perSignal(z.number()),
  /** Of the squares of the signals: more of one is not always so much more of evidence. */
  squares: perSignal(z.number()),
  /** From this confidence on the answer is given; below it topics are offered; below `suggest` the question is not known. */
  answer: z.number().min(0).max(1),
  suggest: z.number().min(0).max(1),
});

export type Calibration = z.infer<typeof calibrationSchema>;

/** The probability that the candidate is the topic asked about. */
export function confidenceOf(signals: Signals, { bias, weights, squares }: Calibration): number {
  let sum = bias;
  for (const name of signalNames) sum += (weights[name] + squares[name] * signals[name]) * signals[name];
  return 1 / (1 + Math.exp(-sum));
}

/** A candidate of a labelled question: its evidence, and whether it is the right topic. */
export interface Sample {
  signals: Signals;
  right: boolean;
}

/** Logistic regression with a small ridge by Newton's method: two weights for each signal, exact in a few steps, the same on every machine. */
export function fitWeights(samples: readonly Sample[], ridge = 1): Pick<Calibration, 'bias' | 'weights' | 'squares'> {
  const size = 2 * signalNames.length + 1;
  const rows = samples.map(({ signals, right }) => {
    const values = signalNames.map((name) => signals[name]);
    return { x: [1, ...values, ...values.map((value) => value * value)], y: right ? 1 : 0 };
  });
  let beta = new Array<number>(size).fill(0);
  for (let round = 0; round < 50; round += 1) {
    const gradient = beta.map((value, at) => (at === 0 ? 0 : -ridge * value));
    const hessian = beta.map((_, row) => beta.map((__, column) => (row === column ? (row === 0 ? 1e-9 : ridge) : 0)));
    for (const { x, y } of rows) {
      const p = 1 / (1 + Math.exp(-dot(beta, x)));
      for (let row = 0; row < size; row += 1) {
        gradient[row] = (gradient[row] as number) + (y - p) * (x[row] as number);
        const line = hessian[row] as number[];
        for (let column = 0; column < size; column += 1) {
          line[column] = (line[column] as number) + p * (1 - p) * (x[row] as number) * (x[column] as number);
        }
      }
    }
    const step = solve(hessian, gradient);
    beta = beta.map((value, at) => value + (step[at] as number));
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  const [bias = 0, ...fitted] = beta.map((value) => Number(value.toFixed(4)));
  const named = (values: readonly number[]) => Object.fromEntries(signalNames.map((name, at) => [name, values[at]])) as Signals;
  return { bias, weights: named(fitted), squares: named(fitted.slice(signalNames.length)) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
}

/** Gaussian elimination with row exchange. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] as number]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const top = rows[pivot] as number[];
    rows[pivot] = rows[column] as number[];
    rows[column] = top;
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const line = rows[row] as number[];
      const factor = (line[column] as number) / (top[column] as number);
      for (let at = column; at <= size; at += 1) line[at] = (line[at] as number) - factor * (top[at] as number);
    }
  }
  return rows.map((row, at) => (row[size] as number) / (row[at] as number));
}
