import { isOpenAt } from '../knowledge/calendar/business-hours.ts';
import { essence } from '../knowledge/text/normalize.ts';
import { askCallBack, wayBack } from './cases.ts';
import type { HandoffReason, Skill } from './handoff-request.ts';
import * as wording from './handoff-wording.ts';
import { choice } from './intake/act.ts';
import { askAgain } from './intake/asking.ts';
import { callBackLabel } from './intake/wording.ts';
import type { Message } from './message.ts';
import * as messages from './messages.ts';
import type { Rating } from './reply.ts';
import { offer, say } from './say.ts';
import type { Response, Turn, TurnResult } from './turn.ts';

/**
 * Asks for a person: into the queue, with the place in it told, while somebody is there; otherwise a message is taken. Who waits already is
 * told where they stand.
 */
export function askForPerson(reason: HandoffReason, turn: Turn): Response {
  const { agency, session, now, found } = turn;
  if (!agency.desk) return nobodyHere(turn);
  const { hours } = agency.desk;
  if (!session.handoff && hours && !isOpenAt(hours, now)) return takeMessage(reason, wording.outOfHours(hours, now), turn);
  if (found?.kind !== 'desk') return { lookUp: { kind: 'readDesk' } };
  const { position, waitMinutes } = found;
  if (session.handoff) return offerWhileWaiting(queued(turn, wording.stillQueued(position, waitMinutes), position), turn);
  if (found.agents === 0) return takeMessage(reason, wording.nobodyOnDuty(agency.contact), turn);
  const { inquiry: _, ...rest } = session;
  const waiting = { ...turn, session: { ...rest, handoff: { reason, since: now } } };
  const requested = queued(waiting, wording.queued(position, waitMinutes), position);
  const skill = skillFor(turn);
  const request = { kind: 'requestHandoff' as const, reason, returning: session.cases.length > 0, ...(skill && { skill }) };
  return offerWhileWaiting({ ...requested, effects: [request] }, turn);
}

function queued(turn: Turn, text: string, position: number): TurnResult {
  return say(turn, { kind: 'handoff', handoff: 'requested', position }, text);
}

function offerWhileWaiting(result: TurnResult, turn: Turn): TurnResult {
  return offer(result, [choice(wording.leaveQueueLabel, { do: 'leave-queue' }), ...wayBack(turn)]);
}

/** Where the agency has no desk, staff are reached as the operator has worded it. */
function nobodyHere(turn: Turn): TurnResult {
  const told = say(turn, { kind: 'handoff', handoff: 'failed' }, messages.noPersonOnline(turn.agency));
  return offer(told, [choice(callBackLabel, { do: 'call-back' }), ...wayBack(turn)]);
}

function takeMessage(reason: HandoffReason, why: string, turn: Turn): Response {
  return askCallBack(reason === 'unknown-notice' ? reason : 'needs-person', turn, { why });
}

/** What the person should know about, by what the conversation was about last. */
function skillFor({ session, knowledge }: Turn): Skill | undefined {
  if (session.form?.filingType === 'license') return 'license';
  const category = session.answered && knowledge.entry(session.answered.topic)?.category;
  return category === 'conflict' || category === 'license' || category === 'province' ? category : undefined;
}

/** What is said to the queue while somebody waits in it: they leave it, or ask how long it takes. */
export function answerInQueue(text: string, turn: Turn): Response | undefined {
  if (!turn.session.handoff) return undefined;
  const said = essence(text);
  if (leaves.test(said)) return leaveQueue(turn);
  return asksPlace.test(said) ? askForPerson(turn.session.handoff.reason, turn) : undefined;
}

const leaves =
  /^(?:我|那|那就|算了)*(?:不(?:想)?(?:再)?(?:等|排|排队|转)(?:了|人工|客服|队|接)*|不用(?:转|等|排队)?(?:人工|客服|了)+|取消(?:排队|转接|人工|转人工)|(?:退出|离开)(?:排队|队列))(?:吧|啦)?$/;
const asksPlace =
  /^(?:现在|我|我们)?(?:排(?:队)?到?(?:第几|几号|哪)(?:位|个|号|里|儿)?|前面(?:还)?有(?:几|多少)(?:个|位)?人?|(?:还)?(?:要|得|需要)(?:再)?等(?:多久|多长时间|几分钟)|(?:人工|客服)(?:还没|什么时候|怎么还不)(?:来|到|接|好))(?:了|呢|啊|吗)*$/;

export function leaveQueue(turn: Turn): Response {
  const { handoff, ...session } = turn.session;
  if (!handoff) return say(turn, 'notice', messages.nothingToStop());
  const left = { ...turn, session };
  const result = say(left, { kind: 'handoff', handoff: 'failed' }, wording.leftQueue, [{ kind: 'leaveQueue' }]);
  return offer(result, wayBack(left));
}

/** What became of a handoff is told, unless it has been overtaken: somebody who has left the queue meanwhile is told nothing. */
export function tellHandoff({ event, agent }: Extract<Message, { kind: 'handoff' }>, turn: Turn): TurnResult {
  const { handoff, ...session } = turn.session;
  switch (event) {
    case 'timed-out': {
      if (!handoff) return { session, replies: [], effects: [] };
      const told = say({ ...turn, session }, { kind: 'handoff', handoff: 'failed' }, wording.timedOut);
      return offer(told, [
        choice(callBackLabel, { do: 'call-back' }),
        choice(wording.waitOnLabel, { do: 'person', reason: handoff.reason }),
        ...wayBack(turn),
      ]);
    }
    case 'unanswered':
    case 'transferred': {
      const waiting = { ...turn, session: { ...session, handoff: handoff ?? { reason: 'asked' as const, since: turn.now } } };
      const text = event === 'unanswered' ? wording.unanswered : wording.transferred(agent);
      return offerWhileWaiting(say(waiting, { kind: 'handoff', handoff: 'requested' }, text), turn);
    }
    case 'completed':
      return askRating({ ...turn, session });
  }
}

function askRating(turn: Turn): TurnResult {
  const choices = (Object.keys(wording.ratingLabels) as Rating[]).map((rating) => ({
    label: wording.ratingLabels[rating],
    pick: { kind: 'rating' as const, rating },
  }));
  const told = say(turn, { kind: 'handoff', handoff: 'completed' }, wording.completed);
  return offer(told, [...choices, ...wayBack(turn)], wording.ratingInvitation);
}

/** Notes how the customer found it; a form that was interrupted goes on. */
export function takeRating(rating: Rating, turn: Turn): Response {
  const { form } = turn.session;
  const effects = [{ kind: 'rateHandoff' as const, rating }];
  const thanks = wording.thanksForRating(rating);
  return form && !form.paused ? askAgain(form, turn, { said: [thanks], effects }) : say(turn, 'notice', thanks, effects);
}

/** The customer has done with the person and says so in these very words: the bot is there again. */
export function leavesAgent(text: string): boolean {
  return /^(?:结束(?:会话|对话|人工|人工服务)|(?:转|换|回|返)回?到?(?:机器人|智能客服|备案助手)|不用人工了|退出人工)$/.test(essence(text));
}

export function leaveAgent(turn: Turn): TurnResult {
  const { handoff: _, ...session } = turn.session;
  const told = askRating({ ...turn, session });
  return { ...told, effects: [...told.effects, { kind: 'leaveAgent' }] };
}
