import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import { startLabel } from '../messages.ts';
import type { Choice } from '../reply.ts';
import { choice } from './act.ts';
import { doForMe, inquireLabel } from './wording.ts';

/** The case that an answer leads to, for customers who would rather have it done: by topic of `knowledge/faq`. */
const caseOfTopic: Readonly<Record<string, FilingType>> = {
  'filing-process': 'initial',
  'process-first-filing': 'initial',
  'app-filing-process': 'initial',
  'process-add-site': 'add-service',
  'process-add-access': 'add-access',
  'change-info': 'change',
  'change-legal-rep': 'change',
  'change-phone-email': 'change',
  'change-address': 'change',
  'change-site-person': 'change',
  'change-site-name': 'change',
  'change-ip': 'change',
  'change-company-name': 'change',
  'cancel-subject': 'cancel-filer',
  'cancel-site': 'cancel-service',
  'cancel-access': 'cancel-access',
  'lost-filing-password': 'recover-access',
  'phone-lost-recovery': 'recover-access',
  'license-conditions': 'license',
  'license-materials': 'license',
  'license-vs-edi': 'license',
};

/** The topic of those who want to begin. */
export const startTopic = 'agency-start-case';
/** Topics after which a case may be wanted, without saying which. */
const anyCase: ReadonlySet<string> = new Set([startTopic, 'agency-fee', 'agency-role']);
const progress = 'progress-query';

export const offeringTopics: readonly string[] = [...Object.keys(caseOfTopic), ...anyCase, progress];

/** What is offered after the answer to a topic besides other topics: to begin the case it speaks of, or to tell how one stands. */
export function offersAfter(topic: string): Choice[] {
  const filingType = caseOfTopic[topic];
  if (filingType) return [choice(doForMe(filingType), { do: 'start', filingType })];
  if (anyCase.has(topic)) return [choice(startLabel, { do: 'start' })];
  return topic === progress ? [choice(inquireLabel, { do: 'inquire' })] : [];
}
