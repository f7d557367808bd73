import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStore } from '../../bot/store/lmdb-store.ts';
import { coreOn, talk } from './talk.ts';

/** A process that works on the embedded store until so much is acknowledged, and says what, one line after another, in a file. */
const [folder = '', most = ''] = process.argv.slice(2);
const conversations = 24;

const acknowledged = openSync(join(folder, 'acknowledged'), 'a');
const core = await coreOn(await openLmdbStore({ folder: join(folder, 'store'), takeOver: true }));
let count = 0;
const talkers = Array.from({ length: conversations }, (_, at) =>
  talk(
    core,
    `conversation-${at}`,
    // A few go on longer than the rest: transactions of many turns, and of one or two.
    () => count >= Number(most) * (at < 2 ? 1 : 0.7),
    (message) => {
      count += 1;
      writeSync(acknowledged, `${JSON.stringify(message)}\n`);
    },
  ),
);
await Promise.all(talkers);
process.kill(process.pid, 'SIGKILL');
