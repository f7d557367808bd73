import { parseArgs } from 'node:util';
import { readProcessConfig } from '../config.ts';
import type { Note } from '../conversations/conversation.ts';
import { Conversations } from '../conversations/conversations.ts';
import { createLog } from '../log.ts';
import { maskPersonalData } from '../mask.ts';
import { secretsOf } from '../secrets.ts';
import { dataKeys } from '../store/data-keys.ts';
import { openStore, requireStore } from '../store/open-store.ts';
import { allPartitions, StoreRefused, StoreUnavailable } from '../store/store.ts';

/**
 * `npm run notes`: what the bot could not answer, what customers said of its answers, and whom to call back, newest first. How to reach
 * them, and what they sent, is shown with `--reveal`.
 */
const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    limit: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
    reveal: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const config = readProcessConfig();
  requireStore(config); // before any secret is made for it
  const log = createLog({ logLevel: 'warn' });
  const store = await openStore(config, dataKeys(secretsOf(config, log).dataKeys), 'look');
  const notes = (await new Conversations(store, new Set()).notes(allPartitions, Number(values.limit)))
    .filter(({ kind }) => values.kind === undefined || kind === values.kind)
    .map((note) => (values.reveal ? note : covered(note)));
  await store.close();
  if (values.json) for (const note of notes) console.log(JSON.stringify(note));
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

try {
  await main();
} catch (error) {
  if (!(error instanceof StoreRefused || error instanceof StoreUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
