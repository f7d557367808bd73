import type { Evidence } from './evidence.ts';
import type { Operation, Request } from './operations.ts';
import { type Course, carryOut, type Outcome, type RunOptions } from './run.ts';

/**
 * Judges what has become of an operation. Whatever went wrong on the way, there has to be in the end what there would be without it: to the
 * word, once, in order. What may differ is the course that things took, and each course that may be taken is carried out to
 * compare with: turns that came late; a case that was saved late, so that a turn soon after still saw it as before; a request that was
 * never acknowledged, and was not made, or was made at last.
 */
export class Oracle {
  readonly #operation: Operation;
  readonly #options: Pick<RunOptions, 'newPlace' | 'saved'>;
  readonly #known = new Map<string, Evidence>();

  /** `options`: where the operation is carried out without mishap, and from which beginning. */
  constructor(operation: Operation, options: Pick<RunOptions, 'newPlace' | 'saved'>) {
    this.#operation = operation;
    this.#options = options;
  }

  /** What is wrong, by the course that explains most of it; nothing where all is well. */
  async faultsOf({ evidence, unacknowledged }: Outcome): Promise<string[]> {
    let fewest: string[] | undefined;
    for (const course of this.#courses(unacknowledged)) {
      const faults = differences(await this.evidenceOf(course), evidence);
      if (faults.length === 0) return [];
      if (!fewest || faults.length < fewest.length) fewest = faults;
    }
    return fewest ?? [];
  }

  /** What there is at the end of a course without mishap. */
  async evidenceOf(course: Course = {}): Promise<Evidence> {
    const { without, last, lateFrom, hasLateErrands } = course;
    const name = [without?.name, last?.name, lateFrom?.name, hasLateErrands].join('|');
    const known = this.#known.get(name);
    if (known) return known;
    const { evidence } = await carryOut(this.#operation, { ...this.#options, course });
    this.#known.set(name, evidence);
    return evidence;
  }

  #courses(unacknowledged: Request | undefined): Course[] {
    const late = [undefined, ...this.#operation.requests.filter(({ inbound }) => inbound)];
    const asked: Course[] = unacknowledged ? [{}, { without: unacknowledged }, { last: unacknowledged }] : [{}];
    return asked.flatMap((course) => [
      ...late.filter((request) => request === undefined || request !== course.without).map((lateFrom) => ({ ...course, lateFrom })),
      { ...course, hasLateErrands: true },
    ]);
  }
}

/** In the words of those who count: lost, doubled, unexpected, out of order; and what is left undone. */
export function differences(expected: Evidence, found: Evidence): string[] {
  const { told, notes } = withoutUnknown(found);
  return [
    ...compare('message', expected.said, found.said),
    ...compare('reply', expected.replies.map(asLine), found.replies.map(asLine)),
    ...compare('note', expected.notes, notes),
    ...compare('shown', expected.shown, found.shown).filter((fault) => !(told > 0 && fault.startsWith('lost'))),
    ...compare('case', expected.cases, found.cases),
    ...compare('file', expected.files, found.files),
    ...(expected.owner === found.owner ? [] : [`wrong owner: ${found.owner} for ${expected.owner}`]),
    ...compare('memory of', expected.again, found.again),
    ...found.waiting.map((kind) => `never done: ${kind}`),
    ...found.twoHolders.map((item) => `two holders: ${item}`),
  ];
}

const asLine = ({ to, text }: Evidence['replies'][number]) => `${to} -> ${text}`;

/** A message of which nobody knows whether it was shown is not shown again, but noted: in such a case one may be missing, and one noted. */
function withoutUnknown({ notes }: Evidence): { told: number; notes: string[] } {
  const known = notes.filter((note) => !note.includes('"undelivered"'));
  return { told: notes.length - known.length, notes: known };
}

function compare(what: string, expected: readonly string[], found: readonly string[]): string[] {
  const count = (list: readonly string[], item: string) => list.filter((each) => each === item).length;
  const faults = [...new Set([...expected, ...found])].flatMap((item) => {
    const [should, does] = [count(expected, item), count(found, item)];
    if (does < should) return [`lost ${what}: ${item}`];
    if (does > should) return [`${should > 0 ? 'doubled' : 'unexpected'} ${what}: ${item}`];
    return [];
  });
  if (faults.length > 0 || expected.every((item, at) => item === found[at])) return faults;
  return [`out of order: ${what} ${found.join(' / ')}`];
}
