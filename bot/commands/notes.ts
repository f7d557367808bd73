import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readProcessConfig } from '../config.ts';
import type { Note } from '../conversations/conversation.ts';
import { Conversations } from '../conversations/conversations.ts';
import { createLog } from '../log.ts';
import { secretsOf } from '../secrets.ts';
import { dataKeys } from '../store/data-keys.ts';
import { openLmdbStore } from '../store/lmdb-store.ts';
import { openSealedStore } from '../store/sealed-store.ts';
import { allPartitions } from '../store/store.ts';

/** `npm run notes`: what the bot could not answer, and what customers said of its answers, newest first. */
const { values } = parseArgs({
  options: { kind: { type: 'string' }, limit: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
});
const config = readProcessConfig();
const log = createLog({ logLevel: 'warn' });
const keys = dataKeys(secretsOf(config, log).dataKeys);
const store = await openSealedStore(await openLmdbStore({ folder: join(config.dataDir, 'store'), takeOver: false }), keys);
const notes = (await new Conversations(store, new Set()).notes(allPartitions, Number(values.limit))).filter(
  ({ kind }) => values.kind === undefined || kind === values.kind,
);
await store.close();
if (values.json) for (const note of notes) console.log(JSON.stringify(note));
else for (const note of notes) console.log(`${new Date(note.at).toISOString()}  ${note.kind.padEnd(12)} ${describe(note)}`);

function describe(note: Note): string {
  switch (note.kind) {
    case 'miss':
      return `${note.question}   nearest: ${note.nearest.map(({ id, confidence }) => `${id} ${confidence}`).join(', ') || 'nothing'}`;
    case 'feedback':
      return `${note.useful ? 'useful' : 'not useful'}: ${note.topic}   asked: ${note.question}`;
    case 'parked':
      return `turn ${note.turnId}: ${note.reason}`;
    case 'undelivered':
      return note.reason;
  }
}
