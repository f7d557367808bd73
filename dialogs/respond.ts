import { essence } from '../knowledge/text/normalize.ts';
import { readPick } from './choices.ts';
import { type Command, readCommand } from './commands.ts';
import { answerQuestion, giveAnswer, neighboursOf, topicChoices } from './faq.ts';
import * as messages from './messages.ts';
import type { Choice, Pick, ReplyKind } from './reply.ts';
import { newSession } from './session.ts';
import { readSmallTalk } from './small-talk.ts';
import type { Turn, TurnResult } from './turn.ts';

/** Decides who answers: a person, a command, a choice offered before, small talk, or the knowledge base. */
export function respond(turn: Turn): TurnResult {
  // While a person is in charge the bot keeps silent; the person reads the message in the transcript.
  if (turn.owner.kind === 'agent') return { session: turn.session, replies: [], effects: [] };
  const result = read(turn);
  return { ...result, session: { ...result.session, greeted: true, choices: choicesAfter(result) } };
}

/** What a number or a label picks from now on. Small talk leaves earlier choices open, except a question about erasure. */
function choicesAfter({ replies, session }: TurnResult): Choice[] {
  const offered = replies.at(-1)?.choices ?? [];
  if (offered.length > 0) return offered;
  return session.choices.some(({ pick }) => pick.kind === 'erasure') ? [] : session.choices;
}

function read(turn: Turn): TurnResult {
  const { message, session } = turn;
  switch (message.kind) {
    case 'join':
      return session.greeted ? { session, replies: [], effects: [] } : greet(turn);
    case 'files':
      return message.text ? readText(message.text, turn) : say(turn, 'notice', messages.filesReceived(message.count));
    case 'text':
      return readText(message.text, turn);
  }
}

function readText(text: string, turn: Turn): TurnResult {
  const command = readCommand(text);
  if (command) return obey(command, turn);
  const pick = readPick(text, turn.session.choices);
  if (pick) return follow(pick, text, turn);
  const smallTalk = readSmallTalk(text);
  if (smallTalk === 'hello')
    return turn.session.greeted ? withMenu(say(turn, 'smalltalk', messages.smallTalk('hello', turn.agency)), turn) : greet(turn);
  if (smallTalk) return say(turn, 'smalltalk', messages.smallTalk(smallTalk, turn.agency));
  if (essence(text) === '') return withMenu(say(turn, 'unknown', messages.unreadable()), turn);
  return answerQuestion(text, turn);
}

function obey(command: Command, turn: Turn): TurnResult {
  switch (command) {
    case 'help':
      return withMenu(say(turn, 'notice', messages.help()), turn);
    case 'person':
      return say(turn, { kind: 'handoff', handoff: 'failed' }, messages.noPersonOnline(turn.agency));
    case 'restart':
      return withMenu({ ...say(turn, 'notice', messages.restarted()), session: newSession }, turn);
    case 'nothing-to-stop':
      return say(turn, 'notice', messages.nothingToStop());
    case 'erase': {
      const asked = say(turn, 'notice', messages.confirmErasure());
      return offer(asked, [
        { label: messages.eraseLabel, pick: { kind: 'erasure', confirmed: true } },
        { label: messages.keepLabel, pick: { kind: 'erasure', confirmed: false } },
      ]);
    }
  }
}

function follow(pick: Pick, said: string, turn: Turn): TurnResult {
  switch (pick.kind) {
    case 'topic':
      // A topic offered days ago may be gone from the knowledge base since.
      return turn.knowledge.entry(pick.topic) ? giveAnswer({ id: pick.topic, confidence: 1 }, said, turn) : answerQuestion(said, turn);
    case 'feedback':
      return takeFeedback(pick.useful, turn);
    case 'erasure':
      return pick.confirmed
        ? { ...say(turn, 'notice', messages.erased(turn.turnId)), session: newSession, effects: [{ kind: 'eraseCustomer' }] }
        : say(turn, 'notice', messages.kept());
  }
}

function takeFeedback(useful: boolean, turn: Turn): TurnResult {
  const { session, knowledge, agency } = turn;
  const { answered } = session;
  if (!answered) return say(turn, 'notice', messages.thanksForUseful());
  const noted = {
    session: { ...session, answered: { ...answered, useful } },
    // A second click on the same button says nothing new.
    effects:
      answered.useful === useful ? [] : [{ kind: 'recordFeedback' as const, topic: answered.topic, question: answered.question, useful }],
  };
  if (useful) return { ...say(turn, 'notice', messages.thanksForUseful()), ...noted };
  const entry = knowledge.entry(answered.topic);
  const neighbours = topicChoices(entry ? neighboursOf(entry, 3) : [], knowledge);
  const sorry = say(turn, 'notice', messages.sorryForNotUseful(agency));
  return { ...offer(sorry, neighbours, messages.neighboursInvitation), ...noted };
}

function greet(turn: Turn): TurnResult {
  return withMenu(say(turn, 'smalltalk', messages.greeting(turn.agency)), turn);
}

function say(turn: Turn, kind: ReplyKind | 'unknown' | 'smalltalk' | 'notice', text: string): TurnResult {
  const reply = typeof kind === 'string' ? { kind } : kind;
  return { session: turn.session, replies: [{ ...reply, text, choices: [] }], effects: [] };
}

function offer(result: TurnResult, choices: Choice[], invitation?: string): TurnResult {
  const replies = result.replies.map((reply) => ({ ...reply, choices, ...(invitation && { invitation }) }));
  return { ...result, replies };
}

function withMenu(result: TurnResult, { knowledge }: Turn): TurnResult {
  return offer(result, topicChoices(knowledge.mostAsked, knowledge), messages.mostAskedInvitation);
}
