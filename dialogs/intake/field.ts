import type { Result } from '../../knowledge/entities/result.ts';
import type { FieldKey, Values } from '../../knowledge/filing/form.ts';
import type { SeveralChoices } from '../reply.ts';
import type { Problem, Remark } from './problems.ts';

/** One item of a case: how it is asked for, read and shown. The tables stand in `fields/`. */
export interface Field {
  key: FieldKey;
  /** As in the summary and in 改…: 联系手机. */
  label: string;
  /** What else customers call it after 改: 电话, 手机. */
  names?: readonly string[];
  /** The question, one or two short sentences. */
  ask: string | ((values: Values) => string);
  /** The answer to 为什么要填这个. */
  why: string;
  /** What a good answer looks like; made up, never a real person or company. */
  example?: string;
  /** The same for a filer who is an individual, where theirs looks different. */
  personalExample?: string;
  /** Answers to choose from. */
  options?: readonly Option[] | ((values: Values) => readonly Option[]);
  /** Several of the options may be picked. */
  several?: Several;
  read(typed: string, context: ReadContext): Reading;
  /** `personal` is asked for after the general consent, `certificate` after one of its own; both are masked in every echo. */
  privacy?: 'personal' | 'certificate';
  /** Taken when it is said, not asked for. */
  optional?: true;
  /** Nearly anything can be an answer, so that a question in between has to be told apart by its form. */
  freeText?: true;
  /** How a value is shown; left out where `options` or the value itself say it. Masking comes on top. */
  show?(value: string): string;
}

export interface Option {
  value: string;
  label: string;
  /** What else customers say for it. */
  words?: readonly string[];
  /** Told when it is picked. */
  remark?: Remark;
}

/** How several options go together: each of `alone` with no other, and at most `most`. */
export interface Several {
  alone?: readonly string[];
  most?: number;
}

export interface ReadContext {
  values: Values;
  /** The day in China, 2026-11-24. */
  today: string;
}

export type Reading = Result<Read, Problem>;

export interface Read {
  value: string;
  /** What the customer should know or look at again; the value stands. */
  remarks?: readonly Remark[];
  /** The value that was probably meant: the customer is asked before it is taken. */
  suggestion?: string;
  /** What the same words say about other fields. */
  also?: Values;
}

export function optionsOf({ options = [] }: Field, values: Values): readonly Option[] {
  return typeof options === 'function' ? options(values) : options;
}

/** The same in labels, for whoever shows the options; undefined where one is to be picked. */
export function severalOf(field: Field, values: Values): SeveralChoices | undefined {
  const options = optionsOf(field, values);
  if (!field.several || options.length < 2) return undefined;
  const { alone = [], most } = field.several;
  const labels = options.flatMap(({ value, label }) => (alone.includes(value) ? [label] : []));
  return { alone: labels, ...(most !== undefined && most < options.length && { most }) };
}

export function questionOf({ ask }: Field, values: Values): string {
  return typeof ask === 'function' ? ask(values) : ask;
}

/** An example that fits who files. */
export function exampleFor({ example, personalExample }: Field, { filerKind }: Values): string | undefined {
  return filerKind === 'individual' ? (personalExample ?? example) : example;
}
