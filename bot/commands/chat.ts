import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadKnowledge } from '../../knowledge/knowledge.ts';
import { FilingBot } from '../channels/filing-bot.ts';
import { TerminalAdapter, terminalChannel } from '../channels/terminal.ts';
import { readProcessConfig } from '../config.ts';
import { Conversations } from '../conversations/conversations.ts';
import { Inbox } from '../conversations/inbox.ts';
import { createLog } from '../log.ts';
import { Metrics } from '../metrics.ts';
import { knowledgeFiles } from '../paths.ts';
import { dataKeys } from '../store/data-keys.ts';
import { openLmdbStore } from '../store/lmdb-store.ts';
import { openSealedStore } from '../store/sealed-store.ts';
import { Turns } from '../turns/turns.ts';

/** `npm run chat`: a conversation on the terminal, over the same turns as every channel; nothing of it is kept. */
const { agency } = readProcessConfig();
const log = createLog({ logLevel: 'warn' });
const folder = mkdtempSync(join(tmpdir(), 'filing-chat-'));
const store = await openSealedStore(await openLmdbStore({ folder, takeOver: true }), dataKeys([randomBytes(32)]));
const conversations = new Conversations(store, new Set());
const inbox = new Inbox(store, conversations, new Set(), log);
const knowledge = loadKnowledge(knowledgeFiles);
const turns = new Turns({ inbox, knowledge: () => knowledge, agency, log, metrics: new Metrics(), errands: { wake: () => {} } });
const bot = new FilingBot({ channel: terminalChannel, conversations, turns });
const adapter = new TerminalAdapter(bot, conversations, (text) => console.log(`\n${text}\n`));

await adapter.start();
const lines = createInterface({ input: process.stdin });
for await (const line of lines) if (line.trim() !== '') await adapter.say(line);
await turns.settled();
await turns.stop();
await adapter.shown();
await store.close();
rmSync(folder, { recursive: true });
