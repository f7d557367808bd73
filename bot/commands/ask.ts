import { parseArgs } from 'node:util';
import { respond } from '../../dialogs/respond.ts';
import { newSession } from '../../dialogs/session.ts';
import type { Response, TurnResult } from '../../dialogs/turn.ts';
import { loadKnowledge } from '../../knowledge/knowledge.ts';
import { readProcessConfig } from '../config.ts';
import { knowledgeFiles } from '../paths.ts';

/** `npm run ask -- "…"`: what the bot would say to one question; `--json` for `{decision, results, answer}`. */
const { values, positionals } = readArguments();
const question = positionals.join(' ').trim();
if (question === '') explainUse();
const knowledge = loadKnowledge(knowledgeFiles);
const turn = {
  message: { kind: 'text' as const, text: question },
  session: { ...newSession, greeted: true },
  owner: { kind: 'bot' as const },
  knowledge,
  agency: readProcessConfig().agency,
  now: Date.now(),
  turnId: 'ASK',
};
const response = respond(turn);
// Cases are none of this command's business: whoever asks for one is told that there is none.
const { replies } = 'lookUp' in response ? finalOf(respond({ ...turn, found: { kind: 'nothing' } })) : response;
const answer = replies.flatMap(({ text, provenance }) => (provenance ? [text, provenance] : [text])).join('\n\n');
if (values.json) console.log(JSON.stringify({ ...knowledge.match(question), answer }, null, 2));
else console.log(answer);

function finalOf(response: Response): TurnResult {
  if ('lookUp' in response) throw new Error(`The turn asked for ${response.lookUp.kind} again after it was told that there is nothing.`);
  return response;
}

function readArguments() {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false } }, allowPositionals: true });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return explainUse();
  }
}

function explainUse(): never {
  console.error('Give a question: npm run ask -- "备案密码忘了怎么办"; --json for programs');
  process.exit(2);
}
