import { chinaDay } from '../../dialogs/china-day.ts';
import { progressOf } from '../../dialogs/intake/asking.ts';
import { documentTitle } from '../../dialogs/intake/document-choices.ts';
import { fields } from '../../dialogs/intake/fields.ts';
import type { Form } from '../../dialogs/intake/form.ts';
import { openFields } from '../../dialogs/intake/steps.ts';
import { caseStateLabels, filingTypeLabels } from '../../dialogs/intake/wording.ts';
import type { Session } from '../../dialogs/session.ts';
import { type Day, daysBetween } from '../../knowledge/calendar/days.ts';
import { type CaseDeadline, caseDeadline, type Dated } from '../../knowledge/filing/case-deadline.ts';
import type { FilingCase } from '../../knowledge/filing/filing-case.ts';
import { fieldKeys } from '../../knowledge/filing/form.ts';
import type { Knowledge } from '../../knowledge/knowledge.ts';
import { maskCertificates } from '../../knowledge/text/mask.ts';
import { provinceName, staffValue } from '../cases/staff-view.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Handoff } from '../handoffs/handoff.ts';
import type { Brief, Entry } from './desk-api.ts';

const mostAsked = 5;

export interface Known {
  conversation: Conversation;
  session: Session;
  handoff: Handoff | undefined;
  entries: readonly Entry[];
  cases: readonly FilingCase[];
  knowledge: Knowledge;
  /** The day in China. */
  today: Day;
}

/** What an agent reads before the transcript: who it is, what they asked and were answered, and how far their form is. */
export function briefOf({ conversation, session, handoff, entries, cases, knowledge, today }: Known): Brief {
  const { form, answered } = session;
  const deadline = nextDeadline(cases, form, today);
  const province = provinceName(form?.values.filerProvince ?? session.province);
  return {
    customer: customerName(conversation),
    channel: conversation.channel,
    startedAt: conversation.startedAt,
    ...(province && { province }),
    ...(handoff && { reason: handoff.reason, since: handoff.requestedAt }),
    asked: askedIn(entries, knowledge).map((each) =>
      each.topic === answered?.topic && answered?.useful !== undefined ? { ...each, useful: answered.useful } : each,
    ),
    ...(form && { form: formOf(form) }),
    cases: cases.map(({ number, state, filingType, values }) => ({
      number,
      state: caseStateLabels[state],
      title: filingTypeLabels[filingType],
      filer: maskCertificates(values.filerName ?? values.contactName ?? ''),
    })),
    ...(deadline && { deadline }),
  };
}

/** The nearest deadline of the cases, and of a form that is no case yet. */
function nextDeadline(cases: readonly FilingCase[], form: Form | undefined, today: Day): Brief['deadline'] {
  const ofCases = cases.map((filed) => ({ caseNumber: filed.number, ...caseDeadline(datedCase(filed), today) }));
  const ofForm = form && !form.number ? [caseDeadline({ ...form, state: 'drafting', since: chinaDay(form.startedAt) }, today)] : [];
  const [nearest] = [...ofCases, ...ofForm].filter(isDated).sort((a, b) => a.day.localeCompare(b.day));
  if (!nearest) return undefined;
  const { calendarEstimated: about, ...told } = nearest;
  return { ...told, daysLeft: daysBetween(today, told.day), about };
}

function datedCase({ filingType, state, values, startedAt, history }: FilingCase): Dated {
  const { at = startedAt, note } = history.at(-1) ?? {};
  return { filingType, state, values, since: chinaDay(at), note };
}

function isDated(each: (Partial<CaseDeadline> & { caseNumber?: string }) | undefined): each is CaseDeadline & { caseNumber?: string } {
  return each?.day !== undefined;
}

/** What the desk calls a customer. */
export function customerName({ id, user }: Pick<Conversation, 'id' | 'user'>): string {
  return user?.name ?? `访客 ${id.slice(-4)}`;
}

/** The last questions, with what the bot answered to each; choices picked and commands are none. */
function askedIn(entries: readonly Entry[], knowledge: Knowledge): Brief['asked'] {
  const asked: Brief['asked'] = [];
  entries.forEach((entry, at) => {
    const reply = entries[at + 1];
    if (entry.from !== 'customer' || reply?.from !== 'bot') return;
    const { kind, topic, confidence } = reply;
    if (kind === 'answer' && topic !== undefined) {
      const title = knowledge.entry(topic)?.question;
      asked.push({ question: entry.text, topic, ...(title && { title }), ...(confidence !== undefined && { confidence }) });
    } else if (kind === 'suggest' || kind === 'unknown') asked.push({ question: entry.text });
  });
  return asked.slice(-mostAsked);
}

function formOf(form: Form): NonNullable<Brief['form']> {
  const { number, filingType, values, documents, paused } = form;
  const { done, total } = filingType ? progressOf(form) : { done: 0, total: 0 };
  const [next] = filingType ? openFields(form) : [];
  return {
    ...(number && { number }),
    title: filingType ? filingTypeLabels[filingType] : '办理事项还没有确定',
    done,
    total,
    paused,
    items: fieldKeys
      .filter((key) => values[key] !== undefined)
      .map((key) => ({ field: key, label: fields[key].label, value: staffValue(key, values, false) })),
    ...(next && { next: { field: next, label: fields[next].label } }),
    documents: documents.map(({ kind, name, unscanned }) => ({
      title: documentTitle(kind, { filingType: filingType ?? 'initial', values }),
      name: maskCertificates(name),
      ...(unscanned && { unscanned }),
    })),
  };
}
