import { type FaqEntry, isExpired } from '../knowledge/faq-entry.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Match, RankedTopic } from '../knowledge/matching/faq-index.ts';
import { maskPersonalData } from '../knowledge/text/mask.ts';
import { splitQuestions } from '../knowledge/text/split-questions.ts';
import { chinaDay } from './china-day.ts';
import { datedQuestion } from './dated-question.ts';
import { offerPerson, offerPersonAfter } from './handoff-offer.ts';
import { offersAfter } from './intake/offers.ts';
import * as messages from './messages.ts';
import { isPlaceOnly, numberReply, placeReply, type Whereabouts, whereaboutsOf } from './place.ts';
import type { Choice, Reply } from './reply.ts';
import { withoutChoices } from './say.ts';
import type { Turn, TurnResult } from './turn.ts';

const mostSuggestions = 3;
const mostNeighbours = 2;

/** Answers a question from the knowledge base, offers the nearest topics, or says that there is no reliable answer. */
export function answerQuestion(question: string, turn: Turn): TurnResult {
  const where = whereaboutsOf(question);
  const here = where ? { ...turn, session: { ...turn.session, province: where.province } } : turn;
  const number = numberReply(question, chinaDay(turn.now));
  if (number?.alone) return { session: here.session, replies: [numberNotice(number)], effects: [] };
  const answered = answerByDate(question, here) ?? (where ? answerForPlace(where, question, here) : answer(question, here));
  return number ? withNumber(number, answered) : answered;
}

/** Where the question is not known for sure, what the number in it is can be said at least: 京ICP证030173号，这个号是真的吗. */
function withNumber(number: Pick<Reply, 'text'>, answered: TurnResult): TurnResult {
  const kinds = answered.replies.map(({ kind }) => kind);
  if (kinds.includes('suggest')) return { ...answered, replies: [numberNotice(number), ...answered.replies] };
  return kinds.includes('unknown') ? { ...answered, replies: [numberNotice(number)] } : answered;
}

function numberNotice({ text }: Pick<Reply, 'text'>): Reply {
  return { kind: 'notice', text, choices: [] };
}

/** A question that names a day and asks when gets the date that follows, counted on the work calendar. */
function answerByDate(question: string, turn: Turn): TurnResult | undefined {
  const { session, knowledge, now } = turn;
  const dated = datedQuestion(question, chinaDay(now), session.answered?.topic, (text, after) =>
    knowledge.match(text, after === undefined ? {} : { after }),
  );
  if (!dated || !knowledge.entry(dated.topic)) return undefined;
  const { topic, text, provenance } = dated;
  return giveAnswer({ id: topic, confidence: 1 }, question, turn, { text, provenance });
}

/** 广东呢 asks the last topic for another province; a question that names a place is answered for it. */
function answerForPlace(where: Whereabouts, question: string, turn: Turn): TurnResult {
  const { session, knowledge } = turn;
  if (!isPlaceOnly(where)) {
    const direct = answer(question, turn);
    const isAnswered = direct.replies.some(({ kind }) => kind === 'answer');
    return isAnswered || knowledge.match(where.rest).decision !== 'answer' ? direct : answer(where.rest, turn);
  }
  const topic = session.answered?.topic;
  const reply = placeReply(where.province, topic) ?? placeReply(where.province, undefined);
  const told = topic ?? generalProvinceTopic;
  if (!reply || !knowledge.entry(told)) return answer(question, turn);
  return giveAnswer({ id: told, confidence: 1 }, question, turn, {
    ...reply,
    invitation: messages.answerInvitation,
    choices: feedbackChoices(),
  });
}

const generalProvinceTopic = 'province-rules-where';

function answer(question: string, turn: Turn): TurnResult {
  return answerSeveral(question, turn) ?? answerOne(question, turn);
}

function answerOne(question: string, turn: Turn): TurnResult {
  const { session, knowledge, agency } = turn;
  const after = session.answered?.topic;
  const { decision, results } = knowledge.match(question, after === undefined ? {} : { after });
  const [best] = results;
  if (decision === 'answer' && best) return giveAnswer(best, question, turn);
  const missed = {
    effects: [{ kind: 'recordMiss' as const, question, nearest: results.slice(0, mostSuggestions) }],
    session: { ...session, missesInARow: session.missesInARow + 1 },
  };
  if (decision === 'suggest') {
    const topics = results.slice(0, mostSuggestions).map(({ id }) => id);
    const text = messages.suggestion();
    const choices = [...topicChoices(topics, knowledge), ...personAfterMisses(missed.session.missesInARow, turn)];
    return { ...missed, replies: [{ kind: 'suggest', topics, text, invitation: messages.suggestionInvitation, choices }] };
  }
  return {
    ...missed,
    replies: [
      {
        kind: 'unknown',
        text: messages.unknown(agency, missed.session.missesInARow),
        invitation: messages.unknownInvitation,
        choices: [
          ...topicChoices(knowledge.mostAsked.slice(0, mostSuggestions), knowledge),
          ...personAfterMisses(missed.session.missesInARow, turn),
        ],
      },
    ],
  };
}

