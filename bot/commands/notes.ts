import { maskPersonalData } from '../../knowledge/text/mask.ts';
import type { Note } from '../conversations/conversation.ts';
import { Conversations } from '../conversations/conversations.ts';
import { allPartitions } from '../store/store.ts';
import { lookIn, Refusal } from './look-in.ts';
import { Mistake, runCommand, typedArguments } from './run-command.ts';

const kinds: Record<Note['kind'], string> = {
  miss: 'questions that the bot could not answer',
  feedback: 'what customers said of its answers',
  'call-back': 'whom to call back',
  parked: 'messages that could not be processed',
  undelivered: 'replies that did not reach the customer',
};

const usage = `npm run notes -- [--kind KIND] [--limit N] [--json] [--reveal]

${Object.entries(kinds)
  .map(([kind, what]) => `${kind.padEnd(12)} ${what}`)
  .join('\n')}`;

/**
 * `npm run notes`: what the bot could not answer, what customers said of its answers, and whom to call back, newest first. How to reach
 * them, and what they sent, is shown with `--reveal`.
 */
async function main(): Promise<void> {
  const { values } = typedArguments({
    options: {
      kind: { type: 'string' },
      limit: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      reveal: { type: 'boolean', default: false },
    },
  });
  const { kind, json, reveal } = values;
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new Mistake('--limit is a number from 1 on.');
  if (kind !== undefined && !Object.hasOwn(kinds, kind)) throw new Mistake(`There are no notes of the kind ${kind}.`);
  const { store } = await lookIn();
  const notes = (await new Conversations(store, new Set()).notes(allPartitions, limit))
    .filter((note) => kind === undefined || note.kind === kind)
    .map((note) => (reveal ? note : covered(note)));
  await store.close();
  if (json) for (const note of notes) console.log(JSON.stringify(note));
  else for (const note of notes) console.log(`${new Date(note.at).toISOString()}  ${note.kind.padEnd(12)} ${describe(note)}`);
}

function covered(note: Note): Note {
  if (note.kind !== 'call-back') return note;
  const { contact, said } = note;
  return { ...note, ...(contact && { contact: maskContact(contact) }), ...(said && { said: maskPersonalData(said) }) };
}

/** Names and accounts can be told apart from nothing: of a contact without a number the beginning is shown. */
function maskContact(contact: string): string {
  const masked = maskPersonalData(contact);
  return masked === contact.normalize('NFKC') ? `${contact.slice(0, 1)}***` : masked;
}

function describe(note: Note): string {
  switch (note.kind) {
    case 'miss':
      return `${note.question}   nearest: ${note.nearest.map(({ id, confidence }) => `${id} ${confidence}`).join(', ') || 'nothing'}`;
    case 'feedback':
      return `${note.useful ? 'useful' : 'not useful'}: ${note.topic}   asked: ${note.question}`;
    case 'call-back': {
      const { about, contact = 'no contact given', caseNumber, said } = note;
      return [about, contact, caseNumber, said && `said: ${said}`].filter(Boolean).join('   ');
    }
    case 'parked':
      return `turn ${note.turnId}: ${note.reason}`;
    case 'undelivered':
      return note.reason;
  }
}

await runCommand(main, usage, [Refusal]);
