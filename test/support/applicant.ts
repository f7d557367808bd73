import { exampleFor, optionsOf } from '../../dialogs/intake/field.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import * as wording from '../../dialogs/intake/wording.ts';
import type { Reply } from '../../dialogs/reply.ts';
import type { FieldKey, Values } from '../../knowledge/filing/form.ts';
import type { Customer } from './customer.ts';

export interface Application {
  /** The number of the opened case. */
  number: string;
  /** Items that were asked for, in order. */
  asked: FieldKey[];
  /** Turns of the customer, from the wish to the submission. */
  turns: number;
}

const mostTurns = 120;

/** What a customer says to a question: the value that the table has for the item, by its label where it is a choice, or the item's example. */
export function wordsFor(key: FieldKey, answers: Values, values: Values): string {
  const code = answers[key];
  const options = optionsOf(fields[key], values);
  if (code !== undefined) return options.find(({ value }) => value === code)?.label ?? code;
  const example = exampleFor(fields[key], values) ?? options[0]?.label;
  if (example === undefined) throw new Error(`The item ${key} has neither an example nor options: name an answer.`);
  return example;
}

/** Fills in a form from beginning to end as a customer who answers what is asked. Throws when it does not come to a case. */
export function apply(
  customer: Customer,
  wish: string,
  answers: Values = {},
  consent: { certificates: boolean } = { certificates: true },
): Application {
  const asked: FieldKey[] = [];
  let replies = customer.says(wish);
  for (let turns = 1; turns < mostTurns; turns += 1) {
    const last = replies.at(-1);
    if (last?.kind === 'opened') return { number: last.caseNumber, asked, turns };
    if (last?.kind === 'ask' && last.field) asked.push(last.field);
    replies = customer.says(answerTo(last, customer, answers, consent));
  }
  throw new Error(`No case after ${mostTurns} turns; asked: ${asked.join(', ')}`);
}

/** What an obliging customer says next. */
export function answerTo(reply: Reply | undefined, customer: Customer, answers: Values, consent = { certificates: true }): string {
  switch (reply?.kind) {
    case 'ask':
      if (reply.field && reply.choices[0]?.label === wording.yesThat) return wording.noAsTyped;
      if (reply.field) return wordsFor(reply.field, answers, customer.session.form?.values ?? {});
      break;
    case 'consent': {
      const [yes, no] = reply.choices.map(({ label }) => label);
      const isCertificates = yes === wording.agreeCertificates;
      return (isCertificates && !consent.certificates ? no : yes) ?? '';
    }
    case 'summary':
      return reply.choices.find(({ label }) => label === wording.submitLabel || label === wording.submitAnywayLabel)?.label ?? '';
    case 'refuse':
      throw new Error(`${reply.field} refused what was said: ${reply.problem}: ${reply.text}`);
  }
  throw new Error(`Nothing to answer in: ${JSON.stringify(reply)}`);
}