/** Who was not understood twice is offered a person. */
function personAfterMisses(misses: number, turn: Turn): Choice[] {
  return misses > 1 ? offerPerson('misses', turn) : [];
}

/** Answers to all questions of a message, when it holds several and each of them is understood. */
function answerSeveral(message: string, turn: Turn): TurnResult | undefined {
  const questions = splitQuestions(message);
  if (questions.length < 2) return undefined;
  const found: ({ question: string } & Match)[] = [];
  for (const question of questions) {
    // "备案要收费吗？要多久？": a later one may lean on the one before.
    const after = found.at(-1)?.results[0]?.id;
    found.push({ question, ...turn.knowledge.match(question, after === undefined ? {} : { after }) });
  }
  const topics = new Set(found.map(({ results }) => results[0]?.id));
  if (found.some(({ decision }) => decision !== 'answer') || topics.size < found.length) return undefined;
  const answers = found.flatMap(({ question, results: [best] }) => (best ? [giveAnswer(best, question, turn)] : []));
  const last = answers.at(-1);
  // Only the last one asks whether it was useful: a click has to be about one answer.
  const earlier = answers.slice(0, -1).flatMap(({ replies }) => replies.map(withoutChoices));
  return last && { ...last, replies: [...earlier, ...last.replies], effects: answers.flatMap(({ effects }) => effects) };
}

/** What is said of a topic instead of its reviewed answer, as far as it differs. */
type Wording = Partial<Pick<Reply, 'text' | 'provenance' | 'invitation' | 'choices'>>;

/** The answer to a topic, with what it rests on; one that is past its date is not given as current, in whatever wording. */
export function giveAnswer({ id, confidence }: RankedTopic, question: string, turn: Turn, wording?: Wording): TurnResult {
  const { session, knowledge, agency, now } = turn;
  const entry = knowledge.entry(id);
  if (!entry) throw new Error(`The index found topic ${id}, which the knowledge base does not have.`);
  if (isExpired(entry, chinaDay(now))) {
    const text = messages.expired(entry, agency);
    const effects = [{ kind: 'recordMiss' as const, question, nearest: [{ id, confidence }] }];
    return { session, replies: [{ kind: 'notice', text, choices: offerPerson('needs-person', turn) }], effects };
  }
  // It waits for 有用 or 没用: what was typed beside the question is nobody's business until then.
  const answered = { ...session, missesInARow: 0, answered: { topic: id, question: maskPersonalData(question) } };
  const general = answerReply(entry, confidence, turn);
  if (wording) return { session: answered, replies: [{ ...general, ...wording }], effects: [] };
  const local = session.province === undefined ? undefined : placeReply(session.province, id);
  // The general answer first; what differs in the customer's province follows it, and asks whether it was useful.
  return { session: answered, replies: local ? [withoutChoices(general), { ...general, ...local }] : [general], effects: [] };
}

export function topicChoices(topics: readonly string[], knowledge: Knowledge): Choice[] {
  return topics.flatMap((topic) => {
    const entry = knowledge.entry(topic);
    return entry ? [{ label: entry.question, pick: { kind: 'topic', topic } }] : [];
  });
}

/** The topics next to one: first those that people mix up with it, then what they ask afterwards. */
export function neighboursOf(entry: FaqEntry, most: number): string[] {
  return [...new Set([...entry.confusableWith, ...entry.related])].slice(0, most);
}

function answerReply(entry: FaqEntry, confidence: number, turn: Turn): Reply {
  const neighbours = neighboursOf(entry, mostNeighbours);
  return {
    kind: 'answer',
    topic: entry.id,
    confidence,
    text: entry.answer.trim(),
    provenance: messages.provenance(entry),
    invitation: neighbours.length > 0 ? messages.answerInvitationWithMore : messages.answerInvitation,
    choices: [
      ...feedbackChoices(),
      ...topicChoices(neighbours, turn.knowledge),
      ...offersAfter(entry.id),
      ...offerPersonAfter(entry.id, turn),
    ],
  };
}

function feedbackChoices(): Choice[] {
  return [
    { label: messages.usefulLabel, pick: { kind: 'feedback', useful: true } },
    { label: messages.notUsefulLabel, pick: { kind: 'feedback', useful: false } },
  ];
}
